package localstore

import (
	"context"
	"crypto/sha256"
	"fmt"
	"testing"
	"time"
)

// benchStore is a profile with an IMAP folder of n messages, every tenth
// unread, in conversations of three, closed and opened again.
func benchStore(b *testing.B, n int) *fixture {
	b.Helper()
	f := newFixture(b, IMAP)
	rf := f.remote(f.inbox)
	const batch = 500
	start := day.Add(-time.Duration(n) * time.Minute)
	for first := 0; first < n; first += batch {
		f.write(func(tx *Tx) error {
			for i := first; i < min(first+batch, n); i++ {
				c := f.content()
				c.Preview = "The first words of a mail, as long as previews are, which is up to two lines of the list that shows them."
				c.Recipients = "Ann Example <ann@example.org>, Carol Sample <carol@example.net>"
				content, err := tx.AddContent(c)
				if err != nil {
					return err
				}
				if err := tx.do(setTestThread, i/3+1, content); err != nil {
					return err
				}
				id, err := tx.AddMessage(NewMessage{Folder: f.inbox, Content: content, Arrived: start.Add(time.Duration(i) * time.Minute), Flags: Flags(oneIf(i%10 != 0))})
				if err != nil {
					return err
				}
				_, err = tx.AddImapLocation(ImapLocation{Message: id, RemoteFolder: rf, UIDValidity: 7, UID: uint32(i + 1), BaseFlags: Flags(oneIf(i%10 != 0))})
				if err != nil {
					return err
				}
			}
			return nil
		})
	}
	return f
}

func BenchmarkStore100000(b *testing.B) {
	f := benchStore(b, 100_000)
	ctx := context.Background()
	page := func(b *testing.B, s *Store, before Ord) (last Ord) {
		err := s.Read(ctx, func(v *View) error {
			ids, l, err := v.MessageIDs(List{Folder: f.inbox}, before, 50)
			if err != nil {
				return err
			}
			last = l
			all, err := v.Messages(ids)
			if err == nil && len(all) != 50 {
				err = fmt.Errorf("%d rows", len(all))
			}
			return err
		})
		if err != nil {
			b.Fatal(err)
		}
		return last
	}
	b.Run("open+newest50", func(b *testing.B) {
		for b.Loop() {
			s, err := Open(ctx, f.Dir())
			if err != nil {
				b.Fatal(err)
			}
			page(b, s, 0)
			b.StopTimer()
			s.Close()
			b.StartTimer()
		}
	})
	b.Run("page50", func(b *testing.B) {
		for b.Loop() {
			page(b, f.Store, 0)
		}
	})
	b.Run("page50deep", func(b *testing.B) {
		middle := Ord(day.Add(-50_000*time.Minute).Unix()) * ordTies
		for b.Loop() {
			page(b, f.Store, middle)
		}
	})
	b.Run("ids1000", func(b *testing.B) {
		for b.Loop() {
			f.read(func(v *View) error { _, _, err := v.MessageIDs(List{Folder: f.inbox}, 0, 1000); return err })
		}
	})
	b.Run("idsAll", func(b *testing.B) {
		for b.Loop() {
			f.read(func(v *View) error { _, _, err := v.MessageIDs(List{Folder: f.inbox}, 0, 100_000); return err })
		}
	})
	b.Run("unread50", func(b *testing.B) {
		for b.Loop() {
			f.read(func(v *View) error { _, _, err := v.MessageIDs(List{Folder: f.inbox, Unread: true}, 0, 50); return err })
		}
	})
	b.Run("folders", func(b *testing.B) {
		for b.Loop() {
			f.read(func(v *View) error { _, err := v.Folders(f.account); return err })
		}
	})
	b.Run("threads50", func(b *testing.B) {
		for b.Loop() {
			f.read(func(v *View) error { _, err := v.Threads(f.inbox, 0, 50); return err })
		}
	})
	b.Run("flagClick", func(b *testing.B) {
		ids := f.list(List{Folder: f.inbox})
		i := 0
		for b.Loop() {
			f.write(func(tx *Tx) error { return tx.SetFlags(ids[i%len(ids):][:1], Flagged, 0) })
			i++
		}
	})
	b.Run("locations", func(b *testing.B) {
		rf := f.remote(f.inbox)
		for b.Loop() {
			f.read(func(v *View) error { _, err := v.ImapLocations(rf); return err })
		}
	})
}

// BenchmarkStoreMail is the way of a mail into the store: 100 bodies complete
// in one commit, their rows in another.
func BenchmarkStoreMail(b *testing.B) {
	for _, size := range []int{4 << 10, 32 << 10, 1 << 20} {
		b.Run(fmt.Sprint(size>>10, "KiB"), func(b *testing.B) {
			f := newFixture(b, POP)
			data := noise(size)
			const batch = 100
			b.SetBytes(int64(size) * batch)
			b.ReportAllocs()
			for b.Loop() {
				ws := make([]*BlobWriter, batch)
				for i := range ws {
					ws[i] = f.NewBlob(context.Background())
					if _, err := ws[i].Write(data); err != nil {
						b.Fatal(err)
					}
				}
				blobs, err := f.CompleteBlobs(context.Background(), ws...)
				if err != nil {
					b.Fatal(err)
				}
				f.write(func(tx *Tx) error {
					for _, blob := range blobs {
						c := f.content()
						c.Blob, c.Body, c.Size, c.HeaderHash = blob.ID, BodyWhole, blob.Size, sha256.Sum256([]byte(c.HeaderID))
						content, err := tx.AddContent(c)
						if err != nil {
							return err
						}
						id, err := tx.AddMessage(NewMessage{Folder: f.inbox, Content: content, Arrived: day})
						if err != nil {
							return err
						}
						_, err = tx.AddPopLocation(PopLocation{Maildrop: f.drop, UIDL: c.HeaderID, HeaderHash: c.HeaderHash, Size: blob.Size, Message: id, State: PopKept})
						if err != nil {
							return err
						}
					}
					return nil
				})
			}
		})
	}
}
