package localstore

import (
	"context"
	"math/rand/v2"
	"testing"

	"modernc.org/sqlite"
)

// TestCachesStaySmall: SQLite's caches of all connections together hold a few
// megabytes, however much mail is stored and read.
func TestCachesStaySmall(t *testing.T) {
	f := newFixture(t, POP)
	ctx := context.Background()
	const turns, batch, size, bound = 20, 100, 20_000, 12 << 20
	r := rand.New(rand.NewPCG(1, 2))
	for range turns {
		ws := make([]*BlobWriter, batch)
		for i := range ws {
			ws[i] = f.NewBlob(ctx)
			if _, err := ws[i].Write(noise(size)); err != nil {
				t.Fatal(err)
			}
		}
		blobs, err := f.CompleteBlobs(ctx, ws...)
		if err != nil {
			t.Fatal(err)
		}
		var docs []Document
		f.write(func(tx *Tx) error {
			for _, b := range blobs {
				c := f.content()
				c.Blob, c.Body, c.Size = b.ID, BodyWhole, b.Size
				content, err := tx.AddContent(c)
				if err != nil {
					return err
				}
				id, err := tx.AddMessage(NewMessage{Folder: f.inbox, Content: content})
				if err != nil {
					return err
				}
				m, err := tx.Message(id)
				if err != nil {
					return err
				}
				docs = append(docs, Document{Message: id, Ord: m.Ord, Level: 2, Subject: m.Subject, Body: wordsOf(r, 150)})
			}
			return nil
		})
		if err := f.Index(ctx, docs); err != nil {
			t.Fatal(err)
		}
	}
	used := 0
	for _, p := range []*pool{f.writer, f.readers, f.bodyWriter, f.bodyReaders, f.indexWriter} {
		err := p.each(ctx, func(c *conn) error {
			return c.c.Raw(func(driver any) error {
				n, _, err := driver.(sqlite.DBStatus).Status(sqlite.DBStatusCacheUsed, false)
				used += n
				return err
			})
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	t.Logf("%d KiB are cached", used>>10)
	if used > bound {
		t.Errorf("%d KiB are cached after %d KiB of mail", used>>10, turns*batch*size>>10)
	}
}
