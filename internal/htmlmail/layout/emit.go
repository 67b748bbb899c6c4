package layout

import (
	"image/color"
	"sort"

	"paquebot.app/internal/htmlmail/css"
	"paquebot.app/internal/htmlmail/page"
	"paquebot.app/internal/text/line"
)

// emitter writes a laid-out document into a page.
type emitter struct {
	l     *layouter
	g     *page.Page
	clip  int32
	block int // the number of the paragraph
	row   int
	cell  int
	rows  int // given away
	cells int
	quote int // how deep in quotes
}

// box paints a box whose border edge is at x, y, and what is in it.
func (e *emitter) box(b *box, x, y float32) {
	if b.skipped {
		return
	}
	r := page.Rect{X0: x, Y0: y, X1: x + b.w, Y1: y + b.h}
	if b.quote {
		defer e.quoted(b, r)()
	}
	switch {
	case b.kind == imageKind:
		e.image(b, r)
		return
	case b.kind == tableKind:
		e.table(b, x, y)
		return
	case b.node != nil && (b.node.Tag == "html" || b.node.Tag == "body" && e.l.bodyIsCanvas):
		e.frame(b.style, r, &b.style.Border)
	default:
		e.ground(b.style, r)
		e.frame(b.style, r, &b.style.Border)
	}
	was := e.clip
	if b.style.Clip && (b.style.Height.Fixed() || !b.style.MaxHeight.Auto) {
		e.clipTo(r)
	}
	if b.marker != nil {
		e.marker(b, x, y)
	}
	e.content(b, x, y)
	e.clip = was
}

// quoted begins a quote in a rectangle; what it returns ends it.
func (e *emitter) quoted(b *box, r page.Rect) (end func()) {
	from := len(e.g.Lines)
	e.quote++
	return func() {
		e.quote--
		if to := len(e.g.Lines); to > from || b.folded {
			q := page.Quote{Rect: r, Level: e.quote + 1, From: from, To: to, Folded: b.folded, Number: -1}
			if e.quote == 0 {
				q.Number = b.number
			}
			e.g.Quotes = append(e.g.Quotes, q)
		}
	}
}

// clipTo narrows what is painted from here on.
func (e *emitter) clipTo(r page.Rect) {
	if e.clip != 0 {
		r = r.Within(e.g.Clips[e.clip])
	}
	e.g.Clips = append(e.g.Clips, r)
	e.clip = int32(len(e.g.Clips) - 1)
}

// content paints the boxes and lines in a box.
func (e *emitter) content(b *box, x, y float32) {
	y += b.shift
	for _, k := range b.kids {
		e.box(k, x+k.x, y+k.y)
	}
	if b.text == nil {
		return
	}
	e.block++
	drift := 0
	for i := range b.lines {
		pl := &b.lines[i]
		for ; drift < len(b.text.floats) && b.text.floats[drift].at < pl.to; drift++ {
			k := b.text.floats[drift].box
			e.box(k, x+k.x, y+k.y)
		}
		e.line(b, pl, x, y)
	}
	for ; drift < len(b.text.floats); drift++ {
		k := b.text.floats[drift].box
		e.box(k, x+k.x, y+k.y)
	}
}

// line paints a line and the boxes in it.
func (e *emitter) line(b *box, pl *placed, x, y float32) {
	p := b.text
	e.grounds(b, pl, x, y)
	boxes := p.between(pl.from, pl.to)
	if pl.parts == nil {
		e.text(p, pl.line, pl.from, pl.to, x+pl.x, y+pl.y)
		for _, a := range boxes {
			e.box(a.box, x+a.box.x, y+a.box.y)
		}
		return
	}
	for _, a := range boxes {
		if a.box.kind == imageKind {
			e.box(a.box, x+a.box.x, y+a.box.y)
		}
	}
	block := e.block
	for _, part := range pl.parts {
		if part.box != nil {
			e.box(part.box, x+part.box.x, y+part.box.y)
			continue
		}
		now := e.block
		e.block = block
		e.text(p, part.line, part.from, part.from+part.line.N, x+pl.x, y+pl.y)
		e.block = max(now, block)
	}
	e.block++
}

// text adds a line, or a part of one, with its left end and top at x, y.
func (e *emitter) text(p *paragraph, ln *line.Line, from, to int, x, y float32) {
	e.g.Lines = append(e.g.Lines, page.Line{X: x, Y: y, Line: ln, Text: p.text[from:to], Runs: p.out, From: from, Block: e.block, Cell: e.cell, Row: e.row})
	base := y + ln.Ascent
	for i := range ln.Spans {
		s := &ln.Spans[i]
		if s.Face == nil {
			continue
		}
		f := &p.frags[s.Style.Tag]
		if f.style.Hidden {
			continue
		}
		o := opacity(f.style)
		e.decorate(f, s, x, base-f.rise, o, false)
		if f.style.Colour.A > 0 {
			e.add(page.Item{Kind: page.Text, Colour: f.style.Colour, Opacity: o, X: x, Y: base, Span: s,
				Rect: page.Rect{X0: x + s.X0 - s.Style.Size, Y0: base - 2*s.Style.Size, X1: x + s.X1 + s.Style.Size, Y1: base + s.Style.Size}})
		}
		e.decorate(f, s, x, base-f.rise, o, true)
	}
}

func opacity(s *css.Style) uint8 { return uint8(min(max(s.Opacity, 0), 1)*255 + 0.5) }

// decorate adds the lines along a span: those below the letters, or the one
// through them.
func (e *emitter) decorate(f *frag, s *line.Span, x, base float32, o uint8, through bool) {
	for d := f.style.Decoration; d != nil; d = d.Around {
		thick := max(1, round(f.style.Size/10))
		add := func(top float32) {
			e.add(page.Item{Kind: page.Rule, Colour: d.Colour, Opacity: o, Line: uint8(d.Line), Rect: page.Rect{X0: x + s.X0, Y0: top, X1: x + s.X1, Y1: thick}})
		}
		switch {
		case through && d.Through:
			add(base - round(f.face.ascent/3) - floor(thick/2))
		case through:
		default:
			if d.Under {
				add(base + max(1, floor((thick+1)/2)))
			}
			if d.Over {
				add(base - f.face.ascent)
			}
		}
	}
}

// add appends an item as it is clipped.
func (e *emitter) add(i page.Item) {
	i.Clip = e.clip
	e.g.Items = append(e.g.Items, i)
}

// grounds paints the backgrounds and borders of the elements in a line, the
// outer ones first.
func (e *emitter) grounds(b *box, pl *placed, x, y float32) {
	p := b.text
	ends := map[int][2]float32{} // of the elements that are painted
	for i := range pl.line.Spans {
		s := &pl.line.Spans[i]
		for f := int(s.Style.Tag); f > 0; f = p.frags[f].around {
			if a := &p.frags[f]; a.elem == nil || !a.elem.elem || !painted(a.style) {
				continue
			}
			r, known := ends[f]
			if !known {
				r = [2]float32{far, -far}
			}
			ends[f] = [2]float32{min(r[0], s.X0), max(r[1], s.X1)}
		}
	}
	order := make([]int, 0, len(ends))
	for f := range ends {
		order = append(order, f)
	}
	sort.Ints(order)
	for _, f := range order {
		e.inlineBox(p, pl, f, ends[f][0], ends[f][1], x, y)
	}
}

func painted(s *css.Style) bool {
	return s.Ground.A > 0 || s.Picture != nil || s.Border[0].Width+s.Border[1].Width+s.Border[2].Width+s.Border[3].Width > 0
}

// inlineBox paints the box of an element in a line, from left to right.
func (e *emitter) inlineBox(p *paragraph, pl *placed, f int, left, right, x, y float32) {
	a := &p.frags[f]
	if right <= left || a.style.Hidden {
		return
	}
	s := *a.style
	base := y + pl.y + pl.line.Ascent - a.rise
	r := page.Rect{X0: x + pl.x + left, X1: x + pl.x + right,
		Y0: base - a.face.ascent - inset(&s, css.Top, 0), Y1: base + a.face.descent + inset(&s, css.Bottom, 0)}
	first, last := !e.holds(p, f, pl.from-1), !e.holds(p, f, pl.to)
	if first && a.elem.open {
		r.X0 += s.Margin[css.Left].Of(0)
	} else {
		s.Border[css.Left] = css.Edge{}
	}
	if last && a.elem.shut {
		r.X1 -= s.Margin[css.Right].Of(0)
	} else {
		s.Border[css.Right] = css.Edge{}
	}
	e.ground(&s, r)
	e.frame(&s, r, &s.Border)
}

// holds tells whether a rune of a paragraph is in an element.
func (e *emitter) holds(p *paragraph, f, at int) bool {
	if at < 0 || at >= len(p.text) {
		return false
	}
	for k := int(p.runs[e.l.runOf(p, at)].Style.Tag); k > 0; k = p.frags[k].around {
		if k == f {
			return true
		}
	}
	return false
}

// marker paints what stands before a list item.
func (e *emitter) marker(b *box, x, y float32) {
	m, _ := e.l.fonts.metrics(b.style)
	s := b.style
	base := y + inset(s, css.Top, 0) + m.ascent
	if first, top := firstLine(b, y); first != nil {
		base = top + first.line.Ascent
	}
	content := x + inset(s, css.Left, b.w)
	if s.RTL {
		content = x + b.w - inset(s, css.Right, b.w)
	}
	if b.marker.text != "" {
		ln := e.l.lineOf(b.marker.text, s)
		left := content - lineWidth(ln)
		if s.RTL {
			left = content
		}
		for i := range ln.Spans {
			if sp := &ln.Spans[i]; sp.Face != nil {
				e.add(page.Item{Kind: page.Text, Colour: s.Colour, Opacity: opacity(s), X: left, Y: base, Span: sp,
					Rect: page.Rect{X0: left - s.Size, Y0: base - 2*s.Size, X1: left + sp.X1 + s.Size, Y1: base + s.Size}})
			}
		}
		return
	}
	third := floor(m.ascent * 2 / 3)
	size := floor((third + 1) / 2)
	left := content - third - 8
	if s.RTL {
		left = content + third + 8 - size
	}
	top := base - m.ascent + floor(3*(m.ascent-third)/2)
	r := page.Rect{X0: left, Y0: top, X1: left + size, Y1: top + size}
	round := [4]float32{size, size, size, size}
	i := page.Item{Kind: page.Fill, Sign: true, Colour: s.Colour, Opacity: opacity(s), Rect: r, Radius: &round}
	switch b.marker.kind {
	case css.Square:
		i.Radius = nil
	case css.Circle:
		i.Kind = page.Frame
		c := s.Colour
		i.Border = &page.Border{Width: [4]float32{1, 1, 1, 1}, Line: [4]uint8{uint8(css.Solid), uint8(css.Solid), uint8(css.Solid), uint8(css.Solid)},
			Colour: [4]color.NRGBA{c, c, c, c}}
	}
	e.add(i)
}

func lineWidth(ln *line.Line) float32 {
	w := float32(0)
	for _, a := range ln.Advance {
		w += a
	}
	return w
}

// firstLine is the first line in a box, and where its top is.
func firstLine(b *box, y float32) (*placed, float32) {
	y += b.shift
	if len(b.lines) > 0 {
		return &b.lines[0], y + b.lines[0].y
	}
	for _, k := range b.kids {
		if k.floats() || k.kind != blockKind {
			continue
		}
		if pl, top := firstLine(k, y+k.y); pl != nil {
			return pl, top
		}
	}
	return nil, 0
}
