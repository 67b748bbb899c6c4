package imapsync

import (
	"context"
	"slices"
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
	if err := l.manyNew(ctx, all); err != nil {
		return nil, nil, nil, err
	}
	err = l.write(ctx, "imap folders", func(tx *localstore.Tx) error {
		found, halves, gone = nil, nil, nil
		known, err := tx.RemoteFolders(l.maildrop.ID)
		if err != nil {
			return err
		}
		changing, leaving, err := foldersChanging(tx, l.account.ID)
		if err != nil {
			return err
		}
		left := map[localstore.FolderID]localstore.RemoteFolder{}
		byName := map[string]localstore.RemoteFolder{}
		for _, rf := range known {
			left[rf.Folder] = rf
			byName[rf.Name] = rf
		}
		folders, err := tx.Folders(l.account.ID)
		if err != nil {
			return err
		}
		here := make(map[localstore.FolderID]localstore.Folder, len(folders))
		for _, f := range folders {
			here[f.ID] = f
		}
		// The user has given these another name, which the server does not know yet.
		wanted := map[string]bool{}
		for _, f := range all {
			if rf, ok := byName[f.name]; ok && changing[rf.Folder] {
				path := here[rf.Folder].Path
				wanted[path] = path != f.path
			}
		}
		for _, f := range all {
			rf, known := byName[f.name]
			if wanted[f.path] && !(known && changing[rf.Folder]) {
				continue
			}
			if known {
				err = l.keepHalf(tx, rf, here[rf.Folder], f, changing[rf.Folder])
			} else {
				rf, err = l.newHalf(tx, left, f)
			}
			if err != nil {
				return err
			}
			delete(left, rf.Folder)
			found, halves = append(found, f), append(halves, rf)
		}
		for _, rf := range known {
			if _, ok := left[rf.Folder]; ok && complete && (!changing[rf.Folder] || leaving[rf.Folder]) {
				gone = append(gone, rf)
			}
		}
		return nil
	})
	return found, halves, gone, err
}

// keepHalf sees that a folder which is known is called and used as its server
// says. The path of one that the user is changing stays.
func (l *Link) keepHalf(tx *localstore.Tx, rf localstore.RemoteFolder, folder localstore.Folder, f listed, changing bool) error {
	if folder.Path != f.path && !changing && folder.Role != localstore.RoleInbox {
		if err := tx.RemoteRenamed(rf.ID, f.name, f.path); err != nil {
			return err
		}
	}
	if f.role == folder.Role {
		return nil
	}
	return tx.AssignRole(folder.ID, f.role, f.sure)
}

// newAtOnce is how many new folders are stored in one commit: others wait to
// write meanwhile.
const newAtOnce = 300

// manyNew stores new folders, some in each commit, where they are many and the
// user changes none: nothing else is to be decided about them.
func (l *Link) manyNew(ctx context.Context, all []listed) error {
	var known []localstore.RemoteFolder
	err := l.store.Read(ctx, func(v *localstore.View) (err error) {
		known, err = v.RemoteFolders(l.maildrop.ID)
		return err
	})
	if err != nil {
		return err
	}
	left, names := map[localstore.FolderID]localstore.RemoteFolder{}, map[string]bool{}
	for _, rf := range known {
		left[rf.Folder], names[rf.Name] = rf, true
	}
	fresh := slices.DeleteFunc(slices.Clone(all), func(f listed) bool { return names[f.name] })
	if len(fresh) <= newAtOnce {
		return nil
	}
	for part := range slices.Chunk(fresh, newAtOnce) {
		done := false
		err := l.write(ctx, "imap new folders", func(tx *localstore.Tx) error {
			changing, _, err := foldersChanging(tx, l.account.ID)
			if done = len(changing) > 0; err != nil || done {
				return err
			}
			for _, f := range part {
				rf, err := l.newHalf(tx, left, f)
				if err != nil {
					return err
				}
				delete(left, rf.Folder)
			}
			return nil
		})
		if err != nil || done {
			return err
		}
	}
	return nil
}

// newHalf stores a folder that is new on the server. Of one that is not the
// user's own, or that shows what lies in others, nothing is fetched until
// somebody opens it.
func (l *Link) newHalf(tx *localstore.Tx, left map[localstore.FolderID]localstore.RemoteFolder, f listed) (rf localstore.RemoteFolder, err error) {
	id, err := tx.EnsureFolder(l.account.ID, f.path, localstore.RoleNone)
	if err == nil {
		err = tx.AssignRole(id, f.role, f.sure)
	}
	if err != nil {
		return rf, err
	}
	rf, was := left[id]
	rf.Folder, rf.Maildrop, rf.Name = id, l.maildrop.ID, f.name
	if rf.ID, err = tx.PutRemoteFolder(rf); err != nil || was || !f.shows && !l.spaces.foreign(f.name, l.delimiter) {
		return rf, err
	}
	return rf, tx.SetFolderPolicy(id, localstore.FolderPolicy{Policy: localstore.FetchNone, Limit: localstore.SameLimit})
}

// foldersChanging returns the folders of which the user has a change waiting,
// with those below what he renamed, and which of them are to be deleted.
func foldersChanging(tx *localstore.Tx, account localstore.AccountID) (changing, leaving map[localstore.FolderID]bool, err error) {
	pendings, err := tx.Pendings(account)
	if err != nil {
		return nil, nil, err
	}
	changing, leaving = map[localstore.FolderID]bool{}, map[localstore.FolderID]bool{}
	renaming := false
	for _, p := range pendings {
		if p.Message == 0 {
			changing[p.Target] = true
			renaming = renaming || p.Kind == localstore.PendFolderRename
		}
		if p.Kind == localstore.PendFolderDelete {
			leaving[p.Target] = true
		}
	}
	if !renaming {
		return changing, leaving, nil
	}
	folders, err := tx.Folders(account)
	if err != nil {
		return nil, nil, err
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
	return changing, leaving, nil
}
