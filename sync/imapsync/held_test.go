package imapsync

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"paquebot.app/internal/fakeserver"
	"paquebot.app/localstore"
)

// endPause answers for a folder.
func (h *harness) endPause(path string, answer localstore.Answer) localstore.Settled {
	h.Helper()
	r, err := h.store.EndPause(context.Background(), h.folder(path), answer)
	if err != nil {
		h.Fatal(err)
	}
	return r
}

// held returns what is in the hold.
func (h *harness) held() []localstore.HeldMessage {
	h.Helper()
	var all []localstore.HeldMessage
	h.read(func(v *localstore.View) (err error) {
		all, err = v.HeldMessages(h.account.ID, 0)
		return err
	})
	return all
}

// answer answers for all that is in the hold.
func (h *harness) answer(answer localstore.Answer) (r localstore.Settled) {
	h.Helper()
	var all []localstore.MessageID
	for _, m := range h.held() {
		all = append(all, m.ID)
	}
	h.write(func(tx *localstore.Tx) (err error) {
		r, err = tx.AnswerHeld(all, answer)
		return err
	})
	return r
}

// lose has another client expunge the first n mails of a mailbox.
func (h *harness) lose(box string, n int) {
	h.Helper()
	m := h.user.Mailbox(box)
	for _, one := range m.Messages()[:n] {
		m.Expunge(one.UID)
	}
}

// dates are the times of arrival of a mailbox, by UID.
func (h *harness) dates(box string) (all []time.Time) {
	for _, m := range h.user.Mailbox(box).Messages() {
		all = append(all, m.InternalDate.UTC())
	}
	return all
}

// TestPutBackFromTheHold: with flags and time of arrival, once, and the rows
// are those that they were.
func TestPutBackFromTheHold(t *testing.T) {
	onAll(t, func(h *harness) {
		h.deliver("INBOX", 0, 6)
		h.pass()
		h.whole("INBOX")
		before, dates := ids(h.messages("INBOX")...), h.dates("INBOX")
		h.write(func(tx *localstore.Tx) error { return tx.SetFlags(before[4:5], localstore.Flagged, 0) }) // letter 1
		h.pass()
		h.lose("INBOX", 2)
		h.pass()
		if n := len(h.held()); n != 2 {
			h.Fatalf("%d are held", n)
		}
		if r := h.answer(localstore.PutBack); r.Going != 2 {
			h.Errorf("%+v", r)
		}
		for range 2 {
			h.pass()
			if got := ids(h.messages("INBOX")...); !slices.Equal(got, before) || len(h.held()) != 0 || len(h.pendings()) != 0 {
				h.Errorf("rows %v, want %v; pending %+v", got, before, h.pendings())
			}
			there := h.onServer("INBOX")
			slices.Sort(there)
			if want := []string{"letter 0", `letter 1 \Flagged`, "letter 2", "letter 3", "letter 4", "letter 5"}; !slices.Equal(there, want) {
				h.Errorf("on the server: %q", there)
			}
			now := h.dates("INBOX")
			slices.SortFunc(now, time.Time.Compare)
			if !slices.Equal(now, dates) {
				h.Errorf("dates %v, want %v", now, dates)
			}
		}
	})
}

// TestWhatCameBackByItselfIsNotThereTwice: another client has put it back,
// before or after the user did.
func TestWhatCameBackByItselfIsNotThereTwice(t *testing.T) {
	for _, when := range []string{"before", "after", "unasked"} {
		t.Run(when, func(t *testing.T) {
			onAll(t, func(h *harness) {
				h.deliver("INBOX", 0, 3)
				h.pass()
				h.whole("INBOX")
				before := ids(h.messages("INBOX")...)
				h.lose("INBOX", 1)
				h.pass()
				if when == "after" {
					h.answer(localstore.PutBack)
				}
				h.deliver("INBOX", 0, 1)
				if when != "after" {
					h.pass()
				}
				if when == "before" {
					h.answer(localstore.PutBack)
				}
				h.pass()
				h.pass()
				got := h.messages("INBOX")
				if n := len(h.onServer("INBOX")); n != 3 || len(got) != 3 || len(h.held()) != 0 || len(h.pendings()) != 0 {
					h.Errorf("%d on the server, %d here, %d held, pending %+v", n, len(got), len(h.held()), h.pendings())
				}
				for _, m := range got {
					if !slices.Contains(before, m.ID) || m.Body != localstore.BodyWhole || m.Where != localstore.WhereBoth {
						h.Errorf("%+v", m)
					}
				}
			})
		})
	}
}

// TestPutBackAPausedFolder that is empty, and one that is gone as a whole.
func TestPutBackAPausedFolder(t *testing.T) {
	for _, gone := range []bool{false, true} {
		t.Run(fmt.Sprint("gone ", gone), func(t *testing.T) {
			onAll(t, func(h *harness) {
				h.user.Create("Proj")
				h.deliver("Proj", 0, 9)
				h.pass()
				h.whole("Proj")
				before := ids(h.messages("Proj")...)
				if gone {
					h.user.Delete("Proj")
				} else {
					h.lose("Proj", 9)
				}
				if r := h.report(); len(r.Asks) != 1 {
					h.Fatalf("%+v", r)
				}
				if r := h.endPause("Proj", localstore.PutBack); r.Going != 9 {
					h.Errorf("%+v", r)
				}
				for range 2 {
					h.pass()
					if got := ids(h.messages("Proj")...); !slices.Equal(got, before) || len(h.onServer("Proj")) != 9 || len(h.pendings()) != 0 {
						h.Errorf("here %v, want %v; there %q; pending %+v", got, before, h.onServer("Proj"), h.pendings())
					}
				}
				for _, m := range h.messages("Proj") {
					if m.Where != localstore.WhereBoth {
						h.Errorf("%+v", m)
					}
				}
			})
		})
	}
}

// TestPutBackAfterTheFolderIsForgotten: it was kept here first.
func TestPutBackAfterTheFolderIsForgotten(t *testing.T) {
	onAll(t, func(h *harness) {
		h.user.Create("Proj")
		h.deliver("Proj", 0, 3)
		h.pass()
		h.whole("Proj")
		h.user.Delete("Proj")
		h.pass()
		h.endPause("Proj", localstore.KeepHere)
		h.pass()
		h.write(func(tx *localstore.Tx) error {
			r, err := tx.Upload(ids(h.messages("Proj")...))
			if !slices.Equal(r.Made, []string{"Proj"}) || r.Going != 3 {
				h.Errorf("%+v", r)
			}
			return err
		})
		h.pass()
		h.pass()
		if n := len(h.onServer("Proj")); n != 3 || len(h.messages("Proj")) != 3 || len(h.pendings()) != 0 {
			h.Errorf("%d there, %d here, pending %+v", n, len(h.messages("Proj")), h.pendings())
		}
	})
}

// TestPutBackIsRefused: no room, no permission, no such folder for the APPEND.
func TestPutBackIsRefused(t *testing.T) {
	for _, scenario := range []string{"append-overquota", "append-toobig"} {
		t.Run(scenario, func(t *testing.T) {
			h := newHarness(t)
			h.deliver("INBOX", 0, 3)
			h.pass()
			h.whole("INBOX")
			h.lose("INBOX", 1)
			h.pass()
			h.answer(localstore.PutBack)
			if err := h.server.Scenario(scenario); err != nil {
				t.Fatal(err)
			}
			told := 0
			for range tries {
				for _, c := range h.report().Conflicts {
					if strings.Contains(c, "They stay on this computer.") && strings.Contains(c, "INBOX") {
						told++
					}
				}
				h.clock.Advance(10 * time.Minute)
			}
			if told != tries {
				t.Errorf("told %d times", told)
			}
			p := h.pendings()
			if len(p) != 1 || p[0].State != localstore.PendStuck || len(h.messages("INBOX")) != 3 {
				t.Fatalf("pending %+v, %d messages", p, len(h.messages("INBOX")))
			}
			if err := h.server.Scenario(); err != nil {
				t.Fatal(err)
			}
			h.write(func(tx *localstore.Tx) error {
				r, err := tx.Upload([]localstore.MessageID{p[0].Message})
				if r.Going != 1 {
					t.Errorf("%+v", r)
				}
				return err
			})
			h.pass()
			h.pass()
			if n := len(h.onServer("INBOX")); n != 3 || len(h.messages("INBOX")) != 3 || len(h.pendings()) != 0 {
				t.Errorf("%d there, pending %+v", n, h.pendings())
			}
		})
	}
}

// TestCutAnywhereWhilePuttingBack cuts the pass that puts back a folder, and
// demands the same end as without a cut.
func TestCutAnywhereWhilePuttingBack(t *testing.T) {
	begin := func(h *harness) []localstore.MessageID {
		h.user.Create("Proj")
		h.deliver("Proj", 0, 3)
		h.deliver("INBOX", 10, 4)
		h.pass()
		h.whole("Proj")
		h.whole("INBOX")
		before := ids(append(h.messages("Proj"), h.messages("INBOX")...)...)
		h.user.Delete("Proj")
		h.lose("INBOX", 1)
		h.pass()
		h.endPause("Proj", localstore.PutBack)
		h.answer(localstore.PutBack)
		return before
	}
	check := func(h *harness, before []localstore.MessageID) {
		h.Helper()
		if got := ids(append(h.messages("Proj"), h.messages("INBOX")...)...); !slices.Equal(got, before) {
			h.Errorf("rows %v, want %v", got, before)
		}
		if p, i := h.onServer("Proj"), h.onServer("INBOX"); len(p) != 3 || len(i) != 4 || len(h.pendings()) != 0 || len(h.held()) != 0 {
			h.Errorf("on the server %q and %q; pending %+v", p, i, h.pendings())
		}
	}
	for _, kind := range []string{"everything", "IMAP4rev1"} {
		for _, direction := range []fakeserver.Direction{fakeserver.ToClient, fakeserver.FromClient} {
			h := newHarness(t, servers[kind]...)
			before := begin(h)
			was := h.server.Stats()
			h.pass()
			check(h, before)
			now := h.server.Stats()
			total := now.Out - was.Out
			if direction == fakeserver.FromClient {
				total = now.In - was.In
			}
			first, step := cuts(t, total)
			for after := first; after < total; after += step {
				t.Run(fmt.Sprintf("%s/%v/%d", kind, direction, after), func(t *testing.T) {
					h := newHarness(t, servers[kind]...)
					before := begin(h)
					h.server.Fail(fakeserver.Fault{Direction: direction, After: after, Failure: fakeserver.FIN})
					if err := h.try(); err != nil {
						t.Logf("cut: %v", err)
					}
					h.server.Heal()
					h.clock.Advance(10 * time.Minute)
					h.pass() // a folder that was made anew and not settled is settled first
					h.pass()
					check(h, before)
					h.noSins()
					h.pass() // one more changes nothing
					check(h, before)
				})
			}
		}
	}
}

// TestFlagsThatAreNotKept are put back and told once.
func TestFlagsThatAreNotKept(t *testing.T) {
	for _, scenario := range []string{"readonly", "permanentflags-none", "store-ignored", "store-no"} {
		t.Run(scenario, func(t *testing.T) {
			h := newHarness(t)
			h.deliver("INBOX", 0, 2)
			h.pass()
			if err := h.server.Scenario(scenario); err != nil {
				t.Fatal(err)
			}
			l := h.link()
			for range 2 {
				h.write(func(tx *localstore.Tx) error {
					return tx.SetFlags(ids(h.messages("INBOX")...), localstore.Flagged|localstore.Seen, 0)
				})
				if err := l.Apply(context.Background()); err != nil {
					t.Fatal(err)
				}
				if err := l.Receive(context.Background()); err != nil {
					t.Fatal(err)
				}
				for _, m := range h.messages("INBOX") {
					if m.Flags != 0 || m.Pending {
						t.Errorf("%s shows %v, pending %v", m.Subject, m.Flags.Names(), m.Pending)
					}
				}
			}
			if told := l.Report().Conflicts; len(told) != 1 || !strings.Contains(told[0], "INBOX") || !strings.Contains(told[0], "put back") {
				t.Errorf("told: %q", told)
			}
		})
	}
}

// TestAlertsAreKeptOnce, however many a server says.
func TestAlertsAreKeptOnce(t *testing.T) {
	h := newHarness(t)
	if err := h.server.Scenario("alert-flood"); err != nil {
		t.Fatal(err)
	}
	alerts := h.report().Alerts
	if len(alerts) != mostAlerts || !strings.HasPrefix(alerts[0], "alert 0") || strings.ContainsFunc(strings.Join(alerts, ""), func(r rune) bool { return r < ' ' }) {
		t.Errorf("%q", alerts)
	}
}

// TestAServerThatRecovers takes its question back: what it lists again is what
// it was, nothing is fetched again and nothing is there twice.
func TestAServerThatRecovers(t *testing.T) {
	h := newHarness(t, servers["IMAP4rev1"]...) // with more, what STATUS says is unchanged is not looked at
	h.deliver("INBOX", 0, 30)
	h.deliver("Archive", 100, 3)
	h.pass()
	h.whole("INBOX")
	h.whole("Archive")
	before := append(ids(h.messages("INBOX")...), ids(h.messages("Archive")...)...)
	if err := h.server.Scenario("wipe"); err != nil {
		h.Fatal(err)
	}
	if r := h.report(); len(r.Asks) != 2 {
		h.Errorf("%+v", r)
	}
	if err := h.server.Scenario(); err != nil {
		h.Fatal(err)
	}
	if r := h.report(); r.Received+r.Bodies+len(r.Asks) != 0 {
		h.Errorf("%+v", r)
	}
	after := append(h.messages("INBOX"), h.messages("Archive")...)
	if !slices.Equal(ids(after...), before) {
		h.Errorf("rows %v, want %v", ids(after...), before)
	}
	h.read(func(v *localstore.View) error {
		paused, err := v.PausedFolders()
		if len(paused) != 0 {
			h.Errorf("still asking: %+v", paused)
		}
		return err
	})
}
