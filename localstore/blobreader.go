package localstore

import (
	"context"
	"database/sql"
	"io"
	"sync"
)

// BlobReader reads a complete blob. It is safe for concurrent use and holds
// at most one chunk in memory.
type BlobReader struct {
	s    *Store
	ctx  context.Context
	id   BlobID
	size int64

	mu    sync.Mutex
	n     int64 // which chunk is held; -1: none
	chunk []byte
}

// OpenBlob opens a complete blob; the error of one that is missing or
// incomplete has cause Disk. Close it. ctx ends its reads.
func (s *Store) OpenBlob(ctx context.Context, id BlobID) (*BlobReader, error) {
	r := &BlobReader{s: s, ctx: ctx, id: id, n: -1}
	err := s.readBodies(ctx, func(in *session) error {
		b, found, err := in.blob(id)
		if err == nil && (!found || !b.complete) {
			return errNoBlob(id)
		}
		r.size = b.size
		return err
	})
	if err != nil {
		return nil, err
	}
	return r, nil
}

// chunk reads one chunk of a blob into the memory of buf, if that is enough.
func (s *Store) chunk(ctx context.Context, id BlobID, n int64, buf []byte) (data []byte, err error) {
	err = s.readBodies(ctx, func(in *session) error {
		codec, found := -1, false
		_, err := collect(in, chunkOf, func(r scanner) (none struct{}, err error) {
			var raw sql.RawBytes
			if err = r.Scan(&codec, &raw); err == nil {
				data, found = append(buf[:0], raw...), true
			}
			return none, err
		}, id, n)
		if err == nil && (!found || codec != plain) {
			return errNoBlob(id)
		}
		return err
	})
	return data, err
}

// ReadAt implements io.ReaderAt.
func (r *BlobReader) ReadAt(p []byte, off int64) (n int, err error) {
	if off < 0 {
		return 0, errNoBlob(r.id)
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	for n < len(p) && off < r.size {
		if err := r.load(off / chunkSize); err != nil {
			return n, err
		}
		k := copy(p[n:], r.chunk[off%chunkSize:])
		n += k
		off += int64(k)
	}
	if n < len(p) {
		return n, io.EOF
	}
	return n, nil
}

// load makes sure that chunk n is held, at its right length.
func (r *BlobReader) load(n int64) error {
	if r.n == n {
		return nil
	}
	chunk, err := r.s.chunk(r.ctx, r.id, n, r.chunk)
	r.n, r.chunk = -1, nil // what was held is written over
	if err != nil {
		return err
	}
	if int64(len(chunk)) != min(chunkSize, r.size-n*chunkSize) {
		return errNoBlob(r.id)
	}
	r.n, r.chunk = n, chunk
	return nil
}

// Size returns the blob's length in bytes.
func (r *BlobReader) Size() int64 { return r.size }

// Reader returns a reader of the whole blob from its start.
func (r *BlobReader) Reader() io.Reader { return io.NewSectionReader(r, 0, r.Size()) }

// Close releases the reader.
func (r *BlobReader) Close() error {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.n, r.chunk = -1, nil
	return nil
}
