package richtext

import (
	"slices"
	"strings"
)

// SetKind makes the selected paragraphs of a kind, or plain where all are of
// it already. It makes no Fold.
func (d *Doc) SetKind(k Kind) {
	if k == Fold {
		return
	}
	all := true
	d.eachSelected(func(i, _, _ int) { all = all && d.paras[i].Kind == k })
	if all {
		k = Body
	}
	d.reblock(func(p *Para) {
		if p.Kind = k; k == Body || k == Heading {
			p.Indent = 0
		}
	})
}

// Indent moves the selected items of lists in by levels, out with a negative
// number, and reports whether there were any.
func (d *Doc) Indent(by int) bool {
	any := false
	d.reblock(func(p *Para) {
		if p.Kind == Bullet || p.Kind == Number {
			p.Indent = min(max(0, p.Indent+by), MaxIndent)
			any = true
		}
	})
	return any
}

// Quote changes the depth of quoting of the selected paragraphs.
func (d *Doc) Quote(by int) {
	d.reblock(func(p *Para) { p.Quote = min(max(0, p.Quote+by), MaxQuote) })
}

// reblock has f change copies of the selected paragraphs.
func (d *Doc) reblock(f func(*Para)) {
	from, to := d.sel.Order()
	out := slices.Clone(d.paras[from.Para : to.Para+1])
	changed := false
	for i, p := range out {
		if p.Kind == Fold {
			continue
		}
		q := *p
		f(&q)
		if q.Kind != p.Kind || q.Quote != p.Quote || q.Indent != p.Indent {
			out[i], changed = &q, true
		}
	}
	if changed {
		d.replace(from.Para, len(out), out, d.sel, "")
	}
}

// outdent takes one level of list or quoting from a paragraph, or all of its
// quoting, and reports whether it had any.
func (d *Doc) outdent(i int, whole bool) bool {
	p := d.paras[i]
	if !special(p) || p.Kind == Fold {
		return false
	}
	q := *p
	switch {
	case q.Kind != Body && q.Indent > 0:
		q.Indent--
	case q.Kind != Body:
		q.Kind = Body
	case whole:
		q.Quote = 0
	default:
		q.Quote--
	}
	d.replace(i, 1, []*Para{&q}, d.sel, "")
	return true
}

// ToggleFold opens the Fold at paragraph i, or folds the quote round it. It
// reports whether it was either.
func (d *Doc) ToggleFold(i int) bool {
	p := d.paras[i]
	if p.Kind == Fold {
		hidden := p.Hidden
		if len(hidden) == 0 {
			hidden = []*Para{{}}
		}
		d.replace(i, 1, hidden, At(Pos{Para: i}), "")
		return true
	}
	if p.Quote == 0 {
		return false
	}
	a, b := i, i+1
	for a > 0 && d.paras[a-1].Quote > 0 {
		a--
	}
	for b < len(d.paras) && d.paras[b].Quote > 0 {
		b++
	}
	d.replace(a, b-a, []*Para{NewFold(d.paras[a:b], "")}, At(Pos{Para: a}), "")
	return true
}

// FoldQuotes returns paragraphs with every quote of at least least paragraphs
// folded. A Fold is about what the line before it says, as "Ana wrote:" does.
func FoldQuotes(paras []*Para, least int) []*Para {
	var out []*Para
	for i := 0; i < len(paras); {
		j := i
		for j < len(paras) && paras[j].Quote > 0 {
			j++
		}
		switch {
		case j == i:
			out = append(out, paras[i])
			i++
			continue
		case j-i < least:
			out = append(out, paras[i:j]...)
		default:
			about := ""
			if n := len(out); n > 0 {
				about, _ = strings.CutSuffix(strings.TrimSpace(out[n-1].String()), ":")
			}
			out = append(out, NewFold(paras[i:j], about))
		}
		i = j
	}
	return out
}

// Unfolded returns paragraphs with those that Folds hide in their places.
func Unfolded(paras []*Para) []*Para {
	var out []*Para
	for _, p := range paras {
		if p.Kind == Fold {
			out = append(out, Unfolded(p.Hidden)...)
		} else {
			out = append(out, p)
		}
	}
	return out
}

// Number is the number that paragraph i bears: see NumberOf.
func (d *Doc) Number(i int) int { return NumberOf(d.paras, i) }

// NumberOf is the number that paragraph i of kind Number bears: one more than
// that of the item before it in the same list.
func NumberOf(paras []*Para, i int) int {
	n := 1
	p := paras[i]
	for i--; i >= 0; i-- {
		q := paras[i]
		item := q.Kind == Bullet || q.Kind == Number
		switch {
		case !item || q.Quote != p.Quote || q.Indent < p.Indent:
			return n
		case q.Indent > p.Indent:
		case q.Kind != Number:
			return n
		default:
			n++
		}
	}
	return n
}
