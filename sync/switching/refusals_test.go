package switching_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"

	"paquebot.app/internal/fakeserver/fakeimap"
	"paquebot.app/internal/fakeserver/fakepop"
	"paquebot.app/internal/fault"
	"paquebot.app/localstore"
)

// try begins a switch to POP and carries it as far as it goes.
func (s *strait) try(c localstore.SwitchChoice) error {
	s.Helper()
	s.begin(localstore.POP, c)
	_, err := s.engine.Switch(context.Background(), s.id)
	return err
}

func (s *strait) cancel() {
	s.Helper()
	s.write(func(tx *localstore.Tx) error { return tx.CancelSwitch(s.id) })
}

// wantWaits fails unless a switch waits for a reason that names some words, and
// the account is as it was.
func (s *strait) wantWaits(err error, words string) {
	s.Helper()
	var open localstore.Switch
	s.read(func(v *localstore.View) (err error) {
		open, _, err = v.OpenSwitch(s.id)
		return err
	})
	if err == nil || !strings.Contains(err.Error(), words) || !strings.Contains(open.Why, words) {
		s.Errorf("%v (%q), want %q", err, open.Why, words)
	}
	if a := s.account(); a.Mode != localstore.IMAP || a.Generation != 1 {
		s.Errorf("kept by %s, generation %d", a.Mode, a.Generation)
	}
}

// TestWhatStopsASwitchToPop is named, and nothing has changed then.
func TestWhatStopsASwitchToPop(t *testing.T) {
	t.Run("neither UIDL nor TOP", func(t *testing.T) {
		s := newStrait(t, localstore.IMAP, fakepop.Options{Hide: []string{"UIDL", "TOP"}}, fakeimap.Options{})
		s.deliver(3)
		s.pass()
		if p := s.plan(localstore.POP); p.Refused == nil || !strings.Contains(*p.Refused, "UIDL") {
			t.Errorf("%+v", p)
		}
		s.wantWaits(s.try(s.choice(localstore.POP)), "UIDL")
	})
	t.Run("a full disk", func(t *testing.T) {
		s := newStrait(t, localstore.IMAP, fakepop.Options{}, fakeimap.Options{})
		s.write(func(tx *localstore.Tx) error {
			a, err := tx.Account(s.id)
			a.Policy = localstore.FetchHeaders
			return errors.Join(err, tx.SetAccount(a))
		})
		s.deliver(3)
		s.pass()
		s.engine.Free = func() (int64, error) { return 1000, nil }
		if p := s.plan(localstore.POP); p.Refused == nil || !strings.Contains(*p.Refused, "no room") || *p.FreeDisk != 1000 || *p.BytesToFetch == 0 {
			t.Errorf("%+v", p)
		}
		s.wantWaits(s.try(s.choice(localstore.POP)), "no room")
		s.engine.Free = func() (int64, error) { return 1 << 40, nil }
		s.pass() // it goes on by itself
		if s.account().Mode != localstore.POP || len(s.bodies()) != 3 {
			t.Errorf("kept by %s with %d bodies", s.account().Mode, len(s.bodies()))
		}
	})
	t.Run("what the server refuses", func(t *testing.T) {
		s := newStrait(t, localstore.IMAP, fakepop.Options{}, fakeimap.Options{})
		s.deliver(3)
		s.pass()
		some := s.messages("INBOX")[:1]
		var stuck localstore.PendingID
		s.write(func(tx *localstore.Tx) error {
			if err := tx.SetFlags(ids(some...), localstore.Flagged, 0); err != nil {
				return err
			}
			all, err := tx.Pendings(s.id)
			stuck = all[0].ID
			for range 3 {
				err = errors.Join(err, tx.PendingRefused(stuck, "No.", s.clock.Now()))
			}
			return err
		})
		if p := s.plan(localstore.POP); p.Waiting != 1 || p.Stuck != 1 {
			t.Errorf("%+v", p)
		}
		s.wantWaits(s.try(s.choice(localstore.POP)), "--on-refused drop")
		s.cancel()
		c := s.choice(localstore.POP)
		c.DropRefused = true
		if err := s.try(c); err != nil || s.account().Mode != localstore.POP {
			t.Errorf("%v", err)
		}
	})
	t.Run("mail that does not come", func(t *testing.T) {
		s := newStrait(t, localstore.IMAP, fakepop.Options{}, fakeimap.Options{})
		s.write(func(tx *localstore.Tx) error {
			a, err := tx.Account(s.id)
			a.Policy = localstore.FetchHeaders
			return errors.Join(err, tx.SetAccount(a))
		})
		s.deliver(4)
		s.pass()
		if err := s.imap.Scenario("fetch-empty-ok"); err != nil {
			t.Fatal(err)
		}
		err := s.try(s.choice(localstore.POP))
		s.wantWaits(err, "--on-missing go")
		s.cancel()
		c := s.choice(localstore.POP)
		c.GoWithout = true
		if err := s.try(c); err != nil || s.account().Mode != localstore.POP {
			t.Errorf("%v", err)
		}
	})
	t.Run("no network", func(t *testing.T) {
		s := newStrait(t, localstore.IMAP, fakepop.Options{}, fakeimap.Options{})
		s.deliver(3)
		s.pass()
		s.pop.Offline()
		if err := s.try(s.choice(localstore.POP)); !fault.Is(err, fault.Online) || s.account().Mode != localstore.IMAP {
			t.Errorf("%v", err)
		}
		s.pass() // mail goes on coming
		if err := s.pop.Online(); err != nil {
			t.Fatal(err)
		}
		s.pass()
		if s.account().Mode != localstore.POP {
			t.Error("the scheduled switch did not begin")
		}
	})
}

// TestAfterASwitchToPopNothingIsRemoved: whatever the policy was, the maildrop
// keeps all until a policy is chosen and its first removals have their yes, and
// the days of a policy count from the switch.
func TestAfterASwitchToPopNothingIsRemoved(t *testing.T) {
	s := newStrait(t, localstore.POP, fakepop.Options{}, fakeimap.Options{})
	s.deliver(6)
	s.pass()
	s.write(func(tx *localstore.Tx) error { // deletions are due
		a, err := tx.Account(s.id)
		a.PopDelete = localstore.DeleteNow
		return errors.Join(err, tx.SetAccount(a))
	})
	at := s.mark()
	s.switchTo(localstore.IMAP)
	s.switchTo(localstore.POP)
	if a := s.account(); a.PopDelete != localstore.DeleteNever {
		t.Errorf("the policy is %s", a.PopDelete)
	}
	s.write(func(tx *localstore.Tx) error {
		a, err := tx.Account(s.id)
		a.PopDelete = localstore.DeleteNow
		return errors.Join(err, tx.SetAccount(a))
	})
	for range 4 {
		s.pass()
	}
	s.innocent(at)
	var plan localstore.PolicyPlan
	s.write(func(tx *localstore.Tx) error {
		a, err := tx.Account(s.id)
		if err != nil {
			return err
		}
		if plan, err = tx.PlanPolicy(a); err != nil || !plan.Waits || plan.Remove != 6 {
			t.Errorf("%+v, %v", plan, err)
		}
		m, _, err := tx.OpenMaildropOf(s.id)
		return errors.Join(err, tx.AllowDeletes(m.ID))
	})
	s.pass()
	if n := s.onServer()["INBOX"]; n != 0 {
		t.Errorf("%d are left", n)
	}
	if len(s.messages("INBOX")) != 6 {
		t.Error("mail is gone")
	}
}

// TestUploadOfWhatIsOnlyHere puts it on the server once, though the cable is
// pulled on the way.
func TestUploadOfWhatIsOnlyHere(t *testing.T) {
	s := newStrait(t, localstore.POP, fakepop.Options{}, fakeimap.Options{})
	s.deliver(10)
	s.pass()
	inbox := s.user.Mailbox("INBOX")
	for _, m := range inbox.Messages()[:4] {
		inbox.Expunge(m.UID)
	}
	s.pass()
	s.switchTo(localstore.IMAP)
	here := slices.DeleteFunc(s.messages("INBOX"), func(m localstore.Message) bool { return m.Where != localstore.WhereHere })
	if len(here) != 4 || s.onServer()["INBOX"] != 6 {
		t.Fatalf("%d only here, %v", len(here), s.onServer())
	}
	s.write(func(tx *localstore.Tx) error {
		done, err := tx.Upload(ids(here...))
		if done.Going != 4 {
			t.Errorf("%+v", done)
		}
		return err
	})
	before := s.shown()
	s.pass()
	s.pass()
	if s.onServer()["INBOX"] != 10 {
		t.Errorf("%v", s.onServer())
	}
	s.same("after the upload", s.shown(), before)
}
