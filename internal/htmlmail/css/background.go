package css

import (
	"strings"

	"paquebot.app/internal/htmlmail/tree"
)

func backgroundProperties() map[string]property {
	withPicture := func(set func(p, from *Picture)) func(to, from *Style) {
		return func(to, from *Style) {
			if from.Picture != nil {
				to.picture(func(p *Picture) { set(p, from.Picture) })
			}
		}
	}
	return map[string]property{
		"background-image": {parse: backgroundImage, copy: func(to, from *Style) { to.Picture = from.Picture }},
		"background-repeat": {parse: func(r *reader) (setter, bool) {
			x, y, ok := repeat(r)
			return func(s *Style, _ *computing) { s.picture(func(p *Picture) { p.RepeatX, p.RepeatY = x, y }) }, ok
		}, copy: withPicture(func(p, from *Picture) { p.RepeatX, p.RepeatY = from.RepeatX, from.RepeatY })},
		"background-position": {parse: func(r *reader) (setter, bool) {
			x, y, ok := position(r)
			return func(s *Style, c *computing) {
				s.picture(func(p *Picture) { p.X, p.Y = x.at(c.context), y.at(c.context) })
			}, ok
		}, copy: withPicture(func(p, from *Picture) { p.X, p.Y = from.X, from.Y })},
		"background-size": {parse: func(r *reader) (setter, bool) {
			set, ok := backgroundSize(r)
			return func(s *Style, c *computing) { s.picture(func(p *Picture) { set(p, c) }) }, ok
		}, copy: withPicture(func(p, from *Picture) { p.Width, p.Height, p.Fit = from.Width, from.Height, from.Fit })},
	}
}

// picture changes a copy of the background picture, which other styles may
// share.
func (s *Style) picture(change func(*Picture)) {
	p := Picture{RepeatX: true, RepeatY: true, Width: Auto, Height: Auto}
	if s.Picture != nil {
		p = *s.Picture
	}
	change(&p)
	s.Picture = &p
}

// backgroundImage reads an address of a picture or a gradient: the first of
// several that is understood.
func backgroundImage(r *reader) (setter, bool) {
	for _, layer := range split(r.t, ',') {
		in := &reader{t: layer, quirks: r.quirks}
		if address, g, ok := image(in); ok {
			r.t = nil
			return func(s *Style, c *computing) {
				s.picture(func(p *Picture) { p.Address, p.Gradient = address, g.at(c) })
			}, true
		}
	}
	w, _ := r.word()
	return func(s *Style, _ *computing) {
		if s.Picture != nil {
			s.picture(func(p *Picture) { p.Address, p.Gradient = "", nil })
		}
	}, w == "none"
}

// image takes an address or a gradient.
func image(r *reader) (address string, g *gradient, ok bool) {
	r.skip()
	if len(r.t) == 0 {
		return "", nil, false
	}
	t, was := r.t[0], r.t
	defer func() {
		if !ok {
			r.t = was
		}
	}()
	switch {
	case t.kind == tURL:
		r.t = r.t[1:]
		address = tree.Picture(t.text)
	case t.kind == tFunction && t.text == "url":
		r.t = r.t[1:]
		for _, a := range r.arguments() {
			if a.kind == tString {
				address = tree.Picture(a.text)
				break
			}
		}
	case t.kind == tFunction && strings.HasSuffix(t.text, "gradient"):
		r.t = r.t[1:]
		g, ok = parseGradient(t.text, r.arguments())
		return "", g, ok
	default:
		return "", nil, false
	}
	return address, nil, address != ""
}

func repeat(r *reader) (x, y, ok bool) {
	w, _ := r.word()
	switch w {
	case "repeat-x":
		return true, false, true
	case "repeat-y":
		return false, true, true
	case "repeat", "no-repeat", "round", "space":
	default:
		return false, false, false
	}
	x = w != "no-repeat"
	y = x
	if v, again := r.word(); again {
		y = v != "no-repeat"
	}
	return x, y, true
}

// position reads a position in a box: one or two of lengths and sides.
func position(r *reader) (x, y measure, ok bool) {
	x, y = measure{pct: 50}, measure{pct: 50}
	n := 0
	for n < 2 && !r.done() {
		if m, is := r.length(); is {
			if n == 0 {
				x = m
			} else {
				y = m
			}
			n++
			continue
		}
		if r.t[0].kind != tIdent {
			break
		}
		switch r.t[0].text {
		case "left":
			x = measure{}
		case "right":
			x = measure{pct: 100}
		case "top":
			y = measure{}
		case "bottom":
			y = measure{pct: 100}
		case "center":
		default:
			return x, y, n > 0
		}
		r.t = r.t[1:]
		n++
	}
	return x, y, n > 0
}

func backgroundSize(r *reader) (func(*Picture, *computing), bool) {
	if w, ok := r.word(); ok {
		switch w {
		case "cover":
			return func(p *Picture, _ *computing) { p.Fit = Cover }, true
		case "contain":
			return func(p *Picture, _ *computing) { p.Fit = Contain }, true
		case "auto":
			h, ok := lengthOr(r, auto)
			if !ok {
				h = measure{auto: true}
			}
			return func(p *Picture, c *computing) { p.Fit, p.Width, p.Height = NoFit, Auto, h.at(c.context) }, true
		}
		return nil, false
	}
	w, ok := r.length()
	h, two := lengthOr(r, auto)
	if !two {
		h = measure{auto: true}
	}
	return func(p *Picture, c *computing) { p.Fit, p.Width, p.Height = NoFit, w.at(c.context), h.at(c.context) }, ok
}

// background reads the shorthand; of several layers the first picture and the
// colour of the last are taken.
func background(r *reader, add func(string, setter)) bool {
	layers := split(r.t, ',')
	r.t = nil
	var sets []func()
	pictured := false
	for i, layer := range layers {
		in := &reader{t: layer, quirks: r.quirks}
		for n := 0; !in.done(); {
			if c, current, ok := in.colour(); ok {
				if i < len(layers)-1 {
					return false
				}
				sets = append(sets, func() {
					add("background-color", func(s *Style, _ *computing) {
						if s.Ground = c; current {
							s.Ground = s.Colour
						}
					})
				})
				continue
			}
			if address, g, ok := image(in); ok {
				if !pictured {
					pictured = true
					sets = append(sets, func() {
						add("background-image", func(s *Style, c *computing) {
							s.picture(func(p *Picture) { p.Address, p.Gradient = address, g.at(c) })
						})
					})
				}
				continue
			}
			t := in.t[0]
			switch {
			case t.kind == tURL, t.kind == tFunction: // an address that is not asked for
				in.t = in.t[1:]
				if t.kind == tFunction {
					in.arguments()
				}
			case t.is('/'):
				in.t = in.t[1:]
				if set, ok := backgroundSize(in); ok && pictured {
					sets = append(sets, func() {
						add("background-size", func(s *Style, c *computing) { s.picture(func(p *Picture) { set(p, c) }) })
					})
				}
			case t.kind == tIdent && strings.Contains(t.text, "repeat"):
				x, y, _ := repeat(in)
				sets = append(sets, func() {
					add("background-repeat", func(s *Style, _ *computing) { s.picture(func(p *Picture) { p.RepeatX, p.RepeatY = x, y }) })
				})
			case t.kind == tIdent && (t.text == "none" || t.text == "scroll" || t.text == "fixed" || t.text == "local" || strings.HasSuffix(t.text, "-box")):
				in.t = in.t[1:]
			default:
				x, y, ok := position(in)
				if n++; !ok || n > 2 {
					return false
				}
				sets = append(sets, func() {
					add("background-position", func(s *Style, c *computing) {
						s.picture(func(p *Picture) { p.X, p.Y = x.at(c.context), y.at(c.context) })
					})
				})
			}
		}
	}
	add("background-color", func(s *Style, _ *computing) { s.Ground, s.Picture = zeroStyle.Ground, nil })
	for _, set := range sets {
		set()
	}
	return len(sets) > 0 || len(layers) > 0
}
