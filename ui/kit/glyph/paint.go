package glyph

import (
	"image"
	"image/color"
	"image/draw"
	"math"

	"github.com/go-text/typesetting/font"
	ot "github.com/go-text/typesetting/font/opentype"
	"golang.org/x/image/vector"
)

type maskKey struct {
	face *font.Face
	id   font.GID
	size float32
	sub  uint8 // quarter of a pixel
}

// mask is a rasterised glyph: coverage, or colours for an emoji.
type mask struct {
	w, h, dx, dy int
	cover        []uint8
	colours      *image.RGBA
}

var (
	masks  = map[maskKey]*mask{}
	raster vector.Rasterizer
	// Dark text on a light ground looks thin when its coverage is blended in
	// sRGB; light on dark looks right.
	onLight = gamma(0.86)
	onDark  = gamma(1.0)
)

func gamma(g float64) (t [256]uint8) {
	for i := range t {
		t[i] = uint8(255*math.Pow(float64(i)/255, g) + .5)
	}
	return t
}

// Paint draws l onto dst in colour c, its left edge at x and its baseline at
// y, all in device pixels; size is the text size in device pixels and logical
// the size it was measured at (letter spacing follows that one).
func (l *Line) Paint(dst *image.RGBA, x, y, size, logical float32, c color.Color) {
	mu.Lock()
	defer mu.Unlock()
	n := color.NRGBAModel.Convert(c).(color.NRGBA)
	ramp := &onLight
	if 299*int(n.R)+587*int(n.G)+114*int(n.B) > 150*1000 {
		ramp = &onDark
	}
	t := tracking(l.face, logical)
	y = float32(math.Floor(float64(y) + .5))
	for _, g := range l.glyphs {
		gx := x + (g.x+float32(g.tracked)*t)*size/em
		drawGlyph(dst, g.face, g.id, size, gx, y+g.y*size/em, n, ramp)
	}
}

func drawGlyph(dst *image.RGBA, f *font.Face, id font.GID, size, x, y float32, c color.NRGBA, ramp *[256]uint8) {
	whole := float32(math.Floor(float64(x)))
	k := maskKey{f, id, size, uint8((x - whole) * 4)}
	m := masks[k]
	if m == nil {
		if len(masks) > 12000 {
			clear(masks)
		}
		m = rasterise(f, id, size, float32(k.sub)/4)
		masks[k] = m
	}
	px, py := int(whole)+m.dx, int(math.Floor(float64(y)+.5))+m.dy
	if m.colours != nil {
		draw.Draw(dst, m.colours.Rect.Add(image.Pt(px, py)), m.colours, image.Point{}, draw.Over)
		return
	}
	w, h := dst.Rect.Dx(), dst.Rect.Dy()
	for row := max(0, -py); row < m.h && py+row < h; row++ {
		for col := max(0, -px); col < m.w && px+col < w; col++ {
			a := m.cover[row*m.w+col]
			if a == 0 {
				continue
			}
			al := uint32(ramp[a]) * uint32(c.A) / 255
			rest := 255 - al
			o := (py+row)*dst.Stride + (px+col)*4
			p := dst.Pix[o : o+4 : o+4]
			p[0] = uint8((uint32(c.R)*al + uint32(p[0])*rest + 127) / 255)
			p[1] = uint8((uint32(c.G)*al + uint32(p[1])*rest + 127) / 255)
			p[2] = uint8((uint32(c.B)*al + uint32(p[2])*rest + 127) / 255)
			p[3] = uint8(al + (uint32(p[3])*rest+127)/255)
		}
	}
}

func rasterise(f *font.Face, id font.GID, size, sub float32) *mask {
	switch d := f.GlyphData(id).(type) {
	case font.GlyphOutline:
		return outline(d, size/float32(f.Upem()), sub)
	case font.GlyphBitmap:
		return bitmap(f, id, d, size/float32(f.Upem()))
	case font.GlyphSVG:
		return vectors(d, f.HorizontalAdvance(id)*size/float32(f.Upem()))
	}
	return &mask{}
}

func outline(d font.GlyphOutline, scale, sub float32) *mask {
	x0, y0, x1, y1 := float32(1e9), float32(1e9), float32(-1e9), float32(-1e9)
	for _, s := range d.Segments {
		for _, a := range s.ArgsSlice() {
			x, y := a.X*scale+sub, -a.Y*scale
			x0, x1, y0, y1 = min(x0, x), max(x1, x), min(y0, y), max(y1, y)
		}
	}
	if x1 < x0 {
		return &mask{}
	}
	dx, dy := int(math.Floor(float64(x0))), int(math.Floor(float64(y0)))
	w, h := int(math.Ceil(float64(x1)))-dx+1, int(math.Ceil(float64(y1)))-dy+1
	if w > 2000 || h > 2000 {
		return &mask{}
	}
	raster.Reset(w, h)
	at := func(a ot.SegmentPoint) (float32, float32) {
		return a.X*scale + sub - float32(dx), -a.Y*scale - float32(dy)
	}
	open := false
	for _, s := range d.Segments {
		x, y := at(s.Args[0])
		switch s.Op {
		case ot.SegmentOpMoveTo:
			if open {
				raster.ClosePath()
			}
			open = true
			raster.MoveTo(x, y)
		case ot.SegmentOpLineTo:
			raster.LineTo(x, y)
		case ot.SegmentOpQuadTo:
			x2, y2 := at(s.Args[1])
			raster.QuadTo(x, y, x2, y2)
		case ot.SegmentOpCubeTo:
			x2, y2 := at(s.Args[1])
			x3, y3 := at(s.Args[2])
			raster.CubeTo(x, y, x2, y2, x3, y3)
		}
	}
	if open {
		raster.ClosePath()
	}
	m := image.NewAlpha(image.Rect(0, 0, w, h))
	raster.Draw(m, m.Rect, image.Opaque, image.Point{})
	return &mask{w: w, h: h, dx: dx, dy: dy, cover: m.Pix}
}
