package netconn_test

import (
	"errors"
	"io"
	"net"
	"sync"
	"sync/atomic"
	"testing"

	"paquebot.app/internal/fakeserver"
	"paquebot.app/internal/fakeserver/fakepop"
	"paquebot.app/localstore"
	"paquebot.app/sync/netconn"
)

// counting is a proxy that counts what passes, both ways.
func counting(t *testing.T, server string) (port int, moved *atomic.Int64) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	moved = new(atomic.Int64)
	var all sync.WaitGroup
	t.Cleanup(func() { l.Close(); all.Wait() })
	carry := func(to, from net.Conn) {
		defer to.Close()
		buf := make([]byte, 32<<10)
		for {
			n, err := from.Read(buf)
			moved.Add(int64(n))
			if _, failed := to.Write(buf[:n]); err != nil || failed != nil {
				return
			}
		}
	}
	all.Go(func() {
		for {
			client, err := l.Accept()
			if err != nil {
				return
			}
			up, err := net.Dial("tcp", server)
			if err != nil {
				client.Close()
				continue
			}
			all.Go(func() { carry(up, client) })
			all.Go(func() { carry(client, up) })
		}
	})
	return l.Addr().(*net.TCPAddr).Port, moved
}

// TestTheMeterCountsWhatIsOnTheWire compares it with a proxy's count, of TLS
// from the first byte and of STARTTLS.
func TestTheMeterCountsWhatIsOnTheWire(t *testing.T) {
	ca := caFile(t)
	for mode, security := range map[fakeserver.TLSMode]localstore.Security{fakeserver.Implicit: localstore.TLS, fakeserver.StartTLS: localstore.STARTTLS} {
		f := fakepop.Start(t, fakeserver.NewWorld(), fakepop.Options{Transport: fakeserver.Transport{TLS: mode}})
		port, moved := counting(t, f.Addr())
		meter := new(netconn.Meter)
		s := server(f, security, ca)
		s.Port = port
		c, err := netconn.Dial(netconn.WithMeter(t.Context(), meter), netconn.POP, s)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := c.Write([]byte("CAPA\r\nQUIT\r\n")); err != nil {
			t.Fatal(err)
		}
		if _, err := io.Copy(io.Discard, c); err != nil {
			t.Fatal(err)
		}
		up, down := meter.Totals()
		if inside := c.Stats(); meter.Total() != moved.Load() || up <= inside.BytesOut || down <= inside.BytesIn {
			t.Errorf("%s: counted %d up and %d down, the proxy %d", security, up, down, moved.Load())
		}
		c.Close()
	}
}

// TestTheMeterEndsConnectionsAtItsLimit: not a byte more is read.
func TestTheMeterEndsConnectionsAtItsLimit(t *testing.T) {
	f := fakepop.Start(t, fakeserver.NewWorld(), fakepop.Options{})
	meter := new(netconn.Meter)
	c, err := netconn.Dial(netconn.WithMeter(t.Context(), meter), netconn.POP, server(f, localstore.Plain, ""))
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	meter.SetLimit(20)
	_, err = c.Write([]byte("CAPA\r\n"))
	for err == nil {
		_, err = c.Read(make([]byte, 64))
	}
	if !errors.Is(err, netconn.ErrSpent) || meter.Total() != 20 || meter.Left() != 0 {
		t.Errorf("%v at %d", err, meter.Total())
	}
	if _, err := c.Write([]byte("QUIT\r\n")); err == nil || meter.Total() != 20 {
		t.Errorf("written: %v, %d", err, meter.Total())
	}
}
