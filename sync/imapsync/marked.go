package imapsync

import (
	"context"
	"slices"

	"github.com/emersion/go-imap/v2"

	"paquebot.app/internal/letter"
	"paquebot.app/localstore"
)

// spareMarked takes to the Trash what another client marked \Deleted in a folder
// that is to be deleted: DELETE would expunge it. It keeps its mark there. The
// folder is open.
func (l *Link) spareMarked(ctx context.Context, p localstore.Pending, from string) error {
	uids, err := l.othersMarks(ctx, p.Target)
	if err != nil || len(uids) == 0 {
		return err
	}
	to, err := l.trash(ctx)
	if err != nil {
		return err
	}
	if l.caps.Has(imap.CapMove) {
		return l.into(ctx, &to, func() error {
			if _, err := l.open(ctx, from, true, false); err != nil {
				return err
			}
			_, err := l.client.Move(uidSet(uids), to.Name).Wait()
			return l.fault("move", err)
		})
	}
	if p.State == localstore.PendSent {
		if uids, err = l.notCopied(ctx, from, uids, to, p.UIDNextBefore); err != nil || len(uids) == 0 {
			return err
		}
	} else if err := l.noteUIDNext(ctx, to, p); err != nil {
		return err
	}
	return l.into(ctx, &to, func() error {
		if _, err := l.open(ctx, from, false, false); err != nil {
			return err
		}
		_, err := l.client.Copy(uidSet(uids), to.Name).Wait()
		return l.fault("copy", err)
	})
}

// othersMarks returns what is marked \Deleted in the open folder, and not by us:
// what we mark stays only where the server cannot expunge single messages. There
// the others' are those that are messages here.
func (l *Link) othersMarks(ctx context.Context, folder localstore.FolderID) (uids []uint32, err error) {
	found, err := l.client.UIDSearch(&imap.SearchCriteria{Flag: []imap.Flag{imap.FlagDeleted}}, l.searchOptions()).Wait()
	if err != nil {
		return nil, l.fault("search", err)
	}
	for _, uid := range found.AllUIDs() {
		uids = append(uids, uint32(uid))
	}
	if l.caps.Has(imap.CapUIDPlus) || len(uids) == 0 {
		return uids, nil
	}
	theirs := map[uint32]bool{}
	err = l.store.Read(ctx, func(v *localstore.View) error {
		rf, ok, err := v.RemoteFolderOf(folder)
		if err != nil || !ok || rf.UIDValidity != l.selected.data.UIDValidity {
			return err
		}
		all, err := v.ImapLocations(rf.ID)
		for _, at := range all {
			theirs[at.UID] = at.BaseFlags&localstore.ServerDeleted != 0
		}
		return err
	})
	return slices.DeleteFunc(uids, func(uid uint32) bool { return !theirs[uid] }), err
}

// trash returns the server's half of the Trash, which is made where it is
// missing.
func (l *Link) trash(ctx context.Context) (rf localstore.RemoteFolder, err error) {
	var id localstore.FolderID
	err = l.write(ctx, "imap trash", func(tx *localstore.Tx) error {
		f, err := tx.FolderByRole(l.account.ID, localstore.RoleTrash)
		if id = f.ID; err == nil || missingIsNone(err) != nil {
			return err
		}
		id, err = tx.EnsureFolder(l.account.ID, "Trash", localstore.RoleTrash)
		return err
	})
	if err != nil {
		return rf, err
	}
	return l.ensureRemote(ctx, id)
}

// notCopied returns which messages an earlier COPY, whose answer was lost, has
// not put into a folder, from the UID on that was noted before it.
func (l *Link) notCopied(ctx context.Context, from string, uids []uint32, to localstore.RemoteFolder, first uint32) (left []uint32, err error) {
	if _, err := l.open(ctx, to.Name, false, true); err != nil {
		return nil, err
	}
	since, err := l.since(ctx, first, "")
	if err != nil {
		return nil, err
	}
	there := map[[32]byte]int{}
	err = l.eachHeader(ctx, since, func(h header) { there[letter.ParseHeader(h.fields).FieldsHash]++ })
	if err != nil {
		return nil, err
	}
	if _, err := l.open(ctx, from, false, true); err != nil {
		return nil, err
	}
	err = l.eachHeader(ctx, uids, func(h header) {
		if hash := letter.ParseHeader(h.fields).FieldsHash; there[hash] > 0 {
			there[hash]--
		} else {
			left = append(left, h.uid)
		}
	})
	return left, err
}

// eachHeader calls see for the headers of messages of the open folder.
func (l *Link) eachHeader(ctx context.Context, uids []uint32, see func(header)) error {
	for part := range slices.Chunk(uids, looksAt) {
		_, err := l.streamHeaders(ctx, [][]uint32{part}, func(got []header) error {
			for _, h := range got {
				see(h)
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}
