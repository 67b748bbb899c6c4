package line

import (
	"fmt"
	"math/rand"
	"reflect"
	"strings"
	"testing"

	"paquebot.app/internal/text/font"
	"paquebot.app/internal/text/segment"
	"paquebot.app/internal/text/shape"
)

func embedded() *shape.Shaper { return shape.New(font.New(false, "")) }

var body = Style{Size: 15}

func plain(s *shape.Shaper, text string, width float32) *Paragraph {
	t := []rune(text)
	return New(s, t, []Run{{N: len(t), Style: body}}, Params{Width: width, Height: 23, Style: body})
}

// dump writes everything there is in a layout, all of its lines found.
func dump(p *Paragraph) string {
	p.Find(len(p.text))
	var b strings.Builder
	fmt.Fprintf(&b, "level %d height %.2f\n", p.level, p.Height())
	for i := range p.lines {
		r := &p.lines[i]
		l := p.Line(i)
		fmt.Fprintf(&b, "%d: %d+%d y %.2f %.2f×%.2f hang %d/%.2f stops %v levels %v carets %.2f\n", i, r.start, r.n, r.y, r.width, r.height, r.hang, r.hangWidth, l.Stops, l.Levels, l.Carets)
		for _, s := range l.Spans {
			fmt.Fprintf(&b, "   %v %v %d-%d %.2f-%.2f", s.Style, s.RTL, s.From, s.To, s.X0, s.X1)
			for _, g := range s.Glyphs {
				fmt.Fprintf(&b, " %d@%.2f,%.2f", g.ID, g.X, g.Y)
			}
			b.WriteByte('\n')
		}
	}
	return b.String()
}

// same compares two layouts, all of their lines found.
func same(p, q *Paragraph) bool {
	p.Find(len(p.text))
	q.Find(len(q.text))
	if p.level != q.level || len(p.lines) != len(q.lines) || p.Done() != q.Done() {
		return false
	}
	for i := range p.lines {
		if !reflect.DeepEqual(p.Line(i), q.Line(i)) || !reflect.DeepEqual(p.lines[i].bare(), q.lines[i].bare()) {
			return false
		}
	}
	return true
}

func (r ref) bare() ref {
	r.line = nil
	return r
}

var pieces = []string{"a", "word ", "unbrokenlongwordthatisverylong", " ", "漢字", "e\u0301", "👍🏽", "👨‍👩‍👧", "🇫🇷", "fi ", "-", "ภาษา", "x", "  ", "12.5", "(", ")", "\n", "\t",
	"“", "AVATAR ", string(ObjectRune)}
var rightToLeft = []string{"אבג ", "العربية ", "12", "\u202e", "\u2067", "\u2069", "(א) "}

// scribe edits a text at random and keeps a layout beside it.
type scribe struct {
	r     *rand.Rand
	text  []rune
	looks []int // of each rune
	p     *Paragraph
}

var looks = []Style{body, {Size: 15, Font: font.Style{Weight: font.Bold}}, {Size: 20, Spacing: 0.5}, {Size: 15, Rise: 3, Tag: 7}}

func (s *scribe) runs() []Run {
	var out []Run
	for i, k := range s.looks {
		r := Run{N: 1, Style: looks[k]}
		if s.text[i] == ObjectRune {
			r.Object = &picture
		}
		if n := len(out); n > 0 && out[n-1].Style == r.Style && out[n-1].Object == r.Object {
			out[n-1].N++
		} else {
			out = append(out, r)
		}
	}
	return out
}

var picture = Object{Width: 40, Height: 50, Drop: 5}

// edit makes one edit and returns it.
func (s *scribe) edit(set []string, anywhere bool) Edit {
	place := func() int {
		o := s.r.Intn(len(s.text) + 1)
		if !anywhere {
			o = segment.Round(s.text, o)
		}
		return o
	}
	from := place()
	to := from
	var in []rune
	switch s.r.Intn(4) {
	case 0:
		if to = from + s.r.Intn(30); to < len(s.text) && !anywhere {
			to = max(from, segment.Round(s.text, to))
		}
		to = min(to, len(s.text))
	case 1: // restyle
		to = min(from+s.r.Intn(20), len(s.text))
		in = append(in, s.text[from:to]...)
	default:
		for k := s.r.Intn(8); k >= 0; k-- {
			in = append(in, []rune(set[s.r.Intn(len(set))])...)
		}
	}
	look := s.r.Intn(len(looks))
	marks := make([]int, len(in))
	for i := range marks {
		marks[i] = look
	}
	s.text = append(append(append([]rune(nil), s.text[:from]...), in...), s.text[to:]...)
	s.looks = append(append(append([]int(nil), s.looks[:from]...), marks...), s.looks[to:]...)
	return Edit{from, to, len(in)}
}

func testEdits(t *testing.T, seed int64, rounds, steps int, set []string, anywhere bool) {
	r := rand.New(rand.NewSource(seed))
	shaper := embedded()
	for round := range rounds {
		s := &scribe{r: r}
		params := Params{Width: float32(120 + r.Intn(500)), Height: 23, Style: body, Indent: float32(r.Intn(2) * 30)}
		s.p = New(shaper, nil, nil, params)
		for step := range steps {
			before := string(s.text)
			e := s.edit(set, anywhere)
			s.p.Edit(s.text, s.runs(), e)
			if r.Intn(4) == 0 { // else the rest stays to be found
				s.p.FindLines(r.Intn(20))
				continue
			}
			full := New(shaper, s.text, s.runs(), params)
			if !same(s.p, full) {
				t.Fatalf("round %d step %d: edit %+v of %q gave\n%s\nfrom the start it is\n%s", round, step, e, before, dump(s.p), dump(full))
			}
		}
	}
}

func TestAnEditGivesWhatLayingOutAllGives(t *testing.T) {
	testEdits(t, 1, 14, 150, pieces, false)
}

func TestAnEditWithinAnEmojiToo(t *testing.T) {
	testEdits(t, 2, 8, 150, pieces, true)
}

func TestAnEditFromRightToLeftToo(t *testing.T) {
	testEdits(t, 3, 8, 120, append(rightToLeft, pieces...), false)
}

func TestAKeyDoesNotCostTheParagraph(t *testing.T) {
	s := embedded()
	text := []rune(strings.Repeat("plain words of text ", 10000))
	p := New(s, text, []Run{{N: len(text), Style: body}}, Params{Width: 700, Height: 23, Style: body})
	p.Find(len(text))
	lines := p.Len()
	kept := p.Line(lines - 1)
	at := len(text) / 2
	more := append(append(append([]rune(nil), text[:at]...), 'x'), text[at:]...)
	p.laid = 0
	p.Edit(more, []Run{{N: len(more), Style: body}}, Edit{at, at, 1})
	if p.laid > 5 {
		t.Errorf("%d lines laid out for a key", p.laid)
	}
	if !p.Done() || p.Len() < lines {
		t.Errorf("%d of %d lines left", p.Len(), lines)
	}
	if p.Line(p.Len()-1) != kept {
		t.Error("a line far behind the edit was made anew")
	}
	for i := range p.lines {
		if i > 0 && p.lines[i].start != p.lines[i-1].start+p.lines[i-1].n {
			t.Fatalf("line %d begins at %d, the one before ends at %d", i, p.lines[i].start, p.lines[i-1].start+p.lines[i-1].n)
		}
	}
}

func TestLinesAreFoundAsFarAsAskedFor(t *testing.T) {
	s := embedded()
	p := plain(s, strings.Repeat("plain words of text ", 10000), 700)
	p.FindHeight(500)
	if p.Done() || p.laid > 30 {
		t.Errorf("%d lines laid out for 500 pixels", p.laid)
	}
	if h := p.Height(); h < 30000 || h > 90000 {
		t.Errorf("estimated height %g", h)
	}
	n := p.Len()
	text := append(p.text[:150000:150000], p.text[150001:]...)
	p.Edit(text, []Run{{N: len(text), Style: body}}, Edit{150000, 150001, 0})
	if p.laid > 30 || p.Len() != n {
		t.Errorf("an edit far below the lines found laid out %d", p.laid)
	}
	p.Find(150000)
	if i := p.LineOf(150000, false); p.Start(i) > 150000 || p.Start(i)+p.lines[i].n <= 150000 {
		t.Error("the line of an offset does not hold it")
	}
}
