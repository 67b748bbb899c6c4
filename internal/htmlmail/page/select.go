package page

import (
	"sort"
	"strings"
	"unicode"

	"paquebot.app/internal/text/segment"
)

// Pos is a place between two runes: an offset in the line of that number.
type Pos struct{ Line, Off int }

// Before tells whether p is read before q.
func (p Pos) Before(q Pos) bool { return p.Line < q.Line || p.Line == q.Line && p.Off < q.Off }

// Hit is the place nearest to a point: in the line it is in, else in the
// nearest one, where lines above and below are farther than those beside.
func (g *Page) Hit(x, y float32) Pos {
	best, near := -1, float32(0)
	for i := range g.Lines {
		l := &g.Lines[i]
		left, right := l.edges()
		dx := max(left-x, x-right, 0)
		dy := max(l.Y-y, y-l.Y-l.Line.Height, 0)
		if d := dx + 8*dy; best < 0 || d < near {
			best, near = i, d
		}
	}
	if best < 0 {
		return Pos{}
	}
	l := &g.Lines[best]
	return Pos{best, l.Line.Hit(x - l.X)}
}

// edges are the left and right end of a line's text.
func (l *Line) edges() (left, right float32) {
	spans := l.Line.Spans
	if len(spans) == 0 {
		x := l.X + l.Line.X(0)
		return x, x
	}
	return l.X + spans[0].X0, l.X + spans[len(spans)-1].X1
}

// End is the place behind all text.
func (g *Page) End() Pos {
	if len(g.Lines) == 0 {
		return Pos{}
	}
	return Pos{len(g.Lines) - 1, g.Lines[len(g.Lines)-1].Line.N}
}

// Rects are what a selection covers, line by line.
func (g *Page) Rects(from, to Pos) []Rect {
	if to.Before(from) {
		from, to = to, from
	}
	var out []Rect
	for i := max(from.Line, 0); i <= to.Line && i < len(g.Lines); i++ {
		l := &g.Lines[i]
		a, b := 0, l.Line.N
		if i == from.Line {
			a = from.Off
		}
		if i == to.Line {
			b = to.Off
		}
		for _, r := range l.Line.Rects(a, b) {
			out = append(out, Rect{l.X + r[0], l.Y, l.X + r[1], l.Y + l.Line.Height})
		}
	}
	return out
}

// Copy is the text of a selection as it is put on the clipboard: paragraphs
// on lines of their own, cells of a row divided by tabs. A line that was only
// broken to fit goes on.
func (g *Page) Copy(from, to Pos) string {
	if to.Before(from) {
		from, to = to, from
	}
	var b strings.Builder
	for i := max(from.Line, 0); i <= to.Line && i < len(g.Lines); i++ {
		l := &g.Lines[i]
		x, y := 0, l.Line.N
		if i == from.Line {
			x = min(from.Off, y)
		}
		if i == to.Line {
			y = min(to.Off, y)
		}
		if i > from.Line {
			b.WriteString(between(&g.Lines[i-1], l))
		}
		for _, r := range l.Text[x:max(x, y)] {
			switch r {
			case 0xfffc, '\n', 0x200b:
			case 0xa0:
				b.WriteByte(' ')
			default:
				b.WriteRune(r)
			}
		}
	}
	return strings.TrimRight(b.String(), " ")
}

// between is what divides two lines that follow each other.
func between(a, b *Line) string {
	switch {
	case a.Block == b.Block:
		if n := len(a.Text); n > 0 && a.Text[n-1] == '\n' {
			return "\n"
		}
		return "" // its blank is part of it
	case a.Row != 0 && a.Row == b.Row && a.Cell != b.Cell:
		return "\t"
	}
	return "\n"
}

// Word is the word at a place.
func (g *Page) Word(at Pos) (from, to Pos) {
	if at.Line < 0 || at.Line >= len(g.Lines) {
		return at, at
	}
	l := &g.Lines[at.Line]
	a, b := segment.WordAround(l.Text, min(at.Off, len(l.Text)))
	return Pos{at.Line, a}, Pos{at.Line, b}
}

// Paragraph is all of the paragraph at a place.
func (g *Page) Paragraph(at Pos) (from, to Pos) {
	if at.Line < 0 || at.Line >= len(g.Lines) {
		return at, at
	}
	a, b := at.Line, at.Line
	for a > 0 && g.Lines[a-1].Block == g.Lines[at.Line].Block && !ends(&g.Lines[a-1]) {
		a--
	}
	for b+1 < len(g.Lines) && !ends(&g.Lines[b]) && g.Lines[b+1].Block == g.Lines[at.Line].Block {
		b++
	}
	return Pos{a, 0}, Pos{b, g.Lines[b].Line.N}
}

func ends(l *Line) bool { return len(l.Text) > 0 && l.Text[len(l.Text)-1] == '\n' }

// Found is a place where a text was found.
type Found struct{ From, To Pos }

// Find returns the places of a text, whatever its case and however its lines
// are broken.
func (g *Page) Find(text string) []Found {
	want := fold([]rune(text))
	if len(want) == 0 {
		return nil
	}
	var all []rune
	starts := make([]int, len(g.Lines)) // of the lines in all
	for i := range g.Lines {
		if i > 0 && between(&g.Lines[i-1], &g.Lines[i]) != "" {
			all = append(all, '\n')
		}
		starts[i] = len(all)
		all = append(all, g.Lines[i].Text...)
	}
	all = fold(all)
	place := func(at int, end bool) Pos {
		i := sort.SearchInts(starts, at+1) - 1
		if end && i > 0 && starts[i] == at {
			i--
		}
		return Pos{i, min(at-starts[i], g.Lines[i].Line.N)}
	}
	var out []Found
	for i := 0; i+len(want) <= len(all); {
		if !equal(all[i:i+len(want)], want) {
			i++
			continue
		}
		out = append(out, Found{place(i, false), place(i+len(want), true)})
		i += len(want)
	}
	return out
}

func equal(a, b []rune) bool {
	for i := range b {
		if a[i] != b[i] {
			return false
		}
	}
	return true
}

// fold makes letters comparable, one rune for each.
func fold(t []rune) []rune {
	out := make([]rune, len(t))
	for i, r := range t {
		if r == 0xa0 || r == '\t' {
			r = ' '
		}
		out[i] = unicode.ToLower(r)
	}
	return out
}

// Text is all text of the page.
func (g *Page) Text() string { return g.Copy(Pos{}, g.End()) }
