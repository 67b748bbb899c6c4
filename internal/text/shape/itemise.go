package shape

import (
	"unicode"

	"github.com/go-text/typesetting/language"

	"paquebot.app/internal/text/font"
	"paquebot.app/internal/text/segment"
)

// item is a stretch of a word in one face and one script.
type item struct {
	from, to int
	face     *font.Face
	script   language.Script
}

// items divides a word by grapheme: emoji first, for families and hearts fall
// apart where scripts are looked at first (UTS #51), then by script and by
// what faces have.
func (s *Shaper) items(text []rune, from, to int, style font.Style) []item {
	main := s.Book.Face(style)
	if plain(text[from:to], main) {
		return []item{{from, to, main, language.Latin}}
	}
	var out []item
	add := func(i item) {
		if n := len(out); n > 0 {
			last := &out[n-1]
			same := last.script == i.script || i.script == language.Common || last.script == language.Common
			if last.face == i.face && same {
				if last.to = i.to; last.script == language.Common {
					last.script = i.script
				}
				return
			}
			if i.script == language.Common && i.face != s.emoji() {
				i.script = last.script
			}
		}
		out = append(out, i)
	}
	breaks := segment.Breaks(text, from, to)
	for a := from; a < to; {
		b := a + 1
		for b < to && breaks[b-from]&segment.Grapheme == 0 {
			b++
		}
		g := text[a:b]
		if e := s.emoji(); e != nil && emoji(g) && e.Has(g[0]) {
			add(item{a, b, e, language.Common})
		} else {
			add(item{a, b, s.resolve(style, g), scriptOf(g)})
		}
		a = b
	}
	return out
}

func (s *Shaper) emoji() *font.Face { return s.Book.Emoji() }

// plain tells a word of Latin that its face has, which most words are.
func plain(word []rune, main *font.Face) bool {
	if !main.Latin {
		return false
	}
	for _, r := range word {
		switch {
		case r < 0x80:
		case r < 0x250 && r != 0xa9 && r != 0xae, r >= 0x2010 && r <= 0x2026:
			if !main.Has(r) {
				return false
			}
		default:
			return false
		}
	}
	for _, r := range word { // keycaps are emoji
		if r == 0x20e3 {
			return false
		}
	}
	return true
}

// resolve is the face for a grapheme: that of its first rune, or one that has
// its marks too.
func (s *Shaper) resolve(style font.Style, g []rune) *font.Face {
	face := s.Book.Resolve(style, g[0])
	for _, r := range g[1:] {
		if !unicode.IsMark(r) || variation(r) || face.Has(r) {
			continue
		}
		if f := s.Book.Resolve(style, r); f.Has(r) && f.Has(g[0]) {
			return f
		}
	}
	return face
}

func scriptOf(g []rune) language.Script {
	for _, r := range g {
		if sc, ok := script(r); ok {
			return sc
		}
	}
	return language.Common
}

func variation(r rune) bool { return r >= 0xfe00 && r <= 0xfe0f }

// emoji tells a grapheme that is shown as a picture (UTS #51): one that is so
// by itself, or asks for it.
func emoji(g []rune) bool {
	for _, r := range g[1:] {
		switch r {
		case 0xfe0f, 0x20e3:
			return true
		case 0xfe0e:
			return false
		}
	}
	return pictured(g[0])
}

// pictured tells runes with Emoji_Presentation.
func pictured(r rune) bool {
	switch {
	case r < 0x231a:
		return false
	case r >= 0x1f000:
		return r == 0x1f004 || r == 0x1f0cf || r == 0x1f18e || r >= 0x1f191 && r <= 0x1f19a || r >= 0x1f1e6 && r <= 0x1faff && !(r >= 0x1f650 && r <= 0x1f67f || r >= 0x1f700 && r <= 0x1f7df)
	case r > 0x2b55:
		return false
	}
	return unicode.Is(pictures, r)
}

// pictures are the runes below U+10000 with Emoji_Presentation.
var pictures = &unicode.RangeTable{R16: []unicode.Range16{
	{Lo: 0x231a, Hi: 0x231b, Stride: 1}, {Lo: 0x23e9, Hi: 0x23ec, Stride: 1}, {Lo: 0x23f0, Hi: 0x23f3, Stride: 3},
	{Lo: 0x25fd, Hi: 0x25fe, Stride: 1}, {Lo: 0x2614, Hi: 0x2615, Stride: 1}, {Lo: 0x2648, Hi: 0x2653, Stride: 1},
	{Lo: 0x267f, Hi: 0x2693, Stride: 0x14}, {Lo: 0x26a1, Hi: 0x26a1, Stride: 1}, {Lo: 0x26aa, Hi: 0x26ab, Stride: 1},
	{Lo: 0x26bd, Hi: 0x26be, Stride: 1}, {Lo: 0x26c4, Hi: 0x26c5, Stride: 1}, {Lo: 0x26ce, Hi: 0x26d4, Stride: 6},
	{Lo: 0x26ea, Hi: 0x26ea, Stride: 1}, {Lo: 0x26f2, Hi: 0x26f3, Stride: 1}, {Lo: 0x26f5, Hi: 0x26fa, Stride: 5},
	{Lo: 0x26fd, Hi: 0x2705, Stride: 8}, {Lo: 0x270a, Hi: 0x270b, Stride: 1}, {Lo: 0x2728, Hi: 0x2728, Stride: 1},
	{Lo: 0x274c, Hi: 0x274e, Stride: 2}, {Lo: 0x2753, Hi: 0x2755, Stride: 1}, {Lo: 0x2757, Hi: 0x2757, Stride: 1},
	{Lo: 0x2795, Hi: 0x2797, Stride: 1}, {Lo: 0x27b0, Hi: 0x27bf, Stride: 15}, {Lo: 0x2b1b, Hi: 0x2b1c, Stride: 1},
	{Lo: 0x2b50, Hi: 0x2b55, Stride: 5},
}}
