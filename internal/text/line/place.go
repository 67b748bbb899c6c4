package line

import (
	"paquebot.app/internal/text/bidi"
	"paquebot.app/internal/text/segment"
	"paquebot.app/internal/text/shape"
)

// Line returns the content of line i, the same until an edit reaches it.
func (p *Paragraph) Line(i int) *Line {
	r := &p.lines[i]
	if r.line == nil {
		r.line = p.place(r)
	}
	return r.line
}

// place puts the glyphs of a line in their places.
func (p *Paragraph) place(r *ref) *Line {
	end := r.start + r.n
	l := &Line{N: r.n, Width: r.width, Height: r.height, Ascent: r.ascent, Hang: r.hang,
		Carets: make([]float32, r.n+1), Advance: make([]float32, r.n)}
	for k, b := range segment.Breaks(p.text, r.start, end) {
		if b&segment.Grapheme != 0 || k == 0 || k == r.n {
			l.Stops = append(l.Stops, int32(k))
		}
	}
	var parts []part
	x := float32(0)
	if r.start == 0 {
		x = p.params.Indent
	}
	for at := r.start; at < end; {
		q := p.part(at)
		q.to = min(q.to, end)
		for i := at; i < q.to; i++ {
			a := p.advance(q, i, x)
			if r.widen != 0 && blank(p.text[i]) && i < end-r.hang {
				a += r.widen
			}
			l.Advance[i-r.start] = a
			x += a
		}
		parts = append(parts, q)
		at = q.to
	}
	x = p.left(r)
	if p.levels == nil {
		for _, q := range parts {
			x = p.put(l, r, q, x, false)
		}
		l.Carets[r.n] = x
		return l
	}
	l.Levels = append([]uint8(nil), p.levels[r.start:end]...)
	bidi.EndLine(p.text[r.start:end], l.Levels, p.level)
	parts = splitByLevel(parts, l.Levels, r.start)
	l.Carets[r.n] = x
	if p.level&1 == 0 {
		l.Carets[r.n] = x + r.width + r.hangWidth
	}
	for _, run := range bidi.Visual(l.Levels) {
		from, to := run.From+r.start, run.To+r.start
		var in []part
		for _, q := range parts {
			if q.from >= from && q.to <= to {
				in = append(in, q)
			}
		}
		if run.RTL() {
			for i, j := 0, len(in)-1; i < j; i, j = i+1, j-1 {
				in[i], in[j] = in[j], in[i]
			}
		}
		for _, q := range in {
			x = p.put(l, r, q, x, run.RTL())
		}
	}
	return l
}

// splitByLevel divides parts where the end of the line changed the level of
// its blanks.
func splitByLevel(parts []part, levels []uint8, start int) []part {
	var out []part
	for _, q := range parts {
		for i := q.from + 1; i < q.to; i++ {
			if levels[i-start] != levels[i-1-start] {
				head := q
				head.to = i
				out = append(out, head)
				q = part{i, q.to, q.run, q.word.From(i - q.from)}
			}
		}
		out = append(out, q)
	}
	return out
}

// left is where the text of a line begins.
func (p *Paragraph) left(r *ref) float32 {
	indent := float32(0)
	if r.start == 0 {
		indent = p.params.Indent
	}
	room := r.room - r.width - indent
	x := float32(0)
	rtl := p.level&1 == 1
	switch a := p.params.Align; {
	case a == Right, a == Start && rtl:
		x = room
	case a == Center:
		x = room / 2
	}
	if rtl {
		return r.left + x - r.hangWidth // the blanks at the end stand left of it
	}
	return r.left + x + indent
}

// put places a part with its left end at x and returns its right end.
func (p *Paragraph) put(l *Line, r *ref, q part, x float32, rtl bool) float32 {
	run := &p.runs[q.run]
	from, to := q.from-r.start, q.to-r.start
	width := float32(0)
	for _, a := range l.Advance[from:to] {
		width += a
	}
	caret := x
	if rtl {
		caret = x + width
	}
	for i := from; i < to; i++ {
		l.Carets[i] = caret
		if rtl {
			caret -= l.Advance[i]
		} else {
			caret += l.Advance[i]
		}
	}
	end := x + width
	before, behind := p.beside(q, rtl)
	p.apart(l, from, to, before, behind, rtl)
	if before != 0 {
		l.Spans = append(l.Spans, Span{Style: run.Style, From: from, To: from, X0: x, X1: x + before, RTL: rtl})
		x += before
	}
	if q.word == nil {
		l.Spans = append(l.Spans, Span{Style: run.Style, Object: run.Object, From: from, To: to, X0: x, X1: end - behind, RTL: rtl})
		return p.behind(l, run.Style, end-behind, end, to, rtl)
	}
	scale := run.Style.Size / shape.EM
	pieces := q.word.Pieces
	for k := range pieces {
		piece := &pieces[k]
		if rtl {
			piece = &pieces[len(pieces)-1-k]
		}
		a, b := max(piece.From, 0), min(piece.To, q.to-q.from)
		if a >= b {
			continue
		}
		s := Span{Style: run.Style, Face: piece.Face, From: from + a, To: from + b, X0: x, RTL: rtl, Glyphs: make([]Glyph, 0, len(piece.Glyphs))}
		for _, g := range piece.Glyphs {
			if int(g.Rune) >= q.to-q.from {
				continue
			}
			s.Glyphs = append(s.Glyphs, Glyph{ID: g.ID, X: x + g.X*scale, Y: g.Y*scale - run.Style.Rise})
			if x += g.Advance * scale; g.Advance > 0 && run.Style.Spacing != 0 {
				x += run.Style.Spacing
			}
			if i := q.from + int(g.Rune); run.Style.Blank != 0 && widened(p.text[i]) {
				x += run.Style.Blank
			}
			if i := q.from + int(g.Rune); r.widen != 0 && blank(p.text[i]) && i < r.start+r.n-r.hang {
				x += r.widen
			}
		}
		s.X1 = x
		if last := len(l.Spans) - 1; last >= 0 && joinable(&l.Spans[last], &s) {
			prev := &l.Spans[last]
			prev.From, prev.To, prev.X1 = min(prev.From, s.From), max(prev.To, s.To), s.X1
			prev.Glyphs = append(prev.Glyphs, s.Glyphs...)
			continue
		}
		l.Spans = append(l.Spans, s)
	}
	return p.behind(l, run.Style, end-behind, end, to, rtl)
}

// beside is the room left and right of a part that its run asks for.
func (p *Paragraph) beside(q part, rtl bool) (left, right float32) {
	r := &p.runs[q.run]
	if q.from == p.ends[q.run]-r.N {
		left = r.Lead
	}
	if q.to == p.ends[q.run] {
		right = r.Trail
	}
	if rtl {
		return right, left
	}
	return left, right
}

// apart takes the room beside a part out of its first and last rune again:
// carets stand at the letters.
func (p *Paragraph) apart(l *Line, from, to int, left, right float32, rtl bool) {
	lead, trail := left, right
	if rtl {
		lead, trail = right, left
	}
	l.Advance[from] -= lead
	l.Advance[to-1] -= trail
	if rtl {
		lead = -lead
	}
	l.Carets[from] += lead
}

// behind adds the room right of a part, from x to end, and returns end.
func (p *Paragraph) behind(l *Line, s Style, x, end float32, at int, rtl bool) float32 {
	if end > x {
		l.Spans = append(l.Spans, Span{Style: s, From: at, To: at, X0: x, X1: end, RTL: rtl})
	}
	return end
}

// joinable tells spans that are one: b goes on where a ends, in the same look.
func joinable(a, b *Span) bool {
	return a.Face == b.Face && a.Style == b.Style && a.Object == nil && b.Object == nil && a.RTL == b.RTL && (a.To == b.From || b.To == a.From)
}
