// Package paint draws a page, or a part of it, into a picture. Whatever the
// page says, nothing is drawn outside of the picture, and the work is bounded
// by its size.
//
// A Painter is safe for concurrent use.
package paint

import (
	"context"
	"image"
	"image/color"
	"image/draw"
	"math"

	"golang.org/x/image/vector"

	"paquebot.app/internal/htmlmail/page"
	"paquebot.app/internal/text/ink"
)

// MaxPixels bounds a picture that is painted.
const MaxPixels = 64 << 20

// Painter paints pages.
type Painter struct {
	Ink *ink.Painter
}

// canvas is one picture being painted.
type canvas struct {
	img    *image.RGBA
	scale  float32
	dx, dy float32 // of the page's corner, in device pixels
	ink    *ink.Painter
	raster vector.Rasterizer
}

// Band paints the part r of a page, in logical pixels, at scale device pixels
// each. It returns nil where the context ends first or the part is too large.
func (p *Painter) Band(ctx context.Context, g *page.Page, r page.Rect, scale float32) *image.RGBA {
	w, h := int(math.Ceil(float64((r.X1-r.X0)*scale))), int(math.Ceil(float64((r.Y1-r.Y0)*scale)))
	if w < 1 || h < 1 || w > MaxPixels/h {
		return nil
	}
	c := canvas{img: image.NewRGBA(image.Rect(0, 0, w, h)), scale: scale, dx: -r.X0 * scale, dy: -r.Y0 * scale, ink: p.Ink}
	draw.Draw(c.img, c.img.Rect, image.NewUniform(g.Ground), image.Point{}, draw.Src)
	for i := range g.Items {
		if i%512 == 0 && ctx.Err() != nil {
			return nil
		}
		it := &g.Items[i]
		reach := it.Rect
		if it.Kind == page.Rule {
			reach.Y1 = reach.Y0 + reach.Y1
		}
		if it.Clip > 0 {
			reach = reach.Within(g.Clips[it.Clip])
		}
		if !reach.Meets(r) || it.Opacity == 0 {
			continue
		}
		c.item(g, it)
	}
	return c.img
}

// item paints one entry of the display list.
func (c *canvas) item(g *page.Page, it *page.Item) {
	img := c.img
	if it.Clip > 0 {
		clip := c.pixels(g.Clips[it.Clip])
		sub, ok := c.img.SubImage(clip).(*image.RGBA)
		if !ok || sub.Rect.Empty() {
			return
		}
		c.img = sub
		defer func() { c.img = img }()
	}
	colour := faded(it.Colour, it.Opacity)
	switch it.Kind {
	case page.Fill:
		c.fill(it.Rect, it.Radius, colour)
	case page.Frame:
		c.frame(it)
	case page.Shade:
		c.shade(it)
	case page.Picture:
		c.picture(it)
	case page.Text:
		c.text(it, colour)
	case page.Rule:
		c.rule(it, colour)
	}
}

func faded(c color.NRGBA, opacity uint8) color.NRGBA {
	if opacity < 255 {
		c.A = uint8(int(c.A) * int(opacity) / 255)
	}
	return c
}

// text paints the glyphs of a span. The ink counts from the picture's own
// corner.
func (c *canvas) text(it *page.Item, colour color.NRGBA) {
	dx, dy := c.dx-float32(c.img.Rect.Min.X), c.dy-float32(c.img.Rect.Min.Y)
	c.ink.Paint(c.img, []ink.Op{{Kind: ink.Text, Colour: colour, X: it.X + snap(dx)/c.scale, Y: it.Y + snap(dy)/c.scale, Span: it.Span}}, 0, 0, c.scale)
}

func snap(v float32) float32 { return float32(math.Floor(float64(v) + 0.5)) }

// limit bounds a coordinate in device pixels to what fits in an int.
func limit(v float32) int { return int(min(max(v, -1<<24), 1<<24)) }

// pixels is a rectangle in whole device pixels.
func (c *canvas) pixels(r page.Rect) image.Rectangle {
	return image.Rect(limit(snap(r.X0*c.scale+c.dx)), limit(snap(r.Y0*c.scale+c.dy)), limit(snap(r.X1*c.scale+c.dx)), limit(snap(r.Y1*c.scale+c.dy)))
}

// fill paints a box, its corners round.
func (c *canvas) fill(r page.Rect, radius *[4]float32, colour color.NRGBA) {
	if colour.A == 0 {
		return
	}
	in := c.pixels(r)
	if radius == nil {
		draw.Draw(c.img, in, image.NewUniform(colour), image.Point{}, draw.Over)
		return
	}
	c.path(in, func(p *pen) { p.round(in, c.corners(radius)) }, image.NewUniform(colour))
}

// corners are radii in device pixels.
func (c *canvas) corners(r *[4]float32) [4]float32 {
	if r == nil {
		return [4]float32{}
	}
	return [4]float32{r[0] * c.scale, r[1] * c.scale, r[2] * c.scale, r[3] * c.scale}
}

// pen draws paths into the rasterizer, whose corner is at x, y.
type pen struct {
	z    *vector.Rasterizer
	x, y float32
}

// path fills a path that keeps within bounds with src.
func (c *canvas) path(bounds image.Rectangle, draws func(*pen), src image.Image) {
	b := bounds.Inset(-1).Intersect(c.img.Rect)
	if b.Empty() {
		return
	}
	c.raster.Reset(b.Dx(), b.Dy())
	draws(&pen{&c.raster, float32(b.Min.X), float32(b.Min.Y)})
	c.raster.Draw(c.img, b, src, b.Min)
}

const roundness = 0.5523 // of a radius: control points of a quarter circle

// round adds a rectangle with round corners.
func (p *pen) round(r image.Rectangle, radius [4]float32) {
	x0, y0, x1, y1 := float32(r.Min.X)-p.x, float32(r.Min.Y)-p.y, float32(r.Max.X)-p.x, float32(r.Max.Y)-p.y
	p.roundAt(x0, y0, x1, y1, radius, false)
}

// roundAt adds one in the rasterizer's coordinates, backwards to cut a hole.
func (p *pen) roundAt(x0, y0, x1, y1 float32, radius [4]float32, back bool) {
	most := min(x1-x0, y1-y0) / 2
	for i := range radius {
		radius[i] = min(max(radius[i], 0), max(most, 0))
	}
	const k = 1 - roundness
	a, b, d, e := radius[0], radius[1], radius[2], radius[3]
	if back {
		p.z.MoveTo(x0+a, y0)
		p.z.CubeTo(x0+a*k, y0, x0, y0+a*k, x0, y0+a)
		p.z.LineTo(x0, y1-e)
		p.z.CubeTo(x0, y1-e*k, x0+e*k, y1, x0+e, y1)
		p.z.LineTo(x1-d, y1)
		p.z.CubeTo(x1-d*k, y1, x1, y1-d*k, x1, y1-d)
		p.z.LineTo(x1, y0+b)
		p.z.CubeTo(x1, y0+b*k, x1-b*k, y0, x1-b, y0)
		p.z.ClosePath()
		return
	}
	p.z.MoveTo(x0+a, y0)
	p.z.LineTo(x1-b, y0)
	p.z.CubeTo(x1-b*k, y0, x1, y0+b*k, x1, y0+b)
	p.z.LineTo(x1, y1-d)
	p.z.CubeTo(x1, y1-d*k, x1-d*k, y1, x1-d, y1)
	p.z.LineTo(x0+e, y1)
	p.z.CubeTo(x0+e*k, y1, x0, y1-e*k, x0, y1-e)
	p.z.LineTo(x0, y0+a)
	p.z.CubeTo(x0, y0+a*k, x0+a*k, y0, x0+a, y0)
	p.z.ClosePath()
}
