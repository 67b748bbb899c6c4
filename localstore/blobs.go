package localstore

import (
	"context"
	"io"
)

// Blob is a complete stored body, part or letter.
type Blob struct {
	ID     BlobID
	Size   int64
	SHA256 [32]byte
}

// BlobWriter takes the bytes of a new blob. Up to 256 KiB stay in memory until
// CompleteBlobs; more is committed to disk as it arrives, in chunks, so that
// memory stays flat and an interrupted download resumes at Offset. It is not
// safe for concurrent use. One that is never completed is swept after a day.
type BlobWriter struct{}

// NewBlob returns a writer of a new blob. It touches the disk only when more
// than one chunk arrives, or at CompleteBlobs.
func (s *Store) NewBlob(ctx context.Context) *BlobWriter { panic("not built") }

// ResumeBlob returns a writer that goes on at the end of an incomplete blob.
func (s *Store) ResumeBlob(ctx context.Context, id BlobID) (*BlobWriter, error) { panic("not built") }

// Write appends p.
func (w *BlobWriter) Write(p []byte) (int, error) { panic("not built") }

// Flush commits what was written so far as an incomplete blob and returns its
// id, which a row of wanted may name.
func (w *BlobWriter) Flush(ctx context.Context) (BlobID, error) { panic("not built") }

// Offset returns how many bytes the blob has.
func (w *BlobWriter) Offset() int64 { panic("not built") }

// CompleteBlobs makes the blobs complete and durable in one commit and returns
// them in order. Only then may a row name them.
func (s *Store) CompleteBlobs(ctx context.Context, ws ...*BlobWriter) ([]Blob, error) {
	panic("not built")
}

// BlobReader reads a complete blob. It is safe for concurrent use and holds
// at most a few chunks in memory.
type BlobReader struct{}

// OpenBlob opens a complete blob; the error of one that is missing or
// incomplete has cause Disk. Close it.
func (s *Store) OpenBlob(ctx context.Context, id BlobID) (*BlobReader, error) { panic("not built") }

// ReadAt implements io.ReaderAt.
func (r *BlobReader) ReadAt(p []byte, off int64) (int, error) { panic("not built") }

// Size returns the blob's length in bytes.
func (r *BlobReader) Size() int64 { panic("not built") }

// Reader returns a reader of the whole blob from its start.
func (r *BlobReader) Reader() io.Reader { return io.NewSectionReader(r, 0, r.Size()) }

// Close releases the reader.
func (r *BlobReader) Close() error { panic("not built") }

// SweepBlobs removes blobs that no row names, are over 24 hours old and are
// still unnamed at a second look in the same transaction. Only the holder of
// Lock calls it, when idle.
func (s *Store) SweepBlobs(ctx context.Context) (removed int, err error) { panic("not built") }
