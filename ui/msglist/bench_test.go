package msglist

import (
	"fmt"
	"testing"
)

// many has a million rows without holding them.
type many int

func (n many) Len() int { return int(n) }

func (n many) Row(i int) (Row, bool) {
	return Row{ID: int64(i), Sender: fmt.Sprint("Sender ", i%997), Subject: fmt.Sprint("About the matter ", i), Preview: "A preview that is longer than the room the row has for it, as most are", Date: "10:42", Avatar: "a", Unread: i%3 == 0, Attachment: i%5 == 0}, true
}

func BenchmarkScrollStep(b *testing.B) {
	for _, n := range []int{1000, 1_000_000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			l := open(b, many(n))
			l.ScrollTo(n / 2)
			step := 48.0
			b.ReportAllocs()
			b.ResetTimer()
			for range b.N {
				if l.view.offset >= l.view.most() || l.view.offset <= 0 {
					step = -step
				}
				l.ScrollBy(step)
			}
		})
	}
}

func BenchmarkSelect(b *testing.B) {
	for _, n := range []int{1000, 1_000_000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			l := open(b, many(n))
			b.ResetTimer()
			for i := range b.N {
				l.Select(n/2 + i%8)
			}
		})
	}
}

func BenchmarkSelectAllThenToggle(b *testing.B) {
	l := open(b, many(1_000_000))
	for range b.N {
		l.selection.All()
		l.selection.Toggle(500_000)
		l.update()
	}
}
