package bidi

import (
	"slices"

	"golang.org/x/text/unicode/bidi"
)

// levelRun is a stretch of one explicit level; next is the run in which an
// isolate that ends this one goes on, -1 where there is none (BD13).
type levelRun struct {
	from, to int
	next     int
	inner    bool // goes on from another run
}

// resolve finds the levels of all isolating run sequences (X10).
func (p *paragraph) resolve() {
	p.out = slices.Clone(p.levels)
	runs := p.runs()
	var s sequence
	for i := range runs {
		if runs[i].inner {
			continue
		}
		s.indexes = s.indexes[:0]
		last := i
		for k := i; k >= 0; k = runs[k].next {
			for j := runs[k].from; j < runs[k].to; j++ {
				if !removed(p.first[j]) {
					s.indexes = append(s.indexes, int32(j))
				}
			}
			last = k
		}
		if len(s.indexes) > 0 {
			s.resolve(p, runs[i].from, runs[last].to)
		}
	}
}

// runs finds the level runs and links those of a sequence. A paragraph
// separator is a run of its own.
func (p *paragraph) runs() []levelRun {
	var runs []levelRun
	var open []int // runs that end with an isolate initiator, by isolate
	n := len(p.text)
	lastKept := -1
	for i := 0; i < n; i++ {
		if removed(p.first[i]) {
			if len(runs) > 0 {
				runs[len(runs)-1].to = i + 1
			}
			continue
		}
		c := p.first[i]
		begins := lastKept < 0 || p.levels[i] != p.levels[lastKept] || c == bidi.B || p.first[lastKept] == bidi.B
		if lastKept >= 0 && p.match != nil {
			// an isolate that did not raise the level still ends its run (BD13)
			begins = begins || initiates(p.first[lastKept]) || c == bidi.PDI && p.match[i] >= 0
		}
		if begins {
			runs = append(runs, levelRun{from: i, next: -1})
			if c == bidi.PDI && p.match[i] >= 0 && len(open) > 0 {
				k := open[len(open)-1]
				open = open[:len(open)-1]
				runs[k].next = len(runs) - 1
				runs[len(runs)-1].inner = true
			}
		}
		if initiates(c) && p.match[i] < int32(n) {
			open = append(open, len(runs)-1)
		}
		runs[len(runs)-1].to = i + 1
		lastKept = i
	}
	return runs
}

func initiates(c bidi.Class) bool { return c == bidi.LRI || c == bidi.RLI || c == bidi.FSI }

// sequence is an isolating run sequence: the indexes of its runes, without
// those that X9 removes, and their types.
type sequence struct {
	indexes  []int32
	types    []bidi.Class
	sos, eos bidi.Class
	embed    bidi.Class // the direction of its level
	pairs    []pair
}

func direction(level uint8) bidi.Class {
	if level&1 == 1 {
		return bidi.R
	}
	return bidi.L
}

// resolve finds the levels of one sequence, which begins at from and whose
// last run ends at to.
func (s *sequence) resolve(p *paragraph, from, to int) {
	level := p.levels[s.indexes[0]]
	s.embed = direction(level)
	before, after := p.level, p.level
	for i := from - 1; i >= 0; i-- {
		if !removed(p.first[i]) {
			if p.first[i] != bidi.B {
				before = p.levels[i]
			}
			break
		}
	}
	last := s.indexes[len(s.indexes)-1]
	if !initiates(p.first[last]) { // an initiator that ends a sequence has no PDI
		for i := to; i < len(p.first); i++ {
			if !removed(p.first[i]) {
				if p.first[i] != bidi.B {
					after = p.levels[i]
				}
				break
			}
		}
	}
	s.sos, s.eos = direction(max(level, before)), direction(max(level, after))
	s.types = s.types[:0]
	for _, i := range s.indexes {
		s.types = append(s.types, p.types[i])
	}
	s.weak()
	s.brackets(p)
	s.neutral()
	for k, i := range s.indexes { // I1, I2
		switch t := s.types[k]; {
		case level&1 == 0 && t == bidi.R:
			p.out[i] = level + 1
		case level&1 == 0 && (t == bidi.AN || t == bidi.EN):
			p.out[i] = level + 2
		case level&1 == 1 && t != bidi.R:
			p.out[i] = level + 1
		}
	}
}

// weak resolves W1 to W7.
func (s *sequence) weak() {
	t := s.types
	prev, strong := s.sos, s.sos
	for i, c := range t { // W1 to W3
		switch c {
		case bidi.NSM:
			c = prev
		case bidi.L, bidi.R, bidi.AL:
			strong = c
		case bidi.EN:
			if strong == bidi.AL {
				c = bidi.AN
			}
		}
		if c == bidi.EN && strong == bidi.AL {
			c = bidi.AN
		}
		t[i] = c
		if prev = c; initiates(c) || c == bidi.PDI {
			prev = bidi.ON
		}
	}
	for i, c := range t {
		if c == bidi.AL {
			t[i] = bidi.R
		}
	}
	for i := 1; i+1 < len(t); i++ { // W4
		if (t[i] == bidi.ES || t[i] == bidi.CS) && t[i-1] == bidi.EN && t[i+1] == bidi.EN {
			t[i] = bidi.EN
		} else if t[i] == bidi.CS && t[i-1] == bidi.AN && t[i+1] == bidi.AN {
			t[i] = bidi.AN
		}
	}
	for i := 0; i < len(t); i++ { // W5
		if t[i] != bidi.ET {
			continue
		}
		j := i
		for j < len(t) && t[j] == bidi.ET {
			j++
		}
		if i > 0 && t[i-1] == bidi.EN || j < len(t) && t[j] == bidi.EN {
			for k := i; k < j; k++ {
				t[k] = bidi.EN
			}
		}
		i = j - 1
	}
	strong = s.sos
	for i, c := range t { // W6, W7
		switch c {
		case bidi.ES, bidi.ET, bidi.CS:
			t[i] = bidi.ON
		case bidi.L, bidi.R:
			strong = c
		case bidi.EN:
			if strong == bidi.L {
				t[i] = bidi.L
			}
		}
	}
}

// neutral resolves N1 and N2.
func (s *sequence) neutral() {
	t := s.types
	before := s.sos
	for i := 0; i < len(t); i++ {
		if d := strongAs(t[i]); d != bidi.ON {
			before = d
			continue
		}
		j := i
		for j < len(t) && strongAs(t[j]) == bidi.ON {
			j++
		}
		after := s.eos
		if j < len(t) {
			after = strongAs(t[j])
		}
		d := s.embed
		if before == after {
			d = before
		}
		for k := i; k < j; k++ {
			t[k] = d
		}
		i = j - 1
	}
}

// strongAs is the direction that a type counts as for what is beside it, ON
// for none: numbers count as right to left.
func strongAs(c bidi.Class) bidi.Class {
	switch c {
	case bidi.L:
		return bidi.L
	case bidi.R, bidi.AL, bidi.EN, bidi.AN:
		return bidi.R
	}
	return bidi.ON
}
