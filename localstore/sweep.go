package localstore

import (
	"context"
	"time"
)

// sweepAge is how old a blob has to be before it may be waste: its row may
// still come.
const sweepAge = 24 * time.Hour

// sweepTurn is how many blobs are looked at in one turn.
const sweepTurn = 200

var (
	oldBlobs     = onBodies(`SELECT id FROM blobs WHERE id > ? AND made_at < ? ORDER BY id LIMIT ?`)
	deleteBlob   = onBodies(`DELETE FROM blobs WHERE id = ? AND made_at < ?`)
	unnamedBlobs = onMail(`SELECT w.value FROM json_each(?) w WHERE
		NOT EXISTS (SELECT 1 FROM contents WHERE blob_id = w.value AND blob_id > 0)
		AND NOT EXISTS (SELECT 1 FROM parts WHERE blob_id = w.value AND blob_id > 0)
		AND NOT EXISTS (SELECT 1 FROM begun WHERE blob_id = w.value)
		AND NOT EXISTS (SELECT 1 FROM draft_files WHERE blob_id = w.value)`)
)

// SweepBlobs removes blobs that no row names, are over 24 hours old and are
// still unnamed at a second look in the same transaction. Only the holder of
// Lock calls it, when idle.
func (s *Store) SweepBlobs(ctx context.Context) (removed int, err error) {
	before := s.clock.Now().Add(-sweepAge).Unix()
	for last := BlobID(0); ; {
		var ids []BlobID
		err := s.readBodies(ctx, func(in *session) (err error) {
			ids, err = collect(in, oldBlobs, scanID[BlobID], last, before, sweepTurn)
			return err
		})
		if err != nil || len(ids) == 0 {
			return removed, err
		}
		last = ids[len(ids)-1]
		var waste []BlobID
		err = s.Read(ctx, func(v *View) (err error) {
			waste, err = collect(v.session, unnamedBlobs, scanID[BlobID], jsonList(ids))
			return err
		})
		if err != nil {
			return removed, err
		}
		if len(waste) == 0 {
			continue
		}
		n, err := s.sweep(ctx, waste, before)
		removed += n
		if err != nil {
			return removed, err
		}
	}
}

// sweep removes those of the blobs that are unnamed still. While it looks it
// holds the writer of mail.db, so that no row can come to name one between the
// look and the removal.
func (s *Store) sweep(ctx context.Context, waste []BlobID, before int64) (removed int, err error) {
	err = s.Write(ctx, "sweep bodies", func(tx *Tx) error {
		still, err := collect(tx.session, unnamedBlobs, scanID[BlobID], jsonList(waste))
		if err != nil {
			return err
		}
		s.forgetComplete(still)
		return s.writeBodies(ctx, "sweep bodies", func(in *session) error {
			for _, id := range still {
				n, err := in.touch(deleteBlob, id, before)
				if err != nil {
					return err
				}
				removed += n
			}
			return nil
		})
	})
	return removed, err
}

// forgetComplete takes blobs out of those remembered as complete.
func (s *Store) forgetComplete(ids []BlobID) {
	s.completeMu.Lock()
	defer s.completeMu.Unlock()
	for _, id := range ids {
		delete(s.complete, id)
	}
}
