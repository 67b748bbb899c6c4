package popsync

import (
	"cmp"
	"fmt"
	"io"
	"slices"

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

// top asks for the header of a mail. then gets nil where the server has no TOP,
// or refuses it, where a session has ended in it, and where the number of an
// earlier session means another mail now.
func (p *pass) top(m *listed, then func(header []byte) error) error {
	if !p.session.canTop() || p.link.topless[key(m)] {
		return then(nil)
	}
	stale := false
	if err := p.confirm(m, &stale); err != nil {
		return err
	}
	if stale {
		return then(nil)
	}
	h := &header{text: []byte{}}
	p.heads = append(p.heads, m)
	return p.session.send(fmt.Sprintf("TOP %d 0", m.number), h, func(_ string, err error) error {
		p.heads = p.heads[1:]
		if err != nil || stale {
			return then(nil)
		}
		return then(h.text)
	})
}

// inspect looks at the header of every mail that may be known, and returns the
// mails that are new. Where the server shows no header, the mail is fetched
// and compared then.
func (p *pass) inspect(s sorted) ([]*job, error) {
	if err := p.doubtNumbers(&s); err != nil {
		return nil, err
	}
	var jobs []*job
	for _, m := range s.fresh {
		jobs = append(jobs, &job{listed: m})
	}
	for _, m := range s.perhaps {
		jobs = append(jobs, &job{listed: m, perhaps: true})
	}
	for _, m := range s.doubtful {
		j := &job{listed: m, compare: true}
		if p.link.strange[key(m)] {
			jobs = append(jobs, j)
			continue
		}
		err := p.top(m, func(header []byte) error {
			if header != nil {
				c := intake.FromHeader(p.account.ID, header)
				if len(p.ledger.elsewhere(m, c.HeaderHash)) > 0 {
					p.reused = append(p.reused, reuse{m, c, trace(header) != ""})
					return nil
				}
				known, err := p.recognise(j, c, trace(header) != "", false)
				if err != nil || known {
					return err
				}
				p.link.strange[key(m)], p.progress = true, true
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
	if err := p.noteFinds(p.ctx); err != nil {
		return nil, err
	}
	more, busy, err := p.prove()
	if err != nil {
		return nil, err
	}
	jobs = append(jobs, more...)
	if err := p.recheck(busy || len(jobs) > 0); err != nil {
		return nil, err
	}
	more, err = p.resolve()
	return append(jobs, more...), err
}

// doubtNumbers looks at the last mail that is known by a UIDL which is its
// number. Where that is another mail, all such UIDLs may mean others than they
// did: another program has removed mail, and more has come.
func (p *pass) doubtNumbers(s *sorted) error {
	if len(s.numbered) == 0 || p.listing.carried {
		return nil
	}
	last := s.numbered[len(s.numbered)-1]
	err := p.top(last.listed, func(header []byte) error {
		if header == nil || intake.FromHeader(p.account.ID, header).HeaderHash == last.HeaderHash {
			return nil
		}
		for _, e := range s.numbered {
			s.doubtful = append(s.doubtful, e.listed)
			e.listed = nil
		}
		return nil
	})
	if err != nil {
		return err
	}
	return p.session.drain()
}

// recognise binds a mail to what is here of it already, by the hash of its
// header: to a row of the ledger, else to a content of the account. It tells
// whether the mail need not be fetched; decides says that it will not be in any
// case, so that the header has to decide about mail that may be removed too.
func (p *pass) recognise(j *job, c localstore.NewContent, traced, decides bool) (bool, error) {
	if e := p.ledger.recognise(j.listed, c.HeaderHash, traced, decides); e != nil {
		return true, p.found(e, j.listed)
	}
	if !p.prior {
		return false, nil
	}
	return p.bindContent(j, c)
}

// bindContent finds a mail among what the account holds from elsewhere.
func (p *pass) bindContent(j *job, c localstore.NewContent) (bool, error) {
	var here localstore.Message
	err := p.link.store.Read(p.ctx, func(v *localstore.View) error {
		candidates, err := v.ContentsByFields(p.account.ID, c.FieldsHash)
		if err != nil {
			return err
		}
		// Of a header that came by IMAP the whole may not be known: what comes
		// completes it.
		slices.SortStableFunc(candidates, func(a, b localstore.Identity) int {
			return cmp.Compare(oneIf(a.HeaderHash != c.HeaderHash), oneIf(b.HeaderHash != c.HeaderHash))
		})
		for _, id := range candidates {
			if id.HeaderHash != c.HeaderHash && (id.HeaderHash != [32]byte{} || id.Body == localstore.BodyWhole) {
				continue
			}
			messages, err := v.MessagesOf(id.Content)
			if err != nil {
				return err
			}
			for _, m := range messages {
				if p.ledger.byMail[m.ID] == nil && !p.bound[m.Content] {
					here = m
					return nil
				}
			}
		}
		return nil
	})
	switch {
	case err != nil || here.ID == 0:
		return false, err
	case here.Body != localstore.BodyWhole:
		p.bound[here.Content], j.fills = true, here.ID
		return false, nil
	}
	e := &entry{listed: j.listed, proven: true, PopLocation: localstore.PopLocation{
		Maildrop: p.link.maildrop, UIDL: j.uidl, HeaderHash: c.HeaderHash, Size: max(j.size, 0),
		Message: here.ID, State: localstore.PopKept, StoredAt: p.link.now()}}
	p.ledger.add(e)
	return true, p.find(find{entry: e, bound: true})
}

func oneIf(b bool) int {
	if b {
		return 1
	}
	return 0
}
