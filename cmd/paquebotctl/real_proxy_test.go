package main

import (
	"bytes"
	"net"
	"sync"
	"testing"
)

// proxy carries connections to a server and does something to them at chosen
// bytes.
type proxy struct {
	addr string

	mu    sync.Mutex
	to    string       // the server
	fates []fate       // one for each of the next connections
	kill  func()       // what a cut with kill does; nil until it is known
	done  int          // cuts that happened
	said  bytes.Buffer // what clients said
	moved int64        // bytes that came from either side
}

// fate is what happens to one connection, once that many bytes have passed in
// one direction: those before it arrive, those after it do not.
type fate struct {
	fromServer bool
	after      int
	kill       bool // the client is killed; else the connection breaks
}

// startProxy starts a proxy in front of a server; it ends with the test.
func startProxy(t testing.TB, server string, fates ...fate) *proxy {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	p := &proxy{addr: l.Addr().String(), to: server, fates: fates}
	var all sync.WaitGroup
	t.Cleanup(func() { l.Close(); all.Wait() })
	all.Go(func() {
		for {
			client, err := l.Accept()
			if err != nil {
				return
			}
			all.Go(func() { p.serve(client) })
		}
	})
	return p
}

// next returns where the next connection leads and what happens to it; nil is
// nothing.
func (p *proxy) next() (server string, c *fate) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.fates) > 0 {
		c = &p.fates[0]
		p.fates = p.fates[1:]
	}
	return p.to, c
}

// move makes further connections lead to another server.
func (p *proxy) move(server string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.to = server
}

// heard returns what clients have said.
func (p *proxy) heard() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.said.String()
}

// bytes returns how many bytes came from clients and servers.
func (p *proxy) bytes() int64 {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.moved
}

// waiting returns how many cuts are left for further connections.
func (p *proxy) waiting() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return len(p.fates)
}

// met returns how many cuts happened: a connection may end before its cut.
func (p *proxy) met() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.done
}

// arm tells what a cut that kills does.
func (p *proxy) arm(kill func()) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.kill = kill
}

// serve carries one connection until either side or its cut ends it.
func (p *proxy) serve(client net.Conn) {
	defer client.Close()
	server, c := p.next()
	up, err := net.Dial("tcp", server)
	if err != nil {
		return
	}
	defer up.Close()
	var both sync.WaitGroup
	carry := func(to, from net.Conn, fromServer bool) {
		left := -1
		if c != nil && c.fromServer == fromServer {
			left = c.after
		}
		buf := make([]byte, 16<<10)
		for {
			n, err := from.Read(buf)
			p.mu.Lock()
			p.moved += int64(n)
			if !fromServer {
				p.said.Write(buf[:n])
			}
			p.mu.Unlock()
			if left >= 0 && n > left {
				to.Write(buf[:left])
				p.end(c)
				client.Close()
				up.Close()
				return
			}
			if left >= 0 {
				left -= n
			}
			if _, failed := to.Write(buf[:n]); failed != nil || err != nil {
				to.(*net.TCPConn).CloseWrite()
				return
			}
		}
	}
	both.Go(func() { carry(up, client, false) })
	both.Go(func() { carry(client, up, true) })
	both.Wait()
}

// end notes that a cut happened and kills the client, where it says so.
func (p *proxy) end(c *fate) {
	p.mu.Lock()
	p.done++
	kill := p.kill
	p.mu.Unlock()
	if c.kill {
		kill()
	}
}
