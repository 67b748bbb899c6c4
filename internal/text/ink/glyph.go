package ink

import (
	"bytes"
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"math"

	otfont "github.com/go-text/typesetting/font"
	ot "github.com/go-text/typesetting/font/opentype"
	"github.com/go-text/typesetting/font/opentype/tables"
	xdraw "golang.org/x/image/draw"

	"paquebot.app/internal/text/font"
	"paquebot.app/internal/text/line"
)

// maxGlyph bounds a drawn glyph, and a round box, in device pixels.
const maxGlyph = 4000

// slant is how far a slanted glyph leans for each pixel it is high: 12°.
const slant = 0.2126

// glyphKey names a drawn glyph: size in device pixels, sub its place in
// quarters of a pixel.
type glyphKey struct {
	face *font.Face
	id   otfont.GID
	size float32
	sub  uint8
}

// mask is a drawn glyph: coverage, or colours for an emoji.
type mask struct {
	w, h, dx, dy int
	cover        []uint8
	colours      *image.RGBA
}

func (m *mask) size() int {
	n := 100 + len(m.cover)
	if m.colours != nil {
		n += len(m.colours.Pix)
	}
	return n
}

// ramps are what coverage is turned into: dark text on a light ground looks
// thin when it is blended in sRGB; light text on dark looks right.
var (
	darkText  = gamma(0.86)
	lightText = gamma(1.0)
)

func gamma(g float64) *[256]uint8 {
	var t [256]uint8
	for i := range t {
		t[i] = uint8(255*math.Pow(float64(i)/255, g) + 0.5)
	}
	return &t
}

func rampFor(c color.NRGBA) *[256]uint8 {
	if 299*int(c.R)+587*int(c.G)+114*int(c.B) > 150*1000 {
		return lightText
	}
	return darkText
}

// glyph draws a glyph with its origin at x, y in device pixels.
func (p *Painter) glyph(img *image.RGBA, s *line.Span, g line.Glyph, x, y, scale float32, c color.NRGBA, ramp *[256]uint8) {
	whole := float32(math.Floor(float64(x)))
	k := glyphKey{s.Face, g.ID, s.Style.Size * scale, uint8((x - whole) * 4)}
	m := p.mask(k)
	at := image.Pt(int(whole)+m.dx, int(snap(y))+m.dy)
	if m.colours != nil {
		draw.DrawMask(img, m.colours.Rect.Add(at), m.colours, image.Point{}, image.NewUniform(color.Alpha{A: c.A}), image.Point{}, draw.Over)
		return
	}
	blend(img, m, at, c, ramp)
}

// blend lays a colour over img where a mask covers it.
func blend(img *image.RGBA, m *mask, at image.Point, c color.NRGBA, ramp *[256]uint8) {
	r := image.Rect(at.X, at.Y, at.X+m.w, at.Y+m.h).Intersect(img.Rect)
	cr, cg, cb, ca := uint32(c.R), uint32(c.G), uint32(c.B), uint32(c.A)
	for y := r.Min.Y; y < r.Max.Y; y++ {
		cover := m.cover[(y-at.Y)*m.w+r.Min.X-at.X:]
		pix := img.Pix[img.PixOffset(r.Min.X, y):]
		for i := range r.Dx() {
			a := cover[i]
			if a == 0 {
				continue
			}
			over := uint32(ramp[a]) * ca / 255
			rest := 255 - over
			q := pix[4*i : 4*i+4 : 4*i+4]
			q[0] = uint8((cr*over + uint32(q[0])*rest + 127) / 255)
			q[1] = uint8((cg*over + uint32(q[1])*rest + 127) / 255)
			q[2] = uint8((cb*over + uint32(q[2])*rest + 127) / 255)
			q[3] = uint8(over + (uint32(q[3])*rest+127)/255)
		}
	}
}

// mask returns a drawn glyph.
func (p *Painter) mask(k glyphKey) *mask {
	if m := p.young[k]; m != nil {
		return m
	}
	m := p.old[k]
	if m == nil {
		m = p.draw(k)
	}
	if p.bytes += m.size(); p.bytes > generation {
		p.young, p.old, p.bytes = map[glyphKey]*mask{}, p.young, m.size()
	}
	p.young[k] = m
	return m
}

func (p *Painter) draw(k glyphKey) *mask {
	f := p.faces[k.face]
	if f == nil {
		f = otfont.NewFace(k.face.Font)
		p.faces[k.face] = f
	}
	scale := k.size / float32(f.Upem())
	m := &mask{}
	switch d := f.GlyphData(k.id).(type) {
	case otfont.GlyphBitmap:
		m = bitmap(f, k.id, d, scale)
	case otfont.GlyphSVG:
		m = p.picture(d, f.HorizontalAdvance(k.id)*scale)
	}
	if m.colours != nil {
		return m
	}
	if d, ok := f.GlyphDataOutline(tables.GlyphID(k.id)); ok { // of colour glyphs in forms not drawn here too
		return p.outline(d, scale, float32(k.sub)/4, k.face.Slanted)
	}
	return m
}

// outline fills the shape of a glyph.
func (p *Painter) outline(d otfont.GlyphOutline, scale, sub float32, slanted bool) *mask {
	lean := float32(0)
	if slanted {
		lean = slant
	}
	place := func(a ot.SegmentPoint) (x, y float32) { return (a.X+a.Y*lean)*scale + sub, -a.Y * scale }
	x0, y0, x1, y1 := float32(math.MaxFloat32), float32(math.MaxFloat32), float32(-math.MaxFloat32), float32(-math.MaxFloat32)
	for _, s := range d.Segments {
		for _, a := range s.ArgsSlice() {
			x, y := place(a)
			x0, x1, y0, y1 = min(x0, x), max(x1, x), min(y0, y), max(y1, y)
		}
	}
	if !(x1-x0 < maxGlyph && y1-y0 < maxGlyph && x1 >= x0) {
		return &mask{}
	}
	dx, dy := int(math.Floor(float64(x0))), int(math.Floor(float64(y0)))
	w, h := int(math.Ceil(float64(x1)))-dx+1, int(math.Ceil(float64(y1)))-dy+1
	q := &p.raster
	q.Reset(w, h)
	at := func(a ot.SegmentPoint) (float32, float32) {
		x, y := place(a)
		return x - float32(dx), y - float32(dy)
	}
	open := false
	for _, s := range d.Segments {
		x, y := at(s.Args[0])
		switch s.Op {
		case ot.SegmentOpMoveTo:
			if open {
				q.ClosePath()
			}
			open = true
			q.MoveTo(x, y)
		case ot.SegmentOpLineTo:
			q.LineTo(x, y)
		case ot.SegmentOpQuadTo:
			x2, y2 := at(s.Args[1])
			q.QuadTo(x, y, x2, y2)
		case ot.SegmentOpCubeTo:
			x2, y2 := at(s.Args[1])
			x3, y3 := at(s.Args[2])
			q.CubeTo(x, y, x2, y2, x3, y3)
		}
	}
	if open {
		q.ClosePath()
	}
	m := image.NewAlpha(image.Rect(0, 0, w, h))
	q.Draw(m, m.Rect, image.Opaque, image.Point{})
	return &mask{w: w, h: h, dx: dx, dy: dy, cover: m.Pix}
}

// bitmap scales a glyph stored as PNG (tables CBDT and sbix).
func bitmap(f *otfont.Face, id otfont.GID, d otfont.GlyphBitmap, scale float32) *mask {
	src, err := png.Decode(bytes.NewReader(d.Data))
	if err != nil || src.Bounds().Empty() {
		return &mask{}
	}
	e, _ := f.GlyphExtents(id)
	w := max(1, int(e.Width*scale+0.5))
	h := max(1, w*src.Bounds().Dy()/src.Bounds().Dx())
	if w > maxGlyph || h > maxGlyph {
		return &mask{}
	}
	dst := image.NewRGBA(image.Rect(0, 0, w, h))
	xdraw.CatmullRom.Scale(dst, dst.Rect, src, src.Bounds(), draw.Src, nil)
	return &mask{colours: dst, dx: int(e.XBearing*scale + 0.5), dy: -int(e.YBearing*scale + 0.5)}
}

// picture draws a glyph stored as SVG.
func (p *Painter) picture(d otfont.GlyphSVG, advance float32) *mask {
	w := int(snap(advance))
	if p.SVG == nil || w < 1 || w > maxGlyph {
		return &mask{}
	}
	img, above := p.SVG(d.Source, w)
	if img == nil {
		return &mask{}
	}
	return &mask{colours: img, dy: -above}
}
