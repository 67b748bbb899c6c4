package localstore

import (
	"context"
	"fmt"

	"paquebot.app/internal/fault"
)

// Answer is what the user decides about mail that a server has no more.
type Answer string

const (
	KeepHere Answer = "keep"    // it stays, on this computer only
	PutBack  Answer = "putback" // it is put on the server again
	Remove   Answer = "remove"  // from a paused folder to the hold, from the hold for good
)

// Settled counts what an answer or an upload does.
type Settled struct {
	Kept    int      // stay, on this computer only
	Going   int      // are put on the server with the next connection
	There   int      // the server has them in that folder by now: both are one again
	Partial int      // could not be put back, as they are not here whole: they stay
	Headers int      // nothing of them was here but their header
	Held    int      // went to the hold
	Removed int      // went for good
	Made    []string // paths of folders that the server has no more and that are made there again
}

var (
	forgetGoneOf = onMail(`DELETE FROM imap_locations WHERE message_id = ? AND gone_at > 0`)
	// One of the same mail that the server lists in that folder.
	listedTwin = onMail(`SELECT m.id FROM contents c CROSS JOIN messages m ON m.content_id = c.id
		WHERE c.account_id = ?1 AND c.fields_hash = ?2 AND m.folder_id = ?3 AND m.id <> ?4 AND m.state = 'shown' AND ` + imapLocated + ` ORDER BY m.ord`)
)

// AnswerHeld carries out an answer for messages that are in the hold or wait
// in a paused folder. One that is neither is refused with cause Data. Of what
// is here only as a header nothing can be kept or put back: it waits on.
// A folder in which nothing waits any more is paused no more.
func (tx *Tx) AnswerHeld(ids []MessageID, answer Answer) (r Settled, err error) {
	folders := map[FolderID]bool{}
	for _, id := range ids {
		s, ok, err := tx.subject(id)
		if err != nil {
			return r, err
		}
		gone, err := tx.number(waits, id)
		if err != nil {
			return r, err
		}
		if !ok || s.state != Held && (gone == 0 || s.tracked()) {
			return r, notHeld(id)
		}
		folders[s.folder] = true
	}
	if err := tx.answer(ids, answer, &r); err != nil {
		return r, err
	}
	for f := range folders {
		if err := tx.unpause(f); err != nil {
			return r, err
		}
	}
	return r, nil
}

func (tx *Tx) answer(ids []MessageID, answer Answer, r *Settled) error {
	var back []MessageID
	for _, id := range ids {
		s, ok, err := tx.subject(id)
		if err != nil {
			return err
		}
		switch {
		case !ok: // named twice
		case answer == Remove:
			err = tx.removeHeld(s, r)
		case s.body == BodyNone:
			r.Headers++
		case answer == PutBack:
			back = append(back, id)
		default:
			r.Kept++
			err = tx.keepHere(s)
		}
		if err != nil {
			return err
		}
	}
	return tx.upload(back, r)
}

// answerBatch is how many messages one commit of EndPause takes.
const answerBatch = 500

// EndPause answers for all messages that wait in a folder, in several commits,
// and ends its pause with the last. Of what is here only as a header nothing is
// left then.
func (s *Store) EndPause(ctx context.Context, folder FolderID, answer Answer) (all Settled, err error) {
	for more := true; more && err == nil; {
		var r Settled
		err = s.Write(ctx, "end pause", func(tx *Tx) (err error) {
			r = Settled{}
			more, err = tx.endPause(folder, answer, &r)
			return err
		})
		if err == nil {
			all.add(r)
		}
	}
	return all, err
}

func (tx *Tx) endPause(folder FolderID, answer Answer, r *Settled) (more bool, err error) {
	some, err := tx.waitingIn(folder, answerBatch)
	if err != nil {
		return false, err
	}
	if len(some) == 0 {
		if err := tx.do(forgetGoneIn, folder); err != nil {
			return false, err
		}
		return false, tx.PauseFolder(folder, "")
	}
	ids := make([]MessageID, len(some))
	for i, w := range some {
		ids[i] = w.id
	}
	if err := tx.answer(ids, answer, r); err != nil {
		return false, err
	}
	for _, w := range some {
		if w.body != BodyNone || answer == Remove {
			continue
		}
		if err := tx.do(forgetGoneOf, w.id); err != nil {
			return false, err
		}
		if err := tx.dropStubs(lostStub, w.id); err != nil {
			return false, err
		}
	}
	return true, nil
}

func (r *Settled) add(o Settled) {
	r.Kept, r.Going, r.There, r.Partial = r.Kept+o.Kept, r.Going+o.Going, r.There+o.There, r.Partial+o.Partial
	r.Headers, r.Held, r.Removed = r.Headers+o.Headers, r.Held+o.Held, r.Removed+o.Removed
	r.Made = append(r.Made, o.Made...)
}

// unpause ends the pause of a folder in which nothing waits any more.
func (tx *Tx) unpause(folder FolderID) error {
	f, err := tx.Folder(folder)
	if err != nil || f.Paused == "" {
		return err
	}
	left, err := tx.waitingIn(folder, 1)
	if err != nil || len(left) > 0 {
		return err
	}
	if err := tx.do(forgetGoneIn, folder); err != nil {
		return err
	}
	return tx.PauseFolder(folder, "")
}

// keepHere makes a message one that only this computer has.
func (tx *Tx) keepHere(s subject) error {
	if err := tx.do(forgetGoneOf, s.id); err != nil {
		return err
	}
	return tx.setPlace(s, s.folder)
}

func (tx *Tx) removeHeld(s subject, r *Settled) error {
	if s.state != Held && s.body != BodyNone {
		r.Held++
		return tx.holdMessage(s.id)
	}
	if s.body == BodyNone {
		r.Headers++
	} else {
		r.Removed++
	}
	if err := tx.RemoveMessage(s.id); err != nil {
		return err
	}
	return tx.dropUnused(s.folder)
}

// dropUnused removes a folder that its server has no more, once nothing is
// left of it.
func (tx *Tx) dropUnused(id FolderID) error {
	f, err := tx.Folder(id)
	if fault.Is(err, fault.User) && fault.Of(err).Cause == fault.Missing {
		return nil // its account is being removed
	}
	if err != nil || f.Remote || f.Role != RoleNone {
		return err
	}
	var mode Mode
	if _, err := tx.one(accountMode, []any{&mode}, f.Account); err != nil || mode != IMAP {
		return err
	}
	used, err := tx.number(folderUsed, id)
	if err != nil || used != 0 {
		return err
	}
	on, err := tx.folderIntents(id)
	if err != nil || len(on) > 0 {
		return err
	}
	return tx.removeFolder(id, f.Account)
}

// Upload puts messages that only this computer has on the server, into the
// folder they lie in; the hold and paused folders too. A folder that the server
// has no more is made there again. What the server lists there by now is not
// put there a second time. An account without IMAP is refused with cause Data.
func (tx *Tx) Upload(ids []MessageID) (r Settled, err error) {
	if err := tx.upload(ids, &r); err != nil {
		return r, err
	}
	folders := map[FolderID]bool{}
	for _, id := range ids {
		m, found, err := tx.place(id)
		if err != nil {
			return r, err
		}
		if found && !folders[m.Folder] {
			folders[m.Folder] = true
			if err := tx.unpause(m.Folder); err != nil {
				return r, err
			}
		}
	}
	return r, nil
}

func (tx *Tx) upload(ids []MessageID, r *Settled) error {
	targets := map[FolderID]destination{}
	taken := map[MessageID]bool{} // each copy on the server accounts for one here
	for _, id := range ids {
		s, ok, err := tx.subject(id)
		if err != nil {
			return err
		}
		own := s.intents[PendAppend]
		if !ok || s.intents[PendDelete].ID != 0 || s.role == RoleOutbox || s.tracked() && own.State != PendStuck {
			continue
		}
		target, known := targets[s.folder]
		if !known {
			if target, err = tx.shore(s.folder, r); err != nil {
				return err
			}
			targets[s.folder] = target
		}
		twin, err := tx.twinOf(s, taken)
		if err != nil {
			return err
		}
		switch {
		case twin != 0:
			taken[twin] = true
			r.There++
			if err := tx.do(forgetGoneOf, s.id); err != nil {
				return err
			}
			err = tx.absorb(twin, s.id)
		case s.body == BodyNone:
			r.Headers++
		case s.body != BodyWhole:
			r.Partial++
			err = tx.keepHere(s)
		case own.ID != 0: // three refusals ago
			r.Going++
			_, err = tx.put(own)
		default:
			r.Going++
			if err = tx.do(forgetGoneOf, s.id); err == nil {
				err = tx.putOnward(s, target)
			}
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// shore returns the folder as one of its server, and has it made there where
// the server has it no more.
func (tx *Tx) shore(folder FolderID, r *Settled) (destination, error) {
	target, err := tx.destination(folder)
	if err != nil || target.onward {
		return target, err
	}
	if target.mode != IMAP {
		return target, refuse("upload", fmt.Sprintf("No server keeps the folder %q. Move the messages to a folder of an IMAP account instead.", target.Path))
	}
	if target.Role == RoleOutbox {
		return target, refuse("upload", "The letters of the Outbox are sent from here.")
	}
	r.Made = append(r.Made, target.Path)
	target.onward = true
	_, err = tx.put(Pending{Account: target.Account, Kind: PendFolderCreate, Name: target.Path, Target: folder})
	return target, err
}

// twinOf returns the message by which a server lists the same mail in the same
// folder; 0 for none. Where a copy would go with it, the complete headers are
// known and equal.
func (tx *Tx) twinOf(s subject, taken map[MessageID]bool) (MessageID, error) {
	own, err := tx.Identity(s.content)
	if err != nil {
		return 0, err
	}
	twins, err := collect(tx.session, listedTwin, scanID[MessageID], s.account, own.FieldsHash[:], s.folder, s.id)
	if err != nil {
		return 0, err
	}
	for _, id := range twins {
		if taken[id] {
			continue
		}
		m, err := tx.Message(id)
		if err != nil {
			return 0, err
		}
		other, err := tx.Identity(m.Content)
		if err != nil {
			return 0, err
		}
		known := own.HeaderHash != [32]byte{} && other.HeaderHash != [32]byte{}
		switch {
		case s.content == m.Content:
			return id, nil
		case known && own.HeaderHash == other.HeaderHash:
			return id, nil
		case !known && own.Body > other.Body:
			return id, nil
		}
	}
	return 0, nil
}
