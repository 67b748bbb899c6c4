package localstore

import (
	"fmt"
	"slices"
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
	Dropped              int // of these, messages that the user had changed
	Unseen               int // were put on the server from here and are not there: they stay here
	Paused               []FolderID
	Unrecognised         []FolderID // paused because UIDVALIDITY changed
}

// Bounds of the keep rule (docs/design.md).
const (
	heldFor    = 30 * 24 * time.Hour
	pauseAbove = 20 // messages, and more than a tenth of the folder
)

// emptied are the roles of folders that people empty, with other clients too,
// and think nothing of it.
var emptied = map[Role]bool{RoleTrash: true, RoleJunk: true, RoleDrafts: true}

// asks tells whether the loss of n messages out of total is a question for the
// user. some says that more than a header is here of one of them: else there is
// nothing to decide about a few.
func asks(f Folder, n, total int, some bool) bool {
	return f.Paused != "" || n > pauseAbove && n*10 > total || n == total && some && !emptied[f.Role]
}

// pausedWords say why a folder is paused.
func pausedWords(n, total int) string {
	switch {
	case total == 1:
		return "Its only message is no longer on the server. It stays here until you decide."
	case n == total:
		return fmt.Sprintf("All of its %d messages are no longer on the server. They stay here until you decide.", n)
	}
	return fmt.Sprintf("%d of %d messages are no longer on the server. They stay here until you decide.", n, total)
}

var (
	settledAt  = onMail(`SELECT moves_since FROM accounts WHERE id = ?`)
	setSettled = onMail(`UPDATE accounts SET moves_since = (SELECT coalesce(max(id), 0) FROM imap_locations) WHERE id = ?`)
	locatedIn  = onMail(`SELECT count(*) FROM imap_locations l JOIN remote_folders r ON r.id = l.remote_folder_id
		AND r.uidvalidity = l.uidvalidity WHERE l.remote_folder_id = ? AND l.gone_at = 0`)
	setGone      = onMail(`UPDATE imap_locations SET gone_at = ? WHERE id = ?`)
	setGoneOf    = onMail(`UPDATE imap_locations SET gone_at = ? WHERE message_id = ?`)
	hold         = onMail(`UPDATE messages SET state = 'held', held_until = ? WHERE id = ?`)
	heldOver     = onMail(`SELECT id FROM messages WHERE state = 'held' AND held_until > 0 AND held_until <= ?`)
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
// all, vanished at once is paused and loses nothing. What is not recognised
// after UIDVALIDITY changed stays here without a location; where that is more
// than half of a folder, it is paused, too. A question about no more than 20 is
// asked only where more than headers is here, and never because a Trash, Junk or
// Drafts folder was emptied.
//
// It is called at the end of every pass, with no losses too: newly appeared is
// what was located since the last call.
func (tx *Tx) VanishLocations(account AccountID, lost []Vanished) (VanishReport, error) {
	report, err := tx.vanish(account, lost)
	if err != nil {
		return report, err
	}
	// A server that recovered has answered the question itself.
	asking, err := collect(tx.session, paused, scanFolder, account)
	if err != nil {
		return report, err
	}
	for _, f := range asking {
		if err := tx.unpause(f.ID); err != nil {
			return report, err
		}
	}
	return report, tx.do(setSettled, account)
}

func (tx *Tx) vanish(account AccountID, lost []Vanished) (report VanishReport, err error) {
	totals := map[RemoteFolderID]int{}
	var losses []loss
	gone, was := map[LocationID]bool{}, map[MessageID]bool{}
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
		totals[l.location.RemoteFolder] += oneIf(l.location.Expected())
		gone[l.location.ID], was[l.location.Message] = true, true
		losses = append(losses, l)
	}
	moves, err := tx.movesSince(account, gone, was)
	if err != nil {
		return report, err
	}
	rest := map[RemoteFolderID][]loss{}
	var order []RemoteFolderID
	numbers := renumberings{}
	for _, l := range losses {
		// Another loss may have settled this one, or made one of two messages.
		l, ok, err := tx.loss(Vanished{Location: l.location, Folder: l.listed, Renumbered: l.old})
		if err != nil {
			return report, err
		}
		if !ok {
			continue
		}
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
	l.listed = v.Folder
	if l.location, ok, err = tx.oneLocation(locationByID, v.Location.ID); err != nil || !ok {
		return l, false, err
	}
	l.old = v.Renumbered && !l.location.Expected()
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
	if _, moving := l.intents[PendMove]; !moving && l.message.Folder != l.listed && (!found || to.folder != l.message.Folder) {
		// It is kept in another folder than the server had it in, and stays there.
		return true, tx.Unlocate(l.location.ID)
	}
	if found {
		report.Moved++
		return true, tx.follow(l, to)
	}
	if l.location.expected == putThere {
		report.Unseen++
		for _, kind := range []PendingKind{PendMove, PendFlags} { // there is nothing to do it to
			if err := tx.drop(l.intents[kind]); err != nil {
				return false, err
			}
		}
		return true, tx.Unlocate(l.location.ID)
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
	recognising, err := tx.Recognising(account)
	if err != nil {
		return err
	}
	if recognising {
		return tx.stayHere(rest, report)
	}
	if !asks(f, n, total, someBody(rest)) {
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
	return tx.PauseFolder(f.ID, pausedWords(n, total))
}

// stayHere settles what a server does not hold any more since the account was
// last kept by IMAP: what is more than a header, or what a switch has left there,
// is only on this computer now.
func (tx *Tx) stayHere(rest []loss, report *VanishReport) error {
	for _, l := range rest {
		left, err := tx.number(isLeft, l.content.Content)
		if err != nil {
			return err
		}
		if l.content.Body == BodyNone && left == 0 {
			err = tx.letGo(l, report)
		} else {
			err = tx.Unlocate(l.location.ID)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// someBody tells whether more than a header is here of one of them.
func someBody(all []loss) bool {
	return slices.ContainsFunc(all, func(l loss) bool { return l.content.Body != BodyNone })
}

// letGo lets a vanished message go: a stub for good, a body to the hold.
func (tx *Tx) letGo(l loss, report *VanishReport) error {
	id := l.location.Message
	report.Dropped += oneIf(len(l.intents) > 0)
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
		at, _, err := tx.place(id)
		if err != nil {
			return 0, err
		}
		if err := tx.RemoveMessage(id); err != nil {
			return 0, err
		}
		if err := tx.dropUnused(at.Folder); err != nil {
			return 0, err
		}
	}
	return len(over), err
}
