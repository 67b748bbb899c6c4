package localstore

import (
	"fmt"
	"slices"
	"time"

	"paquebot.app/internal/fault"
)

var (
	letterSending = onMail(`UPDATE outbox SET state = 'sending', dot_at = 0 WHERE id = ?`)
	freezeLetter  = onMail(`UPDATE contents SET blob_id = ?, size = ?, fields_hash = ?, header_hash = ?, sent_at = ?, sent_zone = ? WHERE id = ?`)
	letterDot     = onMail(`UPDATE outbox SET dot_at = ? WHERE id = ?`)
	letterSent    = onMail(`UPDATE outbox SET state = 'sent', sent_at = ?, error = '', hold_reason = '', newer_id = 0 WHERE id = ?`)
	letterState   = onMail(`UPDATE outbox SET state = ?, error = ? WHERE id = ?`)
	letterUnsure  = onMail(`UPDATE outbox SET state = 'unsure', error = ?, looked_at = 0 WHERE id = ?`)
	letterAgain   = onMail(`UPDATE outbox SET state = 'queued', dot_at = 0, error = ?, not_before = ?, attempts = attempts + ? WHERE id = ?`)
	letterRetry   = onMail(`UPDATE outbox SET state = 'queued', hold_reason = '', newer_id = 0, error = '', not_before = 0 WHERE id = ?`)
	letterPart    = onMail(`UPDATE outbox SET state = 'queued', dot_at = 0, sent_at = ?, error = ?, not_before = ? WHERE id = ?`)
	wakeLetters   = onMail(`UPDATE outbox SET not_before = 0 WHERE (?1 = 0 OR account_id = ?1) AND state = 'queued' AND error <> '' AND not_before > 0`)
	// Who has the letter is never written to again.
	setRecipient  = onMail(`UPDATE outbox_recipients SET state = ?, reply = ? WHERE outbox_id = ? AND address = ? AND substr(reply, 1, 6) <> 'sent: '`)
	acceptedSent  = onMail(`UPDATE outbox_recipients SET reply = 'sent: ' || ? WHERE outbox_id = ? AND state = 'accepted' AND substr(reply, 1, 6) <> 'sent: '`)
	acceptedAgain = onMail(`UPDATE outbox_recipients SET state = 'queued', reply = '' WHERE outbox_id = ? AND state = 'accepted' AND substr(reply, 1, 6) <> 'sent: '`)
	refusedAgain  = onMail(`UPDATE outbox_recipients SET state = 'queued', reply = '' WHERE outbox_id = ? AND state = 'refused'`)
	// Asked to be sent again: nobody knew whether these have it.
	unsureAgain   = onMail(`UPDATE outbox_recipients SET state = 'queued', reply = 'unsure: no answer came' WHERE outbox_id = ? AND state = 'accepted' AND substr(reply, 1, 6) <> 'sent: '`)
	acceptOthers  = onMail(`UPDATE outbox_recipients SET state = 'accepted' WHERE outbox_id = ? AND state = 'queued' AND NOT EXISTS (SELECT 1 FROM json_each(?) WHERE value = address)`)
	lettersUnsure = onMail(`SELECT o.id FROM outbox o WHERE o.account_id = ? AND o.header_id = ? AND (o.state = 'unsure' OR o.state IN ('queued', 'held', 'refused')
		AND EXISTS (SELECT 1 FROM outbox_recipients r WHERE r.outbox_id = o.id AND r.state = 'queued' AND substr(r.reply, 1, 8) = 'unsure: '))`)
	lettersLooked = onMail(`UPDATE outbox SET looked_at = ? WHERE account_id = ? AND state = 'unsure' AND looked_at = 0`)
	lettersDone   = onMail(`DELETE FROM outbox WHERE state IN ('filed', 'cancelled') AND queued_at < ?`)
	letterInSent  = onMail(`SELECT count(*) FROM contents c CROSS JOIN messages m ON m.content_id = c.id CROSS JOIN folders f ON f.id = m.folder_id
		WHERE c.account_id = ? AND c.header_id = ? AND c.header_id <> '' AND c.id <> ? AND f.role = 'sent' AND m.state = 'shown'`)
	letterElsewhere = onMail(`SELECT count(*) FROM contents c CROSS JOIN messages m ON m.content_id = c.id
		WHERE c.account_id = ?1 AND c.header_id = ?2 AND c.header_id <> '' AND c.id <> ?3 AND m.id > (SELECT seen_up_to FROM outbox WHERE id = ?4)`)
	sentForContent = onMail(`SELECT id FROM messages WHERE content_id = ? AND state = 'shown'`)
)

// partlyWait is how long a letter waits that only some recipients have.
const partlyWait = 5 * time.Minute

// letterIn returns a letter that is in one of the states; for another state the
// error is a defect of the caller, and nothing is changed.
func (tx *Tx) letterIn(n OutboxID, doing string, states ...OutboxState) (Letter, error) {
	l, err := tx.Letter(n)
	if err == nil && !slices.Contains(states, l.State) {
		err = wrongState(l, doing)
	}
	return l, err
}

func wrongState(l Letter, doing string) error {
	return &fault.Error{Remedy: fault.Bug, Scope: fault.Message, Cause: fault.Data, Op: "outbox",
		Text: fmt.Sprintf("Letter %d is %s: %s is not possible.", l.N, l.State, doing)}
}

func (tx *Tx) noteLetter(l Letter) {
	tx.note(Change{Topic: TopicOutbox, Kind: Changed, Account: l.Account, Message: l.Message, Content: l.Content})
}

// LetterSending records the beginning of an attempt. frozen, when its blob is
// not 0, gives the letter the bytes that will go out (Date set): once, at the
// first attempt, and never after (Letter.Frozen).
func (tx *Tx) LetterSending(n OutboxID, frozen NewContent) error {
	l, err := tx.letterIn(n, "sending", OutQueued)
	if err != nil {
		return err
	}
	if frozen.Blob != 0 {
		if l.Frozen || frozen.HeaderHash == [32]byte{} || frozen.HeaderID != l.HeaderID {
			return wrongState(l, "changing its bytes")
		}
		frozen.Body = BodyWhole
		if err := tx.needBlobs(frozen); err != nil {
			return err
		}
		sent, zone := sentColumns(frozen.Sent)
		if err := tx.do(freezeLetter, frozen.Blob, frozen.Size, frozen.FieldsHash[:], frozen.HeaderHash[:], sent, zone, l.Content); err != nil {
			return err
		}
		if err := tx.noteShown(l.Content); err != nil {
			return err
		}
	}
	tx.noteLetter(l)
	return tx.do(letterSending, n)
}

// LetterDot records, before the final dot is written, that it will be, and
// which recipients the server accepted, refused or put off ('queued'). Those
// that are not named count as accepted: nobody is sent to twice.
func (tx *Tx) LetterDot(n OutboxID, at time.Time, recipients []Recipient) error {
	l, err := tx.letterIn(n, "the final dot", OutSending)
	if err != nil {
		return err
	}
	if !l.DotAt.IsZero() {
		return wrongState(l, "a second final dot")
	}
	if err := tx.setRecipients(n, recipients); err != nil {
		return err
	}
	named := make([]string, len(recipients))
	for i, r := range recipients {
		named[i] = r.Address
	}
	if err := tx.do(acceptOthers, n, jsonWords(named)); err != nil {
		return err
	}
	tx.noteLetter(l)
	return tx.do(letterDot, at.Unix(), n)
}

func (tx *Tx) setRecipients(n OutboxID, recipients []Recipient) error {
	for _, r := range recipients {
		if err := tx.do(setRecipient, r.State, r.Reply, n, r.Address); err != nil {
			return err
		}
	}
	return nil
}

// LetterSent records the server's 250: the letter is out. \Answered is set on
// what it answers, in the same commit. Recipients that were put off stay
// queued: then the letter goes back to 'queued' for them alone, to be tried in
// five minutes.
func (tx *Tx) LetterSent(n OutboxID, at time.Time, reply string) error {
	l, err := tx.letterIn(n, "being sent", OutSending)
	if err != nil {
		return err
	}
	if l.DotAt.IsZero() {
		return wrongState(l, "being sent without a final dot")
	}
	return tx.letterOut(l, at, reply)
}

// letterOut records that the recipients who were accepted have the letter.
func (tx *Tx) letterOut(l Letter, at time.Time, reply string) error {
	if at.IsZero() {
		at = tx.s.clock.Now()
	}
	tx.noteLetter(l)
	if err := tx.do(acceptedSent, reply, l.N); err != nil {
		return err
	}
	if l.Answers != 0 {
		shown, err := collect(tx.session, sentForContent, scanID[MessageID], l.Answers)
		if err != nil {
			return err
		}
		if err := tx.SetFlags(shown, Answered, 0); err != nil {
			return err
		}
	}
	if slices.ContainsFunc(l.Recipients, func(r Recipient) bool { return r.State == RecipientQueued }) {
		return tx.do(letterPart, at.Unix(), "Some recipients have it; the others are tried again.", at.Add(partlyWait).Unix(), l.N)
	}
	return tx.do(letterSent, at.Unix(), l.N)
}

// LetterFiled records that its copy lies in Sent: the message moves there from
// the Outbox. With append true and an IMAP server a pending append is left, and
// the Sent folder is made where the server has none.
func (tx *Tx) LetterFiled(n OutboxID, appendCopy bool) error {
	l, err := tx.letterIn(n, "being filed", OutSent)
	if err != nil {
		return err
	}
	tx.noteLetter(l)
	if err := tx.do(letterState, OutFiled, "", n); err != nil {
		return err
	}
	sent, err := tx.ensureRole(l.Account, RoleSent)
	if err != nil {
		return err
	}
	s, ok, err := tx.subject(l.Message)
	if err != nil || !ok || s.role != RoleOutbox {
		return err
	}
	if !l.Frozen && l.DotAt.IsZero() {
		return tx.fileElsewhere(l, s, sent)
	}
	target, err := tx.destination(sent)
	if err == nil && appendCopy {
		target, err = tx.onServer(target)
	}
	if err != nil {
		return err
	}
	if appendCopy && target.onward {
		// Source 0: taken back, it stays in Sent, on this computer.
		s.folder = 0
		return tx.putOnward(s, target)
	}
	return tx.setPlace(s, sent)
}

// fileElsewhere files a letter that went out from another copy of the profile,
// with a Date of its own: what lies in Sent is that one, and ours is no second.
func (tx *Tx) fileElsewhere(l Letter, s subject, sent FolderID) error {
	there, err := tx.number(letterInSent, l.Account, l.HeaderID, l.Content)
	switch {
	case err != nil:
		return err
	case there > 0:
		return tx.removeHere(s)
	}
	return tx.setPlace(s, sent)
}

// LetterAgain returns a letter to 'queued' after a failure that time mends, to
// be tried at notBefore. counted says that the server answered; after the final
// dot only its answer allows another try. recipients are as this attempt leaves
// them: whoever has the letter already stays so.
func (tx *Tx) LetterAgain(n OutboxID, words string, notBefore time.Time, recipients []Recipient, counted bool) error {
	l, err := tx.letterIn(n, "trying again", OutSending, OutQueued)
	if err != nil {
		return err
	}
	if l.State == OutSending && !l.DotAt.IsZero() && !counted {
		return wrongState(l, "trying again without an answer to the final dot")
	}
	if err := tx.setRecipients(n, recipients); err != nil {
		return err
	}
	// Nobody got it by this attempt.
	if err := tx.do(acceptedAgain, n); err != nil {
		return err
	}
	if words == "" {
		words = "It is tried again."
	}
	tx.noteLetter(l)
	return tx.do(letterAgain, words, unix(notBefore), oneIf(counted), n)
}

// LetterRefused records a refusal for good, with the server's words.
func (tx *Tx) LetterRefused(n OutboxID, words string, recipients []Recipient) error {
	l, err := tx.letterIn(n, "being refused", OutSending, OutQueued)
	if err != nil {
		return err
	}
	if err := tx.setRecipients(n, recipients); err != nil {
		return err
	}
	if err := tx.do(acceptedAgain, n); err != nil {
		return err
	}
	tx.noteLetter(l)
	if err := tx.do(letterDot, 0, n); err != nil {
		return err
	}
	return tx.do(letterState, OutRefused, words, n)
}

// LetterUnsure records that the final dot went out and no answer came.
func (tx *Tx) LetterUnsure(n OutboxID, why string) error {
	l, err := tx.letterIn(n, "being unsure", OutSending)
	if err != nil {
		return err
	}
	if l.DotAt.IsZero() {
		return wrongState(l, "being unsure without a final dot")
	}
	tx.noteLetter(l)
	if err := tx.do(letterUnsure, why, n); err != nil || l.partlySent() {
		return err
	}
	// A copy of it may have come before the line broke. What was there when it was
	// queued is none: a mail that is redirected keeps its Message-ID.
	there, err := tx.number(letterElsewhere, l.Account, l.HeaderID, l.Content, n)
	if err != nil || there == 0 {
		return err
	}
	return tx.letterSeen(l)
}

// partlySent tells whether somebody has the letter by an earlier attempt: a copy of
// it, or an answer, is no evidence for the others.
func (l Letter) partlySent() bool {
	return slices.ContainsFunc(l.Recipients, func(r Recipient) bool { return r.Sent })
}

// RecoverLetters settles what a crash or a full disk left 'sending' of an account,
// 0: of all: without dot_at back to 'queued', with it 'unsure'. Only the holder of
// Lock calls it, while nothing of the account is being sent.
func (tx *Tx) RecoverLetters(account AccountID) error {
	left, err := tx.letters(lettersSending, account)
	if err != nil {
		return err
	}
	for _, l := range left {
		if l.DotAt.IsZero() {
			err = tx.LetterAgain(l.N, "Paquebot was interrupted before the letter was out.", time.Time{}, nil, false)
		} else {
			err = tx.LetterUnsure(l.N, "Paquebot was interrupted before the server's answer came.")
		}
		if err != nil {
			return err
		}
	}
	return nil
}
