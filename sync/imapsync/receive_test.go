package imapsync

import (
	"context"
	"crypto/sha256"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"

	"paquebot.app/internal/fakeserver"
	"paquebot.app/localstore"
)

// servers are the kinds of server every behaviour must hold on.
var servers = map[string][]string{
	"everything": nil,
	"no qresync": {"QRESYNC", "LIST-STATUS"},
	"no modseq":  {"QRESYNC", "CONDSTORE"},
	"no uidplus": {"UIDPLUS", "MOVE"},
	"no move":    {"MOVE"},
	"IMAP4rev1":  {"QRESYNC", "CONDSTORE", "UIDPLUS", "MOVE", "IDLE", "ESEARCH", "LITERAL+", "SASL-IR", "SPECIAL-USE", "LIST-EXTENDED", "LIST-STATUS", "UNSELECT", "NAMESPACE", "ENABLE", "ID", "CHILDREN"},
}

// onAll runs a test on every kind of server.
func onAll(t *testing.T, f func(*harness)) {
	for name, hide := range servers {
		t.Run(name, func(t *testing.T) {
			h := newHarness(t, hide...)
			f(h)
			h.noSins()
		})
	}
}

func TestHeadersComeNewestFirstAndNothingIsMissed(t *testing.T) {
	onAll(t, func(h *harness) {
		h.deliver("INBOX", 0, 40)
		h.deliver("Archive", 100, 3)
		h.pass()
		got := h.subjects("INBOX")
		if len(got) != 40 || got[0] != "letter 39" || got[39] != "letter 0" {
			h.Fatalf("INBOX: %d messages, %v", len(got), got)
		}
		if n := len(h.subjects("Archive")); n != 3 {
			h.Errorf("Archive: %d messages, want 3", n)
		}
		h.deliver("INBOX", 40, 2)
		h.pass()
		if got := h.subjects("INBOX"); len(got) != 42 || got[0] != "letter 41" {
			h.Errorf("after two more: %d messages, first %q", len(got), got[0])
		}
		for _, m := range h.messages("INBOX") {
			if m.Body != localstore.BodyNone || m.Where != localstore.WhereServer || m.Flags&localstore.Seen != 0 {
				h.Fatalf("%q: body %v, where %v, flags %v", m.Subject, m.Body, m.Where, m.Flags)
			}
		}
	})
}

func TestMailOfOneSecondIsInTheOrderOfItsUIDs(t *testing.T) {
	h := newHarness(t)
	deliver := func(from, to int) {
		for i := from; i < to; i++ {
			h.user.Mailbox("INBOX").Append(mail(i), fakeserver.Epoch)
		}
	}
	deliver(0, 30) // several batches
	h.pass()
	deliver(30, 33)
	h.pass()
	for i, s := range h.subjects("INBOX") {
		if want := fmt.Sprint("letter ", 32-i); s != want {
			t.Errorf("place %d of the list: %q, want %q", i, s, want)
		}
	}
}

func TestNothingNewTakesFewTurns(t *testing.T) {
	h := newHarness(t)
	h.deliver("INBOX", 0, 40)
	h.pass()
	l := h.link()
	if err := l.Receive(context.Background()); err != nil {
		t.Fatal(err)
	}
	if turns := l.Report().RoundTrips; turns > 4 {
		t.Errorf("%d turns for a pass with nothing new, want at most 4", turns)
	}
}

func TestOtherClientsChangesArrive(t *testing.T) {
	onAll(t, func(h *harness) {
		h.deliver("INBOX", 0, 10)
		h.pass()
		box := h.user.Mailbox("INBOX")
		box.AddFlags(3, `\Seen`, `\Flagged`, "work")
		box.Expunge(5, 6)
		h.deliver("INBOX", 10, 2)
		h.pass()
		got := h.messages("INBOX")
		if len(got) != 10 {
			h.Fatalf("%d messages, want 10: %v", len(got), h.subjects("INBOX"))
		}
		i := slices.IndexFunc(got, func(m localstore.Message) bool { return m.Subject == "letter 2" })
		if m := got[i]; m.Flags != localstore.Seen|localstore.Flagged || !slices.Equal(m.Keywords, []string{"work"}) {
			h.Errorf("flags %v, keywords %v", m.Flags.Names(), m.Keywords)
		}
		box.RemoveFlags(3, `\Seen`, "work")
		h.pass()
		got = h.messages("INBOX")
		if m := got[i]; m.Flags != localstore.Flagged || len(m.Keywords) != 0 {
			h.Errorf("after removal: flags %v, keywords %v", m.Flags.Names(), m.Keywords)
		}
	})
}

func TestAnotherClientsDeletedMailIsHiddenAndComesBack(t *testing.T) {
	onAll(t, func(h *harness) {
		h.deliver("INBOX", 0, 5)
		h.pass()
		h.user.Mailbox("INBOX").AddFlags(2, `\Deleted`)
		h.pass()
		if n := len(h.subjects("INBOX")); n != 4 {
			h.Errorf("%d shown while one is marked deleted, want 4", n)
		}
		h.user.Mailbox("INBOX").RemoveFlags(2, `\Deleted`)
		h.pass()
		if n := len(h.subjects("INBOX")); n != 5 {
			h.Errorf("%d shown after it was unmarked, want 5", n)
		}
		if n := len(h.user.Mailbox("INBOX").Messages()); n != 5 {
			h.Errorf("the server has %d messages, want 5", n)
		}
	})
}

// TestOthersDeletedMailIsAskedForOnce: a server may keep it for years.
func TestOthersDeletedMailIsAskedForOnce(t *testing.T) {
	for name, hide := range servers {
		t.Run(name, func(t *testing.T) {
			h := newHarness(t, hide...)
			h.deliver("INBOX", 0, 10)
			box := h.user.Mailbox("INBOX")
			box.AddFlags(3, `\Deleted`)
			box.AddFlags(5, `\Deleted`)
			h.pass()
			box.AddFlags(8, `\Deleted`) // of what is here already
			h.deliver("INBOX", 10, 1)
			h.pass()
			if n := len(h.subjects("INBOX")); n != 8 {
				t.Errorf("%d shown, want 8", n)
			}
			from := len(h.server.Transcript())
			h.pass()
			for _, line := range h.server.Transcript()[from:] {
				opens := strings.Contains(line.Text, " EXAMINE ") && name == "everything"
				if line.Client && opens || asksHeaders(line) {
					t.Errorf("asked for again: %v", line)
				}
			}
			box.RemoveFlags(3, `\Deleted`)
			box.RemoveFlags(8, `\Deleted`)
			box.Expunge(5)
			h.pass()
			if n := len(h.subjects("INBOX")); n != 10 {
				t.Errorf("%d shown when they are unmarked, want 10", n)
			}
			h.pass()
		})
	}
}

func TestUIDValidityChangeKeepsBodiesAndFlags(t *testing.T) {
	onAll(t, func(h *harness) {
		h.deliver("INBOX", 0, 12)
		h.pass()
		first := h.messages("INBOX")[0]
		h.write(func(tx *localstore.Tx) error { return tx.Want(first.Content, localstore.WishWhole) })
		h.pass()
		h.user.Mailbox("INBOX").Revalidate(0, 500)
		h.write(func(tx *localstore.Tx) error { return tx.SetFlags(ids(first), localstore.Flagged, 0) })
		leaving := h.messages("INBOX")[5]
		h.write(func(tx *localstore.Tx) error { return tx.Move(ids(leaving), h.folder("Archive")) })
		h.pass()
		h.pass()
		if moved := h.messages("Archive"); len(moved) != 1 || moved[0].ID != leaving.ID || len(h.onServer("Archive")) != 1 {
			h.Errorf("the move made before the change did not arrive: %v", h.onServer("Archive"))
		}
		h.write(func(tx *localstore.Tx) error { return tx.Move(ids(leaving), h.folder("INBOX")) })
		h.pass()
		got := h.messages("INBOX")
		if len(got) != 12 || got[0].ID != first.ID || got[0].Body != localstore.BodyWhole {
			h.Fatalf("%d messages, first %+v", len(got), got[0])
		}
		if all := h.onServer("INBOX"); !slices.Contains(all, `letter 11 \Flagged`) {
			h.Errorf("the flag set before the change did not arrive: %q", all)
		}
	})
}

func TestBodyOnDemandIsExactAndDeletesNothing(t *testing.T) {
	onAll(t, func(h *harness) {
		h.deliver("INBOX", 0, 3)
		big := append(mail(50), make([]byte, 0)...)
		for range 60000 {
			big = append(big, "A line of a long letter, sixty bytes or so, again and again.\r\n"...)
		}
		h.user.Mailbox("INBOX").Append(big, fakeserver.Epoch)
		h.pass()
		m := h.messages("INBOX")[0]
		h.write(func(tx *localstore.Tx) error { return tx.Want(m.Content, localstore.WishWhole) })
		h.pass()
		m = h.messages("INBOX")[0]
		if m.Body != localstore.BodyWhole || m.Where != localstore.WhereBoth {
			h.Fatalf("body %v where %v", m.Body, m.Where)
		}
		if got, want := h.sum(m.Blob), fmt.Sprintf("%x", sha256.Sum256(big)); got != want {
			h.Errorf("SHA-256 %s, want %s", got, want)
		}
		for _, on := range h.onServer("INBOX") {
			if slices.Contains([]string{"letter 50"}, on) {
				return
			}
		}
		h.Errorf("viewing changed the server: %v", h.onServer("INBOX"))
	})
}

func (h *harness) sum(id localstore.BlobID) string {
	h.Helper()
	r, err := h.store.OpenBlob(context.Background(), id)
	if err != nil {
		h.Fatal(err)
	}
	defer r.Close()
	sum := sha256.New()
	if _, err := io.Copy(sum, r.Reader()); err != nil {
		h.Fatal(err)
	}
	return fmt.Sprintf("%x", sum.Sum(nil))
}

func TestEmptiedFolderIsPausedAndLosesNothing(t *testing.T) {
	onAll(t, func(h *harness) {
		h.deliver("INBOX", 0, 40)
		h.pass()
		box := h.user.Mailbox("INBOX")
		for _, m := range box.Messages() {
			box.Expunge(m.UID)
		}
		h.pass()
		if n := len(h.subjects("INBOX")); n != 40 {
			h.Errorf("%d messages after the server lost all, want 40", n)
		}
	})
}
