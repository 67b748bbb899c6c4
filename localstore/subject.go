package localstore

import (
	"fmt"

	"paquebot.app/internal/fault"
)

// subjectOf reads a message with what decides how an intent about it is kept.
// The last column is the folder in which a location holds it, or did before the
// folder was numbered anew, or is expected to; 0 when none does.
var subjectOf = onMail(`SELECT m.id, m.folder_id, m.content_id, m.flags, m.state, m.arrived, f.account_id, f.role,
	a.mode, a.pop_delete, c.body_state, coalesce((SELECT r.folder_id FROM imap_locations l
		JOIN remote_folders r ON r.id = l.remote_folder_id JOIN maildrops d ON d.id = r.maildrop_id
		WHERE l.message_id = m.id AND l.gone_at = 0 AND d.closed_at = 0
			AND d.protocol = a.mode ORDER BY l.uidvalidity <> r.uidvalidity, l.id LIMIT 1), 0)
	FROM messages m JOIN folders f ON f.id = m.folder_id JOIN accounts a ON a.id = f.account_id
	JOIN contents c ON c.id = m.content_id WHERE m.id = ?`)

// subject is a message that an intent is about.
type subject struct {
	id      MessageID
	folder  FolderID
	content ContentID
	flags   Flags
	state   State
	arrived int64
	account AccountID
	role    Role // of its folder
	mode    Mode
	policy  DeletePolicy
	body    BodyState
	at      FolderID // where the server has it; 0: nowhere
	intents intents
}

// subject returns a message; ok is false when it is gone.
func (v *View) subject(id MessageID) (s subject, ok bool, err error) {
	ok, err = v.one(subjectOf, []any{&s.id, &s.folder, &s.content, &s.flags, &s.state, &s.arrived, &s.account, &s.role,
		&s.mode, &s.policy, &s.body, &s.at}, id)
	if err != nil || !ok {
		return s, false, err
	}
	s.intents, err = v.intentsOf(id)
	return s, true, err
}

// subjects returns those of the messages that are there and not deleted, each
// once.
func (v *View) subjects(ids []MessageID) ([]subject, error) {
	var all []subject
	seen := make(map[MessageID]bool, len(ids))
	for _, id := range ids {
		if seen[id] {
			continue
		}
		seen[id] = true
		s, ok, err := v.subject(id)
		if err != nil {
			return nil, err
		}
		if ok && s.state != Deleted {
			all = append(all, s)
		}
	}
	return all, nil
}

// tracked tells whether a server holds the message or will.
func (s subject) tracked() bool {
	return s.mode == IMAP && (s.at != 0 || s.intents[PendAppend].ID != 0 || s.intents[PendCopy].ID != 0)
}

// tellsFlags tells whether the server has to be told of changed flags. An
// append that has not begun carries them.
func (s subject) tellsFlags() bool {
	return s.tracked() && (s.at != 0 || s.intents[PendAppend].State != PendReady)
}

// source returns the folder in which the server has the message, or will have
// it before anything else is done with it.
func (s subject) source() FolderID {
	if move := s.intents[PendMove]; move.ID != 0 {
		return move.Source
	}
	for _, k := range []PendingKind{PendAppend, PendCopy} {
		if p := s.intents[k]; p.ID != 0 && s.at == 0 {
			return p.Target
		}
	}
	if s.at != 0 {
		return s.at
	}
	return s.folder
}

// noteSubject announces that a message in a folder changed or left it.
func (tx *Tx) noteSubject(s subject, folder FolderID) {
	tx.note(Change{Topic: TopicMessages, Kind: Changed, Account: s.account, Folder: folder, Message: s.id, Content: s.content})
	tx.note(Change{Topic: TopicFolders, Kind: Changed, Account: s.account, Folder: folder})
}

// destination is where messages go.
type destination struct {
	Folder
	mode   Mode
	onward bool // a server has the folder, or will have it
}

var accountMode = onMail(`SELECT mode FROM accounts WHERE id = ?`)

// destination returns a folder that messages may be put into.
func (tx *Tx) destination(id FolderID) (destination, error) {
	f, err := tx.Folder(id)
	if err != nil {
		return destination{}, err
	}
	p := destination{Folder: f, onward: f.Remote}
	if _, err := tx.one(accountMode, []any{&p.mode}, f.Account); err != nil {
		return p, err
	}
	if f.Role == RoleOutbox {
		return p, refuse("move", "Only letters that are to be sent lie in the Outbox.")
	}
	on, err := collect(tx.session, pendingsOn, scanPending, id)
	if err != nil {
		return p, err
	}
	for _, i := range on {
		switch i.Kind {
		case PendFolderCreate:
			p.onward = true
		case PendFolderDelete:
			return p, refuse("move", fmt.Sprintf("The folder %q is being deleted.", f.Path))
		}
	}
	return p, nil
}

// made is the roles of folders that are made on a server when they are missing
// there and something has to go into them.
var made = map[Role]bool{RoleTrash: true, RoleArchive: true, RoleJunk: true}

// reach makes a folder one of the server's, where it should be one.
func (tx *Tx) reach(p destination) (destination, error) {
	if !made[p.Role] {
		return p, nil
	}
	return tx.onServer(p)
}

// onServer makes a folder of an account with a server one of the server's.
func (tx *Tx) onServer(p destination) (destination, error) {
	if p.onward || p.mode != IMAP {
		return p, nil
	}
	p.onward = true
	_, err := tx.put(Pending{Account: p.Account, Kind: PendFolderCreate, Name: p.Path, Target: p.ID})
	return p, err
}

// usualPath is what a folder of a role is called where there is none.
var usualPath = map[Role]string{RoleDrafts: "Drafts", RoleOutbox: "Outbox", RoleSent: "Sent", RoleTrash: "Trash"}

// ensureRole returns the account's folder of a role and makes it when there
// is none.
func (tx *Tx) ensureRole(account AccountID, role Role) (FolderID, error) {
	f, err := tx.FolderByRole(account, role)
	if err == nil {
		return f.ID, nil
	}
	if fault.Of(err).Cause != fault.Missing {
		return 0, err
	}
	return tx.EnsureFolder(account, usualPath[role], role)
}
