package imapsync

import (
	"context"
	"strings"

	"paquebot.app/localstore"
)

// syncFolders stores what LIST said. It returns the folders, their server
// halves beside them, in the same order, and those that a complete list no
// longer has: what becomes of their messages is settled when all others have
// been read. A folder that has the name which the user gave to another one is
// left out until the server has been asked for that.
func (l *Link) syncFolders(ctx context.Context, all []listed, complete bool) (found []listed, halves, gone []localstore.RemoteFolder, err error) {
	if complete {
		if err := l.followRenames(ctx, all); err != nil {
			return nil, nil, nil, err
		}
	}
	err = l.write(ctx, "imap folders", func(tx *localstore.Tx) error {
		found, halves, gone = nil, nil, nil
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
		// The user has given these another name, which the server does not know yet.
		renamed := map[string]string{} // our path, by the server's name
		wanted := map[string]bool{}
		for _, f := range all {
			if rf, ok := byName[f.name]; ok && changing[rf.Folder] {
				folder, err := tx.Folder(rf.Folder)
				if err != nil {
					return err
				}
				renamed[f.name] = folder.Path
				wanted[folder.Path] = folder.Path != f.path
			}
		}
		for _, f := range all {
			path, is := renamed[f.name]
			if !is {
				if path = f.path; wanted[path] {
					continue
				}
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
			found, halves = append(found, f), append(halves, rf)
		}
		for _, rf := range known {
			if _, ok := left[rf.Folder]; ok && complete && !changing[rf.Folder] {
				gone = append(gone, rf)
			}
		}
		return nil
	})
	return found, halves, gone, err
}

// foldersChanging returns the folders of which the user has a change waiting,
// with those below what he renamed.
func foldersChanging(tx *localstore.Tx, account localstore.AccountID) (map[localstore.FolderID]bool, error) {
	pendings, err := tx.Pendings(account)
	if err != nil {
		return nil, err
	}
	changing := map[localstore.FolderID]bool{}
	renaming := false
	for _, p := range pendings {
		if p.Message == 0 {
			changing[p.Target] = true
			renaming = renaming || p.Kind == localstore.PendFolderRename
		}
	}
	if !renaming {
		return changing, nil
	}
	folders, err := tx.Folders(account)
	if err != nil {
		return nil, err
	}
	for _, p := range pendings {
		if p.Kind != localstore.PendFolderRename {
			continue
		}
		for _, f := range folders {
			if strings.HasPrefix(f.Path, p.Name+"/") {
				changing[f.ID] = true
			}
		}
	}
	return changing, nil
}
