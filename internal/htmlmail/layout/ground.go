package layout

import (
	"image/color"
	"math"

	"paquebot.app/internal/htmlmail/css"
	"paquebot.app/internal/htmlmail/page"
)

// ground paints the background of a box.
func (e *emitter) ground(s *css.Style, r page.Rect) {
	if s.Hidden || r.Empty() {
		return
	}
	radius := radii(s, r)
	if s.Ground.A > 0 {
		e.add(page.Item{Kind: page.Fill, Colour: s.Ground, Opacity: opacity(s), Rect: r, Radius: radius})
	}
	if p := s.Picture; p != nil {
		e.background(s, p, r, radius)
	}
}

// radii are the corners of a box, as small as it needs them (CSS Backgrounds 3
// §5.5); nil for none.
func radii(s *css.Style, r page.Rect) *[4]float32 {
	w, h := r.X1-r.X0, r.Y1-r.Y0
	var out [4]float32
	some := false
	for i := range s.Radius {
		out[i] = s.Radius[i].Of(min(w, h))
		some = some || out[i] > 0
	}
	if !some {
		return nil
	}
	f := float32(1)
	for _, pair := range [][3]float32{{out[0], out[1], w}, {out[1], out[2], h}, {out[2], out[3], w}, {out[3], out[0], h}} {
		if sum := pair[0] + pair[1]; sum > pair[2] {
			f = min(f, pair[2]/sum)
		}
	}
	for i := range out {
		out[i] *= f
	}
	return &out
}

// background paints a background picture or gradient.
func (e *emitter) background(s *css.Style, p *css.Picture, r page.Rect, radius *[4]float32) {
	inner := page.Rect{X0: r.X0 + s.Border[css.Left].Width, Y0: r.Y0 + s.Border[css.Top].Width,
		X1: r.X1 - s.Border[css.Right].Width, Y1: r.Y1 - s.Border[css.Bottom].Width}
	if inner.Empty() {
		return
	}
	w, h := inner.X1-inner.X0, inner.Y1-inner.Y0
	if p.Gradient != nil {
		e.add(page.Item{Kind: page.Shade, Opacity: opacity(s), Rect: r, Radius: radius, Shade: gradient(p.Gradient, inner)})
		return
	}
	src := e.l.pictures.Picture(p.Address)
	if src == nil {
		e.g.Missing = append(e.g.Missing, page.Missing{Rect: r, Address: p.Address})
		return
	}
	iw, ih := src.Size()
	if iw < 1 || ih < 1 {
		return
	}
	tw, th := float32(iw), float32(ih)
	switch {
	case p.Fit == css.Cover:
		f := max(w/tw, h/th)
		tw, th = tw*f, th*f
	case p.Fit == css.Contain:
		f := min(w/tw, h/th)
		tw, th = tw*f, th*f
	case !p.Width.Auto && !p.Height.Auto:
		tw, th = p.Width.Of(w), p.Height.Of(h)
	case !p.Width.Auto:
		tw, th = p.Width.Of(w), p.Width.Of(w)*th/tw
	case !p.Height.Auto:
		tw, th = p.Height.Of(h)*tw/th, p.Height.Of(h)
	}
	if tw < 0.5 || th < 0.5 {
		return
	}
	x, y := inner.X0+p.X.Of(w-tw), inner.Y0+p.Y.Of(h-th)
	e.add(page.Item{Kind: page.Picture, Opacity: opacity(s), Rect: r, Radius: radius,
		Image: &page.Image{Source: src, Tile: page.Rect{X0: x, Y0: y, X1: x + tw, Y1: y + th}, RepeatX: p.RepeatX, RepeatY: p.RepeatY}})
}

// gradient places a gradient in a box (CSS Images 3 §3.1).
func gradient(g *css.Gradient, r page.Rect) *page.Gradient {
	w, h := r.X1-r.X0, r.Y1-r.Y0
	cx, cy := (r.X0+r.X1)/2, (r.Y0+r.Y1)/2
	out := &page.Gradient{Radial: g.Radial, Repeating: g.Repeating}
	var length float32
	if g.Radial {
		rx, ry := w/2*math.Sqrt2, h/2*math.Sqrt2
		if g.Circle {
			rx = float32(math.Hypot(float64(w/2), float64(h/2)))
			ry = rx
		}
		out.X0, out.Y0, out.X1, out.Y1 = cx, cy, rx, ry
		length = rx
	} else {
		angle := float64(g.Angle) * math.Pi / 180
		if g.ToX != 0 && g.ToY != 0 { // the corner's neighbours have the same colour
			angle = math.Atan2(float64(h)*float64(g.ToX), -float64(w)*float64(g.ToY))
		}
		sin, cos := float32(math.Sin(angle)), float32(math.Cos(angle))
		length = abs(w*sin) + abs(h*cos)
		out.X0, out.Y0 = cx-sin*length/2, cy+cos*length/2
		out.X1, out.Y1 = cx+sin*length/2, cy-cos*length/2
	}
	out.Stops = stops(g.Stops, length)
	return out
}

func abs(v float32) float32 { return max(v, -v) }

// stops gives the colours of a gradient their places from 0 to 1.
func stops(in []css.Stop, length float32) []page.Stop {
	out := make([]page.Stop, len(in))
	known := make([]bool, len(in))
	for i, s := range in {
		out[i].Colour = s.Colour
		if !s.At.Auto && length > 0 {
			out[i].At, known[i] = s.At.Of(length)/length, true
		}
	}
	n := len(out) - 1
	if !known[0] {
		known[0] = true
	}
	if !known[n] {
		out[n].At, known[n] = 1, true
	}
	last := out[0].At
	for i := range out {
		if known[i] {
			out[i].At = max(out[i].At, last)
			last = out[i].At
		}
	}
	for i := 1; i < n; i++ {
		if known[i] {
			continue
		}
		j := i
		for !known[j] {
			j++
		}
		step := (out[j].At - out[i-1].At) / float32(j-i+1)
		for k := i; k < j; k++ {
			out[k].At, known[k] = out[k-1].At+step, true
		}
	}
	return out
}

// frame paints a border.
func (e *emitter) frame(s *css.Style, r page.Rect, edges *[4]css.Edge) {
	if s.Hidden || edges[0].Width+edges[1].Width+edges[2].Width+edges[3].Width == 0 || r.X1 < r.X0 || r.Y1 < r.Y0 {
		return
	}
	b := &page.Border{}
	for i := range edges {
		b.Width[i], b.Line[i], b.Colour[i] = edges[i].Width, uint8(edges[i].Line), edges[i].Colour
	}
	e.add(page.Item{Kind: page.Frame, Opacity: opacity(s), Rect: r, Radius: radii(s, r), Border: b})
}

// image paints a picture.
func (e *emitter) image(b *box, r page.Rect) {
	s := b.style
	e.ground(s, r)
	e.frame(s, r, &s.Border)
	in := page.Rect{X0: r.X0 + inset(s, css.Left, 0), Y0: r.Y0 + inset(s, css.Top, 0), X1: r.X1 - inset(s, css.Right, 0), Y1: r.Y1 - inset(s, css.Bottom, 0)}
	if s.Hidden || in.Empty() {
		return
	}
	if b.picture.missing {
		if b.picture.address != "" {
			e.g.Missing = append(e.g.Missing, page.Missing{Rect: in, Address: b.picture.address})
		}
		e.missing(b, in)
		return
	}
	e.add(page.Item{Kind: page.Picture, Opacity: opacity(s), Rect: in, Radius: radii(s, r),
		Image: &page.Image{Source: b.picture.source, Tile: in, Alt: b.picture.alt}})
}

// silver frames what is not here.
var silver = color.NRGBA{192, 192, 192, 255}

// missing paints the box of a picture that is not here, and the words that
// stand for it as far as they fit.
func (e *emitter) missing(b *box, r page.Rect) {
	if r.X1-r.X0 < 3 || r.Y1-r.Y0 < 3 {
		return
	}
	c, l := silver, uint8(css.Solid)
	e.add(page.Item{Kind: page.Frame, Opacity: opacity(b.style), Rect: r,
		Border: &page.Border{Width: [4]float32{1, 1, 1, 1}, Line: [4]uint8{l, l, l, l}, Colour: [4]color.NRGBA{c, c, c, c}}})
	if b.picture.alt == "" {
		return
	}
	s := b.style.Of(css.Block)
	alt := &box{style: s, inlines: []*inline{{style: s, text: b.picture.alt, alt: true}}}
	e.l.block(alt, max(0, r.X1-r.X0-4), r.X1-r.X0, &floats{}, 0, 0)
	was := e.clip
	e.clipTo(r)
	e.content(alt, r.X0+2, r.Y0+2)
	e.clip = was
}

// table paints a table: grounds of rows and cells, then what is in the cells,
// then the borders they share.
func (e *emitter) table(b *box, x, y float32) {
	t := b.table
	r := page.Rect{X0: x, Y0: y + t.edgeTop, X1: x + b.w, Y1: y + t.edgeBottom}
	e.ground(b.style, r)
	if !b.style.Collapse {
		e.frame(b.style, r, &b.style.Border)
	}
	for _, c := range t.captions {
		if !c.style.CaptionBottom {
			e.box(c, x+c.x, y+c.y)
		}
	}
	was, wasCell := e.row, e.cell
	for _, row := range t.rows {
		e.rows++
		e.row = e.rows
		for _, c := range row.cells {
			if c.skipped {
				continue
			}
			e.cells++
			e.cell = e.cells
			in := page.Rect{X0: x + c.x, Y0: y + c.y, X1: x + c.x + c.w, Y1: y + c.y + c.h}
			if row.group != nil && painted(row.group) {
				e.ground(row.group, in)
			}
			if painted(row.style) {
				e.ground(row.style, page.Rect{X0: in.X0, Y0: y + row.y, X1: in.X1, Y1: max(in.Y1, y+row.y+row.h)})
			}
			if !b.style.Collapse && b.style.HideEmpty && c.inlines == nil && len(c.kids) == 0 {
				continue
			}
			e.ground(c.style, in)
			if !b.style.Collapse {
				e.frame(c.style, in, &c.style.Border)
			}
			e.content(c, x+c.x, y+c.y)
		}
	}
	e.row, e.cell = was, wasCell
	if b.style.Collapse {
		e.shared(b, x, y)
	}
	for _, c := range t.captions {
		if c.style.CaptionBottom {
			e.box(c, x+c.x, y+c.y)
		}
	}
}

// shared paints the borders that cells share, each in the middle between them.
func (e *emitter) shared(b *box, x, y float32) {
	t := b.table
	before := css.Left
	if b.style.RTL {
		before = css.Right
	}
	for _, c := range t.cells {
		won := t.edges.cells[c]
		if won == nil || c.skipped || c.style.Hidden {
			continue
		}
		edges := *won
		if c.cell.col > 0 {
			edges[before] = css.Edge{}
		}
		if c.cell.row > 0 {
			edges[css.Top] = css.Edge{}
		}
		r := page.Rect{X0: x + c.x - won[css.Left].Width/2, Y0: y + c.y - won[css.Top].Width/2,
			X1: x + c.x + c.w + won[css.Right].Width/2, Y1: y + c.y + c.h + won[css.Bottom].Width/2}
		e.frame(c.style, r, &edges)
	}
}
