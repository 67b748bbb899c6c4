package imapsync

import (
	"context"
	"slices"

	"github.com/emersion/go-imap/v2"

	"paquebot.app/sync/imapsync/wire"
)

// beginQResync begins to turn QRESYNC on where the server has it: once a
// connection, and before a folder is opened (RFC 5161 §3.1). It may return nil.
func (l *Link) beginQResync(caps imap.CapSet) *wire.Pending {
	if l.asked || l.selected.data != nil || !caps.Has(imap.CapEnable) || !caps.Has(imap.CapQResync) {
		return nil
	}
	l.asked = true
	p, err := l.conn.Enable(string(imap.CapQResync))
	if err != nil {
		return nil
	}
	return p
}

// endQResync notes what became of it. A server that refuses is asked as one
// without.
func (l *Link) endQResync(ctx context.Context, p *wire.Pending) {
	if p == nil {
		return
	}
	r, err := p.Wait(ctx)
	l.qresync = err == nil && slices.Contains(r.Enabled, string(imap.CapQResync))
}

// goneUnasked is how many messages a server may take back by VANISHED before
// it is asked for all that it has: what it says of so many is not believed
// without a listing.
const goneUnasked = 20

// resynced returns what the folder holds by what a QRESYNC said (RFC 7162
// §3.2.5), as far as that is beyond doubt: it could be read to its end, the
// server still counts as it did (HIGHESTMODSEQ is there and went up only),
// little is gone, and what is known less what is gone and with what is new is as
// many messages as EXISTS says. ok is false where the folder must be listed.
func (a *ask) resynced(here known) (now listing, ok bool) {
	now = listing{uids: map[uint32]marks{}}
	if a.changes == nil || a.changes.Damaged || a.damaged || a.data.HighestModSeq < a.rf.ModSeq {
		return now, false
	}
	gone := 0
	keep := func(uid uint32) {
		if a.changes.Vanished.Contains(imap.UID(uid)) {
			gone++
			return
		}
		m := marks{}
		if words, changed := a.changes.Flags[imap.UID(uid)]; changed {
			m = fromServer(words)
			m.known = true
		}
		now.uids[uid] = m
	}
	for uid := range here.local {
		keep(uid)
	}
	for _, r := range append(here.todo[:len(here.todo):len(here.todo)], here.deleted...) {
		for uid := r.Lo; uid <= r.Hi && uid != 0; uid++ {
			if _, twice := here.local[uid]; !twice {
				keep(uid)
			}
		}
	}
	if gone > goneUnasked || gone > 0 && len(now.uids) == 0 {
		return now, false
	}
	now.add(a.fresh)
	told := uint32(0)
	for uid := range now.uids {
		if uid < uint32(a.data.UIDNext) { // else it came behind EXISTS
			told++
		}
	}
	now.complete, now.flags = told == a.data.NumMessages, true
	return now, now.complete
}
