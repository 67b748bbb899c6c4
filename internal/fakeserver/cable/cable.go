// Package cable carries connections between a client and a server, for tests of
// what happens when a line breaks. It changes no byte: what arrives is a
// beginning of what was sent, and a test says how much of it.
package cable

import (
	"io"
	"net"
	"sync"

	"paquebot.app/internal/fakeserver"
)

// Take is told of a piece that one side has sent, before it arrives. It returns
// how many bytes of it arrive, and whether the connection goes on then. The
// calls for both directions of a connection may overlap.
type Take func(fromServer bool, piece []byte) (arrive int, goesOn bool)

// New lays a cable and returns the address at which it begins. next is called
// for each connection and returns the address that it leads to and what takes
// its pieces. The cable ends with the test, when its connections have ended.
func New(t fakeserver.TB, next func() (server string, take Take)) net.Addr {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	var all sync.WaitGroup
	t.Cleanup(func() { listener.Close(); all.Wait() })
	all.Go(func() {
		for {
			client, err := listener.Accept()
			if err != nil {
				return
			}
			server, take := next()
			all.Go(func() { carry(client, server, take) })
		}
	})
	return listener.Addr()
}

// carry carries one connection until either side or take ends it. A side that
// says no more may still listen.
func carry(client net.Conn, server string, take Take) {
	defer client.Close()
	up, err := net.Dial("tcp", server)
	if err != nil {
		return
	}
	defer up.Close()
	var both sync.WaitGroup
	pump := func(to, from net.Conn, fromServer bool) {
		buf := make([]byte, 16<<10)
		for {
			n, err := from.Read(buf)
			n, goesOn := take(fromServer, buf[:n])
			_, failed := to.Write(buf[:n])
			if err == io.EOF && goesOn && failed == nil && to.(*net.TCPConn).CloseWrite() == nil {
				return
			}
			if err != nil || failed != nil || !goesOn {
				client.Close()
				up.Close()
				return
			}
		}
	}
	both.Go(func() { pump(up, client, false) })
	both.Go(func() { pump(client, up, true) })
	both.Wait()
}
