package cable

import (
	"io"
	"net"
	"testing"
)

// TestTheBeginningArrives: what take lets through arrives, and nothing behind it.
func TestTheBeginningArrives(t *testing.T) {
	server, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer server.Close()
	go func() { // an echo
		for {
			c, err := server.Accept()
			if err != nil {
				return
			}
			go func() { io.Copy(c, c); c.Close() }()
		}
	}()
	cuts := make(chan int, 1)
	at := New(t, func() (string, Take) {
		cut := <-cuts
		return server.Addr().String(), func(fromServer bool, piece []byte) (int, bool) {
			if !fromServer || cut < 0 {
				return len(piece), true
			}
			n := min(cut, len(piece))
			cut -= n
			return n, cut > 0
		}
	})
	for cut, want := range map[int]string{-1: "paquebot", 3: "paq"} {
		cuts <- cut
		c, err := net.Dial("tcp", at.String())
		if err != nil {
			t.Fatal(err)
		}
		io.WriteString(c, "paquebot")
		c.(*net.TCPConn).CloseWrite()
		got, _ := io.ReadAll(c) // a cut may end in a reset
		if c.Close(); string(got) != want {
			t.Errorf("cut after %d: %q arrived", cut, got)
		}
	}
}
