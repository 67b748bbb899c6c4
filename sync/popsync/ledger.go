package popsync

import "paquebot.app/localstore"

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

// removalAsked stands in the row of a mail for which DELE and QUIT were
// answered: that it is listed no more is our own doing.
const removalAsked = "The server has agreed to remove it."

// ledger is what is known of a maildrop.
type ledger struct {
	entries []*entry
	byUIDL  map[string][]*entry
	byHash  map[[32]byte][]*entry
}

func newLedger(rows []localstore.PopLocation) *ledger {
	l := &ledger{byUIDL: map[string][]*entry{}, byHash: map[[32]byte][]*entry{}}
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

// recognise finds the row of a mail by the hash of its header, among those
// that were not found in this session: first of the same UIDL, then of mail
// that was there when we last looked, then of mail that was gone.
func (l *ledger) recognise(m *listed, hash [32]byte) *entry {
	var best *entry
	score := -1
	for _, e := range l.byHash[hash] {
		if e.listed != nil {
			continue
		}
		s := 0
		if e.UIDL == m.uidl {
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

// sorted is what a listing means by its UIDLs and sizes alone.
type sorted struct {
	fresh    []*listed // not known
	doubtful []*listed // perhaps known: the header decides
}

// sort compares a listing with the ledger and notes in the rows where their
// mail is listed. wary makes every unknown mail doubtful.
func (l *ledger) sort(mails []listed, wary bool) sorted {
	var s sorted
	times := map[string]int{}
	for _, m := range mails {
		times[m.uidl]++
	}
	for i := range mails {
		m := &mails[i]
		if m.uidl == "" || times[m.uidl] > 1 {
			s.doubtful = append(s.doubtful, m)
			continue
		}
		e, ok := l.only(m.uidl)
		switch {
		case !ok, e == nil && len(l.byUIDL[m.uidl]) > 0, e != nil && !sameSize(e.Size, m.size):
			s.doubtful = append(s.doubtful, m)
		case e != nil:
			e.listed = m
		default:
			s.fresh = append(s.fresh, m)
		}
	}
	if wary || len(s.fresh) > 0 && l.vanished() {
		s.doubtful, s.fresh = append(s.doubtful, s.fresh...), nil
	}
	return s
}

// sameSize tells whether two sizes, each a hint or unknown, may be of one mail.
func sameSize(a, b int64) bool { return a == b || a < 0 || b < 0 }

// vanished tells whether mail that was there is listed no more and it is not
// our own doing: then what looks new may be that mail under another UIDL.
func (l *ledger) vanished() bool {
	for _, e := range l.entries {
		if e.listed == nil && e.active() && !(e.State == localstore.PopDeleting && e.Why == removalAsked) {
			return true
		}
	}
	return false
}

// at returns the row whose mail is listed as m, nil for none.
func (l *ledger) at(m *listed) *entry {
	for _, e := range l.entries {
		if e.listed == m {
			return e
		}
	}
	return nil
}
