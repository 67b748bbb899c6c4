package imapsync

import (
	"fmt"
	"slices"
	"testing"

	"paquebot.app/internal/fakeserver"
	"paquebot.app/localstore"
)

// upheaval is what another client does to folders between two passes: one is
// renamed, one renamed by a server that numbers it anew, one is put aside and
// made again, one loses a message to another. It returns what was there.
func (h *harness) upheaval() (before map[string][]localstore.MessageID) {
	h.Helper()
	before = map[string][]localstore.MessageID{}
	for i, name := range []string{"Plain", "Anew", "Log"} {
		h.user.Create(name)
		h.deliver(name, 100*i, 8)
	}
	h.pass()
	for _, name := range []string{"Plain", "Anew", "Log"} {
		h.whole(name)
		before[name] = ids(h.messages(name)...)
	}
	h.user.Rename("Plain", "Plain 2")
	h.user.Rename("Anew", "Anew 2")
	h.user.Mailbox("Anew 2").Revalidate(0, 500)
	h.user.Rename("Log", "Log 2")
	h.user.Create("Log")
	h.deliver("Log", 900, 2)
	from := h.user.Mailbox("Plain 2")
	from.CopyTo(h.user.Mailbox("Log"), 1)
	from.Expunge(1)
	return before
}

// settled checks that every message is the one that it was, where it is now.
func (h *harness) settled(before map[string][]localstore.MessageID) {
	h.Helper()
	n := len(before["Plain"])
	moved := before["Plain"][n-1] // the oldest is the last of the list
	for path, want := range map[string][]localstore.MessageID{
		"Plain 2": before["Plain"][:n-1],
		"Anew 2":  before["Anew"],
		"Log 2":   before["Log"],
	} {
		if got := ids(h.messages(path)...); !slices.Equal(got, want) {
			h.Errorf("%s: rows %v, want %v", path, got, want)
		}
		for _, m := range h.messages(path) {
			if m.Body != localstore.BodyWhole || m.Where != localstore.WhereBoth {
				h.Errorf("%s: %+v", path, m)
			}
		}
	}
	log := ids(h.messages("Log")...)
	if len(log) != 3 || !slices.Contains(log, moved) {
		h.Errorf("Log: rows %v, want %d among three", log, moved)
	}
	if got := h.paths(); slices.Contains(got, "Plain") || slices.Contains(got, "Anew") {
		h.Errorf("folders %v", got)
	}
}

// TestCutAnywhereInAnUpheaval cuts the pass that finds it, and demands the same
// end as without a cut.
func TestCutAnywhereInAnUpheaval(t *testing.T) {
	for _, kind := range []string{"everything", "IMAP4rev1"} {
		h := newHarness(t, servers[kind]...)
		before := h.upheaval()
		out := h.server.Stats().Out
		h.pass()
		h.settled(before)
		out = h.server.Stats().Out - out
		first, step := cuts(t, out)
		step = max(step, out/300) // most bytes are those of headers, which other tests cut everywhere
		for after := first; after < out; after += step {
			t.Run(fmt.Sprint(kind, "/", after), func(t *testing.T) {
				h := newHarness(t, servers[kind]...)
				before := h.upheaval()
				h.server.Fail(fakeserver.Fault{Direction: fakeserver.ToClient, After: after, Failure: fakeserver.FIN})
				if err := h.try(); err != nil {
					t.Logf("cut: %v", err)
				}
				h.server.Heal()
				h.pass()
				h.settled(before)
				h.noSins()
				h.pass() // one more changes nothing
				h.settled(before)
			})
		}
	}
}
