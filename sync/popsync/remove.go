package popsync

import (
	"fmt"
	"slices"

	"paquebot.app/internal/fault"
	"paquebot.app/localstore"
)

// mostBreaks is how many sessions of one Receive may end in DELE before mail is
// received and nothing removed.
const mostBreaks = 2

// remove sends DELE for every mail that is stored, due and shown by the server
// in this session to be the one of its number.
func (p *pass) remove() error {
	if !p.mayDele {
		return nil
	}
	if p.link.late && !p.last {
		p.removes = true
		return nil
	}
	if p.link.breaks >= mostBreaks {
		p.link.tell("The server ends the connection when mail is removed. What is safe here stays there too.")
		return nil
	}
	if err := p.sound(); err != nil || !p.mayDele {
		return err
	}
	for _, e := range p.ledger.entries {
		if e.asked || p.link.deadly[e.ID] || !p.removable(e) {
			continue
		}
		e.tried, p.removes = true, true
		p.deling = append(p.deling, e)
		err := p.session.post(fmt.Sprintf("DELE %d", e.listed.number), nil, func(_ string, err error) error {
			p.deling = p.deling[1:]
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

// removable tells whether DELE may be sent for a row.
func (p *pass) removable(e *entry) bool {
	return e.State == localstore.PopDeleting && e.listed != nil && e.proven && !e.tried && !p.rests(e)
}

// rests tells whether a row is left alone for now since the server does not
// remove what it has agreed to, however it lists it. The user is told of that.
func (p *pass) rests(e *entry) bool {
	if !e.feigned() {
		return false
	}
	p.link.tell(fmt.Sprintf("%s agrees to remove mail and lists it again: it does not delete. What is safe here stays there too.", p.account.POP.Host))
	return p.link.now().Before(e.RetryAt)
}

// sound makes sure, before the first DELE, that what is stored here can be
// relied on: on a damaged file mail is received, and nothing is removed.
func (p *pass) sound() error {
	if !slices.ContainsFunc(p.ledger.entries, p.removable) {
		return nil
	}
	err := p.link.store.Sound(p.ctx)
	if err == nil {
		return nil
	}
	damage := fault.Of(err)
	if damage.Cause != fault.Disk {
		return err
	}
	p.mayDele = false
	p.link.tell("Nothing is removed from the server. " + damage.Text)
	return nil
}
