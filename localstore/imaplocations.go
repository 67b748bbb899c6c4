package localstore

import (
	"fmt"
	"strings"
)

// ImapLocation is where an IMAP server holds a message.
type ImapLocation struct {
	ID           LocationID
	Message      MessageID
	RemoteFolder RemoteFolderID
	UIDValidity  uint32
	UID          uint32
	ModSeq       uint64
	BaseFlags    Flags    // what the server last said
	BaseKeywords []string // likewise

	expected int // movedThere, putThere: the server has not said where in the folder
}

// Expected tells whether this is the folder in which a message must lie, and no
// UID of it is known (Expect).
func (l ImapLocation) Expected() bool { return l.expected != 0 }

const locationColumns = `SELECT l.id, l.message_id, l.remote_folder_id, l.uidvalidity, l.uid, l.modseq, l.base_flags, l.base_keywords
	FROM imap_locations l `

var (
	locationsIn = onMail(locationColumns + `JOIN remote_folders r ON r.id = l.remote_folder_id AND r.uidvalidity = l.uidvalidity
		WHERE l.remote_folder_id = ? AND l.gone_at = 0 ORDER BY l.uid`)
	countLocations = onMail(`SELECT count(*) FROM imap_locations l JOIN remote_folders r ON r.id = l.remote_folder_id AND r.uidvalidity = l.uidvalidity
		WHERE l.remote_folder_id = ? AND l.gone_at = 0`)
	locationsOf = onMail(locationColumns + `JOIN remote_folders r ON r.id = l.remote_folder_id AND r.uidvalidity = l.uidvalidity
		JOIN maildrops d ON d.id = r.maildrop_id JOIN accounts a ON a.id = d.account_id
		WHERE l.message_id = ? AND l.gone_at = 0 AND d.closed_at = 0 AND d.protocol = a.mode ORDER BY l.id`)
	locationByUID  = onMail(locationColumns + `WHERE l.remote_folder_id = ? AND l.uidvalidity = ? AND l.uid = ? AND l.gone_at = 0`)
	goneByUID      = onMail(locationColumns + `WHERE l.remote_folder_id = ? AND l.uidvalidity = ? AND l.uid = ? AND l.gone_at > 0`)
	locationByID   = onMail(locationColumns + `WHERE l.id = ?`)
	insertLocation = onMail(`INSERT INTO imap_locations (message_id, remote_folder_id, uidvalidity, uid, modseq, base_flags, base_keywords)
		VALUES (?, ?, ?, ?, ?, ?, ?)`)
	setBase = onMail(`UPDATE imap_locations SET base_flags = ?, base_keywords = ?,
		modseq = CASE ?3 WHEN 0 THEN modseq ELSE ?3 END WHERE id = ?4`)
	deleteLocation    = onMail(`DELETE FROM imap_locations WHERE id = ?`)
	deleteLocationsOf = onMail(`DELETE FROM imap_locations WHERE message_id = ?`)
	sameFields        = onMail(`SELECT a.fields_hash = b.fields_hash FROM messages ma JOIN contents a ON a.id = ma.content_id
		JOIN messages mb JOIN contents b ON b.id = mb.content_id WHERE ma.id = ? AND mb.id = ?`)
	shownFlags = onMail(`SELECT m.flags, m.state, coalesce((SELECT group_concat(word, ' ') FROM keywords WHERE message_id = m.id), '')
		FROM messages m WHERE m.id = ?`)
	setShown = onMail(`UPDATE messages SET flags = ?, state = ?, held_until = CASE ?2 WHEN 'held' THEN held_until ELSE 0 END WHERE id = ?3`)
)

// scanLocation reads plain numbers first, which database/sql converts faster:
// a folder has as many locations as messages.
func scanLocation(r scanner) (ImapLocation, error) {
	var id, message, folder, validity, uid, modseq, flags int64
	var words string
	err := r.Scan(&id, &message, &folder, &validity, &uid, &modseq, &flags, &words)
	return ImapLocation{LocationID(id), MessageID(message), RemoteFolderID(folder), uint32(validity), uint32(uid),
		uint64(modseq), Flags(flags), strings.Fields(words), expected(validity)}, err
}

// ImapLocations returns the locations of a folder under its present
// UIDVALIDITY, by UID, without those that are gone.
func (v *View) ImapLocations(rf RemoteFolderID) ([]ImapLocation, error) {
	return collect(v.session, locationsIn, scanLocation, rf)
}

// CountImapLocations returns how many ImapLocations returns.
func (v *View) CountImapLocations(rf RemoteFolderID) (int, error) {
	n, err := v.number(countLocations, rf)
	return int(n), err
}

// ImapLocationsOf returns the locations of a message that count: maildrop open,
// protocol the account's mode, UIDVALIDITY the present one, not gone.
func (v *View) ImapLocationsOf(message MessageID) ([]ImapLocation, error) {
	return collect(v.session, locationsOf, scanLocation, message)
}

// ImapLocationByUID finds a location; ok is false when there is none, or when
// it is gone.
func (v *View) ImapLocationByUID(rf RemoteFolderID, uidvalidity, uid uint32) (l ImapLocation, ok bool, err error) {
	return v.oneLocation(locationByUID, rf, uidvalidity, uid)
}

func (v *View) oneLocation(q *query, args ...any) (l ImapLocation, ok bool, err error) {
	found, err := collect(v.session, q, scanLocation, args...)
	if err != nil || len(found) == 0 {
		return ImapLocation{}, false, err
	}
	return found[0], true, nil
}

// AddImapLocation binds a message to a UID. Binding a UID twice is refused
// with cause Data. A UID that was gone and is listed again brings back what is
// known of it: the message takes over body, intents and place of the one that
// waited in hold or pause.
func (tx *Tx) AddImapLocation(l ImapLocation) (LocationID, error) {
	gone, ok, err := tx.oneLocation(goneByUID, l.RemoteFolder, l.UIDValidity, l.UID)
	if err != nil {
		return 0, err
	}
	if ok {
		if err := tx.do(deleteLocation, gone.ID); err != nil {
			return 0, err
		}
		if err := tx.bringBack(l.Message, gone.Message); err != nil {
			return 0, err
		}
	}
	n, err := tx.add(insertLocation, l.Message, l.RemoteFolder, l.UIDValidity, l.UID, int64(l.ModSeq),
		int64(l.BaseFlags), strings.Join(l.BaseKeywords, " "))
	if isConstraint(err) {
		return 0, refuse("bind", fmt.Sprintf("UID %d of folder %d is bound already.", l.UID, l.RemoteFolder))
	}
	if err != nil {
		return 0, err
	}
	return LocationID(n), tx.showBase(l.Message, l.BaseFlags, l.BaseKeywords)
}

// bringBack makes one of a message that a server lists again and of what was
// kept of it, when they are the same mail.
func (tx *Tx) bringBack(listed, kept MessageID) error {
	if listed == kept {
		return nil
	}
	var same bool
	if _, err := tx.one(sameFields, []any{&same}, listed, kept); err != nil || !same {
		return err
	}
	return tx.absorb(listed, kept)
}

// SetBase records what the server says of a message's flags and shows
// (base &^ clear) | set of the pending intent. The server's bits win where no
// intent is pending. modseq 0 leaves it.
func (tx *Tx) SetBase(id LocationID, base Flags, keywords []string, modseq uint64) error {
	l, ok, err := tx.oneLocation(locationByID, id)
	if err != nil {
		return err
	}
	if !ok {
		return unknown("flags", fmt.Sprintf("There is no location %d.", id))
	}
	if err := tx.do(setBase, int64(base), strings.Join(keywords, " "), int64(modseq), id); err != nil {
		return err
	}
	return tx.showBase(l.Message, base, keywords)
}

// showBase shows a message as the server says it is, with the intents that are
// pending: flags, keywords, and state, which is Deleted where another client
// marked it so.
func (tx *Tx) showBase(id MessageID, base Flags, keywords []string) error {
	of, err := tx.intentsOf(id)
	if err != nil {
		return err
	}
	want := of[PendFlags]
	_, deleting := of[PendDelete]
	var before Flags
	var stateBefore State
	var wordsBefore string
	if found, err := tx.one(shownFlags, []any{&before, &stateBefore, &wordsBefore}, id); err != nil || !found {
		return err
	}
	flags := (base&^ServerDeleted)&^want.Clear | want.Set
	state := Shown
	if deleting || base&ServerDeleted != 0 {
		state = Deleted
	}
	words := wordSet(keywords)
	words.remove(want.ClearWords)
	words.add(want.SetWords)
	sameWords := words.equal(wordSet(strings.Fields(wordsBefore)))
	if flags == before && state == stateBefore && sameWords {
		return nil
	}
	if flags != before || state != stateBefore {
		if err := tx.do(setShown, int64(flags), state, id); err != nil {
			return err
		}
	}
	if !sameWords {
		if err := tx.do(deleteKeywords, id); err != nil {
			return err
		}
		for word := range words {
			if err := tx.do(insertKeyword, id, word); err != nil {
				return err
			}
		}
	}
	return tx.noteMessage(id, Changed)
}

// Rebind moves a location's message row: the message now lies in another
// folder (a confirmed MOVE), at the given place. Its locations in other
// folders are forgotten.
func (tx *Tx) Rebind(message MessageID, to ImapLocation) error {
	rf, err := tx.RemoteFolder(to.RemoteFolder)
	if err != nil {
		return err
	}
	if err := tx.do(deleteLocationsOf, message); err != nil {
		return err
	}
	if err := tx.moveMessage(message, rf.Folder); err != nil {
		return err
	}
	to.Message = message
	_, err = tx.AddImapLocation(to)
	return err
}
