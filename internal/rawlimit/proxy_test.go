package rawlimit

import (
	"errors"
	"io"
	"net"
	"sync"
	"testing"
)

// proxy passes connections on and counts turns and bytes.
type proxy struct {
	addr string

	mu    sync.Mutex
	turns int
	bytes int64
}

// startProxy starts a proxy in front of a server; it ends with the test.
func startProxy(t testing.TB, server string) *proxy {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	p := &proxy{addr: l.Addr().String()}
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
	heard := false // the server has spoken since the client last did
	var wg sync.WaitGroup
	carry := func(to, from net.Conn, fromServer bool) {
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
				if _, e := to.Write(buf[:n]); e != nil {
					err = errors.Join(err, e)
				}
			}
			if err != nil {
				to.(*net.TCPConn).CloseWrite()
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
