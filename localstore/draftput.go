package localstore

import (
	"time"
)

// How long a draft rests before it goes to its server, and how long it may be
// written without a rest.
const (
	draftRest = 45 * time.Second
	draftMost = 5 * time.Minute
)

// filesASecond is how many bytes of attached files make it rest a second more:
// all of them travel again with each version.
const filesASecond = 20 << 10

// draftsUnput selects drafts with a version that their message does not hold:
// its newest and its oldest, and the size of its files. Those that were thrown away stay as they are.
const draftsUnput = `SELECT d.id, max(v.at), min(v.at), (SELECT coalesce(sum(size), 0) FROM draft_files WHERE draft_id = d.id) FROM drafts d CROSS JOIN draft_versions v ON v.draft_id = d.id AND v.at > d.put_at
	JOIN accounts a ON a.id = d.account_id AND a.mode = 'imap'
	WHERE d.account_id = ?1 AND NOT EXISTS (SELECT 1 FROM messages m JOIN folders f ON f.id = m.folder_id
		WHERE m.id = d.message_id AND (f.role = 'trash' OR m.state = 'deleted'))
	GROUP BY d.id ORDER BY d.id`

var (
	unputDrafts = onMail(draftsUnput)
	draftPut    = onMail(`UPDATE drafts SET put_at = ?, message_id = ?, own = 1 WHERE id = ?`)
	draftLeft   = onMail(`UPDATE drafts SET put_at = max(put_at, ?) WHERE id = ?`)
	draftOwn    = onMail(`SELECT own FROM drafts WHERE id = ?`)
	draftTaken  = onMail(`UPDATE drafts SET message_id = ?, own = 0 WHERE id = ?`)
)

// unputDraft is a draft of which the server does not know the newest version.
type unputDraft struct {
	id             DraftID
	newest, oldest int64
	files          int64 // bytes
}

// due is when it is to be put on the server.
func (d unputDraft) due() time.Time {
	more := time.Duration(d.files/filesASecond) * time.Second
	rested := fromUnix(d.newest).Add(draftRest + more)
	if most := fromUnix(d.oldest).Add(draftMost + 5*more); most.Before(rested) {
		return most
	}
	return rested
}

func (v *View) unputDrafts(account AccountID) ([]unputDraft, error) {
	return collect(v.session, unputDrafts, func(r scanner) (d unputDraft, err error) {
		err = r.Scan(&d.id, &d.newest, &d.oldest, &d.files)
		return d, err
	}, account)
}

// DueDrafts returns the drafts of an IMAP account that are to be put on its
// server: changed since, and not written on for 45 seconds, or written on for five minutes
// without such a rest. With large files all of it takes longer.
func (v *View) DueDrafts(account AccountID, now time.Time) ([]DraftText, error) {
	all, err := v.unputDrafts(account)
	var due []DraftText
	for _, d := range all {
		if err != nil || d.due().After(now) {
			continue
		}
		var text DraftText
		text, err = v.Draft(d.id)
		due = append(due, text)
	}
	return due, err
}

// NextDraft returns when the next draft of an account is due; zero where none
// is.
func (v *View) NextDraft(account AccountID) (next time.Time, err error) {
	all, err := v.unputDrafts(account)
	for _, d := range all {
		if due := d.due(); next.IsZero() || due.Before(next) {
			next = due
		}
	}
	return next, err
}

// PutDraft shows a version of a draft as c, the whole letter, in the Drafts
// folder of its server, with a pending append. The copy that shows an earlier
// version leaves the server when the append is confirmed, never before: where
// another program wrote it, to the Trash. A version that is not the newest any
// more, and an account without a server, change nothing.
func (tx *Tx) PutDraft(id DraftID, version time.Time, c NewContent) error {
	d, err := tx.Draft(id)
	if err != nil || !d.At.Equal(version) {
		return err
	}
	folder, err := tx.ensureRole(d.Account, RoleDrafts)
	if err != nil {
		return err
	}
	target, err := tx.destination(folder)
	if err == nil {
		target, err = tx.onServer(target)
	}
	if err != nil || !target.onward || target.mode != IMAP {
		return err
	}
	c.Account = d.Account
	content, err := tx.AddContent(c)
	if err != nil {
		return err
	}
	m, err := tx.AddMessage(NewMessage{Folder: folder, Content: content, Arrived: tx.s.clock.Now(), Flags: Draft | Seen})
	if err != nil {
		return err
	}
	by, err := tx.put(Pending{Account: d.Account, Message: m, Kind: PendAppend, Target: folder})
	if err != nil {
		return err
	}
	if err := tx.replaceDraft(d, by); err != nil {
		return err
	}
	tx.note(Change{Topic: TopicDrafts, Kind: Changed, Account: d.Account, Message: m})
	return tx.do(draftPut, version.Unix(), m, id)
}

// LeaveDraft notes that a version of a draft is not to be put on the server:
// nothing is in it, or it cannot be read.
func (tx *Tx) LeaveDraft(id DraftID, version time.Time) error {
	return tx.do(draftLeft, version.Unix(), id)
}

// replaceDraft removes the message that shows an earlier version of a draft,
// once the append by is confirmed where a server holds it.
func (tx *Tx) replaceDraft(d DraftText, by PendingID) error {
	s, ok, err := tx.subject(d.Message)
	if err != nil || !ok || s.state != Shown {
		return err // another client removed it, and what is in the hold stays there
	}
	own, err := tx.number(draftOwn, d.Draft)
	if err != nil {
		return err
	}
	append := s.intents[PendAppend]
	switch {
	case s.at != 0 && own == 0:
		return tx.trashAfter(s, by)
	case s.at != 0 || append.State == PendSent:
		return tx.retire(s, by)
	}
	// What is to leave the server for it leaves for the new one.
	if err := tx.unappend(append, by); err != nil {
		return err
	}
	return tx.removeHere(s)
}

// trashAfter moves a message to the Trash when an intent is confirmed.
func (tx *Tx) trashAfter(s subject, after PendingID) error {
	trash, err := tx.trash(s.account)
	if err == nil {
		trash, err = tx.reach(trash)
	}
	if err == nil {
		err = tx.moveTracked(s, trash.ID)
	}
	if err != nil {
		return err
	}
	of, err := tx.intentsOf(s.id)
	if err != nil {
		return err
	}
	move, moving := of[PendMove]
	if !moving {
		return nil
	}
	move.After = after
	_, err = tx.put(move)
	return err
}

// ContinueDraft makes a draft of a message in a Drafts folder that another
// program wrote: what is saved replaces it. A message that is gone, or that
// shows a draft already, is left alone.
func (tx *Tx) ContinueDraft(id DraftID, message MessageID) error {
	d, err := tx.Draft(id)
	if err != nil {
		return err
	}
	s, ok, err := tx.subject(message)
	if err != nil || !ok || s.state != Shown || s.role != RoleDrafts || s.account != d.Account {
		return err
	}
	if _, taken, err := tx.DraftOf(message); err != nil || taken {
		return err
	}
	return tx.do(draftTaken, message, id)
}

// SentDraft deletes a draft that another program wrote and that is a letter in
// the outbox now. What is not in a Drafts folder any more is left alone.
func (tx *Tx) SentDraft(message MessageID) error {
	s, ok, err := tx.subject(message)
	if err != nil || !ok || s.state != Shown || s.role != RoleDrafts {
		return err
	}
	return tx.DeleteNow([]MessageID{message})
}
