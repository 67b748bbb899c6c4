package localstore

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"paquebot.app/internal/clock"
)

// wordsOf makes texts whose words are as unevenly frequent as those of people.
func wordsOf(r *rand.Rand, n int) string {
	z := rand.NewZipf(r, 1.1, 4, 50_000)
	var b strings.Builder
	for range n {
		fmt.Fprintf(&b, "w%d ", z.Uint64())
	}
	return b.String()
}

// BenchmarkSearch measures single searches for the newest 50 at 100,000 mails
// and reports their p50 and p99; run it with -benchtime=400x.
func BenchmarkSearch(b *testing.B) {
	f := newFixture(b, POP)
	r := rand.New(rand.NewPCG(1, 2))
	const mails, batch = 100_000, 1000
	started := f.clock.Now()
	for n := 0; n < mails; n += batch {
		docs := make([]Document, batch)
		f.write(func(tx *Tx) error {
			for i := range docs {
				c := f.content()
				if (n+i)%5000 == 7 {
					c.Attachments = 1
				}
				c.Subject, c.Sender = wordsOf(r, 6), fmt.Sprintf("Name%d <n%d@example.org>", r.IntN(2000), r.IntN(2000))
				content, err := tx.AddContent(c)
				if err != nil {
					return err
				}
				id, err := tx.AddMessage(NewMessage{Folder: f.inbox, Content: content, Arrived: started.Add(time.Duration(n+i) * time.Minute), Flags: Flags(r.IntN(2))})
				if err != nil {
					return err
				}
				docs[i] = Document{Message: id, Ord: Ord(started.Unix()+int64(n+i)*60)*ordTies + ordTies/2, Level: 1 + n/batch%2, Subject: c.Subject, Sender: c.Sender, Recipients: "ann@example.org", Body: wordsOf(r, 150)}
			}
			return nil
		})
		if err := f.Index(context.Background(), docs); err != nil {
			b.Fatal(err)
		}
	}
	few := []MessageID{5, 50_000, 99_000}
	f.write(func(tx *Tx) error { return tx.SetFlags(few, Flagged, 0) })
	for name, query := range map[string]func() string{
		"common":           func() string { return "w0" },
		"any":              func() string { return fmt.Sprintf("w%d", r.IntN(5000)) },
		"two":              func() string { return fmt.Sprintf("w%d w%d", r.IntN(200), r.IntN(2000)) },
		"prefix":           func() string { return fmt.Sprintf("w%d*", r.IntN(100)) },
		"from":             func() string { return fmt.Sprintf("from:name%d", r.IntN(2000)) },
		"unread":           func() string { return fmt.Sprintf("w%d is:unread", r.IntN(1000)) },
		"phrase":           func() string { return fmt.Sprintf(`"w%d w%d"`, r.IntN(20), r.IntN(200)) },
		"subject":          func() string { return fmt.Sprintf("subject:w%d", r.IntN(1000)) },
		"flaggedCommon":    func() string { return "w0 is:flagged" },
		"flagged":          func() string { return "is:flagged" },
		"flaggedFrom":      func() string { return fmt.Sprintf("from:name%d is:flagged", r.IntN(2000)) },
		"flaggedBefore":    func() string { return "is:flagged w0 before:2026-03-20" },
		"attachment":       func() string { return "has:attachment" },
		"attachmentCommon": func() string { return "w0 has:attachment" },
		"beforeRare":       func() string { return fmt.Sprintf("w%d before:2026-03-20", 3000+r.IntN(2000)) },
		"afterRare":        func() string { return fmt.Sprintf("w%d after:2026-04-20", 3000+r.IntN(2000)) },
	} {
		benchmarkSearch(b, f, name, query)
	}
	// 1,000 flagged in the older half, and three unread.
	f.write(func(tx *Tx) error {
		var all, some []MessageID
		for id := range MessageID(mails) {
			all = append(all, id+1)
			if id%50 == 0 && id < mails/2 {
				some = append(some, id+1)
			}
		}
		if err := tx.SetFlags(all, Seen, 0); err != nil {
			return err
		}
		if err := tx.SetFlags(some, Flagged, 0); err != nil {
			return err
		}
		return tx.SetFlags(few, 0, Seen)
	})
	benchmarkSearch(b, f, "unreadFew", func() string { return "is:unread" })
	benchmarkSearch(b, f, "unreadFewCommon", func() string { return "w0 is:unread" })
	benchmarkSearch(b, f, "flagged1000", func() string { return "is:flagged" })
	benchmarkSearch(b, f, "flagged1000Common", func() string { return "w0 is:flagged" })
	benchmarkSearch(b, f, "flagged1000Any", func() string { return fmt.Sprintf("w%d is:flagged", r.IntN(5000)) })
}

func benchmarkSearch(b *testing.B, f *fixture, name string, query func() string) {
	b.Run(name, func(b *testing.B) {
		var took []time.Duration
		for range b.N {
			q := ParseQuery(query(), time.UTC)
			begin := clock.System.Now()
			if _, err := f.Search(context.Background(), q, 50); err != nil {
				b.Fatal(err)
			}
			took = append(took, clock.System.Now().Sub(begin))
		}
		slices.Sort(took)
		b.ReportMetric(float64(took[len(took)/2].Microseconds())/1000, "p50-ms")
		b.ReportMetric(float64(took[len(took)*99/100].Microseconds())/1000, "p99-ms")
	})
}
