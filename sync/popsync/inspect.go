package popsync

import (
	"fmt"
	"io"

	"paquebot.app/internal/intake"
	"paquebot.app/localstore"
)

// headerLimit is how much of an answer to TOP is kept: a header.
const headerLimit = 8 << 20

// header takes the answer to TOP. Servers that send more than the header are
// listened to, up to a limit, and not remembered.
type header struct {
	text []byte
	size int64
}

// Write implements io.Writer.
func (h *header) Write(p []byte) (int, error) {
	if h.size += int64(len(p)); h.size > minLimit {
		return 0, errEndless
	}
	if room := headerLimit - len(h.text); room > 0 {
		h.text = append(h.text, p[:min(room, len(p))]...)
	}
	return len(p), nil
}

var _ io.Writer = (*header)(nil)

// canTop tells whether TOP is worth asking: a server without CAPA may have it.
func (s *session) canTop() bool { return s.caps.top || !s.caps.known }

// top asks for the header of a mail. then gets nil where the server has no TOP
// or refuses it.
func (s *session) top(m *listed, then func(header []byte) error) error {
	if !s.canTop() {
		return then(nil)
	}
	h := &header{}
	return s.send(fmt.Sprintf("TOP %d 0", m.number), h, func(_ string, err error) error {
		if err != nil {
			return then(nil)
		}
		return then(h.text)
	})
}

// inspect looks at the header of every mail that may be known, and returns the
// mails that are new. Where the server shows no header, the mail is fetched
// and compared then.
func (p *pass) inspect(s sorted) ([]*job, error) {
	var jobs []*job
	for _, m := range s.fresh {
		jobs = append(jobs, &job{listed: m})
	}
	for _, m := range s.doubtful {
		err := p.session.top(m, func(header []byte) error {
			j := &job{listed: m, compare: true}
			if header != nil {
				known, err := p.recognise(j, header)
				if err != nil || known {
					return err
				}
			}
			jobs = append(jobs, j)
			return nil
		})
		if err != nil {
			return nil, err
		}
	}
	if err := p.session.drain(); err != nil {
		return nil, err
	}
	more, err := p.prove()
	return append(jobs, more...), err
}

// recognise binds a mail to what is here of it already, by the hash of its
// header: to a row of the ledger, else to a content of the account. It tells
// whether the mail need not be fetched.
func (p *pass) recognise(j *job, header []byte) (bool, error) {
	c := intake.FromHeader(p.account.ID, header)
	if e := p.ledger.recognise(j.listed, c.HeaderHash); e != nil {
		return true, p.found(e, j.listed)
	}
	if !p.prior {
		return false, nil
	}
	return p.bindContent(j, c)
}

// found notes that a row's mail is the one listed as m: perhaps under another
// UIDL, perhaps again after it was gone.
func (p *pass) found(e *entry, m *listed) error {
	e.listed, e.proven = m, true
	relisted := !e.active()
	uidl := m.uidl
	if uidl == "" {
		uidl = e.UIDL // the server shows none today
	}
	if uidl == e.UIDL && (m.size < 0 || m.size == e.Size) && !relisted {
		return nil
	}
	return p.link.write(p.ctx, "pop recognised", func(tx *localstore.Tx) error {
		size := e.Size
		if m.size >= 0 {
			size = m.size
		}
		if err := tx.SetPopListing(e.ID, uidl, size); err != nil {
			return err
		}
		e.UIDL, e.Size = uidl, size
		if !relisted {
			return nil
		}
		state, _, err := tx.BornState(p.link.maildrop, p.link.now())
		if err != nil {
			return err
		}
		e.State = state
		return tx.SetPopState([]localstore.LocationID{e.ID}, state, "The server listed it again.")
	})
}

// bindContent finds a mail among what the account holds from elsewhere.
func (p *pass) bindContent(j *job, c localstore.NewContent) (bool, error) {
	var known bool
	err := p.link.write(p.ctx, "pop bound", func(tx *localstore.Tx) error {
		candidates, err := tx.ContentsByFields(p.account.ID, c.FieldsHash)
		if err != nil {
			return err
		}
		for _, id := range candidates {
			if p.bound[id.Content] || id.HeaderHash != c.HeaderHash {
				continue
			}
			messages, err := tx.MessagesOf(id.Content)
			if err != nil {
				return err
			}
			if len(messages) == 0 {
				continue
			}
			p.bound[id.Content] = true
			if id.Body != localstore.BodyWhole {
				j.fills = messages[0].ID
				return nil
			}
			known = true
			row := localstore.PopLocation{Maildrop: p.link.maildrop, UIDL: j.uidl, HeaderHash: c.HeaderHash,
				Size: max(j.size, 0), Message: messages[0].ID, State: localstore.PopKept, StoredAt: p.link.now()}
			if row.ID, err = tx.AddPopLocation(row); err != nil {
				return err
			}
			p.ledger.add(&entry{PopLocation: row, listed: j.listed, proven: true})
			return nil
		}
		return nil
	})
	return known, err
}

// prove makes the server show that the numbers of the mails due for removal
// mean those mails: what was fetched in another session is removed only after
// TOP n 0 has shown the stored header, without TOP after an equal size. What
// is not the mail is new and returned.
func (p *pass) prove() ([]*job, error) {
	if !p.mayDele {
		return nil, nil
	}
	var jobs []*job
	for _, e := range p.ledger.entries {
		if e.State != localstore.PopDeleting || e.listed == nil || e.proven {
			continue
		}
		if p.far() {
			p.more = true
			break
		}
		err := p.session.top(e.listed, func(header []byte) error {
			switch {
			case header != nil && intake.FromHeader(p.account.ID, header).HeaderHash == e.HeaderHash,
				header == nil && !p.listing.carried && e.listed.size >= 0 && e.listed.size == e.Size && e.listed.uidl != "":
				e.proven = true
			case header == nil && p.listing.carried:
				p.more, p.stale = true, true // its size proves something in a listing of this session only
			default:
				jobs = append(jobs, &job{listed: e.listed, compare: true})
				e.listed = nil
			}
			return nil
		})
		if err != nil {
			return nil, err
		}
	}
	return jobs, p.session.drain()
}
