package compose

import (
	"slices"
	"strings"
	"testing"
	"time"

	"paquebot.app/internal/outgoing"
	"paquebot.app/ui/theme"
)

// BenchmarkOpen is the time from the wish to write to the first key in the
// text: a letter whose draft quotes 200 KB.
func BenchmarkOpen(b *testing.B) {
	r := newRig(b, theme.Light)
	quote := "Ana Lima wrote:\n" + strings.Repeat("> The packet boat leaves on Monday, and whoever has letters for the islands.\n", 2600)
	id, err := outgoing.SaveDraft(r.env.Ctx, r.env.Store, 0, outgoing.Writing{Account: 2, To: "ana@example.org", Subject: "Figures", Text: "Hello", Quote: quote}, r.env.Clock.Now())
	if err != nil {
		b.Fatal(err)
	}
	var all []time.Duration
	for b.Loop() {
		start := time.Now()
		p := r.letter(func() { r.desk.Model().Draft(id) })
		p.text.TypedRune('x')
		all = append(all, time.Since(start))
		b.StopTimer()
		p.model.Discard()
		r.queue.Until(func() bool { return len(r.desk.panels) == 0 })
		r.action()
		r.queue.Until(func() bool { return len(r.desk.panels) == 1 })
		for c := range r.desk.panels {
			c.Close()
		}
		r.queue.Until(func() bool { return len(r.desk.panels) == 0 })
		b.StartTimer()
	}
	slices.Sort(all)
	b.ReportMetric(float64(all[len(all)/2].Microseconds())/1000, "median-ms")
	b.ReportMetric(float64(all[len(all)-1].Microseconds())/1000, "worst-ms")
}
