package line

import "paquebot.app/internal/text/segment"

// Piece is a stretch of a paragraph that is not divided between lines.
type Piece struct {
	From, To int
	Width    float32 // without the blanks at its end
	Blank    float32 // of those
	Ends     bool    // with a Break
}

// Piece is the one that begins at from, which is below the length of the text.
// Together with Compose it is for those who find lines themselves, as HTML
// does, where the place of a line depends on what floats beside it.
func (p *Paragraph) Piece(from int) Piece {
	p.breaks.line = from
	out := Piece{From: from}
	for at := from; ; {
		q := p.part(at)
		for i := q.from; i < q.to; i++ {
			if a := p.advance(q, i, out.Width+out.Blank); blank(p.text[i]) {
				out.Blank += a
			} else {
				out.Width += out.Blank + a
				out.Blank = 0
			}
		}
		at = q.to
		out.To = at
		if p.text[at-1] == Break {
			out.Ends = true
			return out
		}
		if at == len(p.text) || p.breakable(at) {
			return out
		}
	}
}

// Cut is the last place in a piece at which a line may be ended inside a word
// so that it is at most limit wide; it is behind at least one grapheme.
func (p *Paragraph) Cut(from, to int, limit float32) int {
	x, last := float32(0), from
	for at := from; at < to; {
		q := p.part(at)
		for i := q.from; i < q.to && i < to; i++ {
			a := p.advance(q, i, x)
			if i > from && p.breakAt(i)&segment.Grapheme != 0 && (i == q.from || q.word == nil || q.word.Whole[i-q.from]) {
				if last > from && x > limit+0.01 {
					return last
				}
				last = i
				if x+a > limit+0.01 {
					return last
				}
			}
			x += a
		}
		at = q.to
	}
	return to
}

// breakable tells whether a line may end before rune i.
func (p *Paragraph) breakable(i int) bool {
	if p.breakAt(i)&segment.Line == 0 {
		return false
	}
	if p.params.WholeAddresses && p.text[i-1] == '/' && p.text[i] < 0x80 {
		return false
	}
	r := p.runAt(i)
	if !p.runs[r].NoBreak {
		return true
	}
	return !p.runs[p.runAt(i-1)].NoBreak
}

// Place is where a line is to stand.
type Place struct {
	From, To       int
	Left           float32 // of the first rune, or of the last where the paragraph runs from right to left
	Ascent, Height float32
	Widen          float32 // each blank inside, to make the line as wide as others
}

// Measure returns the width of the runes From to To without the blanks at
// their end, and how many blanks are inside.
func (p *Paragraph) Measure(from, to int) (width float32, blanks int) {
	r := p.widths(from, to)
	for i := from; i < to-r.hang; i++ {
		if blank(p.text[i]) {
			blanks++
		}
	}
	return r.width, blanks
}

// widths returns a line with its widths, and nothing else known of it.
func (p *Paragraph) widths(from, to int) ref {
	r := ref{start: from, n: to - from}
	for i := to; i > from && blank(p.text[i-1]); i-- {
		r.hang++
	}
	x := float32(0)
	for at := from; at < to; {
		q := p.part(at)
		for i := at; i < min(q.to, to); i++ {
			if i == to-r.hang {
				r.width = x
			}
			x += p.advance(q, i, x)
		}
		at = q.to
	}
	if r.hang == 0 {
		r.width = x
	}
	r.hangWidth = x - r.width
	return r
}

// Compose makes the line that stands in a place.
func (p *Paragraph) Compose(at Place) *Line {
	r := p.widths(at.From, at.To)
	r.left, r.ascent, r.height, r.widen = at.Left, at.Ascent, at.Height, at.Widen
	if at.Widen != 0 {
		for i := at.From; i < at.To-r.hang; i++ {
			if blank(p.text[i]) {
				r.width += at.Widen
			}
		}
	}
	r.room = r.width
	return p.place(&r)
}
