package localstore

import (
	"testing"
	"time"
)

func (f *fixture) mark() (m JourneyMark) {
	f.t.Helper()
	f.read(func(v *View) (err error) {
		m, err = v.JourneyMark(f.account)
		return err
	})
	return m
}

func (f *fixture) journeys() (all []Journey) {
	f.t.Helper()
	f.read(func(v *View) (err error) {
		all, err = v.Journeys(f.account, 10)
		return err
	})
	return all
}

// back connects after a mark, receives and tries what is due.
func (f *fixture) back(m JourneyMark, said ...string) (ended bool) {
	f.t.Helper()
	f.write(func(tx *Tx) (err error) {
		if err := tx.Reconnected(f.account, m); err != nil {
			return err
		}
		if err := tx.JourneyReceived(f.account, said); err != nil {
			return err
		}
		ended, err = tx.EndJourney(f.account, false)
		return err
	})
	return ended
}

// send takes a letter to its end.
func (f *fixture) sendNow(n OutboxID, reply string) {
	f.t.Helper()
	f.write(func(tx *Tx) error {
		if err := tx.LetterSending(n, NewContent{}); err != nil {
			return err
		}
		if err := tx.LetterDot(n, f.clock.Now(), nil); err != nil {
			return err
		}
		return tx.LetterSent(n, f.clock.Now(), reply)
	})
}

func TestAJourneysReport(t *testing.T) {
	f := newFixture(t, IMAP)
	f.put(f.inbox, f.content())
	if f.back(f.mark()) || len(f.journeys()) != 0 {
		t.Error("the first connection is the end of no journey")
	}
	f.write(func(tx *Tx) error { return tx.OnlineUntil(f.account) })
	left := f.clock.Now()
	f.clock.Advance(3 * 24 * time.Hour)
	sent := f.queue(nil, "bo@example.org", "cy@example.org")
	refused := f.queue(nil, "dee@example.org")
	later := f.queue(func(l *NewLetter) { l.NotBefore = f.clock.Now().Add(time.Hour) }, "bo@example.org")
	located, _ := f.bind(f.inbox, 9, f.content())
	f.write(func(tx *Tx) error { return tx.SetFlags([]MessageID{located}, Flagged, 0) })
	m := f.mark()
	if f.back(m, "A folder was numbered anew.") {
		t.Error("ended before the letters were tried")
	}
	f.put(f.inbox, f.content())
	f.put(f.archive, f.content())
	f.sendNow(sent, "2.0.0 Ok: queued as 4ABC")
	f.write(func(tx *Tx) error {
		if err := tx.LetterSending(refused, NewContent{}); err != nil {
			return err
		}
		return tx.LetterRefused(refused, "550 5.7.1 no", nil)
	})
	due := f.duePendings()
	f.write(func(tx *Tx) error { return tx.PendingDone(due[0]) })
	f.clock.Advance(time.Minute)
	f.write(func(tx *Tx) error {
		ended, err := tx.EndJourney(f.account, false)
		if !ended {
			t.Error("not ended when nothing is due")
		}
		return err
	})
	all := f.journeys()
	if len(all) != 1 {
		t.Fatalf("%d reports", len(all))
	}
	j := all[0]
	if !j.Since.Equal(left) || j.Online.Sub(left) != 3*24*time.Hour || j.Ended.Sub(j.Online) != time.Minute {
		t.Errorf("from %v to %v, ended %v", j.Since, j.Online, j.Ended)
	}
	if len(j.Sent) != 1 || j.Sent[0].Letter != sent || len(j.Sent[0].Recipients) != 2 || j.Sent[0].Recipients[0].Words() != "2.0.0 Ok: queued as 4ABC" {
		t.Errorf("sent: %+v", j.Sent)
	}
	if len(j.Waiting) != 2 || j.Waiting[0].Letter != refused || j.Waiting[0].Reason != "550 5.7.1 no" || j.Waiting[1].Letter != later || j.Waiting[1].Next.IsZero() {
		t.Errorf("waiting: %+v", j.Waiting)
	}
	if len(j.Received) != 2 || j.Received[0] != (JourneyFolder{f.inbox, "INBOX", 1, 1}) || j.Received[1].New != 1 {
		t.Errorf("received: %+v", j.Received)
	}
	if len(j.Applied) != 1 || j.Applied[0] != (JourneyApplied{PendFlags, 1}) {
		t.Errorf("applied: %+v", j.Applied)
	}
	if len(j.Conflicts) != 2 || j.Conflicts[1].Text != "A folder was numbered anew." || len(j.Conflicts[1].Choices) != 0 || j.Conflicts[0].Letter != refused || len(j.Conflicts[0].Choices) != 3 {
		t.Errorf("conflicts: %+v", j.Conflicts)
	}
	f.read(func(v *View) error {
		again, err := v.Journey(j.ID)
		if again.Sent[0].Subject == "" || again.ID != j.ID {
			t.Errorf("%+v", again)
		}
		return err
	})
}

// TestWhatIsNoJourney: a line that was away for a moment, and one with nothing
// in it.
func TestWhatIsNoJourney(t *testing.T) {
	f := newFixture(t, IMAP)
	f.back(f.mark())
	for _, away := range []time.Duration{time.Second, 9 * time.Minute, time.Hour, 11 * time.Hour} {
		f.write(func(tx *Tx) error { return tx.OnlineUntil(f.account) })
		f.clock.Advance(away)
		m := f.mark()
		if away < time.Hour {
			f.put(f.inbox, f.content())
		}
		if f.back(m) || len(f.journeys()) != 0 {
			t.Errorf("after %v a report", away)
		}
	}
	f.write(func(tx *Tx) error { return tx.OnlineUntil(f.account) })
	n := f.queue(nil, "bo@example.org")
	m := f.mark()
	f.back(m)
	f.sendNow(n, "2.0.0 ok")
	f.write(func(tx *Tx) error { _, err := tx.EndJourney(f.account, true); return err })
	if all := f.journeys(); len(all) != 1 || len(all[0].Sent) != 1 {
		t.Errorf("with a letter that waited: %+v", all)
	}
}

// TestAJourneyGoesOnWhenTheLineBreaks, over a restart too.
func TestAJourneyGoesOnWhenTheLineBreaks(t *testing.T) {
	f := newFixture(t, IMAP)
	f.back(f.mark())
	f.clock.Advance(24 * time.Hour)
	first, second := f.queue(nil, "bo@example.org"), f.queue(nil, "bo@example.org")
	f.back(f.mark())
	f.sendNow(first, "2.0.0 ok")
	f.write(func(tx *Tx) error { return tx.OnlineUntil(f.account) })
	f.clock.Advance(time.Hour)
	f.write(func(tx *Tx) error {
		if ended, err := tx.EndJourney(f.account, true); ended {
			t.Error("ended before anything was received")
		} else if err != nil {
			return err
		}
		return nil
	})
	f.sendNow(second, "2.0.0 ok")
	if !f.back(f.mark()) {
		t.Error("not ended")
	}
	if all := f.journeys(); len(all) != 1 || len(all[0].Sent) != 2 {
		t.Errorf("%+v", all)
	}
}

// TestACopyThatCameBeforeTheLineBroke is evidence; the mail that is redirected is
// none.
func TestACopyThatCameBeforeTheLineBroke(t *testing.T) {
	f := newFixture(t, IMAP)
	for name, came := range map[string]bool{"before it was queued": false, "since": true} {
		c := f.content()
		there := func() { f.put(f.inbox, c) }
		if !came {
			there()
		}
		n := f.queue(func(l *NewLetter) { l.Content.HeaderID = c.HeaderID }, "bo@example.org")
		if came {
			there()
		}
		f.write(func(tx *Tx) error {
			if err := tx.LetterSending(n, NewContent{}); err != nil {
				return err
			}
			if err := tx.LetterDot(n, f.clock.Now(), nil); err != nil {
				return err
			}
			return tx.LetterUnsure(n, "no answer")
		})
		if got, want := f.letter(n).State, map[bool]OutboxState{true: OutSent, false: OutUnsure}[came]; got != want {
			t.Errorf("%s: %s, want %s", name, got, want)
		}
	}
}
