package localstore

import (
	"context"
	"fmt"

	"paquebot.app/internal/fault"
)

// Blob is a complete stored body, part or letter.
type Blob struct {
	ID     BlobID
	Size   int64
	SHA256 [32]byte
}

// chunkSize is how many bytes a row of bodies.db holds at most, and how many
// of a new blob stay in memory.
const chunkSize = 256 << 10

// plain is the codec of a chunk that is stored as it is.
const plain = 0

var (
	insertBlob = onBodies(`INSERT INTO blobs (made_at) VALUES (?)`)
	putChunk   = onBodies(`INSERT INTO chunks (blob_id, n, codec, data) VALUES (?, ?, ?, ?)
		ON CONFLICT (blob_id, n) DO UPDATE SET codec = excluded.codec, data = excluded.data`)
	setBlobSize  = onBodies(`UPDATE blobs SET size = ? WHERE id = ? AND complete = 0`)
	completeBlob = onBodies(`UPDATE blobs SET size = ?, sha256 = ?, complete = 1 WHERE id = ? AND complete = 0`)
	insertWhole  = onBodies(`INSERT INTO blobs (size, sha256, complete, made_at) VALUES (?, ?, 1, ?)`)
	blobByID     = onBodies(`SELECT size, coalesce(sha256, x''), complete FROM blobs WHERE id = ?`)
	chunkOf      = onBodies(`SELECT codec, data FROM chunks WHERE blob_id = ? AND n = ?`)
	blobsUsed    = onBodies(`SELECT coalesce(max(seq), 0) FROM sqlite_sequence WHERE name = 'blobs'`)
	raiseBlobs   = onBodies(`UPDATE sqlite_sequence SET seq = ? WHERE name = 'blobs'`)
	beginBlobs   = onBodies(`INSERT INTO sqlite_sequence (name, seq) VALUES ('blobs', ?)`)
)

// maxBlob is the greatest blob id that a row of mail.db names.
var maxBlob = onMail(`SELECT max(
	coalesce((SELECT max(blob_id) FROM contents WHERE blob_id > 0), 0),
	coalesce((SELECT max(blob_id) FROM parts WHERE blob_id > 0), 0),
	coalesce((SELECT max(blob_id) FROM begun), 0),
	coalesce((SELECT max(blob_id) FROM draft_files), 0))`)

// reserveBlobs makes sure that no new blob gets an id that a row of mail.db
// names already, as would happen when bodies.db is an older copy.
func (s *Store) reserveBlobs(ctx context.Context) error {
	var named, used int64
	err := s.Read(ctx, func(v *View) (err error) {
		named, err = v.number(maxBlob)
		return err
	})
	if err != nil {
		return err
	}
	err = s.readBodies(ctx, func(in *session) (err error) {
		used, err = in.number(blobsUsed)
		return err
	})
	if err != nil || named <= used {
		return err
	}
	return s.writeBodies(ctx, "reserve blobs", func(in *session) error {
		n, err := in.touch(raiseBlobs, named)
		if err == nil && n == 0 {
			err = in.do(beginBlobs, named)
		}
		return err
	})
}

// stored is a row of blobs.
type stored struct {
	size     int64
	sha256   [32]byte
	complete bool
}

func (in *session) blob(id BlobID) (b stored, found bool, err error) {
	var sum []byte
	found, err = in.one(blobByID, []any{&b.size, &sum, &b.complete}, id)
	b.sha256 = hashOf(sum)
	return b, found, err
}

// errNoBlob is the error of a blob that ought to be there.
func errNoBlob(id BlobID) error {
	return &fault.Error{Remedy: fault.User, Scope: fault.Message, Cause: fault.Disk, Op: "read a body",
		Text: fmt.Sprintf("The stored body %d is missing or damaged.", id)}
}

// lateBlobs is how many blobs are remembered as complete, so that the rows of
// a batch need not look each one up.
const lateBlobs = 4096

// markComplete remembers blobs whose commit has returned.
func (s *Store) markComplete(blobs []Blob) {
	s.completeMu.Lock()
	defer s.completeMu.Unlock()
	if s.complete == nil || len(s.complete) > lateBlobs {
		s.complete = map[BlobID]bool{}
	}
	for _, b := range blobs {
		s.complete[b.ID] = true
	}
}

// needComplete fails unless a blob is complete on disk: no row may name
// another.
func (s *Store) needComplete(ctx context.Context, id BlobID) error {
	s.completeMu.Lock()
	known := s.complete[id]
	s.completeMu.Unlock()
	if known {
		return nil
	}
	return s.readBodies(ctx, func(in *session) error {
		b, found, err := in.blob(id)
		if err == nil && (!found || !b.complete) {
			err = &fault.Error{Remedy: fault.Bug, Scope: fault.Message, Op: "name a body",
				Text: fmt.Sprintf("The body %d is not complete.", id)}
		}
		return err
	})
}
