package css

import (
	"image/color"
	"strings"
)

// gradient is a Gradient before the sizes of text are known.
type gradient struct {
	Gradient
	stops []gradientStop
}

type gradientStop struct {
	colour color.NRGBA
	at     measure // auto: not said
}

// maxStops bounds the colours of a gradient.
const maxStops = 64

func (g *gradient) at(c *computing) *Gradient {
	if g == nil {
		return nil
	}
	out := g.Gradient
	for _, s := range g.stops {
		out.Stops = append(out.Stops, Stop{s.colour, s.at.at(c.context)})
	}
	return &out
}

// parseGradient reads the arguments of linear-gradient and radial-gradient.
func parseGradient(name string, args []token) (*gradient, bool) {
	g := &gradient{}
	prefixed := strings.HasPrefix(name, "-")
	name = strings.TrimPrefix(strings.TrimPrefix(strings.TrimPrefix(name, "-webkit-"), "-moz-"), "-o-")
	g.Repeating = strings.HasPrefix(name, "repeating-")
	switch strings.TrimPrefix(name, "repeating-") {
	case "linear-gradient":
		g.Angle = 180
	case "radial-gradient":
		g.Radial = true
	default:
		return nil, false
	}
	for i, part := range split(args, ',') {
		r := &reader{t: part}
		if i == 0 && g.head(r, prefixed) {
			continue
		}
		c, current, ok := r.colour()
		if !ok || len(g.stops) >= maxStops {
			return nil, false
		}
		if current {
			return nil, false
		}
		s := gradientStop{colour: c, at: measure{auto: true}}
		if m, ok := r.length(); ok {
			s.at = m
			g.stops = append(g.stops, s)
			if m, ok := r.length(); ok { // two places of one colour
				s.at = m
				g.stops = append(g.stops, s)
			}
			continue
		}
		g.stops = append(g.stops, s)
	}
	return g, len(g.stops) >= 2
}

// head reads what stands before the colours.
func (g *gradient) head(r *reader, prefixed bool) bool {
	r.skip()
	if len(r.t) == 0 {
		return false
	}
	t := r.t[0]
	if t.kind == tDimension || t.kind == tNumber {
		if g.Radial {
			return true
		}
		switch t.text {
		case "deg", "":
			g.Angle = t.num
		case "turn":
			g.Angle = t.num * 360
		case "rad":
			g.Angle = t.num * 57.29578
		case "grad":
			g.Angle = t.num * 0.9
		default:
			return false
		}
		if prefixed {
			g.Angle = 90 - g.Angle
		}
		return true
	}
	if t.kind != tIdent {
		return false
	}
	if _, ok := named(t.text); ok {
		return false
	}
	to := prefixed
	for !r.done() {
		w, ok := r.word()
		if !ok {
			if _, ok := r.length(); ok {
				continue
			}
			return g.Radial
		}
		switch w {
		case "to":
			to = true
		case "top":
			g.ToY = -1
		case "bottom":
			g.ToY = 1
		case "left":
			g.ToX = -1
		case "right":
			g.ToX = 1
		case "circle":
			g.Circle = true
		}
	}
	if g.Radial {
		return true
	}
	if !to {
		return false
	}
	if prefixed { // old syntax names where it begins
		g.ToX, g.ToY = -g.ToX, -g.ToY
	}
	switch {
	case g.ToX != 0 && g.ToY != 0:
	case g.ToX != 0:
		g.Angle = 180 - 90*float32(g.ToX) // 90 to the right, 270 to the left
		g.ToX = 0
	case g.ToY < 0:
		g.Angle, g.ToY = 0, 0
	default:
		g.Angle, g.ToY = 180, 0
	}
	return true
}
