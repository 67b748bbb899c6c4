package popsync

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"sort"
	"time"

	"paquebot.app/internal/fault"
	"paquebot.app/internal/intake"
	"paquebot.app/localstore"
)

// Limits of what one commit stores.
const (
	batchMails = 100
	batchBytes = 2 << 20
	batchTime  = time.Second
)

// job is a mail to be fetched.
type job struct {
	*listed
	entry   *entry               // the row of a mail that was skipped; nil: none
	fills   localstore.MessageID // a message of which only the header is here; 0: none
	compare bool                 // it may be here already: its header decides, once it is fetched

	in      *inbound
	done    bool // the whole body has arrived
	content localstore.NewContent
	arrived time.Time
}

// batch is what was fetched and not yet stored.
type batch struct {
	jobs  []*job
	bytes int64
	since time.Time
}

func (b *batch) full(now time.Time, most int) bool {
	return len(b.jobs) >= most || b.bytes >= batchBytes || len(b.jobs) > 0 && now.Sub(b.since) >= batchTime
}

// plan orders what is to be fetched: wishes, then the newest mail first, then
// mail that gave trouble. What gave trouble lately waits, unless it is wished.
func (p *pass) plan(fresh []*job, wished bool) {
	jobs := fresh
	for _, e := range p.ledger.entries {
		if e.State == localstore.PopSkipped && e.listed != nil {
			jobs = append(jobs, &job{listed: e.listed, entry: e, fills: e.Message})
		}
	}
	now := p.link.now()
	for _, j := range jobs {
		t := p.link.troubles.of(j.listed)
		asked := j.fills != 0 && p.wishes[j.fills]
		waits := t != nil && now.Before(t.retryAt)
		if asked || !wished && !waits {
			p.jobs = append(p.jobs, j)
		} else if j.compare {
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

// fetch brings the planned mails, stores them in batches and asks the server
// to remove what is stored and due.
func (p *pass) fetch() error {
	p.link.options.Progress(0, p.total, 0)
	for i, j := range p.jobs {
		if i == sessionMails || p.bytes >= sessionBytes || p.link.now().Sub(p.session.began) >= sessionTime {
			p.more = true
			break
		}
		if err := p.retr(j); err != nil {
			return err
		}
		if err := p.session.makeRoom(p.take); err != nil {
			return err
		}
	}
	for len(p.session.thens) > 0 {
		if err := p.take(); err != nil {
			return err
		}
	}
	if err := p.store(true); err != nil {
		return err
	}
	return p.session.drain()
}

// take reads one answer and stores the batch when it is full.
func (p *pass) take() error {
	if err := p.session.next(); err != nil {
		return p.died(err)
	}
	return p.store(false)
}

// retr asks for one mail.
func (p *pass) retr(j *job) error {
	j.in = newInbound(p.ctx, p.link.store, p.link.options.arriving, j.size)
	return p.session.post(fmt.Sprintf("RETR %d", j.number), j.in, func(_ string, err error) error {
		if r := refusedBy(err); r != nil {
			p.giveUp(j, "The server does not hand it out: "+r.words)
			return nil
		}
		return p.arrived(j)
	})
}

// died finds the mail in whose RETR a session ended. Without any, or when the
// disk is at fault, the mails are not.
func (p *pass) died(err error) error {
	var disk diskError
	if errors.As(err, &disk) {
		return disk.err
	}
	known := fault.Of(err).Cause != fault.Unknown
	for _, j := range p.jobs {
		if j.in == nil || !j.in.begun || j.done || p.ctx.Err() != nil || known {
			continue
		}
		switch {
		case errors.Is(err, errEndless), errors.Is(err, errTooSlow):
			p.giveUp(j, "It cannot be fetched: "+err.Error())
		default:
			p.link.troubles.died(j.listed, p.link.now(), err)
		}
		p.progress = true
		break
	}
	return err
}

// giveUp leaves a mail for later.
func (p *pass) giveUp(j *job, why string) {
	p.link.troubles.giveUp(j.listed, p.link.now(), why)
	p.progress = true
	if j.compare {
		p.open++
	}
}

// arrived takes a mail whose body is complete.
func (p *pass) arrived(j *job) error {
	j.done = true
	p.bytes += j.in.size
	p.link.troubles.over(j.listed)
	if j.in.blob == nil {
		head := j.in.head.Bytes()
		c, err := intake.FromBlob(p.account.ID, bytes.NewReader(head), j.in.size)
		if err != nil {
			return err
		}
		j.content = c
		if known, err := p.isKnown(j); known || err != nil {
			return err
		}
	}
	now := p.link.now()
	j.arrived = intake.Arrived(j.in.head.Bytes(), now)
	if j.arrived.Equal(now) {
		// Without a trace of when they came, mails keep the maildrop's order,
		// although the newest is fetched first.
		j.arrived = now.Add(-time.Duration(len(p.listing.mails)-j.number) * time.Second)
	}
	if len(p.batch.jobs) == 0 {
		p.batch.since = p.link.now()
	}
	p.batch.jobs = append(p.batch.jobs, j)
	p.batch.bytes += j.in.size
	return nil
}

// isKnown binds a fetched mail to the row it turned out to belong to.
func (p *pass) isKnown(j *job) (bool, error) {
	if !j.compare {
		return false, nil
	}
	e := p.ledger.recognise(j.listed, j.content.HeaderHash)
	switch {
	case e == nil:
	case e.State == localstore.PopSkipped:
		j.entry, j.fills = e, e.Message
		return false, nil
	default:
		p.progress = true
		return true, p.found(e, j.listed)
	}
	if !p.prior {
		return false, nil
	}
	return p.bindContent(j, j.content)
}

// store commits the batch when it is full, or whatever is in it, and asks the
// server to remove what may go.
func (p *pass) store(all bool) error {
	if !all && !p.batch.full(p.link.now(), p.link.options.batchMails) {
		return nil
	}
	if err := p.commit(p.ctx); err != nil {
		return err
	}
	return p.remove()
}

// flush stores what came whole before the session broke. It does so even when
// the caller has given up: the bytes are here.
func (p *pass) flush() error { return p.commit(context.WithoutCancel(p.ctx)) }

// remove sends DELE for every mail that is stored, due and shown by the server
// in this session to be the one of its number.
func (p *pass) remove() error {
	if !p.mayDele {
		return nil
	}
	for _, e := range p.ledger.entries {
		if e.State != localstore.PopDeleting || e.listed == nil || !e.proven || e.asked || e.tried {
			continue
		}
		e.tried = true
		err := p.session.post(fmt.Sprintf("DELE %d", e.listed.number), nil, func(_ string, err error) error {
			e.asked = err == nil
			if err != nil {
				p.link.options.Log.Info("pop removal refused", "account", p.account.ID, "err", err)
			}
			return nil
		})
		if err != nil {
			return err
		}
		if !p.session.caps.pipelining {
			if err := p.session.drain(); err != nil {
				return err
			}
		}
	}
	return nil
}
