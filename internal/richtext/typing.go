package richtext

import (
	"strings"
	"unicode"

	"paquebot.app/internal/text/segment"
)

// Type puts text, as it comes from the keyboard, in the place of the
// selection. A word and the blank before it are one step of undo. "- ", "* "
// and "1. " at the start of a paragraph make it an item of a list.
func (d *Doc) Type(text string) {
	t := []rune(strings.ReplaceAll(clean(text), "\n", " "))
	if len(t) == 0 {
		return
	}
	from, to := d.sel.Order()
	p := d.paras[from.Para]
	group := "type"
	if from != to {
		group = "over"
	}
	if unicode.IsSpace(t[0]) && !(from.Off > 0 && unicode.IsSpace(p.Text[from.Off-1])) {
		d.history.broken = true
	}
	s := d.StyleNow()
	d.splice(from, to, []*Para{{Text: t, Runs: oneRun(len(t), s)}}, group)
	if group == "over" && len(d.history.undo) > 0 {
		d.history.undo[len(d.history.undo)-1].group = "type" // typing goes on in it
	}
	if len(t) == 1 && t[0] == ' ' {
		d.startList()
	}
}

// startList turns a list's mark at the start of a plain paragraph into the
// list, as a step of its own.
func (d *Doc) startList() {
	c := d.sel.Caret
	p := d.paras[c.Para]
	if p.Kind != Body || c.Off > 3 {
		return
	}
	q := p.slice(c.Off, len(p.Text))
	switch string(p.Text[:c.Off]) {
	case "- ", "* ", "• ":
		q.Kind = Bullet
	case "1. ", "1) ":
		q.Kind = Number
	default:
		return
	}
	d.replace(c.Para, 1, []*Para{q}, At(Pos{Para: c.Para}), "")
}

// Newline ends the paragraph at the caret. An empty item of a list moves one
// level out, and on the first level becomes plain text; an empty line of a
// quote ends the quote.
func (d *Doc) Newline() {
	from, to := d.sel.Order()
	p := d.paras[from.Para]
	if from == to && p.Kind != Fold && p.blank() && d.outdent(from.Para, true) {
		return
	}
	next := &Para{Kind: p.Kind, Quote: p.Quote, Indent: p.Indent}
	switch p.Kind {
	case Fold:
		d.splice(from, to, []*Para{{}}, "")
		return
	case Heading:
		next.Kind = Body
	}
	d.splice(from, to, []*Para{{}, next}, "")
}

// BreakLine begins a new line of the same paragraph.
func (d *Doc) BreakLine() {
	from, to := d.sel.Order()
	if d.paras[from.Para].Kind == Fold {
		d.Newline()
		return
	}
	d.splice(from, to, []*Para{{Text: []rune{LineBreak}, Runs: oneRun(1, d.StyleNow())}}, "")
}

// Delete removes what stands between two places.
func (d *Doc) Delete(from, to Pos) { d.delete(from, to, "") }

func (d *Doc) delete(from, to Pos, group string) {
	from, to = d.clamp(from), d.clamp(to)
	if to.Before(from) {
		from, to = to, from
	}
	if from != to {
		d.splice(from, to, nil, group)
	}
}

// Backspace removes the selection, or what stands before the caret: at the
// start of an item or a quote the item or one level of quoting, else a
// grapheme or, with word, a word.
func (d *Doc) Backspace(word bool) {
	c := d.sel.Caret
	switch {
	case !d.sel.Empty():
		d.Delete(d.sel.Anchor, d.sel.Caret)
	case c.Off == 0 && d.outdent(c.Para, false):
	case word:
		d.delete(d.WordLeft(c), c, "")
	default:
		d.delete(d.Left(c), c, "backspace")
	}
}

// DeleteForward removes the selection, or a grapheme or word behind the caret.
func (d *Doc) DeleteForward(word bool) {
	c := d.sel.Caret
	switch {
	case !d.sel.Empty():
		d.Delete(d.sel.Anchor, d.sel.Caret)
	case word:
		d.delete(c, d.WordRight(c), "")
	default:
		d.delete(c, d.Right(c), "delete")
	}
}

// Left is the place one grapheme before p.
func (d *Doc) Left(p Pos) Pos {
	switch {
	case p.Off > 0:
		return Pos{p.Para, segment.Prev(d.paras[p.Para].Text, p.Off)}
	case p.Para > 0:
		return Pos{p.Para - 1, len(d.paras[p.Para-1].Text)}
	}
	return p
}

// Right is the place one grapheme behind p.
func (d *Doc) Right(p Pos) Pos {
	switch {
	case p.Off < len(d.paras[p.Para].Text):
		return Pos{p.Para, segment.Next(d.paras[p.Para].Text, p.Off)}
	case p.Para < len(d.paras)-1:
		return Pos{Para: p.Para + 1}
	}
	return p
}

// WordLeft is the start of the word before p.
func (d *Doc) WordLeft(p Pos) Pos {
	if p.Off == 0 {
		return d.Left(p)
	}
	return Pos{p.Para, segment.WordStart(d.paras[p.Para].Text, p.Off)}
}

// WordRight is the end of the word behind p.
func (d *Doc) WordRight(p Pos) Pos {
	if p.Off == len(d.paras[p.Para].Text) {
		return d.Right(p)
	}
	return Pos{p.Para, segment.WordEnd(d.paras[p.Para].Text, p.Off)}
}

// WordAt selects the word round p.
func (d *Doc) WordAt(p Pos) Sel {
	p = d.clamp(p)
	a, b := segment.WordAround(d.paras[p.Para].Text, p.Off)
	return Sel{Pos{p.Para, a}, Pos{p.Para, b}}
}
