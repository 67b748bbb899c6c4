package css

import (
	"image/color"
	"strings"
)

// Length is a distance, or a share of another: Px + Pct/100 of what it is
// taken from. Auto is a length of its own, and so is the absence of a limit.
type Length struct {
	Px, Pct float32
	Auto    bool
}

// Auto is the length that the layout finds.
var Auto = Length{Auto: true}

// Px returns a length of v pixels.
func Px(v float32) Length { return Length{Px: v} }

// Of is the length where a whole is base; 0 for Auto.
func (l Length) Of(base float32) float32 {
	if l.Auto {
		return 0
	}
	if l.Pct == 0 {
		return l.Px
	}
	return l.Px + l.Pct*base/100
}

// Fixed tells a length that depends on nothing.
func (l Length) Fixed() bool { return !l.Auto && l.Pct == 0 }

// measure is a length before the sizes of text it depends on are known.
type measure struct {
	px, em, rem, ex, ch, vw, vh, pct float32
	auto                             bool
}

// context is what measures depend on.
type context struct {
	em, rem, width, height float32
	ex                     float32 // of an em; 0: a half
}

func (m measure) at(c context) Length {
	if m.auto {
		return Auto
	}
	ex := c.ex
	if ex == 0 {
		ex = 0.5
	}
	v := m.px + m.em*c.em + m.rem*c.rem + m.ex*c.em*ex + m.ch*c.em*0.5 + m.vw*c.width/100 + m.vh*c.height/100
	return Length{Px: min(max(v, -1e6), 1e6), Pct: min(max(m.pct, -1e6), 1e6)}
}

func (m measure) plus(o measure, f float32) measure {
	return measure{m.px + f*o.px, m.em + f*o.em, m.rem + f*o.rem, m.ex + f*o.ex, m.ch + f*o.ch, m.vw + f*o.vw, m.vh + f*o.vh, m.pct + f*o.pct, false}
}

func (m measure) times(f float32) measure { return measure{}.plus(m, f) }

// measureOf reads a measure; quirks lets numbers stand for pixels (CSS 2.2,
// "unitless length quirk").
func measureOf(t token, quirks bool) (measure, bool) {
	switch t.kind {
	case tPercent:
		return measure{pct: t.num}, true
	case tNumber:
		return measure{px: t.num}, t.num == 0 || quirks
	case tDimension:
		return dimension(t)
	}
	return measure{}, false
}

func dimension(t token) (m measure, ok bool) {
	switch v := t.num; t.text {
	case "px":
		m.px = v
	case "pt":
		m.px = v * 4 / 3
	case "em":
		m.em = v
	case "rem":
		m.rem = v
	case "ex":
		m.ex = v
	case "ch":
		m.ch = v
	case "in":
		m.px = v * 96
	case "cm":
		m.px = v * 96 / 2.54
	case "mm":
		m.px = v * 96 / 25.4
	case "q":
		m.px = v * 96 / 101.6
	case "pc":
		m.px = v * 16
	case "vw", "vmin", "svw", "dvw", "vi":
		m.vw = v
	case "vh", "vmax", "svh", "dvh", "vb":
		m.vh = v
	default:
		return m, false
	}
	return m, true
}

// reader reads the tokens of a value.
type reader struct {
	t      []token
	quirks bool
}

func (r *reader) skip() {
	for len(r.t) > 0 && r.t[0].kind == tSpace {
		r.t = r.t[1:]
	}
}

func (r *reader) done() bool {
	r.skip()
	return len(r.t) == 0
}

// next takes a token.
func (r *reader) next() (token, bool) {
	if r.done() {
		return token{}, false
	}
	t := r.t[0]
	r.t = r.t[1:]
	return t, true
}

// arguments takes what stands in the brackets of a function just taken.
func (r *reader) arguments() []token {
	depth := 1
	for i, t := range r.t {
		switch {
		case t.kind == tFunction || t.is('('):
			depth++
		case t.is(')'):
			if depth--; depth == 0 {
				in := r.t[:i]
				r.t = r.t[i+1:]
				return in
			}
		}
	}
	in := r.t
	r.t = nil
	return in
}

// word takes an identifier.
func (r *reader) word() (string, bool) {
	r.skip()
	if len(r.t) > 0 && r.t[0].kind == tIdent {
		w := r.t[0].text
		r.t = r.t[1:]
		return w, true
	}
	return "", false
}

// length takes a measure: a number with a unit, a percentage or calc().
func (r *reader) length() (measure, bool) {
	r.skip()
	if len(r.t) == 0 {
		return measure{}, false
	}
	t := r.t[0]
	if t.kind == tFunction {
		rest := *r
		rest.t = rest.t[1:]
		m, ok := function(t.text, rest.arguments(), 0)
		if ok {
			*r = rest
		}
		return m, ok
	}
	m, ok := measureOf(t, r.quirks)
	if ok {
		r.t = r.t[1:]
	}
	return m, ok
}

const maxNesting = 16

// function computes calc(), and of min(), max() and clamp() what a mail that
// fits its column means: the fixed one.
func function(name string, args []token, depth int) (measure, bool) {
	if depth > maxNesting {
		return measure{}, false
	}
	switch name {
	case "calc", "-webkit-calc":
		m, _, ok := sum(&reader{t: args}, depth)
		return m, ok
	case "min", "max", "clamp":
		parts := split(args, ',')
		if name == "clamp" && len(parts) == 3 {
			parts = parts[1:2]
		}
		var best measure
		found := false
		for _, p := range parts {
			m, _, ok := sum(&reader{t: p}, depth)
			if !ok {
				return measure{}, false
			}
			if !found || m.pct == 0 {
				best, found = m, true
			}
		}
		return best, found
	}
	return measure{}, false
}

// sum reads terms of a calc(); number tells that the result has no unit.
func sum(r *reader, depth int) (m measure, number, ok bool) {
	m, number, ok = product(r, depth)
	for ok && !r.done() {
		t, _ := r.next()
		var f float32
		switch {
		case t.is('+'):
			f = 1
		case t.is('-'):
			f = -1
		default:
			return m, number, false
		}
		o, n, good := product(r, depth)
		if !good || n != number {
			return m, number, false
		}
		m = m.plus(o, f)
	}
	return m, number, ok
}

func product(r *reader, depth int) (m measure, number, ok bool) {
	m, number, ok = term(r, depth)
	for ok {
		r.skip()
		if len(r.t) == 0 || !r.t[0].is('*') && !r.t[0].is('/') {
			break
		}
		divide := r.t[0].is('/')
		r.t = r.t[1:]
		o, n, good := term(r, depth)
		switch {
		case !good, divide && (!n || o.px == 0), !n && !number:
			return m, number, false
		case divide:
			m = m.times(1 / o.px)
		case n:
			m = m.times(o.px)
		default:
			m, number = o.times(m.px), false
		}
	}
	return m, number, ok
}

func term(r *reader, depth int) (m measure, number, ok bool) {
	t, ok := r.next()
	if !ok {
		return m, false, false
	}
	switch {
	case t.kind == tNumber:
		return measure{px: t.num}, true, true
	case t.is('('):
		if depth > maxNesting {
			return m, false, false
		}
		return sum(&reader{t: r.arguments()}, depth+1)
	case t.kind == tFunction:
		m, ok = function(t.text, r.arguments(), depth+1)
		return m, false, ok
	}
	m, ok = measureOf(t, false)
	return m, false, ok
}

// split divides tokens at a delimiter outside of brackets.
func split(t []token, at byte) [][]token {
	var out [][]token
	depth, from := 0, 0
	for i := range t {
		switch {
		case t[i].kind == tFunction || t[i].is('('):
			depth++
		case t[i].is(')'):
			depth--
		case depth <= 0 && t[i].is(at):
			out = append(out, t[from:i])
			from = i + 1
		}
	}
	return append(out, t[from:])
}

// colour takes a colour.
func (r *reader) colour() (c color.NRGBA, current, ok bool) {
	r.skip()
	if len(r.t) == 0 {
		return c, false, false
	}
	t := r.t[0]
	rest := *r
	rest.t = rest.t[1:]
	switch t.kind {
	case tIdent:
		if t.text == "currentcolor" {
			*r = rest
			return c, true, true
		}
		if c, ok = named(t.text); !ok && r.quirks {
			c, ok = hexColour(t.text)
		}
	case tHash:
		c, ok = hexColour(t.text)
	case tFunction:
		c, ok = functionColour(t.text, rest.arguments())
	case tNumber, tDimension: // #-less colours of old mail
		if s := strings.ToLower(t.raw); r.quirks && (len(s) == 6 || len(s) == 3 && t.kind == tDimension) {
			c, ok = hexColour(s)
		}
	}
	if ok {
		*r = rest
	}
	return c, false, ok
}
