package imapsync

import (
	"bytes"
	"io"
	"net"
	"slices"
	"testing"
)

// TestReturnIsForServersThatKnowIt: without LIST-EXTENDED a plain LIST is asked
// for, whatever else is offered.
func TestReturnIsForServersThatKnowIt(t *testing.T) {
	for _, hide := range [][]string{{"LIST-EXTENDED"}, {"LIST-EXTENDED", "LIST-STATUS"}, {"LIST-EXTENDED", "SPECIAL-USE"}} {
		h := newHarness(t, hide...)
		h.deliver("INBOX", 0, 3)
		h.deliver("Archive", 3, 2)
		h.pass()
		if in, archive := h.subjects("INBOX"), h.subjects("Archive"); len(in) != 3 || len(archive) != 2 {
			t.Errorf("without %v: %q, %q", hide, in, archive)
		}
		h.noSins()
	}
}

// TestRefusedListIsAskedForPlainly: a server that does not understand the
// RETURN that it offers still has folders.
func TestRefusedListIsAskedForPlainly(t *testing.T) {
	h := newHarness(t)
	h.deliver("INBOX", 0, 3)
	h.account.IMAP.Port = garble(t, h.server.Addr(), " RETURN (", " RETURM (")
	h.pass()
	if got := h.subjects("INBOX"); !slices.Equal(got, []string{"letter 2", "letter 1", "letter 0"}) {
		t.Errorf("%q", got)
	}
}

// garble passes connections on to a server, with some of what is said to it
// changed, and returns the port for them.
func garble(t *testing.T, to, what, into string) int {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { listener.Close() })
	go func() {
		for {
			client, err := listener.Accept()
			if err != nil {
				return
			}
			server, err := net.Dial("tcp", to)
			if err != nil {
				client.Close()
				continue
			}
			go func() {
				io.Copy(client, server)
				client.Close()
			}()
			go func() {
				defer server.Close()
				buf := make([]byte, 4096)
				for {
					n, err := client.Read(buf)
					if err != nil {
						return
					}
					server.Write(bytes.ReplaceAll(buf[:n], []byte(what), []byte(into)))
				}
			}()
		}
	}()
	return listener.Addr().(*net.TCPAddr).Port
}
