package localstore

import (
	"slices"
	"strings"
	"time"
)

// userLetterIn is letterIn for what a person asked for: another state is
// nobody's defect.
func (tx *Tx) userLetterIn(n OutboxID, text string, states ...OutboxState) (Letter, error) {
	l, err := tx.Letter(n)
	if err == nil && !slices.Contains(states, l.State) {
		err = refuse("outbox", text)
	}
	return l, err
}

// ConfirmLetter answers an unsure letter: sent, or to be sent again.
func (tx *Tx) ConfirmLetter(n OutboxID, sent bool) error {
	l, err := tx.userLetterIn(n, "It is known what became of this letter.", OutUnsure)
	if err != nil {
		return err
	}
	if sent {
		return tx.letterOut(l, l.DotAt, "as the sender says")
	}
	tx.noteLetter(l)
	if err := tx.do(unsureAgain, n); err != nil {
		return err
	}
	return tx.do(letterRetry, n)
}

// CancelLetter takes a letter back; refused with cause Data from 'sending' on.
// Its message goes to the Trash on this computer, or to Sent where somebody has
// it already.
func (tx *Tx) CancelLetter(n OutboxID) error {
	l, err := tx.userLetterIn(n, "This letter is on its way already and cannot be taken back.", OutQueued, OutHeld, OutRefused)
	if err != nil {
		return err
	}
	tx.noteLetter(l)
	if err := tx.do(letterState, OutCancelled, "", n); err != nil {
		return err
	}
	s, ok, err := tx.subject(l.Message)
	if err != nil || !ok || s.role != RoleOutbox {
		return err
	}
	role := RoleTrash
	if slices.ContainsFunc(l.Recipients, func(r Recipient) bool { return r.Sent }) {
		role = RoleSent
	}
	folder, err := tx.ensureRole(l.Account, role)
	if err != nil {
		return err
	}
	return tx.setPlace(s, folder)
}

// RetryLetter makes a queued, held or refused letter due now. Recipients that
// were refused are asked again.
func (tx *Tx) RetryLetter(n OutboxID) error {
	l, err := tx.userLetterIn(n, "This letter is not waiting to be sent.", OutQueued, OutHeld, OutRefused)
	if err != nil {
		return err
	}
	if l.State == OutRefused {
		if err := tx.do(refusedAgain, n); err != nil {
			return err
		}
	}
	tx.noteLetter(l)
	return tx.do(letterRetry, n)
}

// WakeLetters makes every queued letter of an account (0: of all) due that
// waits only for its back-off: coming online, waking up, changed settings. A
// time that the user chose stays.
func (tx *Tx) WakeLetters(account AccountID) error {
	woken, err := tx.touch(wakeLetters, account)
	if woken > 0 {
		tx.note(Change{Topic: TopicOutbox, Kind: Changed, Account: account})
	}
	return err
}

// EvidenceOf settles letters that may be out and whose Message-ID was seen in a
// mail of the account, as its Message-ID or among its References: unsure ones,
// and those that are to be sent again after that. Of a letter that somebody had
// before, it tells nothing.
func (tx *Tx) EvidenceOf(account AccountID, headerIDs []string) (settled int, err error) {
	for _, h := range headerIDs {
		if h == "" {
			continue
		}
		found, err := collect(tx.session, lettersUnsure, scanID[OutboxID], account, h)
		if err != nil {
			return settled, err
		}
		for _, n := range found {
			l, err := tx.Letter(n)
			if err != nil {
				return settled, err
			}
			if l.partlySent() {
				continue
			}
			if err := tx.letterSeen(l); err != nil {
				return settled, err
			}
			settled++
		}
	}
	return settled, nil
}

// LookedForLetters notes that all mail of an account was received, and those of
// its letters that are unsure were not seen in it.
func (tx *Tx) LookedForLetters(account AccountID) error {
	n, err := tx.touch(lettersLooked, tx.s.clock.Now().Unix(), account)
	if n > 0 {
		tx.note(Change{Topic: TopicOutbox, Kind: Changed, Account: account})
	}
	return err
}

// letterSeen records that a letter was seen: who was accepted at the attempt of
// which nobody knew has it.
func (tx *Tx) letterSeen(l Letter) error {
	for i, r := range l.Recipients {
		if r.State != RecipientQueued || !strings.HasPrefix(r.Reply, unsureMark) {
			continue
		}
		l.Recipients[i].State = RecipientAccepted
		if err := tx.do(setRecipient, RecipientAccepted, "", l.N, r.Address); err != nil {
			return err
		}
	}
	return tx.letterOut(l, l.DotAt, "seen in the mail")
}

// ForgetLetters removes what was filed or cancelled more than 400 days ago from
// the outbox; the letters themselves stay where they are.
func (tx *Tx) ForgetLetters(now time.Time) error {
	return tx.do(lettersDone, now.AddDate(0, 0, -400).Unix())
}
