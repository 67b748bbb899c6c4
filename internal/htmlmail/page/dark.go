package page

import (
	"image/color"
	"math"
)

// night is the ground of a page in dark mode.
var night = color.NRGBA{0x1b, 0x1d, 0x21, 255}

// contrast is the least between text and what is behind it (WCAG 2.2, 1.4.3).
const contrast = 4.5

// Darken turns the colours of a page that has none of its own for dark mode:
// grounds become dark where they are light and hardly coloured, text becomes
// light enough to be read on what is behind it. Pictures stay as they are. It
// is called once, before the page is shown.
func (g *Page) Darken() {
	if luminance(g.Ground) > 0.18 {
		if g.Ground = dim(g.Ground); g.Ground == dim(white) {
			g.Ground = night
		}
	}
	under := newGrounds(g.Height)
	for i := range g.Items {
		it := &g.Items[i]
		if it.Sign {
			it.Colour = readable(it.Colour, under.at(it.Rect, g.Ground))
			if it.Border != nil {
				b := *it.Border
				for k := range b.Colour {
					b.Colour[k] = readable(b.Colour[k], under.at(it.Rect, g.Ground))
				}
				it.Border = &b
			}
			continue
		}
		switch it.Kind {
		case Fill:
			if it.Rect.X1-it.Rect.X0 > 2 && it.Rect.Y1-it.Rect.Y0 > 2 {
				it.Colour = dim(it.Colour)
			} else {
				it.Colour = rim(it.Colour)
			}
			under.add(it.Rect, blendOver(under.at(it.Rect, g.Ground), it.Colour))
		case Shade:
			s := *it.Shade
			s.Stops = append([]Stop(nil), s.Stops...)
			for k := range s.Stops {
				s.Stops[k].Colour = dim(s.Stops[k].Colour)
			}
			it.Shade = &s
			under.add(it.Rect, s.Stops[len(s.Stops)/2].Colour)
		case Frame:
			b := *it.Border
			for k := range b.Colour {
				b.Colour[k] = rim(b.Colour[k])
			}
			it.Border = &b
		case Text:
			middle := Rect{it.X + it.Span.X0, it.Y - it.Span.Style.Size/3, it.X + it.Span.X1, it.Y - it.Span.Style.Size/3 + 1}
			it.Colour = readable(it.Colour, under.at(middle, g.Ground))
		case Rule:
			middle := Rect{it.Rect.X0, it.Rect.Y0 - 3, it.Rect.X1, it.Rect.Y0 - 2}
			it.Colour = readable(it.Colour, under.at(middle, g.Ground))
		}
	}
}

var white = color.NRGBA{255, 255, 255, 255}

// grounds finds what was last painted behind a place, by stripes.
type grounds struct{ stripes [][]patch }

type patch struct {
	r Rect
	c color.NRGBA
}

const (
	stripe     = 64  // pixels
	maxPatches = 400 // of a stripe that are kept
)

func newGrounds(height float32) *grounds {
	return &grounds{stripes: make([][]patch, int(height)/stripe+2)}
}

func (g *grounds) index(y float32) int {
	return min(max(int(y)/stripe, 0), len(g.stripes)-1)
}

func (g *grounds) add(r Rect, c color.NRGBA) {
	for i := g.index(r.Y0); i <= g.index(r.Y1); i++ {
		if len(g.stripes[i]) >= maxPatches {
			g.stripes[i] = append(g.stripes[i][:0], g.stripes[i][maxPatches/2:]...)
		}
		g.stripes[i] = append(g.stripes[i], patch{r, c})
	}
}

// at is the colour behind the middle of a rectangle.
func (g *grounds) at(r Rect, usual color.NRGBA) color.NRGBA {
	x, y := (r.X0+r.X1)/2, (r.Y0+r.Y1)/2
	list := g.stripes[g.index(y)]
	for i := len(list) - 1; i >= 0; i-- {
		if p := &list[i]; x >= p.r.X0 && x < p.r.X1 && y >= p.r.Y0 && y < p.r.Y1 {
			return p.c
		}
	}
	return usual
}

func blendOver(below, c color.NRGBA) color.NRGBA {
	mix := func(b, t uint8) uint8 { return uint8((int(t)*int(c.A) + int(b)*(255-int(c.A)) + 127) / 255) }
	return color.NRGBA{mix(below.R, c.R), mix(below.G, c.G), mix(below.B, c.B), 255}
}

// luminance of a colour (WCAG 2.2).
func luminance(c color.NRGBA) float64 {
	f := func(v uint8) float64 {
		x := float64(v) / 255
		if x <= 0.04045 {
			return x / 12.92
		}
		return math.Pow((x+0.055)/1.055, 2.4)
	}
	return 0.2126*f(c.R) + 0.7152*f(c.G) + 0.0722*f(c.B)
}

// Contrast is the contrast ratio of two colours (WCAG 2.2).
func Contrast(a, b color.NRGBA) float64 {
	x, y := luminance(a), luminance(b)
	if x < y {
		x, y = y, x
	}
	return (x + 0.05) / (y + 0.05)
}

// dim turns the colour of a ground: light ones become dark, the stronger the
// colour the less.
func dim(c color.NRGBA) color.NRGBA {
	h, s, l := toHSL(c)
	chroma := s * (1 - math.Abs(2*l-1))
	if l <= 0.35 || chroma > 0.55 && l < 0.75 {
		return c
	}
	l = 0.115 + (1-l)*0.35
	return fromHSL(h, min(s, 0.35)*min(1, 6*chroma), l, c.A) // almost white becomes almost grey
}

// rim turns the colour of a border.
func rim(c color.NRGBA) color.NRGBA {
	h, s, l := toHSL(c)
	if chroma := s * (1 - math.Abs(2*l-1)); chroma > 0.4 {
		return c
	}
	if l > 0.5 {
		l = 0.2 + (1-l)*0.5
	} else {
		l = 0.55 - l*0.5
	}
	return fromHSL(h, s*0.6, l, c.A)
}

// readable makes text light, or dark, enough for what is behind it.
func readable(c, behind color.NRGBA) color.NRGBA {
	if c.A == 0 || Contrast(c, behind) >= contrast && c.A == 255 {
		return c
	}
	c.A = 255
	h, s, l := toHSL(c)
	if luminance(behind) < 0.18 {
		l = max(1-l, l)
		for ; l < 1; l += 0.02 {
			if k := fromHSL(h, s, l, 255); Contrast(k, behind) >= contrast {
				return k
			}
		}
		return white
	}
	for ; l > 0; l -= 0.02 {
		if k := fromHSL(h, s, l, 255); Contrast(k, behind) >= contrast {
			return k
		}
	}
	return color.NRGBA{A: 255}
}

func toHSL(c color.NRGBA) (h, s, l float64) {
	r, g, b := float64(c.R)/255, float64(c.G)/255, float64(c.B)/255
	high, low := max(r, g, b), min(r, g, b)
	l = (high + low) / 2
	d := high - low
	if d == 0 {
		return 0, 0, l
	}
	s = d / (1 - math.Abs(2*l-1))
	switch high {
	case r:
		h = math.Mod((g-b)/d+6, 6)
	case g:
		h = (b-r)/d + 2
	default:
		h = (r-g)/d + 4
	}
	return h * 60, s, l
}

func fromHSL(h, s, l float64, a uint8) color.NRGBA {
	f := func(n float64) uint8 {
		k := math.Mod(n+h/30, 12)
		v := l - s*min(l, 1-l)*max(-1, min(k-3, 9-k, 1))
		return uint8(min(max(v, 0), 1)*255 + 0.5)
	}
	return color.NRGBA{f(0), f(8), f(4), a}
}
