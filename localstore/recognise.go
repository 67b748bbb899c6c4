package localstore

import "time"

var (
	knownAt = onMail(`SELECT EXISTS (SELECT 1 FROM imap_locations l JOIN remote_folders r ON r.id = l.remote_folder_id WHERE l.message_id = ?1
		AND r.maildrop_id = (SELECT maildrop_id FROM remote_folders WHERE id = ?2))`)
	setProven = onMail(`UPDATE imap_locations SET proven = ? WHERE id = ?`)
	unproven  = onMail(`SELECT l.id, l.message_id, l.remote_folder_id, l.uidvalidity, l.uid, l.modseq, l.base_flags, l.base_keywords, c.header_hash
		FROM imap_locations l JOIN remote_folders r ON r.id = l.remote_folder_id AND r.uidvalidity = l.uidvalidity
		JOIN messages m ON m.id = l.message_id JOIN contents c ON c.id = m.content_id
		WHERE l.message_id = ? AND l.gone_at = 0 AND l.proven = 0 AND c.header_hash IS NOT NULL ORDER BY l.id`)
)

// Recognise binds a message that is here, as Unlocated found it, to where its
// server lists it. Where the server lists it for the first time (the account was
// switched, or the provider changed) it is told the marks that it cannot know;
// nothing is cleared. Its complete header has not been compared: Unproven says
// so until Prove.
func (tx *Tx) Recognise(l ImapLocation) error {
	s, ok, err := tx.subject(l.Message)
	if err != nil || !ok {
		return err
	}
	known, err := tx.number(knownAt, l.Message, l.RemoteFolder)
	if err != nil {
		return err
	}
	rf, err := tx.RemoteFolder(l.RemoteFolder)
	if err != nil {
		return err
	}
	first := rf.SyncedAt == 0 // another host, or the folder is new to us
	if !first {
		if first, err = tx.Recognising(s.account); err != nil {
			return err
		}
	}
	if first && known == 0 && !s.moves() && s.state == Shown && l.BaseFlags&ServerDeleted == 0 {
		if err := tx.tellMarks(s, marks{l.BaseFlags, l.BaseKeywords}); err != nil {
			return err
		}
	}
	id, err := tx.AddImapLocation(l)
	if err != nil {
		return err
	}
	i, err := tx.Identity(s.content)
	if err != nil || i.HeaderHash == [32]byte{} {
		return err
	}
	return tx.do(setProven, 0, id)
}

// filedHere finds a message of a folder that its server holds in another one.
var filedHere = onMail(`SELECT m.id, l.id FROM folders f CROSS JOIN contents c ON c.account_id = f.account_id AND c.fields_hash = ?2
	CROSS JOIN messages m ON m.content_id = c.id AND m.folder_id = f.id AND m.state = 'shown'
	CROSS JOIN imap_locations l ON l.message_id = m.id AND l.gone_at = 0
	CROSS JOIN remote_folders r ON r.id = l.remote_folder_id AND r.uidvalidity = l.uidvalidity AND r.folder_id <> f.id
	CROSS JOIN maildrops d ON d.id = r.maildrop_id AND d.closed_at = 0
	WHERE f.id = ?1 AND NOT EXISTS (SELECT 1 FROM pending WHERE message_id = m.id AND kind = 'move') ORDER BY m.ord LIMIT 1`)

// FiledHere returns a message with that fields hash that is shown in a folder
// and that its server, as far as was known, holds in another one only. While an
// account is being recognised, what the server lists in the folder itself is
// that message, and what it holds in the other one is read as new mail.
func (tx *Tx) FiledHere(folder FolderID, fields [32]byte) (id MessageID, ok bool, err error) {
	f, err := tx.Folder(folder)
	if err != nil {
		return 0, false, err
	}
	if recognising, err := tx.Recognising(f.Account); err != nil || !recognising {
		return 0, false, err
	}
	var at LocationID
	if ok, err = tx.one(filedHere, []any{&id, &at}, folder, fields[:]); err != nil || !ok {
		return 0, false, err
	}
	l, _, err := tx.oneLocation(locationByID, at)
	if err != nil {
		return 0, false, err
	}
	return id, true, tx.readAgain(l)
}

// readAgain forgets where a server holds a message, and has what lies there read
// as new mail.
func (tx *Tx) readAgain(l ImapLocation) error {
	if err := tx.Unlocate(l.ID); err != nil {
		return err
	}
	rf, err := tx.RemoteFolder(l.RemoteFolder)
	if err != nil || rf.UIDValidity != l.UIDValidity {
		return err
	}
	return tx.Announce(rf.ID, rf.UIDValidity, max(rf.UIDNext, l.UID+1), []UIDRange{{l.UID, l.UID}})
}

// moves tells whether something that was begun takes the message to a server.
func (s subject) moves() bool {
	return s.intents[PendAppend].ID != 0 || s.intents[PendCopy].ID != 0 || s.intents[PendMove].ID != 0 || s.intents[PendDelete].ID != 0
}

// tellMarks makes an intent of the marks of a message that its server lacks.
func (tx *Tx) tellMarks(s subject, base marks) error {
	shown, err := tx.shownMarks(s)
	if err != nil {
		return err
	}
	p := s.intents[PendFlags]
	p.Account, p.Message, p.Kind = s.account, s.id, PendFlags
	p.Set |= shown.flags & toldFlags &^ base.flags
	p.SetWords = union(p.SetWords, without(shown.words, base.words))
	if p.ID == 0 && p.Set == 0 && len(p.SetWords) == 0 {
		return nil
	}
	_, err = tx.put(p)
	return err
}

// Doubtful is a binding whose complete header has not been compared.
type Doubtful struct {
	ImapLocation
	HeaderHash [32]byte // of the mail that is here
}

// Unproven returns the bindings of messages by which nothing may be removed or
// moved on a server yet.
func (v *View) Unproven(messages []MessageID) ([]Doubtful, error) {
	var all []Doubtful
	for _, id := range messages {
		found, err := collect(v.session, unproven, func(r scanner) (d Doubtful, err error) {
			var words string
			var header []byte
			l := &d.ImapLocation
			err = r.Scan(&l.ID, &l.Message, &l.RemoteFolder, &l.UIDValidity, &l.UID, &l.ModSeq, &l.BaseFlags, &words, &header)
			d.HeaderHash = hashOf(header)
			return d, err
		}, id)
		if err != nil {
			return nil, err
		}
		all = append(all, found...)
	}
	return all, nil
}

// Prove records that the complete header of what a server holds is that of the
// message bound to it.
func (tx *Tx) Prove(id LocationID) error { return tx.do(setProven, 1, id) }

// Misbound records that what a server holds under a UID is another mail than
// the message bound to it, which is only on this computer now: what was to be
// done to it there is forgotten. The server's mail is a message of its own, c.
func (tx *Tx) Misbound(l ImapLocation, c NewContent, arrived time.Time) error {
	of, err := tx.intentsOf(l.Message)
	if err != nil {
		return err
	}
	rf, err := tx.RemoteFolder(l.RemoteFolder)
	if err != nil {
		return err
	}
	if err := tx.Unlocate(l.ID); err != nil {
		return err
	}
	for _, p := range of {
		if p.Kind == PendDelete { // it was to go, here too: nobody else has it any more
			err = tx.CancelPending(p.ID)
		} else {
			err = tx.PendingDropped(p.ID, "On the server lies another mail than the one here.")
		}
		if err != nil {
			return err
		}
	}
	content, err := tx.AddContent(c)
	if err != nil {
		return err
	}
	l.ID = 0
	l.Message, err = tx.AddMessage(NewMessage{Folder: rf.Folder, Content: content, Arrived: arrived, Flags: l.BaseFlags &^ ServerDeleted, Keywords: l.BaseKeywords})
	if err != nil {
		return err
	}
	_, err = tx.AddImapLocation(l)
	return err
}
