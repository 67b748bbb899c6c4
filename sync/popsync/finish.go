package popsync

import (
	"errors"
	"fmt"

	"paquebot.app/localstore"
	"paquebot.app/sync/link"
)

// finish records what the session showed and ends it by QUIT. Only an exact
// listing of a session that did all its work shows that a mail is gone.
func (p *pass) finish() error {
	if p.stale || p.listing.carried && p.unnoted() {
		p.more = true // by a listing of its own
	} else if err := p.noteSkipped(); err != nil {
		return err
	}
	if err := p.noteGone(); err != nil {
		return err
	}
	if err := p.reconsider(); err != nil {
		return err
	}
	if err := p.session.quit(); err != nil {
		// What became of the deletions shows in the next listing (RFC 1939
		// §6): nobody needs to be troubled.
		p.link.options.Log.Info("pop quit failed", "account", p.account.ID, "err", err)
		return nil
	}
	if p.more && !p.stale && !(p.listing.carried && p.unnoted()) {
		removed := map[int]bool{}
		for _, e := range p.ledger.entries {
			if e.asked && e.listed != nil {
				removed[e.listed.number] = true
			}
		}
		p.carry(removed)
	}
	return p.noteQuit()
}

// reconsider takes deletions back that the user wants no more: they become
// real only with QUIT.
func (p *pass) reconsider() error {
	asked := 0
	for _, e := range p.ledger.entries {
		if e.asked {
			asked++
		}
	}
	if asked == 0 {
		return nil
	}
	due := map[localstore.LocationID]bool{}
	err := p.link.store.Read(p.ctx, func(v *localstore.View) error {
		rows, err := v.Ledger(p.link.maildrop, localstore.PopDeleting)
		for _, row := range rows {
			due[row.ID] = true
		}
		return err
	})
	if err != nil {
		return err
	}
	for _, e := range p.ledger.entries {
		if e.asked && due[e.ID] {
			asked--
		}
	}
	if asked == 0 {
		return nil
	}
	if _, err := p.session.command("RSET", nil); err != nil {
		return err // without QUIT nothing is removed
	}
	for _, e := range p.ledger.entries {
		if !e.asked {
			continue
		}
		if e.asked, e.tried = false, false; !due[e.ID] {
			e.State = localstore.PopKept
		}
	}
	if err := p.remove(); err != nil {
		return err
	}
	return p.session.drain()
}

// noteGone marks the rows whose mail the server lists no more.
func (p *pass) noteGone() error {
	if !p.listing.exact || p.more || p.open > 0 {
		return nil
	}
	var gone, kept, foreign []localstore.LocationID
	for _, e := range p.ledger.entries {
		switch {
		case e.listed != nil || !e.active():
		case e.State == localstore.PopDeleting:
			gone = append(gone, e.ID)
		case e.State == localstore.PopKept:
			kept = append(kept, e.ID)
		case e.State == localstore.PopSkipped:
			foreign = append(foreign, e.ID)
		}
	}
	if len(gone)+len(kept)+len(foreign) == 0 {
		return nil
	}
	return p.link.write(p.ctx, "pop gone", func(tx *localstore.Tx) error {
		return errors.Join(
			tx.SetPopState(gone, localstore.PopGone, ""),
			tx.SetPopState(kept, localstore.PopGone, "The server listed it no more."),
			tx.SetPopState(foreign, localstore.PopForeign, "It went before it could be fetched."),
		)
	})
}

// noteQuit records the end of a session in good order: the server has agreed
// to what it was asked to remove.
func (p *pass) noteQuit() error {
	var asked []*entry
	for _, e := range p.ledger.entries {
		if !e.asked {
			continue
		}
		if asked = append(asked, e); e.Deletes == 0 {
			p.removed++
		}
	}
	err := p.link.write(p.ctx, "pop session ended", func(tx *localstore.Tx) error {
		if p.listing.exact {
			if err := tx.CountSession(p.link.maildrop); err != nil {
				return err
			}
		}
		if p.stored-p.again+p.removed > 0 {
			err := tx.Journal(localstore.Note{Account: p.account.ID, At: p.link.now(), Step: "pop session",
				Result: fmt.Sprintf("%d received, %d removed from the server.", p.stored-p.again, p.removed)})
			if err != nil {
				return err
			}
		}
		for _, e := range asked {
			if err := tx.PopAgreed(e.ID, removalAsked, e.askAgain(p.link.now())); err != nil {
				return err
			}
		}
		return nil
	})
	if err == nil && p.removed > 0 {
		p.progress = true
		p.link.count(func(r *link.Report) { r.Removed += p.removed })
	}
	return err
}
