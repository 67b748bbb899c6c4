package engine_test

import (
	"io"
	"net"
	"strconv"
	"sync"
	"testing"
)

// cable carries connections to a server. After some bytes, counted in both
// directions, something happens while everything stands still.
type cable struct {
	port int

	mu   sync.Mutex
	left int         // bytes until something happens
	then func() bool // nil: nothing; it tells whether the connection goes on
}

// newCable lays a cable to a server; it ends with the test.
func newCable(t testing.TB, host string, port int) *cable {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	c := &cable{port: listener.Addr().(*net.TCPAddr).Port}
	var all sync.WaitGroup
	t.Cleanup(func() { listener.Close(); all.Wait() })
	all.Go(func() {
		for {
			client, err := listener.Accept()
			if err != nil {
				return
			}
			all.Go(func() { c.carry(client, net.JoinHostPort(host, strconv.Itoa(port))) })
		}
	})
	return c
}

func (c *cable) carry(client net.Conn, server string) {
	defer client.Close()
	up, err := net.Dial("tcp", server)
	if err != nil {
		return
	}
	defer up.Close()
	var both sync.WaitGroup
	pump := func(to, from net.Conn) {
		defer client.Close()
		defer up.Close()
		buf := make([]byte, 4<<10)
		for {
			n, err := from.Read(buf)
			n, goesOn := c.take(n)
			if _, failed := to.Write(buf[:n]); failed != nil || err != nil || !goesOn {
				if err == io.EOF && goesOn && failed == nil {
					to.(*net.TCPConn).CloseWrite()
				}
				return
			}
		}
	}
	both.Go(func() { pump(up, client) })
	both.Go(func() { pump(client, up) })
	both.Wait()
}

// take tells how many of n bytes arrive, and whether the connection goes on.
func (c *cable) take(n int) (int, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
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
func (c *cable) after(bytes int, then func() bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.left, c.then = bytes, then
}
