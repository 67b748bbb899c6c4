package localstore

import "fmt"

// unlocatedIn selects the messages of a folder without a counting location.
const unlocatedIn = ` FROM folders f CROSS JOIN accounts a ON a.id = f.account_id
	CROSS JOIN messages m ON m.folder_id = f.id CROSS JOIN contents c ON c.id = m.content_id
	WHERE f.id = ? AND m.state IN ('shown', 'deleted') AND NOT (` + located + `)`

// stubOnly leaves what is nothing but a header and will not become more.
const stubOnly = ` AND c.body_state = 0 AND c.left_behind = 0
	AND NOT EXISTS (SELECT 1 FROM pending WHERE message_id = m.id AND kind IN ('append', 'copy', 'move'))
	AND NOT EXISTS (SELECT 1 FROM imap_locations WHERE message_id = m.id AND gone_at > 0)
	AND NOT EXISTS (SELECT 1 FROM pop_locations WHERE message_id = m.id)
	AND NOT EXISTS (SELECT 1 FROM drafts WHERE message_id = m.id)
	AND NOT EXISTS (SELECT 1 FROM outbox WHERE content_id = m.content_id)`

var (
	unlocated = onMail(`SELECT m.id FROM folders f CROSS JOIN accounts a ON a.id = f.account_id
		CROSS JOIN contents c ON c.account_id = a.id AND c.fields_hash = ?2 CROSS JOIN messages m ON m.content_id = c.id
		WHERE f.id = ?1 AND (m.state IN ('shown', 'deleted') OR m.state = 'held' AND c.size = ?3) AND NOT (` + located + `)
		AND (m.folder_id = f.id OR EXISTS (SELECT 1 FROM pending WHERE message_id = m.id AND kind = 'move' AND source_id = f.id))
		ORDER BY m.state = 'held', m.ord LIMIT 1`)
	lostStubs = onMail(`SELECT m.id, c.subject, a.id` + unlocatedIn + stubOnly)
	lostStub  = onMail(`SELECT m.id, c.subject, a.id FROM messages m CROSS JOIN folders f ON f.id = m.folder_id
		CROSS JOIN accounts a ON a.id = f.account_id CROSS JOIN contents c ON c.id = m.content_id
		WHERE m.id = ? AND m.state IN ('shown', 'deleted') AND NOT (` + located + `)` + stubOnly)
)

// Unlocated returns the oldest message with that fields hash that belongs to a
// folder, or is to be moved out of it, and that no counting location accounts
// for; ok is false when there is none. Sync binds it to what the server lists
// before it adds anything as new: UIDVALIDITY changed, the account was
// switched, an answer was lost, or another client put back what was in the
// hold: that has to be of the size which the server says.
func (v *View) Unlocated(folder FolderID, fields [32]byte, size int64) (id MessageID, ok bool, err error) {
	ok, err = v.one(unlocated, []any{&id}, folder, fields[:], size)
	return id, ok, err
}

// Unlocate forgets where a server held a message: it was moved away or
// removed by our own intent.
func (tx *Tx) Unlocate(id LocationID) error {
	l, ok, err := tx.oneLocation(locationByID, id)
	if err != nil || !ok {
		return err
	}
	if err := tx.do(deleteLocation, id); err != nil {
		return err
	}
	return tx.noteMessage(l.Message, Changed)
}

// DropLostStubs removes the messages of a remote folder that have neither a
// location, nor a body here, nor an intent that will give them one: after a
// complete pass they are nowhere. Each leaves a line in the journal. A paused
// folder, drafts and letters of the outbox lose nothing.
func (tx *Tx) DropLostStubs(folder FolderID) error {
	f, err := tx.Folder(folder)
	if err != nil {
		return err
	}
	if !f.Remote || f.Paused != "" {
		return nil
	}
	return tx.dropStubs(lostStubs, folder)
}

// dropStubs removes the stubs that a query finds.
func (tx *Tx) dropStubs(q *query, of any) error {
	type stub struct {
		id      MessageID
		subject string
		account AccountID
	}
	lost, err := collect(tx.session, q, func(r scanner) (s stub, err error) {
		err = r.Scan(&s.id, &s.subject, &s.account)
		return s, err
	}, of)
	for _, s := range lost {
		err := tx.Journal(Note{Account: s.account, Step: "stub removed", Ref: fmt.Sprint(s.id),
			Result: fmt.Sprintf("%q is not on the server any more and was never downloaded.", s.subject)})
		if err == nil {
			err = tx.RemoveMessage(s.id)
		}
		if err != nil {
			return err
		}
	}
	return err
}
