package localstore

import (
	"context"
	"reflect"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"paquebot.app/internal/fault"
)

// A letter goes only the ways that the outbox has: what is not possible in its
// state is an error and changes nothing, and whoever has the letter has it for
// ever.
func TestLettersGoOnlyTheirWays(t *testing.T) {
	f := newFixture(t, POP)
	frozen := f.whole(f.content())
	to := []string{"a@example.org", "b@example.org"}
	type step struct {
		from func(Letter) bool
		do   func(*Tx, Letter) error
		into []OutboxState
	}
	in := func(states ...OutboxState) func(Letter) bool {
		return func(l Letter) bool { return slices.Contains(states, l.State) }
	}
	dotted := func(l Letter) bool { return l.State == OutSending && !l.DotAt.IsZero() }
	one := []Recipient{{Address: to[0], State: RecipientAccepted}, {Address: to[1], State: RecipientQueued, Reply: "451"}}
	steps := map[string]step{
		"sending": {in(OutQueued), func(tx *Tx, l Letter) error {
			c := frozen
			c.HeaderID = l.HeaderID
			if l.Frozen {
				c = NewContent{}
			}
			return tx.LetterSending(l.N, c)
		}, []OutboxState{OutSending}},
		"dot":       {func(l Letter) bool { return l.State == OutSending && l.DotAt.IsZero() }, func(tx *Tx, l Letter) error { return tx.LetterDot(l.N, day, nil) }, []OutboxState{OutSending}},
		"dot one":   {func(l Letter) bool { return l.State == OutSending && l.DotAt.IsZero() }, func(tx *Tx, l Letter) error { return tx.LetterDot(l.N, day, one) }, []OutboxState{OutSending}},
		"sent":      {dotted, func(tx *Tx, l Letter) error { return tx.LetterSent(l.N, day, "250") }, []OutboxState{OutSent, OutQueued}},
		"filed":     {in(OutSent), func(tx *Tx, l Letter) error { return tx.LetterFiled(l.N, true) }, []OutboxState{OutFiled}},
		"cut":       {func(l Letter) bool { return l.State == OutQueued || l.State == OutSending && l.DotAt.IsZero() }, func(tx *Tx, l Letter) error { return tx.LetterAgain(l.N, "cut", day, nil, false) }, []OutboxState{OutQueued}},
		"put off":   {in(OutQueued, OutSending), func(tx *Tx, l Letter) error { return tx.LetterAgain(l.N, "451", day, nil, true) }, []OutboxState{OutQueued}},
		"refused":   {in(OutQueued, OutSending), func(tx *Tx, l Letter) error { return tx.LetterRefused(l.N, "550", nil) }, []OutboxState{OutRefused}},
		"unsure":    {dotted, func(tx *Tx, l Letter) error { return tx.LetterUnsure(l.N, "cut") }, []OutboxState{OutUnsure}},
		"confirmed": {in(OutUnsure), func(tx *Tx, l Letter) error { return tx.ConfirmLetter(l.N, true) }, []OutboxState{OutSent, OutQueued}},
		"again":     {in(OutUnsure), func(tx *Tx, l Letter) error { return tx.ConfirmLetter(l.N, false) }, []OutboxState{OutQueued}},
		"cancelled": {in(OutQueued, OutHeld, OutRefused), func(tx *Tx, l Letter) error { return tx.CancelLetter(l.N) }, []OutboxState{OutCancelled}},
		"retried":   {in(OutQueued, OutHeld, OutRefused), func(tx *Tx, l Letter) error { return tx.RetryLetter(l.N) }, []OutboxState{OutQueued}},
	}
	var names []string
	for name := range steps {
		names = append(names, name)
	}
	slices.Sort(names)
	rapid.Check(t, func(r *rapid.T) {
		n := f.queue(func(l *NewLetter) {
			if rapid.Bool().Draw(r, "held") {
				l.HoldReason = "undo"
			}
		}, to...)
		for range rapid.IntRange(1, 15).Draw(r, "steps") {
			before := f.letter(n)
			name := rapid.SampledFrom(names).Draw(r, "step")
			s := steps[name]
			err := f.Write(context.Background(), "step", func(tx *Tx) error { return s.do(tx, before) })
			after := f.letter(n)
			if !s.from(before) {
				if err == nil || fault.Of(err).Cause != fault.Data || !reflect.DeepEqual(before, after) {
					r.Fatalf("%s of %+v: %v, and it is %+v", name, before, err, after)
				}
				continue
			}
			if err != nil || !slices.Contains(s.into, after.State) {
				r.Fatalf("%s of %+v: %v, and it is %+v", name, before, err, after)
			}
			for i, was := range before.Recipients {
				if was.Sent && !after.Recipients[i].Sent {
					r.Fatalf("%s: who had the letter has it no more: %+v", name, after)
				}
			}
			waits := slices.ContainsFunc(after.Recipients, func(p Recipient) bool { return p.State == RecipientQueued })
			if waits && (after.State == OutSent || after.State == OutFiled) {
				r.Fatalf("%s: sent, and somebody waits for it: %+v", name, after)
			}
		}
		if rapid.Bool().Draw(r, "evidence") {
			before := f.letter(n)
			f.write(func(tx *Tx) error {
				_, err := tx.EvidenceOf(f.account, []string{before.HeaderID})
				return err
			})
			if after := f.letter(n); before.State == OutUnsure && after.State == OutUnsure {
				r.Fatal("evidence does not settle it")
			}
		}
		f.clock.Advance(time.Second)
	})
}

// TestWhenTheUserIsAsked: ten minutes after all mail was received that could
// have shown whether an unsure letter has gone out.
func TestWhenTheUserIsAsked(t *testing.T) {
	f := newFixture(t, IMAP)
	n := f.queue(nil, "bo@example.org")
	unsure := func() {
		f.write(func(tx *Tx) error {
			if err := tx.LetterSending(n, NewContent{}); err != nil {
				return err
			}
			if err := tx.LetterDot(n, f.clock.Now(), nil); err != nil {
				return err
			}
			return tx.LetterUnsure(n, "no answer")
		})
	}
	look := func() { f.write(func(tx *Tx) error { return tx.LookedForLetters(f.account) }) }
	look()
	unsure()
	if at := f.letter(n).AsksAt(); !at.IsZero() {
		t.Errorf("asked at %v before any mail came", at)
	}
	f.clock.Advance(time.Hour)
	look()
	first := f.clock.Now().Add(10 * time.Minute)
	f.clock.Advance(time.Minute)
	look()
	if at := f.letter(n).AsksAt(); !at.Equal(first) {
		t.Errorf("asked at %v, want %v", at, first)
	}
	f.write(func(tx *Tx) error { return tx.ConfirmLetter(n, false) })
	unsure()
	if at := f.letter(n).AsksAt(); !at.IsZero() {
		t.Errorf("unsure again: asked at %v", at)
	}
}
