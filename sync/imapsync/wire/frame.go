package wire

import (
	"bufio"
	"bytes"
	"io"
	"strconv"
	"strings"
)

// response is one response as the server sent it. Its bytes are valid until
// the framer reads on.
type response struct {
	kind    string // "+", "tag", or the upper-case word behind "*"
	tag     string // of a tagged response
	status  string // of a tagged response: OK, NO or BAD
	num     string // the digits before the kind, as in "* 12 FETCH"
	raw     []byte // all that was held
	args    []byte // raw behind the kind, without the end of line
	literal int64  // bytes of a literal that follows unread; -1: the response is complete
}

// framer cuts the stream into responses and knows nothing of their meaning.
type framer struct {
	br         *bufio.Reader
	lim        *Limits
	maxLiteral func() int64 // bound for the literal at hand
	began      func()       // told at the first byte of a response
	buf        []byte
}

const keepBuffer = 1 << 20 // a buffer larger than this is not kept

// next reads one response. A literal that is not held is left unread: the
// caller takes it from br and calls rest.
func (f *framer) next() (response, error) {
	if cap(f.buf) > keepBuffer {
		f.buf = nil
	}
	f.buf = f.buf[:0]
	if err := f.readLine(true); err != nil {
		return response{}, err
	}
	r := response{literal: -1}
	at := r.parseHead(f.buf)
	if !textual(r.kind) {
		n, err := f.readLiterals(0)
		if err != nil {
			return response{}, err
		}
		r.literal = n
	}
	r.raw = f.buf
	r.args = trimEOL(f.buf[at:])
	return r, nil
}

// rest reads on behind a literal that was not held, up to the end of the
// response or the next such literal. The bytes are valid until the next call.
func (f *framer) rest() (raw []byte, literal int64, err error) {
	f.buf = f.buf[:0]
	if err := f.readLine(false); err != nil {
		return nil, -1, err
	}
	n, err := f.readLiterals(0)
	if err != nil {
		return nil, -1, err
	}
	return trimEOL(f.buf), n, nil
}

// readLine appends one line, its end included, to buf.
func (f *framer) readLine(first bool) error {
	start, limit := len(f.buf), 0
	for {
		b, err := f.br.ReadSlice('\n')
		if len(b) > 0 && limit == 0 {
			f.began()
		}
		f.buf = append(f.buf, b...)
		if limit == 0 {
			limit = f.lim.LongLine
			if first && !longLine(f.buf) {
				limit = f.lim.Line
			}
		}
		if n := len(f.buf) - start; n > limit {
			return &LimitError{"line", int64(n), int64(limit)}
		}
		if len(f.buf) > f.lim.Response {
			return &LimitError{"response", int64(len(f.buf)), int64(f.lim.Response)}
		}
		if err != bufio.ErrBufferFull {
			if err == io.EOF && len(f.buf) > 0 {
				err = io.ErrUnexpectedEOF
			}
			return err
		}
	}
}

// readLiterals completes the response whose latest line begins at start. It
// returns the size of the first literal that is too big to hold, else -1.
func (f *framer) readLiterals(start int) (int64, error) {
	for {
		n, ok := literalSize(f.buf[start:])
		if !ok {
			return -1, nil
		}
		if limit := f.maxLiteral(); n > limit {
			return -1, &LimitError{"literal", n, limit}
		}
		if n > int64(f.lim.Inline) || int64(len(f.buf))+n > int64(f.lim.Response) {
			return n, nil
		}
		at := len(f.buf)
		f.buf = append(f.buf, make([]byte, n)...)
		if _, err := io.ReadFull(f.br, f.buf[at:]); err != nil {
			if err == io.EOF {
				err = io.ErrUnexpectedEOF
			}
			return -1, err
		}
		start = len(f.buf)
		if err := f.readLine(false); err != nil {
			if err == io.EOF {
				err = io.ErrUnexpectedEOF
			}
			return -1, err
		}
	}
}

// parseHead fills in what the first line begins with, and returns the offset
// of what follows.
func (r *response) parseHead(b []byte) int {
	if len(b) > 0 && b[0] == '+' {
		r.kind = "+"
		return 1
	}
	if len(b) < 2 || b[0] != '*' || b[1] != ' ' {
		tag, i := word(b, 0)
		status, i := word(b, i)
		r.kind, r.tag, r.status = "tag", string(tag), strings.ToUpper(string(status))
		return i
	}
	w, i := word(b, 1)
	if len(w) > 0 && w[0] >= '0' && w[0] <= '9' {
		r.num = string(w)
		w, i = word(b, i)
	}
	if r.kind = upper(w); r.kind == "XLIST" { // an answer to Conn.XList
		r.kind = "LIST"
	}
	return i
}

// textual tells whether a response is free text, in which a {5} at the end
// means nothing.
func textual(kind string) bool {
	switch kind {
	case "+", "tag", "OK", "NO", "BAD", "BYE", "PREAUTH":
		return true
	}
	return false
}

// longLine tells whether the response that begins so may honestly be long.
func longLine(b []byte) bool {
	var r response
	r.parseHead(b[:min(len(b), 128)])
	switch r.kind {
	case "FETCH", "SEARCH", "ESEARCH", "FLAGS", "VANISHED", "LIST", "tag":
		return true // a tagged OK may carry COPYUID or MODIFIED
	case "OK":
		return bytes.Contains(b[:min(len(b), 64)], []byte("[COPYUID")) || bytes.Contains(b[:min(len(b), 64)], []byte("[PERMANENTFLAGS"))
	}
	return false
}

// word returns the next word of b from i on, and the offset behind it.
func word(b []byte, i int) ([]byte, int) {
	for i < len(b) && b[i] == ' ' {
		i++
	}
	s := i
	for i < len(b) && b[i] != ' ' && b[i] != '\r' && b[i] != '\n' && b[i] != '(' && b[i] != '[' {
		i++
	}
	return b[s:i], i
}

// upper returns w in upper case, without allocating for the usual words.
func upper(w []byte) string {
	switch string(w) {
	case "FETCH":
		return "FETCH"
	case "UID":
		return "UID"
	case "FLAGS":
		return "FLAGS"
	case "MODSEQ":
		return "MODSEQ"
	case "INTERNALDATE":
		return "INTERNALDATE"
	case "RFC822.SIZE":
		return "RFC822.SIZE"
	case "BODY[":
		return "BODY["
	case "LIST":
		return "LIST"
	case "OK":
		return "OK"
	}
	return strings.ToUpper(string(w))
}

// literalSize returns n where b ends in {n}, {n+} or ~{n} and the end of line.
func literalSize(b []byte) (int64, bool) {
	b = trimEOL(b)
	if len(b) < 3 || b[len(b)-1] != '}' {
		return 0, false
	}
	open := bytes.LastIndexByte(b[max(0, len(b)-64):], '{')
	if open < 0 {
		return 0, false
	}
	digits := b[max(0, len(b)-64)+open+1 : len(b)-1]
	digits = bytes.TrimSuffix(digits, []byte("+"))
	if len(digits) == 0 {
		return 0, false
	}
	for _, ch := range digits {
		if ch < '0' || ch > '9' {
			return 0, false
		}
	}
	n, err := strconv.ParseInt(string(digits), 10, 64)
	if err != nil {
		return 1<<63 - 1, true
	}
	return n, true
}

// trimEOL takes one end of line, CR LF or LF, off b.
func trimEOL(b []byte) []byte {
	return bytes.TrimSuffix(bytes.TrimSuffix(b, []byte("\n")), []byte("\r"))
}
