package bidi

import "golang.org/x/text/unicode/bidi"

const maxDepth = 125 // BD2

// paragraph is a text on its way to its levels.
type paragraph struct {
	text   []rune
	first  []bidi.Class // as the runes are
	types  []bidi.Class // as the rules change them
	levels []uint8      // explicit ones
	level  uint8
	out    []uint8 // resolved ones
	// match is, for an isolate initiator, the index of its PDI, len(text)
	// where there is none; for a PDI its initiator; else -1 (BD9).
	match []int32
	// strong is, for an isolate initiator, the first strong type inside; ON
	// where there is none.
	strong []bidi.Class
}

func newParagraph(text []rune, base Base) *paragraph {
	n := len(text)
	p := &paragraph{text: text, first: make([]bidi.Class, n), types: make([]bidi.Class, n), levels: make([]uint8, n)}
	for i, r := range text {
		c := class(r)
		p.first[i] = c
	}
	copy(p.types, p.first)
	found := p.isolates()
	switch {
	case base == RTL, base == Auto && (found == bidi.R || found == bidi.AL):
		p.level = 1
	}
	return p
}

// isolates matches isolate initiators and finds the first strong type of the
// paragraph and inside each of them (P2, X5c): what is inside an isolate
// counts for that one alone.
func (p *paragraph) isolates() bidi.Class {
	found := bidi.ON
	var open []int32
	for i, c := range p.first {
		switch c {
		case bidi.LRI, bidi.RLI, bidi.FSI:
			if p.match == nil {
				p.match, p.strong = make([]int32, len(p.first)), make([]bidi.Class, len(p.first))
			}
			p.match[i], p.strong[i] = int32(len(p.first)), bidi.ON
			open = append(open, int32(i))
		case bidi.PDI:
			if p.match == nil {
				p.match, p.strong = make([]int32, len(p.first)), make([]bidi.Class, len(p.first))
			}
			p.match[i] = -1
			if n := len(open); n > 0 {
				p.match[i], p.match[open[n-1]] = open[n-1], int32(i)
				open = open[:n-1]
			}
		case bidi.L, bidi.R, bidi.AL:
			if n := len(open); n > 0 {
				if o := open[n-1]; p.strong[o] == bidi.ON {
					p.strong[o] = c
				}
			} else if found == bidi.ON {
				found = c
			}
		case bidi.B:
			open = open[:0] // an isolate ends with its paragraph (BD9)
		}
	}
	return found
}

// status is an entry of the directional status stack.
type status struct {
	level    uint8
	override bidi.Class // ON: none
	isolate  bool
}

// explicit finds the levels that control characters ask for (X1 to X8).
func (p *paragraph) explicit() {
	stack := make([]status, 1, 8)
	stack[0] = status{p.level, bidi.ON, false}
	overIsolates, overEmbeddings, isolates := 0, 0, 0
	for i, c := range p.first {
		top := stack[len(stack)-1]
		switch c {
		case bidi.RLE, bidi.LRE, bidi.RLO, bidi.LRO, bidi.RLI, bidi.LRI, bidi.FSI:
			p.levels[i] = top.level
			isolate := c == bidi.RLI || c == bidi.LRI || c == bidi.FSI
			if isolate && top.override != bidi.ON {
				p.types[i] = top.override
			}
			next := status{level: (top.level + 2) &^ 1, override: bidi.ON, isolate: isolate}
			if c == bidi.RLE || c == bidi.RLO || c == bidi.RLI || c == bidi.FSI && (p.strong[i] == bidi.R || p.strong[i] == bidi.AL) {
				next.level = (top.level + 1) | 1
			}
			switch c {
			case bidi.RLO:
				next.override = bidi.R
			case bidi.LRO:
				next.override = bidi.L
			}
			switch {
			case next.level <= maxDepth && overIsolates == 0 && overEmbeddings == 0:
				stack = append(stack, next)
				if isolate {
					isolates++
				}
			case isolate:
				overIsolates++
			case overIsolates == 0:
				overEmbeddings++
			}
		case bidi.PDI:
			switch {
			case overIsolates > 0:
				overIsolates--
			case isolates > 0:
				overEmbeddings = 0
				for !stack[len(stack)-1].isolate {
					stack = stack[:len(stack)-1]
				}
				stack = stack[:len(stack)-1]
				isolates--
			}
			top = stack[len(stack)-1]
			p.levels[i] = top.level
			if top.override != bidi.ON {
				p.types[i] = top.override
			}
		case bidi.PDF:
			p.levels[i] = top.level
			switch {
			case overIsolates > 0:
			case overEmbeddings > 0:
				overEmbeddings--
			case !top.isolate && len(stack) > 1:
				stack = stack[:len(stack)-1]
			}
		case bidi.B:
			stack = stack[:1]
			overIsolates, overEmbeddings, isolates = 0, 0, 0
			p.levels[i] = p.level
		case bidi.BN:
			p.levels[i] = top.level
		default:
			p.levels[i] = top.level
			if top.override != bidi.ON {
				p.types[i] = top.override
			}
		}
	}
}

// segments gives separators, and the blanks before them, the level of the
// paragraph (L1, the part that does not depend on lines), and control
// characters that of what stands before them.
func (p *paragraph) segments() {
	for i, c := range p.first {
		switch {
		case removed(c):
			p.out[i] = p.level
			if i > 0 {
				p.out[i] = p.out[i-1]
			}
		case c == bidi.B || c == bidi.S:
			p.out[i] = p.level
			for j := i - 1; j >= 0 && trails(p.first[j]) && p.first[j] != bidi.B && p.first[j] != bidi.S; j-- {
				p.out[j] = p.level
			}
		}
	}
}
