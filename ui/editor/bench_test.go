package editor

import (
	"slices"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"paquebot.app/internal/richtext"
	"paquebot.app/ui/kit/kittest"
	"paquebot.app/ui/theme"
)

const lorem = "The packet boat leaves on Monday, and whoever has letters for the islands hands them in before noon at the quay. "

// texts are those of the goal: the time of a key must not grow with the letter.
var texts = []struct{ name, text string }{
	{"1KB", lines(1_000)}, {"20KB", lines(20_000)}, {"200KB", lines(200_000)}, {"200KB-one-paragraph", strings.Repeat(lorem, 200_000/len(lorem))},
}

func lines(n int) string {
	return strings.TrimSuffix(strings.Repeat(lorem[:91]+"\n", max(1, n/92)), "\n")
}

// timed reports the median and the worst time of a key.
func timed(b *testing.B, each func(i int)) {
	for i := range 20 {
		each(i)
	}
	var all []time.Duration
	for i := 0; b.Loop(); i++ {
		start := time.Now()
		each(i)
		all = append(all, time.Since(start))
	}
	slices.Sort(all)
	b.ReportMetric(float64(all[len(all)/2].Microseconds()), "median-µs")
	b.ReportMetric(float64(all[len(all)*95/100].Microseconds()), "p95-µs")
	b.ReportMetric(float64(all[len(all)-1].Microseconds()), "worst-µs")
}

const word = "letters "

// BenchmarkKey is our own time of a key in the middle of a letter: the edit,
// the layout, the painting, the canvas objects.
func BenchmarkKey(b *testing.B) {
	for _, x := range texts {
		b.Run(x.name, func(b *testing.B) {
			r := newRig(b, theme.Light, x.text)
			r.Select(richtext.At(richtext.Pos{Para: r.doc.Len() / 2, Off: len(r.doc.Para(r.doc.Len()/2).Text) / 2}))
			timed(b, func(i int) { r.TypedRune(rune(word[i%len(word)])) })
		})
		b.Run(x.name+"/Backspace", func(b *testing.B) {
			r := newRig(b, theme.Light, x.text)
			r.Select(richtext.At(r.doc.End()))
			timed(b, func(int) { r.TypedKey(&fyne.KeyEvent{Name: fyne.KeyBackspace}) })
		})
		b.Run(x.name+"/Enter", func(b *testing.B) {
			r := newRig(b, theme.Light, x.text)
			r.Select(richtext.At(richtext.Pos{Para: r.doc.Len() / 2, Off: len(r.doc.Para(r.doc.Len()/2).Text) / 2}))
			timed(b, func(int) { r.TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn}) })
		})
	}
}

// BenchmarkKeyHebrew is a key in a paragraph that is read from right to left.
func BenchmarkKeyHebrew(b *testing.B) {
	r := newRig(b, theme.Light, strings.Repeat(strings.Repeat("שלום אנה, הדוח מצורף (גרסה 12). ", 20)+"\n", 50))
	r.Select(richtext.At(richtext.Pos{Para: 25, Off: 100}))
	timed(b, func(int) { r.TypedRune('ש') })
}

// BenchmarkScroll is a step of the wheel.
func BenchmarkScroll(b *testing.B) {
	r := newRig(b, theme.Light, texts[2].text)
	step := float32(-48)
	timed(b, func(int) {
		before := r.top
		if r.Scrolled(&fyne.ScrollEvent{Scrolled: fyne.NewDelta(0, step)}); r.top == before {
			step = -step
		}
	})
}

// BenchmarkEntryKey is the same key in the toolkit's own field, for comparison.
func BenchmarkEntryKey(b *testing.B) {
	for _, x := range texts[:3] {
		b.Run(x.name, func(b *testing.B) {
			kittest.App(b, theme.Light)
			e := widget.NewMultiLineEntry()
			e.Wrapping = fyne.TextWrapWord
			e.SetText(x.text)
			w := kittest.Window(b, theme.Reader, 620, 400, container.NewStack(e))
			w.Canvas().Focus(e)
			e.CursorRow, e.CursorColumn = strings.Count(x.text, "\n")/2, 40
			var all []time.Duration
			for i := 0; b.Loop(); i++ {
				start := time.Now()
				e.TypedRune(rune(word[i%len(word)]))
				all = append(all, time.Since(start))
			}
			slices.Sort(all)
			b.ReportMetric(float64(all[len(all)/2].Microseconds()), "median-µs")
			b.ReportMetric(float64(all[len(all)-1].Microseconds()), "worst-µs")
		})
	}
}
