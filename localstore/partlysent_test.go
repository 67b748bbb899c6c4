package localstore

import (
	"testing"
	"time"
)

// TestTheFirstRecipientsCopyIsNoEvidenceForTheOthers: a letter that one has and
// another may have is asked about, whatever the first's copy and answer show.
func TestTheFirstRecipientsCopyIsNoEvidenceForTheOthers(t *testing.T) {
	f := newFixture(t, IMAP)
	n := f.queue(nil, "a@example.org", "b@example.org")
	f.write(func(tx *Tx) error {
		if err := tx.LetterSending(n, NewContent{}); err != nil {
			return err
		}
		if err := tx.LetterDot(n, f.clock.Now(), []Recipient{{Address: "b@example.org", State: RecipientQueued, Reply: "451 later"}}); err != nil {
			return err
		}
		return tx.LetterSent(n, f.clock.Now(), "queued")
	})
	copied := f.whole(f.content())
	copied.HeaderID = f.letter(n).HeaderID
	f.put(f.role(RoleSent), copied) // the provider files its own
	f.clock.Advance(time.Hour)
	f.write(func(tx *Tx) error {
		if err := tx.LetterSending(n, NewContent{}); err != nil {
			return err
		}
		if err := tx.LetterDot(n, f.clock.Now(), nil); err != nil {
			return err
		}
		return tx.LetterUnsure(n, "cut")
	})
	unsure := func(when string) {
		t.Helper()
		if l := f.letter(n); l.State != OutUnsure || l.Recipients[1].Sent {
			t.Errorf("%s: %s, %+v", when, l.State, l.Recipients)
		}
	}
	unsure("a copy of the first")
	f.write(func(tx *Tx) error {
		_, err := tx.EvidenceOf(f.account, []string{f.letter(n).HeaderID})
		return err
	})
	unsure("an answer of the first")
	f.write(func(tx *Tx) error { return tx.ConfirmLetter(n, true) })
	if l := f.letter(n); !l.Recipients[1].Sent {
		t.Errorf("the user's word: %+v", l.Recipients)
	}
}

// TestRecoverLettersOfOneAccount leaves those of others alone, which may be on
// their way.
func TestRecoverLettersOfOneAccount(t *testing.T) {
	f := newFixture(t, IMAP)
	n := f.queue(nil, "a@example.org")
	f.write(func(tx *Tx) error {
		if err := tx.LetterSending(n, NewContent{}); err != nil {
			return err
		}
		return tx.RecoverLetters(f.account + 1)
	})
	if l := f.letter(n); l.State != OutSending {
		t.Errorf("another account's: %s", l.State)
	}
	f.write(func(tx *Tx) error { return tx.RecoverLetters(f.account) })
	if l := f.letter(n); l.State != OutQueued {
		t.Errorf("its own: %s", l.State)
	}
}
