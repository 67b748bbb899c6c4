package popsync

import (
	"bytes"
	"strings"
)

// column takes the lines of LIST or UIDL as they arrive: what is said of each
// number.
type column[T any] struct {
	limit int // bytes that it takes
	of    map[int]T
	last  int  // the highest number
	wrong bool // a line cannot be read, or a number was named twice

	value func(rest string) T
	line  []byte // that has not ended
}

func newColumn[T any](value func(rest string) T) *column[T] {
	return &column[T]{of: map[int]T{}, value: value}
}

// Write implements io.Writer.
func (c *column[T]) Write(p []byte) (int, error) {
	if c.limit -= len(p); c.limit < 0 {
		return 0, errEndless
	}
	for rest := p; len(rest) > 0; {
		line, next, ended := bytes.Cut(rest, []byte("\n"))
		c.line = append(c.line, line[:min(len(line), 2*lineLimit-len(c.line))]...)
		if ended {
			c.take(strings.TrimRight(string(c.line), "\r"))
			c.line = c.line[:0]
		}
		rest = next
	}
	return len(p), nil
}

func (c *column[T]) take(line string) {
	n, rest, ok := numbered(line)
	if _, again := c.of[n]; !ok || again {
		c.wrong = true
		return
	}
	c.of[n] = c.value(rest)
	c.last = max(c.last, n)
}
