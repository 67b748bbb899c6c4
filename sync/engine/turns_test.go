package engine

import (
	"context"
	"sync"
	"testing"

	"paquebot.app/localstore"
)

// Passes asked for by other processes, and the supervisor's own, meet the same
// letters at once: each leaves once, and is filed once.
func TestPassesAtOnceDoubleNothing(t *testing.T) {
	const letters = 8
	r := newRig(t)
	r.run()
	r.phase(Idle)
	for range letters {
		r.queue()
	}
	var passes sync.WaitGroup
	for range 4 {
		passes.Go(func() {
			if report := r.engine.Pass(context.Background(), r.account); report.Error != nil {
				t.Errorf("a pass: %+v", report.Error)
			}
		})
	}
	passes.Wait()
	r.until("all letters in Sent", func(v *localstore.View) (bool, error) {
		out, err := v.Outbox(r.account.ID, false)
		p, err2 := v.Pendings(r.account.ID)
		return len(out) == 0 && len(p) == 0, firstError(err, err2)
	})
	if n, sent := len(r.smtp.Accepted()), len(r.user.Mailbox("Sent").Messages()); n != letters || sent != letters {
		t.Errorf("%d accepted, %d in Sent, want %d of each", n, sent, letters)
	}
}

// A letter that a full disk or a crash left sent is filed by the next pass,
// not only when another letter leaves.
func TestWhatWasSentIsFiledByTheNextPass(t *testing.T) {
	r := newRig(t)
	if report := r.engine.Pass(context.Background(), r.account); report.Error != nil {
		t.Fatalf("the first pass: %+v", report.Error)
	}
	r.queue()
	var n localstore.OutboxID
	r.write(func(tx *localstore.Tx) error {
		due, err := tx.DueLetters(r.account.ID, r.engine.Clock.Now())
		if err != nil {
			return err
		}
		n = due[0].N
		now := r.engine.Clock.Now()
		return firstError(tx.LetterSending(n, localstore.NewContent{}), tx.LetterDot(n, now, nil), tx.LetterSent(n, now, "250 ok"))
	})
	if report := r.engine.Pass(context.Background(), r.account); report.Error != nil {
		t.Fatalf("the pass: %+v", report.Error)
	}
	r.until("the letter to be filed", func(v *localstore.View) (bool, error) {
		l, err := v.Letter(n)
		if l.State != localstore.OutFiled {
			t.Fatalf("the letter is %s", l.State)
		}
		return true, err
	})
	if sent := len(r.user.Mailbox("Sent").Messages()); sent != 1 {
		t.Errorf("%d copies in Sent, want 1", sent)
	}
}
