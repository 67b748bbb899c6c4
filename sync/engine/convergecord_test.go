package engine_test

import (
	"net"
	"strconv"
	"sync"
	"testing"

	"paquebot.app/internal/fakeserver/cable"
)

// cord leads to a server. After some bytes, counted in both directions,
// something happens while everything stands still.
type cord struct {
	port int

	mu   sync.Mutex
	left int         // bytes until something happens
	then func() bool // nil: nothing; it tells whether the connection goes on
}

// newCord lays a cord to a server; it ends with the test.
func newCord(t testing.TB, host string, port int) *cord {
	c := &cord{}
	c.port = cable.New(t, func() (string, cable.Take) {
		return net.JoinHostPort(host, strconv.Itoa(port)), c.take
	}).(*net.TCPAddr).Port
	return c
}

// take implements cable.Take.
func (c *cord) take(_ bool, piece []byte) (arrive int, goesOn bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	n := len(piece)
	if c.then == nil {
		return n, true
	}
	if n < c.left {
		c.left -= n
		return n, true
	}
	then := c.then
	c.then = nil
	if then() {
		return n, true
	}
	return c.left, false
}

// after lets something happen after so many more bytes; nil: nothing.
func (c *cord) after(bytes int, then func() bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.left, c.then = bytes, then
}
