package vm

import (
	"context"
	"strings"
	"testing"
	"time"

	"paquebot.app/internal/richtext"
	"paquebot.app/localstore"
)

// queued writes a letter and returns its number.
func (w *writer) queued(to, text string) localstore.OutboxID {
	w.Helper()
	c := w.open(func() { w.desk.Compose(0, nil) })
	c.SetTo(to)
	c.SetSubject("Figures")
	c.SetBody(richtext.FromText(text))
	c.Send()
	w.queue.Until(func() bool { return w.closed })
	all := w.letters()
	return all[len(all)-1].N
}

// shown loads the Outbox and returns its rows.
func (w *writer) shown(o *Outbox) []OutboxRow {
	w.Helper()
	done := false
	o.Load()
	o.jobs.do(false, func(context.Context) func() { return func() { done = true } })
	w.queue.Until(func() bool { return done })
	return o.Rows()
}

func TestOutboxStates(t *testing.T) {
	w := newWriter(t)
	o := NewOutbox(w.env, w.desk)
	n := w.queued("Ana Lima <ana@example.org>, tom@example.net", "Hello")
	state := func() OutboxRow {
		t.Helper()
		rows := w.shown(o)
		if len(rows) != 1 {
			t.Fatalf("rows %+v", rows)
		}
		return rows[0]
	}
	w.desk.setStatus([]AccountStatus{{Account: w.account, Phase: Idle}}, false)
	if r := state(); r.State != "Goes out in a moment" || !r.Edit || !r.Cancel || r.To != "Ana Lima, tom@example.net" || r.Subject != "Figures" || r.Queued != "10:42" {
		t.Errorf("%+v", r)
	}
	w.clock.Advance(time.Minute)
	w.desk.setStatus(nil, false)
	if r := state(); r.State != "Waits for a connection" {
		t.Errorf("%+v", r)
	}
	w.desk.setStatus([]AccountStatus{{Account: w.account, Phase: Idle}}, false)
	if r := state(); r.State != "Goes out now" {
		t.Errorf("%+v", r)
	}
	step := func(f func(tx *localstore.Tx) error) { t.Helper(); w.write(f) }
	step(func(tx *localstore.Tx) error { return tx.LetterSending(n, localstore.NewContent{}) })
	if r := state(); r.State != "Going out…" || r.Edit || r.Cancel || r.Retry {
		t.Errorf("%+v", r)
	}
	step(func(tx *localstore.Tx) error {
		return tx.LetterAgain(n, "451 come back later", w.clock.Now().Add(3*time.Minute), nil, true)
	})
	if r := state(); r.State != "Next try 10:46" || r.Words != "451 come back later" || !r.Retry {
		t.Errorf("%+v", r)
	}
	step(func(tx *localstore.Tx) error { return tx.RetryLetter(n) })
	step(func(tx *localstore.Tx) error { return tx.LetterSending(n, localstore.NewContent{}) })
	step(func(tx *localstore.Tx) error { return tx.LetterDot(n, w.clock.Now(), nil) })
	step(func(tx *localstore.Tx) error { return tx.LetterUnsure(n, "cut") })
	if r := state(); r.Unsure || r.Tone != ToneQuiet || r.Edit || r.Retry || r.Cancel {
		t.Errorf("asked before anybody looked: %+v", r)
	}
	step(func(tx *localstore.Tx) error { return tx.LookedForLetters(w.letters()[0].Account) })
	w.clock.Advance(11 * time.Minute)
	if r := state(); !r.Unsure || r.Tone != ToneAsk || r.Edit || r.Retry {
		t.Errorf("%+v", r)
	}
	o.Confirm(n, false)
	w.queue.Until(func() bool { return w.letters()[0].State == localstore.OutQueued })
	w.clock.Advance(time.Second)
	step(func(tx *localstore.Tx) error { return tx.LetterSending(n, localstore.NewContent{}) })
	step(func(tx *localstore.Tx) error {
		return tx.LetterRefused(n, "550 no such user", []localstore.Recipient{
			{Address: "ana@example.org", State: localstore.RecipientQueued}, {Address: "tom@example.net", State: localstore.RecipientRefused, Reply: "550 no such user"}})
	})
	r := state()
	if r.Tone != ToneBad || r.Words != "" || r.People[1].State != "550 no such user" || !r.Edit || !r.Retry || len(r.People) != 2 || !r.People[1].Bad {
		t.Errorf("%+v", r)
	}
	o.Cancel(n)
	w.queue.Until(func() bool { return w.letters()[0].State == localstore.OutCancelled })
	if rows := w.shown(o); len(rows) != 0 {
		t.Errorf("%+v", rows)
	}
}

func TestOutboxEditRefused(t *testing.T) {
	w := newWriter(t)
	o := NewOutbox(w.env, w.desk)
	n := w.queued("nobody@example.org", "Precious words")
	w.write(func(tx *localstore.Tx) error { return tx.LetterSending(n, localstore.NewContent{}) })
	w.write(func(tx *localstore.Tx) error { return tx.LetterRefused(n, "550 no such user", nil) })
	c := w.open(func() { o.Edit(n) })
	if c.Writing().Text != "Precious words" || c.Writing().To != "nobody@example.org" {
		t.Errorf("%+v", c.Writing())
	}
	if w.letters()[0].State != localstore.OutCancelled || len(w.drafts()) != 1 {
		t.Errorf("%s, %d drafts", w.letters()[0].State, len(w.drafts()))
	}
}

func TestOutboxRefusesOnItsWay(t *testing.T) {
	w := newWriter(t)
	o := NewOutbox(w.env, w.desk)
	n := w.queued("ana@example.org", "Hello")
	w.write(func(tx *localstore.Tx) error { return tx.LetterSending(n, localstore.NewContent{}) })
	var refused error
	o.Refused = func(err error) { refused = err }
	o.Cancel(n)
	w.queue.Until(func() bool { return refused != nil })
	if s := Sentence(refused); !strings.Contains(s, "on its way") {
		t.Errorf("%q", s)
	}
}
