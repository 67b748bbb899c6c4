package css

import "strings"

// family reads font-family.
func family(r *reader) (setter, bool) {
	var names []Name
	for _, part := range split(r.t, ',') {
		var b []string
		generic := true
		for _, t := range part {
			switch t.kind {
			case tString:
				b, generic = append(b, t.text), false
			case tIdent:
				b = append(b, t.raw)
			case tNumber, tDimension:
				b = append(b, t.raw)
			case tSpace:
			default:
				return nil, false
			}
		}
		if len(b) == 0 {
			continue
		}
		name := strings.ToLower(strings.Trim(strings.Join(b, " "), `"' `))
		if len(name) > 100 || len(names) > 20 {
			break
		}
		names = append(names, Name{name, generic && genericFamily[name]})
	}
	r.t = nil
	if len(names) == 0 {
		return nil, false
	}
	return func(s *Style, _ *computing) { s.Families = &names }, true
}

var genericFamily = map[string]bool{"serif": true, "sans-serif": true, "monospace": true, "cursive": true, "fantasy": true, "system-ui": true,
	"ui-sans-serif": true, "ui-serif": true, "ui-monospace": true, "-apple-system": true, "blinkmacsystemfont": true, "emoji": true, "math": true}

var sizes = map[string]float32{"xx-small": 9, "x-small": 10, "small": 13, "medium": 16, "large": 18, "x-large": 24, "xx-large": 32, "xxx-large": 48}

// maxSize bounds the size of text, as browsers do.
const maxSize = 10000

// size reads font-size.
func size(r *reader) (setter, bool) {
	if m, ok := r.length(); ok {
		return func(s *Style, c *computing) {
			at := c.context
			at.em = c.parent.Size
			s.Size = min(max(m.at(at).Of(c.parent.Size), 0), maxSize)
			s.absolute = m.px != 0 || c.parent.absolute
		}, m.px >= 0 && m.em >= 0 && m.pct >= 0
	}
	w, _ := r.word()
	switch w {
	case "smaller":
		return func(s *Style, c *computing) { s.Size = c.parent.Size / 1.2 }, true
	case "larger":
		return func(s *Style, c *computing) { s.Size = min(c.parent.Size*1.2, maxSize) }, true
	}
	v, ok := sizes[w]
	return func(s *Style, _ *computing) {
		s.absolute = false
		if s.Size = v; monospaced(s) {
			s.Size = v * 13 / 16
		}
	}, ok
}

// monospaced tells a list of families that is nothing but monospace, for which
// browsers have a smaller usual size.
func monospaced(s *Style) bool {
	f := *s.Families
	return len(f) == 1 && f[0].Generic && f[0].Text == "monospace"
}

func weight(r *reader) (setter, bool) {
	t, _ := r.next()
	v := uint16(0)
	switch {
	case t.kind == tNumber && t.num >= 1 && t.num <= 1000:
		v = uint16(t.num)
	case t.text == "normal":
		v = 400
	case t.text == "bold":
		v = 700
	case t.text == "bolder":
		return func(s *Style, c *computing) {
			switch w := c.parent.Weight; {
			case w < 350:
				s.Weight = 400
			case w < 550:
				s.Weight = 700
			default:
				s.Weight = max(w, 900)
			}
		}, true
	case t.text == "lighter":
		return func(s *Style, c *computing) {
			switch w := c.parent.Weight; {
			case w < 550:
				s.Weight = min(w, 100)
			case w < 750:
				s.Weight = 400
			default:
				s.Weight = 700
			}
		}, true
	}
	return func(s *Style, _ *computing) { s.Weight = v }, v > 0
}

func lineHeight(r *reader) (setter, bool) {
	r.skip()
	if len(r.t) > 0 && r.t[0].kind == tNumber {
		t, _ := r.next()
		return func(s *Style, _ *computing) { s.LineHeight = LineHeight{Times: max(t.num, 1e-6)} }, t.num >= 0
	}
	if m, ok := r.length(); ok {
		return func(s *Style, c *computing) {
			s.LineHeight = LineHeight{Px: max(m.at(c.context).Of(s.Size), 1e-6)}
		}, m.px >= 0 && m.em >= 0 && m.pct >= 0
	}
	w, _ := r.word()
	return func(s *Style, _ *computing) { s.LineHeight = LineHeight{} }, w == "normal"
}

func verticalAlign(r *reader) (setter, bool) {
	if m, ok := r.length(); ok {
		return func(s *Style, c *computing) {
			l := m.at(c.context)
			s.VAlign, s.Raise = Raised, l.Px
			if l.Pct != 0 {
				h := s.LineHeight.Px
				if h == 0 {
					h = s.Size * max(s.LineHeight.Times, 1.15)
				}
				s.Raise = l.Of(h)
			}
		}, true
	}
	w, _ := r.word()
	v, ok := map[string]VAlign{"baseline": Baseline, "sub": Sub, "super": Super, "top": VTop, "middle": VMiddle, "bottom": VBottom,
		"text-top": TextTop, "text-bottom": TextBottom, "-webkit-baseline-middle": VMiddle, "-x-absmiddle": AbsMiddle}[w]
	return func(s *Style, _ *computing) { s.VAlign, s.Raise = v, 0 }, ok
}

func decorationLine(r *reader) (setter, bool) {
	var under, over, through, said bool
	for !r.done() {
		w, ok := r.word()
		if !ok {
			break
		}
		switch w {
		case "underline":
			under = true
		case "overline":
			over = true
		case "line-through":
			through = true
		case "none", "blink":
		default:
			return nil, false
		}
		said = true
	}
	return func(s *Style, _ *computing) { s.Under, s.Over, s.Through = under, over, through }, said
}
