package popsync

import (
	"fmt"

	"paquebot.app/internal/intake"
	"paquebot.app/localstore"
)

// tooLargeWhy stands in the row of a mail of which only the header was fetched.
const tooLargeWhy = "It is larger than what is fetched unasked."

// noteLarge records the mails that wait for the user to ask for them, with
// their headers.
func (p *pass) noteLarge() error {
	for _, j := range p.large {
		if j.entry != nil {
			continue
		}
		err := p.top(j.listed, func(header []byte) error {
			if p.stale {
				return nil
			}
			if header == nil { // it cannot be shown, so it must come whole
				p.jobs = append(p.jobs, j)
				return nil
			}
			if j.perhaps {
				c := intake.FromHeader(p.account.ID, header)
				if known, err := p.recognise(j, c, trace(header) != "", true); known || err != nil {
					return err
				}
			}
			return p.skip(j.listed, header, &trouble{why: tooLargeWhy}, j.fills)
		})
		if err != nil {
			return err
		}
	}
	return p.session.drain()
}

// unnoted tells whether there are mails for noteSkipped.
func (p *pass) unnoted() bool {
	for i := range p.listing.mails {
		if t := p.link.troubles.of(&p.listing.mails[i]); t != nil && t.unnoted() {
			return true
		}
	}
	return false
}

// noteSkipped records the mails that were given up, with their headers where
// the server shows them, so that they are seen and can be asked for.
func (p *pass) noteSkipped() error {
	at := p.ledger.listed()
	for i := range p.listing.mails {
		m := &p.listing.mails[i]
		t := p.link.troubles.of(m)
		if t == nil || !t.unnoted() {
			continue
		}
		var err error
		if e := at[m]; e != nil {
			t.noted, err = true, p.skipAgain(e, t)
		} else {
			err = p.top(m, func(header []byte) error {
				if p.stale {
					return nil // the next session names it
				}
				t.noted = true
				c := intake.FromHeader(0, header)
				p.link.tell(named(c.Subject, c.Sender) + " could not be fetched. " + t.why)
				return p.skip(m, header, t, 0)
			})
		}
		if err != nil {
			return err
		}
	}
	return p.session.drain()
}

// named says which message it is, as far as its header was shown.
func named(subject, sender string) string {
	switch {
	case subject != "" && sender != "":
		return fmt.Sprintf("The message “%s” of %s", subject, sender)
	case subject != "":
		return fmt.Sprintf("The message “%s”", subject)
	}
	return "One message on the server"
}

// skipAgain notes the new reason in the row of a mail that was skipped before,
// and in the user's wish for it.
func (p *pass) skipAgain(e *entry, t *trouble) error {
	var m localstore.Message
	err := p.link.write(p.ctx, "pop skipped again", func(tx *localstore.Tx) (err error) {
		if e.Message != 0 {
			if m, err = tx.Message(e.Message); err != nil {
				return err
			}
		}
		if e.State != localstore.PopSkipped {
			return nil
		}
		if err := tx.SetPopTrouble(e.ID, t.why, t.tries, t.retryAt); err != nil || !p.isWished(e.Message) {
			return err
		}
		return p.link.failWishes(tx, map[localstore.ContentID]string{m.Content: t.why})
	})
	if err == nil {
		p.link.tell(named(m.Subject, m.Sender) + " could not be fetched again. " + t.why)
	}
	return err
}

// skip records a mail that was not fetched, and why. Where the server has shown its
// header it gets a message without a body, unless it is fills that has none.
func (p *pass) skip(m *listed, header []byte, t *trouble, fills localstore.MessageID) error {
	now := p.link.now()
	row := localstore.PopLocation{Maildrop: p.link.maildrop, UIDL: m.uidl, Size: max(m.size, 0),
		Message: fills, State: localstore.PopSkipped, Why: t.why, StoredAt: now,
		Tries: t.tries, RetryAt: t.retryAt}
	err := p.link.write(p.ctx, "pop skipped", func(tx *localstore.Tx) (err error) {
		if len(header) > 0 {
			c := intake.FromHeader(p.account.ID, header)
			c.Size, row.HeaderHash = row.Size, c.HeaderHash
			if fills != 0 {
				row.ID, err = tx.AddPopLocation(row)
				return err
			}
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
