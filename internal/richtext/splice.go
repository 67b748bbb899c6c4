package richtext

// splice replaces what stands between two places by a fragment: its first
// paragraph goes on where the text before ends, and its last one goes on with
// the text behind. Nothing is ever glued to a Fold. The caret ends up behind
// the fragment.
func (d *Doc) splice(from, to Pos, fragment []*Para, group string) {
	head, tail := d.paras[from.Para], d.paras[to.Para]
	if from.Para == to.Para && head.Kind != Fold && len(fragment) < 2 && (len(fragment) == 0 || fragment[0].Kind != Fold) {
		d.spliceWithin(from, to, fragment, group)
		return
	}
	if len(fragment) == 0 && !joinable(head, tail) && from.Off == len(head.Text) && to.Off == 0 && from.Para+1 == to.Para {
		return // nothing between the two, and they stay apart
	}
	var out []*Para
	add := func(p *Para, glue bool) {
		last := len(out) - 1
		if last < 0 || !glue || out[last].Kind == Fold || p.Kind == Fold {
			out = append(out, p)
			return
		}
		out[last] = glued(out[last], p)
	}
	caret := Pos{Para: from.Para}
	behind := func() { caret = Pos{from.Para + len(out) - 1, len(out[len(out)-1].Text)} }
	bare := len(fragment) == 0
	if h := head.slice(0, from.Off); h.Kind != Fold && !(bare && h.blank() && tail.Kind == Fold && to.Off == 0) || h.Kind == Fold && from.Off > 0 {
		if h.Kind == Fold {
			h = head
		}
		add(h, false)
		behind()
	}
	for i, f := range fragment {
		add(f, i == 0)
		behind()
	}
	if tail.Kind == Fold {
		if to.Off == 0 {
			add(tail, true)
		}
	} else if t := tail.slice(to.Off, len(tail.Text)); !(bare && t.blank() && len(out) > 0 && out[len(out)-1].Kind == Fold) {
		add(t, true)
	}
	if len(out) == 0 {
		out = []*Para{{}}
	}
	d.replace(from.Para, to.Para-from.Para+1, out, At(caret), group)
}

// spliceWithin is splice inside one paragraph.
func (d *Doc) spliceWithin(from, to Pos, fragment []*Para, group string) {
	p := d.paras[from.Para]
	if len(fragment) == 0 {
		if from.Off < to.Off {
			d.replace(from.Para, 1, []*Para{p.with(from.Off, to.Off, nil, nil)}, At(from), group)
		}
		return
	}
	f := fragment[0]
	q := p.with(from.Off, to.Off, f.Text, f.Runs)
	if p.blank() && !f.blank() && special(f) {
		q.Kind, q.Quote, q.Indent = f.Kind, f.Quote, f.Indent
	}
	d.replace(from.Para, 1, []*Para{q}, At(Pos{from.Para, from.Off + len(f.Text)}), group)
}

// joinable tells whether deleting the break between two paragraphs does
// something.
func joinable(a, b *Para) bool {
	return a.Kind != Fold && b.Kind != Fold || a.blank() || b.blank()
}

// glued is a with b's text behind its own. It is of a's kind, but of b's where
// a is blank and b is no plain text.
func glued(a, b *Para) *Para {
	q := a.with(len(a.Text), len(a.Text), b.Text, b.Runs)
	if a.blank() && !b.blank() && special(b) {
		q.Kind, q.Quote, q.Indent = b.Kind, b.Quote, b.Indent
	}
	return q
}

// special tells paragraphs that are more than plain text.
func special(p *Para) bool { return p.Kind != Body || p.Quote > 0 }

// Slice returns what stands between two places as a fragment for Insert.
func (d *Doc) Slice(from, to Pos) []*Para {
	from, to = d.clamp(from), d.clamp(to)
	if to.Before(from) {
		from, to = to, from
	}
	var out []*Para
	for i := from.Para; i <= to.Para; i++ {
		p := d.paras[i]
		a, b := 0, len(p.Text)
		if i == from.Para {
			a = from.Off
		}
		if i == to.Para {
			b = to.Off
		}
		switch {
		case a == 0 && b == len(p.Text):
			out = append(out, p)
		case p.Kind == Fold:
			out = append(out, &Para{})
		default:
			out = append(out, p.slice(a, b))
		}
	}
	return out
}
