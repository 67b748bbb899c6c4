package imapsync

import (
	"fmt"
	"testing"

	"github.com/emersion/go-imap/v2"

	"paquebot.app/internal/fakeserver"
	"paquebot.app/localstore"
)

// movesAway moves all of the inbox to the Archive here.
func (h *harness) movesAway() {
	h.Helper()
	h.write(func(tx *localstore.Tx) error { return tx.Move(ids(h.messages("INBOX")...), h.folder("Archive")) })
}

// wantMoved demands that n letters lie in the Archive, once each, here and on
// the server.
func (h *harness) wantMoved(n int) {
	h.Helper()
	count := map[string]int{}
	for _, s := range h.drafts("Archive") {
		count[s]++
	}
	for i := range n {
		if name := fmt.Sprint("letter ", i); count[name] != 1 {
			h.Errorf("%s lies %d times in the Archive of the server", name, count[name])
		}
	}
	if left := h.drafts("INBOX"); len(left) != 0 || len(count) != n {
		h.Errorf("left in the inbox: %q, %d in the Archive", left, len(count))
	}
	here := h.messages("Archive")
	if len(here) != n || len(h.messages("INBOX")) != 0 || len(h.pendings()) != 0 {
		h.Errorf("%d here, pending %+v", len(here), h.pendings())
	}
	for _, m := range here {
		if m.Where == localstore.WhereHere {
			h.Errorf("%s has no place on the server", m.Subject)
		}
	}
}

// TestCopiesGoTogether: where MOVE is not offered, fifty messages take as many
// turns as one.
func TestCopiesGoTogether(t *testing.T) {
	for _, kind := range []string{"no move", "no uidplus", "IMAP4rev1"} {
		h := newHarness(t, servers[kind]...)
		h.deliver("INBOX", 0, 50)
		h.pass()
		h.movesAway()
		l := h.link()
		if err := l.learnFolders(t.Context()); err != nil {
			t.Fatal(err)
		}
		before := l.Report().RoundTrips
		if err := l.Apply(t.Context()); err != nil {
			t.Fatal(err)
		}
		if turns := l.Report().RoundTrips - before; turns > 6 {
			t.Errorf("%s: %d turns for 50 messages", kind, turns)
		}
		h.pass()
		h.wantMoved(50)
		h.noSins()
	}
}

// TestCopiesThroughEveryCut: whatever the connection ends in, each message is in
// one place.
func TestCopiesThroughEveryCut(t *testing.T) {
	for _, kind := range []string{"no move", "no uidplus", "IMAP4rev1"} {
		for _, direction := range []fakeserver.Direction{fakeserver.ToClient, fakeserver.FromClient} {
			t.Run(fmt.Sprintf("%s/%v", kind, direction), func(t *testing.T) {
				first, step := cuts(t, 5000)
				for after := first; after < 5000; after += step {
					h := newHarness(t, servers[kind]...)
					h.deliver("INBOX", 0, 5)
					h.pass()
					h.movesAway()
					h.server.Fail(fakeserver.Fault{Direction: direction, After: after, Failure: fakeserver.FIN})
					_ = h.try()
					h.server.Heal()
					h.pass()
					h.pass()
					h.wantMoved(5)
					h.noSins()
					h.end()
				}
			})
		}
	}
}

// TestCopiesThatAreRefusedTogetherGoOneByOne, also what the server copied though
// it refused.
func TestCopiesThatAreRefusedTogetherGoOneByOne(t *testing.T) {
	for _, kind := range []string{"no move", "no uidplus", "IMAP4rev1"} {
		h := newHarness(t, servers[kind]...)
		h.deliver("INBOX", 0, 4)
		h.pass()
		h.movesAway()
		h.play("copy-several-no")
		h.pass()
		h.pass()
		h.wantMoved(4)
		h.noSins()
	}
}

// TestAFolderThatIsGoneIsMadeForWhatGoesThere by MOVE, COPY or APPEND.
func TestAFolderThatIsGoneIsMadeForWhatGoesThere(t *testing.T) {
	onAll(t, func(h *harness) {
		h.deliver("INBOX", 0, 3)
		h.pass()
		h.movesAway()
		l := h.link()
		if err := l.learnFolders(t.Context()); err != nil {
			t.Fatal(err)
		}
		h.user.Delete("Archive")
		if err := l.Apply(t.Context()); err != nil {
			t.Fatal(err)
		}
		h.pass()
		h.pass()
		h.wantMoved(3)
	})
}

// TestABusyServerIsNotARefusal: what it puts off is not given up.
func TestABusyServerIsNotARefusal(t *testing.T) {
	h := newHarness(t)
	h.deliver("INBOX", 0, 1)
	h.pass()
	h.write(func(tx *localstore.Tx) error { return tx.SetFlags(ids(h.messages("INBOX")...), localstore.Flagged, 0) })
	h.play("store-later")
	for range 2 * tries {
		h.pass()
		h.clock.Advance(refusedPause)
	}
	if p := h.pendings(); len(p) != 1 || p[0].Attempts != 0 || p[0].State != localstore.PendReady || p[0].Error == "" {
		t.Errorf("pending %+v", p)
	}
	h.play()
	h.pass()
	if m := h.messages("INBOX")[0]; m.Flags != localstore.Flagged || len(h.pendings()) != 0 {
		t.Errorf("flags %v, pending %+v", m.Flags.Names(), h.pendings())
	}
}

func TestThrottlingEndsThePass(t *testing.T) {
	for text, want := range map[string]bool{"Request is throttled. Suggested Backoff Time: 92415 milliseconds": true, "no such message": false} {
		if got := throttles(&imap.Error{Type: imap.StatusResponseTypeNo, Text: text}); got != want {
			t.Errorf("%q is throttling: %v", text, got)
		}
	}
	if !throttles(&imap.Error{Type: imap.StatusResponseTypeNo, Code: throttled}) {
		t.Error("the code is not known")
	}
}
