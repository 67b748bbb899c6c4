package localstore

import (
	"fmt"
	"time"

	"paquebot.app/internal/fault"
)

var (
	appendSent = onMail(`UPDATE pending SET state = 'sent', uidnext_before = ? WHERE id = ? AND kind IN ('append', 'copy', 'move', 'folder-delete')`)
	refused    = onMail(`UPDATE pending SET attempts = attempts + 1, error = ?, not_before = ?,
		state = CASE WHEN attempts + 1 >= 3 THEN 'stuck' WHEN kind IN ('move', 'folder-delete') THEN state ELSE 'ready' END,
		uidnext_before = CASE WHEN kind IN ('move', 'folder-delete') THEN uidnext_before ELSE 0 END WHERE id = ?`)
	putOff     = onMail(`UPDATE pending SET error = ?, not_before = ? WHERE id = ?`)
	folderGone = onMail(`DELETE FROM folders WHERE id = ?`)
	// There is no index for what is not shown: few folders are ever deleted.
	messagesIn = scanning(onMail(`SELECT id FROM messages WHERE folder_id = ?`))
	heldIn     = scanning(onMail(`SELECT id FROM messages WHERE folder_id = ? AND state = 'held'`))
	markedIn   = scanning(onMail(`SELECT m.id, c.body_state FROM messages m JOIN contents c ON c.id = m.content_id
		WHERE m.folder_id = ? AND m.state = 'deleted'`))
	leftBehind = onMail(`DELETE FROM remote_folders WHERE folder_id = ?`)
)

// AppendSent records, before APPEND (or COPY, also as part of a move or of the
// deletion of a folder) is written, where to look for the message
// if the answer is lost. The message's flags and folder are to be read after
// this: what the user changes later becomes an intent of its own. The error of
// an append that was taken back has cause Missing.
func (tx *Tx) AppendSent(id PendingID, uidnextBefore uint32) error {
	n, err := tx.touch(appendSent, uidnextBefore, id)
	if err == nil && n == 0 {
		return unknown("append", "This was taken back meanwhile.")
	}
	return err
}

// PendingDone forgets a confirmed intent, frees what waited for it, and for a
// delete removes the message. p is what the server now has, as it was read
// from the store: flags go into the base. An intent that changed since it was
// read (the user went on) keeps what is not yet applied. The locations are
// written before: AddImapLocation for an append and a copy, Rebind for a move.
func (tx *Tx) PendingDone(p Pending) error {
	switch p.Kind {
	case PendFlags:
		return tx.flagsDone(p)
	case PendMove:
		return tx.moveDone(p)
	case PendCopy, PendAppend:
		return tx.copyDone(p)
	case PendDelete:
		return tx.deleteDone(p)
	case PendFolderDelete:
		return tx.folderDeleteDone(p)
	}
	return tx.folderNamed(p)
}

// flagsDone puts what was applied into the base; what is shown stays, and the
// difference that is left is the intent.
func (tx *Tx) flagsDone(p Pending) error {
	s, ok, err := tx.subject(p.Message)
	if err != nil || !ok {
		return err
	}
	shown, err := tx.shownMarks(s)
	if err != nil {
		return err
	}
	set, clear := p.marks()
	left := s.intents[PendFlags]
	left.Account, left.Message, left.Kind = s.account, s.id, PendFlags
	base, err := tx.baseOf(s, shown)
	if err != nil {
		return err
	}
	if s.state != Deleted { // deleting has dropped it already
		if err := tx.owe(left, base.with(set, clear), shown); err != nil {
			return err
		}
	}
	locations, err := tx.ImapLocationsOf(s.id)
	if err != nil {
		return err
	}
	for _, l := range locations {
		base := marks{l.BaseFlags, l.BaseKeywords}.with(set, clear)
		if err := tx.SetBase(l.ID, base.flags, base.words, 0); err != nil {
			return err
		}
	}
	return nil
}

// moveDone ends a move, or goes on to where the user moved the message since.
func (tx *Tx) moveDone(p Pending) error {
	s, ok, err := tx.subject(p.Message)
	if err != nil || !ok {
		return err
	}
	left, had := s.intents[PendMove]
	if gone, deleting := s.intents[PendDelete]; deleting {
		gone.Source = p.Target
		_, err := tx.put(gone)
		return err
	}
	switch {
	case had && left.Target == p.Target:
		if err := tx.drop(left); err != nil {
			return err
		}
		return tx.free(left.ID)
	case !had: // only a move back to where it came from leaves no intent
		left = Pending{Account: p.Account, Message: p.Message, Kind: PendMove, Target: p.Source}
	}
	left.Source = p.Target
	if _, err := tx.put(left); err != nil {
		return err
	}
	return tx.setPlace(s, left.Target)
}

// copyDone ends a copy or an append, or goes on to where the user moved the
// message since.
func (tx *Tx) copyDone(p Pending) error {
	left, ok, err := tx.pendingBy(p.ID)
	if err != nil || !ok {
		return err
	}
	if left.Target != p.Target {
		left.Kind, left.Source = PendMove, p.Target
		if _, err := tx.put(left); err != nil {
			return err
		}
	} else if err := tx.drop(left); err != nil {
		return err
	}
	return tx.free(p.ID)
}

func (tx *Tx) deleteDone(p Pending) error {
	_, ok, err := tx.pendingBy(p.ID)
	if err != nil || !ok {
		return err
	}
	if err := tx.drop(p); err != nil {
		return err
	}
	if err := tx.free(p.ID); err != nil {
		return err
	}
	return tx.RemoveMessage(p.Message)
}

// folderNamed ends the making or renaming of a folder, or goes on to the name
// the user gave it since.
func (tx *Tx) folderNamed(p Pending) error {
	left, ok, err := tx.pendingBy(p.ID)
	if err != nil || !ok {
		return err
	}
	if left.Name == p.Name {
		return tx.drop(left)
	}
	left.Kind, left.was = PendFolderRename, p.Name
	_, err = tx.put(left)
	return err
}

// folderDeleteDone removes a folder that the server has deleted. What another
// client had marked \Deleted in it goes by the keep rule; what came into it
// meanwhile is kept in the Trash, on this computer.
func (tx *Tx) folderDeleteDone(p Pending) error {
	if _, ok, err := tx.pendingBy(p.ID); err != nil || !ok {
		return err
	}
	if err := tx.drop(p); err != nil {
		return err
	}
	marked, err := collect(tx.session, markedIn, func(r scanner) (w waitingOne, err error) {
		err = r.Scan(&w.id, &w.body)
		return w, err
	}, p.Target)
	if err != nil {
		return err
	}
	for _, m := range marked {
		if m.body == BodyNone {
			err = tx.RemoveMessage(m.id)
		} else {
			err = tx.holdMessage(m.id)
		}
		if err != nil {
			return err
		}
	}
	if err := tx.do(leftBehind, p.Target); err != nil {
		return err
	}
	return tx.removeFolder(p.Target, p.Account)
}

// removeFolder removes a folder here. What is left in it is in the Trash then,
// and what was in the hold still is.
func (tx *Tx) removeFolder(id FolderID, account AccountID) error {
	held, err := collect(tx.session, heldIn, scanID[MessageID], id)
	if err != nil {
		return err
	}
	if len(held) > 0 {
		trash, err := tx.trash(account)
		if err != nil {
			return err
		}
		for _, m := range held {
			if err := tx.moveMessage(m, trash.ID); err != nil {
				return err
			}
		}
	}
	in, err := collect(tx.session, messagesIn, scanID[MessageID], id)
	if err != nil {
		return err
	}
	if len(in) > 0 {
		trash, err := tx.trash(account)
		if err != nil {
			return err
		}
		for _, m := range in {
			if err := tx.do(showIn, trash.ID, m); err != nil {
				return err
			}
		}
		tx.note(Change{Topic: TopicFolders, Kind: Changed, Account: account, Folder: trash.ID})
	}
	tx.note(Change{Topic: TopicFolders, Kind: Removed, Account: account, Folder: id})
	return tx.do(folderGone, id)
}

// PendingRefused counts an answer of the server that refused the intent: tried
// again at notBefore, stuck after three. A move keeps what was written down
// before its copy: what was refused may be the removal of the source behind it.
func (tx *Tx) PendingRefused(id PendingID, words string, notBefore time.Time) error {
	p, ok, err := tx.pendingBy(id)
	if err != nil || !ok {
		return err
	}
	tx.notePending(p)
	return tx.do(refused, words, unix(notBefore), id)
}

// PutOff leaves an intent for later. That is not counted.
func (tx *Tx) PutOff(id PendingID, words string, notBefore time.Time) error {
	p, ok, err := tx.pendingBy(id)
	if err != nil || !ok {
		return err
	}
	tx.notePending(p)
	return tx.do(putOff, words, unix(notBefore), id)
}

// PendingDropped forgets an intent whose message the server has no more, with
// a journal line that says so. What was to be deleted is gone then; what waited
// for the intent is stuck.
func (tx *Tx) PendingDropped(id PendingID, why string) error {
	p, ok, err := tx.pendingBy(id)
	if err != nil || !ok {
		return err
	}
	if err := tx.Journal(Note{Account: p.Account, Step: "intent dropped", Ref: fmt.Sprintf("%s %d", p.Kind, p.Message), Result: why}); err != nil {
		return err
	}
	if p.Kind == PendDelete {
		return tx.deleteDone(p)
	}
	return tx.drop(p)
}

// CancelPending takes back an intent that the server was not told: flags, place
// and state are again what the server says. A message that came by a copy or
// from another account goes again, and there it is shown again; what was to be
// put on a server from here stays here. An append that is under way, and a
// folder in use that is not made yet, are refused with cause Data.
func (tx *Tx) CancelPending(id PendingID) error {
	p, ok, err := tx.pendingBy(id)
	if err != nil {
		return err
	}
	if !ok {
		return unknown("cancel", "There is no such action waiting. It may be done already.")
	}
	if p.Message == 0 {
		return tx.cancelFolder(p)
	}
	s, ok, err := tx.subject(p.Message)
	if err != nil || !ok {
		return err
	}
	switch p.Kind {
	case PendFlags:
		return tx.cancelFlags(s, p)
	case PendMove:
		if err := tx.drop(p); err != nil {
			return err
		}
		return tx.setPlace(s, p.Source)
	case PendDelete:
		return tx.cancelDelete(s, p)
	case PendCopy:
		if err := tx.drop(p); err != nil {
			return err
		}
		return tx.RemoveMessage(s.id)
	}
	return tx.cancelAppend(s, p)
}

// cancelDelete shows a message again, as its server has it: what was pending
// before the delete went with it.
func (tx *Tx) cancelDelete(s subject, p Pending) error {
	if err := tx.drop(p); err != nil {
		return err
	}
	if err := tx.setPlace(s, p.Source); err != nil {
		return err
	}
	at, err := tx.ImapLocationsOf(s.id)
	if err != nil || len(at) == 0 {
		return err
	}
	return tx.SetBase(at[0].ID, at[0].BaseFlags, at[0].BaseKeywords, 0)
}

func (tx *Tx) cancelFlags(s subject, p Pending) error {
	shown, err := tx.shownMarks(s)
	if err != nil {
		return err
	}
	base, err := tx.baseOf(s, shown)
	if err != nil {
		return err
	}
	added, gone := base.from(shown)
	if err := tx.show(s, base, added, gone); err != nil {
		return err
	}
	return tx.drop(p)
}

func (tx *Tx) cancelAppend(s subject, p Pending) error {
	if p.State == PendSent {
		return &fault.Error{Remedy: fault.Later, Scope: fault.Message, Cause: fault.Data, Op: "cancel",
			Text: "This is being put on the server just now. Please try again in a moment."}
	}
	waiting, err := collect(tx.session, pendingsAfter, scanPending, p.ID)
	if err != nil {
		return err
	}
	if err := tx.drop(p); err != nil {
		return err
	}
	came := false
	for _, w := range waiting {
		if w.Kind != PendDelete {
			continue
		}
		came = true
		if err := tx.CancelPending(w.ID); err != nil {
			return err
		}
		if err := tx.do(takeDrafts, w.Message, s.id); err != nil { // the earlier version of a draft
			return err
		}
	}
	if came {
		return tx.RemoveMessage(s.id)
	}
	if p.Source != 0 {
		return tx.setPlace(s, p.Source)
	}
	return nil
}
