package popsync

import (
	"slices"
	"sort"
	"time"

	"paquebot.app/localstore"
)

// job is a mail to be fetched.
type job struct {
	*listed
	entry   *entry               // the row of a mail that was skipped; nil: none
	fills   localstore.MessageID // a message of which only the header is here; 0: none
	compare bool                 // it may be here already: its header decides, once it is fetched

	perhaps bool // it may be one that was gone: all of it decides, once it is fetched

	in      *inbound
	stale   bool  // its number means another mail
	again   bool  // it was here already, and perhaps not whole
	short   int64 // bytes of the first answer, where that was shorter than announced; 0: it was not
	doubt   bool  // it is short, and perhaps not whole
	content localstore.NewContent
	arrived time.Time
}

// plan orders what is to be fetched: wishes, then the newest mail first, then
// mail that gave trouble. What gave trouble lately waits, unless the user has
// asked for it since: a wish that could not be had waits like everything else.
func (p *pass) plan(fresh []*job, wished bool) {
	jobs := fresh
	for _, e := range p.ledger.entries {
		if e.State == localstore.PopSkipped && e.listed != nil {
			p.link.troubles.recall(e)
		}
		if e.State == localstore.PopSkipped && e.listed != nil && !e.unwanted() && (!p.tooLarge(e.listed) || p.isWished(e.Message)) {
			jobs = append(jobs, &job{listed: e.listed, entry: e, fills: e.Message})
		}
	}
	now := p.link.now()
	for _, j := range jobs {
		asked := p.isWished(j.fills)
		t := p.link.troubles.of(j.listed)
		waits := t != nil && now.Before(t.retryAt) && (t.unnoted() || !p.wishes[j.fills])
		switch {
		case !asked && p.tooLarge(j.listed) && !j.compare && p.session.canTop():
			p.large = append(p.large, j)
		case !waits && (asked || !wished):
			p.jobs = append(p.jobs, j)
		case j.compare:
			p.open++
		}
	}
	rank := func(j *job) int {
		switch {
		case p.wishes[j.fills]:
			return 0
		case p.link.troubles.of(j.listed) == nil && j.entry == nil:
			return 1
		}
		return 2
	}
	sort.SliceStable(p.jobs, func(a, b int) bool {
		x, y := p.jobs[a], p.jobs[b]
		if rank(x) != rank(y) {
			return rank(x) < rank(y)
		}
		return x.number > y.number
	})
	p.total = len(p.jobs)
}

// isWished tells whether the user has asked for a message, lately or not.
func (p *pass) isWished(id localstore.MessageID) bool {
	_, ok := p.wishes[id]
	return ok
}

// tooLarge tells whether only the header of a mail is fetched unasked.
func (p *pass) tooLarge(m *listed) bool {
	return p.account.PopLimit > 0 && m.size > p.account.PopLimit
}

// heed takes up what the user has asked for since the session began: it is
// fetched next.
func (p *pass) heed() error {
	before := p.wishes
	if err := p.link.store.Read(p.ctx, p.loadWishes); err != nil {
		return err
	}
	for id, fresh := range p.wishes {
		if before[id] || !fresh {
			continue
		}
		if err := p.settle(); err != nil { // it may be on its way to the disk
			return err
		}
		e := p.ledger.byMail[id]
		of := func(j *job) bool { return j.entry == e }
		if e == nil || e.State != localstore.PopSkipped || e.listed == nil || slices.ContainsFunc(p.under, of) {
			continue
		}
		j := &job{listed: e.listed, entry: e, fills: e.Message}
		if i := slices.IndexFunc(p.jobs, of); i >= 0 {
			j, p.jobs = p.jobs[i], slices.Delete(p.jobs, i, i+1)
		}
		p.jobs = slices.Insert(p.jobs, 0, j)
	}
	return nil
}
