package paint

import (
	"image"
	"image/color"
	"image/draw"
	"math"

	xdraw "golang.org/x/image/draw"

	"paquebot.app/internal/htmlmail/page"
)

// picture paints a picture, or tiles of it, inside of its Rect.
func (c *canvas) picture(it *page.Item) {
	src := it.Image.Source.Image()
	if src == nil || src.Bounds().Empty() {
		return
	}
	box := c.pixels(it.Rect).Intersect(c.img.Rect)
	tile := c.pixels(it.Image.Tile)
	if box.Empty() || tile.Empty() {
		return
	}
	if it.Radius == nil && it.Opacity == 255 && !it.Image.RepeatX && !it.Image.RepeatY {
		into, ok := c.img.SubImage(box).(*image.RGBA)
		if ok {
			scaled(into, tile, src)
		}
		return
	}
	// Tiles, round corners and faint pictures are put together beside it.
	layer := image.NewRGBA(box)
	x0, x1, y0, y1 := 0, 0, 0, 0
	if it.Image.RepeatX {
		x0, x1 = span(box.Min.X, box.Max.X, tile.Min.X, tile.Dx())
	}
	if it.Image.RepeatY {
		y0, y1 = span(box.Min.Y, box.Max.Y, tile.Min.Y, tile.Dy())
	}
	one := tile.Sub(tile.Min)
	if one.Dx() > 4096 || one.Dy() > 4096 || x0 == x1 && y0 == y1 {
		scaled(layer, tile, src)
	} else {
		piece := image.NewRGBA(one)
		scaled(piece, one, src)
		for y := y0; y <= y1; y++ {
			for x := x0; x <= x1; x++ {
				at := tile.Add(image.Pt(x*one.Dx(), y*one.Dy()))
				draw.Draw(layer, at, piece, image.Point{}, draw.Over)
			}
		}
	}
	if it.Opacity < 255 {
		fade(layer, it.Opacity)
	}
	if it.Radius == nil {
		draw.Draw(c.img, box, layer, box.Min, draw.Over)
		return
	}
	whole := c.pixels(it.Rect)
	c.path(whole, func(p *pen) { p.round(whole, c.corners(it.Radius)) }, layer)
}

// span is which tiles of a length meet a stretch, counted from the one at
// start.
func span(from, to, start, length int) (first, last int) {
	first = int(math.Floor(float64(from-start) / float64(length)))
	last = int(math.Floor(float64(to-1-start) / float64(length)))
	return first, last
}

// scaled draws a picture into a rectangle: smoothly where it becomes smaller.
func scaled(dst *image.RGBA, r image.Rectangle, src image.Image) {
	b := src.Bounds()
	switch {
	case r.Dx() == b.Dx() && r.Dy() == b.Dy():
		draw.Draw(dst, r, src, b.Min, draw.Over)
	case r.Dx()*2 < b.Dx() || r.Dy()*2 < b.Dy():
		xdraw.BiLinear.Scale(dst, r, src, b, draw.Over, nil)
	default:
		xdraw.ApproxBiLinear.Scale(dst, r, src, b, draw.Over, nil)
	}
}

func fade(img *image.RGBA, opacity uint8) {
	for i := range img.Pix {
		img.Pix[i] = uint8(int(img.Pix[i]) * int(opacity) / 255)
	}
}

// shade paints a gradient inside of its Rect.
func (c *canvas) shade(it *page.Item) {
	box := c.pixels(it.Rect)
	seen := box.Intersect(c.img.Rect)
	if seen.Empty() || len(it.Shade.Stops) == 0 {
		return
	}
	g := it.Shade
	table := ramp(g.Stops)
	layer := image.NewRGBA(seen)
	x0, y0 := g.X0*c.scale+c.dx, g.Y0*c.scale+c.dy
	dx, dy := g.X1*c.scale+c.dx-x0, g.Y1*c.scale+c.dy-y0
	if g.Radial {
		dx, dy = max(g.X1*c.scale, 0.01), max(g.Y1*c.scale, 0.01)
	}
	square := dx*dx + dy*dy
	for y := seen.Min.Y; y < seen.Max.Y; y++ {
		row := layer.Pix[layer.PixOffset(seen.Min.X, y):]
		for x := seen.Min.X; x < seen.Max.X; x++ {
			px, py := float32(x)+0.5-x0, float32(y)+0.5-y0
			var t float32
			switch {
			case g.Radial:
				t = float32(math.Hypot(float64(px/dx), float64(py/dy)))
			case square > 0:
				t = (px*dx + py*dy) / square
			}
			if g.Repeating {
				t = repeated(t, g.Stops)
			}
			k := table[min(max(int(t*float32(len(table)-1)+0.5), 0), len(table)-1)]
			i := 4 * (x - seen.Min.X)
			row[i], row[i+1], row[i+2], row[i+3] = k.R, k.G, k.B, k.A
		}
	}
	if it.Opacity < 255 {
		fade(layer, it.Opacity)
	}
	if it.Radius == nil {
		draw.Draw(c.img, seen, layer, seen.Min, draw.Over)
		return
	}
	c.path(box, func(p *pen) { p.round(box, c.corners(it.Radius)) }, layer)
}

// repeated brings a place on a repeating gradient between its first and last
// stop.
func repeated(t float32, stops []page.Stop) float32 {
	first, last := stops[0].At, stops[len(stops)-1].At
	if last <= first {
		return last
	}
	length := last - first
	return t - length*float32(math.Floor(float64((t-first)/length)))
}

// ramp is a gradient in steps, its colours premultiplied.
func ramp(stops []page.Stop) *[1024]color.RGBA {
	var out [1024]color.RGBA
	k := 0
	for i := range out {
		t := float32(i) / float32(len(out)-1)
		for k+1 < len(stops) && stops[k+1].At <= t {
			k++
		}
		a, b := stops[k], stops[min(k+1, len(stops)-1)]
		f := float32(0)
		if b.At > a.At && t > a.At {
			f = (t - a.At) / (b.At - a.At)
		}
		out[i] = mix(a.Colour, b.Colour, f)
	}
	return &out
}

// mix is a colour between two, premultiplied.
func mix(a, b color.NRGBA, f float32) color.RGBA {
	one := func(x, ax, y, ay uint8) uint8 {
		p, q := float32(x)*float32(ax)/255, float32(y)*float32(ay)/255
		return uint8(min(max(p+(q-p)*f+0.5, 0), 255))
	}
	return color.RGBA{one(a.R, a.A, b.R, b.A), one(a.G, a.A, b.G, b.A), one(a.B, a.A, b.B, b.A), one(a.A, 255, b.A, 255)}
}
