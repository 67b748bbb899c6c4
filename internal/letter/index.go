package letter

import (
	"bufio"
	"bytes"
	"io"
	"strconv"
	"strings"
	"sync"
)

// Index reads a mail once, from start to end, and notes where its parts are.
// It holds a window of 64 KiB and the header being read, never the mail. It
// never fails: a read error ends the mail there and is kept in ReadError.
func Index(r io.ReaderAt, size int64) *Letter {
	x := indexer{letter: &Letter{}, part: -1}
	x.letter.open = func(p *Part) io.Reader { return io.NewSectionReader(r, p.BodyStart, p.End-p.BodyStart) }
	x.beginHeader(-1, "", "text/plain", 0)
	src := windows.Get().(*bufio.Reader)
	src.Reset(io.NewSectionReader(r, 0, size))
	defer func() {
		src.Reset(nil)
		windows.Put(src)
	}()
	start := true // line is the start of a line
	for {
		if start && !x.inHeader {
			x.skip(src)
		}
		line, err := src.ReadSlice('\n')
		if len(line) > 0 {
			x.line(line, start)
			start = line[len(line)-1] == '\n'
		}
		if err != nil && err != bufio.ErrBufferFull {
			if err != io.EOF {
				x.letter.ReadError = err
			}
			break
		}
	}
	x.finish()
	return x.letter
}

// windows are what Index reads through.
var windows = sync.Pool{New: func() any { return bufio.NewReaderSize(nil, 64<<10) }}

// skip passes by the lines of a body up to the next that may be a boundary, as
// far as they are in the window.
func (x *indexer) skip(src *bufio.Reader) {
	if _, err := src.Peek(1); err != nil {
		return // for ReadSlice to say
	}
	lines, _ := src.Peek(src.Buffered())
	if bytes.HasPrefix(lines, []byte("--")) {
		return
	}
	n := bytes.Index(lines, []byte("\n--")) + 1
	if n == 0 {
		n = bytes.LastIndexByte(lines, '\n') + 1
	}
	if n > 0 {
		x.pass(lines[:n], x.offset+int64(n))
		_, _ = src.Discard(n) // it is there
	}
}

// Parse is Index for a mail held in memory.
func Parse(raw []byte) *Letter { return Index(bytes.NewReader(raw), int64(len(raw))) }

// indexer is the state between two lines of a mail.
type indexer struct {
	letter *Letter
	open   []frame // the containers we are in, outermost first
	offset int64   // of the line
	last   int64   // where the line before ended, without its line break

	inHeader bool
	header   []byte // collected so far
	place    place  // of the part whose header this is
	lines    int    // of that header

	part     int // index of the leaf we are in, -1 in none
	subjects map[int]string
}

// place says where the next part belongs.
type place struct {
	parent int
	prefix string // of the section number: "2."
	number int    // below a multipart, from 1; 0: the root of a mail
	typ    string // when its header names none
	start  int64
}

type frame struct {
	part     int
	children int
	prefix   string // of its children
}

func (x *indexer) beginHeader(parent int, prefix, typ string, number int) {
	x.inHeader, x.header, x.lines, x.part = true, x.header[:0], 0, -1
	x.place = place{parent: parent, prefix: prefix, number: number, typ: typ, start: x.offset}
}

// line takes a line, or a piece of one that is longer than the window.
func (x *indexer) line(b []byte, start bool) {
	next := x.offset + int64(len(b))
	if !start || !x.boundaryLine(b, next) {
		if x.inHeader {
			x.headerLine(b, start, next)
		}
	}
	x.pass(b, next)
}

// pass leaves behind a line, a piece of one, or several lines; next is where
// what follows begins.
func (x *indexer) pass(b []byte, next int64) {
	x.offset, x.last = next, next
	line, ended := bytes.CutSuffix(b, []byte("\n"))
	if ended {
		x.last--
	}
	if n := len(line); n > 0 && line[n-1] == '\r' {
		x.last--
	}
}

func (x *indexer) headerLine(b []byte, start bool, next int64) {
	if start {
		x.lines++
		if len(bytes.TrimRight(b, "\r\n")) == 0 && b[len(b)-1] == '\n' {
			x.endHeader(next)
			return
		}
		if x.lines == 1 && x.place.number > 0 && newField(b).name == "" {
			x.header = x.header[:0] // a part that begins with its text
			x.endHeader(x.offset)
			return
		}
	}
	limit := maxPartHeader
	if x.place.parent < 0 {
		limit = maxHeader
	}
	if room := limit - len(x.header); room > 0 {
		x.header = append(x.header, b[:min(len(b), room)]...)
	}
}

// endHeader adds the part whose header is complete; its body begins at body.
func (x *indexer) endHeader(body int64) {
	l := x.letter
	x.inHeader = false
	p, subject := partOf(x.header, x.place.typ)
	p.HeaderStart, p.BodyStart, p.End, p.Parent = x.place.start, body, body, x.place.parent
	if x.place.parent < 0 {
		l.Header = ParseHeader(x.header)
		if !hasFields(x.header) {
			p.BodyStart = 0 // no header at all: everything is text
		}
	}
	index := len(l.Parts)
	container := p.boundary != nil && len(x.open) < maxDepth
	embedded := (p.Type == "message/rfc822" || p.Type == "message/global") && len(x.open) < maxDepth &&
		p.Encoding != "base64" && p.Encoding != "quoted-printable"
	if p.Multipart() && p.boundary == nil {
		p.Type = "text/plain" // nothing can be found in it: show it
	} else if p.Multipart() && !container {
		p.Type = "application/octet-stream" // nested beyond all reason: kept as it is
	}
	prefix := x.place.prefix
	switch {
	case x.place.number > 0:
		p.Section = prefix + strconv.Itoa(x.place.number)
		prefix = p.Section + "."
	case container:
		p.Section = prefix + "TEXT"
	default:
		p.Section = prefix + "1"
		prefix = p.Section + "."
	}
	l.Parts = append(l.Parts, p)
	x.part = index
	if container || embedded {
		x.open = append(x.open, frame{part: index, prefix: prefix})
		x.part = -1
	}
	if embedded {
		x.offset = body
		x.beginHeader(index, prefix, "text/plain", 0)
	}
	if x.place.parent >= 0 && l.Parts[x.place.parent].Type == "message/rfc822" && subject != "" {
		x.nameMessage(x.place.parent, subject)
	}
}

// nameMessage keeps the subject of an embedded message, to name it by.
func (x *indexer) nameMessage(part int, subject string) {
	if x.subjects == nil {
		x.subjects = map[int]string{}
	}
	x.subjects[part] = subject
}

// boundaryLine tells whether b is a boundary of a multipart we are in, and
// ends and begins parts accordingly. next is where the line after it begins.
func (x *indexer) boundaryLine(b []byte, next int64) bool {
	if len(b) < 3 || b[0] != '-' || b[1] != '-' {
		return false
	}
	for i := len(x.open) - 1; i >= 0; i-- {
		p := &x.letter.Parts[x.open[i].part]
		if p.boundary == nil {
			continue
		}
		closing, ok := matchBoundary(b, p)
		if !ok {
			continue
		}
		x.closeAbove(i)
		if closing {
			p = &x.letter.Parts[x.open[i].part]
			if p.End = next; x.open[i].children == 0 {
				p.End = max(p.BodyStart, x.last)
				p.becomeText()
			}
			x.open = x.open[:i]
			x.part = -1
			return true
		}
		if len(x.letter.Parts) >= maxParts {
			x.letter.Truncated = true
			x.part = -1
			return true
		}
		f := &x.open[i]
		f.children++
		typ := "text/plain"
		if p.Type == "multipart/digest" {
			typ = "message/rfc822"
		}
		x.beginHeader(f.part, f.prefix, typ, f.children)
		x.place.start = next
		return true
	}
	return false
}

func matchBoundary(line []byte, p *Part) (closing, ok bool) {
	for _, b := range [2][]byte{p.boundary, p.boundaryTrimmed} {
		if !bytes.HasPrefix(line, b) {
			continue
		}
		rest := bytes.TrimRight(line[len(b):], " \t\r\n")
		if len(rest) == 0 {
			return false, true
		}
		if bytes.HasPrefix(rest, []byte("--")) {
			return true, true
		}
	}
	return false, false
}

// closeAbove ends everything that is open inside frame i, before the line.
func (x *indexer) closeAbove(i int) {
	end := x.last
	if x.inHeader {
		x.endHeader(x.offset)
		x.inHeader = false
	}
	parts := x.letter.Parts
	if x.part >= 0 {
		parts[x.part].End = max(parts[x.part].BodyStart, end)
		x.part = -1
	}
	for _, f := range x.open[i+1:] {
		parts[f.part].End = max(parts[f.part].BodyStart, end)
	}
	x.open = x.open[:i+1]
}

// finish ends what is still open at the end of the mail.
func (x *indexer) finish() {
	for x.inHeader {
		x.endHeader(x.offset)
	}
	parts := x.letter.Parts
	if x.part >= 0 {
		parts[x.part].End = x.offset
	}
	for _, f := range x.open {
		parts[f.part].End = x.offset
	}
	for _, f := range x.open {
		if p := &parts[f.part]; p.boundary != nil && f.children == 0 {
			p.becomeText()
		}
	}
	for i := range parts {
		parts[i].estimate(parts[i].End - parts[i].BodyStart)
	}
	x.letter.nameParts(x.subjects)
}

// becomeText makes a multipart in which no part was found a text, so that what
// is there is shown.
func (p *Part) becomeText() {
	p.boundary, p.Type = nil, "text/plain"
	p.Section = strings.TrimSuffix(p.Section, "TEXT")
	if p.Section == "" || strings.HasSuffix(p.Section, ".") {
		p.Section += "1"
	}
}

func hasFields(header []byte) bool {
	found := false
	eachField(header, func(f field) { found = found || f.name != "" })
	return found
}
