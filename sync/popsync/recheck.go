package popsync

import (
	"slices"
	"time"

	"paquebot.app/internal/intake"
	"paquebot.app/localstore"
)

// A UIDL that the server gives to another mail of the same size is seen by that
// mail's header alone. So a few of those that stay on the server are shown now
// and then, and all of them once a UIDL was found on another mail.
const (
	sampleRows  = 8 // rows that are confirmed in a session,
	sampleTurns = 2 // where each costs a turn
	sweepRows   = 500
	sweepTurns  = 50
	sampleEvery = time.Hour // of a row, and where there is nothing else to do of all
)

// reuse is a listed mail that is not the one of the row with its UIDL.
type reuse struct {
	*listed
	content localstore.NewContent // as its header shows it
	traced  bool
}

// check makes the server show the mail of a row. Where that is another mail it
// is left to resolve; then, which may be nil, is called where it is the row's.
func (p *pass) check(e *entry, then func(exact bool)) error {
	m := e.listed
	return p.top(m, func(header []byte) error {
		if header == nil {
			return nil
		}
		c := intake.FromHeader(p.account.ID, header)
		switch exact := c.HeaderHash == e.HeaderHash; {
		case exact, e.FieldsHash == c.FieldsHash:
			e.proven = exact
			if then != nil {
				then(exact)
			}
		default:
			p.notThere(e, c, header)
		}
		return nil
	})
}

// notThere notes that the UIDL of a row means a mail with another header.
func (p *pass) notThere(e *entry, c localstore.NewContent, header []byte) {
	p.reused = append(p.reused, reuse{e.listed, c, trace(header) != ""})
	e.listed, p.adrift = nil, true
	if e.FieldsHash != [32]byte{} && e.FieldsHash != c.FieldsHash && !p.listing.carried {
		p.doubted = true
	}
}

// recheck confirms some of the mails that stay on the server, the longest
// unconfirmed first; busy is a session that has other work to do.
func (p *pass) recheck(busy bool) error {
	if p.wished || p.listing.carried || p.stale || !p.session.canTop() {
		return nil
	}
	few, many := sampleTurns, sweepTurns
	if p.session.caps.pipelining {
		few, many = sampleRows, sweepRows
	}
	rows, last := p.checkable()
	now := p.link.now()
	sweeps := func() bool { return len(rows) > 0 && rows[0].CheckedAt.Before(p.maildrop.DoubtedAt) }
	var confirmed []localstore.LocationID
	look := func(n int, due func(*entry) bool) error {
		for ; n > 0 && len(rows) > 0 && due(rows[0]); n-- {
			e := rows[0]
			rows = rows[1:]
			err := p.check(e, func(bool) { confirmed = append(confirmed, e.ID) })
			if err != nil {
				return err
			}
		}
		return p.session.drain()
	}
	if !sweeps() && (busy || now.Sub(last) >= sampleEvery) {
		if err := look(few, func(e *entry) bool { return now.Sub(e.CheckedAt) >= sampleEvery }); err != nil {
			return err
		}
	}
	doubts := p.doubted && !sweeps()
	if doubts {
		p.maildrop.DoubtedAt = now
	}
	if sweeps() {
		if err := look(many, func(e *entry) bool { return e.CheckedAt.Before(p.maildrop.DoubtedAt) }); err != nil {
			return err
		}
	}
	if !doubts && len(confirmed) == 0 {
		return nil
	}
	return p.link.write(p.ctx, "pop confirmed", func(tx *localstore.Tx) error {
		if doubts {
			if err := tx.DoubtListing(p.maildrop.ID); err != nil {
				return err
			}
		}
		return tx.ConfirmPop(confirmed)
	})
}

// checkable returns the rows that a UIDL alone has found, and whose mail is not
// shown before it is removed: the longest unconfirmed first. last is when the
// last of them was confirmed.
func (p *pass) checkable() (rows []*entry, last time.Time) {
	for _, e := range p.ledger.entries {
		if e.State != localstore.PopKept && e.State != localstore.PopSkipped || e.listed == nil || e.proven ||
			e.HeaderHash == [32]byte{} || e.FieldsHash == [32]byte{} {
			continue
		}
		rows = append(rows, e)
		if e.CheckedAt.After(last) {
			last = e.CheckedAt
		}
	}
	slices.SortStableFunc(rows, func(a, b *entry) int { return a.CheckedAt.Compare(b.CheckedAt) })
	return rows, last
}

// resolve finds out which mails are listed under the UIDLs of others: known
// ones, or new ones, which it returns. A row that seems to be listed elsewhere
// is looked at first, since UIDLs may have been exchanged.
func (p *pass) resolve() ([]*job, error) {
	for seen := 0; seen < len(p.reused); {
		round := p.reused[seen:]
		seen = len(p.reused)
		for _, r := range round {
			for _, e := range p.ledger.byHash[r.content.HeaderHash] {
				if e.listed == nil || e.proven {
					continue
				}
				if err := p.check(e, nil); err != nil {
					return nil, err
				}
			}
		}
		if err := p.session.drain(); err != nil {
			return nil, err
		}
	}
	var jobs []*job
	for _, r := range p.reused {
		j := &job{listed: r.listed, compare: true}
		known, err := p.recognise(j, r.content, r.traced, false)
		if err != nil {
			return nil, err
		}
		if !known {
			jobs = append(jobs, j)
		}
	}
	p.reused = nil
	if p.doubted && p.maildrop.DoubtedAt.Before(p.session.began) {
		err := p.link.write(p.ctx, "pop doubted", func(tx *localstore.Tx) error { return tx.DoubtListing(p.maildrop.ID) })
		if err != nil {
			return nil, err
		}
	}
	return jobs, p.noteFinds(p.ctx)
}

// supplanted tells whether a mail that has come under the UIDL of one that was
// not fetched yet is another one: then that one is gone.
func (p *pass) supplanted(j *job) bool {
	e := j.entry
	return e != nil && e.Why != shortWhy && e.HeaderHash != [32]byte{} && e.FieldsHash != [32]byte{} &&
		j.content.HeaderHash != e.HeaderHash && j.content.FieldsHash != e.FieldsHash
}
