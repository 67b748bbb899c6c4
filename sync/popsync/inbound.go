package popsync

import (
	"bytes"
	"context"
	"fmt"

	"paquebot.app/localstore"
)

const (
	inMemory  = 512 << 10 // bytes of a mail that may wait in memory
	minLimit  = 32 << 20  // bytes a mail may have whatever its size is said to be,
	mostLimit = 1 << 30   // and after several tries
)

// inbound takes the body of one RETR. It holds up to 512 KiB in memory; a larger
// mail goes to the disk as it arrives.
type inbound struct {
	ctx    context.Context
	store  *localstore.Store
	listed int64 // what LIST says; -1: nothing
	limit  int64
	piece  func() // called at every piece

	begun bool
	size  int64
	lines int64
	head  bytes.Buffer           // the first bytes: all of a small mail
	blob  *localstore.BlobWriter // of a large one
}

// newInbound returns the receiver of a mail. Its listed size is a hint: a mail
// may be twice as large, and any mail 32 MiB, at every later try four times as
// much: an answer without end looks like a size that is not true.
func newInbound(ctx context.Context, store *localstore.Store, piece func(), listed int64, tries int) *inbound {
	room := min(int64(minLimit)<<(2*min(tries, 8)), mostLimit)
	return &inbound{ctx: ctx, store: store, piece: piece, listed: listed, limit: 2*max(listed, 0) + room}
}

// Write implements io.Writer.
func (m *inbound) Write(p []byte) (int, error) {
	if !m.begun {
		m.begun = true
		m.head.Grow(int(min(max(m.listed, 0)+slack, inMemory)))
	}
	m.piece()
	m.lines += int64(bytes.Count(p, []byte("\n")))
	if m.size += int64(len(p)); m.size > m.limit {
		return 0, errEndless
	}
	if m.blob == nil {
		if m.head.Len()+len(p) <= inMemory {
			return m.head.Write(p)
		}
		m.blob = m.store.NewBlob(m.ctx)
		if _, err := m.blob.Write(m.head.Bytes()); err != nil {
			return 0, diskError{err}
		}
	}
	n, err := m.blob.Write(p)
	if err != nil {
		return n, diskError{err}
	}
	return n, nil
}

// held returns how many bytes of memory it takes.
func (m *inbound) held() int64 { return int64(m.head.Cap()) }

// full implements measured.
func (m *inbound) full() bool { return m.size == m.listed }

// writer returns the blob of the mail, to be completed.
func (m *inbound) writer(ctx context.Context) (*localstore.BlobWriter, error) {
	if m.blob != nil {
		return m.blob, nil
	}
	return m.store.BlobOf(ctx, m.head.Bytes())
}

// diskError is a failure of ours while a mail arrives: no fault of the mail or
// of its server.
type diskError struct{ err error }

func (d diskError) Error() string { return fmt.Sprintf("storing: %v", d.err) }
func (d diskError) Unwrap() error { return d.err }
