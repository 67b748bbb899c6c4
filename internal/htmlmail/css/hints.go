package css

import (
	"strconv"
	"strings"

	"paquebot.app/internal/htmlmail/tree"
)

// hints adds what attributes say about the look of an element (HTML Standard
// §15.3, "presentational hints").
func (c *Cascade) hints(n *tree.Node, s, parent *Style) {
	h := hinter{c: c, n: n}
	cell := n.Tag == "td" || n.Tag == "th"
	if n.Tag == "table" {
		s.cellPadding, s.cellBorder, s.rules = -1, false, ""
	}
	if cell {
		if parent.cellPadding >= 0 {
			p := parent.cellPadding
			h.set("padding-top", func(s *Style, _ *computing) { s.Padding = [4]Length{Px(p), Px(p), Px(p), Px(p)} })
		}
		if parent.cellBorder {
			h.value("border", "1px inset gray")
		}
	}
	for i := range n.Attrs {
		h.attribute(s, n.Attrs[i].Key, strings.TrimSpace(n.Attrs[i].Val), cell)
	}
}

// hinter turns attributes of one element into declarations.
type hinter struct {
	c *Cascade
	n *tree.Node
}

func (h *hinter) set(name string, set setter) {
	h.c.decls = append(h.c.decls, decl{name: name, set: set})
}

func (h *hinter) value(name, v string) {
	h.c.decls = appendDeclaration(h.c.decls, name, tokens(v), false, false)
}

func (h *hinter) colour(name, v string) {
	c, ok := attributeColour(v)
	if !ok {
		return
	}
	switch name {
	case "color":
		h.set(name, func(s *Style, _ *computing) { s.Colour = c })
	case "background-color":
		h.set(name, func(s *Style, _ *computing) { s.Ground = c })
	case "border-color":
		h.set(name, func(s *Style, _ *computing) {
			for i := range s.Border {
				s.Border[i].Colour, s.Border[i].current = c, false
			}
		})
	}
}

// dimension is a length as attributes have it: digits, perhaps a %.
func attributeLength(v string) (Length, bool) {
	v = strings.TrimLeft(v, "+ ")
	i := 0
	for i < len(v) && (digit(v[i]) || v[i] == '.') {
		i++
	}
	f, err := strconv.ParseFloat(v[:i], 32)
	if err != nil || f < 0 {
		return Length{}, false
	}
	f = min(f, 1e6)
	if i < len(v) && v[i] == '%' {
		return Length{Pct: float32(f)}, true
	}
	return Px(float32(f)), true
}

func (h *hinter) length(name, v string, field func(*Style) *Length) {
	if l, ok := attributeLength(v); ok {
		h.set(name, func(s *Style, _ *computing) { *field(s) = l })
	}
}

func (h *hinter) attribute(s *Style, key, v string, cell bool) {
	tag := h.n.Tag
	switch key {
	case "bgcolor":
		switch tag {
		case "table", "tbody", "thead", "tfoot", "tr", "td", "th", "body":
			h.colour("background-color", v)
		}
	case "background":
		if v != "" {
			h.set("background-image", func(s *Style, _ *computing) { s.picture(func(p *Picture) { p.Address = v }) })
		}
	case "align":
		h.align(strings.ToLower(v))
	case "valign":
		h.value("vertical-align", strings.ToLower(v))
	case "width":
		if tag == "hr" || tag == "table" || tag == "img" || tag == "col" || tag == "colgroup" || cell {
			if l, ok := attributeLength(v); ok && (l.Px > 0 || l.Pct > 0 || tag == "img" || tag == "hr") {
				h.set("width", func(s *Style, _ *computing) { s.Width = l })
			}
		}
	case "height":
		switch tag {
		case "table", "tr", "img", "thead", "tbody", "tfoot", "td", "th":
			if l, ok := attributeLength(v); ok && (l.Px > 0 || l.Pct > 0 || tag == "img") {
				h.set("height", func(s *Style, _ *computing) { s.Height = l })
			}
		}
	case "hidden":
		h.value("display", "none")
	case "wrap":
		if tag == "pre" {
			h.value("white-space", "pre-wrap")
		}
	case "nowrap":
		if cell {
			h.value("white-space", "nowrap")
		}
	case "dir":
		switch strings.ToLower(v) {
		case "rtl", "ltr":
			h.value("direction", strings.ToLower(v))
		case "auto":
			h.value("direction", autoDirection(h.n))
		}
	case "hspace":
		h.length("margin-left", v, func(s *Style) *Length { return &s.Margin[Left] })
		h.length("margin-right", v, func(s *Style) *Length { return &s.Margin[Right] })
	case "vspace":
		h.length("margin-top", v, func(s *Style) *Length { return &s.Margin[Top] })
		h.length("margin-bottom", v, func(s *Style) *Length { return &s.Margin[Bottom] })
	case "border":
		h.border(s, v)
	case "bordercolor":
		h.colour("border-color", v)
	default:
		h.rest(s, key, v)
	}
}

func (h *hinter) rest(s *Style, key, v string) {
	tag := h.n.Tag
	switch key {
	case "color":
		if tag == "font" {
			h.colour("color", v)
		} else if tag == "hr" {
			h.colour("border-color", v)
			h.colour("color", v)
		}
	case "text":
		if tag == "body" {
			h.colour("color", v)
		}
	case "face":
		if tag == "font" {
			h.value("font-family", v)
		}
	case "size":
		h.size(v)
	case "cellpadding":
		if tag == "table" {
			if l, ok := attributeLength(v); ok {
				s.cellPadding = l.Px
			}
		}
	case "cellspacing":
		if l, ok := attributeLength(v); ok && tag == "table" {
			h.set("-x-spacing-x", func(s *Style, _ *computing) { s.SpacingX, s.SpacingY = l.Px, l.Px })
		}
	case "rules":
		if tag == "table" && v != "" {
			s.rules = strings.ToLower(v)
			if s.rules == "all" {
				s.cellBorder = true
			}
			h.value("border-collapse", "collapse")
		}
	case "type":
		if m, ok := map[string]string{"1": "decimal", "a": "lower-alpha", "A": "upper-alpha", "i": "lower-roman", "I": "upper-roman"}[v]; ok {
			h.value("list-style-type", m)
		} else if tag == "ul" || tag == "li" {
			h.value("list-style-type", strings.ToLower(v))
		}
	case "clear":
		if tag == "br" {
			if v = strings.ToLower(v); v == "all" {
				v = "both"
			}
			h.value("clear", v)
		}
	case "noshade":
		if tag == "hr" {
			h.value("border-style", "solid")
		}
	}
}

func (h *hinter) align(v string) {
	switch h.n.Tag {
	case "table":
		switch v {
		case "left", "right":
			h.value("float", v)
		case "center":
			h.value("margin-left", "auto")
			h.value("margin-right", "auto")
		}
	case "img", "input":
		switch v {
		case "left", "right":
			h.value("float", v)
		case "absmiddle", "middle", "abscenter":
			if v != "middle" {
				v = "-x-absmiddle"
			}
			h.value("vertical-align", v)
		case "texttop":
			h.value("vertical-align", "text-top")
		case "absbottom":
			h.value("vertical-align", "bottom")
		case "top", "bottom":
			if v == "bottom" {
				v = "baseline"
			}
			h.value("vertical-align", v)
		}
	case "hr":
		switch v {
		case "left":
			h.value("margin-left", "0")
		case "right":
			h.value("margin-right", "0")
		}
	case "div", "p", "td", "th", "tr", "tbody", "thead", "tfoot", "col", "h1", "h2", "h3", "h4", "h5", "h6":
		switch v {
		case "center", "middle":
			v = "-webkit-center"
		case "left", "right":
			v = "-webkit-" + v
		}
		h.value("text-align", v)
	case "caption":
		if v == "bottom" {
			h.value("caption-side", v)
		}
	}
}

func (h *hinter) border(s *Style, v string) {
	w, err := strconv.Atoi(strings.TrimSuffix(v, "px"))
	if err != nil && h.n.Tag == "table" && v == "" {
		w = 1
	}
	if w < 0 || w > 1000 {
		return
	}
	switch h.n.Tag {
	case "table":
		if w > 0 {
			h.value("border", strconv.Itoa(w)+"px outset gray")
			s.cellBorder = true
		}
	case "img":
		if w > 0 {
			h.value("border", strconv.Itoa(w)+"px solid")
		}
	}
}

var fontSizes = [...]string{"", "x-small", "small", "medium", "large", "x-large", "xx-large", "xxx-large"}

func (h *hinter) size(v string) {
	switch h.n.Tag {
	case "font":
		digits := strings.TrimLeft(v, "+-")
		i, err := strconv.Atoi(strings.TrimSuffix(digits, "px"))
		if err != nil {
			return
		}
		switch {
		case strings.HasPrefix(v, "+"):
			i += 3
		case strings.HasPrefix(v, "-"):
			i = 3 - i
		}
		h.value("font-size", fontSizes[min(max(i, 1), 7)])
	case "hr":
		if l, ok := attributeLength(v); ok && l.Px > 1 {
			h.set("height", func(s *Style, _ *computing) { s.Height = Px(l.Px - 2) })
		}
	}
}

// autoDirection is that of the first letter that has one.
func autoDirection(n *tree.Node) string {
	var b strings.Builder
	n.Words(&b)
	for _, r := range b.String() {
		switch {
		case r >= 0x590 && r <= 0x8ff || r >= 0xfb1d && r <= 0xfdff || r >= 0xfe70 && r <= 0xfeff:
			return "rtl"
		case r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= 0xc0 && r < 0x590 || r >= 0x900 && r < 0x2000 || r >= 0x3040 && r < 0xfb00:
			return "ltr"
		}
	}
	return "ltr"
}
