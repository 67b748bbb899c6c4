package layout

import (
	"math"

	"paquebot.app/internal/htmlmail/css"
	"paquebot.app/internal/text/font"
)

// standIns are families with the measures of others, and others that look
// like them, the best first.
var standIns = map[string][]string{
	"arial":           {"liberation sans", "arimo", "helvetica", "nimbus sans"},
	"helvetica":       {"liberation sans", "arimo", "arial", "nimbus sans"},
	"helvetica neue":  {},
	"times new roman": {"liberation serif", "tinos", "times", "nimbus roman"},
	"times":           {"liberation serif", "tinos", "times new roman", "nimbus roman"},
	"courier new":     {"liberation mono", "cousine", "courier"},
	"courier":         {"liberation mono", "cousine", "courier new"},
	"calibri":         {"carlito"},
	"cambria":         {"caladea"},
	"georgia":         {"gelasio"},
	"arial narrow":    {"liberation sans narrow"},
}

// generics are the families that a generic name may mean.
var generics = map[string][]string{
	"serif":        {"liberation serif", "times new roman", "tinos", "dejavu serif", "noto serif"},
	"sans-serif":   {"liberation sans", "arial", "arimo", "helvetica", "dejavu sans", "noto sans"},
	"monospace":    {"noto sans mono", "noto mono", "dejavu sans mono", "liberation mono", "menlo", "consolas", "courier new"},
	"cursive":      {"comic neue", "comic sans ms", "dejavu serif"},
	"fantasy":      {"impact", "dejavu serif"},
	"ui-monospace": {"menlo", "liberation mono", "dejavu sans mono", "consolas"},
	"ui-serif":     {"liberation serif", "times new roman"},
}

// notHere are names by which a system calls its own face: browsers elsewhere
// pass over them.
var notHere = map[string]bool{"-apple-system": true, "blinkmacsystemfont": true, "segoe ui": true, "system-ui": true, "ui-sans-serif": true, "emoji": true, "math": true}

// fonts finds families and measures of faces for one layout.
type fonts struct {
	book     *font.Book
	families map[*[]css.Name]font.Family
	faces    map[font.Style]font.Metrics
}

func newFonts(b *font.Book) fonts {
	return fonts{book: b, families: map[*[]css.Name]font.Family{}, faces: map[font.Style]font.Metrics{}}
}

// style is the face that a style asks for.
func (f *fonts) style(s *css.Style) font.Style {
	fam, ok := f.families[s.Families]
	if !ok {
		var names []string
		for _, n := range *s.Families {
			switch {
			case notHere[n.Text]:
			case n.Generic:
				names = append(names, generics[n.Text]...)
			default:
				names = append(append(names, n.Text), standIns[n.Text]...)
			}
		}
		fam = f.book.Family(append(names, generics["serif"]...)...)
		f.families[s.Families] = fam
	}
	return font.Style{Family: fam, Weight: s.Weight, Italic: s.Italic}
}

// metrics are those of a style's own face.
func (f *fonts) metrics(s *css.Style) (m faceMetrics, style font.Style) {
	style = f.style(s)
	x, ok := f.faces[style]
	if !ok {
		x = f.book.Face(style).Metrics
		f.faces[style] = x
	}
	return measures(x, s.Size), style
}

// faceMetrics are measures of a face at a size, in whole pixels as browsers
// have them.
type faceMetrics struct {
	ascent, descent, gap float32
	xHeight              float32
}

func measures(m font.Metrics, size float32) faceMetrics {
	return faceMetrics{round(m.Ascent * size), round(m.Descent * size), round(m.Gap * size), m.XHeight * size}
}

func round(v float32) float32 { return float32(math.Floor(float64(v) + 0.5)) }
func floor(v float32) float32 { return float32(math.Floor(float64(v))) }

// extent is how far a line of a style reaches above and below its baseline,
// half of what its height is more than the face on each side (CSS 2.2
// §10.8.1). The upper half is a whole pixel, as browsers have it.
func extent(m faceMetrics, s *css.Style) (ascent, descent float32) {
	height := m.ascent + m.descent + m.gap
	switch {
	case s.LineHeight.Px > 0:
		height = s.LineHeight.Px
	case s.LineHeight.Times > 0:
		height = s.LineHeight.Times * s.Size
	}
	above := m.ascent + floor((height-m.ascent-m.descent)/2)
	return above, height - above
}
