package imapsync

import (
	"context"

	"github.com/emersion/go-imap/v2"

	"paquebot.app/localstore"
)

// listing is what a folder's server says it holds.
type listing struct {
	uids     map[uint32]marks // every UID; flags only where they were asked for
	complete bool             // the listing agrees with EXISTS: absence means something
	flags    bool             // every change of flags is in it
}

// add takes messages whose headers came.
func (now listing) add(fresh []header) {
	for _, h := range fresh {
		m := h.marks
		m.known = true
		now.uids[h.uid] = m
	}
}

// above tells whether it has messages above these. Those are to be stored first:
// among mails of one second the newer would else come below the older.
func (now listing) above(fresh []header) bool {
	top := uint32(0)
	for _, h := range fresh {
		top = max(top, h.uid)
	}
	for uid := range now.uids {
		if uid > top && top > 0 {
			return true
		}
	}
	return false
}

// tells whether the flags are there of what came here by a COPY, MOVE or APPEND
// of ours since the folder was read: it lies at or above the UIDNEXT of then,
// and is in no answer about the UIDs that were known.
func (now listing) tells(here known, next uint32) bool {
	for uid := range here.local {
		if m, there := now.uids[uid]; there && uid >= next && !m.known {
			return false
		}
	}
	return true
}

// unchanged tells by STATUS alone that a folder need not be opened
// (RFC 7162 §3.1.2): validity, next UID, number and highest modification are
// what they were.
func unchanged(rf localstore.RemoteFolder, s *imap.StatusData, accounted int) bool {
	return s != nil && rf.SyncedAt != 0 && rf.ModSeq != 0 &&
		s.UIDValidity == rf.UIDValidity && uint32(s.UIDNext) == rf.UIDNext &&
		s.NumMessages != nil && int(*s.NumMessages) == accounted && s.HighestModSeq == rf.ModSeq
}

// listFolder returns what the folder holds: by what was answered already where
// that is the whole truth, else by asking for all of it.
func (l *Link) listFolder(ctx context.Context, a *ask, here known) (listing, error) {
	now := listing{uids: map[uint32]marks{}, flags: !a.damaged}
	for _, uid := range a.found {
		now.uids[uid] = marks{}
	}
	for uid, m := range a.marks {
		now.uids[uid] = m
	}
	now.add(a.fresh)
	switch a.way {
	case byQResync:
		if now, ok := a.resynced(here); ok {
			return now, nil
		}
	case byModSeq:
		if a.data.HighestModSeq >= a.rf.ModSeq && !a.damaged {
			now.complete = len(now.uids) >= int(a.data.NumMessages)
			return now, nil
		}
	default:
		if now.complete = len(now.uids) >= int(a.data.NumMessages); now.complete {
			return now, nil
		}
		if last := a.last(); a.way == byFlags && a.data.UIDNext > last { // more is new than was asked for
			err := l.listMarks(ctx, a, imap.UIDSet{{Start: last + 1}}, &now)
			return now, err
		}
	}
	return l.listAll(ctx, a)
}

// listAll asks for every UID of a folder, and for the flags that may have
// changed: all of them where the server does not count changes, or has lost
// count.
func (l *Link) listAll(ctx context.Context, a *ask) (listing, error) {
	now := listing{uids: map[uint32]marks{}}
	if a.data.NumMessages == 0 {
		now.complete, now.flags = true, true
		return now, nil
	}
	all := imap.UIDSet{{Start: 1}}
	if a.rf.ModSeq == 0 || a.data.HighestModSeq < a.rf.ModSeq {
		err := l.listMarks(ctx, a, all, &now)
		return now, err
	}
	data, err := l.reopen(ctx, a)
	if err != nil {
		return now, err
	}
	var (
		found     *imap.SearchData
		searched  error
		asked     error
		changed   = map[uint32]marks{}
		lastKnown = imap.UIDSet{{Start: 1, Stop: imap.UID(max(a.rf.UIDNext, 2) - 1)}}
	)
	err = l.fly(ctx, "search", func(f *flight) {
		f.search(func(d *imap.SearchData, err error) { found, searched = d, err })
		f.fetchMarks(lastKnown, a.rf.ModSeq, changed, func(err error) { asked = err })
	})
	for _, e := range []error{searched, asked} {
		if err == nil && e != nil && !damaged(e) {
			err = l.fault("list messages", e)
		}
	}
	if err != nil {
		return now, err
	}
	if searched == nil {
		for _, uid := range found.AllUIDs() {
			now.uids[uint32(uid)] = marks{}
		}
	}
	now.complete = searched == nil && len(now.uids) >= int(data.NumMessages)
	now.flags = asked == nil
	for uid, m := range changed {
		now.uids[uid] = m
	}
	now.add(a.fresh)
	return now, nil
}

// listMarks adds the flags of a set of messages to a listing.
func (l *Link) listMarks(ctx context.Context, a *ask, set imap.UIDSet, now *listing) error {
	data, err := l.reopen(ctx, a)
	if err != nil {
		return err
	}
	var ended error
	into := map[uint32]marks{}
	err = l.fly(ctx, "fetch flags", func(f *flight) { f.fetchMarks(set, 0, into, func(err error) { ended = err }) })
	if err == nil && ended != nil && !damaged(ended) {
		err = l.fault("fetch flags", ended)
	}
	for uid, m := range into {
		now.uids[uid] = m
	}
	now.complete = len(now.uids) >= int(data.NumMessages)
	now.flags = ended == nil && !a.damaged
	return err
}

// reopen opens the folder of an ask again, if another one was opened since.
func (l *Link) reopen(ctx context.Context, a *ask) (*imap.SelectData, error) {
	data, err := l.open(ctx, a.rf.Name, false, false)
	if err == nil && data.UIDValidity != a.rf.UIDValidity {
		err = errRebind
	}
	return data, err
}

// searchOptions asks for the short form of an answer where the server has it
// (RFC 4731).
func (l *Link) searchOptions() *imap.SearchOptions {
	if l.caps.Has(imap.CapESearch) {
		return &imap.SearchOptions{ReturnAll: true}
	}
	return nil
}
