package imapsync

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"paquebot.app/internal/fakeserver"
	"paquebot.app/localstore"
)

// resyncs counts how often the client asked by QRESYNC and how often for a
// whole list since.
func (h *harness) resyncs(from int) (quick, lists int) {
	for _, line := range h.said(from) {
		switch {
		case strings.Contains(line, "(QRESYNC ("):
			quick++
		case strings.Contains(line, " UID SEARCH "):
			lists++
		}
	}
	return quick, lists
}

// TestQResyncTellsWhatChanged: flags both ways, losses and new mail, without a
// list; new mail beyond what is asked for at once is listed.
func TestQResyncTellsWhatChanged(t *testing.T) {
	h := newHarness(t)
	h.deliver("INBOX", 0, 60)
	h.receive()
	box := h.user.Mailbox("INBOX")
	box.AddFlags(3, `\Flagged`, "work")
	box.Expunge(10, 11, 60)
	h.deliver("INBOX", 60, 5)
	from := len(h.server.Transcript())
	r := h.receive()
	if quick, lists := h.resyncs(from); quick != 1 || lists != 0 || r.Received != 5 || r.Changed != 1 {
		t.Errorf("%d by QRESYNC, %d lists; %+v", quick, lists, r)
	}
	got := h.messages("INBOX")
	i := slices.IndexFunc(got, func(m localstore.Message) bool { return m.Subject == "letter 2" })
	if len(got) != 62 || got[i].Flags != localstore.Flagged || !slices.Equal(got[i].Keywords, []string{"work"}) {
		t.Errorf("%d messages; %v %v", len(got), got[i].Flags.Names(), got[i].Keywords)
	}
	h.deliver("INBOX", 65, freshWidth+20)
	if r := h.receive(); r.Received != freshWidth+20 || len(h.messages("INBOX")) != 62+freshWidth+20 {
		t.Errorf("%+v, %d messages", r, len(h.messages("INBOX")))
	}
	h.noSins()
}

// TestAWipeIsNotBelievedWithoutAList: VANISHED alone takes nothing away.
func TestAWipeIsNotBelievedWithoutAList(t *testing.T) {
	for _, scenario := range []string{"resync-wipe", "resync-garbage"} {
		t.Run(scenario, func(t *testing.T) {
			h := newHarness(t)
			h.deliver("INBOX", 0, 40)
			h.receive()
			h.user.Mailbox("INBOX").AddFlags(1, `\Flagged`)
			h.user.Mailbox("INBOX").Expunge(2)
			if err := h.server.Scenario(scenario); err != nil {
				t.Fatal(err)
			}
			from := len(h.server.Transcript())
			h.receive()
			if quick, lists := h.resyncs(from); quick != 1 || lists != 1 {
				t.Errorf("%d by QRESYNC, %d lists", quick, lists)
			}
			h.sameAsServer("INBOX")
		})
	}
}

// TestManyLossesAreConfirmed: what the server takes back at once is asked for.
func TestManyLossesAreConfirmed(t *testing.T) {
	for gone, want := range map[int]int{goneUnasked: 0, goneUnasked + 1: 1, 300: 1} {
		t.Run(fmt.Sprint(gone), func(t *testing.T) {
			h := newHarness(t)
			h.deliver("INBOX", 0, 300)
			h.receive()
			for uid := uint32(1); uid <= uint32(gone); uid++ {
				h.user.Mailbox("INBOX").Expunge(uid)
			}
			h.deliver("INBOX", 300, 1)
			from := len(h.server.Transcript())
			h.receive()
			if quick, lists := h.resyncs(from); quick != 1 || lists != want {
				t.Errorf("%d by QRESYNC, %d lists", quick, lists)
			}
		})
	}
}

// TestCountsOfChanges: a server that counts changes anew, or not at all, is
// believed in nothing that its count would spare.
func TestCountsOfChanges(t *testing.T) {
	for _, scenario := range []string{"modseq-backwards", "nomodseq", "modseq-overflow", "qresync-bad", "enable-no", "enable-nothing"} {
		t.Run(scenario, func(t *testing.T) {
			h := newHarness(t)
			h.deliver("INBOX", 0, 30)
			h.receive()
			if err := h.server.Scenario(scenario); err != nil {
				t.Fatal(err)
			}
			h.user.Mailbox("INBOX").AddFlags(4, `\Flagged`)
			h.user.Mailbox("INBOX").Expunge(7)
			h.deliver("INBOX", 30, 2)
			h.receive()
			h.sameAsServer("INBOX")
			if err := h.server.Scenario(); err != nil {
				t.Fatal(err)
			}
			h.user.Mailbox("INBOX").RemoveFlags(4, `\Flagged`)
			h.receive()
			h.sameAsServer("INBOX")
		})
	}
}

// TestModSeqIsRememberedWhenAllBeforeItIsHere: a pass that was cut while
// headers came does not make the next one miss what changed before.
func TestModSeqIsRememberedWhenAllBeforeItIsHere(t *testing.T) {
	h := newHarness(t)
	h.deliver("INBOX", 0, 30)
	h.receive()
	h.user.Mailbox("INBOX").AddFlags(4, `\Flagged`)
	h.deliver("INBOX", 30, freshWidth+50)
	h.server.Watch(func(line fakeserver.Line) {
		if line.Client && asksHeaders(line) {
			h.server.Fail(fakeserver.Fault{Direction: fakeserver.ToClient, After: 3000, Failure: fakeserver.FIN})
		}
	})
	l, err := Open(t.Context(), h.store, h.account, h.secret, Options{Clock: h.clock, Receive: true})
	if err != nil {
		t.Fatal(err)
	}
	if err := l.Receive(t.Context()); err == nil {
		t.Error("it was not cut")
	}
	l.Close()
	h.server.Watch(nil)
	h.server.Heal()
	h.receive()
	h.sameAsServer("INBOX")
}

// sameAsServer fails unless a folder holds what the server has, with its flags.
func (h *harness) sameAsServer(box string) {
	h.Helper()
	var here []string
	for _, m := range h.messages(box) {
		words := []string{m.Subject}
		for _, w := range toServer(m.Flags, m.Keywords) {
			words = append(words, string(w))
		}
		here = append(here, strings.Join(words, " "))
	}
	there := h.onServer(box)
	slices.Sort(here)
	slices.Sort(there)
	if !slices.Equal(here, there) {
		h.Errorf("%s:\n here %q\nthere %q", box, here, there)
	}
}
