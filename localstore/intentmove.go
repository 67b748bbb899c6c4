package localstore

import (
	"fmt"
	"strings"
	"time"

	"paquebot.app/internal/fault"
)

var (
	showIn     = onMail(`UPDATE messages SET folder_id = ?, state = 'shown', held_until = 0 WHERE id = ?`)
	setState   = onMail(`UPDATE messages SET state = ? WHERE id = ?`)
	isOnItsWay = onMail(`SELECT EXISTS (SELECT 1 FROM outbox WHERE content_id = ? AND state NOT IN ('filed', 'cancelled'))`)
)

// Move moves messages to a folder of the same account; to a folder of another
// account it makes a copy there with a pending append, and the source goes
// when the target is confirmed. A message that is moved back before the server
// was told leaves no intent. A held message is shown again.
//
// What goes to another server, or from a server to a folder of this computer,
// has to be here whole. If some is not, nothing is moved, a wish for it is
// recorded, and the error has remedy User and cause Data: a caller that commits
// in spite of it keeps the wishes, so that moving again succeeds later.
func (tx *Tx) Move(ids []MessageID, to FolderID) error {
	target, err := tx.destination(to)
	if err != nil {
		return err
	}
	all, err := tx.subjects(ids)
	if err != nil {
		return err
	}
	var going, carried []subject
	for _, s := range all {
		if s.folder == target.ID && s.state == Shown {
			continue
		}
		going = append(going, s)
		if s.leavesServer(target) {
			carried = append(carried, s)
		}
	}
	if err := tx.notOnItsWay(going); err != nil {
		return err
	}
	if len(going) > 0 && target.Account == going[0].account {
		if target, err = tx.reach(target); err != nil {
			return err
		}
	}
	if err := tx.needWhole(carried); err != nil {
		return err
	}
	for _, s := range going {
		if err := tx.move(s, target); err != nil {
			return err
		}
	}
	return nil
}

// leavesServer tells whether a move has to carry the mail itself.
func (s subject) leavesServer(target destination) bool {
	switch {
	case s.account != target.Account:
		return true
	case s.tracked():
		return !target.onward && !made[target.Role]
	}
	return target.onward
}

// notOnItsWay refuses to touch letters of the outbox: they are cancelled there.
func (tx *Tx) notOnItsWay(all []subject) error {
	for _, s := range all {
		if s.role != RoleOutbox {
			continue
		}
		n, err := tx.number(isOnItsWay, s.content)
		if err != nil {
			return err
		}
		if n != 0 {
			return refuse("move", "This letter is on its way. Cancel it in the Outbox first.")
		}
	}
	return nil
}

// needWhole refuses what is not here whole, and asks for it.
func (tx *Tx) needWhole(all []subject) error {
	missing := 0
	for _, s := range all {
		if s.body == BodyWhole {
			continue
		}
		missing++
		if err := tx.Want(s.content, WishWhole); err != nil {
			return err
		}
	}
	if missing == 0 {
		return nil
	}
	text := "This message is not wholly on this computer yet. It is fetched at the next connection; please try again then."
	if missing > 1 {
		text = fmt.Sprintf("%d messages are not wholly on this computer yet. They are fetched at the next connection; please try again then.", missing)
	}
	return &fault.Error{Remedy: fault.User, Scope: fault.Message, Cause: fault.Data, Op: "move", Text: text}
}

// move moves one message.
func (tx *Tx) move(s subject, target destination) error {
	switch {
	case s.account != target.Account:
		return tx.moveAcross(s, target)
	case s.tracked() && target.onward:
		return tx.moveTracked(s, target.ID)
	case s.tracked():
		return tx.moveOut(s, target)
	case target.onward:
		return tx.putOnward(s, target)
	}
	return tx.setPlace(s, target.ID)
}

// setPlace shows a message in a folder.
func (tx *Tx) setPlace(s subject, folder FolderID) error {
	tx.noteSubject(s, s.folder)
	tx.noteSubject(s, folder)
	return tx.do(showIn, folder, s.id)
}

// moveTracked moves a message from one folder of a server to another.
func (tx *Tx) moveTracked(s subject, to FolderID) error {
	if err := tx.setPlace(s, to); err != nil {
		return err
	}
	if s.at == 0 {
		for _, k := range []PendingKind{PendAppend, PendCopy} {
			p := s.intents[k]
			if p.ID == 0 || p.State == PendSent {
				continue
			}
			if p.Source == to && k == PendAppend { // it came from there, and is what it was
				return tx.unappend(p, 0)
			}
			p.Target = to
			_, err := tx.put(p)
			return err
		}
	}
	p := s.intents[PendMove]
	p.Account, p.Message, p.Kind, p.Source, p.Target = s.account, s.id, PendMove, s.source(), to
	if own := s.intents[PendAppend]; own.ID != 0 && s.at == 0 {
		p.After = own.ID
	}
	if p.Source == to {
		return tx.drop(p)
	}
	_, err := tx.put(p)
	return err
}

// unappend forgets an append that has not begun. What waited for it waits for
// another one, or for nothing.
func (tx *Tx) unappend(p Pending, instead PendingID) error {
	if p.ID == 0 {
		return nil
	}
	if err := tx.do(setAfter, instead, p.ID); err != nil {
		return err
	}
	return tx.drop(p)
}

// putOnward puts a message that only this computer has into a folder of a
// server.
func (tx *Tx) putOnward(s subject, target destination) error {
	if err := tx.setPlace(s, target.ID); err != nil {
		return err
	}
	_, err := tx.put(Pending{Account: s.account, Message: s.id, Kind: PendAppend, Source: s.folder, Target: target.ID})
	return err
}

// moveOut moves a message from a server to a folder of this computer: it is
// here whole, so the server's may go.
func (tx *Tx) moveOut(s subject, target destination) error {
	if own := s.intents[PendAppend]; s.at == 0 && own.State == PendReady { // it never was there
		if err := tx.free(own.ID); err != nil {
			return err
		}
		if err := tx.drop(own); err != nil {
			return err
		}
		return tx.setPlace(s, target.ID)
	}
	shown, err := tx.shownMarks(s)
	if err != nil {
		return err
	}
	if _, err := tx.addCopy(s, shown, s.content, target); err != nil {
		return err
	}
	return tx.removeForGood(s)
}

// moveAcross moves a message to another account: its mail is put there, and
// the message goes once it has arrived.
func (tx *Tx) moveAcross(s subject, target destination) error {
	if back, err := tx.moveBack(s, target); back || err != nil {
		return err
	}
	shown, err := tx.shownMarks(s)
	if err != nil {
		return err
	}
	content, err := tx.copyContent(s.content, target.Account)
	if err != nil {
		return err
	}
	id, err := tx.addCopy(s, shown, content, target)
	if err != nil {
		return err
	}
	if !target.onward {
		return tx.removeForGood(s)
	}
	arriving, err := tx.put(Pending{Account: target.Account, Message: id, Kind: PendAppend, Target: target.ID})
	if err != nil {
		return err
	}
	return tx.retire(s, arriving)
}

// moveBack undoes a move between accounts of which the server has not heard.
func (tx *Tx) moveBack(s subject, target destination) (done bool, err error) {
	p := s.intents[PendAppend]
	if p.ID == 0 || p.State != PendReady {
		return false, nil
	}
	waiting, err := collect(tx.session, pendingsAfter, scanPending, p.ID)
	if err != nil || len(waiting) != 1 || waiting[0].Account != target.Account || waiting[0].Kind != PendDelete {
		return false, err
	}
	if err := tx.CancelPending(p.ID); err != nil {
		return false, err
	}
	original, ok, err := tx.subject(waiting[0].Message)
	if err != nil || !ok || original.folder == target.ID {
		return true, err
	}
	return true, tx.move(original, target)
}

// addCopy puts a content into a folder as it is shown where it comes from.
func (tx *Tx) addCopy(s subject, shown marks, content ContentID, target destination) (MessageID, error) {
	return tx.AddMessage(NewMessage{Folder: target.ID, Content: content, Arrived: time.Unix(s.arrived, 0).UTC(),
		Flags: shown.flags, Keywords: shown.words})
}

var contentByID = onMail(`SELECT header_id, fields_hash, header_hash, blob_id, body_state, size, sent_at, sent_zone, subject,
	sender, recipients, cc, reply_to, refs, preview, attachments, delivered_to FROM contents WHERE id = ?`)

// copyContent gives an account a mail that another one has, with the same
// bytes.
func (tx *Tx) copyContent(id ContentID, account AccountID) (ContentID, error) {
	c := NewContent{Account: account}
	var fieldsHash, headerHash []byte
	var sent, zone int64
	var refs string
	_, err := tx.one(contentByID, []any{&c.HeaderID, &fieldsHash, &headerHash, &c.Blob, &c.Body, &c.Size, &sent, &zone, &c.Subject,
		&c.Sender, &c.Recipients, &c.Cc, &c.ReplyTo, &refs, &c.Preview, &c.Attachments, &c.DeliveredTo}, id)
	if err != nil {
		return 0, err
	}
	c.FieldsHash, c.HeaderHash, c.Sent = hashOf(fieldsHash), hashOf(headerHash), sentTime(sent, zone)
	c.References = strings.Fields(refs)
	if c.Parts, err = tx.Parts(id); err != nil {
		return 0, err
	}
	return tx.AddContent(c)
}
