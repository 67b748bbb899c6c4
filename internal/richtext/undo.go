package richtext

import (
	"slices"
	"time"
)

// Limits of the history.
const (
	historyBytes = 8 << 20         // of paragraphs kept for undo; the oldest steps go first
	pause        = 2 * time.Second // after which typing is a new step
)

// step is one edit, or several of a group.
type step struct {
	at            int
	old, new      []*Para
	before, after Sel
	group         string
	when          time.Time
}

// size is what undoing the step keeps in memory: its old paragraphs. The new
// ones are in the document or are the old ones of a later step.
func (s *step) size() int {
	n := 200
	for _, p := range s.old {
		n += p.size()
	}
	return n
}

type history struct {
	undo, redo []step
	bytes      int // of undo
	broken     bool
}

// record adds an edit to the history and forgets what was undone.
func (h *history) record(s step) {
	h.redo = nil
	if k := len(h.undo); k > 0 && !h.broken && s.continues(&h.undo[k-1]) {
		last := &h.undo[k-1]
		last.new, last.after, last.when = s.new, s.after, s.when
		return
	}
	h.broken = false
	h.undo = append(h.undo, s)
	h.bytes += s.size()
	drop := 0
	for h.bytes > historyBytes && drop < len(h.undo)-1 {
		h.bytes -= h.undo[drop].size()
		drop++
	}
	if drop > 0 {
		h.undo = slices.Delete(h.undo, 0, drop)
	}
}

// continues tells whether s goes on where last ended.
func (s *step) continues(last *step) bool {
	return s.group != "" && s.group == last.group && s.at == last.at &&
		len(s.old) == 1 && len(s.new) == 1 && len(last.new) == 1 &&
		last.after == s.before && s.when.Sub(last.when) < pause
}

// Undo takes the last step back and reports whether there was one.
func (d *Doc) Undo() bool {
	h := &d.history
	k := len(h.undo) - 1
	if k < 0 {
		return false
	}
	s := h.undo[k]
	h.undo, h.redo, h.broken = h.undo[:k], append(h.redo, s), true
	h.bytes -= s.size()
	d.apply(s.at, len(s.new), s.old, s.before)
	return true
}

// Redo does again what Undo took back last and reports whether there was
// something. Any other edit forgets it.
func (d *Doc) Redo() bool {
	h := &d.history
	k := len(h.redo) - 1
	if k < 0 {
		return false
	}
	s := h.redo[k]
	h.redo, h.undo, h.broken = h.redo[:k], append(h.undo, s), true
	h.bytes += s.size()
	d.apply(s.at, len(s.old), s.new, s.after)
	return true
}

// CanUndo and CanRedo tell whether there is a step.
func (d *Doc) CanUndo() bool { return len(d.history.undo) > 0 }

// CanRedo: see CanUndo.
func (d *Doc) CanRedo() bool { return len(d.history.redo) > 0 }

// Break ends the step of undo, as when the focus was lost, and forgets the
// style of what is typed next.
func (d *Doc) Break() {
	d.history.broken = true
	d.pending = nil
}
