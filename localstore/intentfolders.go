package localstore

import (
	"fmt"
	"strings"
)

var (
	foldersBelow  = onMail(`SELECT id, path FROM folders WHERE account_id = ?1 AND (path = ?2 OR substr(path, 1, length(?2) + 1) = ?2 || '/') ORDER BY path DESC`)
	setPath       = onMail(`UPDATE folders SET path = ? WHERE id = ?`)
	aboutMessages = scanning(onMail(`SELECT id FROM messages WHERE folder_id = ? AND state = 'shown'`))
)

// kept are the roles of folders that are neither renamed nor deleted.
var kept = map[Role]bool{RoleInbox: true, RoleOutbox: true}

// checkPath refuses what is no path of a folder.
func checkPath(path string) error {
	for _, level := range strings.Split(path, "/") {
		if strings.TrimSpace(level) == "" || strings.ContainsFunc(level, func(r rune) bool { return r < ' ' || r == 0x7f }) {
			return refuse("folder", fmt.Sprintf("A folder cannot be called %q.", path))
		}
	}
	return nil
}

// freePath refuses a path that a folder has.
func (tx *Tx) freePath(account AccountID, path string) error {
	if err := checkPath(path); err != nil {
		return err
	}
	taken, err := collect(tx.session, folderByPath, scanFolder, account, inboxPath(path))
	if err == nil && len(taken) > 0 {
		return refuse("folder", fmt.Sprintf("There is a folder %q already.", path))
	}
	return err
}

// CreateFolder makes a folder, here and as an intent.
func (tx *Tx) CreateFolder(account AccountID, path string) (FolderID, error) {
	if err := tx.freePath(account, path); err != nil {
		return 0, err
	}
	id, err := tx.EnsureFolder(account, path, RoleNone)
	if err != nil {
		return 0, err
	}
	var mode Mode
	if _, err := tx.one(accountMode, []any{&mode}, account); err != nil || mode != IMAP {
		return id, err
	}
	_, err = tx.put(Pending{Account: account, Kind: PendFolderCreate, Name: path, Target: id})
	return id, err
}

// folderIntents returns what is pending for a folder, by kind.
func (tx *Tx) folderIntents(id FolderID) (intents, error) {
	found, err := collect(tx.session, pendingsOn, scanPending, id)
	of := intents{}
	for _, p := range found {
		of[p.Kind] = p
	}
	return of, err
}

// RenameFolder renames a folder and those below it. The inbox and the Outbox
// keep their names.
func (tx *Tx) RenameFolder(id FolderID, path string) error {
	f, err := tx.Folder(id)
	if err != nil || f.Path == path {
		return err
	}
	if kept[f.Role] {
		return refuse("folder", "This folder cannot be renamed.")
	}
	if strings.HasPrefix(path, f.Path+"/") {
		return refuse("folder", "A folder cannot be moved into itself.")
	}
	if err := tx.freePath(f.Account, path); err != nil {
		return err
	}
	if err := tx.setPaths(f, path); err != nil {
		return err
	}
	on, err := tx.folderIntents(id)
	if err != nil {
		return err
	}
	if p := on[PendFolderCreate]; p.ID != 0 {
		p.Name = path
		_, err := tx.put(p)
		return err
	}
	p, had := on[PendFolderRename]
	if !had && !f.Remote {
		return nil
	}
	if !had {
		p = Pending{Account: f.Account, Kind: PendFolderRename, Target: id, was: f.Path}
	}
	if p.Name = path; p.Name == p.was {
		return tx.drop(p)
	}
	_, err = tx.put(p)
	return err
}

// setPaths gives a folder and those below it their new paths.
func (tx *Tx) setPaths(f Folder, path string) error {
	type renamed struct {
		id   FolderID
		path string
	}
	below, err := collect(tx.session, foldersBelow, func(r scanner) (b renamed, err error) {
		err = r.Scan(&b.id, &b.path)
		return b, err
	}, f.Account, f.Path)
	if err != nil {
		return err
	}
	for _, b := range below {
		to := path + strings.TrimPrefix(b.path, f.Path)
		if b.id != f.ID {
			if err := tx.freePath(f.Account, to); err != nil {
				return err
			}
		}
		if err := tx.do(setPath, to, b.id); err != nil {
			return err
		}
		tx.note(Change{Topic: TopicFolders, Kind: Changed, Account: f.Account, Folder: b.id})
	}
	return nil
}

// DeleteFolder deletes a folder and those below it; their messages go to the
// Trash first, and what is in the hold stays there. A folder of a server stays,
// empty, until the server has deleted it. The inbox, the Outbox and the Trash
// stay.
func (tx *Tx) DeleteFolder(id FolderID) error {
	top, err := tx.Folder(id)
	if err != nil {
		return err
	}
	below, err := collect(tx.session, foldersBelow, func(r scanner) (id FolderID, err error) {
		var path string
		err = r.Scan(&id, &path)
		return id, err
	}, top.Account, top.Path)
	if err != nil {
		return err
	}
	for _, id := range below { // the deepest first
		if err := tx.deleteOne(id); err != nil {
			return err
		}
	}
	return nil
}

func (tx *Tx) deleteOne(id FolderID) error {
	f, err := tx.Folder(id)
	if err != nil {
		return err
	}
	if kept[f.Role] || f.Role == RoleTrash {
		return refuse("folder", "This folder cannot be deleted.")
	}
	on, err := tx.folderIntents(id)
	if err != nil || on[PendFolderDelete].ID != 0 {
		return err
	}
	in, err := collect(tx.session, aboutMessages, scanID[MessageID], id)
	if err != nil {
		return err
	}
	if err := tx.Delete(in); err != nil {
		return err
	}
	for _, p := range on {
		if err := tx.drop(p); err != nil {
			return err
		}
	}
	if !f.Remote {
		return tx.removeFolder(id, f.Account)
	}
	_, err = tx.put(Pending{Account: f.Account, Kind: PendFolderDelete, Name: f.Path, Target: id})
	return err
}

// cancelFolder takes back what is pending for a folder.
func (tx *Tx) cancelFolder(p Pending) error {
	f, err := tx.Folder(p.Target)
	if err != nil {
		return err
	}
	switch p.Kind {
	case PendFolderCreate:
		used, err := tx.number(folderUsed, f.ID)
		if err != nil {
			return err
		}
		if used != 0 || f.Role != RoleNone {
			return refuse("cancel", "This folder is in use already.")
		}
		if err := tx.drop(p); err != nil {
			return err
		}
		return tx.removeFolder(f.ID, f.Account)
	case PendFolderRename:
		if err := tx.freePath(f.Account, p.was); err != nil {
			return err
		}
		if err := tx.setPaths(f, p.was); err != nil {
			return err
		}
	}
	return tx.drop(p)
}
