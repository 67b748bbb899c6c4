package layout

import (
	"strconv"
	"strings"

	"paquebot.app/internal/htmlmail/css"
	"paquebot.app/internal/htmlmail/tree"
	"paquebot.app/internal/text/bidi"
	"paquebot.app/internal/text/line"
)

// marker is what stands before a list item: a text, or a shape.
type marker struct {
	kind css.Marker
	text string
}

// markerOf is the marker of a list item, nil for none.
func (b *builder) markerOf(n *tree.Node, s *css.Style) *marker {
	number := b.ordinal(n)
	switch s.Marker {
	case css.NoMarker:
		return nil
	case css.Disc, css.Circle, css.Square:
		return &marker{kind: s.Marker}
	}
	return &marker{kind: s.Marker, text: numeral(s.Marker, number) + ". "}
}

// ordinal is the number of a list item. Items are asked in their order.
func (b *builder) ordinal(n *tree.Node) int {
	v, err := strconv.Atoi(strings.TrimSpace(n.Get("value")))
	if err != nil {
		k := n.Prev
		for k != nil && k.Tag != "li" {
			k = k.Prev
		}
		switch {
		case k != nil:
			v = b.ordinals[k] + 1
		default:
			v = 1
			if p := n.Parent; p != nil && p.Tag == "ol" {
				if s, err := strconv.Atoi(strings.TrimSpace(p.Get("start"))); err == nil {
					v = s
				}
			}
		}
	}
	v = bounded(v)
	if b.ordinals == nil {
		b.ordinals = map[*tree.Node]int{}
	}
	b.ordinals[n] = v
	return v
}

func bounded(v int) int { return min(max(v, -1_000_000), 1_000_000) }

// numeral writes a number as a list does (CSS Counter Styles 3).
func numeral(m css.Marker, v int) string {
	switch m {
	case css.DecimalZero:
		if v >= 0 && v < 10 {
			return "0" + strconv.Itoa(v)
		}
	case css.LowerAlpha, css.UpperAlpha, css.LowerGreek:
		if v < 1 {
			break
		}
		letters := []rune("abcdefghijklmnopqrstuvwxyz")
		if m == css.LowerGreek {
			letters = []rune("αβγδεζηθικλμνξοπρστυφχψω")
		}
		var out []rune
		for ; v > 0; v = (v - 1) / len(letters) {
			out = append([]rune{letters[(v-1)%len(letters)]}, out...)
		}
		if m == css.UpperAlpha {
			return strings.ToUpper(string(out))
		}
		return string(out)
	case css.LowerRoman, css.UpperRoman:
		if v < 1 || v > 3999 {
			break
		}
		var b strings.Builder
		for _, r := range romans {
			for ; v >= r.value; v -= r.value {
				b.WriteString(r.sign)
			}
		}
		if m == css.LowerRoman {
			return strings.ToLower(b.String())
		}
		return b.String()
	}
	return strconv.Itoa(v)
}

var romans = []struct {
	value int
	sign  string
}{{1000, "M"}, {900, "CM"}, {500, "D"}, {400, "CD"}, {100, "C"}, {90, "XC"}, {50, "L"}, {40, "XL"}, {10, "X"}, {9, "IX"}, {5, "V"}, {4, "IV"}, {1, "I"}}

// lineOf sets a short text in one line.
func (l *layouter) lineOf(text string, s *css.Style) *line.Line {
	_, face := l.fonts.metrics(s)
	t := []rune(text)
	style := line.Style{Font: face, Size: s.Size}
	base := bidi.LTR
	if s.RTL {
		base = bidi.RTL
	}
	p := line.New(l.shaper, t, []line.Run{{N: len(t), Style: style}}, line.Params{Base: base, Align: line.Left, Style: style})
	return p.Compose(line.Place{From: 0, To: len(t)})
}
