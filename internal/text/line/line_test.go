package line

import (
	"math"
	"slices"
	"testing"

	"paquebot.app/internal/text/bidi"
	"paquebot.app/internal/text/segment"
)

// texts returns the texts of all lines.
func texts(p *Paragraph) []string {
	p.Find(len(p.text))
	var out []string
	for _, r := range p.lines {
		out = append(out, string(p.text[r.start:r.start+r.n]))
	}
	return out
}

func TestLinesAreBrokenBetweenWords(t *testing.T) {
	s := embedded()
	for _, x := range []struct {
		text  string
		width float32
		want  []string
	}{
		{"", 100, []string{""}},
		{"one two three", 60, []string{"one two ", "three"}},
		{"one   two", 30, []string{"one   ", "two"}},
		{"a\nb\n", 100, []string{"a\n", "b\n", ""}},
		{"\n\n", 100, []string{"\n", "\n", ""}},
		{"well-known", 50, []string{"well-", "known"}},
		{"e\u0301e\u0301", 1, []string{"e\u0301", "e\u0301"}},
		{"aa bb\u00a0cc", 45, []string{"aa ", "bb\u00a0cc"}},
	} {
		p := plain(s, x.text, x.width)
		got := texts(p)
		if !slices.Equal(got, x.want) {
			t.Errorf("%q at %g: %q, want %q", x.text, x.width, got, x.want)
		}
	}
}

func TestNoLineIsWiderThanAllowed(t *testing.T) {
	s := embedded()
	p := plain(s, "some words, and anunbreakableverylongwordthatgoesonandonandonandon with  more", 120)
	p.Find(1000)
	for i := range p.lines {
		if w := p.Line(i).Width; w > 120.02 || w == 0 {
			t.Errorf("line %d is %g wide", i, w)
		}
	}
}

func TestAdvancesAreExactAtFractionalSizes(t *testing.T) {
	s := embedded()
	width := func(size float32) float32 {
		text := []rune("Minimum of 3,000 AVATARs")
		p := New(s, text, []Run{{N: len(text), Style: Style{Size: size}}}, Params{Width: 5000, Style: Style{Size: size}})
		p.FindLines(1)
		return p.Line(0).Width
	}
	if a, b := width(14.5), 14.5/29*width(29); math.Abs(float64(a-b)) > 0.01 {
		t.Errorf("%g at 14.5 px, %g scaled from 29", a, b)
	}
}

func TestEndStandsBeforeTheBlankALineWasBrokenAt(t *testing.T) {
	p := plain(embedded(), "one two three", 60)
	p.Find(100)
	if got := p.Line(0).End(); got != 7 {
		t.Errorf("End of %q is %d, want 7", "one two ", got)
	}
	if off, endOf := p.Hit(0, 1000); off != 7 || endOf {
		t.Errorf("behind the line's end is %d, %v", off, endOf)
	}
	p = plain(embedded(), "abcdefghijkl", 40)
	p.Find(100)
	n := p.Line(0).N
	if off, endOf := p.Hit(0, 1000); off != n || !endOf || p.LineOf(off, endOf) != 0 || p.LineOf(off, false) != 1 {
		t.Errorf("behind the end of a line broken in a word is %d, %v", off, endOf)
	}
}

func TestCaretsOfBidi(t *testing.T) {
	p := plain(embedded(), "abc אבג 12 דה xyz", 600)
	p.FindLines(1)
	c := p.Line(0).Carets
	if !(c[4] > c[5] && c[5] > c[6]) {
		t.Error("Hebrew does not run leftwards", c)
	}
	if !(c[8] < c[9] && c[8] < c[4]) {
		t.Error("a number does not run rightwards inside Hebrew", c)
	}
	if !(c[14] > c[4]) {
		t.Error("the Latin after it does not stand right of it", c)
	}
	for off, want := range map[int]bool{0: true, 5: false, 8: true, 99: true} {
		if p.Line(0).Forward(off) != want {
			t.Errorf("going right at %d goes forward: %v", off, !want)
		}
	}
	if rs := p.Line(0).Rects(2, 6); len(rs) != 2 {
		t.Errorf("part of both directions covers %v", rs)
	}
}

func TestAParagraphFromRightToLeftStandsAtTheRight(t *testing.T) {
	p := plain(embedded(), "אבג ", 300)
	p.FindLines(1)
	l := p.Line(0)
	if !p.RTL() || l.Carets[0] < 299.9 || l.Carets[0] > 300.1 {
		t.Errorf("it begins at %g of 300", l.Carets[0])
	}
	if end := l.Carets[l.N]; end >= 300-l.Width {
		t.Errorf("the blank at its end stands at %g", end)
	}
	text := []rune("abc")
	q := New(embedded(), text, []Run{{N: 3, Style: body}}, Params{Width: 300, Style: body, Base: bidi.RTL})
	q.FindLines(1)
	if l := q.Line(0); l.Carets[0] > 290 || l.Carets[0] < 260 {
		t.Errorf("Latin in a paragraph set to RTL begins at %g", l.Carets[0])
	}
}

func TestAlignment(t *testing.T) {
	for a, want := range map[Align]float32{Start: 0, Left: 0, Center: 0.5, Right: 1} {
		text := []rune("abc")
		p := New(embedded(), text, []Run{{N: 3, Style: body}}, Params{Width: 300, Style: body, Align: a})
		p.FindLines(1)
		l := p.Line(0)
		if d := l.Carets[0] - want*(300-l.Width); d > 0.01 || d < -0.01 {
			t.Errorf("alignment %d begins at %g", a, l.Carets[0])
		}
	}
}

func TestWhatIsHitIsWhereTheCaretStands(t *testing.T) {
	s := embedded()
	for _, text := range []string{"Hello fi AV e\u0301x", "👨‍👩‍👧🇫🇷x", "abc אבג 12 דה xyz", "אבג abc", "a\tb", "(אב)"} {
		p := plain(s, text, 2000)
		p.FindLines(1)
		l := p.Line(0)
		for _, stop := range l.Stops {
			hit := l.Hit(l.X(int(stop)))
			if d := l.X(hit) - l.X(int(stop)); d > 0.01 || d < -0.01 {
				t.Errorf("%q: the caret at %d stands at %g, where %d is hit at %g", text, stop, l.X(int(stop)), hit, l.X(hit))
			}
			if segment.Round(p.text, hit) != hit {
				t.Errorf("%q: %d was hit, inside a grapheme", text, hit)
			}
		}
	}
}

func TestRectsCoverTheWholeLine(t *testing.T) {
	s := embedded()
	for _, text := range []string{"Hello AV", "abc אבג 12 דה xyz", "a\tb"} {
		p := plain(s, text, 2000)
		p.FindLines(1)
		l := p.Line(0)
		w := float32(0)
		for _, r := range l.Rects(0, l.N) {
			w += r[1] - r[0]
		}
		if d := w - l.Width; d > 0.1 || d < -0.1 {
			t.Errorf("%q: %g covered of %g", text, w, l.Width)
		}
		if len(l.Rects(0, l.N)) != 1 {
			t.Errorf("%q: %v is not one rectangle", text, l.Rects(0, l.N))
		}
	}
}

func TestTabsAndObjects(t *testing.T) {
	text := []rune("a\tb" + string(ObjectRune))
	p := New(embedded(), text, []Run{{N: 3, Style: body}, {N: 1, Style: body, Object: &picture}}, Params{Width: 500, Height: 23, Style: body, Tab: 100})
	p.FindLines(1)
	l := p.Line(0)
	if l.Carets[2] != 100 {
		t.Errorf("the rune behind a tab stands at %g, want 100", l.Carets[2])
	}
	if s := l.Spans[len(l.Spans)-1]; s.Object != &picture || s.X1-s.X0 < 39.9 || l.Height < 50 || l.Ascent < 45 {
		t.Errorf("span %+v in a line of %g, baseline %g", s, l.Height, l.Ascent)
	}
}

// Scripts share one baseline: no glyph but a raised one leaves it.
func TestHeightsDoNotDependOnScripts(t *testing.T) {
	s := embedded()
	a, b := plain(s, "abc", 500), plain(s, "ก漢א😀", 500)
	a.FindLines(1)
	b.FindLines(1)
	if a.Line(0).Height != b.Line(0).Height || a.Line(0).Ascent != b.Line(0).Ascent {
		t.Error("a line is higher for its script")
	}
}

func TestLinesStandBesideWhatFloats(t *testing.T) {
	s := embedded()
	text := []rune("one two three four five six seven eight nine ten")
	p := New(s, text, []Run{{N: len(text), Style: body}}, Params{Width: 200, Height: 23, Style: body, Room: func(y float32) (float32, float32) {
		if y < 30 {
			return 120, 80
		}
		return 0, 200
	}})
	p.Find(len(text))
	if l := p.Line(0); l.X(0) != 120 || l.Width > 80 {
		t.Errorf("the first line stands at %g and is %g wide", l.X(0), l.Width)
	}
	if l := p.Line(2); l.X(0) != 0 || l.Width < 100 {
		t.Errorf("the third line stands at %g and is %g wide", l.X(0), l.Width)
	}
}

func TestWidths(t *testing.T) {
	p := plain(embedded(), "a longestword b\nc", 50)
	least, most := p.Widths()
	word, all := plain(embedded(), "longestword", 999), plain(embedded(), "a longestword b", 999)
	word.FindLines(1)
	all.FindLines(1)
	if d := least - word.Line(0).Width; d > 0.01 || d < -0.01 {
		t.Errorf("least %g, the longest word is %g", least, word.Line(0).Width)
	}
	if d := most - all.Line(0).Width; d > 0.01 || d < -0.01 {
		t.Errorf("most %g, the longest line is %g", most, all.Line(0).Width)
	}
	if p.Find(99); p.Len() < 3 {
		t.Error("asking for widths changed the layout")
	}
}

func TestARunCanAskForItsLineHeight(t *testing.T) {
	text := []rune("ab")
	tall := Style{Size: 15, Line: 40}
	p := New(embedded(), text, []Run{{N: 1, Style: body}, {N: 1, Style: tall}}, Params{Width: 200, Style: body})
	p.FindLines(1)
	if l := p.Line(0); l.Height < 39.9 || l.Height > 40.1 {
		t.Errorf("the line is %g high, want 40", l.Height)
	}
}

// A first letter typed into an empty paragraph left a second, empty line.
func TestNoLineStaysFromAnEmptyParagraph(t *testing.T) {
	p := plain(embedded(), "", 100)
	p.Find(0)
	p.Edit([]rune("a"), []Run{{N: 1, Style: body}}, Edit{0, 0, 1})
	if got := texts(p); !slices.Equal(got, []string{"a"}) {
		t.Errorf("lines %q", got)
	}
	p.Edit(nil, nil, Edit{0, 1, 0})
	if got := texts(p); !slices.Equal(got, []string{""}) {
		t.Errorf("lines %q", got)
	}
}

func TestDroppedLinesAreMadeAgain(t *testing.T) {
	p := plain(embedded(), "one two three four five", 60)
	p.Find(100)
	first, last := p.Line(0), p.Line(p.Len()-1)
	p.Drop(0, 1)
	if p.Line(0) != first || p.Line(p.Len()-1) == last || p.Line(p.Len()-1).Width != last.Width {
		t.Error("the wrong lines were dropped")
	}
}

func FuzzLayout(f *testing.F) {
	f.Add("abc אב\t\n👨‍👩‍👧 x", uint16(40), uint16(3))
	s := embedded()
	f.Fuzz(func(t *testing.T, str string, width, at uint16) {
		text := []rune(str)
		p := New(s, text, []Run{{N: len(text), Style: body}}, Params{Width: float32(width % 1000), Height: 23, Style: body})
		p.Find(len(text))
		n := 0
		for i := range p.lines {
			l := p.Line(i)
			if p.Start(i) != n {
				t.Fatal("lines do not follow each other")
			}
			n += l.N
			l.Hit(float32(at))
			l.Rects(0, l.N)
		}
		if n != len(text) || !p.Done() {
			t.Fatalf("lines end at %d of %d", n, len(text))
		}
		o := segment.Round(text, int(at)%(len(text)+1))
		more := append(append(append([]rune(nil), text[:o]...), ' '), text[o:]...)
		p.Edit(more, []Run{{N: len(more), Style: body}}, Edit{o, o, 1})
		if q := New(s, more, []Run{{N: len(more), Style: body}}, p.params); !same(p, q) {
			t.Fatalf("%s\nwant\n%s", dump(p), dump(q))
		}
	})
}
