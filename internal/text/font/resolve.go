package font

import (
	"io"
	"log"

	"github.com/go-text/typesetting/font"
	"github.com/go-text/typesetting/fontscan"
	"github.com/go-text/typesetting/language"
)

// maxFound bounds the runes remembered of a style.
const maxFound = 20000

// Preload indexes the system's fonts, which the first text outside the
// embedded faces would otherwise wait for. Meant for a goroutine at start-up.
func (b *Book) Preload() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.look()
}

// look finds the system's fonts and the face for emoji, once.
func (b *Book) look() *fontscan.FontMap {
	if b.looked {
		return b.system
	}
	b.looked = true
	if b.wantSystem {
		fm := fontscan.NewFontMap(log.New(io.Discard, "", 0))
		if fm.UseSystemFonts(b.cacheDir) == nil { // else missing signs are drawn as boxes
			b.system = fm
		}
	}
	for _, name := range []string{"noto color emoji", "apple color emoji", "segoe ui emoji", "twemoji mozilla"} {
		if b.system == nil {
			break
		}
		if _, ok := b.system.FindSystemFont(name); ok {
			b.system.SetQuery(fontscan.Query{Families: []string{name}})
			if f := b.system.ResolveFace(0x1F600); f != nil && coloured(f.Font) {
				b.emoji = b.face(f.Font, false)
				return b.system
			}
		}
	}
	for _, x := range b.sources {
		if x.Emoji && x.parse() != nil {
			b.emoji = b.face(x.font, false)
			break
		}
	}
	return b.system
}

// coloured tells whether a face of emoji has glyphs in a form that can be
// drawn.
func coloured(f *font.Font) bool {
	g, ok := f.NominalGlyph(0x1F600)
	if !ok {
		return false
	}
	switch font.NewFace(f).GlyphData(g).(type) {
	case font.GlyphBitmap, font.GlyphSVG:
		return true
	}
	return false
}

// Emoji is the face for emoji in colour, nil where there is none.
func (b *Book) Emoji() *Face {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.look()
	return b.emoji
}

// Face is the face of a style for its Latin letters.
func (b *Book) Face(s Style) *Face {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.chosen(s).main
}

// Resolve is the face of a style for r: its own, or another that has r. Where
// none has, it is the style's own.
func (b *Book) Resolve(s Style, r rune) *Face {
	b.mu.Lock()
	defer b.mu.Unlock()
	c := b.chosen(s)
	if r < 0x80 && c.main.Latin || r == ' ' || r == 0xa0 || r >= 0x200b && r <= 0x200f || r == 0xfffc {
		return c.main
	}
	if f := c.other[r]; f != nil {
		return f
	}
	f := c.main
	if !f.Has(r) {
		if g := b.other(s, r); g != nil {
			f = g
		}
	}
	if len(c.other) >= maxFound {
		clear(c.other)
	}
	c.other[r] = f
	return f
}

// chosen finds the main face of a style.
func (b *Book) chosen(s Style) *chosen {
	if int(s.Family) >= len(b.families) {
		s.Family = Text
	}
	c := b.styles[s]
	if c != nil {
		return c
	}
	c = &chosen{other: map[rune]*Face{}}
	b.styles[s] = c
	names := b.families[s.Family]
	for _, name := range names {
		if c.main = b.own(name, s); c.main != nil {
			return c
		}
		if fm := b.look(); fm != nil {
			if _, ok := fm.FindSystemFont(name); ok {
				c.main = b.fromSystem(s, []string{name}, ' ')
			}
		}
		if c.main != nil {
			return c
		}
	}
	if b.look() != nil {
		c.main = b.fromSystem(s, names, 'a')
	}
	if c.main == nil {
		c.main = b.own("inter", s)
	}
	return c
}

// other finds a face that has r for a style whose own has not.
func (b *Book) other(s Style, r rune) *Face {
	for _, x := range b.sources {
		if x.Emoji || x.parse() == nil {
			continue
		}
		if f := b.own(x.Family, s); f.Has(r) {
			return f
		}
	}
	if b.look() == nil {
		return nil
	}
	if f := b.fromSystem(s, b.families[s.Family], r); f != nil {
		return f
	}
	if b.emoji != nil && b.emoji.Has(r) {
		return b.emoji
	}
	return nil
}

// scripts are families for scripts that faces of many scripts have too, in
// fewer weights and another manner.
var scripts = map[language.Script]string{
	language.Hebrew: "noto sans hebrew", language.Armenian: "noto sans armenian", language.Georgian: "noto sans georgian",
}

// fromSystem asks the system's fonts for a face that has r; nil where none
// has. Without the script the search ends at faces that lack it.
func (b *Book) fromSystem(s Style, names []string, r rune) *Face {
	a := font.Aspect{Style: font.StyleNormal, Weight: font.Weight(weight(s)), Stretch: font.StretchNormal}
	if s.Italic {
		a.Style = font.StyleItalic
	}
	script := language.LookupScript(r)
	families := append(append([]string(nil), names...), "noto sans", fontscan.SansSerif)
	if own := scripts[script]; own != "" {
		if _, ok := b.system.FindSystemFont(own); ok {
			families = []string{own}
		}
	}
	b.system.SetQuery(fontscan.Query{Families: families, Aspect: a})
	b.system.SetScript(script)
	f := b.system.ResolveFace(r)
	if f == nil {
		return nil
	}
	if _, ok := f.NominalGlyph(r); !ok {
		return nil
	}
	_, got := b.system.FontMetadata(f.Font)
	return b.face(f.Font, s.Italic && got.Style != font.StyleItalic && !coloured(f.Font))
}
