package richtext

import (
	"strconv"
	"strings"
)

// FromText reads the text of a letter.Draft: one line a paragraph, ">" before
// what is quoted. It is what is left when format=flowed (RFC 3676) is undone.
func FromText(text string) []*Para {
	var out []*Para
	for _, line := range strings.Split(lineEnds(text), "\n") {
		depth := 0
		for depth < len(line) && line[depth] == '>' {
			depth++
		}
		if depth > 0 {
			line = strings.TrimPrefix(line[depth:], " ")
		}
		p := NewPara(strings.ReplaceAll(line, "\u2028", " "))
		p.Quote = min(depth, MaxQuote)
		out = append(out, p)
	}
	return out
}

func lineEnds(s string) string {
	if strings.Contains(s, "\r") {
		s = strings.ReplaceAll(strings.ReplaceAll(s, "\r\n", "\n"), "\r", "\n")
	}
	return s
}

// Text writes paragraphs as the text of a letter.Draft, which flows it when it
// is written (RFC 3676). Items of lists get their marks, pictures are their
// alt texts, and Folds are written out.
func Text(paras []*Para) string {
	var b strings.Builder
	paras = Unfolded(paras)
	for i, p := range paras {
		if i > 0 {
			b.WriteByte('\n')
		}
		mark := ""
		switch p.Kind {
		case Bullet:
			mark = strings.Repeat("  ", p.Indent) + "- "
		case Number:
			mark = strings.Repeat("  ", p.Indent) + strconv.Itoa(NumberOf(paras, i)) + ". "
		}
		for k, line := range strings.Split(p.String(), "\n") {
			if k > 0 {
				b.WriteByte('\n')
				mark = strings.Repeat(" ", len(mark))
			}
			if p.Quote > 0 {
				b.WriteString(strings.Repeat(">", p.Quote))
				if mark+line != "" {
					b.WriteByte(' ')
				}
			}
			b.WriteString(mark + line)
		}
	}
	return b.String()
}

// Text returns what stands between two places as plain text, as for the
// clipboard. Quote marks stand before paragraphs that are there from their
// start; a part of one paragraph has none.
func (d *Doc) Text(from, to Pos) string {
	paras := d.Slice(from, to)
	from, to = d.clamp(from), d.clamp(to)
	if to.Before(from) {
		from = to
	}
	if first := paras[0]; from.Off > 0 && special(first) || len(paras) == 1 && first.Kind != Fold {
		q := *first
		q.Kind, q.Quote = Body, 0
		paras[0] = &q
	}
	return Text(paras)
}

// Insert puts a fragment in the place of the selection, the caret behind it.
func (d *Doc) Insert(fragment []*Para) {
	from, to := d.sel.Order()
	if len(fragment) == 0 {
		d.Delete(from, to)
		return
	}
	d.splice(from, to, fragment, "")
}

// Paste puts plain text in the place of the selection, in the style at the
// caret; within a quote or a list its lines are lines of that.
func (d *Doc) Paste(text string) {
	from, _ := d.sel.Order()
	like := d.paras[from.Para]
	s := d.StyleNow()
	var out []*Para
	for _, line := range strings.Split(lineEnds(text), "\n") {
		p := NewPara(line)
		p.Runs = oneRun(len(p.Text), s)
		if len(out) > 0 && like.Kind != Fold {
			p.Kind, p.Quote, p.Indent = like.Kind, like.Quote, like.Indent
		}
		out = append(out, p)
	}
	d.Insert(out)
}

// PasteHTML puts what HTML shows in the place of the selection.
func (d *Doc) PasteHTML(source string) { d.Insert(FromHTML(source)) }
