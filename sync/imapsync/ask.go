package imapsync

import (
	"context"
	"math"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapclient"

	"paquebot.app/localstore"
	"paquebot.app/sync/imapsync/wire"
)

// way is how to ask what has become of a folder.
type way int

const (
	afresh    way = iota // it is new here: the newest headers, by the number that STATUS says
	byFlags              // all flags (IMAP4rev1)
	byModSeq             // all UIDs, and the flags that changed (CONDSTORE)
	byQResync            // what changed and what went (QRESYNC)
)

// freshWidth is how many messages of a new folder, and how many UIDs above the
// known ones of any other, are asked for with the rest.
const freshWidth = firstBatch

// ask is what is asked of one folder in a flight with others, and what its
// server answered. Nothing in it is believed before it is looked at.
type ask struct {
	rf      localstore.RemoteFolder
	f       listed
	held    int    // messages of it here
	doubted bool   // new headers are not asked for with the rest: a connection broke when they were
	same    bool   // the server has said that nothing changed
	old     bool   // what lay in it under an earlier UIDVALIDITY is not settled
	way     way    // how it is asked
	number  uint32 // afresh: messages that it is thought to have

	flown   bool
	fetches bool  // headers are asked for
	err     error // why it could not be opened or asked
	data    *imap.SelectData
	changes *wire.Changes // byQResync
	found   []uint32      // byModSeq: every UID
	marks   map[uint32]marks
	fresh   []header
	bytes   int  // of fresh
	damaged bool // part of the answer could not be read
}

// plan chooses how to ask.
func (l *Link) plan(a *ask) {
	rf, status := a.rf, a.f.status
	a.number = 0
	switch {
	case rf.UIDValidity == 0 || rf.UIDNext <= 1 || status != nil && status.UIDValidity != rf.UIDValidity:
		a.way = afresh
		if status != nil {
			a.number = *status.NumMessages
		}
	case rf.ModSeq == 0 || rf.SyncedAt == 0 || !l.caps.Has(imap.CapCondStore):
		a.way = byFlags
	case l.qresync:
		a.way = byQResync
	default:
		a.way = byModSeq
	}
}

// askSome asks the first of these folders, and as many behind it as may go in
// one flight. What became of each is in it; the error is that of the
// connection.
func (l *Link) askSome(ctx context.Context, asks []*ask) error {
	var some []*ask
	var headers, listed, bytes int
	for _, a := range asks {
		if a.same || a.flown {
			continue
		}
		l.plan(a)
		bytes += 600 + len(a.rf.Name)
		switch a.way {
		case afresh:
			headers += int(min(a.number, freshWidth))
		case byFlags, byModSeq:
			listed += a.held
		}
		if len(some) > 0 && (headers > flightHeaders || listed > flightMarks || bytes > flightBytes) {
			break
		}
		some = append(some, a)
	}
	l.selected = selection{}
	answers := make([]*answered, len(some))
	err := l.fly(ctx, "open folders", func(f *flight) {
		for i, a := range some {
			answers[i] = a.begin(f)
		}
	})
	if err != nil {
		return l.doubt(ctx, fetching(some), err)
	}
	for i, a := range some {
		if err := a.take(l, answers[i]); err != nil {
			return l.doubt(ctx, fetching(some), err)
		}
	}
	if last := some[len(some)-1]; last.data != nil {
		l.selected = selection{last.rf.Name, false, last.data}
	}
	return nil
}

// answered is how the commands of one ask ended.
type answered struct {
	opened *imapclient.SelectCommand
	found  *imap.SearchData
	errs   [3]error // of the commands behind the opening
}

// The commands behind the opening.
const (
	marksEnd = iota
	searchEnd
	headersEnd
)

// begin begins the commands of one folder.
func (a *ask) begin(f *flight) *answered {
	l := f.l
	end := &answered{}
	a.flown, a.marks = true, map[uint32]marks{}
	if a.way == byQResync {
		var err error
		a.changes, err = l.conn.Resync(wire.QResync{UIDValidity: a.rf.UIDValidity, ModSeq: a.rf.ModSeq, Known: a.below()})
		if err != nil {
			a.way = byModSeq
		}
	}
	end.opened = l.client.Select(a.rf.Name, &imap.SelectOptions{ReadOnly: true, CondStore: l.caps.Has(imap.CapCondStore)})
	ended := func(n int) func(error) { return func(err error) { end.errs[n] = err } }
	switch a.way {
	case afresh:
		if a.number > 0 && !a.doubted && (a.f.role != localstore.RoleAll || l.emailIDItem() == "") {
			a.fetches = true
			f.fetchHeaders(newestOf(a.number), a.arrived, ended(headersEnd))
		}
		return end
	case byFlags:
		f.fetchMarks(a.expected(), 0, a.marks, ended(marksEnd))
	case byModSeq:
		f.search(func(found *imap.SearchData, err error) { end.found, end.errs[searchEnd] = found, err })
		if s := a.f.status; s == nil || s.HighestModSeq != a.rf.ModSeq {
			f.fetchMarks(a.below(), a.rf.ModSeq, a.marks, ended(marksEnd))
		}
	}
	if set := a.above(); set != nil {
		a.fetches = true
		f.fetchHeaders(set, a.arrived, ended(headersEnd))
	}
	return end
}

// take looks at how the commands of a flight ended. Where the folder could not
// be opened, whatever those behind it were answered is nothing.
func (a *ask) take(l *Link, end *answered) error {
	data, err := end.opened.Wait()
	if err != nil {
		a.err = l.fault("select", err)
		if refusal(err) == nil {
			return a.err
		}
		return nil
	}
	a.data = data
	for n, err := range end.errs {
		switch {
		case err == nil:
		case n == headersEnd && refusal(err) != nil: // what did not come is asked for again
		case damaged(err):
			a.damaged = true
		case refusal(err) == nil:
			return l.fault("open folders", err)
		case a.err == nil:
			a.err = l.fault("open folders", err)
		}
	}
	if end.found != nil {
		for _, uid := range end.found.AllUIDs() {
			a.found = append(a.found, uint32(uid))
		}
	}
	return nil
}

// arrived takes a header of a message that is thought to be new.
// What is too much comes later, by itself.
func (a *ask) arrived(h header) {
	if a.bytes += len(h.fields); len(a.fresh) < freshWidth && a.bytes < streamHeld {
		a.fresh = append(a.fresh, h)
	}
}

// forget lets go of what was answered.
func (a *ask) forget() { a.found, a.marks, a.fresh, a.changes = nil, nil, nil, nil }

// below is the set of the UIDs that may be known.
func (a *ask) below() imap.UIDSet {
	return imap.UIDSet{{Start: 1, Stop: imap.UID(a.rf.UIDNext - 1)}}
}

// above is the set of the UIDs that are asked for unseen: where the server has
// said that there are some, or might have. Else it is nil.
func (a *ask) above() imap.UIDSet {
	if s := a.f.status; a.doubted || s != nil && uint32(s.UIDNext) == a.rf.UIDNext || s == nil && a.f.role != localstore.RoleInbox {
		return nil
	}
	return imap.UIDSet{{Start: imap.UID(a.rf.UIDNext), Stop: a.last()}}
}

// expected is the set of the UIDs that are there or may be; those whose headers
// are asked for are not in it.
func (a *ask) expected() imap.UIDSet {
	if a.above() != nil {
		return a.below()
	}
	return imap.UIDSet{{Start: 1, Stop: a.last()}}
}

// last is the highest UID that is asked for.
func (a *ask) last() imap.UID {
	return imap.UID(min(uint64(a.rf.UIDNext)+freshWidth-1, math.MaxUint32))
}

// newestOf is the set of the newest of n messages. Their numbers may have moved
// when it is read: which messages they are their UIDs say.
func newestOf(n uint32) imap.SeqSet {
	first := uint32(1)
	if n > freshWidth {
		first = n - freshWidth + 1
	}
	return imap.SeqSet{{Start: first, Stop: n}}
}
