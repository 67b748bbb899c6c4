package letter

import (
	"io"
	"strconv"
	"strings"
	"unicode/utf8"
)

// Letter is a mail that was indexed: its header and where its parts are.
type Letter struct {
	Header    Header
	Parts     []Part // the tree, parents before children, in the order of the mail
	Truncated bool   // there were more parts than are listed
	ReadError error  // why the mail ends earlier than it should; nil: it was read whole

	open func(*Part) io.Reader // the raw body; nil when it is not at hand
}

// Partial returns a Letter of which only the header and single parts are at
// hand, as IMAP gives them. Of parts Section, Type, Charset, Encoding,
// Disposition, Name, ContentID, Flowed, DelSp and Size count. open returns the
// raw body of a section (what BODY[section] is), nil when it is not here.
func Partial(header []byte, parts []Part, open func(section string) io.Reader) *Letter {
	l := &Letter{Header: ParseHeader(header), Parts: append([]Part(nil), parts...)}
	l.open = func(p *Part) io.Reader { return open(p.Section) }
	at := map[string]int{}
	for i := range l.Parts {
		p := &l.Parts[i]
		at[p.Section] = i
		p.Parent = parentOf(p.Section, at, i)
		if !p.Multipart() {
			r := open(p.Section)
			p.Absent = r == nil
			if c, ok := r.(io.Closer); ok {
				c.Close()
			}
		}
	}
	l.nameParts(nil)
	return l
}

// parentOf finds the container of a section among those listed before it.
func parentOf(section string, at map[string]int, self int) int {
	for s := section; ; {
		i := strings.LastIndexByte(s, '.')
		if i < 0 {
			s = ""
		} else {
			s = s[:i]
		}
		for _, name := range [2]string{strings.TrimPrefix(s+".TEXT", "."), s} {
			if p, ok := at[name]; ok && p != self {
				return p
			}
		}
		if s == "" {
			return -1
		}
	}
}

// Part returns the part with an IMAP section number, nil when there is none.
func (l *Letter) Part(section string) *Part {
	for i := range l.Parts {
		if l.Parts[i].Section == section {
			return &l.Parts[i]
		}
	}
	return nil
}

// Raw returns the body of a part as it stands in the mail; it is empty when
// the part is absent.
func (l *Letter) Raw(p *Part) io.Reader {
	if r := l.open(p); r != nil {
		return r
	}
	return strings.NewReader("")
}

// Open returns the decoded content of a part as a stream.
func (l *Letter) Open(p *Part) io.Reader { return p.Decode(l.Raw(p)) }

// partText reads a text part as clean UTF-8 with "\n" line ends, at most limit
// bytes of it. err is errLonger where there is more, else what reading failed
// with; the text is what there is, all the same.
func (l *Letter) partText(p *Part, limit int) (text string, err error) {
	b, err := io.ReadAll(io.LimitReader(p.DecodeText(l.Raw(p)), int64(limit)+1))
	s := string(b)
	if len(b) > limit { // the cut may have hit a character
		s, err = s[:limit], errLonger
		for n := 0; n < utf8.UTFMax && len(s) > 0; n++ {
			if r, size := utf8.DecodeLastRuneInString(s); r != utf8.RuneError || size > 1 {
				break
			}
			s = s[:len(s)-1]
		}
	}
	return cleanText(strings.ToValidUTF8(s, "\uFFFD")), err
}

// children returns the indexes of the parts directly below part i.
func (l *Letter) children(i int) []int {
	var c []int
	for j := i + 1; j < len(l.Parts); j++ {
		if l.Parts[j].Parent == i {
			c = append(c, j)
		}
	}
	return c
}

// nameParts gives every attachment a name and makes the names unique, also
// where the file system knows no upper and lower case.
func (l *Letter) nameParts(subjects map[int]string) {
	taken := map[string]bool{}
	shown := map[*Part]bool{}
	for _, p := range l.Attachments() {
		shown[p] = true
	}
	for i := range l.Parts {
		p := &l.Parts[i]
		if p.Name == "" {
			if !shown[p] {
				continue
			}
			p.Name = madeUpName(p, subjects[i])
		}
		name := p.Name
		for n := 2; taken[strings.ToLower(name)]; n++ {
			name = numbered(p.Name, n)
		}
		p.Name = name
		taken[strings.ToLower(name)] = true
	}
}

// numbered puts " (2)" before the extension.
func numbered(name string, n int) string {
	mark := " (" + strconv.Itoa(n) + ")"
	if i := strings.LastIndexByte(name, '.'); i > 0 {
		return name[:i] + mark + name[i:]
	}
	return name + mark
}
