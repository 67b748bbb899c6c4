package css

import (
	"image/color"
	"strings"
)

// properties are the properties that are understood; all others, and all
// values that are not in their grammars, are as if they had not been written.
var properties map[string]*property

func init() {
	properties = map[string]*property{}
	for _, group := range []map[string]property{textProperties(), boxProperties(), flexProperties()} {
		for name, p := range group {
			properties[name] = &p
		}
	}
}

func textProperties() map[string]property {
	m := map[string]property{
		"color":       colour(func(s *Style) *color.NRGBA { return &s.Colour }),
		"font-family": {parse: family, copy: func(to, from *Style) { to.Families = from.Families }},
		"font-size":   {parse: size, copy: func(to, from *Style) { to.Size = from.Size }},
		"font-weight": {parse: weight, copy: func(to, from *Style) { to.Weight = from.Weight }},
		"font-style":  words(func(s *Style) *bool { return &s.Italic }, map[string]bool{"normal": false, "italic": true, "oblique": true}),
		"line-height": {parse: lineHeight, copy: func(to, from *Style) { to.LineHeight = from.LineHeight }},
		"text-align": words(func(s *Style) *Align { return &s.Align }, map[string]Align{"start": Start, "end": End, "left": AlignLeft, "right": AlignRight,
			"center": Center, "justify": Justify, "-webkit-left": BlocksLeft, "-webkit-right": BlocksRight, "-webkit-center": BlocksCenter, "-x-header": headerCell}),
		"white-space": words(func(s *Style) *WhiteSpace { return &s.WhiteSpace }, map[string]WhiteSpace{"normal": Normal, "nowrap": NoWrap, "pre": Pre,
			"pre-wrap": PreWrap, "pre-line": PreLine, "break-spaces": PreWrap, "-moz-pre-wrap": PreWrap}),
		"overflow-wrap": words(func(s *Style) *Break { return &s.Break }, map[string]Break{"normal": BreakNot, "break-word": BreakWord, "anywhere": BreakAnywhere}),
		"word-break": words(func(s *Style) *Break { return &s.WordBreak }, map[string]Break{"normal": BreakNot, "keep-all": BreakNot,
			"break-word": BreakAnywhere, "break-all": BreakAll}),
		"text-transform": words(func(s *Style) *Transform { return &s.Transform }, map[string]Transform{"none": NoTransform, "uppercase": Uppercase,
			"lowercase": Lowercase, "capitalize": Capitalize}),
		"list-style-type":     words(func(s *Style) *Marker { return &s.Marker }, markers),
		"list-style-position": words(func(s *Style) *bool { return &s.MarkerInside }, map[string]bool{"inside": true, "outside": false}),
		"direction":           words(func(s *Style) *bool { return &s.RTL }, map[string]bool{"ltr": false, "rtl": true}),
		"visibility":          words(func(s *Style) *bool { return &s.Hidden }, map[string]bool{"visible": false, "hidden": true, "collapse": true}),
		"border-collapse":     words(func(s *Style) *bool { return &s.Collapse }, map[string]bool{"separate": false, "collapse": true}),
		"empty-cells":         words(func(s *Style) *bool { return &s.HideEmpty }, map[string]bool{"show": false, "hide": true}),
		"caption-side":        words(func(s *Style) *bool { return &s.CaptionBottom }, map[string]bool{"top": false, "bottom": true}),
		"letter-spacing":      number(func(s *Style) *float32 { return &s.LetterSpacing }),
		"word-spacing":        number(func(s *Style) *float32 { return &s.WordSpacing }),
		"-x-spacing-x":        number(func(s *Style) *float32 { return &s.SpacingX }),
		"-x-spacing-y":        number(func(s *Style) *float32 { return &s.SpacingY }),
		"-x-list-indent":      {parse: listIndent, copy: func(_, _ *Style) {}},
		"-x-list-margin":      {parse: listMargin, copy: func(_, _ *Style) {}},
		"text-indent":         length(func(s *Style) *Length { return &s.Indent }, negative),
	}
	for name, p := range m {
		m[name] = inherited(p)
	}
	return m
}

var markers = map[string]Marker{"disc": Disc, "circle": Circle, "square": Square, "decimal": Decimal, "decimal-leading-zero": DecimalZero,
	"lower-alpha": LowerAlpha, "lower-latin": LowerAlpha, "upper-alpha": UpperAlpha, "upper-latin": UpperAlpha, "lower-roman": LowerRoman,
	"upper-roman": UpperRoman, "lower-greek": LowerGreek, "none": NoMarker}

func boxProperties() map[string]property {
	m := map[string]property{
		"display": words(func(s *Style) *Display { return &s.Display }, map[string]Display{"inline": Inline, "block": Block, "inline-block": InlineBlock,
			"list-item": ListItem, "table": Table, "inline-table": InlineTable, "table-row-group": RowGroup, "table-header-group": HeaderGroup,
			"table-footer-group": FooterGroup, "table-row": Row, "table-cell": Cell, "table-column": Column, "table-column-group": ColumnGroup,
			"table-caption": Caption, "flex": Flex, "-webkit-flex": Flex, "-webkit-box": Flex, "inline-flex": InlineFlex, "flow-root": Block,
			"grid": Block, "inline-grid": InlineBlock, "run-in": Block, "contents": Inline, "none": None}),
		"float":                 words(func(s *Style) *Side { return &s.Float }, map[string]Side{"none": NoSide, "left": FloatLeft, "right": FloatRight}),
		"clear":                 words(func(s *Style) *Side { return &s.Clear }, map[string]Side{"none": NoSide, "left": FloatLeft, "right": FloatRight, "both": Both}),
		"vertical-align":        {parse: verticalAlign, copy: func(to, from *Style) { to.VAlign, to.Raise = from.VAlign, from.Raise }},
		"overflow":              words(func(s *Style) *bool { return &s.Clip }, map[string]bool{"visible": false, "hidden": true, "auto": true, "scroll": true, "clip": true}),
		"background-color":      colour(func(s *Style) *color.NRGBA { return &s.Ground }),
		"box-sizing":            words(func(s *Style) *bool { return &s.BorderBox }, map[string]bool{"content-box": false, "border-box": true}),
		"table-layout":          words(func(s *Style) *bool { return &s.FixedTable }, map[string]bool{"auto": false, "fixed": true}),
		"opacity":               factor(func(s *Style) *float32 { return &s.opacity }, 1),
		"unicode-bidi":          words(func(s *Style) *bool { return &s.plain }, map[string]bool{"normal": false, "embed": false, "isolate": false, "bidi-override": false, "isolate-override": false, "plaintext": true}),
		"width":                 length(func(s *Style) *Length { return &s.Width }, auto),
		"height":                length(func(s *Style) *Length { return &s.Height }, auto),
		"min-width":             length(func(s *Style) *Length { return &s.MinWidth }, auto),
		"max-width":             length(func(s *Style) *Length { return &s.MaxWidth }, none|auto),
		"min-height":            length(func(s *Style) *Length { return &s.MinHeight }, auto),
		"max-height":            length(func(s *Style) *Length { return &s.MaxHeight }, none|auto),
		"text-decoration-line":  {parse: decorationLine, copy: func(to, from *Style) { to.Under, to.Over, to.Through = from.Under, from.Over, from.Through }},
		"text-decoration-style": words(func(s *Style) *Line { return &s.LineStyle }, map[string]Line{"solid": Solid, "double": Double, "dotted": Dotted, "dashed": Dashed, "wavy": Wavy}),
		"text-decoration-color": {parse: func(r *reader) (setter, bool) {
			c, current, ok := r.colour()
			return func(s *Style, _ *computing) { s.LineColour, s.lineCurrent = c, current }, ok
		}, copy: func(to, from *Style) { to.LineColour, to.lineCurrent = from.LineColour, from.lineCurrent }},
	}
	for name, p := range backgroundProperties() {
		m[name] = p
	}
	for i, side := range sides {
		m["margin-"+side] = marginOf(i)
		m["padding-"+side] = length(func(s *Style) *Length { return &s.Padding[i] }, 0)
		m["border-"+side+"-width"] = edgeWidth(i)
		m["border-"+side+"-style"] = edgeLine(i)
		m["border-"+side+"-color"] = edgeColour(i)
	}
	for i, corner := range []string{"top-left", "top-right", "bottom-right", "bottom-left"} {
		m["border-"+corner+"-radius"] = length(func(s *Style) *Length { return &s.Radius[i] }, 0)
	}
	return m
}

var sides = [4]string{"top", "right", "bottom", "left"}

// marginOf is a margin, which is no longer the browser's own once it is said.
func marginOf(i int) property {
	p := length(func(s *Style) *Length { return &s.Margin[i] }, negative|auto)
	parse := p.parse
	p.parse = func(r *reader) (setter, bool) {
		set, ok := parse(r)
		return func(s *Style, c *computing) {
			set(s, c)
			switch i {
			case Top:
				s.QuirkTop = false
			case Bottom:
				s.QuirkBottom = false
			}
		}, ok
	}
	return p
}

func flexProperties() map[string]property {
	content := map[string]Content{"normal": ContentStart, "flex-start": ContentStart, "start": ContentStart, "left": ContentStart, "flex-end": ContentEnd, "end": ContentEnd, "right": ContentEnd,
		"center": ContentCenter, "space-between": ContentBetween, "space-around": ContentAround, "space-evenly": ContentEvenly, "stretch": ContentStretch, "baseline": ContentBaseline, "auto": contentAuto}
	items := map[string]Content{"normal": ContentStretch}
	for k, v := range content {
		if k != "normal" {
			items[k] = v
		}
	}
	return map[string]property{
		"flex-direction": {parse: func(r *reader) (setter, bool) {
			w, _ := r.word()
			return func(s *Style, _ *computing) {
				s.Column, s.Reverse = strings.HasPrefix(w, "column"), strings.HasSuffix(w, "-reverse")
			}, w == "row" || w == "column" || w == "row-reverse" || w == "column-reverse"
		}, copy: func(to, from *Style) { to.Column, to.Reverse = from.Column, from.Reverse }},
		"flex-wrap":       words(func(s *Style) *bool { return &s.FlexWrap }, map[string]bool{"nowrap": false, "wrap": true, "wrap-reverse": true}),
		"flex-grow":       factor(func(s *Style) *float32 { return &s.Grow }, 1e4),
		"flex-shrink":     factor(func(s *Style) *float32 { return &s.Shrink }, 1e4),
		"flex-basis":      length(func(s *Style) *Length { return &s.Basis }, auto),
		"justify-content": words(func(s *Style) *Content { return &s.Justify }, content),
		"align-items":     words(func(s *Style) *Content { return &s.Items }, items),
		"align-self":      words(func(s *Style) *Content { return &s.Self }, items),
		"column-gap":      length(func(s *Style) *Length { return &s.GapX }, zero),
		"row-gap":         length(func(s *Style) *Length { return &s.GapY }, zero),
		"order": {parse: func(r *reader) (setter, bool) {
			t, ok := r.next()
			return func(s *Style, _ *computing) { s.Order = int(t.num) }, ok && t.kind == tNumber
		}, copy: func(to, from *Style) { to.Order = from.Order }},
	}
}
