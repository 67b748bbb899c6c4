package letter

import (
	"bufio"
	"bytes"
	"io"
)

// StripBcc returns the letter r without its Bcc fields and otherwise byte for
// byte: what goes over the wire, is exported or forwarded.
func StripBcc(r io.Reader) io.Reader {
	return &bccStripper{src: bufio.NewReaderSize(r, 4<<10)}
}

type bccStripper struct {
	src      *bufio.Reader
	out      []byte // of the header, not yet read
	body     bool   // the header is over: pass everything on
	dropping bool   // in a Bcc field
	middle   bool   // the next piece goes on a line
	err      error
}

func (s *bccStripper) Read(p []byte) (int, error) {
	for len(s.out) == 0 {
		if s.body {
			return s.src.Read(p)
		}
		if s.err != nil {
			return 0, s.err
		}
		s.next()
	}
	n := copy(p, s.out)
	s.out = s.out[n:]
	return n, nil
}

// next takes one line of the header, or a piece of a long one.
func (s *bccStripper) next() {
	line, err := s.src.ReadSlice('\n')
	if err != nil && err != bufio.ErrBufferFull {
		s.err = err
	}
	start := !s.middle
	s.middle = err == bufio.ErrBufferFull
	if start && len(line) > 0 && line[0] != ' ' && line[0] != '\t' {
		s.dropping = isBcc(line)
		s.body = err == nil && len(bytes.TrimRight(line, "\r\n")) == 0
	}
	if !s.dropping {
		s.out = line
	}
}

func isBcc(line []byte) bool {
	colon := bytes.IndexByte(line, ':')
	return colon >= 3 && bytes.EqualFold(bytes.TrimRight(line[:colon], " \t"), []byte("Bcc"))
}
