package popsync

import (
	"strconv"
	"time"

	"paquebot.app/localstore"
)

// entry is a row of the ledger during one session.
type entry struct {
	localstore.PopLocation
	listed *listed // what the server lists of it in this session; nil: not found
	proven bool    // the server has shown in this session that the number means this mail
	tried  bool    // DELE was sent in this session
	asked  bool    // and answered +OK
}

// active tells a row whose mail the server had when we last looked.
func (e *entry) active() bool {
	return e.State != localstore.PopGone && e.State != localstore.PopForeign
}

// stub tells a row whose mail was never here whole.
func (e *entry) stub() bool {
	return e.State == localstore.PopSkipped || e.State == localstore.PopForeign
}

// unwanted tells a stub whose header the user has seen and deleted: its mail is
// not fetched any more.
func (e *entry) unwanted() bool {
	return e.stub() && e.Message == 0 && e.HeaderHash != [32]byte{}
}

// agreed tells a row whose mail the server has agreed to remove, and that was
// not seen to be gone.
func (e *entry) agreed() bool {
	return e.State == localstore.PopDeleting && e.Why == removalAsked
}

// patience is how often the server may list a mail again that it has agreed to
// remove, before it is asked more rarely.
const patience = 2

// feigned tells a row whose mail the server has agreed to remove again and
// again, and lists.
func (e *entry) feigned() bool { return e.agreed() && e.listed != nil && e.Deletes >= patience }

// askAgain is when the server, which agrees once more now, may be asked again
// where it lists the mail still: at any time at first, then after an hour, and
// after twice as long each time, up to a day.
func (e *entry) askAgain(now time.Time) time.Time {
	if e.Deletes+1 < patience {
		return time.Time{}
	}
	return now.Add(min(time.Hour<<min(e.Deletes+1-patience, 10), 24*time.Hour))
}

// removalAsked stands in the row of a mail for which DELE and QUIT were
// answered: that it is listed no more is our own doing.
const removalAsked = "The server has agreed to remove it."

// ledger is what is known of a maildrop.
type ledger struct {
	entries []*entry
	byUIDL  map[string][]*entry
	byHash  map[[32]byte][]*entry
	byMail  map[localstore.MessageID]*entry
	feigns  bool // the server lists what it has agreed to remove, or so it seems
}

func newLedger(rows []localstore.PopLocation) *ledger {
	l := &ledger{byUIDL: map[string][]*entry{}, byHash: map[[32]byte][]*entry{}, byMail: map[localstore.MessageID]*entry{}}
	for _, row := range rows {
		l.add(&entry{PopLocation: row})
	}
	return l
}

func (l *ledger) add(e *entry) {
	l.entries = append(l.entries, e)
	if e.UIDL != "" {
		l.byUIDL[e.UIDL] = append(l.byUIDL[e.UIDL], e)
	}
	if e.HeaderHash != [32]byte{} {
		l.byHash[e.HeaderHash] = append(l.byHash[e.HeaderHash], e)
	}
	if e.Message != 0 {
		l.byMail[e.Message] = e
	}
}

// only returns the one active row of a UIDL; ok is false when there are
// several, which only their headers can tell apart.
func (l *ledger) only(uidl string) (e *entry, ok bool) {
	for _, other := range l.byUIDL[uidl] {
		if !other.active() {
			continue
		}
		if e != nil {
			return nil, false
		}
		e = other
	}
	return e, true
}

// named tells whether a mail is listed under the UIDL of a row.
func (e *entry) named(m *listed) bool { return m.uidl != "" && e.UIDL == m.uidl }

// recognise finds the row of a mail by the hash of its header, among those
// that were not found in this session: first of the same UIDL, then of mail
// that was there when we last looked, then of mail that was gone. A header that
// several mails have shows under another UIDL only mail that we know to be there:
// what was removed may have been sent once more. So may mail that was gone, or
// that an honest server has removed, unless its header is traced: another
// delivery has another trace. What may be removed because of the answer is
// recognised only when it has come whole: a header does not show what is behind it.
func (l *ledger) recognise(m *listed, hash [32]byte, traced, whole bool) *entry {
	var best *entry
	score := -1
	for _, e := range l.byHash[hash] {
		named := e.named(m)
		switch {
		case e.listed != nil:
			continue
		case named:
		case !sameSize(e.Size, m.size):
			continue // the same header, and another mail behind it: all of it has to be compared
		case len(l.byHash[hash]) > 1 && (e.agreed() || !e.active()):
			continue
		case !whole && (!e.active() || e.State == localstore.PopDeleting):
			continue
		case !traced && (!e.active() || e.agreed() && !l.feigns):
			continue
		}
		s := 0
		if named {
			s += 2
		}
		if e.active() {
			s++
		}
		if s > score {
			best, score = e, s
		}
	}
	return best
}

// elsewhere returns the rows of mail with this header that only their UIDL and
// size have found, at other numbers: before one of them is taken for another
// mail than m, what lies there has to be looked at.
func (l *ledger) elsewhere(m *listed, hash [32]byte) []*entry {
	var found []*entry
	for _, e := range l.byHash[hash] {
		if e.listed != nil && e.listed != m && !e.proven && sameSize(e.Size, m.size) {
			found = append(found, e)
		}
	}
	return found
}

// sorted is what a listing means by its UIDLs and sizes alone.
type sorted struct {
	fresh    []*listed // not known
	perhaps  []*listed // not known either, and may be one that was gone
	doubtful []*listed // perhaps known: the header decides
	numbered []*entry  // known by a UIDL that is the mail's number
}

// sort compares a listing with the ledger and notes in the rows where their
// mail is listed. wary makes every unknown mail doubtful.
func (l *ledger) sort(in listing, wary bool) sorted {
	var s sorted
	for i := range in.mails {
		m := &in.mails[i]
		if m.shared {
			s.doubtful = append(s.doubtful, m)
			continue
		}
		e, ok := l.only(m.uidl)
		switch {
		case !ok, e == nil && len(l.byUIDL[m.uidl]) > 0, e != nil && !sameSize(e.Size, m.size):
			s.doubtful = append(s.doubtful, m)
		case e != nil:
			if e.listed = m; m.uidl == strconv.Itoa(m.number) {
				s.numbered = append(s.numbered, e)
			}
		default:
			s.fresh = append(s.fresh, m)
		}
	}
	l.feigns = l.feigns || l.seemsToFeign(s)
	if wary || len(s.fresh) > 0 && l.vanished() {
		s.doubtful, s.fresh = append(s.doubtful, s.fresh...), nil
	} else {
		l.doubtReturned(&s)
	}
	return s
}

// sameSize tells whether two sizes, each a hint or unknown, may be of one mail.
func sameSize(a, b int64) bool { return a == b || a < 0 || b < 0 }

// vanished tells whether mail that was there is listed no more and it is not
// our own doing: then what looks new may be that mail under another UIDL.
func (l *ledger) vanished() bool {
	for _, e := range l.entries {
		if e.listed == nil && e.active() && !e.agreed() {
			return true
		}
	}
	return false
}

// leastFeigned is how many mails that a server has agreed to remove must seem to
// be listed again before it is not believed: fewer may have been sent once more.
const leastFeigned = 3

// seemsToFeign tells whether a server lists again what it has agreed to remove:
// under the same UIDL, or most of it under others, as far as sizes show that.
func (l *ledger) seemsToFeign(s sorted) bool {
	agreed, sizes := 0, map[int64]int{}
	for _, e := range l.entries {
		switch {
		case !e.agreed():
		case e.listed != nil:
			return true
		default:
			agreed++
			sizes[e.Size]++
		}
	}
	again := 0
	for _, some := range [][]*listed{s.fresh, s.doubtful} {
		for _, m := range some {
			if sizes[m.size] > 0 {
				sizes[m.size]--
				again++
			}
		}
	}
	return again >= leastFeigned && 2*again >= agreed
}

// doubtReturned doubts what looks new and may be mail under other UIDLs that the
// server had agreed to remove, or mail that was gone and comes back from its
// backup. The sizes tell; of mail that was gone, those of several. A single one is
// worth no question: it is fetched, and compared then.
func (l *ledger) doubtReturned(s *sorted) {
	agreed, gone := map[int64]bool{}, map[int64]bool{}
	for _, e := range l.entries {
		switch {
		case e.listed != nil || e.stub():
		case e.agreed():
			agreed[e.Size] = true
		case !e.active():
			gone[e.Size] = true
		}
	}
	back := 0
	for _, m := range s.fresh {
		if gone[m.size] {
			back++
		}
	}
	restored := back > 1
	fresh := s.fresh
	s.fresh = nil
	for _, m := range fresh {
		switch {
		case m.settled:
			s.fresh = append(s.fresh, m)
		case agreed[m.size] || restored && gone[m.size]:
			s.doubtful = append(s.doubtful, m)
		case gone[m.size]:
			s.perhaps = append(s.perhaps, m)
		default:
			m.settled = true
			s.fresh = append(s.fresh, m)
		}
	}
}

// listed returns the rows by where their mail is listed.
func (l *ledger) listed() map[*listed]*entry {
	at := map[*listed]*entry{}
	for _, e := range l.entries {
		if e.listed != nil {
			at[e.listed] = e
		}
	}
	return at
}
