package switching_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strconv"
	"sync/atomic"
	"testing"

	"paquebot.app/internal/fakeserver"
	"paquebot.app/internal/fakeserver/fakeimap"
	"paquebot.app/internal/fakeserver/fakepop"
	"paquebot.app/localstore"
	"paquebot.app/sync/switching"
)

// sampled tells whether the i-th of many cases is played: every seventh, from
// where the seed says, or all of them with PAQUEBOT_TORTURE=1.
func sampled(i int) bool {
	seed, _ := strconv.Atoi(os.Getenv("PAQUEBOT_SEED"))
	return (i+seed)%7 == 0 || os.Getenv("PAQUEBOT_TORTURE") != ""
}

var errCrash = errors.New("crash")

// crossing is an account in a state in which every part of a switch has
// something to do.
func crossing(t *testing.T, from localstore.Mode) *strait {
	s := newStrait(t, from, fakepop.Options{}, fakeimap.Options{})
	s.deliver(12)
	s.user.Mailbox("Archive").Append(s.mail(), s.clock.Now())
	s.pass()
	inbox := s.user.Mailbox("INBOX")
	inbox.Expunge(inbox.Messages()[0].UID)
	s.pass()
	s.write(func(tx *localstore.Tx) error {
		return tx.SetFlags(ids(s.messages("INBOX")[:3]...), localstore.Flagged, 0)
	})
	return s
}

// outcome is the end of a switch as a user sees it.
func (s *strait) outcome() string {
	return fmt.Sprint(s.account().Mode, s.shown(), len(s.bodies()), s.onServer())
}

// finish goes on with a switch as a program that starts does, and looks that one
// more pass changes nothing.
func (s *strait) finish(to localstore.Mode) string {
	s.Helper()
	s.reopen()
	var open localstore.Switch
	s.read(func(v *localstore.View) (err error) {
		open, _, err = v.OpenSwitch(s.id)
		return err
	})
	if a := s.account(); a.Mode != to && (open.ID == 0 || open.Begun()) {
		s.begin(to, s.choice(to)) // it was cut before it was written down
	}
	s.pass()
	s.pass()
	got := s.outcome()
	s.pass()
	if again := s.outcome(); again != got {
		s.Errorf("one more pass changes something:\n%s\n%s", got, again)
	}
	s.read(func(v *localstore.View) error { return v.CheckCounts() })
	return got
}

// TestCutAtEveryCommit ends the program before and after every commit of a
// switch: the account is kept in exactly one way then, and starting again leads
// to the same end.
func TestCutAtEveryCommit(t *testing.T) {
	for _, way := range [][2]localstore.Mode{{localstore.POP, localstore.IMAP}, {localstore.IMAP, localstore.POP}} {
		from, to := way[0], way[1]
		want := ""
		for cut := 0; ; cut++ {
			for _, after := range []bool{false, true} {
				s := crossing(t, from)
				before, at, commits := s.bodies(), s.mark(), 0
				undo := switching.Around(func(write func() error) error {
					if commits++; commits != cut {
						return write()
					}
					if after {
						if err := write(); err != nil {
							return err
						}
					}
					return errCrash
				})
				s.begin(to, s.choice(to))
				_, err := s.engine.Switch(context.Background(), s.id)
				undo()
				when := fmt.Sprintf("%s to %s, cut at commit %d (%v)", from, to, cut, after)
				if cut > 0 && commits >= cut && !errors.Is(err, errCrash) {
					t.Fatalf("%s: %v", when, err)
				}
				got := s.finish(to)
				if want == "" {
					want = got
				}
				if got != want {
					t.Errorf("%s:\n%s\nwant\n%s", when, got, want)
				}
				for sum, n := range before {
					if s.bodies()[sum] < n {
						t.Errorf("%s: a body is gone", when)
					}
				}
				s.innocent(at)
				s.store.Close()
				if cut > 0 && commits < cut {
					if cut < 3 {
						t.Errorf("only %d commits", cut)
					}
					cut = -1
					break
				}
			}
			if cut < 0 {
				break
			}
		}
	}
}

// TestCutAtEveryLine pulls the cable at every line that the servers hear in a
// switch.
func TestCutAtEveryLine(t *testing.T) {
	for _, way := range [][2]localstore.Mode{{localstore.POP, localstore.IMAP}, {localstore.IMAP, localstore.POP}} {
		from, to := way[0], way[1]
		want := ""
		for cut := 0; ; cut++ {
			if cut > 0 && !sampled(cut) {
				continue
			}
			s := crossing(t, from)
			var lines atomic.Int64
			heard := func(server *fakeserver.Server) func(fakeserver.Line) {
				return func(l fakeserver.Line) {
					if l.Client {
						if lines.Add(1) == int64(cut) {
							server.Offline()
						}
					}
				}
			}
			s.pop.Watch(heard(s.pop.Server))
			s.imap.Watch(heard(s.imap.Server))
			at := s.mark()
			s.begin(to, s.choice(to))
			_, _ = s.engine.Switch(context.Background(), s.id)
			s.pop.Watch(nil)
			s.imap.Watch(nil)
			for _, server := range []*fakeserver.Server{s.pop.Server, s.imap.Server} {
				if err := server.Online(); err != nil {
					t.Fatal(err)
				}
			}
			got := s.finish(to)
			if want == "" {
				want = got
			}
			if got != want {
				t.Errorf("%s to %s, cut at line %d:\n%s\nwant\n%s", from, to, cut, got, want)
			}
			s.innocent(at)
			s.store.Close()
			if cut > 0 && lines.Load() < int64(cut) {
				break
			}
		}
	}
}
