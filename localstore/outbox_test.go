package localstore

import (
	"context"
	"testing"
	"time"

	"paquebot.app/internal/fault"
)

func (f *fixture) queue(change func(*NewLetter), to ...string) (n OutboxID) {
	f.t.Helper()
	l := NewLetter{Account: f.account, Content: f.whole(f.content()), EnvelopeFrom: "ann@example.org", Recipients: to}
	if change != nil {
		change(&l)
	}
	f.write(func(tx *Tx) (err error) {
		n, err = tx.Queue(l)
		return err
	})
	return n
}

func (f *fixture) letter(n OutboxID) (l Letter) {
	f.t.Helper()
	f.read(func(v *View) (err error) {
		l, err = v.Letter(n)
		return err
	})
	return l
}

// frozen is a letter as it goes out, with its Date.
func (f *fixture) frozen(n OutboxID) NewContent {
	c := f.whole(f.content())
	c.HeaderID, c.Sent = f.letter(n).HeaderID, day
	return c
}

func (f *fixture) due() (ns []OutboxID) {
	f.t.Helper()
	f.read(func(v *View) error {
		due, err := v.DueLetters(f.account, f.clock.Now())
		for _, l := range due {
			ns = append(ns, l.N)
		}
		return err
	})
	return ns
}

func TestLetterGoesOut(t *testing.T) {
	f := newFixture(t, IMAP)
	answered, _ := f.bind(f.inbox, 1, f.content())
	f.remote(f.role(RoleSent))
	n := f.queue(func(l *NewLetter) { l.Answers = f.message(answered).Content }, "bob@example.org", "eve@example.org")
	l := f.letter(n)
	m := f.message(l.Message)
	if l.State != OutQueued || l.Frozen || len(l.Recipients) != 2 || m.Folder != f.role(RoleOutbox) {
		t.Fatalf("queued: %+v in %+v", l, m)
	}
	frozen := f.frozen(n)
	f.write(func(tx *Tx) error { return tx.LetterSending(n, frozen) })
	if l := f.letter(n); !l.Frozen || l.State != OutSending {
		t.Fatalf("sending: %+v", l)
	}
	f.write(func(tx *Tx) error {
		return tx.LetterDot(n, day, []Recipient{{Address: "eve@example.org", State: RecipientRefused, Reply: "550 who?"}})
	})
	f.write(func(tx *Tx) error { return tx.LetterSent(n, day, "250 ok") })
	f.write(func(tx *Tx) error { return tx.LetterFiled(n, true) })
	l = f.letter(n)
	m = f.message(l.Message)
	if l.State != OutFiled || !l.Sent.Equal(day) || m.Folder != f.role(RoleSent) || m.Blob != frozen.Blob {
		t.Errorf("filed: %+v in %+v", l, m)
	}
	if bob := l.Recipients[0]; !bob.Sent || bob.State != RecipientAccepted || bob.Reply != "sent: 250 ok" {
		t.Errorf("bob: %+v", bob)
	}
	if eve := l.Recipients[1]; eve.Sent || eve.State != RecipientRefused || eve.Reply != "550 who?" {
		t.Errorf("eve: %+v", eve)
	}
	if f.message(answered).Flags != Answered {
		t.Error("what it answers is not marked so")
	}
	f.read(func(v *View) error {
		all, err := v.Pendings(f.account)
		if len(all) != 2 || all[0].Kind != PendFlags || all[0].Set != Answered || all[1].Kind != PendAppend || all[1].Target != f.role(RoleSent) {
			t.Errorf("pending: %+v", all)
		}
		open, _ := v.Outbox(0, false)
		filed, _ := v.Outbox(f.account, true)
		if len(open) != 0 || len(filed) != 1 {
			t.Errorf("%d letters open, %d in all", len(open), len(filed))
		}
		return err
	})
	f.write(func(tx *Tx) error { return tx.ForgetLetters(day.AddDate(2, 0, 0)) })
	if f.gone(l.Message) {
		t.Error("forgetting the outbox row lost the letter")
	}
}

func TestQueueRefuses(t *testing.T) {
	f := newFixture(t, IMAP)
	n := f.queue(nil, "bob@example.org")
	good := NewLetter{Account: f.account, Content: f.whole(f.content()), Recipients: []string{"bob@example.org"}}
	for name, change := range map[string]func(*NewLetter){
		"twice":         func(l *NewLetter) { l.Content.HeaderID = f.letter(n).HeaderID },
		"not whole":     func(l *NewLetter) { l.Content.Blob, l.Content.Body = 0, BodyNone },
		"no recipient":  func(l *NewLetter) { l.Recipients = nil },
		"no Message-ID": func(l *NewLetter) { l.Content.HeaderID = "" },
	} {
		l := good
		change(&l)
		err := f.Write(context.Background(), "queue", func(tx *Tx) error {
			_, err := tx.Queue(l)
			return err
		})
		t.Log(name)
		wantCause(t, err, fault.Data)
	}
	m, other := f.letter(n).Message, f.put(f.inbox, f.content())
	for _, do := range []func(*Tx) error{
		func(tx *Tx) error { return tx.Move([]MessageID{m}, f.inbox) },
		func(tx *Tx) error { return tx.Delete([]MessageID{m}) },
		func(tx *Tx) error { return tx.DeleteNow([]MessageID{m}) },
		func(tx *Tx) error { return tx.Move([]MessageID{other}, f.role(RoleOutbox)) },
	} {
		wantCause(t, f.Write(context.Background(), "outbox", do), fault.Data)
	}
}

func TestQueueTakesTheDraft(t *testing.T) {
	f := newFixture(t, POP)
	var d DraftID
	f.write(func(tx *Tx) (err error) {
		if d, err = tx.NewDraft(f.account, 0); err != nil {
			return err
		}
		return tx.SaveDraft(d, day, "text", nil, NewContent{})
	})
	f.queue(func(l *NewLetter) { l.Draft = d }, "bob@example.org")
	f.read(func(v *View) error {
		all, err := v.Drafts()
		if len(all) != 0 {
			t.Errorf("drafts left: %+v", all)
		}
		return err
	})
	if left := f.list(List{Folder: f.role(RoleDrafts)}); len(left) != 0 {
		t.Errorf("the Drafts folder shows %v", left)
	}
}

// Who has the letter is never written to again, whatever comes after.
func TestPartlySent(t *testing.T) {
	f := newFixture(t, POP)
	n := f.queue(nil, "a@example.org", "b@example.org")
	frozen := f.frozen(n)
	f.write(func(tx *Tx) error { return tx.LetterSending(n, frozen) })
	f.write(func(tx *Tx) error {
		return tx.LetterDot(n, day, []Recipient{{Address: "a@example.org", State: RecipientAccepted}, {Address: "b@example.org", State: RecipientQueued, Reply: "451 later"}})
	})
	f.write(func(tx *Tx) error { return tx.LetterSent(n, day, "250 ok") })
	l := f.letter(n)
	if l.State != OutQueued || !l.Recipients[0].Sent || l.Recipients[1].State != RecipientQueued || !l.NotBefore.Equal(day.Add(partlyWait)) {
		t.Fatalf("after the first attempt: %+v", l)
	}
	f.write(func(tx *Tx) error { return tx.LetterSending(n, NewContent{}) })
	f.write(func(tx *Tx) error { return tx.LetterDot(n, day, nil) })
	f.write(func(tx *Tx) error { return tx.LetterUnsure(n, "cut") })
	f.write(func(tx *Tx) error { return tx.ConfirmLetter(n, false) })
	l = f.letter(n)
	if l.State != OutQueued || !l.Recipients[0].Sent || l.Recipients[1].State != RecipientQueued {
		t.Fatalf("to be sent again: %+v", l)
	}
	f.write(func(tx *Tx) error {
		got, err := tx.EvidenceOf(f.account, []string{"other@example.org", "", l.HeaderID})
		if got != 0 { // it may be of the one who has it
			t.Errorf("settled %d", got)
		}
		return err
	})
	if l := f.letter(n); l.State != OutQueued || l.Recipients[1].Sent {
		t.Errorf("after what is no evidence: %+v", l)
	}
}

func TestBytesAreFrozenOnce(t *testing.T) {
	f := newFixture(t, POP)
	n := f.queue(nil, "bob@example.org")
	first := f.frozen(n)
	f.write(func(tx *Tx) error { return tx.LetterSending(n, first) })
	f.write(func(tx *Tx) error { return tx.LetterAgain(n, "cut", day, nil, false) })
	second := f.frozen(n)
	wantCause(t, f.Write(context.Background(), "again", func(tx *Tx) error { return tx.LetterSending(n, second) }), fault.Data)
	other := f.queue(nil, "bob@example.org")
	wrong := f.frozen(other)
	wrong.HeaderID = "another@example.org"
	wantCause(t, f.Write(context.Background(), "wrong", func(tx *Tx) error { return tx.LetterSending(other, wrong) }), fault.Data)
	f.write(func(tx *Tx) error { return tx.LetterSending(n, NewContent{}) })
	if m := f.message(f.letter(n).Message); m.Blob != first.Blob {
		t.Error("the bytes changed")
	}
}

func TestWhenLettersAreDue(t *testing.T) {
	f := newFixture(t, POP)
	now := f.queue(nil, "a@example.org")
	held := f.queue(func(l *NewLetter) { l.HoldReason = "undo" }, "a@example.org")
	later := f.queue(func(l *NewLetter) { l.NotBefore = day.Add(time.Hour) }, "a@example.org")
	failed := f.queue(nil, "a@example.org")
	f.write(func(tx *Tx) error { return tx.LetterAgain(failed, "offline", day.Add(time.Minute), nil, false) })
	check := func(what string, want ...OutboxID) {
		t.Helper()
		got := f.due()
		if len(got) != len(want) {
			t.Fatalf("%s: due are %v, want %v", what, got, want)
		}
		for i := range got {
			if got[i] != want[i] {
				t.Fatalf("%s: due are %v, want %v", what, got, want)
			}
		}
	}
	check("at first", now)
	f.write(func(tx *Tx) error { return tx.WakeLetters(f.account) })
	check("awake", now, failed)
	f.write(func(tx *Tx) error { return tx.RetryLetter(held) })
	check("released", now, held, failed)
	f.clock.Advance(2 * time.Hour)
	check("an hour later", now, held, later, failed)
	f.write(func(tx *Tx) error {
		return tx.LetterRefused(now, "550 no", []Recipient{{Address: "a@example.org", State: RecipientRefused, Reply: "550 no"}})
	})
	check("one refused", held, later, failed)
	f.write(func(tx *Tx) error { return tx.CancelLetter(later) })
	check("one cancelled", held, failed)
	if m := f.message(f.letter(later).Message); m.Folder != f.trash {
		t.Errorf("the cancelled letter lies in %d", m.Folder)
	}
	f.write(func(tx *Tx) error { return tx.RetryLetter(now) })
	check("the refused one again", now, held, failed)
	if r := f.letter(now).Recipients[0]; r.State != RecipientQueued {
		t.Errorf("its recipient is %+v", r)
	}
	f.read(func(v *View) error {
		at, ok, err := v.NextLetter(f.account)
		if !ok || !at.IsZero() {
			t.Errorf("the next is due at %v, %v", at, ok)
		}
		return err
	})
}

func TestRecoverLetters(t *testing.T) {
	f := newFixture(t, POP)
	before, after := f.queue(nil, "a@example.org"), f.queue(nil, "a@example.org")
	for _, n := range []OutboxID{before, after} {
		frozen := f.frozen(n)
		f.write(func(tx *Tx) error { return tx.LetterSending(n, frozen) })
	}
	f.write(func(tx *Tx) error { return tx.LetterDot(after, day, nil) })
	f.write(func(tx *Tx) error { return tx.RecoverLetters(0) })
	if got := f.letter(before).State; got != OutQueued {
		t.Errorf("interrupted before the dot: %s", got)
	}
	if got := f.letter(after).State; got != OutUnsure {
		t.Errorf("interrupted after the dot: %s", got)
	}
}
