package localstore

import (
	"fmt"
	"time"
)

// Vanished is a location that a complete listing under the same UIDVALIDITY no
// longer has, or one of an earlier UIDVALIDITY.
type Vanished struct {
	Location ImapLocation
	Folder   FolderID
	// Renumbered: the location belongs to an earlier UIDVALIDITY of the folder,
	// which has been read to its end under the present one.
	Renumbered bool
}

// VanishReport counts what VanishLocations did.
type VanishReport struct {
	Moved, Held, Removed int
	Paused               []FolderID
	Unrecognised         []FolderID // paused because UIDVALIDITY changed
}

// Bounds of the keep rule (docs/design.md).
const (
	heldFor     = 30 * 24 * time.Hour
	pauseAbove  = 20 // messages, and more than a tenth of the folder
	pauseAllOf  = 5  // a folder of no more may be emptied without a question
	pausedWords = "%d of %d messages are no longer on the server. They stay here until you decide."
)

var (
	settledAt  = onMail(`SELECT moves_since FROM accounts WHERE id = ?`)
	setSettled = onMail(`UPDATE accounts SET moves_since = (SELECT coalesce(max(id), 0) FROM imap_locations) WHERE id = ?`)
	locatedIn  = onMail(`SELECT count(*) FROM imap_locations l JOIN remote_folders r ON r.id = l.remote_folder_id
		AND r.uidvalidity = l.uidvalidity WHERE l.remote_folder_id = ? AND l.gone_at = 0`)
	setGone   = onMail(`UPDATE imap_locations SET gone_at = ? WHERE id = ?`)
	setGoneOf = onMail(`UPDATE imap_locations SET gone_at = ? WHERE message_id = ?`)
	hold      = onMail(`UPDATE messages SET state = 'held', held_until = ? WHERE id = ?`)
	heldOver  = onMail(`SELECT id FROM messages WHERE state = 'held' AND held_until > 0 AND held_until <= ?`)
	goneIn    = onMail(`SELECT DISTINCT m.id FROM remote_folders r CROSS JOIN imap_locations l ON l.remote_folder_id = r.id
		CROSS JOIN messages m ON m.id = l.message_id WHERE r.folder_id = ? AND l.gone_at > 0 AND m.state <> 'held'
		AND NOT EXISTS (SELECT 1 FROM imap_locations o CROSS JOIN remote_folders p ON p.id = o.remote_folder_id AND p.uidvalidity = o.uidvalidity
			WHERE o.message_id = m.id AND o.gone_at = 0)`)
	forgetGoneIn = onMail(`DELETE FROM imap_locations WHERE gone_at > 0 AND remote_folder_id IN
		(SELECT id FROM remote_folders WHERE folder_id = ?) AND message_id NOT IN (SELECT id FROM messages WHERE state = 'held')`)
)

// loss is one vanished location with what decides its fate.
type loss struct {
	location ImapLocation
	old      bool     // of an earlier UIDVALIDITY
	listed   FolderID // the folder that lists it no more
	message  Change   // where the message is shown
	content  Identity
	intents  intents
}

// VanishLocations settles losses at the end of a pass over an account's
// folders, by the keep rule (docs/design.md): what newly appeared elsewhere
// with the same fields hash is a move, and row, body and intents follow; of
// the rest a stub goes and a body goes to the hold; what vanished by our own
// intent is removed; a folder of which more than 20 and more than a tenth, or
// all (of more than 5), vanished at once is paused and loses nothing. What is
// not recognised after UIDVALIDITY changed stays here without a location; where
// that is more than half of a folder (of more than 5), it is paused, too.
//
// It is called at the end of every pass, with no losses too: newly appeared is
// what was located since the last call.
func (tx *Tx) VanishLocations(account AccountID, lost []Vanished) (VanishReport, error) {
	report, err := tx.vanish(account, lost)
	if err != nil {
		return report, err
	}
	return report, tx.do(setSettled, account)
}

func (tx *Tx) vanish(account AccountID, lost []Vanished) (report VanishReport, err error) {
	totals := map[RemoteFolderID]int{}
	var losses []loss
	gone := map[LocationID]bool{}
	for _, v := range lost {
		l, ok, err := tx.loss(v)
		if err != nil {
			return report, err
		}
		if !ok {
			continue
		}
		if _, counted := totals[l.location.RemoteFolder]; !counted && !l.old {
			n, err := tx.number(locatedIn, l.location.RemoteFolder)
			if err != nil {
				return report, err
			}
			totals[l.location.RemoteFolder] = int(n)
		}
		gone[l.location.ID] = true
		losses = append(losses, l)
	}
	moves, err := tx.movesSince(account, gone)
	if err != nil {
		return report, err
	}
	rest := map[RemoteFolderID][]loss{}
	var order []RemoteFolderID
	numbers := renumberings{}
	for _, l := range losses {
		if l.old {
			numbers.count(l)
		}
		settled, err := tx.settleOne(l, moves, &report)
		if err != nil {
			return report, err
		}
		if settled {
			continue
		}
		if l.old {
			numbers.missed(l)
			continue
		}
		rf := l.location.RemoteFolder
		if len(rest[rf]) == 0 {
			order = append(order, rf)
		}
		rest[rf] = append(rest[rf], l)
	}
	for _, rf := range order {
		if err := tx.settleRest(account, rest[rf], totals[rf], &report); err != nil {
			return report, err
		}
	}
	return report, tx.settleRenumbered(numbers, &report)
}

// loss reads what is known of a vanished location; ok is false when it is
// settled already, or the message has another location.
func (tx *Tx) loss(v Vanished) (l loss, ok bool, err error) {
	l.listed, l.old = v.Folder, v.Renumbered
	if l.location, ok, err = tx.oneLocation(locationByID, v.Location.ID); err != nil || !ok {
		return l, false, err
	}
	if l.message, ok, err = tx.place(l.location.Message); err != nil || !ok {
		return l, false, err
	}
	if l.content, err = tx.Identity(l.message.Content); err != nil {
		return l, false, err
	}
	l.intents, err = tx.intentsOf(l.location.Message)
	return l, err == nil, err
}

// settleOne settles what needs no question: what another place explains, and
// what our own intent did.
func (tx *Tx) settleOne(l loss, moves *moves, report *VanishReport) (settled bool, err error) {
	others, err := tx.ImapLocationsOf(l.location.Message)
	if err != nil {
		return false, err
	}
	for _, o := range others {
		if o.ID != l.location.ID && !moves.gone[o.ID] {
			return true, tx.do(deleteLocation, l.location.ID)
		}
	}
	if _, deleting := l.intents[PendDelete]; deleting {
		report.Removed++
		return true, tx.RemoveMessage(l.location.Message)
	}
	to, found, err := moves.find(tx, l)
	if err != nil {
		return false, err
	}
	if found {
		report.Moved++
		return true, tx.follow(l, to)
	}
	move, moving := l.intents[PendMove]
	if !moving {
		return false, nil
	}
	err = tx.Journal(Note{Account: l.message.Account, Step: "move dropped", Ref: l.content.HeaderID,
		Result: "The message to be moved is no longer on the server."})
	if err == nil {
		err = tx.drop(move)
	}
	if err == nil && l.old {
		return true, tx.Unlocate(l.location.ID)
	}
	if err == nil {
		err = tx.letGo(l, report)
	}
	return true, err
}

// settleRest settles what nothing explains, of one folder.
func (tx *Tx) settleRest(account AccountID, rest []loss, total int, report *VanishReport) error {
	f, err := tx.Folder(rest[0].listed)
	if err != nil {
		return err
	}
	n := len(rest)
	if f.Paused == "" && !(n > pauseAbove && n*10 > total) && !(n == total && total > pauseAllOf) {
		before := *report
		for _, l := range rest {
			if err := tx.letGo(l, report); err != nil {
				return err
			}
		}
		return tx.Journal(Note{Account: account, Step: "vanished", Ref: f.Path,
			Result: fmt.Sprintf("The server has %d messages no more: %d put aside for 30 days, %d were never downloaded.",
				n, report.Held-before.Held, report.Removed-before.Removed)})
	}
	now := tx.s.clock.Now().Unix()
	for _, l := range rest {
		if err := tx.do(setGone, now, l.location.ID); err != nil {
			return err
		}
		if err := tx.noteMessage(l.location.Message, Changed); err != nil {
			return err
		}
	}
	report.Paused = append(report.Paused, f.ID)
	if f.Paused != "" {
		return nil
	}
	return tx.PauseFolder(f.ID, fmt.Sprintf(pausedWords, n, total))
}

// letGo lets a vanished message go: a stub for good, a body to the hold.
func (tx *Tx) letGo(l loss, report *VanishReport) error {
	id := l.location.Message
	if l.content.Body == BodyNone {
		report.Removed++
		return tx.RemoveMessage(id)
	}
	report.Held++
	return tx.holdMessage(id)
}

// holdMessage puts a message aside for 30 days. Nothing can be done to it on
// the server any more.
func (tx *Tx) holdMessage(id MessageID) error {
	now := tx.s.clock.Now()
	of, err := tx.intentsOf(id)
	if err != nil {
		return err
	}
	for _, p := range of {
		if err := tx.drop(p); err != nil {
			return err
		}
	}
	if err := tx.do(setGoneOf, now.Unix(), id); err != nil {
		return err
	}
	if err := tx.do(hold, now.Add(heldFor).Unix(), id); err != nil {
		return err
	}
	return tx.noteMessage(id, Changed)
}

// ExpireHeld removes messages whose time in the hold is over, and returns how
// many. Only the holder of Lock calls it.
func (tx *Tx) ExpireHeld(now time.Time) (int, error) {
	over, err := collect(tx.session, heldOver, scanID[MessageID], now.Unix())
	for _, id := range over {
		if err := tx.RemoveMessage(id); err != nil {
			return 0, err
		}
	}
	return len(over), err
}

// EndPause ends a folder's pause: the messages that the server has no more
// stay here as local ones or, with remove, go by the keep rule: bodies to the
// hold, stubs for good.
func (tx *Tx) EndPause(folder FolderID, remove bool) error {
	if remove {
		gone, err := collect(tx.session, goneIn, scanID[MessageID], folder)
		if err != nil {
			return err
		}
		for _, id := range gone {
			m, err := tx.Message(id)
			if err != nil {
				return err
			}
			if m.Body == BodyNone {
				err = tx.RemoveMessage(id)
			} else {
				err = tx.holdMessage(id)
			}
			if err != nil {
				return err
			}
		}
	}
	if err := tx.do(forgetGoneIn, folder); err != nil {
		return err
	}
	return tx.PauseFolder(folder, "")
}
