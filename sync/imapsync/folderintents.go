package imapsync

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"strings"

	"github.com/emersion/go-imap/v2"

	"paquebot.app/internal/fault"
	"paquebot.app/localstore"
)

// learnFolders lists the folders, so that intents that come before the first
// Receive know the server's names.
func (l *Link) learnFolders(ctx context.Context) error {
	found, complete, err := l.list(ctx)
	if err != nil {
		return err
	}
	_, _, _, err = l.syncFolders(ctx, found, complete)
	return err
}

// ensureRemote returns the server half of a folder, with its UIDVALIDITY, and
// makes the folder there when it has none: a Trash that the server lacks, a
// folder that is new here.
func (l *Link) ensureRemote(ctx context.Context, id localstore.FolderID) (localstore.RemoteFolder, error) {
	var (
		rf localstore.RemoteFolder
		ok bool
		f  localstore.Folder
	)
	err := l.store.Read(ctx, func(v *localstore.View) (err error) {
		if f, err = v.Folder(id); err != nil {
			return err
		}
		rf, ok, err = v.RemoteFolderOf(id)
		return err
	})
	if err != nil {
		return rf, err
	}
	if !ok {
		rf = localstore.RemoteFolder{Folder: id, Maildrop: l.maildrop.ID}
		if rf.Name, err = l.create(ctx, l.newName(f.Path)); err != nil {
			return rf, err
		}
		err := l.write(ctx, "imap folder created", func(tx *localstore.Tx) (err error) {
			if rf.ID, err = tx.PutRemoteFolder(rf); err != nil {
				return err
			}
			return tx.RemoteRenamed(rf.ID, rf.Name, l.pathOfName(rf.Name))
		})
		if err != nil {
			return rf, err
		}
	}
	if rf.UIDValidity != 0 {
		return rf, nil
	}
	return l.validated(ctx, rf)
}

// validated returns a folder with the UIDVALIDITY that it has now.
func (l *Link) validated(ctx context.Context, rf localstore.RemoteFolder) (localstore.RemoteFolder, error) {
	data, err := l.statusOf(ctx, rf.Name)
	if err != nil {
		return rf, l.fault("status", err)
	}
	if rf.UIDValidity == data.UIDValidity {
		return rf, nil
	}
	rf.UIDValidity, rf.UIDNext = data.UIDValidity, 1
	return rf, l.write(ctx, "imap uidvalidity", func(tx *localstore.Tx) error {
		return tx.SetUIDValidity(rf.ID, rf.UIDValidity)
	})
}

// remade makes a folder again that could not be opened because the server has
// it no more. Any other refusal is returned as it is.
func (l *Link) remade(ctx context.Context, rf localstore.RemoteFolder, refused error) (localstore.RemoteFolder, error) {
	gone, err := l.isGone(ctx, rf.Name, refused)
	if err != nil {
		return rf, err
	}
	if !gone {
		return rf, refused
	}
	return l.makeAgain(ctx, rf)
}

func (l *Link) makeAgain(ctx context.Context, rf localstore.RemoteFolder) (localstore.RemoteFolder, error) {
	l.selected = selection{}
	if err := l.createAs(ctx, rf.Name); err != nil {
		return rf, err
	}
	return l.validated(ctx, rf)
}

// create makes a folder, and returns the name that it got.
func (l *Link) create(ctx context.Context, name string) (string, error) {
	err := l.createAs(ctx, name)
	below, may := l.belowInbox(name)
	if refusal(err) == nil || !may {
		return name, err
	}
	switch second := l.createAs(ctx, below); {
	case second == nil:
		return below, nil
	case refusal(second) == nil:
		return name, second
	}
	return name, err
}

// belowInbox returns the name below the inbox that a server may want which
// refused one beside it, says nothing of prefixes and shows no folder there.
func (l *Link) belowInbox(name string) (string, bool) {
	prefix := localstore.Inbox + string(l.delimiter)
	may := l.delimiter != 0 && !l.topLevel && l.spaces.personal == "" && !strings.HasPrefix(name, prefix)
	return prefix + name, may
}

// createAs makes a folder of this name; one that exists already is as good.
func (l *Link) createAs(ctx context.Context, name string) error {
	if err := ctx.Err(); err != nil {
		return l.fault("create", err)
	}
	err := l.client.Create(name, nil).Wait()
	if e := refusal(err); e != nil {
		if e.Code == imap.ResponseCodeAlreadyExists {
			return nil
		}
		if there, failed := l.exists(name); failed != nil || there {
			return failed
		}
	}
	return l.fault("create", err)
}

func (l *Link) createFolder(ctx context.Context, p localstore.Pending) error {
	if _, err := l.ensureRemote(ctx, p.Target); err != nil {
		return err
	}
	return l.done(ctx, []localstore.Pending{p})
}

// renameFolder renames a folder on the server; the store has its new path.
func (l *Link) renameFolder(ctx context.Context, p localstore.Pending) error {
	var (
		rf localstore.RemoteFolder
		ok bool
	)
	err := l.store.Read(ctx, func(v *localstore.View) (err error) {
		rf, ok, err = v.RemoteFolderOf(p.Target)
		return err
	})
	if err != nil {
		return err
	}
	name := l.newName(p.Name)
	if !ok || rf.Name == name {
		return l.done(ctx, []localstore.Pending{p})
	}
	l.selected = selection{}
	err = l.client.Rename(rf.Name, name, nil).Wait()
	below, may := l.belowInbox(name)
	if may = may && refusal(err) != nil; may {
		if again := l.client.Rename(rf.Name, below, nil).Wait(); refusal(again) == nil {
			name, err = below, again
		}
	}
	if err != nil {
		// After a lost answer the old name is gone and the new one there.
		there, failed := l.exists(name)
		if failed == nil && !there && may {
			name = below
			there, failed = l.exists(name)
		}
		if failed == nil && !there && errors.Is(l.orGone(ctx, rf.Name, err), errRebind) {
			return errFolderGone
		}
		if failed != nil || !there {
			return cmp.Or(failed, l.fault("rename", err))
		}
		switch _, old := l.client.Status(rf.Name, &imap.StatusOptions{UIDValidity: true}).Wait(); {
		case old == nil:
			return errTaken
		case refusal(old) == nil:
			return l.fault("status", old)
		default:
			gone, failed := l.isGone(ctx, rf.Name, old)
			if failed != nil || !gone {
				return cmp.Or(failed, l.fault("rename", err))
			}
		}
	}
	old := rf.Name
	return l.finish(ctx, []localstore.Pending{p}, func(tx *localstore.Tx) error {
		all, err := tx.RemoteFolders(l.maildrop.ID)
		if err != nil {
			return err
		}
		for _, below := range all { // they have gone with it (RFC 9051 §6.3.6)
			rest, is := strings.CutPrefix(below.Name, old+string(l.delimiter))
			if !is {
				continue
			}
			below.Name = name + string(l.delimiter) + rest
			if _, err := tx.PutRemoteFolder(below); err != nil {
				return err
			}
		}
		rf.Name = name
		_, err = tx.PutRemoteFolder(rf)
		return err
	})
}

// errFolderGone is the error of a change to a folder that somebody else deleted.
var errFolderGone = &fault.Error{Remedy: fault.Never, Scope: fault.Folder, Cause: fault.Missing, Op: "imap rename", Text: "The server has this folder no more."}

// errTaken is the error of a name that another folder of the server has.
var errTaken = &fault.Error{Remedy: fault.Never, Scope: fault.Folder, Cause: fault.Data, Op: "imap rename", Text: "The server has another folder of this name."}

// exists tells whether the server has a folder of that name.
func (l *Link) exists(name string) (bool, error) {
	_, err := l.client.Status(name, &imap.StatusOptions{UIDValidity: true}).Wait()
	if refusal(err) != nil {
		return false, nil
	}
	return err == nil, l.fault("status", err)
}

// errNotEmpty keeps a folder that another client put mail into meanwhile.
var errNotEmpty = &fault.Error{Remedy: fault.Later, Scope: fault.Folder, Cause: fault.Server, Op: "imap delete folder", Text: "The folder still has messages on the server, so it was not deleted."}

// deleteFolder deletes a folder on the server once its messages, which went to
// the Trash before it, have left it: DELETE would take what is in it. What
// another client marked \Deleted there is not ours to expunge: it goes to the
// Trash, too. A folder that is gone is as good; what was known of it is settled
// first.
func (l *Link) deleteFolder(ctx context.Context, p localstore.Pending) error {
	name, known := l.newName(p.Name), false
	err := l.store.Read(ctx, func(v *localstore.View) error {
		rf, ok, err := v.RemoteFolderOf(p.Target)
		if known = ok; ok {
			name = rf.Name
		}
		return err
	})
	if err != nil {
		return err
	}
	if _, err := l.open(ctx, name, false, true); err != nil {
		gone, failed := l.isGone(ctx, name, err)
		switch {
		case failed != nil:
			return failed
		case !gone:
			return err
		case known && errors.Is(l.orGone(ctx, name, err), errRebind):
			return errRebind // Receive settles what lay in it, and this
		}
		return l.done(ctx, []localstore.Pending{p})
	}
	left, err := l.client.UIDSearch(&imap.SearchCriteria{NotFlag: []imap.Flag{imap.FlagDeleted}}, l.searchOptions()).Wait()
	if err != nil {
		return l.fault("search", err)
	}
	if len(left.AllUIDs()) > 0 {
		return errNotEmpty
	}
	if err := l.spareMarked(ctx, p, name); err != nil {
		return err
	}
	if _, err := l.open(ctx, localstore.Inbox, false, true); err != nil {
		return err
	}
	if err := l.client.Delete(name).Wait(); err != nil {
		return l.fault("delete folder", err)
	}
	return l.done(ctx, []localstore.Pending{p})
}

// orGone returns what a refusal to open a folder is to an intent: errRebind where
// a fresh and complete list lacks the folder, so that Receive will find where
// its messages went, or let them go; else the refusal.
func (l *Link) orGone(ctx context.Context, name string, refused error) error {
	if refusal(refused) == nil {
		return refused
	}
	found, complete, err := l.list(ctx)
	switch {
	case err != nil:
		return err
	case !complete || slices.ContainsFunc(found, func(f listed) bool { return f.name == name }):
		return refused
	}
	return errRebind
}

// isGone tells whether a folder that could not be opened does not exist. Only
// the server's own word for that (RFC 5530 §3) or a fresh and complete list
// that lacks it says so: a refusal has many other reasons.
func (l *Link) isGone(ctx context.Context, name string, err error) (bool, error) {
	e := refusal(err)
	if e == nil {
		return false, nil
	}
	if e.Code == imap.ResponseCodeNonExistent {
		return true, nil
	}
	err = l.orGone(ctx, name, err)
	switch {
	case errors.Is(err, errRebind):
		return true, nil
	case refusal(err) == nil:
		return false, err
	}
	return false, nil
}
