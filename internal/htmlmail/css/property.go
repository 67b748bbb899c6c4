package css

import "image/color"

// setter gives a style a value.
type setter func(*Style, *computing)

// computing is what values depend on.
type computing struct {
	parent *Style
	context
}

// property is a property: what its values may be, and how one is taken from
// another style. Its grammar has no addresses but those of pictures.
type property struct {
	parse     func(r *reader) (setter, bool)
	copy      func(to, from *Style)
	inherited bool
}

func words[T any](field func(*Style) *T, values map[string]T) property {
	return property{
		parse: func(r *reader) (setter, bool) {
			w, _ := r.word()
			v, ok := values[w]
			return func(s *Style, _ *computing) { *field(s) = v }, ok
		},
		copy: func(to, from *Style) { *field(to) = *field(from) },
	}
}

// What a length may be besides a length.
const (
	negative = 1 << iota
	auto
	none // for auto: no limit
	zero // of auto and none: 0
)

func length(field func(*Style) *Length, allow int) property {
	return property{
		parse: func(r *reader) (setter, bool) {
			m, ok := lengthOr(r, allow)
			return func(s *Style, c *computing) {
				l := m.at(c.context)
				if allow&negative == 0 && !l.Auto {
					l.Px, l.Pct = max(l.Px, 0), max(l.Pct, 0)
				}
				*field(s) = l
			}, ok
		},
		copy: func(to, from *Style) { *field(to) = *field(from) },
	}
}

func lengthOr(r *reader, allow int) (measure, bool) {
	m, ok := r.length()
	if ok {
		return m, allow&negative != 0 || m.px >= 0 && m.pct >= 0 && m.em >= 0
	}
	switch w, _ := r.word(); w {
	case "auto", "max-content", "fit-content", "min-content", "-webkit-fit-content", "-moz-fit-content", "-webkit-fill-available", "stretch":
		return measure{auto: true}, allow&auto != 0
	case "none":
		return measure{auto: true}, allow&none != 0
	case "normal":
		return measure{}, allow&zero != 0
	}
	return measure{}, false
}

// number is a property that is a length in pixels, or normal for 0.
func number(field func(*Style) *float32) property {
	return property{
		parse: func(r *reader) (setter, bool) {
			m, ok := lengthOr(r, negative|zero)
			return func(s *Style, c *computing) { *field(s) = m.at(c.context).Px }, ok && m.pct == 0
		},
		copy: func(to, from *Style) { *field(to) = *field(from) },
	}
}

// factor is a property that is a number.
func factor(field func(*Style) *float32, most float32) property {
	return property{
		parse: func(r *reader) (setter, bool) {
			t, ok := r.next()
			v := t.num
			if t.kind == tPercent {
				v /= 100
			}
			return func(s *Style, _ *computing) { *field(s) = min(max(v, 0), most) }, ok && (t.kind == tNumber || t.kind == tPercent)
		},
		copy: func(to, from *Style) { *field(to) = *field(from) },
	}
}

func inherited(p property) property {
	p.inherited = true
	return p
}

func edgeWidth(i int) property {
	return property{
		parse: func(r *reader) (setter, bool) {
			m, ok := lineWidth(r)
			return func(s *Style, _ *computing) { s.Border[i].wide = m }, ok
		},
		copy: func(to, from *Style) {
			to.Border[i].wide = measure{px: from.Border[i].Width}
		},
	}
}

func lineWidth(r *reader) (measure, bool) {
	if m, ok := r.length(); ok {
		return m, m.pct == 0
	}
	switch w, _ := r.word(); w {
	case "thin":
		return measure{px: 1}, true
	case "medium":
		return measure{px: 3}, true
	case "thick":
		return measure{px: 5}, true
	}
	return measure{}, false
}

func edgeLine(i int) property {
	return words(func(s *Style) *Line { return &s.Border[i].Line }, lines)
}

var lines = map[string]Line{"none": NoLine, "hidden": Hidden, "solid": Solid, "dotted": Dotted, "dashed": Dashed, "double": Double,
	"groove": Groove, "ridge": Ridge, "inset": Inset, "outset": Outset}

func edgeColour(i int) property {
	return property{
		parse: func(r *reader) (setter, bool) {
			c, current, ok := r.colour()
			return func(s *Style, _ *computing) { s.Border[i].Colour, s.Border[i].current = c, current }, ok
		},
		copy: func(to, from *Style) {
			to.Border[i].Colour, to.Border[i].current = from.Border[i].Colour, from.Border[i].current
		},
	}
}

func colour(field func(*Style) *color.NRGBA) property {
	return property{
		parse: func(r *reader) (setter, bool) {
			v, current, ok := r.colour()
			return func(s *Style, c *computing) {
				if current {
					v := s.Colour
					if field(s) == &s.Colour {
						v = c.parent.Colour
					}
					*field(s) = v
					return
				}
				*field(s) = v
			}, ok
		},
		copy: func(to, from *Style) { *field(to) = *field(from) },
	}
}

// setterFor parses the value of a property; ok is false for one that is not
// known or not valid.
func setterFor(p *property, r *reader) (setter, bool) {
	r.skip()
	if len(r.t) > 0 && r.t[0].kind == tIdent && restBlank(r.t[1:]) {
		if set := universal(r.t[0].text, p); set != nil {
			r.t = nil
			return set, true
		}
	}
	set, ok := p.parse(r)
	return set, ok
}

func restBlank(t []token) bool {
	for i := range t {
		if t[i].kind != tSpace {
			return false
		}
	}
	return true
}

var zeroStyle = func() *Style {
	s := initial()
	s.Families = &[]Name{{"serif", true}}
	return s
}()

// universal are the values that every property has.
func universal(word string, p *property) setter {
	switch word {
	case "inherit":
		return func(s *Style, c *computing) { p.copy(s, c.parent) }
	case "initial":
		return func(s *Style, _ *computing) { p.copy(s, zeroStyle) }
	case "unset", "revert":
		if p.inherited {
			return func(s *Style, c *computing) { p.copy(s, c.parent) }
		}
		return func(s *Style, _ *computing) { p.copy(s, zeroStyle) }
	}
	return nil
}
