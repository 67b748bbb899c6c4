package line

import (
	"testing"

	"paquebot.app/internal/text/font"
	"paquebot.app/internal/text/shape"
)

// byHand lays a text out in lines of a width with Piece and Compose.
func byHand(p *Paragraph, width float32) []*Line {
	var out []*Line
	for at := 0; at < len(p.text); {
		x, end := float32(0), at
		for end < len(p.text) {
			piece := p.Piece(end)
			if x+piece.Width > width && end > at {
				break
			}
			x += piece.Width + piece.Blank
			end = piece.To
			if piece.Ends {
				break
			}
		}
		out = append(out, p.Compose(Place{From: at, To: end, Height: 20, Ascent: 15}))
		at = end
	}
	return out
}

func paragraphOf(text string, runs ...Run) *Paragraph {
	t := []rune(text)
	if runs == nil {
		runs = []Run{{N: len(t), Style: Style{Size: 16}}}
	}
	return New(shape.New(font.New(false, "")), t, runs, Params{Width: 1e6, Style: Style{Size: 16}, Align: Left})
}

func TestLinesByHandAreThoseOfTheParagraph(t *testing.T) {
	const text = "Some words that are broken into lines, with a longword-with-hyphens and a\nforced break, AVA To."
	for _, width := range []float32{80, 150, 300} {
		q := New(shape.New(font.New(false, "")), []rune(text), []Run{{N: len([]rune(text)), Style: Style{Size: 16}}}, Params{Width: width, Style: Style{Size: 16}})
		q.Find(len(text))
		lines := byHand(paragraphOf(text), width)
		if len(lines) != q.Len() {
			t.Fatalf("%g: %d lines, the paragraph has %d", width, len(lines), q.Len())
		}
		for i, l := range lines {
			if want := q.Line(i); l.N != want.N || distance(l.Width, want.Width) > 0.01 {
				t.Errorf("%g: line %d has %d runes, %g wide; want %d, %g", width, i, l.N, l.Width, want.N, want.Width)
			}
		}
	}
}

func TestRoomBesideARunIsNoPartOfItsLetters(t *testing.T) {
	s := Style{Size: 16}
	plain := byHand(paragraphOf("ab cd ef"), 1000)[0]
	p := paragraphOf("ab cd ef", Run{N: 3, Style: s}, Run{N: 2, Style: Style{Size: 16, Tag: 1}, Lead: 10, Trail: 7}, Run{N: 3, Style: s})
	l := byHand(p, 1000)[0]
	if distance(l.Width, plain.Width+17) > 0.01 {
		t.Errorf("%g wide, want %g", l.Width, plain.Width+17)
	}
	if r := l.Rects(3, 5); len(r) != 1 || distance(r[0][0], plain.X(3)+10) > 0.01 || distance(r[0][1], plain.X(5)+10) > 0.01 {
		t.Errorf("the letters cover %v", r)
	}
	if distance(l.X(5), plain.X(5)+17) > 0.01 {
		t.Errorf("what follows begins at %g", l.X(5))
	}
	room := float32(0)
	for i := range l.Spans {
		if sp := &l.Spans[i]; sp.From == sp.To {
			room += sp.X1 - sp.X0
		}
	}
	if distance(room, 17) > 0.01 {
		t.Errorf("room of %g", room)
	}
}

func TestUnbrokenRunsAndAddressesStayWhole(t *testing.T) {
	p := paragraphOf("a b c d", Run{N: 2, Style: Style{Size: 16}}, Run{N: 4, Style: Style{Size: 16, Tag: 1}, NoBreak: true}, Run{N: 1, Style: Style{Size: 16}})
	var ends []int
	for at := 0; at < 7; {
		piece := p.Piece(at)
		at = piece.To
		ends = append(ends, at)
	}
	if len(ends) != 3 || ends[0] != 2 || ends[1] != 6 {
		t.Errorf("pieces end at %v", ends)
	}
	q := paragraphOf("http://example.com/path/x y")
	q.params.WholeAddresses = true
	if to := q.Piece(0).To; to != 26 {
		t.Errorf("an address ends at %d", to)
	}
}

func TestACutLeavesAtLeastOneGrapheme(t *testing.T) {
	p := paragraphOf("Donaudampfschiff")
	for _, limit := range []float32{0, 1, 40, 90} {
		cut := p.Cut(0, 16, limit)
		w, _ := p.Measure(0, cut)
		if cut < 1 || cut > 1 && w > limit+0.02 {
			t.Errorf("%g: cut at %d, %g wide", limit, cut, w)
		}
	}
}

func TestWidenedBlanksFillALine(t *testing.T) {
	p := paragraphOf("one two three ")
	width, blanks := p.Measure(0, 14)
	if blanks != 2 {
		t.Fatalf("%d blanks", blanks)
	}
	l := p.Compose(Place{From: 0, To: 14, Widen: 5})
	last := l.Rects(8, 13)
	if distance(l.Width, width+10) > 0.01 || distance(last[0][1], width+10) > 0.01 {
		t.Errorf("%g wide, its last word ends at %g, want %g", l.Width, last[0][1], width+10)
	}
}
