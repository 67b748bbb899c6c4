package letter

import (
	"bufio"
	"bytes"
	"io"
	"strings"
)

// decodeBody undoes a Content-Transfer-Encoding. An unknown one is read as it
// stands. The readers of go-message, which are those of the standard library,
// end at the first character that does not belong there and at a long line.
func decodeBody(r io.Reader, encoding string) io.Reader {
	switch strings.ToLower(encoding) {
	case "base64", "b":
		return &base64Reader{src: bufio.NewReaderSize(r, 8<<10)}
	case "quoted-printable", "q":
		return &qpReader{src: bufio.NewReaderSize(r, 8<<10)}
	}
	return r
}

// base64Value maps a byte to its six bits, 255 for what is not of the alphabet.
var base64Value = func() (t [256]byte) {
	for i := range t {
		t[i] = 255
	}
	for i, c := range []byte("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/") {
		t[c] = byte(i)
	}
	return t
}()

// base64Reader decodes base64 as it comes: characters that are not of the
// alphabet are skipped, padding may stand anywhere or be missing, and a line
// of words (the footer a mailing list added) is left out.
type base64Reader struct {
	src    *bufio.Reader
	out    []byte // decoded, not yet read
	buf    []byte
	bits   uint32
	n      uint // bits held
	err    error
	middle bool // the next fragment goes on a line
	padded bool // padding was seen: the text is over unless a line of base64 follows
}

func (b *base64Reader) Read(p []byte) (int, error) {
	for len(b.out) == 0 {
		if b.err != nil {
			return 0, b.err
		}
		b.fill()
	}
	n := copy(p, b.out)
	b.out = b.out[n:]
	return n, nil
}

func (b *base64Reader) fill() {
	line, err := b.src.ReadSlice('\n')
	if err != nil && err != bufio.ErrBufferFull {
		b.err = err
	}
	start := !b.middle
	b.middle = err == bufio.ErrBufferFull
	text := bytes.Trim(line, " \t\r\n")
	if start && (bytes.IndexByte(text, ' ') >= 0 || b.padded && !allBase64(text)) {
		return
	}
	b.buf = b.buf[:0]
	for _, c := range text {
		if v := base64Value[c]; v < 64 {
			b.bits, b.n = b.bits<<6|uint32(v), b.n+6
			if b.n >= 8 {
				b.n -= 8
				b.buf = append(b.buf, byte(b.bits>>b.n))
			}
		} else if c == '=' {
			b.bits, b.n, b.padded = 0, 0, true
		}
	}
	b.out = b.buf
}

func allBase64(line []byte) bool {
	for _, c := range line {
		if base64Value[c] == 255 && c != '=' {
			return false
		}
	}
	return true
}

// qpReader decodes quoted-printable (RFC 2045 §6.7). An '=' that starts no
// code stays; blanks at the end of a line are left out, as the RFC says.
type qpReader struct {
	src    *bufio.Reader
	blanks []byte // held back: left out if the line ends after them
	out    []byte
	buf    [1024]byte
}

func (q *qpReader) Read(p []byte) (int, error) {
	for len(q.out) == 0 {
		if err := q.fill(); err != nil && len(q.out) == 0 {
			return 0, err
		}
	}
	n := copy(p, q.out)
	q.out = q.out[n:]
	return n, nil
}

const maxBlanks = 512

func (q *qpReader) fill() error {
	out := q.buf[:0]
	var err error
	var c byte
	for len(out)+maxBlanks+2 < len(q.buf) {
		if c, err = q.src.ReadByte(); err != nil {
			q.blanks = q.blanks[:0]
			break
		}
		switch c {
		case ' ', '\t':
			if len(q.blanks) < maxBlanks {
				q.blanks = append(q.blanks, c)
			}
			continue
		case '\r':
			if next, _ := q.src.Peek(1); len(next) == 1 && next[0] == '\n' {
				q.blanks = q.blanks[:0]
			}
		case '\n':
			q.blanks = q.blanks[:0]
		}
		out = append(out, q.blanks...)
		q.blanks = q.blanks[:0]
		if c != '=' {
			out = append(out, c)
			continue
		}
		out = q.code(out)
	}
	q.out = out
	return err
}

// code reads what follows an '='.
func (q *qpReader) code(out []byte) []byte {
	next, _ := q.src.Peek(2)
	if len(next) == 2 && hexValue(next[0]) < 16 && hexValue(next[1]) < 16 {
		q.src.Discard(2)
		return append(out, hexValue(next[0])<<4|hexValue(next[1]))
	}
	// A soft line break, perhaps with blanks before its end.
	next, _ = q.src.Peek(64)
	for i, c := range next {
		switch c {
		case ' ', '\t', '\r':
			continue
		case '\n':
			q.src.Discard(i + 1)
			return out
		}
		return append(out, '=')
	}
	if len(next) == 0 {
		return out // '=' as the last byte
	}
	return append(out, '=')
}
