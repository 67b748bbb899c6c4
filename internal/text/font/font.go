// Package font finds faces for text: the embedded typeface first, then what
// the system has for a family, a script or an emoji. A rune is only ever given
// a face that has it, but where no face does.
//
// A Book and its Faces are safe for concurrent use.
package font

import (
	"bytes"
	"sync"

	"github.com/go-text/typesetting/font"
	"github.com/go-text/typesetting/fontscan"

	"paquebot.app/assets"
)

// Style says which face is wanted. Sizes are no part of it: text is shaped
// once for all of them.
type Style struct {
	Family Family
	Weight uint16 // 100 to 900 (CSS Fonts 4 §2.2); 0: 400
	Italic bool
}

// Weights of the embedded typeface.
const (
	Regular  = 400
	Medium   = 500
	SemiBold = 600
	Bold     = 700
)

// Metrics are distances of a face, for a text size of 1.
type Metrics struct {
	Ascent, Descent float32 // of a line, both positive
	Gap             float32 // more between lines, as the face wants it
	XHeight         float32
	Underline       float32 // middle of the line below the baseline, positive
	Strike          float32 // middle of the line above the baseline
	Stroke          float32 // thickness of both
}

// Face is one face of a family. The same face is always the same pointer.
type Face struct {
	// Font is what shaping and drawing make faces of their own from; it is
	// read only.
	Font    *font.Font
	Metrics Metrics
	// Latin tells that it has Latin letters: faces of other scripts may not.
	Latin bool
	// Slanted asks for the upright glyphs to be drawn oblique, where a family
	// has no italic.
	Slanted bool
}

// Has tells whether the face has a glyph for r.
func (f *Face) Has(r rune) bool {
	_, ok := f.Font.NominalGlyph(r)
	return ok
}

func newFace(f *font.Font, slanted bool) *Face {
	face := font.NewFace(f)
	em := float32(f.Upem())
	m := Metrics{Ascent: 0.95, Descent: 0.25}
	if e, ok := face.FontHExtents(); ok && e.Ascender > e.Descender {
		m.Ascent, m.Descent, m.Gap = e.Ascender/em, -e.Descender/em, e.LineGap/em
	}
	m.XHeight = within(face.LineMetric(font.XHeight)/em, 0.3, 0.8, 0.5)
	m.Underline = within(-face.LineMetric(font.UnderlinePosition)/em, 0.05, 0.3, 0.12)
	m.Strike = within(face.LineMetric(font.StrikethroughPosition)/em, 0.1, 0.5, 0.28)
	m.Stroke = within(face.LineMetric(font.UnderlineThickness)/em, 0.03, 0.15, 0.06)
	_, latin := f.NominalGlyph('a')
	return &Face{Font: f, Metrics: m, Latin: latin, Slanted: slanted}
}

// within takes v where a face says something sensible, else a usual value.
func within(v, low, high, usual float32) float32 {
	if v < low || v > high {
		return usual
	}
	return v
}

// Source is a font file that the program carries.
type Source struct {
	Family string
	Weight uint16
	Italic bool
	Emoji  bool // has colour glyphs for emoji, used where the system has none
	Data   []byte
}

// Embedded are the faces of assets.
func Embedded() []Source {
	return []Source{
		{Family: "Inter", Weight: Regular, Data: assets.Font(assets.FontRegular)},
		{Family: "Inter", Weight: Medium, Data: assets.Font(assets.FontMedium)},
		{Family: "Inter", Weight: SemiBold, Data: assets.Font(assets.FontSemiBold)},
		{Family: "Inter", Weight: Bold, Data: assets.Font(assets.FontBold)},
		{Family: "Inter", Weight: Regular, Italic: true, Data: assets.Font(assets.FontItalic)},
		{Family: "Inter Display", Weight: SemiBold, Data: assets.Font(assets.FontDisplay)},
	}
}

// source is a Source, parsed when it is first needed.
type source struct {
	Source
	font *font.Font // nil before
	bad  bool
}

// Book finds faces.
type Book struct {
	mu       sync.Mutex
	sources  []*source
	families [][]string
	byName   map[string]Family
	styles   map[Style]*chosen
	faces    map[faceKey]*Face
	emoji    *Face

	wantSystem bool
	cacheDir   string
	looked     bool
	system     *fontscan.FontMap // nil: none
}

type faceKey struct {
	font    *font.Font
	slanted bool
}

// chosen is what was found for a style.
type chosen struct {
	main  *Face
	other map[rune]*Face
}

// New returns a Book over the embedded faces and more that the program
// carries. With system it looks among the system's fonts too, which it indexes
// when it first needs one; the index is kept in cacheDir, "" for the usual
// place.
func New(system bool, cacheDir string, more ...Source) *Book {
	b := &Book{wantSystem: system, cacheDir: cacheDir, byName: map[string]Family{},
		styles: map[Style]*chosen{}, faces: map[faceKey]*Face{}}
	for _, s := range append(Embedded(), more...) {
		b.sources = append(b.sources, &source{Source: s})
	}
	for _, names := range known {
		b.family(names)
	}
	return b
}

// parse returns the font of a source, nil for one that is none.
func (s *source) parse() *font.Font {
	if s.font == nil && !s.bad {
		face, err := font.ParseTTF(bytes.NewReader(s.Data))
		if err != nil {
			s.bad = true
			return nil
		}
		s.font = face.Font
	}
	return s.font
}

// face returns the Face of a font.
func (b *Book) face(f *font.Font, slanted bool) *Face {
	k := faceKey{f, slanted}
	if b.faces[k] == nil {
		b.faces[k] = newFace(f, slanted)
	}
	return b.faces[k]
}
