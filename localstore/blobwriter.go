package localstore

import (
	"context"
	"crypto/sha256"
	"hash"
	"io"
	"slices"
)

// BlobWriter takes the bytes of a new blob. Up to 256 KiB stay in memory until
// CompleteBlobs; more is committed to disk as it arrives, in chunks, so that
// memory stays flat and an interrupted download resumes at Offset. It is not
// safe for concurrent use. One that is never completed is swept after a day.
type BlobWriter struct {
	s      *Store
	ctx    context.Context
	id     BlobID // 0: nothing on disk yet
	stored int64  // bytes in full chunks on disk
	tail   []byte // what follows them, less than a chunk
	onDisk int    // bytes of tail that are on disk too, in a chunk of their own
	sum    hash.Hash
	done   bool
	// unsynced tells that chunks were written since the last durable commit.
	unsynced bool
}

// NewBlob returns a writer of a new blob. It touches the disk only when more
// than one chunk arrives, or at CompleteBlobs. ctx ends Write.
func (s *Store) NewBlob(ctx context.Context) *BlobWriter {
	return &BlobWriter{s: s, ctx: ctx, sum: sha256.New()}
}

// BlobOf returns a writer of a new blob that begins with raw, which it may keep
// instead of a copy: nobody may change raw before CompleteBlobs.
func (s *Store) BlobOf(ctx context.Context, raw []byte) (*BlobWriter, error) {
	w := s.NewBlob(ctx)
	if len(raw) <= chunkSize {
		w.tail = raw[:len(raw):len(raw)]
		w.sum.Write(raw)
		return w, nil
	}
	_, err := w.Write(raw)
	return w, err
}

// ResumeBlob returns a writer that goes on at the end of an incomplete blob.
func (s *Store) ResumeBlob(ctx context.Context, id BlobID) (*BlobWriter, error) {
	w := s.NewBlob(ctx)
	w.id = id
	var size int64
	err := s.readBodies(ctx, func(in *session) error {
		b, found, err := in.blob(id)
		if err == nil && (!found || b.complete) {
			return errNoBlob(id)
		}
		size = b.size
		return err
	})
	for err == nil && w.Offset() < size {
		var chunk []byte
		chunk, err = s.chunk(ctx, id, w.stored/chunkSize, nil)
		if err == nil {
			err = w.resume(chunk)
		}
	}
	if err == nil && w.Offset() != size {
		err = errNoBlob(id)
	}
	if err != nil {
		return nil, err
	}
	return w, nil
}

// resume takes a chunk that is on disk.
func (w *BlobWriter) resume(chunk []byte) error {
	if len(chunk) == 0 || len(w.tail) > 0 {
		return errNoBlob(w.id) // only the last chunk is a short one
	}
	w.sum.Write(chunk)
	if len(chunk) == chunkSize {
		w.stored += chunkSize
		return nil
	}
	w.tail, w.onDisk = chunk, len(chunk)
	return nil
}

// Offset returns how many bytes the blob has.
func (w *BlobWriter) Offset() int64 { return w.stored + int64(len(w.tail)) }

// Grow makes room in memory for n more bytes, as far as a blob is in memory.
func (w *BlobWriter) Grow(n int64) {
	w.tail = slices.Grow(w.tail, int(min(max(n, 0), int64(chunkSize-len(w.tail)))))
}

// Held returns the bytes of the blob while all of them are in memory, nil when
// some are on the disk. They are valid until the next call of a method.
func (w *BlobWriter) Held() []byte {
	if w.id != 0 || w.stored > 0 || w.done {
		return nil
	}
	return w.tail
}

// Write appends p.
func (w *BlobWriter) Write(p []byte) (n int, err error) {
	if w.done {
		return 0, io.ErrClosedPipe
	}
	for len(p) > 0 {
		// A full chunk goes to disk only when more arrives: one that is all
		// the blob has is written by CompleteBlobs, with others.
		if len(w.tail) == chunkSize {
			if err := w.store(w.ctx, w.s.writeChunk); err != nil {
				return n, err
			}
			w.stored += chunkSize
			w.tail, w.onDisk, w.unsynced = w.tail[:0], 0, true
		}
		k := min(len(p), chunkSize-len(w.tail))
		w.tail = append(w.tail, p[:k]...)
		w.sum.Write(p[:k])
		p = p[k:]
		n += k
	}
	return n, nil
}

// store commits what is not yet on disk, making the blob where there is none.
func (w *BlobWriter) store(ctx context.Context, write func(context.Context, string, func(*session) error) error) error {
	id := w.id
	err := write(ctx, "body chunk", func(in *session) error {
		if id == 0 {
			n, err := in.add(insertBlob, w.s.clock.Now().Unix())
			if err != nil {
				return err
			}
			id = BlobID(n)
		}
		if len(w.tail) > w.onDisk {
			if err := in.do(putChunk, id, w.stored/chunkSize, plain, w.tail); err != nil {
				return err
			}
		}
		n, err := in.touch(setBlobSize, w.Offset(), id)
		if err == nil && n == 0 {
			err = errNoBlob(id) // swept
		}
		return err
	})
	if err == nil {
		w.id, w.onDisk = id, len(w.tail)
	}
	return err
}

// Flush commits what was written so far as an incomplete blob and returns its
// id, which SetBegun may name.
func (w *BlobWriter) Flush(ctx context.Context) (BlobID, error) {
	if w.id == 0 || w.onDisk < len(w.tail) || w.unsynced {
		if err := w.store(ctx, w.s.writeBodies); err != nil {
			return 0, err
		}
		w.unsynced = false
	}
	return w.id, nil
}

// finish makes the blob complete inside a transaction.
func (w *BlobWriter) finish(in *session) (Blob, error) {
	b := Blob{ID: w.id, Size: w.Offset(), SHA256: hashOf(w.sum.Sum(nil))}
	if w.id == 0 {
		n, err := in.add(insertWhole, b.Size, b.SHA256[:], w.s.clock.Now().Unix())
		if err != nil {
			return b, err
		}
		b.ID = BlobID(n)
		if len(w.tail) > 0 {
			err = in.do(putChunk, b.ID, 0, plain, w.tail)
		}
		return b, err
	}
	if len(w.tail) > w.onDisk {
		if err := in.do(putChunk, w.id, w.stored/chunkSize, plain, w.tail); err != nil {
			return b, err
		}
	}
	n, err := in.touch(completeBlob, b.Size, b.SHA256[:], w.id)
	if err == nil && n == 0 {
		err = errNoBlob(w.id)
	}
	return b, err
}

// CompleteBlobs makes the blobs complete and durable in one commit and returns
// them in order. Only then may a row name them. After an error none is
// complete, and it can be called again.
func (s *Store) CompleteBlobs(ctx context.Context, ws ...*BlobWriter) ([]Blob, error) {
	if len(ws) == 0 {
		return nil, nil
	}
	blobs := make([]Blob, 0, len(ws))
	err := s.writeBodies(ctx, "complete bodies", func(in *session) error {
		for _, w := range ws {
			if w.done {
				return io.ErrClosedPipe
			}
			b, err := w.finish(in)
			if err != nil {
				return err
			}
			blobs = append(blobs, b)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	for i, w := range ws {
		w.id, w.done, w.tail = blobs[i].ID, true, nil
		w.stored = blobs[i].Size
	}
	s.markComplete(blobs)
	return blobs, nil
}

// Latest tells whether an incomplete blob on disk is what this writer has
// flushed: nobody else has added to it since.
func (w *BlobWriter) Latest(ctx context.Context) bool {
	var b stored
	found := false
	err := w.s.readBodies(ctx, func(in *session) (err error) {
		b, found, err = in.blob(w.id)
		return err
	})
	return err == nil && found && !b.complete && b.size == w.Offset()
}
