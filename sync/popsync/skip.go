package popsync

import (
	"paquebot.app/internal/intake"
	"paquebot.app/localstore"
	"paquebot.app/sync/link"
)

// noteSkipped records the mails that were given up, with their headers where
// the server shows them, so that they are seen and can be asked for.
func (p *pass) noteSkipped() error {
	for i := range p.listing.mails {
		m := &p.listing.mails[i]
		t := p.link.troubles.of(m)
		if t == nil || t.why == "" || t.noted {
			continue
		}
		t.noted = true
		p.link.count(func(r *link.Report) {
			r.Conflicts = append(r.Conflicts, "One message on the server could not be fetched. "+t.why)
		})
		var err error
		if e := p.ledger.at(m); e != nil {
			err = p.skipAgain(e, t.why)
		} else {
			err = p.session.top(m, func(header []byte) error { return p.skip(m, header, t.why) })
		}
		if err != nil {
			return err
		}
	}
	return p.session.drain()
}

// skipAgain notes the new reason in the row of a mail that was skipped before.
func (p *pass) skipAgain(e *entry, why string) error {
	if e.State != localstore.PopSkipped {
		return nil
	}
	return p.link.write(p.ctx, "pop skipped again", func(tx *localstore.Tx) error {
		return tx.SetPopState([]localstore.LocationID{e.ID}, localstore.PopSkipped, why)
	})
}

// skip records a mail that could not be fetched. Where the server has shown
// its header it gets a message without a body.
func (p *pass) skip(m *listed, header []byte, why string) error {
	now := p.link.now()
	row := localstore.PopLocation{Maildrop: p.link.maildrop, UIDL: m.uidl, Size: max(m.size, 0),
		State: localstore.PopSkipped, Why: why, StoredAt: now}
	err := p.link.write(p.ctx, "pop skipped", func(tx *localstore.Tx) (err error) {
		if len(header) > 0 {
			c := intake.FromHeader(p.account.ID, header)
			c.Size, row.HeaderHash = row.Size, c.HeaderHash
			content, err := tx.AddContent(c)
			if err != nil {
				return err
			}
			row.Message, err = tx.AddMessage(localstore.NewMessage{Folder: p.inbox, Content: content, Arrived: intake.Arrived(header, now)})
			if err != nil {
				return err
			}
		}
		row.ID, err = tx.AddPopLocation(row)
		return err
	})
	if err == nil {
		p.ledger.add(&entry{PopLocation: row, listed: m})
	}
	return err
}
