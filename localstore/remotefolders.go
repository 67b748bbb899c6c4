package localstore

import "fmt"

const remoteFolderColumns = `SELECT r.id, r.folder_id, r.maildrop_id, r.name, r.uidvalidity, r.uidnext, r.modseq, r.synced_at
	FROM remote_folders r `

var (
	remoteFoldersOf = onMail(remoteFolderColumns + `WHERE r.maildrop_id = ? ORDER BY r.id`)
	remoteFolderBy  = onMail(remoteFolderColumns + `WHERE r.id = ?`)
	remoteFolderOf  = onMail(remoteFolderColumns + `JOIN maildrops d ON d.id = r.maildrop_id
		JOIN folders f ON f.id = r.folder_id JOIN accounts a ON a.id = f.account_id
		WHERE r.folder_id = ? AND d.closed_at = 0 AND d.protocol = a.mode`)
	remoteFolderIn = onMail(remoteFolderColumns + `WHERE r.folder_id = ? AND r.maildrop_id = ?`)
	putRemote      = onMail(`INSERT INTO remote_folders (folder_id, maildrop_id, name, uidvalidity, uidnext, modseq, synced_at)
		VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (folder_id, maildrop_id) DO UPDATE
		SET name = excluded.name, uidnext = excluded.uidnext, modseq = excluded.modseq, synced_at = excluded.synced_at`)
	deleteRemote   = onMail(`DELETE FROM remote_folders WHERE id = ?`)
	setUIDNext     = onMail(`UPDATE remote_folders SET uidnext = max(uidnext, ?) WHERE id = ? AND uidvalidity = ?`)
	setSynced      = onMail(`UPDATE remote_folders SET modseq = ?, synced_at = ? WHERE id = ? AND uidvalidity = ?`)
	setUIDValidity = onMail(`UPDATE remote_folders SET uidvalidity = ?, uidnext = 1, modseq = 0, synced_at = 0 WHERE id = ?`)
	todoOf         = onMail(`SELECT lo, hi FROM uid_todo WHERE remote_folder_id = ? AND uidvalidity = ? ORDER BY lo`)
	dropTodo       = onMail(`DELETE FROM uid_todo WHERE remote_folder_id = ? AND uidvalidity = ?`)
	dropTodoFrom   = onMail(`DELETE FROM uid_todo WHERE remote_folder_id = ? AND uidvalidity = ? AND lo = ?`)
	addTodo        = onMail(`INSERT INTO uid_todo (remote_folder_id, uidvalidity, lo, hi) VALUES (?, ?, ?, ?)`)
	dropAllTodo    = onMail(`DELETE FROM uid_todo WHERE remote_folder_id = ?`)
)

// RemoteFolder is the server's half of a folder.
type RemoteFolder struct {
	ID          RemoteFolderID
	Folder      FolderID
	Maildrop    MaildropID
	Name        string // as the server spells it, decoded to UTF-8
	UIDValidity uint32
	UIDNext     uint32
	ModSeq      uint64 // 0: unknown, or no CONDSTORE
	SyncedAt    int64  // Unix seconds; 0: never to the end
}

func scanRemoteFolder(r scanner) (rf RemoteFolder, err error) {
	err = r.Scan(&rf.ID, &rf.Folder, &rf.Maildrop, &rf.Name, &rf.UIDValidity, &rf.UIDNext, &rf.ModSeq, &rf.SyncedAt)
	return rf, err
}

// RemoteFolders returns the server halves of a maildrop's folders.
func (v *View) RemoteFolders(maildrop MaildropID) ([]RemoteFolder, error) {
	return collect(v.session, remoteFoldersOf, scanRemoteFolder, maildrop)
}

// RemoteFolderOf returns the server half of a folder in an open maildrop of
// the account's mode; ok is false for a local folder.
func (v *View) RemoteFolderOf(folder FolderID) (rf RemoteFolder, ok bool, err error) {
	found, err := collect(v.session, remoteFolderOf, scanRemoteFolder, folder)
	if err != nil || len(found) == 0 {
		return RemoteFolder{}, false, err
	}
	return found[0], true, nil
}

// RemoteFolder returns one server half; the error of an unknown one has cause
// Missing.
func (v *View) RemoteFolder(id RemoteFolderID) (RemoteFolder, error) {
	found, err := collect(v.session, remoteFolderBy, scanRemoteFolder, id)
	if err != nil {
		return RemoteFolder{}, err
	}
	if len(found) == 0 {
		return RemoteFolder{}, unknown("folder", fmt.Sprintf("There is no folder %d on a server.", id))
	}
	return found[0], nil
}

// PutRemoteFolder adds or changes the server half of rf.Folder in rf.Maildrop
// and returns its id. SetUIDValidity changes UIDVALIDITY, nothing else does.
func (tx *Tx) PutRemoteFolder(rf RemoteFolder) (RemoteFolderID, error) {
	f, err := tx.Folder(rf.Folder)
	if err != nil {
		return 0, err
	}
	err = tx.do(putRemote, rf.Folder, rf.Maildrop, rf.Name, rf.UIDValidity, rf.UIDNext, int64(rf.ModSeq), rf.SyncedAt)
	if err != nil {
		return 0, err
	}
	found, err := collect(tx.session, remoteFolderIn, scanRemoteFolder, rf.Folder, rf.Maildrop)
	if err != nil {
		return 0, err
	}
	tx.note(Change{Topic: TopicFolders, Kind: Changed, Account: f.Account, Folder: f.ID})
	return found[0].ID, nil
}

// RemoteRenamed records that somebody else gave a folder another name on the
// server: it has the path now that belongs to that name, and everything in it
// stays what it is. Where the user has renamed it too and the server does not
// know yet, his path stays. A path that another folder has changes nothing;
// the messages are then recognised one by one.
func (tx *Tx) RemoteRenamed(id RemoteFolderID, name, path string) error {
	rf, err := tx.RemoteFolder(id)
	if err != nil {
		return err
	}
	f, err := tx.Folder(rf.Folder)
	if err != nil {
		return err
	}
	if checkPath(path) != nil {
		return nil
	}
	taken, err := collect(tx.session, folderByPath, scanFolder, f.Account, inboxPath(path))
	if err != nil || len(taken) > 0 && taken[0].ID != f.ID {
		return err
	}
	on, err := tx.folderIntents(f.ID)
	if err != nil {
		return err
	}
	if p, renaming := on[PendFolderRename]; renaming {
		p.was = path
		_, err = tx.put(p)
	} else {
		err = tx.do(setPath, path, f.ID)
	}
	if err != nil {
		return err
	}
	// Not all servers keep the modification sequence: flags are asked for anew.
	rf.Name, rf.ModSeq = name, 0
	_, err = tx.PutRemoteFolder(rf)
	return err
}

// DropRemoteFolder forgets the server half of a folder that the server no
// longer lists; its located messages lose their location under the keep rule
// of VanishLocations. A folder of no use, which held nothing else, goes too; one
// that is paused keeps it until the user has answered.
func (tx *Tx) DropRemoteFolder(id RemoteFolderID) error {
	rf, err := tx.RemoteFolder(id)
	if err != nil {
		return err
	}
	f, err := tx.Folder(rf.Folder)
	if err != nil {
		return err
	}
	located, err := tx.ImapLocations(id)
	if err != nil {
		return err
	}
	lost := make([]Vanished, len(located))
	for i, l := range located {
		lost[i] = Vanished{Location: l, Folder: rf.Folder}
	}
	if _, err := tx.vanish(f.Account, lost); err != nil {
		return err
	}
	if f, err = tx.Folder(f.ID); err != nil || f.Paused != "" {
		return err
	}
	tx.note(Change{Topic: TopicFolders, Kind: Changed, Account: f.Account, Folder: f.ID})
	if err := tx.do(deleteRemote, id); err != nil {
		return err
	}
	used, err := tx.number(folderUsed, f.ID)
	if err != nil || used != 0 || f.Role != RoleNone {
		return err
	}
	on, err := tx.folderIntents(f.ID)
	if err != nil || len(on) > 0 {
		return err
	}
	return tx.removeFolder(f.ID, f.Account)
}

// UIDRange is an inclusive range of UIDs.
type UIDRange struct{ Lo, Hi uint32 }

func scanRange(r scanner) (u UIDRange, err error) {
	err = r.Scan(&u.Lo, &u.Hi)
	return u, err
}

// Announce records in one step that the server has messages up to uidnext-1
// and that the given ranges are not yet stored. They are added to those that
// are announced already. An announcement under another UIDVALIDITY than the
// present one is refused with cause Data.
func (tx *Tx) Announce(rf RemoteFolderID, uidvalidity, uidnext uint32, todo []UIDRange) error {
	if err := tx.presentUIDs(setUIDNext, uidnext, rf, uidvalidity); err != nil {
		return err
	}
	if len(todo) == 0 {
		return nil
	}
	old, err := tx.Todo(rf, uidvalidity)
	if err != nil {
		return err
	}
	if err := tx.do(dropTodo, rf, uidvalidity); err != nil {
		return err
	}
	return tx.addTodo(rf, uidvalidity, mergeRanges(append(old, todo...)))
}

// presentUIDs runs an update of a remote folder that holds under the present
// UIDVALIDITY only.
func (tx *Tx) presentUIDs(q *query, args ...any) error {
	n, err := tx.touch(q, args...)
	if err == nil && n == 0 {
		return refuse("folder", "The folder's UIDVALIDITY has changed meanwhile.")
	}
	return err
}

func (tx *Tx) addTodo(rf RemoteFolderID, uidvalidity uint32, todo []UIDRange) error {
	for _, r := range todo {
		if err := tx.do(addTodo, rf, uidvalidity, r.Lo, r.Hi); err != nil {
			return err
		}
	}
	return nil
}

// Todo returns what is announced and not yet stored, ascending.
func (v *View) Todo(rf RemoteFolderID, uidvalidity uint32) ([]UIDRange, error) {
	return collect(v.session, todoOf, scanRange, rf, uidvalidity)
}

// Arrived shrinks what is still to be stored by the given UIDs: they are
// stored, or the server has them no more.
func (tx *Tx) Arrived(rf RemoteFolderID, uidvalidity uint32, uids []uint32) error {
	old, err := tx.Todo(rf, uidvalidity)
	if err != nil {
		return err
	}
	left := withoutUIDs(old, uids)
	// A batch touches few of the ranges: only those are written.
	kept := map[UIDRange]bool{}
	for _, r := range left {
		kept[r] = true
	}
	for _, r := range old {
		if kept[r] {
			delete(kept, r)
			continue
		}
		if err := tx.do(dropTodoFrom, rf, uidvalidity, r.Lo); err != nil {
			return err
		}
	}
	for _, r := range left {
		if !kept[r] {
			continue
		}
		if err := tx.do(addTodo, rf, uidvalidity, r.Lo, r.Hi); err != nil {
			return err
		}
	}
	return nil
}

// SetSynced records the end of a complete pass: modseq last (0 without
// CONDSTORE).
func (tx *Tx) SetSynced(rf RemoteFolderID, uidvalidity uint32, modseq uint64) error {
	return tx.presentUIDs(setSynced, int64(modseq), tx.s.clock.Now().Unix(), rf, uidvalidity)
}

// SetUIDValidity makes the folder's locations of another UIDVALIDITY inactive
// and starts afresh under the new one (uidnext 1, modseq 0, nothing to do, no
// UID marked).
// Messages stay; sync binds them again by hash.
func (tx *Tx) SetUIDValidity(rf RemoteFolderID, uidvalidity uint32) error {
	r, err := tx.RemoteFolder(rf)
	if err != nil || r.UIDValidity == uidvalidity {
		return err
	}
	for _, drop := range []*query{dropAllTodo, dropDeleted, forgetValidity} {
		if err := tx.do(drop, rf); err != nil {
			return err
		}
	}
	f, err := tx.Folder(r.Folder)
	if err != nil {
		return err
	}
	// What the locations say of where mail is has changed for the whole list.
	tx.note(Change{Topic: TopicFolders, Kind: Changed, Account: f.Account, Folder: f.ID})
	return tx.do(setUIDValidity, uidvalidity, rf)
}
