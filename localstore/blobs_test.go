package localstore

import (
	"bytes"
	"context"
	"crypto/sha256"
	"fmt"
	"io"
	"math/rand/v2"
	"testing"
	"time"

	"paquebot.app/internal/fault"
)

// noise returns n bytes that repeat nowhere.
func noise(n int) []byte {
	r := rand.New(rand.NewPCG(1, uint64(n)))
	data := make([]byte, n)
	for i := range data {
		data[i] = byte(r.Uint32())
	}
	return data
}

func TestBlobsOfEverySize(t *testing.T) {
	s := newStore(t)
	ctx := context.Background()
	for _, size := range []int{0, 1, 1000, chunkSize - 1, chunkSize, chunkSize + 1, 2 * chunkSize, 3*chunkSize + 7} {
		for _, step := range []int{777, chunkSize, 1 << 30} {
			data := noise(size)
			w := s.NewBlob(ctx)
			for rest := data; len(rest) > 0; {
				n := min(step, len(rest))
				if k, err := w.Write(rest[:n]); err != nil || k != n {
					t.Fatal(k, err)
				}
				rest = rest[n:]
			}
			if w.Offset() != int64(size) {
				t.Fatalf("Offset is %d, want %d", w.Offset(), size)
			}
			blobs, err := s.CompleteBlobs(ctx, w)
			if err != nil {
				t.Fatal(err)
			}
			b := blobs[0]
			if b.Size != int64(size) || b.SHA256 != sha256.Sum256(data) {
				t.Fatalf("size %d: %+v", size, b)
			}
			wantBlob(t, s, b.ID, data)
		}
	}
}

func wantBlob(t testing.TB, s *Store, id BlobID, data []byte) {
	t.Helper()
	r, err := s.OpenBlob(context.Background(), id)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	got, err := io.ReadAll(r.Reader())
	if err != nil || !bytes.Equal(got, data) {
		t.Fatalf("read %d bytes, %v; want %d", len(got), err, len(data))
	}
}

func TestBlobReadAt(t *testing.T) {
	s := newStore(t)
	data := noise(3*chunkSize + 99)
	w := s.NewBlob(context.Background())
	w.Write(data)
	blobs, err := s.CompleteBlobs(context.Background(), w)
	if err != nil {
		t.Fatal(err)
	}
	r, err := s.OpenBlob(context.Background(), blobs[0].ID)
	if err != nil {
		t.Fatal(err)
	}
	for _, at := range []struct{ off, n int }{{0, 10}, {chunkSize - 5, 10}, {chunkSize, 3 * chunkSize}, {len(data) - 3, 10}, {len(data), 1}} {
		p := make([]byte, at.n)
		n, err := r.ReadAt(p, int64(at.off))
		want := data[at.off:min(len(data), at.off+at.n)]
		if !bytes.Equal(p[:n], want) || (err == io.EOF) != (n < at.n) {
			t.Errorf("ReadAt(%d, %d) = %d, %v", at.off, at.n, n, err)
		}
	}
}

// TestResume interrupts a download at many places; what was flushed is the
// beginning of what is completed.
func TestResume(t *testing.T) {
	s := newStore(t)
	ctx := context.Background()
	data := noise(2*chunkSize + 1234)
	for _, cut := range []int{1, chunkSize - 1, chunkSize, chunkSize + 1, 2 * chunkSize, len(data)} {
		w := s.NewBlob(ctx)
		w.Write(data[:cut/2])
		if _, err := w.Flush(ctx); err != nil {
			t.Fatal(err)
		}
		w.Write(data[cut/2 : cut])
		id, err := w.Flush(ctx)
		if err != nil {
			t.Fatal(err)
		}
		_, err = s.OpenBlob(ctx, id)
		wantCause(t, err, fault.Disk) // incomplete
		again, err := s.ResumeBlob(ctx, id)
		if err != nil {
			t.Fatal(err)
		}
		if again.Offset() != int64(cut) {
			t.Fatalf("resumed at %d, want %d", again.Offset(), cut)
		}
		if _, err := again.Write(data[cut:]); err != nil {
			t.Fatal(err)
		}
		blobs, err := s.CompleteBlobs(ctx, again)
		if err != nil {
			t.Fatal(err)
		}
		if blobs[0].ID != id || blobs[0].SHA256 != sha256.Sum256(data) {
			t.Fatalf("cut at %d: %+v", cut, blobs[0])
		}
		wantBlob(t, s, id, data)
		_, err = s.ResumeBlob(ctx, id)
		wantCause(t, err, fault.Disk) // complete
	}
}

// TestFlushedTail makes sure that a chunk that was flushed short and filled up
// later is stored in full.
func TestFlushedTail(t *testing.T) {
	s := newStore(t)
	ctx := context.Background()
	data := noise(chunkSize + 10)
	w := s.NewBlob(ctx)
	for i := 0; i < len(data); i += 50000 {
		w.Write(data[i:min(len(data), i+50000)])
		if _, err := w.Flush(ctx); err != nil {
			t.Fatal(err)
		}
	}
	blobs, err := s.CompleteBlobs(ctx, w)
	if err != nil {
		t.Fatal(err)
	}
	wantBlob(t, s, blobs[0].ID, data)
}

func TestNoRowNamesAnIncompleteBlob(t *testing.T) {
	f := newFixture(t, Local)
	ctx := context.Background()
	w := f.NewBlob(ctx)
	w.Write([]byte("half"))
	id, err := w.Flush(ctx)
	if err != nil {
		t.Fatal(err)
	}
	c := f.content()
	c.Blob, c.Body = id, BodyWhole
	for _, do := range []func(*Tx) error{
		func(tx *Tx) error { _, err := tx.AddContent(c); return err },
		func(tx *Tx) error {
			d := f.content()
			d.Parts = []Part{{Section: "1", Blob: id}}
			_, err := tx.AddContent(d)
			return err
		},
		func(tx *Tx) error {
			n, err := tx.AddContent(f.content())
			if err != nil {
				return err
			}
			return tx.SetWhole(n, c)
		},
		func(tx *Tx) error {
			n, err := tx.AddContent(f.content())
			if err != nil {
				return err
			}
			return tx.SetText(n, []Part{{Section: "1", Blob: id}}, "", 0)
		},
	} {
		if f.Write(ctx, "test", do) == nil {
			t.Error("a row names an incomplete blob")
		}
	}
}

func TestSweep(t *testing.T) {
	f := newFixture(t, IMAP)
	ctx := context.Background()
	used := f.whole(f.content())
	id := f.put(f.inbox, used)
	wished := f.NewBlob(ctx)
	wished.Write([]byte("half of it"))
	half, err := wished.Flush(ctx)
	if err != nil {
		t.Fatal(err)
	}
	stub := f.message(f.put(f.inbox, f.content()))
	at := BegunAt{f.remote(f.inbox), 7, 9, 100}
	f.write(func(tx *Tx) error {
		return tx.SetBegun(Begun{stub.Content, "", half, at})
	})
	for i := range 300 { // more than one turn
		f.blob(fmt.Sprint("orphan", i))
	}
	sweep := func() int {
		t.Helper()
		n, err := f.SweepBlobs(ctx)
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	if n := sweep(); n != 0 {
		t.Fatalf("swept %d young blobs", n)
	}
	f.clock.Advance(25 * time.Hour)
	young := f.blob("young")
	if n := sweep(); n != 300 {
		t.Fatalf("swept %d, want 300", n)
	}
	wantBlob(t, f.Store, f.message(id).Blob, []byte(used.HeaderID))
	wantBlob(t, f.Store, young, []byte("young"))
	if _, err := f.ResumeBlob(ctx, half); err != nil {
		t.Error("what a wish is filled into was swept:", err)
	}
	f.write(func(tx *Tx) error { return tx.RemoveMessage(id) })
	f.clock.Advance(25 * time.Hour)
	if n := sweep(); n != 2 { // the removed mail, and young
		t.Fatalf("swept %d, want 2", n)
	}
}

// TestOlderBodies: an older copy of bodies.db must not give an id away that a
// row names.
func TestOlderBodies(t *testing.T) {
	f := newFixture(t, Local)
	f.write(func(tx *Tx) error {
		n, err := tx.AddContent(f.content())
		if err != nil {
			return err
		}
		return tx.do(onMail(`UPDATE contents SET blob_id = 4711, body_state = 2 WHERE id = ?`), n)
	})
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	s := openStore(t, f.Dir())
	w := s.NewBlob(context.Background())
	w.Write([]byte("x"))
	blobs, err := s.CompleteBlobs(context.Background(), w)
	if err != nil {
		t.Fatal(err)
	}
	if blobs[0].ID <= 4711 {
		t.Errorf("new blob got id %d", blobs[0].ID)
	}
}
