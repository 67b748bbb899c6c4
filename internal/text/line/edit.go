package line

import (
	"paquebot.app/internal/text/bidi"
	"paquebot.app/internal/text/segment"
	"paquebot.app/internal/text/shape"
)

// Edit says that runes From to To, in text or style, became New runes.
type Edit struct{ From, To, New int }

// most is how many lines are laid out anew for one edit: below them, the
// paragraph is laid out as far as it is shown.
const most = 48

// context is how far before a rune its form may depend on what stands there.
const context = 4

// Edit lays the paragraph out with a text that differs from the last one by an
// edit. Lines that the edit does not reach stay as they are.
func (p *Paragraph) Edit(text []rune, runs []Run, e Edit) {
	delta := len(text) - len(p.text)
	if e.New-(e.To-e.From) != delta { // not an edit of this text: begin again
		*p = *New(p.shaper, text, runs, p.params)
		return
	}
	old := p.text
	p.set(text, runs)
	if !p.relevel(old, &e) || p.params.Room != nil {
		p.lines, p.next = nil, 0
		return
	}
	if len(p.lines) == 0 {
		return
	}
	first := max(0, p.LineOf(max(0, e.From-segment.Ahead-context), false)-1)
	was, wasNext := p.lines, p.next
	partly := wasNext <= len(old) // found
	if partly && e.From > wasNext+segment.Ahead+context+shape.MaxWord {
		return // behind all that decided where the lines found end
	}
	after := e.From + e.New
	same := max(segment.Settled(text, after), after+context)
	p.next = was[first].start
	p.lines = append(make([]ref, 0, len(was)+2), was[:first]...)
	k := first
	for !p.Done() {
		if s := p.next; len(p.lines) > first && s >= same {
			for k < len(was) && was[k].start+delta < s {
				k++
			}
			if k < len(was) && was[k].start+delta == s && was[k].start >= e.To {
				p.keep(was[k:], delta)
				p.next = wasNext + delta
				return
			}
		}
		if len(p.lines)-first > most || partly && p.next > after && p.next >= wasNext+delta {
			return // the rest is found when it is shown
		}
		p.add()
	}
}

// keep takes lines over from before the edit.
func (p *Paragraph) keep(was []ref, delta int) {
	y := p.bottom()
	for _, r := range was {
		r.start += delta
		r.y = y
		y += r.height
		p.lines = append(p.lines, r)
	}
}

// relevel finds the levels after an edit and widens the edit by what they
// change. It reports false where the paragraph's own direction changed.
func (p *Paragraph) relevel(old []rune, e *Edit) bool {
	inserted := p.text[e.From : e.From+e.New]
	if p.levels == nil && p.params.Base != bidi.RTL && !bidi.Needed(inserted) {
		return true
	}
	was, level := p.levels, p.level
	p.levels, p.level = nil, 0
	if bidi.Needed(p.text) || p.params.Base == bidi.RTL {
		p.levels, p.level = bidi.Levels(p.text, p.params.Base)
	}
	if p.level != level {
		return false
	}
	at := func(l []uint8, i int) uint8 {
		if l == nil {
			return 0
		}
		return l[i]
	}
	n, m := len(old), len(p.text)
	from := 0
	for from < e.From && at(was, from) == at(p.levels, from) {
		from++
	}
	tail := 0
	for tail < n-e.To && at(was, n-1-tail) == at(p.levels, m-1-tail) {
		tail++
	}
	*e = Edit{from, n - tail, m - tail - from}
	return true
}
