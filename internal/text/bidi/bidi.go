// Package bidi finds the direction of text: the embedding levels of a
// paragraph by the Unicode bidirectional algorithm (UAX #9, all of its rules,
// of the Unicode version of golang.org/x/text), in time linear in its length.
// Mirrored glyphs (L4) are the shaper's duty.
//
// Functions have no state and are safe for concurrent use.
package bidi

import (
	"slices"

	"golang.org/x/text/unicode/bidi"
)

// Base says where the direction of a paragraph comes from.
type Base uint8

// Auto takes it from the first strong letter (P2, P3); text without one runs
// left to right.
const (
	Auto Base = iota
	LTR
	RTL
)

// Run is a stretch of one level.
type Run struct {
	From, To int // runes
	Level    uint8
}

// RTL tells whether the run is read from right to left.
func (r Run) RTL() bool { return r.Level&1 == 1 }

var ascii = func() (t [128]bidi.Class) {
	for r := range t {
		p, _ := bidi.LookupRune(rune(r))
		t[r] = p.Class()
	}
	return t
}()

func class(r rune) bidi.Class {
	if uint32(r) < 128 {
		return ascii[r]
	}
	p, _ := bidi.LookupRune(r)
	return p.Class()
}

// Needed tells whether anything in a text can run from right to left where
// its paragraph does not: whether it has levels above 0 that show.
func Needed(text []rune) bool {
	for _, r := range text {
		if r < 0x590 {
			continue
		}
		switch class(r) {
		case bidi.R, bidi.AL, bidi.AN, bidi.RLE, bidi.RLO, bidi.RLI:
			return true
		}
	}
	return false
}

// Levels returns the level of each rune, an odd one for right to left, and
// that of the paragraph. The levels are those before the text is broken into
// lines: EndLine completes those of a line. A control character that takes no
// part in ordering (X9) has the level of what stands before it. A line break
// within the text ends all embeddings.
func Levels(text []rune, base Base) (levels []uint8, paragraph uint8) {
	p := newParagraph(text, base)
	p.explicit()
	p.resolve()
	p.segments()
	return p.out, p.level
}

// EndLine resets the levels of the blanks at the end of a line to that of the
// paragraph (L1). levels are those of the line's runes.
func EndLine(line []rune, levels []uint8, paragraph uint8) {
	for i := len(line) - 1; i >= 0 && trails(class(line[i])); i-- {
		levels[i] = paragraph
	}
}

// trails tells what is blank at the end of a line.
func trails(c bidi.Class) bool {
	switch c {
	case bidi.WS, bidi.B, bidi.S, bidi.LRI, bidi.RLI, bidi.FSI, bidi.PDI:
		return true
	}
	return removed(c)
}

// removed tells what X9 takes out of the text.
func removed(c bidi.Class) bool {
	switch c {
	case bidi.LRE, bidi.RLE, bidi.LRO, bidi.RLO, bidi.PDF, bidi.BN:
		return true
	}
	return false
}

// Visual returns the runs of a line from left to right (L2).
func Visual(levels []uint8) []Run {
	var runs []Run
	low, high := uint8(255), uint8(0)
	for i, l := range levels {
		if n := len(runs); n > 0 && runs[n-1].Level == l {
			runs[n-1].To = i + 1
			continue
		}
		runs = append(runs, Run{i, i + 1, l})
		high = max(high, l)
		if l&1 == 1 {
			low = min(low, l)
		}
	}
	for level := high; level >= low && level > 0; level-- {
		for i := 0; i < len(runs); i++ {
			j := i
			for j < len(runs) && runs[j].Level >= level {
				j++
			}
			if j > i {
				slices.Reverse(runs[i:j])
				i = j
			}
		}
	}
	return runs
}
