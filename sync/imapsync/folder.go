package imapsync

import (
	"context"
	"slices"

	"github.com/emersion/go-imap/v2"

	"paquebot.app/localstore"
	"paquebot.app/sync/link"
)

// receiveFolder brings the first of these folders up to date and returns what a
// complete listing no longer has. It may ask the next ones too.
func (l *Link) receiveFolder(ctx context.Context, asks []*ask) ([]localstore.Vanished, error) {
	a := asks[0]
	if a.same {
		l.received(a.f, a.f.status.UIDValidity, uint32(a.f.status.UIDNext), *a.f.status.NumMessages)
		if !a.old {
			return nil, nil
		}
		return l.unrecognised(ctx, a.rf)
	}
	if !a.flown {
		if err := l.askSome(ctx, asks); err != nil {
			return nil, err
		}
	}
	defer a.forget()
	if e := refusal(a.err); e != nil && e.Type == imap.StatusResponseTypeBad && a.way == byQResync {
		// It says that it has QRESYNC and does not know the word.
		l.qresync, a.flown, a.err = false, false, nil
		if err := l.askSome(ctx, asks[:1]); err != nil {
			return nil, err
		}
	}
	if a.err != nil {
		return nil, a.err
	}
	if err := l.renumbered(ctx, a); err != nil {
		return nil, err
	}
	here, err := l.known(ctx, a.rf)
	if err != nil {
		return nil, err
	}
	top := highest(here.local)
	if a.way == afresh && len(a.fresh) > 0 {
		// The newest screen is readable before the rest is even listed. UIDNEXT
		// stays as it is, so that whatever happens now all of it is asked for.
		if top, err = l.storeFresh(ctx, a, here, top); err != nil {
			return nil, err
		}
		if here, err = l.known(ctx, a.rf); err != nil {
			return nil, err
		}
	}
	now, err := l.listFolder(ctx, a, here)
	if err != nil {
		return nil, err
	}
	now.flags = now.flags && now.tells(here, a.rf.UIDNext)
	if err := l.announce(ctx, a.rf, a.data, here, now); err != nil {
		return nil, err
	}
	if err := l.rebase(ctx, a.rf, here.local, now); err != nil {
		return nil, err
	}
	if a.way != afresh && !now.above(a.fresh) {
		if top, err = l.storeFresh(ctx, a, here, top); err != nil {
			return nil, err
		}
	}
	whole, err := l.headers(ctx, a.rf, top, a.doubted)
	if err != nil {
		return nil, err
	}
	if err := l.trusted(ctx, a); err != nil {
		return nil, err
	}
	l.received(a.f, a.data.UIDValidity, uint32(a.data.UIDNext), a.data.NumMessages)
	if whole {
		if err := l.synced(ctx, a, now); err != nil {
			return nil, err
		}
	}
	if !now.complete {
		return nil, nil
	}
	var gone []localstore.Vanished
	if whole {
		if gone, err = l.unrecognised(ctx, a.rf); err != nil {
			return nil, err
		}
	}
	for uid, loc := range here.local {
		if _, ok := now.uids[uid]; !ok {
			gone = append(gone, localstore.Vanished{Location: loc, Folder: a.rf.Folder})
		}
	}
	return gone, nil
}

// renumbered begins a folder anew whose UIDVALIDITY is another than before.
// What was asked by the old UIDs is void.
func (l *Link) renumbered(ctx context.Context, a *ask) error {
	if a.rf.UIDValidity == a.data.UIDValidity {
		return nil
	}
	err := l.write(ctx, "imap uidvalidity", func(tx *localstore.Tx) error {
		return tx.SetUIDValidity(a.rf.ID, a.data.UIDValidity)
	})
	if err != nil {
		return err
	}
	a.rf.UIDValidity, a.rf.UIDNext, a.rf.ModSeq = a.data.UIDValidity, 1, 0
	if a.way != afresh {
		a.forget()
		a.way = afresh
	}
	return nil
}

// storeFresh stores the headers that came with the answer and returns the
// highest UID that is stored now.
func (l *Link) storeFresh(ctx context.Context, a *ask, here known, top uint32) (uint32, error) {
	var got []header
	var uids []uint32
	for _, h := range a.fresh {
		if _, stored := here.local[h.uid]; !stored {
			got, uids = append(got, h), append(uids, h.uid)
		}
	}
	if len(got) == 0 {
		return top, nil
	}
	if err := l.storeHeaders(ctx, a.rf, got, top, uids); err != nil {
		return top, err
	}
	l.options.Progress(len(got), max(len(got), int(a.data.NumMessages)), l.conn.Stats().Down)
	return max(top, slices.Max(uids)), nil
}

// synced notes that the folder is here as it was when it was opened. Where some
// change of flags may have been missed, what changed since the pass before is
// asked for again.
func (l *Link) synced(ctx context.Context, a *ask, now listing) error {
	modseq := a.rf.ModSeq
	if now.flags {
		modseq = a.data.HighestModSeq
	}
	return l.write(ctx, "imap folder synced", func(tx *localstore.Tx) error {
		return tx.SetSynced(a.rf.ID, a.rf.UIDValidity, modseq)
	})
}

// unrecognised returns what lay in a folder under an earlier UIDVALIDITY and
// has not been settled since. The folder has been read to its end.
func (l *Link) unrecognised(ctx context.Context, rf localstore.RemoteFolder) (old []localstore.Vanished, err error) {
	err = l.store.Read(ctx, func(v *localstore.View) error {
		all, err := v.OldImapLocations(rf.ID, rf.UIDValidity)
		for _, at := range all {
			old = append(old, localstore.Vanished{Location: at, Folder: rf.Folder, Renumbered: true})
		}
		return err
	})
	return old, err
}

// known is what the store has of a folder under its present UIDVALIDITY.
type known struct {
	local   map[uint32]localstore.ImapLocation
	todo    []localstore.UIDRange // announced, not yet stored
	deleted []localstore.UIDRange // no messages here: the server has them marked \Deleted
}

func (l *Link) known(ctx context.Context, rf localstore.RemoteFolder) (known, error) {
	here := known{local: map[uint32]localstore.ImapLocation{}}
	err := l.store.Read(ctx, func(v *localstore.View) error {
		all, err := v.ImapLocations(rf.ID)
		if err != nil {
			return err
		}
		for _, loc := range all {
			here.local[loc.UID] = loc
		}
		if here.todo, err = v.Todo(rf.ID, rf.UIDValidity); err != nil {
			return err
		}
		here.deleted, err = v.MarkedDeleted(rf.ID, rf.UIDValidity)
		return err
	})
	return here, err
}

// highest returns the highest UID that is stored; 0 for none.
func highest(local map[uint32]localstore.ImapLocation) (top uint32) {
	for uid := range local {
		top = max(top, uid)
	}
	return top
}

// announce writes down, in the commit that raises uidnext, what the server has
// and the store lacks. Mail that another client marked \Deleted is left out
// until it is unmarked; its UIDs are remembered, since a server that tells only
// what changed does not say it again.
func (l *Link) announce(ctx context.Context, rf localstore.RemoteFolder, data *imap.SelectData, here known, now listing) error {
	next := uint32(data.UIDNext)
	var missing, marked []uint32
	for uid, m := range now.uids {
		if uid >= next {
			next = uid + 1
		}
		if _, stored := here.local[uid]; stored || contains(here.todo, uid) {
			continue
		}
		if m.flags&localstore.ServerDeleted != 0 || !m.known && contains(here.deleted, uid) {
			marked = append(marked, uid)
			continue
		}
		missing = append(missing, uid)
	}
	deleted := ranges(marked)
	if len(missing) == 0 && next == rf.UIDNext && slices.Equal(deleted, here.deleted) {
		return nil
	}
	return l.write(ctx, "imap announced", func(tx *localstore.Tx) error {
		if err := tx.SetMarkedDeleted(rf.ID, rf.UIDValidity, deleted); err != nil {
			return err
		}
		return tx.Announce(rf.ID, rf.UIDValidity, max(next, rf.UIDNext), ranges(missing))
	})
}

// rebase stores the flags that changed on the server, a hundred a commit.
func (l *Link) rebase(ctx context.Context, rf localstore.RemoteFolder, local map[uint32]localstore.ImapLocation, now listing) error {
	var changed []localstore.ImapLocation
	for uid, loc := range local {
		m, ok := now.uids[uid]
		if !ok || !m.known {
			continue
		}
		if m.flags != loc.BaseFlags || !slices.Equal(m.keywords, loc.BaseKeywords) {
			loc.BaseFlags, loc.BaseKeywords = m.flags, m.keywords
			changed = append(changed, loc)
		}
	}
	for part := range slices.Chunk(changed, 100) {
		err := l.write(ctx, "imap flags", func(tx *localstore.Tx) error {
			for _, loc := range part {
				if err := tx.SetBase(loc.ID, loc.BaseFlags, loc.BaseKeywords, 0); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
		l.count(func(r *link.Report) { r.Changed += len(part) })
	}
	return nil
}
