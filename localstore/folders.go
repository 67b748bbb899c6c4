package localstore

// Folders returns an account's folders: roles first in their usual order, then
// by path. Counts are exact.
func (v *View) Folders(account AccountID) ([]Folder, error) { panic("not built") }

// Folder returns one folder; the error of an unknown one has cause Missing.
func (v *View) Folder(id FolderID) (Folder, error) { panic("not built") }

// FolderByPath finds a folder by its path; INBOX in any case is the inbox.
func (v *View) FolderByPath(account AccountID, path string) (Folder, error) { panic("not built") }

// FolderByRole finds the account's folder of a role.
func (v *View) FolderByRole(account AccountID, role Role) (Folder, error) { panic("not built") }

// EnsureFolder returns the folder of that path and makes it when there is
// none. A role that another folder has is moved to this one only when the
// other is local and empty; else this one gets no role.
func (tx *Tx) EnsureFolder(account AccountID, path string, role Role) (FolderID, error) {
	panic("not built")
}

// PauseFolder sets why removals in a folder wait for the user; "" ends it.
func (tx *Tx) PauseFolder(id FolderID, why string) error { panic("not built") }

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

// RemoteFolders returns the server halves of a maildrop's folders.
func (v *View) RemoteFolders(maildrop MaildropID) ([]RemoteFolder, error) { panic("not built") }

// RemoteFolderOf returns the server half of a folder in an open maildrop of
// the account's mode; ok is false for a local folder.
func (v *View) RemoteFolderOf(folder FolderID) (rf RemoteFolder, ok bool, err error) {
	panic("not built")
}

// PutRemoteFolder adds or changes the server half of rf.Folder in rf.Maildrop
// and returns its id. SetUIDValidity changes UIDVALIDITY, nothing else does.
func (tx *Tx) PutRemoteFolder(rf RemoteFolder) (RemoteFolderID, error) { panic("not built") }

// DropRemoteFolder forgets the server half of a folder that the server no
// longer lists; its located messages lose their location under the keep rule
// of VanishLocations.
func (tx *Tx) DropRemoteFolder(id RemoteFolderID) error { panic("not built") }

// UIDRange is an inclusive range of UIDs.
type UIDRange struct{ Lo, Hi uint32 }

// Announce records in one step that the server has messages up to uidnext-1
// and that the given ranges are not yet stored.
func (tx *Tx) Announce(rf RemoteFolderID, uidvalidity, uidnext uint32, todo []UIDRange) error {
	panic("not built")
}

// Todo returns what is announced and not yet stored, ascending.
func (v *View) Todo(rf RemoteFolderID, uidvalidity uint32) ([]UIDRange, error) { panic("not built") }

// Arrived shrinks what is still to be stored by the given UIDs: they are
// stored, or the server has them no more.
func (tx *Tx) Arrived(rf RemoteFolderID, uidvalidity uint32, uids []uint32) error {
	panic("not built")
}

// SetSynced records the end of a complete pass: modseq last (0 without
// CONDSTORE).
func (tx *Tx) SetSynced(rf RemoteFolderID, uidvalidity uint32, modseq uint64) error {
	panic("not built")
}

// SetUIDValidity makes the folder's locations of another UIDVALIDITY inactive
// and starts afresh under the new one (uidnext 1, modseq 0, nothing to do).
// Messages stay; sync binds them again by hash.
func (tx *Tx) SetUIDValidity(rf RemoteFolderID, uidvalidity uint32) error { panic("not built") }
