package localstore

import (
	"fmt"
	"strings"
)

// Bindings of the mode that an account is being switched to are written while
// it still has the other one. They do not count before the mode changes, so a
// crash or a word of the user in between leaves nothing that matters.

var (
	recognisable = onMail(`SELECT m.id, m.content_id, m.folder_id, f.role, m.ord, c.body_state, c.size, c.fields_hash, c.header_hash
		FROM folders f CROSS JOIN messages m INDEXED BY messages_list ON m.folder_id = f.id AND m.state = 'shown'
		CROSS JOIN contents c ON c.id = m.content_id WHERE f.account_id = ? AND f.role <> 'outbox' ORDER BY m.ord`)
	bindingsImap = onMail(`SELECT l.id FROM maildrops d CROSS JOIN remote_folders r ON r.maildrop_id = d.id
		CROSS JOIN imap_locations l ON l.remote_folder_id = r.id WHERE d.account_id = ? AND l.id > ?`)
	bindingsPop  = onMail(`SELECT l.id FROM maildrops d CROSS JOIN pop_locations l ON l.maildrop_id = d.id WHERE d.account_id = ? AND l.id > ?`)
	forgetPop    = onMail(`DELETE FROM pop_locations WHERE id = ?`)
	bindSleeping = onMail(`INSERT INTO imap_locations (message_id, remote_folder_id, uidvalidity, uid, base_flags, base_keywords, proven)
		VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`)
	folderLocated = onMail(`SELECT DISTINCT l.message_id FROM maildrops d CROSS JOIN remote_folders r ON r.maildrop_id = d.id
		CROSS JOIN imap_locations l ON l.remote_folder_id = r.id AND l.uidvalidity = r.uidvalidity AND l.gone_at = 0 WHERE d.id = ?`)
)

// Recognisable is a message that may be one which another server lists.
type Recognisable struct {
	Message    MessageID
	Content    ContentID
	Folder     FolderID
	Role       Role // of its folder
	Ord        Ord
	Body       BodyState
	Size       int64
	FieldsHash [32]byte
	HeaderHash [32]byte // zero: not known
}

// Recognisables returns the shown messages of an account, the oldest first.
func (v *View) Recognisables(account AccountID) ([]Recognisable, error) {
	return collect(v.session, recognisable, func(r scanner) (m Recognisable, err error) {
		var fields, header []byte
		err = r.Scan(&m.Message, &m.Content, &m.Folder, &m.Role, &m.Ord, &m.Body, &m.Size, &fields, &header)
		m.FieldsHash, m.HeaderHash = hashOf(fields), hashOf(header)
		return m, err
	}, account)
}

// MaildropOf returns the open maildrop of an account and protocol, whatever the
// account's mode; ok is false where there is none.
func (v *View) MaildropOf(account AccountID, protocol Mode) (m Maildrop, ok bool, err error) {
	found, err := collect(v.session, openMaildrop, scanMaildrop, account, protocol)
	if err != nil || len(found) == 0 {
		return Maildrop{}, false, err
	}
	return found[0], true, nil
}

// LocatedIn returns the messages that have a place in an IMAP maildrop under
// the present UIDVALIDITY of its folders, whatever the account's mode.
func (v *View) LocatedIn(maildrop MaildropID) (map[MessageID]bool, error) {
	all, err := collect(v.session, folderLocated, scanID[MessageID], maildrop)
	located := make(map[MessageID]bool, len(all))
	for _, id := range all {
		located[id] = true
	}
	return located, err
}

// switching returns a switch that may still be worked on.
func (tx *Tx) switching(id int64) (Switch, error) {
	s, ok, err := tx.oneSwitch(switchByID, id)
	if err != nil {
		return s, err
	}
	if !ok || s.Begun() || !s.Done.IsZero() {
		return s, errSwitchGone
	}
	if s.Choice.Paused {
		return s, errSwitchPaused
	}
	a, err := tx.Account(s.Account)
	if err == nil && a.Mode != s.From {
		err = errSwitchGone
	}
	return s, err
}

// forgetBindings forgets what a switch has bound so far.
func (tx *Tx) forgetBindings(s Switch) error {
	from, after, forget := bindingsImap, s.Choice.LastImap, deleteLocation
	if s.To == POP {
		from, after, forget = bindingsPop, s.Choice.LastPop, forgetPop
	}
	ids, err := collect(tx.session, from, scanID[LocationID], s.Account, after)
	for _, id := range ids {
		if err == nil {
			err = tx.do(forget, id)
		}
	}
	return err
}

// OpenInbox makes ready to bind messages to the inbox of the IMAP server that
// an account is being switched to: what an earlier try has bound is forgotten,
// and the inbox gets its server half. Locations of an earlier time under the
// same UIDVALIDITY stay.
func (tx *Tx) OpenInbox(id int64, uidvalidity uint32) (RemoteFolderID, error) {
	s, err := tx.switching(id)
	if err != nil {
		return 0, err
	}
	if err := tx.forgetBindings(s); err != nil {
		return 0, err
	}
	if err := tx.StepSwitch(id, SwitchBinding, ""); err != nil {
		return 0, err
	}
	in := s.Choice.Server
	m, err := tx.OpenMaildrop(s.Account, IMAP, in.Host, in.Port, in.User)
	if err != nil {
		return 0, err
	}
	inbox, err := tx.FolderByRole(s.Account, RoleInbox)
	if err != nil {
		return 0, err
	}
	known, err := collect(tx.session, remoteFolderIn, scanRemoteFolder, inbox.ID, m.ID)
	if err != nil {
		return 0, err
	}
	if len(known) > 0 {
		return known[0].ID, tx.SetUIDValidity(known[0].ID, uidvalidity)
	}
	return tx.PutRemoteFolder(RemoteFolder{Folder: inbox.ID, Maildrop: m.ID, Name: Inbox, UIDValidity: uidvalidity, UIDNext: 1})
}

// ImapBinding says that a message is what a server lists under a UID.
type ImapBinding struct {
	Message  MessageID
	UID      uint32
	Flags    Flags // as the server has them
	Keywords []string
	Proven   bool // the complete header was compared
}

// BindInbox writes bindings to the inbox that OpenInbox returned. A UID that is
// bound already stays as it is.
func (tx *Tx) BindInbox(id int64, inbox RemoteFolderID, uidvalidity uint32, bindings []ImapBinding) error {
	if _, err := tx.switching(id); err != nil {
		return err
	}
	for _, b := range bindings {
		err := tx.do(bindSleeping, b.Message, inbox, uidvalidity, b.UID, int64(b.Flags), strings.Join(b.Keywords, " "), oneIf(b.Proven))
		if err != nil {
			return err
		}
	}
	return nil
}

// OpenDrop makes ready to bind messages to the maildrop that an account is being
// switched to: what an earlier try has bound is forgotten. It returns the
// maildrop and what its ledger knows from earlier times.
func (tx *Tx) OpenDrop(id int64) (MaildropID, []PopLocation, error) {
	s, err := tx.switching(id)
	if err != nil {
		return 0, nil, err
	}
	if err := tx.forgetBindings(s); err != nil {
		return 0, nil, err
	}
	if err := tx.StepSwitch(id, SwitchBinding, ""); err != nil {
		return 0, nil, err
	}
	in := s.Choice.Server
	m, err := tx.OpenMaildrop(s.Account, POP, in.Host, in.Port, in.User)
	if err != nil {
		return 0, nil, err
	}
	rows, err := tx.Ledger(m.ID)
	return m.ID, rows, err
}

// BindDrop writes ledger rows, all of them 'kept'. A row without the hash of a
// complete header is refused: nothing could be recognised by it.
func (tx *Tx) BindDrop(id int64, rows []PopLocation) error {
	if _, err := tx.switching(id); err != nil {
		return err
	}
	for _, r := range rows {
		if r.HeaderHash == [32]byte{} {
			return refuse("switch", fmt.Sprintf("Message %d cannot be bound without its header.", r.Message))
		}
		r.State = PopKept
		if _, err := tx.AddPopLocation(r); err != nil {
			return err
		}
	}
	return nil
}
