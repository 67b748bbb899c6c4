package paint

import (
	"image"
	"image/color"
	"image/draw"

	"paquebot.app/internal/htmlmail/css"
	"paquebot.app/internal/htmlmail/page"
)

// frame paints a border: as one ring where all sides are alike, else side by
// side.
func (c *canvas) frame(it *page.Item) {
	b := it.Border
	out := c.pixels(it.Rect)
	var w [4]int
	for i := range w {
		if b.Width[i] > 0 {
			w[i] = max(1, limit(b.Width[i]*c.scale+0.01))
		}
	}
	in := image.Rectangle{image.Pt(out.Min.X+w[css.Left], out.Min.Y+w[css.Top]), image.Pt(out.Max.X-w[css.Right], out.Max.Y-w[css.Bottom])}
	if it.Radius != nil {
		c.ring(it, out, in, w)
		return
	}
	for side := range 4 {
		if w[side] > 0 {
			c.side(it, out, in, side, w[side])
		}
	}
}

// ring paints a border with round corners, in the colour of its first side
// that has one. Sides of other colours are painted over it where it is
// straight.
func (c *canvas) ring(it *page.Item, out, in image.Rectangle, w [4]int) {
	b := it.Border
	radius := c.corners(it.Radius)
	inner := radius
	for i, pair := range [4][2]int{{css.Left, css.Top}, {css.Right, css.Top}, {css.Right, css.Bottom}, {css.Left, css.Bottom}} {
		inner[i] = max(0, inner[i]-float32(max(w[pair[0]], w[pair[1]])))
	}
	first := -1
	for side := range 4 {
		if w[side] > 0 && first < 0 {
			first = side
		}
	}
	if first < 0 {
		return
	}
	same := true
	for side := range 4 {
		same = same && (w[side] > 0 && b.Colour[side] == b.Colour[first])
	}
	colour := faded(tone(b, first), it.Opacity)
	if !same { // the sides that are there, straight
		for side := range 4 {
			if w[side] > 0 {
				c.side(it, out, in, side, w[side])
			}
		}
		return
	}
	all := func() {
		c.path(out, func(p *pen) {
			p.round(out, radius)
			if in.Dx() > 0 && in.Dy() > 0 {
				p.roundAt(float32(in.Min.X)-p.x, float32(in.Min.Y)-p.y, float32(in.Max.X)-p.x, float32(in.Max.Y)-p.y, inner, true)
			}
		}, image.NewUniform(colour))
	}
	look := css.Line(b.Line[first])
	if look != css.Dashed && look != css.Dotted {
		all()
		return
	}
	c.broken(out, in, radius, w, look == css.Dotted, colour, all)
}

// broken paints a ring in pieces along its sides, whole round its corners.
func (c *canvas) broken(out, in image.Rectangle, radius [4]float32, w [4]int, dots bool, colour color.NRGBA, all func()) {
	var r [4]int
	for i := range r {
		r[i] = min(limit(radius[i]+0.5), out.Dx()/2, out.Dy()/2)
	}
	x0, y0, x1, y1 := out.Min.X, out.Min.Y, out.Max.X, out.Max.Y
	c.dashes(image.Rect(x0+r[0], y0, x1-r[1], in.Min.Y), true, w[css.Top], dots, colour)
	c.dashes(image.Rect(in.Max.X, y0+r[1], x1, y1-r[2]), false, w[css.Right], dots, colour)
	c.dashes(image.Rect(x0+r[3], in.Max.Y, x1-r[2], y1), true, w[css.Bottom], dots, colour)
	c.dashes(image.Rect(x0, y0+r[0], in.Min.X, y1-r[3]), false, w[css.Left], dots, colour)
	whole := c.img
	defer func() { c.img = whole }()
	for _, corner := range []image.Rectangle{image.Rect(x0, y0, x0+r[0], y0+r[0]), image.Rect(x1-r[1], y0, x1, y0+r[1]),
		image.Rect(x1-r[2], y1-r[2], x1, y1), image.Rect(x0, y1-r[3], x0+r[3], y1)} {
		if part, ok := whole.SubImage(corner).(*image.RGBA); ok && !part.Rect.Empty() {
			c.img = part
			all()
		}
	}
}

// tone is the colour of a side: of those that look raised or sunken, lighter
// or darker.
func tone(b *page.Border, side int) color.NRGBA {
	k := b.Colour[side]
	dark := side == css.Top || side == css.Left
	switch css.Line(b.Line[side]) {
	case css.Outset, css.Ridge:
		dark = !dark
	case css.Inset, css.Groove:
	default:
		return k
	}
	if dark {
		return shadow(k)
	}
	f := func(v uint8) uint8 { return uint8(min(int(v)*21/16, 255)) }
	return color.NRGBA{f(k.R), f(k.G), f(k.B), k.A}
}

// shadow is a colour in the shade.
func shadow(k color.NRGBA) color.NRGBA {
	f := func(v uint8) uint8 { return uint8(int(v) * 2 / 3) }
	if int(k.R)+int(k.G)+int(k.B) < 60 {
		return color.NRGBA{76, 76, 76, k.A}
	}
	return color.NRGBA{f(k.R), f(k.G), f(k.B), k.A}
}

// side paints one side of a border. Sides meet along the diagonal where both
// are there.
func (c *canvas) side(it *page.Item, out, in image.Rectangle, side, w int) {
	colour := faded(tone(it.Border, side), it.Opacity)
	if colour.A == 0 {
		return
	}
	look := css.Line(it.Border.Line[side])
	r := out
	switch side {
	case css.Top:
		r.Max.Y = in.Min.Y
	case css.Bottom:
		r.Min.Y = in.Max.Y
	case css.Left:
		r.Max.X = in.Min.X
	case css.Right:
		r.Min.X = in.Max.X
	}
	along := side == css.Top || side == css.Bottom
	switch look {
	case css.Dotted, css.Dashed:
		c.dashes(r, along, w, look == css.Dotted, colour)
		return
	case css.Double:
		if w >= 3 {
			third := (w + 1) / 3
			a, b := r, r
			if along {
				a.Max.Y, b.Min.Y = r.Min.Y+third, r.Max.Y-third
			} else {
				a.Max.X, b.Min.X = r.Min.X+third, r.Max.X-third
			}
			draw.Draw(c.img, a, image.NewUniform(colour), image.Point{}, draw.Over)
			draw.Draw(c.img, b, image.NewUniform(colour), image.Point{}, draw.Over)
			return
		}
	}
	if w < 2 || plain(it.Border) {
		if !along { // the corners are those of top and bottom
			r.Min.Y, r.Max.Y = max(r.Min.Y, min(in.Min.Y, r.Max.Y)), min(r.Max.Y, max(in.Max.Y, r.Min.Y))
		}
		draw.Draw(c.img, r, image.NewUniform(colour), image.Point{}, draw.Over)
		return
	}
	c.path(r, func(p *pen) {
		x0, y0, x1, y1 := float32(out.Min.X)-p.x, float32(out.Min.Y)-p.y, float32(out.Max.X)-p.x, float32(out.Max.Y)-p.y
		a0, b0, a1, b1 := float32(in.Min.X)-p.x, float32(in.Min.Y)-p.y, float32(in.Max.X)-p.x, float32(in.Max.Y)-p.y
		switch side {
		case css.Top:
			p.polygon(x0, y0, x1, y0, a1, b0, a0, b0)
		case css.Right:
			p.polygon(x1, y0, x1, y1, a1, b1, a1, b0)
		case css.Bottom:
			p.polygon(x1, y1, x0, y1, a0, b1, a1, b1)
		default:
			p.polygon(x0, y1, x0, y0, a0, b0, a0, b1)
		}
	}, image.NewUniform(colour))
}

// plain tells a border whose sides all have one colour.
func plain(b *page.Border) bool {
	first := -1
	for i := range 4 {
		if b.Width[i] <= 0 {
			continue
		}
		if first < 0 {
			first = i
		}
		if tone(b, i) != tone(b, first) || b.Colour[i].A < 255 {
			return false
		}
	}
	return true
}

func (p *pen) polygon(at ...float32) {
	p.z.MoveTo(at[0], at[1])
	for i := 2; i+1 < len(at); i += 2 {
		p.z.LineTo(at[i], at[i+1])
	}
	p.z.ClosePath()
}

// dashes paints a side in pieces.
func (c *canvas) dashes(r image.Rectangle, along bool, w int, dots bool, colour color.NRGBA) {
	length := r.Dy()
	if along {
		length = r.Dx()
	}
	piece := w
	switch {
	case dots:
	case w >= 3:
		piece = 2 * w
	default:
		piece = 3 * w
	}
	if piece < 1 || length < 1 {
		return
	}
	n := max(1, (length/piece+1)/2)
	gap := float32(0)
	if n > 1 {
		gap = float32(length-n*piece) / float32(n-1)
	}
	visible := r.Intersect(c.img.Rect.Inset(-piece))
	for i := range n {
		at := int(float32(i)*(float32(piece)+gap) + 0.5)
		k := r
		if along {
			k.Min.X += at
			k.Max.X = min(k.Min.X+piece, r.Max.X)
		} else {
			k.Min.Y += at
			k.Max.Y = min(k.Min.Y+piece, r.Max.Y)
		}
		if !k.Overlaps(visible) {
			continue
		}
		if dots && w > 2 {
			half := float32(w) / 2
			c.path(k, func(p *pen) { p.round(k, [4]float32{half, half, half, half}) }, image.NewUniform(colour))
			continue
		}
		draw.Draw(c.img, k, image.NewUniform(colour), image.Point{}, draw.Over)
	}
}

// rule paints a line along text.
func (c *canvas) rule(it *page.Item, colour color.NRGBA) {
	thick := max(1, limit(snap(it.Rect.Y1*c.scale)))
	top := limit(snap(it.Rect.Y0*c.scale + c.dy))
	r := image.Rect(limit(snap(it.Rect.X0*c.scale+c.dx)), top, limit(snap(it.Rect.X1*c.scale+c.dx)), top+thick)
	switch look := css.Line(it.Line); look {
	case css.Dotted, css.Dashed:
		c.dashes(r, true, thick, look == css.Dotted, colour)
		return
	case css.Double:
		draw.Draw(c.img, r.Add(image.Pt(0, 2*thick)), image.NewUniform(colour), image.Point{}, draw.Over)
	case css.Wavy:
		for x := r.Min.X; x < r.Max.X; x++ {
			if image.Pt(x, top).In(c.img.Rect.Inset(-4)) {
				up := []int{0, 1, 2, 1}[x/max(1, thick)&3] * thick
				draw.Draw(c.img, image.Rect(x, top+up, x+1, top+up+thick), image.NewUniform(colour), image.Point{}, draw.Over)
			}
		}
		return
	}
	draw.Draw(c.img, r, image.NewUniform(colour), image.Point{}, draw.Over)
}
