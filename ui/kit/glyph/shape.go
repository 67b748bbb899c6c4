package glyph

import (
	"math"

	"github.com/go-text/typesetting/di"
	"github.com/go-text/typesetting/font"
	"github.com/go-text/typesetting/language"
	"github.com/go-text/typesetting/shaping"
	"golang.org/x/image/math/fixed"
	"golang.org/x/text/unicode/bidi"
)

const em = 1000

// placed is one glyph of a line, in em units from the line's left edge.
type placed struct {
	face    *font.Face
	id      font.GID
	x, y    float32
	tracked int32 // letter-spaced glyphs left of this one
}

// Line is one shaped line of text, the same for every size. It never changes.
type Line struct {
	Text    string
	face    Face
	glyphs  []placed
	advance float32 // em units
	tracked int32
	logical []float32 // em units before rune i, in reading order; len runes+1
	foreign bool      // holds glyphs of other faces than the embedded one
}

type lineKey struct {
	text string
	face Face
}

// Two generations instead of a strict LRU: a full cache never costs a whole
// screen of shaping at once.
var young, old = map[lineKey]*Line{}, map[lineKey]*Line{}

const generation = 3000

// Shape lays text out as one line. Line breaks and tabs count as spaces.
func Shape(text string, f Face) *Line {
	mu.Lock()
	defer mu.Unlock()
	return shape(text, f)
}

func shape(text string, f Face) *Line {
	k := lineKey{text, f}
	if l := young[k]; l != nil {
		return l
	}
	l := old[k]
	if l == nil {
		l = layOut(text, f)
	}
	if len(young) >= generation {
		young, old = map[lineKey]*Line{}, young
	}
	young[k] = l
	return l
}

var (
	shaper   shaping.HarfbuzzShaper
	splitter shaping.Segmenter
)

func layOut(text string, f Face) *Line {
	rs := []rune(text)
	plain := true
	for i, r := range rs {
		if r < 0x20 || r == 0x7f || r == 0x2028 || r == 0x2029 {
			rs[i] = ' '
		}
		plain = plain && r < 0x590
	}
	l := &Line{Text: text, face: f, logical: make([]float32, len(rs)+1)}
	if len(rs) == 0 {
		return l
	}
	s := faces(f)
	widths := l.logical[1:]
	if plain {
		l.add(shapeRun(nil, rs, 0, len(rs), s, false), widths, false)
	} else {
		for _, d := range directions(rs) {
			l.add(shapeRun(nil, rs, d.from, d.to, s, d.rtl), widths, d.rtl)
		}
	}
	for i := range widths {
		widths[i] += l.logical[i]
	}
	return l
}

type stretch struct {
	from, to int
	rtl      bool
}

// directions gives the stretches of one direction in visual order.
func directions(rs []rune) []stretch {
	var p bidi.Paragraph
	if _, err := p.SetString(string(rs)); err != nil {
		return []stretch{{0, len(rs), false}}
	}
	o, err := p.Order()
	if err != nil || o.NumRuns() == 0 {
		return []stretch{{0, len(rs), false}}
	}
	out := make([]stretch, 0, o.NumRuns())
	for i := range o.NumRuns() {
		r := o.Run(i)
		a, b := r.Pos()
		out = append(out, stretch{a, min(b+1, len(rs)), r.Direction() == bidi.RightToLeft})
	}
	return out
}

func (l *Line) add(outs []shaping.Output, widths []float32, rtl bool) {
	if rtl { // runs of one right-to-left stretch stand in reverse
		for i, j := 0, len(outs)-1; i < j; i, j = i+1, j-1 {
			outs[i], outs[j] = outs[j], outs[i]
		}
	}
	for _, o := range outs {
		l.foreign = l.foreign || o.Face != sets[l.face].main
		spaced := !rtl && o.Face == sets[l.face].main
		for _, g := range o.Glyphs {
			l.glyphs = append(l.glyphs, placed{
				face: o.Face, id: g.GlyphID,
				x: l.advance + float(g.XOffset), y: -float(g.YOffset), tracked: l.tracked,
			})
			a := float(g.Advance)
			l.advance += a
			if spaced {
				l.tracked++
			}
			if n := max(1, g.RunesCount()); g.GlyphsCount() > 0 && g.TextIndex() < len(widths) {
				for i := g.TextIndex(); i < min(g.TextIndex()+n, len(widths)); i++ {
					widths[i] += a / float32(n)
				}
			}
		}
	}
}

func float(v fixed.Int26_6) float32 { return float32(v) / 64 }

func shapeRun(outs []shaping.Output, t []rune, a, b int, s *faceSet, rtl bool) []shaping.Output {
	dir := di.DirectionLTR
	if rtl {
		dir = di.DirectionRTL
	}
	simple := !rtl
	for i := a; i < b && simple; i++ {
		r := t[i]
		simple = r < 0x250 && r != 0xa9 && r != 0xae || r >= 0x2010 && r <= 0x2026
	}
	if simple {
		return append(outs, shaper.Shape(shaping.Input{Text: t, RunStart: a, RunEnd: b, Direction: dir,
			Face: s.main, Size: fixed.I(em), Script: language.Latin, Language: "en"}))
	}
	for i := a; i < b; {
		j := i
		if emojiStarts(t, i) && colour() {
			for j < b && (emojiStarts(t, j) || emojiTail(t[j])) {
				j++
			}
			outs = append(outs, shaper.Shape(shaping.Input{Text: t, RunStart: i, RunEnd: j, Direction: dir,
				Face: emoji, Size: fixed.I(em), Script: language.Common, Language: "en"}))
			i = j
			continue
		}
		for j < b && (!emojiStarts(t, j) || !colour()) {
			j++
		}
		in := shaping.Input{Text: t, RunStart: i, RunEnd: j, Direction: dir, Size: fixed.I(em), Language: "en"}
		for _, part := range splitter.Split(in, s) {
			part.Direction = dir
			outs = append(outs, shaper.Shape(part))
		}
		i = j
	}
	return outs
}

func colour() bool {
	systemFonts()
	return emoji != nil
}

// Emoji are itemised before scripts, else families fall apart and a heart
// with a variation selector turns black (UTS #51).
func emojiStarts(t []rune, i int) bool {
	r := t[i]
	if r < 0x2000 {
		return false
	}
	if i+1 < len(t) && t[i+1] == 0xfe0f {
		return true
	}
	return r >= 0x1f1e6 && r <= 0x1faff || r == 0x231a || r == 0x231b || r == 0x2705 || r == 0x2728 || r == 0x274c || r == 0x2b50
}

func emojiTail(r rune) bool {
	return r == 0xfe0f || r == 0x200d || r == 0x20e3 || r >= 0x1f3fb && r <= 0x1f3ff || r >= 0xe0020 && r <= 0xe007f
}

// tracking is the letter spacing the typeface's designer gives for a size, in
// em units (Inter, "Dynamic Metrics"); the display cut carries its own.
func tracking(f Face, size float32) float32 {
	if f == Display {
		return 0
	}
	return em * float32(-0.0223+0.185*math.Exp(-0.1745*float64(size)))
}

// Width is the line's length in pixels at a size.
func (l *Line) Width(size float32) float32 {
	return (l.advance + float32(l.tracked)*tracking(l.face, size)) * size / em
}

// Extent is the room the line's ink can take above and below the baseline at a
// size: some scripts stand higher and hang lower than the embedded typeface.
func (l *Line) Extent(size float32) (above, below float32) {
	if l.foreign {
		return 1.2 * size, 0.5 * size
	}
	return size, 0.28 * size
}
