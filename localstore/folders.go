package localstore

import (
	"fmt"
	"strings"
)

// folderColumns reads folders. Remote: a server's half of an open maildrop of
// the account's present mode.
const folderColumns = `SELECT f.id, f.account_id, f.path, f.role, f.unread, f.total, f.paused,
	EXISTS (SELECT 1 FROM remote_folders r JOIN maildrops d ON d.id = r.maildrop_id
		WHERE r.folder_id = f.id AND d.closed_at = 0 AND d.protocol = a.mode)
	FROM folders f JOIN accounts a ON a.id = f.account_id AND` + notRemoving

var (
	foldersOf = onMail(folderColumns + `WHERE f.account_id = ?
		ORDER BY CASE f.role WHEN 'inbox' THEN 0 WHEN 'drafts' THEN 1 WHEN 'sent' THEN 2 WHEN 'outbox' THEN 3
			WHEN 'archive' THEN 4 WHEN 'all' THEN 5 WHEN 'junk' THEN 6 WHEN 'trash' THEN 7 WHEN 'templates' THEN 8 ELSE 9 END,
			f.path`)
	folderByID   = onMail(folderColumns + `WHERE f.id = ?`)
	folderByPath = onMail(folderColumns + `WHERE f.account_id = ? AND f.path = ?`)
	folderByRole = onMail(folderColumns + `WHERE f.account_id = ? AND f.role = ? ORDER BY f.id LIMIT 1`)
	insertFolder = onMail(`INSERT INTO folders (account_id, path, role) VALUES (?, ?, ?)`)
	setRole      = onMail(`UPDATE folders SET role = ? WHERE id = ?`)
	setPaused    = onMail(`UPDATE folders SET paused = ? WHERE id = ? AND paused <> ?`)
	folderHalves = onMail(`SELECT EXISTS (SELECT 1 FROM remote_folders WHERE folder_id = ?)`)
	retarget     = onMail(`UPDATE pending SET target_id = ?1 WHERE target_id = ?2 AND message_id IS NOT NULL`)
	resource     = onMail(`UPDATE pending SET source_id = ?1 WHERE source_id = ?2`)
	folderUsed   = onMail(`SELECT EXISTS (SELECT 1 FROM messages WHERE folder_id = ?)`)
)

func scanFolder(r scanner) (f Folder, err error) {
	err = r.Scan(&f.ID, &f.Account, &f.Path, &f.Role, &f.Unread, &f.Total, &f.Paused, &f.Remote)
	return f, err
}

// Folders returns an account's folders: roles first in their usual order, then
// by path. Counts are exact.
func (v *View) Folders(account AccountID) ([]Folder, error) {
	return collect(v.session, foldersOf, scanFolder, account)
}

// Folder returns one folder; the error of an unknown one has cause Missing.
func (v *View) Folder(id FolderID) (Folder, error) {
	return v.oneFolder(fmt.Sprintf("There is no folder %d.", id), folderByID, id)
}

// FolderByPath finds a folder by its path; INBOX in any case is the inbox.
func (v *View) FolderByPath(account AccountID, path string) (Folder, error) {
	path = inboxPath(path)
	return v.oneFolder(fmt.Sprintf("There is no folder %q.", path), folderByPath, account, path)
}

// FolderByRole finds the account's folder of a role.
func (v *View) FolderByRole(account AccountID, role Role) (Folder, error) {
	return v.oneFolder(fmt.Sprintf("This account has no %s folder.", role), folderByRole, account, role)
}

func (v *View) oneFolder(none string, q *query, args ...any) (Folder, error) {
	found, err := collect(v.session, q, scanFolder, args...)
	if err != nil {
		return Folder{}, err
	}
	if len(found) == 0 {
		return Folder{}, unknown("folder", none)
	}
	return found[0], nil
}

// inboxPath spells the inbox as it is stored (RFC 3501 §5.1: in any case).
func inboxPath(path string) string {
	if strings.EqualFold(path, Inbox) {
		return Inbox
	}
	return path
}

// EnsureFolder returns the folder of that path and makes it when there is
// none. A role that another folder has is moved to this one only when the
// other is local and empty; else this one gets no role.
func (tx *Tx) EnsureFolder(account AccountID, path string, role Role) (FolderID, error) {
	path = inboxPath(path)
	if path == "" {
		return 0, refuse("folder", "A folder needs a name.")
	}
	found, err := collect(tx.session, folderByPath, scanFolder, account, path)
	if err != nil {
		return 0, err
	}
	var f Folder
	if len(found) > 0 {
		f = found[0]
	} else {
		if _, err := tx.Account(account); err != nil {
			return 0, err
		}
		id, err := tx.add(insertFolder, account, path, RoleNone)
		if err != nil {
			return 0, err
		}
		f = Folder{ID: FolderID(id), Account: account, Path: path}
		tx.note(Change{Topic: TopicFolders, Kind: Added, Account: account, Folder: f.ID})
	}
	if role == RoleNone || f.Role == role {
		return f.ID, nil
	}
	return f.ID, tx.giveRole(f, role, byPath)
}

// claim is by what right a folder is to have a role.
type claim int

const (
	byPath claim = iota // it is made for it here
	byName              // it is on a server and called so
	bySay               // its server says so
)

// AssignRole gives a folder of a server the role that it has by its name, or
// that the server says it has. A folder that only this computer has gives up the
// role, with its messages. One of the server loses it only to what the server
// says itself.
func (tx *Tx) AssignRole(id FolderID, role Role, said bool) error {
	if role == RoleNone {
		return nil
	}
	f, err := tx.Folder(id)
	if err != nil || f.Role == role {
		return err
	}
	if said {
		return tx.giveRole(f, role, bySay)
	}
	return tx.giveRole(f, role, byName)
}

// giveRole gives a folder a role, unless another one keeps it.
func (tx *Tx) giveRole(f Folder, role Role, by claim) error {
	holders, err := collect(tx.session, folderByRole, scanFolder, f.Account, role)
	if err != nil {
		return err
	}
	if len(holders) > 0 {
		if given, err := tx.giveUpRole(holders[0], f, by); err != nil || !given {
			return err
		}
	}
	tx.note(Change{Topic: TopicFolders, Kind: Changed, Account: f.Account, Folder: f.ID})
	return tx.do(setRole, role, f.ID)
}

// giveUpRole takes the role of h for f, where it may.
func (tx *Tx) giveUpRole(h, f Folder, by claim) (given bool, err error) {
	on, err := tx.folderIntents(h.ID)
	if err != nil {
		return false, err
	}
	if p := on[PendFolderCreate]; by != byPath && p.ID != 0 && len(on) == 1 && !h.Remote {
		// It was to be made there, and is there under another name.
		if err := tx.drop(p); err != nil {
			return false, err
		}
		on = nil
	}
	used, err := tx.number(folderUsed, h.ID)
	if err != nil || h.Remote && by != bySay || len(on) > 0 && by == byName || used != 0 && by == byPath {
		return false, err
	}
	tx.note(Change{Topic: TopicFolders, Kind: Changed, Account: h.Account, Folder: h.ID})
	if err := tx.do(setRole, RoleNone, h.ID); err != nil {
		return false, err
	}
	halves, err := tx.number(folderHalves, h.ID)
	if err != nil || h.Remote || len(on) > 0 || by == byPath {
		return err == nil, err
	}
	in, err := collect(tx.session, messagesIn, scanID[MessageID], h.ID)
	if err != nil {
		return false, err
	}
	for _, m := range in {
		if err := tx.moveMessage(m, f.ID); err != nil {
			return false, err
		}
	}
	for _, q := range []*query{retarget, resource} {
		if err := tx.do(q, f.ID, h.ID); err != nil {
			return false, err
		}
	}
	if halves != 0 {
		return true, nil
	}
	return true, tx.removeFolder(h.ID, h.Account)
}

// PauseFolder sets why removals in a folder wait for the user; "" ends it.
func (tx *Tx) PauseFolder(id FolderID, why string) error {
	n, err := tx.touch(setPaused, why, id, why)
	if err != nil || n == 0 {
		return err
	}
	f, err := tx.Folder(id)
	tx.note(Change{Topic: TopicFolders, Kind: Changed, Account: f.Account, Folder: id})
	return err
}
