// Package shape turns text into glyphs. It shapes words at 1000 px and keeps
// them: advances are exact fractions, and a word is shaped once for every size.
//
// A Shaper is safe for concurrent use. Words never change.
package shape

import (
	"sync"

	"github.com/go-text/typesetting/di"
	otfont "github.com/go-text/typesetting/font"
	"github.com/go-text/typesetting/language"
	"github.com/go-text/typesetting/shaping"
	"golang.org/x/image/math/fixed"

	"paquebot.app/internal/text/font"
	"paquebot.app/internal/text/segment"
)

// EM is the text size that Words are measured at: multiply by size/EM.
const EM = 1000

// MaxWord is how many runes a Word may have.
const MaxWord = 64

// Glyph is a glyph of a Word.
type Glyph struct {
	ID      otfont.GID
	Advance float32 // to the next glyph, at EM
	X, Y    float32 // from where the glyphs before end, at EM; Y goes down
	Rune    uint16  // first rune of its cluster
}

// Piece is a stretch of a Word in one face, its glyphs from left to right.
type Piece struct {
	Face     *font.Face
	From, To int // runes
	Glyphs   []Glyph
}

// Word is a shaped stretch of text in one style and one direction.
type Word struct {
	Pieces  []Piece   // as they are read, not as they are shown
	Advance []float32 // of each rune, at EM; a cluster's is that of its graphemes' first runes
	Whole   []bool    // rune i begins a cluster: a word may be cut before it
	Width   float32   // of all, at EM
}

// Shaper makes Words.
type Shaper struct {
	Book *font.Book

	mu     sync.Mutex
	hb     shaping.HarfbuzzShaper
	faces  map[*font.Face]*otfont.Face
	key    []byte
	young  map[string]*Word // two generations instead of a strict order of use:
	old    map[string]*Word // a full cache never costs a screen of shaping at once
	shaped int
}

// generation is how many Words each of the two keeps.
const generation = 8000

// New returns a Shaper over the faces of a Book.
func New(b *font.Book) *Shaper {
	return &Shaper{Book: b, faces: map[*font.Face]*otfont.Face{}, young: map[string]*Word{}, old: map[string]*Word{}}
}

// Word shapes runes from to to of a text, at most MaxWord. What stands beside
// them counts where it changes their form, as in Arabic. Control characters
// and line breaks take no room.
func (s *Shaper) Word(text []rune, from, to int, style font.Style, rtl bool) *Word {
	before, after := from, to
	for before > 0 && from-before < 4 && joins(text[before-1]) {
		before--
	}
	for after < len(text) && after-to < 4 && joins(text[after]) {
		after++
	}
	if after == to && !rtl && to > from && to < len(text) && text[to-1] == ' ' && kerned(text[to]) {
		after++
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	direction := byte(0)
	if rtl {
		direction = 1
	}
	if style.Italic {
		direction |= 2
	}
	k := append(s.key[:0], byte(style.Family), byte(style.Family>>8), byte(style.Weight), byte(style.Weight>>8), direction, byte(from-before), byte(after-to))
	for _, r := range text[before:after] {
		if uint32(r) < 0x80 {
			k = append(k, byte(r))
		} else {
			k = append(k, 0x80|byte(r>>16), byte(r>>8), byte(r))
		}
	}
	s.key = k
	if w := s.young[string(k)]; w != nil {
		return w
	}
	w := s.old[string(k)]
	if w == nil {
		w = s.shape(text[before:after], from-before, to-before, style, rtl)
	}
	if len(s.young) >= generation {
		s.young, s.old = map[string]*Word{}, s.young
	}
	s.young[string(k)] = w
	return w
}

// joins tells runes whose form depends on those beside them across a change
// of style, and what may stand between.
func joins(r rune) bool {
	switch {
	case r < 0x600:
		return false
	case r < 0x900: // Arabic, Syriac, N'Ko, Mandaic
		return true
	}
	return r >= 0x1800 && r <= 0x18af || r == 0x200c || r == 0x200d || r >= 0xa840 && r <= 0xa87f ||
		r >= 0x10ac0 && r <= 0x10aff || r >= 0x10d00 && r <= 0x10d3f || r >= 0x1e900 && r <= 0x1e95f
}

// kerned tells letters that move nearer to a blank before them.
func kerned(r rune) bool {
	switch r {
	case 'A', 'T', 'V', 'W', 'Y':
		return true
	}
	return false
}

// shape does the work of Word.
func (s *Shaper) shape(text []rune, from, to int, style font.Style, rtl bool) *Word {
	s.shaped++
	n := to - from
	w := &Word{Advance: make([]float32, n), Whole: make([]bool, n)}
	if n == 0 {
		return w
	}
	in := shaping.Input{Text: text, Direction: di.DirectionLTR, Size: fixed.I(EM), Language: "en"}
	if rtl {
		in.Direction = di.DirectionRTL
	}
	for _, it := range s.items(text, from, to, style) {
		in.RunStart, in.RunEnd, in.Script = it.from, it.to, it.script
		if it.to == to && to < len(text) && !rtl && kerned(text[to]) && text[to-1] == ' ' {
			in.RunEnd++ // shaped with it and left out again
		}
		in.Face = s.face(it.face)
		out := s.hb.Shape(in)
		glyphs := out.Glyphs
		for len(glyphs) > 0 && in.RunEnd > it.to && glyphs[len(glyphs)-1].TextIndex() >= it.to {
			glyphs = glyphs[:len(glyphs)-1]
		}
		p := Piece{Face: it.face, From: it.from - from, To: it.to - from, Glyphs: make([]Glyph, len(glyphs))}
		for i, g := range glyphs {
			r := g.TextIndex() - from
			advance := float32(g.Advance) / 64
			if unseen(text[g.TextIndex()]) {
				advance = 0
			}
			p.Glyphs[i] = Glyph{ID: g.GlyphID, Advance: advance, X: float32(g.XOffset) / 64, Y: -float32(g.YOffset) / 64, Rune: uint16(r)}
			w.Advance[r] += advance
			w.Whole[r] = true
			w.Width += advance
		}
		w.Pieces = append(w.Pieces, p)
	}
	w.share(text[from:to])
	return w
}

// unseen tells runes that take no room, whatever glyph a face has for them.
func unseen(r rune) bool {
	return r < 0x20 || r >= 0x7f && r < 0xa0 || r >= 0x200b && r <= 0x200f || r >= 0x202a && r <= 0x202e || r >= 0x2060 && r <= 0x2069 || r == 0xfeff || r == 0x2028 || r == 0x2029
}

// share gives each grapheme of a ligature its part of the ligature's advance,
// so that a caret can stand inside it.
func (w *Word) share(text []rune) {
	for i := 0; i < len(text); {
		j := i + 1
		for j < len(text) && !w.Whole[j] {
			j++
		}
		if j-i > 1 {
			var starts []int
			for k, b := range segment.Breaks(text, i, j-1) {
				if b&segment.Grapheme != 0 {
					starts = append(starts, i+k)
				}
			}
			if len(starts) > 1 {
				part := w.Advance[i] / float32(len(starts))
				w.Advance[i] = 0
				for _, at := range starts {
					w.Advance[at] = part
				}
			}
		}
		i = j
	}
}

func (s *Shaper) face(f *font.Face) *otfont.Face {
	if s.faces[f] == nil {
		s.faces[f] = otfont.NewFace(f.Font)
	}
	return s.faces[f]
}

// script of a rune that has one of its own.
func script(r rune) (language.Script, bool) {
	sc := language.LookupScript(r)
	return sc, sc.Strong()
}

// From is the word without its first i runes.
func (w *Word) From(i int) *Word {
	if w == nil || i == 0 {
		return w
	}
	out := &Word{Advance: w.Advance[i:], Whole: w.Whole[i:]}
	for _, a := range out.Advance {
		out.Width += a
	}
	for _, p := range w.Pieces {
		if p.To <= i {
			continue
		}
		q := Piece{Face: p.Face, From: max(p.From-i, 0), To: p.To - i}
		for _, g := range p.Glyphs {
			if int(g.Rune) >= i {
				g.Rune -= uint16(i)
				q.Glyphs = append(q.Glyphs, g)
			}
		}
		out.Pieces = append(out.Pieces, q)
	}
	return out
}
