package vm

import (
	"strings"
	"testing"

	"paquebot.app/internal/fault"
	"paquebot.app/localstore"
)

// switcher is the page of an account that is kept by mode.
func (w *writer) switcher(mode localstore.Mode) (*Switching, localstore.AccountID) {
	w.Helper()
	var id localstore.AccountID
	w.write(func(tx *localstore.Tx) (err error) {
		id, err = tx.AddAccount(localstore.Account{Name: "ada", Address: "ada@example.org", Mode: mode,
			IMAP: localstore.Server{Host: "imap.example.org", Port: 993, User: "ada"}, POP: localstore.Server{Host: "pop.example.org", Port: 995, User: "ada"}})
		return err
	})
	s := NewSwitching(w.env, w.engine)
	s.Refused = func(err error) { w.Fatal(err) }
	s.Show(id)
	w.queue.Until(s.Ready)
	return s, id
}

func number(n int) *int { return &n }

// TestASwitchIsPlannedBegunPausedAndTakenBack, and nothing is wanted before the
// plan was seen.
func TestASwitchIsPlannedBegunPausedAndTakenBack(t *testing.T) {
	w := newWriter(t)
	s, id := w.switcher(localstore.IMAP)
	some, much, room := int64(2_000_000), int64(90_000_000), int64(40_000_000)
	w.engine.plan = SwitchPlan{Here: 12, OnServer: number(11), Recognised: number(10), OnlyHere: number(2), OnlyOnServer: number(1), BytesToFetch: &much, FreeDisk: &room,
		Folders: []SwitchFolder{{Path: "INBOX", Here: 10, Whole: 2, Bytes: &some}, {Path: "Films", Here: 2, Bytes: &much}}, Promise: "Nothing will be deleted or uploaded."}
	if s.Phase() != SwitchChoosing || s.To() != localstore.POP {
		t.Fatal(s.Phase(), s.To())
	}
	s.Plan()
	w.queue.Until(func() bool { return s.Phase() == SwitchPlanned })
	if bytes, fits := s.ToFetch(); fits || bytes != some+much || s.Problem() == "" {
		t.Errorf("%d bytes, fit: %v, %q", bytes, fits, s.Problem())
	}
	s.SetComes("Films", false)
	if bytes, fits := s.ToFetch(); !fits || bytes != some || s.Problem() != "" {
		t.Errorf("%d bytes, fit: %v, %q", bytes, fits, s.Problem())
	}
	s.Begin()
	w.queue.Until(func() bool { return s.Phase() == SwitchUnderWay })
	var open localstore.Switch
	w.read(func(v *localstore.View) (err error) {
		open, _, err = v.OpenSwitch(id)
		return err
	})
	if open.To != localstore.POP || strings.Join(open.Choice.Folders, " ") != "INBOX" || open.Choice.Server.Host != "pop.example.org" {
		t.Errorf("%+v", open)
	}
	s.SetPaused(true)
	w.queue.Until(s.Paused)
	s.SetPaused(false)
	w.queue.Until(func() bool { return !s.Paused() })
	s.Cancel()
	w.queue.Until(func() bool { return s.Phase() == SwitchChoosing })
}

// TestAPlanThatIsRefusedChangesNothing.
func TestAPlanThatIsRefusedChangesNothing(t *testing.T) {
	w := newWriter(t)
	s, id := w.switcher(localstore.POP)
	var why error
	s.Refused = func(err error) { why = err }
	w.engine.refused = &fault.Error{Remedy: fault.User, Text: "There is no IMAP server."}
	s.Plan()
	w.queue.Until(func() bool { return why != nil })
	if s.Phase() != SwitchChoosing {
		t.Error(s.Phase())
	}
	w.engine.refused, w.engine.plan.Refused = nil, "It cannot be done."
	s.Plan()
	w.queue.Until(func() bool { return s.Phase() == SwitchPlanned })
	if s.Problem() == "" {
		t.Error("nothing is said")
	}
	s.Leave()
	w.read(func(v *localstore.View) error {
		if _, under, err := v.OpenSwitch(id); under || err != nil {
			t.Errorf("a switch is under way: %v", err)
		}
		return nil
	})
}
