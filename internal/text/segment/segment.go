// Package segment says where text may be divided: between graphemes and words
// (UAX #29) and between lines (UAX #14). It looks only at the neighbourhood of
// the place it is asked about, so that a question costs the same in a long
// paragraph as in a short one, and the answer is that of the whole paragraph.
//
// All functions are safe for concurrent use.
package segment

import (
	"iter"
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
	stride = 64 // runes of the first question about one grapheme; each further one is twice as long
)

var segmenters = sync.Pool{New: func() any { return new(segmenter.Segmenter) }}

// far is how far back a question looks at most. Only in a longer stretch of
// nothing but blanks, signs and flags could the answer be another than that of
// the whole text.
const far = 4096

// settled tells that what is divided two runes behind i is divided alike
// whatever stands before i: no rule looks back over two plain runes, nor over
// a line's end.
func settled(t []rune, i int) bool {
	return i+1 < len(t) && (plain(t[i]) && plain(t[i+1]) || t[i] == '\n')
}

// plain tells runes that begin and end whatever they are part of: letters,
// digits and pictures. Marks, flags and signs belong to what is before them.
func plain(r rune) bool {
	switch {
	case r < 0x80:
		return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9'
	case r >= 0x1f300 && r <= 0x1faff:
		return r < 0x1f3fb || r > 0x1f3ff
	}
	return unicode.IsLetter(r)
}

// anchor is the last place at or before i from which text can be divided.
func anchor(t []rune, i int) int {
	i = min(i, len(t))
	for last := max(0, i-far); i > last; i-- {
		if settled(t, i) {
			return i
		}
	}
	return max(i, 0)
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
	joinPictures(t, from, out)
	return out
}

// joinPictures takes back the breaks inside pictures joined by U+200D, which
// the segmenter makes where another picture stands before them (UAX #29,
// GB11).
func joinPictures(t []rune, from int, breaks []Break) {
	for k := range breaks {
		i := from + k
		if i < 2 || i >= len(t) || t[i-1] != 0x200d || !picture(t[i]) {
			continue
		}
		j := i - 2
		for j > 0 && (t[j] == 0xfe0f || t[j] >= 0x1f3fb && t[j] <= 0x1f3ff || unicode.IsMark(t[j])) {
			j--
		}
		if picture(t[j]) {
			breaks[k] = 0
		}
	}
}

// picture tells what can be part of joined pictures: Extended_Pictographic, as
// far as that matters.
func picture(r rune) bool {
	return r >= 0x1f000 && r <= 0x1faff && (r < 0x1f1e6 || r > 0x1f1ff) && (r < 0x1f3fb || r > 0x1f3ff) ||
		r >= 0x2194 && r <= 0x21aa || r >= 0x231a && r <= 0x23ff || r >= 0x25aa && r <= 0x27bf || r >= 0x2b05 && r <= 0x2b55
}

// Next is the end of the grapheme that holds rune i, Prev the start of the
// one that holds rune i-1.
func Next(t []rune, i int) int {
	for n := stride; i < len(t); n *= 2 {
		to := min(i+n, len(t))
		for k, b := range Breaks(t, i+1, to) {
			if b&Grapheme != 0 {
				return i + 1 + k
			}
		}
		i = to
	}
	return len(t)
}

// Prev: see Next.
func Prev(t []rune, i int) int {
	to := i - 1
	for n := stride; to > 0; n *= 2 {
		from := max(0, to-n+1)
		bs := Breaks(t, from, to)
		for k := len(bs) - 1; k >= 0; k-- {
			if bs[k]&Grapheme != 0 {
				return from + k
			}
		}
		to = from - 1
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

// Words are the words of t, as a speller looks at them.
func Words(t []rune) iter.Seq2[int, int] {
	return func(yield func(from, to int) bool) {
		for i := 0; i < len(t); {
			if !InWord(t[i]) {
				i++
				continue
			}
			end := WordEnd(t, i)
			if !yield(i, end) {
				return
			}
			i = end
		}
	}
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
