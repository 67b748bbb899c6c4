// Package ink paints text and what goes with it into pictures: glyphs, lines
// under and through text, waves, boxes. It draws on transparent ground, with
// premultiplied colours, and snaps baselines and edges to device pixels, so
// that what lies side by side fits and letters are sharp at every scale.
//
// What is to be painted is a list of Ops in logical pixels. Painters are safe
// for concurrent use; they draw one list at a time.
package ink

import (
	"image"
	"image/color"
	"image/draw"
	"math"
	"sync"

	otfont "github.com/go-text/typesetting/font"
	xdraw "golang.org/x/image/draw"
	"golang.org/x/image/vector"

	"paquebot.app/internal/text/font"
	"paquebot.app/internal/text/line"
)

// Bleed is the room round a tile for what reaches over the edges of its line,
// like italics and the marks of Thai, in logical pixels.
const Bleed = 4

// Kind is what an Op paints.
type Kind uint8

// The kinds of Ops.
const (
	Box     Kind = iota // fills Rect, with round corners where there is a Radius
	Text                // the glyphs of Span, its line's left end and baseline at X, Y
	Stroke              // a line from Rect.X0 to X1, its middle at Rect.Y0, Rect.Y1 thick, at least a device pixel
	Wave                // a wave from Rect.X0 to X1 below the baseline Rect.Y0
	Picture             // Image in Rect
)

// Rect is a rectangle in logical pixels.
type Rect struct{ X0, Y0, X1, Y1 float32 }

// Op is one entry of a display list. Which fields count depends on its Kind.
type Op struct {
	Kind   Kind
	Colour color.NRGBA
	Rect   Rect
	Radius float32
	X, Y   float32
	Span   *line.Span
	Image  image.Image
}

// Painter paints Ops and keeps the glyphs it has drawn.
type Painter struct {
	// SVG draws a glyph that is an SVG picture, width device pixels wide, and
	// says how far it reaches above the baseline; nil: they stay blank. It is
	// set before the first use.
	SVG func(source []byte, width int) (img *image.RGBA, above int)

	mu     sync.Mutex
	faces  map[*font.Face]*otfont.Face
	young  map[glyphKey]*mask // two generations, as in package shape
	old    map[glyphKey]*mask
	bytes  int // of young
	raster vector.Rasterizer
}

// generation bounds the drawn glyphs that each of the two generations keeps.
const generation = 8 << 20

// New returns a Painter.
func New() *Painter {
	return &Painter{faces: map[*font.Face]*otfont.Face{}, young: map[glyphKey]*mask{}, old: map[glyphKey]*mask{}}
}

// Tile paints a list into a picture of its own: width by height, and Bleed
// round it. The Ops' origin is the corner inside the bleed.
func (p *Painter) Tile(ops []Op, width, height, scale float32) *image.RGBA {
	b := Margin(scale)
	w, h := int(math.Ceil(float64(width*scale)))+2*b, int(math.Ceil(float64(height*scale)))+2*b
	img := image.NewRGBA(image.Rect(0, 0, max(1, w), max(1, h)))
	p.paint(img, ops, float32(b), float32(b), scale)
	return img
}

// Margin is Bleed in device pixels: how far a tile begins left of and above
// its origin.
func Margin(scale float32) int { return int(math.Ceil(float64(Bleed * scale))) }

// Paint paints a list into img, the Ops' origin at x, y in logical pixels.
func (p *Painter) Paint(img *image.RGBA, ops []Op, x, y, scale float32) {
	p.paint(img, ops, snap(x*scale), snap(y*scale), scale)
}

// paint paints a list, the origin at dx, dy in device pixels.
func (p *Painter) paint(img *image.RGBA, ops []Op, dx, dy, scale float32) {
	p.mu.Lock()
	defer p.mu.Unlock()
	dx, dy = dx+float32(img.Rect.Min.X), dy+float32(img.Rect.Min.Y)
	for i := range ops {
		o := &ops[i]
		r := Rect{o.Rect.X0*scale + dx, o.Rect.Y0*scale + dy, o.Rect.X1*scale + dx, o.Rect.Y1*scale + dy}
		switch o.Kind {
		case Box:
			p.box(img, r, o.Radius*scale, o.Colour)
		case Stroke:
			thick := max(1, snap(o.Rect.Y1*scale))
			top := snap(r.Y0 - thick/2)
			fill(img, Rect{r.X0, top, r.X1, top + thick}, o.Colour)
		case Wave:
			p.wave(img, r.X0, r.X1, snap(r.Y0), scale, o.Colour)
		case Text:
			if o.Span == nil || o.Span.Face == nil {
				continue
			}
			ramp := rampFor(o.Colour)
			y := snap(o.Y*scale + dy)
			for _, g := range o.Span.Glyphs {
				p.glyph(img, o.Span, g, (o.X+g.X)*scale+dx, y+g.Y*scale, scale, o.Colour, ramp)
			}
		case Picture:
			if o.Image != nil {
				xdraw.CatmullRom.Scale(img, pixels(r), o.Image, o.Image.Bounds(), draw.Over, nil)
			}
		}
	}
}

// snap rounds to a whole device pixel.
func snap(v float32) float32 { return float32(math.Floor(float64(v) + 0.5)) }

func pixels(r Rect) image.Rectangle {
	return image.Rect(int(snap(r.X0)), int(snap(r.Y0)), int(snap(r.X1)), int(snap(r.Y1)))
}

func fill(img *image.RGBA, r Rect, c color.NRGBA) {
	draw.Draw(img, pixels(r), image.NewUniform(c), image.Point{}, draw.Over)
}

// box fills a rectangle, its corners round.
func (p *Painter) box(img *image.RGBA, r Rect, radius float32, c color.NRGBA) {
	in := pixels(r)
	radius = min(radius, float32(min(in.Dx(), in.Dy()))/2)
	if radius < 0.5 {
		draw.Draw(img, in, image.NewUniform(c), image.Point{}, draw.Over)
		return
	}
	if in.Empty() || in.Dx() > maxGlyph || in.Dy() > maxGlyph {
		return
	}
	const k = 0.5523 // of the radius: control points of a quarter circle
	w, h, a := float32(in.Dx()), float32(in.Dy()), radius*(1-k)
	q := &p.raster
	q.Reset(in.Dx(), in.Dy())
	q.MoveTo(radius, 0)
	q.LineTo(w-radius, 0)
	q.CubeTo(w-a, 0, w, a, w, radius)
	q.LineTo(w, h-radius)
	q.CubeTo(w, h-a, w-a, h, w-radius, h)
	q.LineTo(radius, h)
	q.CubeTo(a, h, 0, h-a, 0, h-radius)
	q.LineTo(0, radius)
	q.CubeTo(0, a, a, 0, radius, 0)
	q.ClosePath()
	q.Draw(img, in, image.NewUniform(c), image.Point{})
}

// wave draws the mark under a word that may be misspelt, below a baseline.
func (p *Painter) wave(img *image.RGBA, x0, x1, base, scale float32, c color.NRGBA) {
	height, length, thick := 1.15*scale, 4.2*scale, 1.15*scale
	b := image.Rect(int(x0), int(base), int(math.Ceil(float64(x1))), int(base+6*scale)+1).Intersect(img.Rect)
	if b.Empty() {
		return
	}
	at := func(x float32) float32 {
		return 3.6*scale + height*float32(math.Sin(float64(x/length)*2*math.Pi))
	}
	q := &p.raster
	q.Reset(b.Dx(), b.Dy())
	left, top := x0-float32(b.Min.X), base-float32(b.Min.Y)
	n := max(2, int((x1-x0)*2))
	step := (x1 - x0) / float32(n)
	q.MoveTo(left, top+at(0)-thick/2)
	for i := 1; i <= n; i++ {
		q.LineTo(left+float32(i)*step, top+at(float32(i)*step)-thick/2)
	}
	for i := n; i >= 0; i-- {
		q.LineTo(left+float32(i)*step, top+at(float32(i)*step)+thick/2)
	}
	q.ClosePath()
	q.Draw(img, b, image.NewUniform(c), image.Point{})
}
