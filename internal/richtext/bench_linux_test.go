package richtext_test

import (
	"image/color"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"paquebot.app/internal/clock"
	"paquebot.app/internal/richtext"
	"paquebot.app/internal/text/font"
	"paquebot.app/internal/text/ink"
	"paquebot.app/internal/text/line"
	"paquebot.app/internal/text/shape"
)

// screen lays out and paints what an editor would show of a document.
type screen struct {
	doc     *richtext.Doc
	shaper  *shape.Shaper
	painter *ink.Painter
	layouts []*line.Paragraph
	tiles   map[*line.Line]bool
	painted int
}

const (
	width = 720
	shown = 30 // lines
)

func runsOf(p *richtext.Para) []line.Run {
	out := make([]line.Run, len(p.Runs))
	for i, r := range p.Runs {
		out[i] = line.Run{N: r.N, Style: line.Style{Size: 15}}
		if r.Style.Bits&richtext.Bold != 0 {
			out[i].Style.Font.Weight = font.SemiBold
		}
	}
	return out
}

func (s *screen) change(c richtext.Change) {
	if l := s.layouts[c.At]; l != nil {
		p := s.doc.Para(c.At)
		l.Edit(p.Text, runsOf(p), line.Edit(c.Edit))
	}
	s.layouts = slices.Replace(s.layouts, c.At+1, c.At+c.Old, make([]*line.Paragraph, c.New-1)...)
}

// show brings what stands round the caret on the screen.
func (s *screen) show() {
	c := s.doc.Sel().Caret
	rows := 0
	for i := max(0, c.Para-shown/2); i < s.doc.Len() && rows < shown; i++ {
		p := s.layouts[i]
		if p == nil {
			d := s.doc.Para(i)
			p = line.New(s.shaper, d.Text, runsOf(d), line.Params{Width: width, Height: 23, Style: line.Style{Size: 15}})
			s.layouts[i] = p
		}
		first := 0
		if i == c.Para {
			p.Find(c.Off)
			first = max(0, p.LineOf(c.Off, false)-shown/2)
		}
		p.FindLines(first + shown)
		for k := first; k < min(p.Len(), first+shown); k++ {
			rows++
			if l := p.Line(k); !s.tiles[l] {
				s.tiles[l] = true
				s.painted++
				s.painter.Tile(ink.Line(nil, l, 0, 0, look), width, l.Height, 1)
			}
		}
	}
}

func look(uint32) ink.Look { return ink.Look{Colour: color.NRGBA{A: 255}} }

// cpuTime is what this thread has worked: on a busy computer the time of day
// says little of a single key.
func cpuTime() time.Duration {
	var t unix.Timespec
	if err := unix.ClockGettime(unix.CLOCK_THREAD_CPUTIME_ID, &t); err != nil {
		panic(err)
	}
	return time.Duration(t.Nano())
}

// BenchmarkKey is a key in the middle of a document: the edit, its undo step,
// the layout and the tiles of the lines it changes, without the window.
func BenchmarkKey(b *testing.B) {
	const sentence = "Plain words of a letter, as they are typed in the middle of it: nothing is wrong with them. "
	shaper := shape.New(font.New(false, ""))
	for _, x := range []struct {
		name       string
		size       int
		paragraphs bool
	}{{"1 KB", 1000, true}, {"20 KB", 20_000, true}, {"200 KB", 200_000, true}, {"20 KB in one paragraph", 20_000, false}, {"200 KB in one paragraph", 200_000, false}} {
		part := sentence
		if x.paragraphs {
			part += "\n"
		}
		for _, key := range []string{"type", "backspace", "enter", "undo"} {
			b.Run(x.name+"/"+key, func(b *testing.B) {
				runtime.LockOSThread()
				defer runtime.UnlockOSThread()
				doc := richtext.New(richtext.FromText(strings.Repeat(part, x.size/len(part))), clock.System)
				s := &screen{doc: doc, shaper: shaper, painter: ink.New(), layouts: make([]*line.Paragraph, doc.Len()), tiles: map[*line.Line]bool{}}
				doc.Watch(s.change)
				middle := doc.Len() / 2
				doc.Select(richtext.At(richtext.Pos{Para: middle, Off: len(doc.Para(middle).Text) / 2}))
				s.show()
				var all []time.Duration
				n := 0
				for b.Loop() {
					undone := key == "undo" && !doc.CanUndo()
					if undone {
						for _, r := range "some words to undo " {
							doc.Type(string(r))
						}
						s.show()
					}
					begin := cpuTime()
					switch key {
					case "backspace":
						doc.Backspace(false)
					case "enter":
						doc.Newline()
					case "undo":
						doc.Undo()
					default:
						doc.Type(string("typing now "[n%11]))
					}
					s.show()
					all = append(all, cpuTime()-begin)
					n++
				}
				slices.Sort(all)
				b.ReportMetric(float64(all[len(all)/2].Microseconds()), "µs-median")
				b.ReportMetric(float64(all[len(all)*95/100].Microseconds()), "µs-p95")
				b.ReportMetric(float64(all[len(all)-1].Microseconds()), "µs-worst")
			})
		}
	}
}
