package richtext

import (
	"slices"

	"paquebot.app/internal/clock"
)

// Pos is a place between runes: before rune Off of paragraph Para.
type Pos struct{ Para, Off int }

// Before tells whether p stands before q.
func (p Pos) Before(q Pos) bool { return p.Para < q.Para || p.Para == q.Para && p.Off < q.Off }

// Sel is a selection. Caret is its moving end; where both are equal nothing is
// selected.
type Sel struct{ Anchor, Caret Pos }

// At is the empty selection at p.
func At(p Pos) Sel { return Sel{p, p} }

// Empty tells whether nothing is selected.
func (s Sel) Empty() bool { return s.Anchor == s.Caret }

// Order returns the ends of s, the first one first.
func (s Sel) Order() (from, to Pos) {
	if s.Caret.Before(s.Anchor) {
		return s.Caret, s.Anchor
	}
	return s.Anchor, s.Caret
}

// Edit is what differs between a paragraph and the one that took its place:
// runes From to To of the old one, in text or style, became New runes. It says
// nothing of their kinds.
type Edit struct{ From, To, New int }

// Change says that Old paragraphs from At on became New ones, at least one
// each. Edit is what differs between the first of the old ones and the first
// of the new ones: where one was only divided, or others were joined to it, a
// layout of it goes on to serve.
type Change struct {
	At, Old, New int
	Edit         Edit
}

// Doc is a document, a list of at least one paragraph, with a selection and a
// history. It belongs to one goroutine.
type Doc struct {
	paras   []*Para
	sel     Sel
	pending *Style // of the text typed next
	history history
	clock   clock.Clock
	watch   func(Change)
}

// New returns a document of paragraphs, the caret before the first. The clock
// tells how long the user paused, which ends a step of undo.
func New(paras []*Para, c clock.Clock) *Doc {
	d := &Doc{paras: slices.Clone(paras), clock: c}
	if len(d.paras) == 0 {
		d.paras = []*Para{{}}
	}
	return d
}

// Watch has f called after every change of the paragraphs, on the goroutine
// that made it, with the new selection already set. There is one watcher.
func (d *Doc) Watch(f func(Change)) { d.watch = f }

// Len is the number of paragraphs, at least 1.
func (d *Doc) Len() int { return len(d.paras) }

// Para returns paragraph i.
func (d *Doc) Para(i int) *Para { return d.paras[i] }

// Paras returns all paragraphs, a list of the caller's own that may go to
// another goroutine.
func (d *Doc) Paras() []*Para { return slices.Clone(d.paras) }

// Sel returns the selection.
func (d *Doc) Sel() Sel { return d.sel }

// End is the place behind the last rune.
func (d *Doc) End() Pos {
	n := len(d.paras) - 1
	return Pos{n, len(d.paras[n].Text)}
}

// Select sets the selection; places outside the document are moved into it.
// It ends the step of undo and forgets the style of what is typed next.
func (d *Doc) Select(s Sel) {
	s = Sel{d.clamp(s.Anchor), d.clamp(s.Caret)}
	if s != d.sel {
		d.sel = s
		d.Break()
	}
}

func (d *Doc) clamp(p Pos) Pos {
	switch {
	case p.Para < 0:
		return Pos{}
	case p.Para >= len(d.paras):
		return d.End()
	}
	return Pos{p.Para, min(max(p.Off, 0), len(d.paras[p.Para].Text))}
}

// replace is the only way a document changes: n paragraphs from at become
// others. A group of the same name at the same place takes the edit into the
// last step of undo; "" begins a step that takes no other.
func (d *Doc) replace(at, n int, paras []*Para, after Sel, group string) {
	d.history.record(step{at: at, old: slices.Clone(d.paras[at : at+n]), new: paras,
		before: d.sel, after: after, group: group, when: d.clock.Now()})
	d.apply(at, n, paras, after)
}

// apply replaces paragraphs without a trace in the history.
func (d *Doc) apply(at, n int, paras []*Para, after Sel) {
	c := Change{At: at, Old: n, New: len(paras), Edit: difference(d.paras[at], paras[0])}
	d.paras = slices.Replace(d.paras, at, at+n, paras...)
	d.sel, d.pending = after, nil
	if d.watch != nil {
		d.watch(c)
	}
}

// difference compares the texts and runs of two paragraphs from both ends.
func difference(a, b *Para) Edit {
	n, m := len(a.Text), len(b.Text)
	from := 0
	for from < min(n, m) && a.Text[from] == b.Text[from] {
		from++
	}
	from = min(from, commonRuns(a.Runs, b.Runs, false))
	tail := 0
	for tail < min(n, m)-from && a.Text[n-1-tail] == b.Text[m-1-tail] {
		tail++
	}
	tail = min(tail, commonRuns(a.Runs, b.Runs, true))
	return Edit{from, n - tail, m - tail - from}
}

// commonRuns counts the runes at the beginning, or at the end, that are in the
// same style in both lists.
func commonRuns(a, b []Run, fromEnd bool) int {
	at := func(rs []Run, i int) Run {
		if fromEnd {
			return rs[len(rs)-1-i]
		}
		return rs[i]
	}
	n := 0
	for i := 0; i < min(len(a), len(b)); i++ {
		x, y := at(a, i), at(b, i)
		if x.Style != y.Style {
			break
		}
		n += min(x.N, y.N)
		if x.N != y.N {
			break
		}
	}
	return n
}
