package ui

import (
	"fmt"
	"testing"

	"fyne.io/fyne/v2"
)

var size1440 = fyne.NewSize(1440, 900)

// BenchmarkWindowStart is the time from an open store to a window that shows
// its list.
func BenchmarkWindowStart(b *testing.B) {
	for _, n := range []int{10_000, 100_000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			store := profile(b, n)
			for b.Loop() {
				w := openWindow(b, store)
				if w.list.Len() != n {
					b.Fatalf("%d rows", w.list.Len())
				}
				b.StopTimer()
				w.Close()
				b.StartTimer()
			}
		})
	}
}

// BenchmarkSelect is the time from a selection to the first text.
func BenchmarkSelect(b *testing.B) {
	for _, bytes := range []int{2_000, 20_000, 200_000} {
		b.Run(fmt.Sprint(bytes), func(b *testing.B) {
			w := openWindow(b, profile(b, 100, long(bytes), long(bytes)))
			i := 0
			for b.Loop() {
				i = 1 - i
				w.mid.rows.Select(i)
				w.until(func() bool {
					l := w.reader.Letter()
					return l != nil && l.Message.ID == w.list.ID(i)
				})
			}
		})
	}
}

// BenchmarkListScroll is a step of the wheel in a list of 100,000.
func BenchmarkListScroll(b *testing.B) {
	w := openWindow(b, profile(b, 100_000))
	w.until(func() bool { return w.list.ID(99_999) != 0 })
	step := 48.0
	for b.Loop() {
		w.mid.rows.ScrollBy(step)
		if first, _ := w.mid.rows.InSight(); first > 99_000 {
			step = -48
		}
		w.drain()
	}
}

// BenchmarkReaderScroll is a step of the wheel in a letter of 200 KB.
func BenchmarkReaderScroll(b *testing.B) {
	w := openWindow(b, profile(b, 3, long(200_000)))
	w.mid.rows.Select(0)
	w.until(func() bool { return w.reader.Letter() != nil && w.pane.Text.Complete() })
	step := float32(48)
	for b.Loop() {
		if !w.pane.ScrollBy(step) {
			step = -step
		}
	}
}

// drain runs what is queued.
func (w *shownWindow) drain() {
	ran := false
	w.queue.Do(func() { ran = true })
	w.until(func() bool { return ran })
}
