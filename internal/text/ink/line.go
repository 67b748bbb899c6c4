package ink

import (
	"image/color"

	"paquebot.app/internal/text/line"
)

// Look is what a tag of line.Style means to the eye.
type Look struct {
	Colour    color.NRGBA
	Ground    color.NRGBA // behind the text; transparent: none
	Underline bool
	Strike    bool
	Under     color.NRGBA // of the underline; transparent: the text's
}

// Mark is a stretch of a line, in runes, with a wave under it.
type Mark struct{ From, To int }

// Line appends the Ops that paint a line with its top left corner at x, y.
func Line(ops []Op, l *line.Line, x, y float32, look func(tag uint32) Look) []Op {
	base := y + l.Ascent
	for i := range l.Spans {
		s := &l.Spans[i]
		if k := look(s.Style.Tag); k.Ground.A > 0 && s.Face != nil {
			m := s.Face.Metrics
			ops = append(ops, Op{Kind: Box, Colour: k.Ground, Radius: 3, Rect: Rect{x + s.X0 - 2, base - m.Ascent*s.Style.Size, x + s.X1 + 2, base + m.Descent*s.Style.Size}})
		}
	}
	for i := range l.Spans {
		s := &l.Spans[i]
		if s.Face == nil {
			continue
		}
		k := look(s.Style.Tag)
		m, size := s.Face.Metrics, s.Style.Size
		under := k.Under
		if under.A == 0 {
			under = k.Colour
		}
		if k.Underline { // below the glyphs, so that they cross it
			ops = append(ops, Op{Kind: Stroke, Colour: under, Rect: Rect{x + s.X0, base + m.Underline*size, x + s.X1, m.Stroke * size}})
		}
		ops = append(ops, Op{Kind: Text, Colour: k.Colour, Span: s, X: x, Y: base})
		if k.Strike {
			ops = append(ops, Op{Kind: Stroke, Colour: k.Colour, Rect: Rect{x + s.X0, base - m.Strike*size, x + s.X1, m.Stroke * size}})
		}
	}
	return ops
}

// Waves appends the Ops of waves under stretches of a line painted at x, y.
func Waves(ops []Op, l *line.Line, x, y float32, marks []Mark, c color.NRGBA) []Op {
	for _, m := range marks {
		for _, r := range l.Rects(m.From, m.To) {
			ops = append(ops, Op{Kind: Wave, Colour: c, Rect: Rect{X0: x + r[0], X1: x + r[1], Y0: y + l.Ascent}})
		}
	}
	return ops
}
