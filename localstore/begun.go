package localstore

import (
	"context"
	"sync"
	"time"
)

// Begun is a body or part of which only the beginning is here.
type Begun struct {
	Content ContentID
	Section string // "" the whole mail, else an IMAP section
	Blob    BlobID // incomplete: Flush returned it
	At      BegunAt
}

// BegunAt is what a download was begun for. One that goes on for anything else
// would join two mails.
type BegunAt struct {
	RemoteFolder     RemoteFolderID
	UIDValidity, UID uint32
	Size             int64 // what the server says of it
}

var (
	begunOf     = onMail(`SELECT blob_id, remote_folder_id, uidvalidity, uid, size FROM begun WHERE content_id = ? AND section = ?`)
	allBegun    = onMail(`SELECT DISTINCT content_id FROM begun`)
	putBegun    = onMail(`INSERT OR REPLACE INTO begun (content_id, section, blob_id, remote_folder_id, uidvalidity, uid, size, at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)`)
	dropBegun   = onMail(`DELETE FROM begun WHERE content_id = ? AND section = ?`)
	dropAnyOf   = onMail(`DELETE FROM begun WHERE content_id = ?`)
	dropArrived = onMail(`DELETE FROM begun WHERE content_id = ?1 AND section IN (SELECT section FROM parts WHERE content_id = ?1 AND blob_id > 0)`)
	dropOld     = onMail(`DELETE FROM begun WHERE at < ?`)
)

// Begun returns what is here of a section that has not come to its end.
func (v *View) Begun(id ContentID, section string) (b Begun, ok bool, err error) {
	b.Content, b.Section = id, section
	ok, err = v.one(begunOf, []any{&b.Blob, &b.At.RemoteFolder, &b.At.UIDValidity, &b.At.UID, &b.At.Size}, id, section)
	return b, ok, err
}

// BegunContents returns the contents of which anything has begun to come.
func (v *View) BegunContents() (map[ContentID]bool, error) {
	ids, err := collect(v.session, allBegun, scanID[ContentID])
	begun := make(map[ContentID]bool, len(ids))
	for _, id := range ids {
		begun[id] = true
	}
	return begun, err
}

// SetBegun names the incomplete blob that a section is being fetched into. Its
// end is recorded by SetWhole, SetText or SetPart.
func (tx *Tx) SetBegun(b Begun) error {
	return tx.do(putBegun, b.Content, b.Section, b.Blob, b.At.RemoteFolder, b.At.UIDValidity, b.At.UID, b.At.Size, tx.s.clock.Now().Unix())
}

// ForgetBegun gives up what is here of a section.
func (tx *Tx) ForgetBegun(id ContentID, section string) error { return tx.do(dropBegun, id, section) }

// begunFor is how long the beginning of a body waits for its end.
const begunFor = 30 * 24 * time.Hour

// ExpireBegun gives up what began to come more than 30 days ago.
func (tx *Tx) ExpireBegun(now time.Time) error { return tx.do(dropOld, now.Add(-begunFor).Unix()) }

// bodyTurns keep two connections from adding to the same beginning.
type bodyTurns struct {
	mu   sync.Mutex
	busy map[ContentID]chan struct{} // closed when the turn ends
}

// HoldBody waits until nobody else in this process adds to what has begun of a
// content, and keeps others from it until release. It fails only when ctx ends.
func (s *Store) HoldBody(ctx context.Context, id ContentID) (release func(), err error) {
	t := &s.bodyTurns
	for {
		t.mu.Lock()
		other, taken := t.busy[id]
		if !taken {
			if t.busy == nil {
				t.busy = map[ContentID]chan struct{}{}
			}
			mine := make(chan struct{})
			t.busy[id] = mine
			t.mu.Unlock()
			return func() {
				t.mu.Lock()
				delete(t.busy, id)
				t.mu.Unlock()
				close(mine)
			}, nil
		}
		t.mu.Unlock()
		select {
		case <-other:
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
}
