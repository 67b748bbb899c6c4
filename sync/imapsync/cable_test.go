package imapsync

import (
	"io"
	"net"
	"strconv"
	"sync"
	"testing"
)

// cable carries connections to a server, counts what comes and can be pulled
// out after some bytes.
type cable struct {
	port int

	mu   sync.Mutex
	down int64 // bytes that came from the server
	left int64 // until a connection breaks; 0: never
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
	var both sync.WaitGroup
	both.Go(func() { io.Copy(up, client); up.Close() })
	buf := make([]byte, 4<<10)
	for {
		n, err := up.Read(buf)
		n, cut := c.take(n)
		if _, failed := client.Write(buf[:n]); failed != nil || err != nil || cut {
			break
		}
	}
	client.Close()
	up.Close()
	both.Wait()
}

// take counts bytes from the server and tells how many of them arrive, and
// whether the cable is pulled then.
func (c *cable) take(n int) (int, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	cut := c.left > 0 && int64(n) >= c.left
	if cut {
		n, c.left = int(c.left), 0
	} else if c.left > 0 {
		c.left -= int64(n)
	}
	c.down += int64(n)
	return n, cut
}

// pullAfter breaks the connection once so many more bytes have come.
func (c *cable) pullAfter(bytes int64) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.left = bytes
}

// came returns how many bytes came since it was called last.
func (c *cable) came() int64 {
	c.mu.Lock()
	defer c.mu.Unlock()
	n := c.down
	c.down = 0
	return n
}
