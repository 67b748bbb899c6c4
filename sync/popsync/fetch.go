package popsync

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"paquebot.app/internal/fault"
	"paquebot.app/internal/intake"
)

// Limits of what one commit stores.
const (
	batchMails = 100
	batchBytes = 1 << 20
	batchTime  = time.Second
)

// batch is what was fetched and not yet stored.
type batch struct {
	jobs  []*job
	bytes int64 // of memory that they take
	since time.Time
}

func (b *batch) full(now time.Time, most int) bool {
	return len(b.jobs) >= most || b.bytes >= batchBytes || len(b.jobs) > 0 && now.Sub(b.since) >= batchTime
}

// fetch brings the planned mails, stores them in batches and asks the server
// to remove what is stored and due. What the user asks for meanwhile comes next.
func (p *pass) fetch() error {
	p.link.options.Progress(0, p.total, 0)
	for fetched := 0; !p.stale; {
		if len(p.jobs) == 0 {
			if len(p.session.thens) > 0 {
				if err := p.take(); err != nil {
					return err
				}
				continue
			}
			if err := p.store(true); err != nil {
				return err
			}
			if len(p.jobs) == 0 {
				break // else storing has shown more to fetch
			}
		}
		if p.more = p.ended(fetched); p.more {
			break
		}
		j := p.jobs[0]
		p.jobs[0], p.jobs = nil, p.jobs[1:] // what was done takes no memory
		if err := p.retr(j); err != nil {
			return err
		}
		fetched++
		if err := p.makeRoom(); err != nil {
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

// ended tells whether the session should QUIT, so that another program gets at
// the maildrop and deletions become real. A server that wants time between two
// sign-ins (LOGIN-DELAY, RFC 2449 §6.5) is not left before all is done.
func (p *pass) ended(fetched int) bool {
	switch {
	case fetched > 0 && p.far():
		return true
	case p.session.caps.delay > 0:
		return false
	case p.link.now().Sub(p.session.began) >= sessionTime:
		return true
	}
	return p.removes && (fetched >= sessionMails || p.bytes >= sessionBytes)
}

// take reads one answer and stores the batch when it is full.
func (p *pass) take() error {
	if err := p.session.next(); err != nil {
		return p.died(err)
	}
	return p.store(false)
}

// retr asks for one mail, and where the listing is of an earlier session,
// whether the number still means it.
func (p *pass) retr(j *job) error {
	if err := p.confirm(j.listed, &j.stale); err != nil || j.stale {
		return err
	}
	j.in = newInbound(p.ctx, p.link.store, p.link.options.arriving, j.size, p.link.troubles.tries(j.listed))
	p.under = append(p.under, j)
	p.window.asked(j.size)
	return p.session.post(fmt.Sprintf("RETR %d", j.number), j.in, func(_ string, err error) error {
		p.window.came(j.size, j.in.size, p.link.now())
		p.over(j)
		switch r := refusedBy(err); {
		case j.stale:
			return nil
		case r != nil:
			p.giveUp(j, "The server does not hand it out: "+r.words)
			return nil
		}
		return p.arrived(j)
	})
}

// over takes a mail from those under way.
func (p *pass) over(j *job) {
	p.under = slices.DeleteFunc(p.under, func(other *job) bool { return other == j })
}

// confirm asks for the UIDL of a mail before anything is asked by a number of an
// earlier session, and notes in stale that the number means another mail now.
func (p *pass) confirm(m *listed, stale *bool) error {
	if !p.listing.carried {
		return nil
	}
	err := p.session.post(fmt.Sprintf("UIDL %d", m.number), nil, func(text string, err error) error {
		n, rest, ok := numbered(text)
		if err != nil || !ok || n != m.number || usableUIDL(rest) != m.uidl {
			*stale, p.stale, p.more = true, true, true
		}
		return nil
	})
	if err == nil && !p.session.caps.pipelining {
		err = p.session.drain()
	}
	return err
}

// mostMute is how many sessions may end where RETR is not answered at all before
// that is no more taken for the fault of single mails.
const mostMute = 6

// died finds the mail in whose RETR a session ended. Without any, or when the
// disk is at fault, the mails are not.
func (p *pass) died(err error) error {
	var disk diskError
	if errors.As(err, &disk) {
		return disk.err
	}
	if len(p.under) == 0 || p.ctx.Err() != nil || fault.Of(err).Cause != fault.Unknown {
		return err
	}
	j := p.under[0] // the others were not answered
	if p.link.mute++; !j.in.begun && p.link.mute > mostMute {
		return err
	}
	switch {
	case j.in.begun && errors.Is(err, errEndless):
		p.giveUp(j, "Far more comes than the server announces: it is larger, or has no end.")
	case j.in.begun && errors.Is(err, errTooSlow):
		p.giveUp(j, "The server sends it too slowly.")
	default:
		p.link.troubles.died(j.listed, p.link.now(), p.bytes == 0, err)
	}
	p.progress = true
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
	p.link.mute = 0
	if again, err := p.short(j); again || err != nil {
		return err
	}
	p.bytes += j.in.size
	p.link.troubles.over(j.listed)
	now := p.link.now()
	j.content, j.arrived = intake.Delivered(p.account.ID, j.in.head.Bytes(), now)
	if j.in.blob == nil {
		if known, err := p.isKnown(j); known || err != nil {
			return err
		}
	} else if !j.compare {
		j.compare = p.adrift || len(p.ledger.elsewhere(j.listed, j.content.HeaderHash)) > 0
	}
	if j.arrived.Equal(now) {
		// Without a trace of when they came, mails keep the maildrop's order,
		// although the newest is fetched first.
		j.arrived = now.Add(-time.Duration(len(p.listing.mails)-j.number) * time.Second)
	}
	if len(p.batch.jobs) == 0 {
		p.batch.since = now
	}
	p.batch.jobs = append(p.batch.jobs, j)
	p.batch.bytes += j.in.held()
	return nil
}

// store commits the batch when it is full, or whatever is in it, and asks the
// server to remove what may go.
func (p *pass) store(all bool) error {
	if !all && !p.batch.full(p.link.now(), p.link.options.batchMails) {
		return nil
	}
	if err := p.noteFinds(p.ctx); err != nil {
		return err
	}
	if err := p.commit(p.ctx); err != nil {
		return err
	}
	if all {
		if err := p.settle(); err != nil {
			return err
		}
	}
	if err := p.heed(); err != nil {
		return err
	}
	return p.remove()
}

// flush stores what came whole before the session broke. It does so even when
// the caller has given up: the bytes are here.
func (p *pass) flush() error {
	if err := p.noteFinds(context.WithoutCancel(p.ctx)); err != nil {
		return err
	}
	if err := p.commit(context.WithoutCancel(p.ctx)); err != nil {
		return err
	}
	return p.settle()
}
