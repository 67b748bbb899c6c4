package glyph

import (
	"bytes"
	"io"
	"log"
	"sync"

	fynetheme "fyne.io/fyne/v2/theme"
	"github.com/go-text/typesetting/font"
	"github.com/go-text/typesetting/fontscan"
	"github.com/go-text/typesetting/language"

	"paquebot.app/assets"
)

// Face names one of the embedded faces; a script it lacks comes from the
// system's fonts in the nearest weight.
type Face uint8

// The faces of the window. Display is for sizes of 20 and more.
const (
	Regular Face = iota
	Medium
	SemiBold
	Bold
	Italic
	Display
)

var files = [...]string{
	Regular:  assets.FontRegular,
	Medium:   assets.FontMedium,
	SemiBold: assets.FontSemiBold,
	Bold:     assets.FontBold,
	Italic:   assets.FontItalic,
	Display:  assets.FontDisplay,
}

// Style is a face at a size in logical pixels.
type Style struct {
	Face Face
	Size float32
}

var mu sync.Mutex

// faceSet resolves runes for one Face; it implements shaping.Fontmap.
type faceSet struct {
	main  *font.Face
	query fontscan.Query
	found map[rune]*font.Face
}

var (
	sets   [len(files)]*faceSet
	system *fontscan.FontMap
	looked bool
	emoji  *font.Face
)

func faces(f Face) *faceSet {
	if int(f) >= len(sets) {
		f = Regular
	}
	if s := sets[f]; s != nil {
		return s
	}
	s := &faceSet{found: map[rune]*font.Face{}}
	main, err := font.ParseTTF(bytes.NewReader(assets.Font(files[f])))
	if err != nil {
		panic("glyph: embedded font does not parse: " + files[f]) // a build fault, found by every test
	}
	s.main = main
	aspect := font.Aspect{Style: font.StyleNormal, Weight: font.WeightNormal, Stretch: font.StretchNormal}
	switch f {
	case Medium:
		aspect.Weight = font.WeightMedium
	case SemiBold, Display:
		aspect.Weight = font.WeightSemibold
	case Bold:
		aspect.Weight = font.WeightBold
	case Italic:
		aspect.Style = font.StyleItalic
	}
	s.query = fontscan.Query{Families: []string{"Noto Sans", fontscan.SansSerif}, Aspect: aspect}
	sets[f] = s
	return s
}

// Preload indexes the system's fonts, which the first text outside the
// embedded faces would otherwise wait for. Meant for a goroutine at start-up.
func Preload() {
	mu.Lock()
	defer mu.Unlock()
	systemFonts()
}

func systemFonts() *fontscan.FontMap {
	if looked {
		return system
	}
	looked = true
	fm := fontscan.NewFontMap(log.New(io.Discard, "", 0))
	if fm.UseSystemFonts("") == nil { // else missing signs are drawn as boxes
		system = fm
		if _, ok := fm.FindSystemFont("noto color emoji"); ok {
			fm.SetQuery(fontscan.Query{Families: []string{"Noto Color Emoji"}})
			emoji = fm.ResolveFace(0x1F600)
		}
	}
	if bundled := fynetheme.DefaultEmojiFont(); emoji == nil && bundled != nil {
		emoji, _ = font.ParseTTF(bytes.NewReader(bundled.Content()))
	}
	return system
}

// ResolveFace implements shaping.Fontmap.
func (s *faceSet) ResolveFace(r rune) *font.Face {
	if r < 0x80 || r == 0xa0 || r >= 0x200b && r <= 0x200f || r == 0xfffc {
		return s.main
	}
	if f, ok := s.found[r]; ok {
		return f
	}
	f := s.main
	if _, ok := f.NominalGlyph(r); !ok {
		if fm := systemFonts(); fm != nil {
			fm.SetQuery(s.query)
			fm.SetScript(language.LookupScript(r)) // else Thai and Devanagari resolve to faces without them
			if g := fm.ResolveFace(r); g != nil {
				f = g
			}
		}
	}
	s.found[r] = f
	return f
}

// Ascent and Descent are the distances of the embedded face above and below
// the baseline, in pixels at the style's size.
func Ascent(st Style) float32 { return 0.96875 * st.Size }

// Descent: see Ascent.
func Descent(st Style) float32 { return 0.2412 * st.Size }

// Height is the height of a line without extra leading.
func Height(st Style) float32 { return Ascent(st) + Descent(st) }
