package richtext

// StyleNow is the style of what is typed next, or of the first rune selected.
func (d *Doc) StyleNow() Style {
	if d.pending != nil {
		return *d.pending
	}
	from, to := d.sel.Order()
	p := d.paras[from.Para]
	switch {
	case p.Kind == Fold:
		return Style{}
	case from != to && from.Off < len(p.Text):
		s := p.StyleAt(from.Off)
		s.Image = nil
		return s
	}
	return p.typedStyle(from.Off)
}

// Toggle switches a style over the selection: off where all of it has it, else
// on. With nothing selected it is for what is typed next.
func (d *Doc) Toggle(b Bits) {
	if d.sel.Empty() {
		s := d.StyleNow()
		s.Bits ^= b
		d.pending = &s
		return
	}
	all := true
	d.eachRun(func(s *Style) { all = all && s.Bits&b == b })
	d.restyle(func(s *Style) {
		if s.Bits |= b; all {
			s.Bits &^= b
		}
	})
}

// SetLink makes the selection a link, or no link with "". A URL of a kind that
// a letter may not lead to is refused.
func (d *Doc) SetLink(url string) bool {
	if url != "" {
		if url = SafeLink(url); url == "" {
			return false
		}
	}
	d.restyle(func(s *Style) { s.Link = url })
	return true
}

// ClearStyle makes the selection plain text; pictures stay.
func (d *Doc) ClearStyle() { d.restyle(func(s *Style) { s.Bits, s.Link = 0, "" }) }

// InsertImage puts a picture in the place of the selection.
func (d *Doc) InsertImage(m Image) {
	from, to := d.sel.Order()
	d.splice(from, to, []*Para{{Text: []rune{ObjectRune}, Runs: oneRun(1, Style{Image: &m})}}, "")
}

// LinkAt returns the stretch of the link at p and its URL, "" for none.
func (d *Doc) LinkAt(p Pos) (Sel, string) {
	p = d.clamp(p)
	at := 0
	from, url := 0, ""
	for _, r := range d.paras[p.Para].Runs {
		if r.Style.Link != url {
			if url != "" && p.Off >= from && p.Off < at {
				break
			}
			from, url = at, r.Style.Link
		}
		at += r.N
	}
	if url == "" || p.Off < from || p.Off > at {
		return Sel{}, ""
	}
	return Sel{Pos{p.Para, from}, Pos{p.Para, at}}, url
}

// eachRun shows f the style of every run of the selection.
func (d *Doc) eachRun(f func(*Style)) {
	d.eachSelected(func(i, a, b int) {
		for _, r := range cutRuns(d.paras[i].Runs, a, b) {
			f(&r.Style)
		}
	})
}

// restyle has f change the style of every run of the selection.
func (d *Doc) restyle(f func(*Style)) {
	from, to := d.sel.Order()
	out := d.paras[from.Para : to.Para+1 : to.Para+1]
	out = append([]*Para(nil), out...)
	changed := false
	d.eachSelected(func(i, a, b int) {
		p := d.paras[i]
		middle := cutRuns(p.Runs, a, b)
		for k := range middle {
			f(&middle[k].Style)
		}
		q := *p
		q.Runs = joinRuns(cutRuns(p.Runs, 0, a), middle, cutRuns(p.Runs, b, len(p.Text)))
		out[i-from.Para] = &q
		changed = changed || a < b
	})
	if changed {
		d.replace(from.Para, len(out), out, d.sel, "")
	}
}

// eachSelected calls f for the selected runes of each paragraph that is none
// that stands for others.
func (d *Doc) eachSelected(f func(para, a, b int)) {
	from, to := d.sel.Order()
	for i := from.Para; i <= to.Para; i++ {
		p := d.paras[i]
		if p.Kind == Fold {
			continue
		}
		a, b := 0, len(p.Text)
		if i == from.Para {
			a = from.Off
		}
		if i == to.Para {
			b = to.Off
		}
		f(i, a, b)
	}
}
