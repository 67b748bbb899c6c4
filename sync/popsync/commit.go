package popsync

import (
	"bytes"
	"context"
	"io"
	"slices"
	"time"

	"paquebot.app/internal/intake"
	"paquebot.app/localstore"
	"paquebot.app/sync/link"
)

// stored is what became of one fetched mail.
type stored struct {
	entry *entry
	state localstore.PopState
}

// storing is a batch on its way to the disk while the next one arrives.
type storing struct {
	before *storing      // that goes to the disk first; nil: none
	done   chan struct{} // closed when it is there, or failed
	jobs   []*job        // those that were not known already
	added  []stored
	err    error
}

// mostStoring is how many batches may be on their way to the disk, so that the
// server is not left waiting while one takes longer than another.
const mostStoring = 2

// commit begins to make the batch durable: first the bodies, complete, in one
// commit, then messages and ledger rows in another. The next ones may arrive
// meanwhile; settle waits for all, and only what it took over may be removed
// from the server. A batch with large mails that may turn out to be known is
// waited for at once.
func (p *pass) commit(ctx context.Context) error {
	if err := p.settleTo(mostStoring - 1); err != nil {
		return err
	}
	jobs := p.batch.jobs
	p.batch = batch{}
	if len(jobs) == 0 {
		return nil
	}
	s := &storing{done: make(chan struct{})}
	if len(p.storing) > 0 {
		s.before = p.storing[len(p.storing)-1]
	}
	p.storing = append(p.storing, s)
	if slices.ContainsFunc(jobs, func(j *job) bool { return j.in.blob != nil && j.mayBeKnown() }) {
		p.make(ctx, s, jobs)
		return p.settle()
	}
	go p.make(context.WithoutCancel(ctx), s, jobs)
	return nil
}

// make carries a batch to the disk. Beside reading what does not change during
// a session it touches only s and the jobs.
func (p *pass) make(ctx context.Context, s *storing, jobs []*job) {
	defer close(s.done)
	for _, j := range jobs {
		if j.in.blob == nil { // read while the batch before goes to the disk
			head := j.in.head.Bytes()
			if s.err = p.read(j, bytes.NewReader(head), int64(len(head))); s.err != nil {
				return
			}
		}
	}
	if b := s.before; b != nil {
		<-b.done
		if s.err, s.before = b.err, nil; s.err != nil {
			return
		}
	}
	if s.jobs, s.err = p.complete(ctx, jobs); s.err != nil {
		return
	}
	s.err = p.link.write(ctx, "pop received", func(tx *localstore.Tx) error {
		s.added = s.added[:0]
		now := p.link.now()
		state, until, err := tx.BornState(p.link.maildrop, now)
		if err != nil {
			return err
		}
		born := localstore.PopLocation{Maildrop: p.link.maildrop, State: state, StoredAt: now, Until: until}
		for _, j := range s.jobs {
			a, err := p.add(tx, j, born)
			if err != nil {
				return err
			}
			s.added = append(s.added, a)
		}
		return nil
	})
}

// settle waits for what is on its way to the disk and takes it over.
func (p *pass) settle() error { return p.settleTo(0) }

// settleTo is settle until only that many batches are on their way.
func (p *pass) settleTo(left int) error {
	for len(p.storing) > left {
		s := p.storing[0]
		p.storing = p.storing[1:]
		<-s.done
		if s.err != nil {
			return s.err
		}
		p.took(s.jobs, s.added)
	}
	return nil
}

// complete makes the bodies complete and durable. It leaves out large mails
// that turn out to be known.
func (p *pass) complete(ctx context.Context, jobs []*job) ([]*job, error) {
	writers := make([]*localstore.BlobWriter, len(jobs))
	for i, j := range jobs {
		var err error
		if writers[i], err = j.in.writer(ctx); err != nil {
			return nil, err
		}
	}
	blobs, err := p.link.complete(ctx, writers)
	if err != nil {
		return nil, err
	}
	fresh := jobs[:0]
	for i, j := range jobs {
		if j.in.blob != nil {
			if err := p.readLarge(ctx, j, blobs[i]); err != nil {
				return nil, err
			}
			j.content.Blob = blobs[i].ID
			if j.mayBeKnown() {
				if known, err := p.isKnown(j); err != nil {
					return nil, err
				} else if known {
					continue
				}
			}
		}
		j.content.Blob = blobs[i].ID
		fresh = append(fresh, j)
	}
	return fresh, nil
}

// readLarge finds out what a mail holds that went straight to the disk.
func (p *pass) readLarge(ctx context.Context, j *job, blob localstore.Blob) error {
	r, err := p.link.store.OpenBlob(ctx, blob.ID)
	if err != nil {
		return err
	}
	defer r.Close()
	return p.read(j, r, blob.Size)
}

// read finds out what a mail holds.
func (p *pass) read(j *job, r io.ReaderAt, size int64) (err error) {
	j.content, err = intake.FromBlob(p.account.ID, r, size)
	return err
}

// add stores one mail and its ledger row, which is as born says unless the mail
// is in doubt.
func (p *pass) add(tx *localstore.Tx, j *job, born localstore.PopLocation) (stored, error) {
	message, err := p.addMessage(tx, j)
	if err != nil {
		return stored{}, err
	}
	if _, err := tx.EvidenceOf(p.account.ID, evidence(j.content)); err != nil {
		return stored{}, err
	}
	row := born
	if j.doubt {
		row.State, row.Why, row.Until = localstore.PopSkipped, shortWhy, time.Time{}
	}
	if e := j.entry; e != nil {
		ids := []localstore.LocationID{e.ID}
		if e.Message != 0 {
			return stored{e, row.State}, tx.SetPopState(ids, row.State, row.Why)
		}
		if err := tx.SetPopState(ids, localstore.PopGone, "It was fetched later."); err != nil {
			return stored{}, err
		}
	}
	row.UIDL, row.HeaderHash, row.Message, row.Size = j.uidl, j.content.HeaderHash, message, j.size
	if row.Size < 0 {
		row.Size = j.in.size
	}
	row.ID, err = tx.AddPopLocation(row)
	return stored{&entry{PopLocation: row}, row.State}, err
}

// addMessage puts a new mail into the inbox, or completes one of which only
// the header was here.
func (p *pass) addMessage(tx *localstore.Tx, j *job) (localstore.MessageID, error) {
	if j.fills != 0 {
		m, err := tx.Message(j.fills)
		if err != nil {
			return 0, err
		}
		j.again = m.Body == localstore.BodyWhole
		return m.ID, tx.SetWhole(m.Content, j.content)
	}
	content, err := tx.AddContent(j.content)
	if err != nil {
		return 0, err
	}
	return tx.AddMessage(localstore.NewMessage{Folder: p.inbox, Content: content, Arrived: j.arrived, Before: true})
}

// evidence returns the Message-IDs that a mail shows to have been delivered.
func evidence(c localstore.NewContent) []string {
	ids := append([]string(nil), c.References...)
	if c.HeaderID != "" {
		ids = append(ids, c.HeaderID)
	}
	return ids
}

// took takes over what was committed.
func (p *pass) took(jobs []*job, added []stored) {
	again := 0
	for i, j := range jobs {
		e := added[i].entry
		if e != j.entry {
			if j.entry != nil {
				j.entry.State, j.entry.listed = localstore.PopGone, nil
			}
			p.ledger.add(e)
		}
		e.State, e.listed, e.proven = added[i].state, j.listed, true
		j.in = nil
		if j.again {
			p.again++
			again++
		}
		if e.Why = ""; j.doubt {
			e.Why = shortWhy
			p.link.tell("A message came shorter than the server announced. It stays there and is fetched again.")
		}
		if j.arrived.After(p.newest) {
			p.newest = j.arrived
		}
	}
	p.stored += len(jobs)
	p.progress = true
	p.link.count(func(r *link.Report) { r.Received += len(jobs) - again })
	p.link.options.Progress(p.stored, p.total, p.bytes)
}
