package css

import "strings"

// Media is what a mail is shown in.
type Media struct {
	Width, Height float32 // of the view, in pixels
	Dark          bool
}

// matches evaluates a media query (Media Queries 4).
func (m Media) matches(t []token) bool {
	for _, q := range split(t, ',') {
		if m.query(q) {
			return true
		}
	}
	return false
}

func (m Media) query(t []token) bool {
	r := reader{t: t}
	if r.done() {
		return true
	}
	not, or := false, false
	result := true
	first := true
	for !r.done() {
		x, _ := r.next()
		var v bool
		switch {
		case x.is('('):
			v = m.feature(r.arguments())
		case x.kind == tFunction && x.text == "and": // and( without a blank
			v = m.feature(r.arguments())
		case x.kind != tIdent:
			return false
		default:
			switch x.text {
			case "only", "and":
				continue
			case "not":
				not = true
				continue
			case "or":
				or = true
				continue
			case "screen", "all":
				v = true
			}
		}
		switch {
		case first:
			result = v
		case or:
			result = result || v
		default:
			result = result && v
		}
		first, or = false, false
	}
	return result != not
}

// feature evaluates what stands in brackets.
func (m Media) feature(t []token) bool {
	r := reader{t: t}
	if r.done() {
		return false
	}
	if r.t[0].is('(') {
		return m.query(t)
	}
	name, ok := r.word()
	if !ok {
		return m.ranged(t)
	}
	if r.done() {
		return name == "width" || name == "height" || name == "color" || name == "prefers-color-scheme"
	}
	if colon, _ := r.next(); !colon.is(':') {
		return m.ranged(t)
	}
	name = strings.TrimPrefix(name, "-webkit-")
	switch name {
	case "prefers-color-scheme":
		w, _ := r.word()
		return w == "dark" && m.Dark || w == "light" && !m.Dark
	case "orientation":
		w, _ := r.word()
		return w == "portrait" && m.Height >= m.Width || w == "landscape" && m.Height < m.Width
	case "min-device-pixel-ratio", "min-resolution":
		x, _ := r.next()
		return x.num <= 1 || x.text == "dpi" && x.num <= 96
	case "max-device-pixel-ratio", "max-resolution":
		x, _ := r.next()
		return x.num >= 1
	case "prefers-reduced-motion":
		w, _ := r.word()
		return w == "reduce"
	}
	v, ok := r.length()
	if !ok {
		return false
	}
	px := v.at(context{em: 16, rem: 16, width: m.Width, height: m.Height}).Px
	switch name {
	case "min-width", "min-device-width":
		return m.Width >= px
	case "max-width", "max-device-width":
		return m.Width <= px
	case "width", "device-width":
		return m.Width == px
	case "min-height", "min-device-height":
		return m.Height >= px
	case "max-height", "max-device-height":
		return m.Height <= px
	}
	return false
}

// ranged evaluates width <= 600px and its kin.
func (m Media) ranged(t []token) bool {
	var sides []token
	var op string
	for _, x := range t {
		switch {
		case x.kind == tSpace:
		case x.is('<') || x.is('>') || x.is('='):
			op += x.text
		default:
			sides = append(sides, x)
		}
	}
	if len(sides) != 2 || sides[0].kind != tIdent || sides[0].text != "width" {
		return false
	}
	v, ok := measureOf(sides[1], false)
	if !ok {
		return false
	}
	px := v.at(context{em: 16, rem: 16, width: m.Width, height: m.Height}).Px
	switch op {
	case "<":
		return m.Width < px
	case "<=":
		return m.Width <= px
	case ">":
		return m.Width > px
	case ">=":
		return m.Width >= px
	case "=":
		return m.Width == px
	}
	return false
}

// mentionsDark tells a query that asks for dark mode.
func mentionsDark(t []token) bool {
	asks := false
	for _, x := range t {
		switch x.text {
		case "prefers-color-scheme":
			asks = true
		case "dark":
			if asks {
				return true
			}
		}
	}
	return false
}
