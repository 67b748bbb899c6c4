package imapsync

import (
	"bytes"
	"io"
	"net"
	"slices"
	"testing"

	"github.com/emersion/go-imap/v2"

	"paquebot.app/localstore"
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

// TestARefusalIsNoProofThatAFolderIsGone: the user's wish to delete it stays
// until it can be opened, or the list lacks it.
func TestARefusalIsNoProofThatAFolderIsGone(t *testing.T) {
	onAll(t, func(h *harness) {
		h.user.Create("Old")
		h.user.Create("Gone")
		h.pass()
		h.write(func(tx *localstore.Tx) error {
			if err := tx.DeleteFolder(h.folder("Gone")); err != nil {
				return err
			}
			return tx.DeleteFolder(h.folder("Old"))
		})
		h.user.Delete("Gone")
		if err := h.server.Scenario("select-no", "missing-plain"); err != nil {
			h.Fatal(err)
		}
		h.try()
		if err := h.server.Scenario(); err != nil {
			h.Fatal(err)
		}
		if all := h.pendings(); len(all) != 1 || all[0].Name != "Old" || all[0].NotBefore.IsZero() {
			h.Fatalf("pending: %+v", all)
		}
		h.clock.Advance(refusedPause)
		h.pass()
		if h.user.Mailbox("Old") != nil || len(h.pendings()) != 0 {
			h.Errorf("pending: %+v", h.pendings())
		}
		if got := h.paths(); slices.Contains(got, "Old") || slices.Contains(got, "Gone") {
			h.Errorf("folders %v", got)
		}
	})
}

// TestAWaitingChangeStopsNoOtherFolder: whichever of them comes first.
func TestAWaitingChangeStopsNoOtherFolder(t *testing.T) {
	h := newHarness(t)
	names := []string{"A", "B", "C", "D"}
	for _, name := range names {
		h.user.Create(name)
	}
	h.pass()
	h.write(func(tx *localstore.Tx) error { return tx.RenameFolder(h.folder("B"), "Mine") })
	for _, name := range names {
		h.user.Delete(name)
	}
	if err := h.link().Receive(t.Context()); err != nil {
		t.Fatal(err)
	}
	got := h.paths()
	if slices.ContainsFunc(names, func(name string) bool { return slices.Contains(got, name) }) || !slices.Contains(got, "Mine") {
		t.Errorf("folders %v", got)
	}
}

// TestNamesThereAndBack: a slash that separates nothing on the server does not
// separate here, and is a slash again there.
func TestNamesThereAndBack(t *testing.T) {
	for _, d := range []rune{'.', '/', '\\', 0} {
		l := &Link{delimiter: d}
		for _, name := range []string{"Work.In/Out", `Work\In/Out`, "INBOX", "Keep"} {
			path, ok := pathOf(&imap.ListData{Mailbox: name, Delim: d})
			if got := l.nameOf(path); !ok || got != name {
				t.Errorf("delimiter %q: %q is %q here and %q there", d, name, path, got)
			}
		}
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
