package imapsync

import (
	"context"
	"slices"

	"github.com/emersion/go-imap/v2"

	"paquebot.app/localstore"
	"paquebot.app/sync/link"
)

// listing is what a folder's server says it holds.
type listing struct {
	uids     map[uint32]marks // every UID; flags only where they were asked for
	complete bool             // the listing agrees with EXISTS: absence means something
}

// receiveFolder brings one folder up to date and returns what a complete
// listing no longer has.
func (l *Link) receiveFolder(ctx context.Context, rf localstore.RemoteFolder, f listed) ([]localstore.Vanished, error) {
	here, err := l.known(ctx, rf)
	if err != nil {
		return nil, err
	}
	if unchanged(rf, f.status, len(here.local)+count(here.deleted), len(here.todo)) {
		l.received(f, f.status.UIDValidity, uint32(f.status.UIDNext), *f.status.NumMessages)
		return l.unrecognised(ctx, rf)
	}
	data, err := l.open(ctx, rf.Name, false, true)
	if err != nil {
		return nil, err
	}
	if rf.UIDValidity != data.UIDValidity {
		err := l.write(ctx, "imap uidvalidity", func(tx *localstore.Tx) error {
			return tx.SetUIDValidity(rf.ID, data.UIDValidity)
		})
		if err != nil {
			return nil, err
		}
		rf.UIDValidity, rf.UIDNext, rf.ModSeq = data.UIDValidity, 1, 0
		here = known{}
	}
	now, err := l.list1(ctx, rf, data)
	if err != nil {
		return nil, err
	}
	if err := l.announce(ctx, rf, data, here, now); err != nil {
		return nil, err
	}
	if err := l.rebase(ctx, rf, here.local, now); err != nil {
		return nil, err
	}
	whole, err := l.headers(ctx, rf, highest(here.local))
	if err != nil {
		return nil, err
	}
	l.received(f, data.UIDValidity, uint32(data.UIDNext), data.NumMessages)
	if whole {
		err := l.write(ctx, "imap folder synced", func(tx *localstore.Tx) error {
			return tx.SetSynced(rf.ID, rf.UIDValidity, data.HighestModSeq)
		})
		if err != nil {
			return nil, err
		}
	}
	if !now.complete {
		return nil, nil
	}
	var gone []localstore.Vanished
	if whole {
		if gone, err = l.unrecognised(ctx, rf); err != nil {
			return nil, err
		}
	}
	for uid, loc := range here.local {
		if _, ok := now.uids[uid]; !ok {
			gone = append(gone, localstore.Vanished{Location: loc, Folder: rf.Folder})
		}
	}
	return gone, nil
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

// unchanged tells from LIST-STATUS alone that a folder need not be opened
// (RFC 7162 §3.1.2): nothing is to be fetched, and validity, next UID, number
// and highest modification are what they were.
func unchanged(rf localstore.RemoteFolder, s *imap.StatusData, accounted, todo int) bool {
	return s != nil && todo == 0 && rf.SyncedAt != 0 && rf.ModSeq != 0 &&
		s.UIDValidity == rf.UIDValidity && uint32(s.UIDNext) == rf.UIDNext &&
		s.NumMessages != nil && int(*s.NumMessages) == accounted && s.HighestModSeq == rf.ModSeq
}

// list1 asks for every UID of the open folder, and for the flags that may have
// changed. Without CONDSTORE that is all flags.
func (l *Link) list1(ctx context.Context, rf localstore.RemoteFolder, data *imap.SelectData) (listing, error) {
	now := listing{uids: map[uint32]marks{}}
	if data.NumMessages == 0 {
		now.complete = true
		return now, nil
	}
	if err := ctx.Err(); err != nil {
		return now, l.fault("list messages", err)
	}
	if rf.ModSeq == 0 || data.HighestModSeq == 0 {
		err := l.fetchMarks(imap.UIDSet{imap.UIDRange{Start: 1}}, 0, now.uids)
		now.complete = err == nil && len(now.uids) >= int(data.NumMessages)
		return now, err
	}
	found, err := l.client.UIDSearch(&imap.SearchCriteria{}, l.searchOptions()).Wait()
	if err != nil && !damaged(err) {
		return now, l.fault("search", err)
	}
	if err == nil {
		for _, uid := range found.AllUIDs() {
			now.uids[uint32(uid)] = marks{}
		}
	}
	now.complete = err == nil && len(now.uids) >= int(data.NumMessages)
	if data.HighestModSeq == rf.ModSeq {
		return now, nil
	}
	changed := map[uint32]marks{}
	if err := l.fetchMarks(imap.UIDSet{imap.UIDRange{Start: 1}}, rf.ModSeq, changed); err != nil {
		return now, err
	}
	for uid, m := range changed {
		m.known = true
		now.uids[uid] = m
	}
	return now, nil
}

// searchOptions asks for the short form of an answer where the server has it
// (RFC 4731).
func (l *Link) searchOptions() *imap.SearchOptions {
	if l.caps.Has(imap.CapESearch) {
		return &imap.SearchOptions{ReturnAll: true}
	}
	return nil
}

// fetchMarks fetches the flags of a set of UIDs, or of those among them that
// changed since a modification.
func (l *Link) fetchMarks(set imap.UIDSet, since uint64, into map[uint32]marks) error {
	cmd := l.client.Fetch(set, &imap.FetchOptions{UID: true, Flags: true, ChangedSince: since})
	for msg := cmd.Next(); msg != nil; msg = cmd.Next() {
		m, err := msg.Collect()
		if err != nil {
			cmd.Close()
			return l.fault("fetch flags", err)
		}
		if m.UID == 0 {
			continue
		}
		got := fromServer(m.Flags)
		got.known = true
		into[uint32(m.UID)] = got
	}
	if err := cmd.Close(); err != nil && !damaged(err) {
		return l.fault("fetch flags", err)
	}
	return nil
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
