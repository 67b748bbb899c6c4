// Package segment says where text may be divided: between graphemes and words
// (UAX #29) and between lines (UAX #14). It looks only at the neighbourhood of
// the place it is asked about, so that a question costs the same in a long
// paragraph as in a short one, and the answer is that of the whole paragraph.
//
// All functions are safe for concurrent use.
package segment

import (
	"sync"
	"unicode"

	"github.com/go-text/typesetting/segmenter"
)

// Break says what may happen at a place between two runes.
type Break uint8

// The bits of a Break.
const (
	Grapheme Break = 1 << iota // a caret may stand here
	Line                       // a line may end here
	MustLine                   // a line must end here
)

const (
	ahead  = 8  // runes behind a place that can have a say in it
	stride = 64 // runes of a question about one grapheme
)

var segmenters = sync.Pool{New: func() any { return new(segmenter.Segmenter) }}

// settled tells that what is divided from rune i on is divided alike whatever
// stands before: there begin two letters, and no rule looks behind a letter
// that is followed by one.
func settled(t []rune, i int) bool {
	return i+1 < len(t) && plainLetter(t[i]) && plainLetter(t[i+1])
}

// plainLetter tells letters that no rule gives a part in something longer:
// those of Latin, Greek, Cyrillic and Hebrew, and ideographs.
func plainLetter(r rune) bool {
	switch {
	case r < 0x80:
		return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z'
	case r < 0x600:
		return r >= 0xc0 && r <= 0x24f && r != 0xd7 && r != 0xf7 || r >= 0x391 && r <= 0x3ff || r >= 0x400 && r <= 0x481 || r >= 0x5d0 && r <= 0x5ea
	}
	return r >= 0x620 && r <= 0x64a || r >= 0xe01 && r <= 0xe30 || r >= 0x4e00 && r <= 0x9fff || r >= 0x30a2 && r <= 0x30fa || r >= 0x3042 && r <= 0x3094 || r >= 0xac00 && r <= 0xd7a3
}

// anchor is the last place at or before i from which text can be divided.
func anchor(t []rune, i int) int {
	for i = min(i, len(t)); i > 0; i-- {
		if settled(t, i) {
			return i
		}
	}
	return 0
}

// Breaks returns what may happen at the places from to to, both included;
// place 0 is before the first rune. At the ends of the text it is all.
func Breaks(t []rune, from, to int) []Break {
	out := make([]Break, to-from+1)
	start := anchor(t, from-2)
	end := min(len(t), to+ahead)
	s := segmenters.Get().(*segmenter.Segmenter)
	defer segmenters.Put(s)
	s.Init(t[start:end])
	mark := func(at int, b Break) {
		if at += start; at >= from && at <= to {
			out[at-from] |= b
		}
	}
	for it := s.GraphemeIterator(); it.Next(); {
		g := it.Grapheme()
		mark(g.Offset+len(g.Text), Grapheme)
	}
	for it := s.LineIterator(); it.Next(); {
		l := it.Line()
		b := Line
		if l.IsMandatoryBreak {
			b |= MustLine
		}
		mark(l.Offset+len(l.Text), b)
	}
	if from == 0 {
		out[0] = Grapheme
	}
	return out
}

// Next is the end of the grapheme that holds rune i, Prev the start of the
// one that holds rune i-1.
func Next(t []rune, i int) int {
	for at := i; at < len(t); at += stride {
		to := min(at+stride, len(t))
		for k, b := range Breaks(t, at+1, to) {
			if b&Grapheme != 0 {
				return at + 1 + k
			}
		}
	}
	return len(t)
}

// Prev: see Next.
func Prev(t []rune, i int) int {
	for to := i - 1; to > 0; to -= stride {
		from := max(0, to-stride+1)
		bs := Breaks(t, from, to)
		for k := len(bs) - 1; k >= 0; k-- {
			if bs[k]&Grapheme != 0 {
				return from + k
			}
		}
	}
	return 0
}

// Round is the nearest place at or before i where a caret may stand.
func Round(t []rune, i int) int {
	if i <= 0 || i >= len(t) {
		return min(max(i, 0), len(t))
	}
	if Breaks(t, i, i)[0]&Grapheme != 0 {
		return i
	}
	return Prev(t, i)
}

// InWord tells runes that words are made of.
func InWord(r rune) bool {
	return unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r) || r == '_' || r == '\'' || r == '’' || r == 0x200d
}

// WordStart is the start of the last word that begins before i, as Ctrl+Left
// goes to it.
func WordStart(t []rune, i int) int {
	for i > 0 && !InWord(t[i-1]) {
		i--
	}
	for i > 0 && InWord(t[i-1]) {
		i--
	}
	return i
}

// WordEnd is the end of the first word that ends behind i.
func WordEnd(t []rune, i int) int {
	for i < len(t) && !InWord(t[i]) {
		i++
	}
	for i < len(t) && InWord(t[i]) {
		i++
	}
	return i
}

// WordAround is the word that i stands in or at the end of; where there is
// none, the grapheme behind i.
func WordAround(t []rune, i int) (from, to int) {
	from, to = i, i
	for from > 0 && InWord(t[from-1]) {
		from--
	}
	for to < len(t) && InWord(t[to]) {
		to++
	}
	if from == to && to < len(t) {
		to = Next(t, to)
	}
	return from, to
}

// Settled is the first place at or behind i from which breaks are the same
// whatever stands before i.
func Settled(t []rune, i int) int {
	for ; i < len(t); i++ {
		if settled(t, i) {
			return i + 2
		}
	}
	return len(t) + 1
}

// Ahead is how many runes behind a place can have a say in what may happen
// there.
const Ahead = ahead
