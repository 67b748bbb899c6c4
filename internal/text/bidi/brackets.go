package bidi

import "golang.org/x/text/unicode/bidi"

const maxOpen = 63 // brackets that may be open at once (BD16)

// pair is a bracket and the one that closes it, as places in a sequence.
type pair struct{ open, shut int32 }

// opener returns the opening bracket that a bracket belongs to, in the form
// that equal ones share (BidiBrackets.txt, BD14 to BD16).
func opener(r rune, opens bool) rune {
	if !opens {
		switch r {
		case ']', '}', '］', '｝':
			r -= 2
		case '\u2990':
			r = '\u298d'
		case '\u298e':
			r = '\u298f'
		default:
			r--
		}
	}
	if r == '\u2329' {
		r = '\u3008'
	}
	return r
}

// brackets resolves N0: a pair takes the direction of what it holds or of
// what stands before it.
func (s *sequence) brackets(p *paragraph) {
	if !s.findPairs(p) {
		return
	}
	context := s.sos
	shut := make(map[int32]int32, len(s.pairs)) // by the opening bracket
	for _, x := range s.pairs {
		shut[x.open] = x.shut
	}
	for i := range s.types {
		if end, ok := shut[int32(i)]; ok {
			if d := s.inside(i, int(end), context); d != bidi.ON {
				s.set(p, i, d)
				s.set(p, int(end), d)
			}
		}
		if d := strongAs(s.types[i]); d != bidi.ON {
			context = d
		}
	}
}

// inside is the direction of a pair by rules N0 b and c; ON leaves it to N1.
func (s *sequence) inside(open, shut int, context bidi.Class) bidi.Class {
	found := bidi.ON
	for i := open + 1; i < shut; i++ {
		switch d := strongAs(s.types[i]); d {
		case s.embed:
			return s.embed
		case bidi.L, bidi.R:
			found = d
		}
	}
	if found != bidi.ON && context != found {
		return s.embed
	}
	return found
}

// set gives a bracket its direction, and the marks on it too.
func (s *sequence) set(p *paragraph, i int, d bidi.Class) {
	s.types[i] = d
	for i++; i < len(s.types) && p.first[s.indexes[i]] == bidi.NSM; i++ {
		s.types[i] = d
	}
}

// findPairs finds the pairs of a sequence (BD16) and tells whether there are.
func (s *sequence) findPairs(p *paragraph) bool {
	s.pairs = s.pairs[:0]
	type entry struct {
		bracket rune
		at      int32
	}
	var stack []entry
	for i, k := range s.indexes {
		if s.types[i] != bidi.ON || p.first[k] != bidi.ON {
			continue
		}
		prop, _ := bidi.LookupRune(p.text[k])
		if !prop.IsBracket() {
			continue
		}
		opens := prop.IsOpeningBracket()
		b := opener(p.text[k], opens)
		if opens {
			if len(stack) == maxOpen {
				return len(s.pairs) > 0
			}
			stack = append(stack, entry{b, int32(i)})
			continue
		}
		for j := len(stack) - 1; j >= 0; j-- {
			if stack[j].bracket == b {
				s.pairs = append(s.pairs, pair{stack[j].at, int32(i)})
				stack = stack[:j]
				break
			}
		}
	}
	return len(s.pairs) > 0
}
