package main

import (
	"bytes"
	"sync"
	"testing"

	"paquebot.app/internal/fakeserver/cable"
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
	p := &proxy{to: server, fates: fates}
	p.addr = cable.New(t, p.next).String()
	return p
}

// next returns where the next connection leads and what happens to it.
func (p *proxy) next() (server string, take cable.Take) {
	p.mu.Lock()
	defer p.mu.Unlock()
	c, left := &fate{}, -1
	if len(p.fates) > 0 {
		c = &p.fates[0]
		p.fates, left = p.fates[1:], c.after
	}
	return p.to, func(fromServer bool, piece []byte) (int, bool) {
		p.note(fromServer, piece)
		if fromServer != c.fromServer || left < 0 { // left is of one direction
			return len(piece), true
		}
		n := min(left, len(piece))
		if n < len(piece) {
			p.end(c)
			return n, false
		}
		left -= n
		return n, true
	}
}

// note notes a piece that somebody said.
func (p *proxy) note(fromServer bool, piece []byte) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.moved += int64(len(piece))
	if !fromServer {
		p.said.Write(piece)
	}
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
