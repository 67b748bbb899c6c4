package popsync

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"io"

	"paquebot.app/localstore"
)

// mayBeKnown tells whether a large mail is compared with the rows of the ledger
// before anything else is stored.
func (j *job) mayBeKnown() bool { return j.compare || j.perhaps || j.entry != nil }

// isKnown binds a fetched mail to the row it turned out to belong to: by the
// hash of its header, else by the rest of it.
func (p *pass) isKnown(j *job) (bool, error) {
	if p.supplanted(j) {
		j.entry.listed, j.entry, j.fills = nil, nil, 0
	}
	var e *entry
	if j.compare || j.perhaps || p.adrift {
		e = p.ledger.recognise(j.listed, j.content.HeaderHash, trace(j.in.head.Bytes()) != "", true)
	}
	if e == nil {
		var err error
		if e, err = p.displaced(j); err != nil {
			return false, err
		}
	}
	if e == nil && !j.compare && !j.perhaps && !p.adrift {
		return false, nil
	}
	if e != nil && !e.named(j.listed) {
		same, err := p.sameBody(j, e)
		if err != nil {
			return false, err
		}
		if !same {
			return false, nil
		}
	}
	if e == nil && j.compare {
		var err error
		if e, err = p.rewritten(j); err != nil {
			return false, err
		}
	}
	switch {
	case e == nil:
	case e.stub() && !e.unwanted():
		j.entry, j.fills = e, e.Message
		if e.Why == shortWhy {
			return false, p.found(e, j.listed)
		}
		return false, nil
	default:
		p.progress = true
		return true, p.found(e, j.listed)
	}
	if !p.prior {
		return false, nil
	}
	return p.bindContent(j, j.content)
}

// displaced returns the row of a mail that has come from another number than the
// one where its UIDL is listed: other mail lies there under that UIDL, which is
// fetched and compared then.
func (p *pass) displaced(j *job) (*entry, error) {
	for _, e := range p.ledger.elsewhere(j.listed, j.content.HeaderHash) {
		same, err := p.sameBody(j, e)
		if err != nil {
			return nil, err
		}
		if same {
			p.jobs = append(p.jobs, &job{listed: e.listed, compare: true})
			e.listed, p.adrift = nil, true
			return e, nil
		}
	}
	return nil, nil
}

// sameBody compares a mail that has come with the one of a row, as far as that
// is here still.
func (p *pass) sameBody(j *job, e *entry) (bool, error) {
	if e.Message == 0 || e.stub() {
		return true, nil
	}
	var m localstore.Message
	err := p.link.store.Read(p.ctx, func(v *localstore.View) (err error) {
		m, err = v.Message(e.Message)
		return err
	})
	if err != nil || m.Body != localstore.BodyWhole {
		return err == nil, err
	}
	sum, err := p.bodySum(j)
	if err != nil {
		return false, err
	}
	_, stored, err := p.storedSum(m.Blob)
	return sum == stored, err
}

// storedSum returns the trace of a stored mail and the hash of its body.
func (p *pass) storedSum(blob localstore.BlobID) (came string, sum [32]byte, err error) {
	b, err := p.link.store.OpenBlob(p.ctx, blob)
	if err != nil {
		return "", sum, err
	}
	defer b.Close()
	head := make([]byte, min(b.Size(), inMemory))
	if _, err := b.ReadAt(head, 0); err != nil && err != io.EOF {
		return "", sum, err
	}
	sum, err = bodySum(b.Reader())
	return trace(head), sum, err
}

// rewritten finds the row of a mail whose header the server has changed since
// it was fetched, as servers do that add "Status: RO": the fields that identify
// it are the same, and so is every byte of the body; under another UIDL so is the
// way it came.
func (p *pass) rewritten(j *job) (*entry, error) {
	var candidates []candidate
	err := p.link.store.Read(p.ctx, func(v *localstore.View) error {
		contents, err := v.ContentsByFields(p.account.ID, j.content.FieldsHash)
		if err != nil {
			return err
		}
		for _, c := range contents {
			messages, err := v.MessagesOf(c.Content)
			if err != nil {
				return err
			}
			for _, m := range messages {
				if e := p.ledger.byMail[m.ID]; e != nil && e.rewritable(j) && m.Body == localstore.BodyWhole {
					candidates = append(candidates, candidate{e, m.Blob})
				}
			}
		}
		return nil
	})
	if err != nil || len(candidates) == 0 {
		return nil, err
	}
	body, err := p.bodySum(j)
	if err != nil {
		return nil, err
	}
	for _, c := range candidates {
		way, sum, err := p.storedSum(c.blob)
		if err != nil {
			return nil, err
		}
		if sum == body && (c.UIDL == j.uidl && j.uidl != "" || way == trace(j.in.head.Bytes())) {
			return c.entry, nil
		}
	}
	return nil, nil
}

// rewritable tells whether a row may be of a mail with another header, or with
// the same one at another size; else recognise has decided.
func (e *entry) rewritable(j *job) bool {
	return e.listed == nil && (!e.stub() || e.Why == shortWhy) &&
		(e.HeaderHash != j.content.HeaderHash || !e.named(j.listed) && !sameSize(e.Size, j.size))
}

// candidate is a row that may be of a mail, and what is stored of its mail.
type candidate struct {
	*entry
	blob localstore.BlobID
}

// bodySum returns the hash of the body of a mail that has just come.
func (p *pass) bodySum(j *job) ([32]byte, error) {
	if j.in.blob == nil {
		return bodySum(bytes.NewReader(j.in.head.Bytes()))
	}
	b, err := p.link.store.OpenBlob(p.ctx, j.content.Blob)
	if err != nil {
		return [32]byte{}, err
	}
	defer b.Close()
	return bodySum(b.Reader())
}

// bodySum returns the hash of what follows the blank line behind the header.
func bodySum(r io.Reader) (sum [32]byte, err error) {
	b := bufio.NewReader(r)
	for start := true; ; {
		line, err := b.ReadSlice('\n')
		whole := err == nil
		if err == io.EOF {
			break
		}
		if err != nil && err != bufio.ErrBufferFull {
			return sum, err
		}
		if start && whole && len(bytes.TrimRight(line, "\r\n")) == 0 {
			break
		}
		start = whole
	}
	h := sha256.New()
	if _, err := io.Copy(h, b); err != nil {
		return sum, err
	}
	copy(sum[:], h.Sum(nil))
	return sum, nil
}
