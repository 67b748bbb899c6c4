package imapsync

import (
	"cmp"
	"fmt"
	"os"
	"slices"
	"strconv"
	"testing"

	"paquebot.app/internal/fakeserver"
	"paquebot.app/localstore"
)

// journey is a pass in which everything happens at once: new mail, other
// clients' changes, and every kind of intent.
func (h *harness) journey() {
	h.Helper()
	h.deliver("INBOX", 0, 6)
	h.pass()
	m := h.messages("INBOX") // letters 5 4 3 2 1 0
	h.write(func(tx *localstore.Tx) error {
		if err := tx.SetFlags(ids(m[0]), localstore.Seen|localstore.Flagged, 0); err != nil {
			return err
		}
		if err := tx.Move(ids(m[1]), h.folder("Archive")); err != nil {
			return err
		}
		if _, err := tx.Copy(ids(m[2]), h.folder("Archive")); err != nil {
			return err
		}
		if err := tx.Delete(ids(m[3])); err != nil {
			return err
		}
		return tx.Want(m[4].Content, localstore.WishWhole)
	})
	h.addSent(70)
	h.deliver("INBOX", 6, 3)
	h.user.Mailbox("INBOX").AddFlags(1, `\Answered`)
}

// arrived checks that the journey ended as it must, however often it was cut.
func (h *harness) arrived() {
	h.Helper()
	h.same("INBOX", "letter 0", "letter 1", "letter 3", "letter 5", "letter 6", "letter 7", "letter 8")
	h.same("Archive", "letter 3", "letter 4")
	h.same("Trash", "letter 2")
	h.same("Sent", "letter 70")
	if !slices.Contains(h.onServer("INBOX"), `letter 5 \Flagged \Seen`) || !slices.Contains(h.onServer("INBOX"), `letter 0 \Answered`) {
		h.Errorf("flags on the server: %q", h.onServer("INBOX"))
	}
	for _, m := range h.messages("INBOX") {
		switch m.Subject {
		case "letter 1":
			if m.Body != localstore.BodyWhole {
				h.Errorf("the wanted body is not here")
			}
		case "letter 0":
			if m.Flags != localstore.Answered {
				h.Errorf("letter 0: flags %v", m.Flags.Names())
			}
		}
		if m.Where == localstore.WhereHere {
			h.Errorf("%s lost its place on the server", m.Subject)
		}
	}
	if p := h.pendings(); len(p) != 0 {
		h.Errorf("left over: %+v", p)
	}
}

// TestCutAnywhere cuts the connection after n bytes, for many n, in both
// directions, and demands the same end as without a cut.
func TestCutAnywhere(t *testing.T) {
	for _, kind := range []string{"everything", "no move", "IMAP4rev1"} {
		for _, direction := range []fakeserver.Direction{fakeserver.ToClient, fakeserver.FromClient} {
			t.Run(fmt.Sprintf("%s/%v", kind, direction), func(t *testing.T) {
				total := bytesOfJourney(t, kind, direction)
				first, step := cuts(t, total)
				for after := first; after < total; after += step {
					t.Run(fmt.Sprint(after), func(t *testing.T) {
						h := newHarness(t, servers[kind]...)
						h.journey()
						h.server.Fail(fakeserver.Fault{Direction: direction, After: after, Failure: fakeserver.FIN})
						if err := h.try(); err != nil {
							t.Logf("cut: %v", err)
						}
						h.server.Heal()
						h.pass()
						h.pass()
						h.arrived()
						h.noSins()
						h.pass() // one more changes nothing
						h.arrived()
					})
				}
			})
		}
	}
}

// cuts returns where to cut first and how far apart: six places that the seed
// chooses, or every byte when all of it is asked for.
func cuts(t *testing.T, total int64) (first, step int64) {
	if os.Getenv("PAQUEBOT_TORTURE") != "" {
		return 1, 1
	}
	seed, err := strconv.ParseInt(cmp.Or(os.Getenv("PAQUEBOT_SEED"), "1"), 10, 64)
	if err != nil {
		t.Fatalf("PAQUEBOT_SEED: %v", err)
	}
	t.Logf("PAQUEBOT_SEED=%d", seed)
	step = max(total/6, 1)
	return 1 + seed%step, step
}

// bytesOfJourney counts the bytes of a pass without a cut.
func bytesOfJourney(t *testing.T, kind string, direction fakeserver.Direction) int64 {
	h := newHarness(t, servers[kind]...)
	h.journey()
	before := h.server.Stats()
	h.pass()
	h.pass()
	h.arrived()
	after := h.server.Stats()
	if direction == fakeserver.ToClient {
		return after.Out - before.Out
	}
	return after.In - before.In
}
