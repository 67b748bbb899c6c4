package line

import (
	"fmt"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

const sentence = "Plain words of a letter, as they are typed in the middle of it: nothing is wrong with them. "

// cpuTime is what this thread has worked: on a busy computer the time of day
// says little of a single key.
func cpuTime() time.Duration {
	var t unix.Timespec
	if err := unix.ClockGettime(unix.CLOCK_THREAD_CPUTIME_ID, &t); err != nil {
		panic(err)
	}
	return time.Duration(t.Nano())
}

// BenchmarkKey types in the middle of a text of which one screen is shown:
// one paragraph is laid out anew, and its visible lines are placed. Median and
// worst of all keys are reported, in time of the processor.
func BenchmarkKey(b *testing.B) {
	s := embedded()
	for _, x := range []struct {
		name, text string
	}{
		{"paragraph of 90", sentence},
		{"paragraph of 1 KB", strings.Repeat(sentence, 1000/len(sentence))},
		{"paragraph of 20 KB", strings.Repeat(sentence, 20_000/len(sentence))},
		{"paragraph of 200 KB", strings.Repeat(sentence, 200_000/len(sentence))},
		{"Chinese of 5000", strings.Repeat("漢字文書の中で打つ、", 500)},
		{"Hebrew of 5000", strings.Repeat("שלום (עולם) 12, abc. ", 250)},
	} {
		b.Run(x.name, func(b *testing.B) {
			runtime.LockOSThread()
			defer runtime.UnlockOSThread()
			text := []rune(x.text)
			p := New(s, text, []Run{{N: len(text), Style: body}}, Params{Width: 720, Height: 23, Style: body})
			at := len(text) / 2
			p.Find(at)
			var all []time.Duration
			key := 0
			for b.Loop() {
				r := rune("typing now "[key%11])
				key++
				begin := cpuTime()
				text = slices.Insert(slices.Clone(text), at, r)
				at++
				p.Edit(text, []Run{{N: len(text), Style: body}}, Edit{at - 1, at - 1, 1})
				i := p.LineOf(at, false)
				p.FindLines(i + 30)
				for k := max(0, i-10); k < min(p.Len(), i+30); k++ {
					p.Line(k)
				}
				p.Line(i).X(at - p.Start(i))
				all = append(all, cpuTime()-begin)
			}
			slices.Sort(all)
			b.ReportMetric(float64(all[len(all)/2].Microseconds()), "µs-median")
			b.ReportMetric(float64(all[len(all)*95/100].Microseconds()), "µs-p95")
			b.ReportMetric(float64(all[len(all)-1].Microseconds()), "µs-worst")
		})
	}
}

// BenchmarkAll lays a whole text out.
func BenchmarkAll(b *testing.B) {
	s := embedded()
	for _, n := range []int{1000, 20_000, 200_000} {
		text := []rune(strings.Repeat(sentence, n/len(sentence)))
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			for b.Loop() {
				p := New(s, text, []Run{{N: len(text), Style: body}}, Params{Width: 720, Height: 23, Style: body})
				p.Find(len(text))
			}
		})
	}
}
