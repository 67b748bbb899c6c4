package popsync

import (
	"fmt"

	"paquebot.app/localstore"
)

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
