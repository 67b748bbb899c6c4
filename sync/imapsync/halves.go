package imapsync

import (
	"context"

	"paquebot.app/localstore"
)

// syncFolders stores what LIST said. It returns the folders' server halves
// beside it, in the same order, and those that a complete list no longer has:
// what becomes of their messages is settled when all others have been read.
func (l *Link) syncFolders(ctx context.Context, found []listed, complete bool) (halves, gone []localstore.RemoteFolder, err error) {
	if complete {
		if err := l.followRenames(ctx, found); err != nil {
			return nil, nil, err
		}
	}
	err = l.write(ctx, "imap folders", func(tx *localstore.Tx) error {
		halves, gone = make([]localstore.RemoteFolder, len(found)), nil
		known, err := tx.RemoteFolders(l.maildrop.ID)
		if err != nil {
			return err
		}
		changing, err := foldersChanging(tx, l.account.ID)
		if err != nil {
			return err
		}
		left := map[localstore.FolderID]localstore.RemoteFolder{}
		byName := map[string]localstore.RemoteFolder{}
		for _, rf := range known {
			left[rf.Folder] = rf
			byName[rf.Name] = rf
		}
		for i, f := range found {
			path := f.path
			if rf, ok := byName[f.name]; ok && changing[rf.Folder] {
				// The user has given it another name, which the server does not know yet.
				folder, err := tx.Folder(rf.Folder)
				if err != nil {
					return err
				}
				path = folder.Path
			}
			id, err := tx.EnsureFolder(l.account.ID, path, f.role)
			if err != nil {
				return err
			}
			rf, ok := left[id]
			delete(left, id)
			if !ok || rf.Name != f.name {
				rf.Folder, rf.Maildrop, rf.Name = id, l.maildrop.ID, f.name
				if rf.ID, err = tx.PutRemoteFolder(rf); err != nil {
					return err
				}
			}
			halves[i] = rf
		}
		for _, rf := range known {
			if _, ok := left[rf.Folder]; ok && complete && !changing[rf.Folder] {
				gone = append(gone, rf)
			}
		}
		return nil
	})
	return halves, gone, err
}

// foldersChanging returns the folders of which the user has a change waiting.
func foldersChanging(tx *localstore.Tx, account localstore.AccountID) (map[localstore.FolderID]bool, error) {
	pendings, err := tx.Pendings(account)
	changing := map[localstore.FolderID]bool{}
	for _, p := range pendings {
		if p.Message == 0 {
			changing[p.Target] = true
		}
	}
	return changing, err
}
