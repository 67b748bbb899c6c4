package localstore

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// maxWord is how many bytes of a word the index and a query look at.
const maxWord = 40

// foldedWord is a word as the index holds it.
type foldedWord struct {
	text []byte // valid until the next word
	// open says that the word is the single last character of a run of a
	// script without spaces: in a text it ends the run, in a query it stands
	// for the beginning of a pair.
	open bool
	run  bool // it belongs to such a run
}

// fold is the one way from text to words, for what is indexed and for what is
// searched: compatibility forms, case and diacritics are taken away; scripts
// that put no spaces between words (Han, kana, Hangul, Thai and their like)
// become overlapping pairs of characters, and the last character alone.
func fold(text string, emit func(foldedWord)) {
	if !norm.NFKC.IsNormalString(text) {
		text = norm.NFKC.String(text)
	}
	word := make([]byte, 0, maxWord+utf8.UTFMax)
	end := func() {
		if len(word) > 0 {
			emit(foldedWord{text: word})
			word = word[:0]
		}
	}
	for i := 0; i < len(text); {
		c := text[i]
		if c < utf8.RuneSelf {
			i++
			if c = asciiFold[c]; c == 0 {
				end()
			} else if len(word) < maxWord {
				word = append(word, c)
			}
			continue
		}
		r, n := utf8.DecodeRuneInString(text[i:])
		if inRun(r) {
			end()
			next, m := utf8.DecodeRuneInString(text[i+n:])
			w := foldedWord{run: true, open: !inRun(next)}
			w.text = append(word[:0], text[i:i+n]...)
			if !w.open {
				w.text = append(w.text, text[i+n:i+n+m]...)
			}
			emit(w)
			i += n
			continue
		}
		i += n
		switch {
		case unicode.IsMark(r):
		case !unicode.IsLetter(r) && !unicode.IsNumber(r):
			end()
		default:
			if b := bare(r); len(word)+len(b) <= maxWord {
				word = append(word, b...)
			}
		}
	}
	end()
}

// asciiFold holds the folded form of ASCII letters and digits, 0 for the rest.
var asciiFold = func() (t [utf8.RuneSelf]byte) {
	for c := range t {
		switch {
		case c >= '0' && c <= '9' || c >= 'a' && c <= 'z':
			t[c] = byte(c)
		case c >= 'A' && c <= 'Z':
			t[c] = byte(c - 'A' + 'a')
		}
	}
	return t
}()

// spelled holds letters that people type as others and Unicode does not take
// apart.
var spelled = map[rune]string{
	'ß': "ss", 'æ': "ae", 'œ': "oe", 'ø': "o", 'đ': "d", 'ð': "d", 'ł': "l", 'ħ': "h", 'þ': "th", 'ı': "i", 'ς': "σ",
}

// bare returns a letter or digit in lower case and without its marks.
func bare(r rune) string {
	if d := norm.NFD.PropertiesString(string(unicode.ToLower(r))).Decomposition(); len(d) > 0 {
		r, _ = utf8.DecodeRune(d)
	}
	r = unicode.ToLower(r)
	if s, ok := spelled[r]; ok {
		return s
	}
	return string(r)
}

// inRun tells whether r belongs to a script that puts no spaces between words.
func inRun(r rune) bool {
	switch {
	case r < 0x0E00:
		return false
	case r <= 0x0EFF, // Thai, Lao
		r >= 0x1000 && r <= 0x109F,   // Myanmar
		r >= 0x1780 && r <= 0x17FF,   // Khmer
		r >= 0x2E80 && r <= 0x9FFF,   // radicals, kana, bopomofo, Han
		r >= 0xAC00 && r <= 0xD7AF,   // Hangul
		r >= 0xF900 && r <= 0xFAFF,   // compatibility Han
		r >= 0x20000 && r <= 0x3FFFF: // further Han
		return unicode.IsLetter(r) || unicode.IsNumber(r) || unicode.IsMark(r)
	}
	return false
}

// foldText returns the words of a text, each once, as a column of the index.
func foldText(text string, seen map[string]struct{}) string {
	clear(seen)
	out := make([]byte, 0, min(len(text), 64<<10))
	fold(text, func(w foldedWord) {
		if _, old := seen[string(w.text)]; old {
			return
		}
		seen[string(w.text)] = struct{}{}
		out = append(append(out, w.text...), ' ')
	})
	return string(out)
}

// term is a word as a query asks for it.
type term struct {
	word   string
	prefix bool
}

// foldTerms returns what must occur for text to be found. With typing its last
// word may go on.
func foldTerms(text string, typing bool) []term {
	var terms []term
	inside := false // the last term was a pair of the same run
	fold(text, func(w foldedWord) {
		// The last character of a run is in the pair before it, and in the
		// text searched it may be followed by another.
		if w.open && inside {
			inside = false
			return
		}
		inside = w.run && !w.open
		terms = append(terms, term{string(w.text), w.open})
	})
	if n := len(terms); typing && n > 0 {
		terms[n-1].prefix = true
	}
	return terms
}

// flat returns the words of a text in their order, with a space before and
// after each; runs of scripts without spaces stay in one piece. Phrases are
// looked for in it.
func flat(text string) string {
	out := append(make([]byte, 0, len(text)+2), ' ')
	fold(text, func(w foldedWord) {
		word, space := w.text, true
		if w.run {
			_, n := utf8.DecodeRune(word)
			word, space = word[:n], w.open
		}
		out = append(out, word...)
		if space {
			out = append(out, ' ')
		}
	})
	return string(out)
}

// flatNeedle returns what flat of a text contains when the phrase stands in
// it. With open its last word may go on.
func flatNeedle(phrase string, open bool) string {
	s := flat(phrase)
	if first, _ := utf8.DecodeRuneInString(s[1:]); inRun(first) {
		s = s[1:]
	}
	s = strings.TrimSuffix(s, " ")
	if last, _ := utf8.DecodeLastRuneInString(s); !open && !inRun(last) {
		s += " "
	}
	return s
}
