package popsync

import (
	"io"

	"paquebot.app/internal/intake"
	"paquebot.app/localstore"
)

// prove makes the server show that the numbers of the mails due for removal
// mean those mails: what was fetched in another session is removed only after
// TOP n 0 has shown the stored header, and what is not here whole any more is
// fetched once more. What the server does not show is returned, to be fetched
// and compared; what it shows to be another mail is left to resolve. busy tells
// whether there was anything to prove.
func (p *pass) prove() (jobs []*job, busy bool, err error) {
	if !p.mayDele || p.stale {
		return nil, false, nil
	}
	var due, again []*entry
	for _, e := range p.ledger.entries {
		switch {
		case e.State != localstore.PopDeleting || e.listed == nil || e.proven || p.rests(e):
		case e.agreed():
			again = append(again, e) // the server keeps what it has agreed to remove
		default:
			due = append(due, e)
		}
	}
	due = append(due, again...)
	broken, err := p.incomplete(due)
	if err != nil {
		return nil, false, err
	}
	for i, e := range due {
		if i > 0 && p.far() {
			p.more = true
			break
		}
		err := p.top(e.listed, func(header []byte) error {
			if p.stale {
				return nil
			}
			if header == nil {
				jobs = append(jobs, &job{listed: e.listed, compare: true})
				e.listed, p.adrift = nil, true
				return nil
			}
			c := intake.FromHeader(p.account.ID, header)
			switch {
			case c.HeaderHash != e.HeaderHash:
				p.notThere(e, c, header)
			case broken[e]:
				jobs = append(jobs, &job{listed: e.listed, entry: e, fills: e.Message})
			default:
				e.proven = true
			}
			return nil
		})
		if err != nil {
			return nil, false, err
		}
	}
	return jobs, len(due) > 0, p.session.drain()
}

// incomplete returns the rows whose mail the store cannot show any more: a
// profile that was put together from older files may lack its bytes.
func (p *pass) incomplete(rows []*entry) (map[*entry]bool, error) {
	broken := map[*entry]bool{}
	for _, e := range rows {
		if e.Message == 0 {
			continue // the user has deleted it here
		}
		var m localstore.Message
		err := p.link.store.Read(p.ctx, func(v *localstore.View) (err error) {
			m, err = v.Message(e.Message)
			return err
		})
		if err != nil {
			return nil, err
		}
		broken[e] = !p.holds(m, e.HeaderHash)
	}
	return broken, nil
}

// mostHeader is how many bytes of a stored mail are read for its header.
const mostHeader = 1 << 20

// holds tells whether the store has the bytes of a message: as many as there
// were, with the same header.
func (p *pass) holds(m localstore.Message, hash [32]byte) bool {
	blob, err := p.link.store.OpenBlob(p.ctx, m.Blob)
	if err != nil {
		return false
	}
	defer blob.Close()
	head, err := io.ReadAll(io.LimitReader(blob.Reader(), mostHeader))
	return err == nil && blob.Size() == m.Size && intake.FromHeader(p.account.ID, head).HeaderHash == hash
}
