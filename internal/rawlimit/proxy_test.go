package rawlimit

import (
	"bytes"
	"errors"
	"io"
	"net"
	"sync"
	"testing"
	"time"

	"paquebot.app/internal/clock"
)

// proxy passes connections on, as late as if the server were far away, and
// counts turns and bytes.
type proxy struct {
	addr string
	rtt  time.Duration

	mu    sync.Mutex
	turns int
	bytes int64
}

// startProxy starts a proxy in front of a server, rtt away; it ends with the
// test.
func startProxy(t testing.TB, server string, rtt time.Duration) *proxy {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	p := &proxy{addr: l.Addr().String(), rtt: rtt}
	var wg sync.WaitGroup
	t.Cleanup(func() { l.Close(); wg.Wait() })
	wg.Go(func() {
		for {
			client, err := l.Accept()
			if err != nil {
				return
			}
			wg.Go(func() { p.serve(client, server) })
		}
	})
	return p
}

// serve carries one connection until either side ends it.
func (p *proxy) serve(client net.Conn, server string) {
	defer client.Close()
	up, err := net.Dial("tcp", server)
	if err != nil {
		return
	}
	defer up.Close()
	if p.rtt > 0 {
		<-clock.System.After(p.rtt) // for the handshake of TCP
	}
	heard := false // the server has spoken since the client last did
	var wg sync.WaitGroup
	carry := func(to, from net.Conn, fromServer bool) {
		way := make(chan piece, 4096)
		wg.Go(func() { deliver(to, way) })
		defer close(way)
		buf := make([]byte, 64<<10)
		for {
			n, err := from.Read(buf)
			if n > 0 {
				p.mu.Lock()
				p.bytes += int64(n)
				if !fromServer && heard {
					p.turns++
				}
				heard = fromServer
				p.mu.Unlock()
				way <- piece{bytes.Clone(buf[:n]), clock.System.Now().Add(p.rtt / 2)}
			}
			if err != nil {
				if !errors.Is(err, io.EOF) {
					from.Close()
				}
				return
			}
		}
	}
	wg.Go(func() { carry(up, client, false) })
	wg.Go(func() { carry(client, up, true) })
	wg.Wait()
}

// piece is what is under way, and when it arrives.
type piece struct {
	data []byte
	due  time.Time
}

// deliver hands pieces over when they are due, and then ends that direction.
func deliver(to net.Conn, way <-chan piece) {
	var broken error
	for p := range way {
		if wait := p.due.Sub(clock.System.Now()); wait > 0 {
			<-clock.System.After(wait)
		}
		if broken == nil {
			_, broken = to.Write(p.data)
		}
	}
	to.(*net.TCPConn).CloseWrite()
}

// reset begins to count anew.
func (p *proxy) reset() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.turns, p.bytes = 0, 0
}

// totals returns what was counted since reset, in both directions.
func (p *proxy) totals() (turns int, bytes int64) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.turns, p.bytes
}
