package submit

import "io"

// canonical reads text with every line ended by CRLF, the last one too, and
// neither CR nor LF anywhere else: a bare one counts as a line end. A server
// that takes such a line end for one, behind one that does not, could be made
// to see a letter in the letter (SMTP smuggling).
type canonical struct {
	r    io.Reader
	buf  [16 << 10]byte
	out  []byte // converted, not yet read
	room [32<<10 + 2]byte

	cr    bool // the last byte taken was CR
	start bool // at the start of a line
	err   error
}

func newCanonical(r io.Reader) *canonical { return &canonical{r: r, start: true} }

// Read implements io.Reader.
func (c *canonical) Read(p []byte) (int, error) {
	for len(c.out) == 0 {
		if c.err != nil {
			return 0, c.err
		}
		c.fill()
	}
	n := copy(p, c.out)
	c.out = c.out[n:]
	return n, nil
}

func (c *canonical) fill() {
	n, err := c.r.Read(c.buf[:])
	out := c.room[:0]
	for _, b := range c.buf[:n] {
		switch {
		case b == '\n' && c.cr:
		case b == '\r' || b == '\n':
			out, c.start = append(out, '\r', '\n'), true
		default:
			out, c.start = append(out, b), false
		}
		c.cr = b == '\r'
	}
	if err == io.EOF && !c.start {
		out, c.start = append(out, '\r', '\n'), true
	}
	c.out, c.err = out, err
}

// stuffer writes canonical text as DATA wants it: dots at the start of a line
// doubled (RFC 5321 §4.5.2), and the last line end kept back, since it belongs
// to what ends the data.
type stuffer struct {
	w     io.Writer
	start bool
	held  int // of the CRLF at the end: 0, 1 or 2 bytes
	out   []byte
}

func newStuffer(w io.Writer) *stuffer { return &stuffer{w: w, start: true} }

// Write implements io.Writer.
func (s *stuffer) Write(p []byte) (int, error) {
	out := append(s.out[:0], "\r\n"[:s.held]...)
	for _, b := range p {
		if s.start && b == '.' {
			out = append(out, '.')
		}
		out = append(out, b)
		s.start = b == '\n'
	}
	s.held = 0
	switch n := len(out); {
	case n >= 2 && out[n-1] == '\n':
		s.held = 2
	case n >= 1 && out[n-1] == '\r':
		s.held = 1
	}
	s.out = out
	if out = out[:len(out)-s.held]; len(out) > 0 {
		if _, err := s.w.Write(out); err != nil {
			return 0, err
		}
	}
	return len(p), nil
}
