package css

import (
	"image/color"
	"strings"
)

// shorthands are properties that stand for several.
var shorthands map[string]func(r *reader, add func(string, setter)) bool

func init() {
	shorthands = map[string]func(r *reader, add func(string, setter)) bool{
		"margin":                four("margin-", ""),
		"padding":               four("padding-", ""),
		"border-width":          four("border-", "-width"),
		"border-style":          four("border-", "-style"),
		"border-color":          four("border-", "-color"),
		"border":                border(sides[:]...),
		"border-top":            border("top"),
		"border-right":          border("right"),
		"border-bottom":         border("bottom"),
		"border-left":           border("left"),
		"border-radius":         radius,
		"background":            background,
		"font":                  font,
		"list-style":            listStyle,
		"text-decoration":       decoration,
		"border-spacing":        spacing,
		"flex":                  flex,
		"flex-flow":             flexFlow,
		"gap":                   gap,
		"grid-gap":              gap,
		"overflow-x":            same("overflow"),
		"overflow-y":            same("overflow"),
		"word-wrap":             same("overflow-wrap"),
		"text-wrap":             textWrap,
		"-webkit-border-radius": radius,
		"-moz-border-radius":    radius,
		"-webkit-box-sizing":    same("box-sizing"),
		"-moz-box-sizing":       same("box-sizing"),
	}
	for name, start := range map[string]string{"margin-inline-start": "margin-left", "margin-inline-end": "margin-right", "margin-block-start": "margin-top",
		"margin-block-end": "margin-bottom", "padding-inline-start": "padding-left", "padding-inline-end": "padding-right",
		"padding-block-start": "padding-top", "padding-block-end": "padding-bottom"} {
		shorthands[name] = same(start)
	}
}

// same is another name of a property.
func same(name string) func(*reader, func(string, setter)) bool {
	return func(r *reader, add func(string, setter)) bool {
		set, ok := setterFor(properties[name], r)
		if ok {
			add(name, set)
		}
		return ok && r.done()
	}
}

// four reads one to four values for the sides.
func four(before, after string) func(*reader, func(string, setter)) bool {
	return func(r *reader, add func(string, setter)) bool {
		var at [][]token // where each value begins
		p := properties[before+"top"+after]
		for !r.done() {
			was := r.t
			if _, ok := setterFor(p, r); !ok {
				return false
			}
			at = append(at, was[:len(was)-len(r.t)])
		}
		if len(at) == 0 || len(at) > 4 {
			return false
		}
		which := [4][4]int{{0, 0, 0, 0}, {0, 1, 0, 1}, {0, 1, 2, 1}, {0, 1, 2, 3}}[len(at)-1]
		for i, side := range sides {
			name := before + side + after
			set, _ := setterFor(properties[name], &reader{t: at[which[i]], quirks: r.quirks})
			add(name, set)
		}
		return true
	}
}

func border(of ...string) func(*reader, func(string, setter)) bool {
	return func(r *reader, add func(string, setter)) bool {
		wide, line, current := measure{px: 3}, NoLine, true
		var c color.NRGBA
		r.skip()
		if len(r.t) == 1 && r.t[0].text == "inherit" {
			for _, side := range of {
				for _, what := range []string{"-width", "-style", "-color"} {
					name := "border-" + side + what
					set, _ := setterFor(properties[name], &reader{t: r.t})
					add(name, set)
				}
			}
			r.t = nil
			return true
		}
		for !r.done() {
			t := r.t[0]
			if l, ok := lines[t.text]; ok && t.kind == tIdent {
				line, r.t = l, r.t[1:]
				continue
			}
			if t.kind == tIdent && (t.text == "initial" || t.text == "unset") {
				r.t = r.t[1:]
				continue
			}
			if m, ok := lineWidth(&reader{t: r.t[:1], quirks: r.quirks}); ok && t.kind != tFunction {
				wide, r.t = m, r.t[1:]
				continue
			}
			v, cur, ok := r.colour()
			if !ok {
				return false
			}
			c, current = v, cur
		}
		for _, side := range of {
			i := map[string]int{"top": Top, "right": Right, "bottom": Bottom, "left": Left}[side]
			add("border-"+side+"-width", func(s *Style, _ *computing) {
				s.Border[i] = Edge{wide: wide, Line: line, Colour: c, current: current}
			})
		}
		return true
	}
}

func radius(r *reader, add func(string, setter)) bool {
	var v []measure
	for !r.done() && !r.t[0].is('/') {
		m, ok := r.length()
		if !ok || len(v) == 4 {
			return false
		}
		v = append(v, m)
	}
	r.t = nil // the other radii of ellipses
	if len(v) == 0 {
		return false
	}
	which := [4][4]int{{0, 0, 0, 0}, {0, 1, 0, 1}, {0, 1, 2, 1}, {0, 1, 2, 3}}[len(v)-1]
	for i, corner := range []string{"top-left", "top-right", "bottom-right", "bottom-left"} {
		m := v[which[i]]
		add("border-"+corner+"-radius", func(s *Style, c *computing) { s.Radius[i] = m.at(c.context) })
	}
	return true
}

func font(r *reader, add func(string, setter)) bool {
	italic, bold := "normal", "normal"
	for !r.done() {
		t := r.t[0]
		switch {
		case t.kind == tIdent && (t.text == "normal" || t.text == "inherit"):
		case t.kind == tIdent && (t.text == "italic" || t.text == "oblique"):
			italic = t.text
		case t.text == "small-caps":
		case t.kind == tIdent && (strings.HasPrefix(t.text, "bold") || t.text == "lighter"), t.kind == tNumber && t.num >= 100 && t.num <= 900 && t.whole:
			bold = t.text
			if t.kind == tNumber {
				bold = t.raw
			}
		default:
			goto size
		}
		r.t = r.t[1:]
	}
	return false
size:
	set, ok := size(r)
	if !ok {
		return false
	}
	var heightSet setter
	if r.skip(); len(r.t) > 0 && r.t[0].is('/') {
		r.t = r.t[1:]
		if heightSet, ok = lineHeight(r); !ok {
			return false
		}
	}
	families, ok := family(r)
	if !ok {
		return false
	}
	word := func(name, v string) {
		s, _ := setterFor(properties[name], &reader{t: tokens(v)})
		add(name, s)
	}
	word("font-style", italic)
	word("font-weight", bold)
	add("font-family", families)
	add("font-size", set)
	if heightSet != nil {
		add("line-height", heightSet)
	} else {
		word("line-height", "normal")
	}
	return true
}

func listStyle(r *reader, add func(string, setter)) bool {
	kind, inside := Disc, false
	for !r.done() {
		t := r.t[0]
		r.t = r.t[1:]
		m, ok := markers[t.text]
		switch {
		case ok && t.kind == tIdent:
			kind = m
		case t.text == "inside" || t.text == "outside":
			inside = t.text == "inside"
		case t.kind == tURL:
		case t.kind == tFunction:
			r.arguments()
		default:
			return false
		}
	}
	add("list-style-type", func(s *Style, _ *computing) { s.Marker = kind })
	add("list-style-position", func(s *Style, _ *computing) { s.MarkerInside = inside })
	return true
}

func decoration(r *reader, add func(string, setter)) bool {
	var under, over, through bool
	line, current := Solid, true
	var c color.NRGBA
	r.skip()
	if len(r.t) == 1 && r.t[0].text == "inherit" {
		r.t = nil
		add("text-decoration-line", universal("inherit", properties["text-decoration-line"]))
		return true
	}
	for !r.done() {
		t := r.t[0]
		switch t.text {
		case "underline":
			under = true
		case "overline":
			over = true
		case "line-through":
			through = true
		case "none", "blink", "initial", "unset", "auto", "from-font":
		case "solid", "double", "dotted", "dashed":
			line = lines[t.text]
		case "wavy":
			line = Wavy
		default:
			if t.kind == tDimension || t.kind == tPercent || t.kind == tNumber {
				break
			}
			v, cur, ok := r.colour()
			if !ok {
				return false
			}
			c, current = v, cur
			continue
		}
		r.t = r.t[1:]
	}
	add("text-decoration-line", func(s *Style, _ *computing) {
		s.Under, s.Over, s.Through, s.LineStyle, s.LineColour, s.lineCurrent = under, over, through, line, c, current
	})
	return true
}

func spacing(r *reader, add func(string, setter)) bool {
	x, ok := r.length()
	if !ok {
		return false
	}
	y, two := r.length()
	if !two {
		y = x
	}
	add("-x-spacing-x", func(s *Style, c *computing) {
		s.SpacingX, s.SpacingY = max(x.at(c.context).Px, 0), max(y.at(c.context).Px, 0)
	})
	return true
}

func flex(r *reader, add func(string, setter)) bool {
	grow, shrink, basis := float32(1), float32(1), measure{}
	seen := 0
	for !r.done() {
		t := r.t[0]
		switch {
		case t.kind == tNumber && seen == 0:
			grow, seen = t.num, 1
		case t.kind == tNumber && seen == 1:
			shrink, seen = t.num, 2
		case t.text == "none":
			grow, shrink, basis = 0, 0, measure{auto: true}
		case t.text == "auto" || t.text == "content":
			basis = measure{auto: true}
		case t.text == "initial":
			grow, basis = 0, measure{auto: true}
		default:
			m, ok := r.length()
			if !ok {
				return false
			}
			basis = m
			continue
		}
		r.t = r.t[1:]
	}
	add("flex-grow", func(s *Style, c *computing) {
		s.Grow, s.Shrink, s.Basis = max(grow, 0), max(shrink, 0), basis.at(c.context)
	})
	return true
}

func flexFlow(r *reader, add func(string, setter)) bool {
	for !r.done() {
		one := &reader{t: r.t[:1]}
		for _, name := range []string{"flex-direction", "flex-wrap"} {
			if set, ok := setterFor(properties[name], &reader{t: one.t}); ok {
				add(name, set)
			}
		}
		r.t = r.t[1:]
	}
	return true
}

func gap(r *reader, add func(string, setter)) bool {
	y, ok := r.length()
	if !ok {
		return false
	}
	x, two := r.length()
	if !two {
		x = y
	}
	add("row-gap", func(s *Style, c *computing) { s.GapX, s.GapY = x.at(c.context), y.at(c.context) })
	return true
}

func textWrap(r *reader, add func(string, setter)) bool {
	w, ok := r.word()
	if ok && w == "nowrap" {
		add("white-space", func(s *Style, _ *computing) { s.WhiteSpace = NoWrap })
	}
	return ok
}
