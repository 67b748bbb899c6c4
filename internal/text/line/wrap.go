package line

import (
	"unicode"

	"paquebot.app/internal/text/segment"
	"paquebot.app/internal/text/shape"
)

// part is a stretch of a line that is measured in one piece: a word, or what
// of it is in one style and direction; a tab, a Break or an Object.
type part struct {
	from, to int
	run      int
	word     *shape.Word // nil for the others
}

// part finds the part that begins at from. It depends on nothing before from
// but the context of joining letters, so that lines that begin alike go on
// alike.
func (p *Paragraph) part(from int) part {
	run := p.runAt(from)
	t := p.text
	if single(t[from]) || p.runs[run].Object != nil {
		return part{from: from, to: from + 1, run: run}
	}
	end := min(p.ends[run], from+shape.MaxWord)
	to := from + 1
	for to < end && !single(t[to]) && (p.levels == nil || p.levels[to] == p.levels[from]) && p.breakAt(to)&segment.Line == 0 {
		to++
	}
	if to == from+shape.MaxWord { // a long word is cut between graphemes
		cut := to
		for cut > from+1 && cut < len(t) && p.breakAt(cut)&segment.Grapheme == 0 {
			cut--
		}
		if cut > from+1 {
			to = cut
		}
	}
	return part{from, to, run, p.shaper.Word(t, from, to, p.runs[run].Style.Font, p.levels != nil && p.levels[from]&1 == 1)}
}

// single tells runes that are a part of their own.
func single(r rune) bool { return r == '\t' || r == Break || r == ObjectRune }

// advance is that of rune i of a part, which begins at x.
func (p *Paragraph) advance(q part, i int, x float32) float32 {
	r := &p.runs[q.run]
	w := p.bare(q, i, x)
	if r.Lead != 0 && i == p.ends[q.run]-r.N {
		w += r.Lead
	}
	if r.Trail != 0 && i == p.ends[q.run]-1 {
		w += r.Trail
	}
	return w
}

// bare is the advance without the room beside the run.
func (p *Paragraph) bare(q part, i int, x float32) float32 {
	r := &p.runs[q.run]
	if q.word != nil {
		w := q.word.Advance[i-q.from] * r.Style.Size / shape.EM
		if r.Style.Spacing != 0 && w > 0 {
			w += r.Style.Spacing
		}
		if r.Style.Blank != 0 && widened(p.text[i]) {
			w += r.Style.Blank
		}
		return w
	}
	switch {
	case r.Object != nil:
		return r.Object.Width
	case p.text[i] == '\t':
		tab := p.params.Tab
		if tab <= 0 {
			tab = 4 * r.Style.Size
		}
		return tab*float32(int(x/tab)+1) - x
	}
	return 0
}

// blank tells runes that hang over the end of a line rather than make it
// longer.
func blank(r rune) bool { return r != 0xa0 && r != 0x202f && unicode.IsSpace(r) }

// widened tells runes that are made wider where blanks are.
func widened(r rune) bool { return r == ' ' || r == 0xa0 }

// add finds the next line.
func (p *Paragraph) add() {
	n := len(p.text)
	if p.next == n && n > 0 && p.text[n-1] != Break {
		p.next = n + 1
		return
	}
	left, room := float32(0), p.params.Width
	if p.params.Room != nil {
		left, room = p.params.Room(p.bottom())
	}
	r := p.fit(p.next, room)
	r.y, r.left, r.room = p.bottom(), left, room
	p.lines = append(p.lines, r)
	p.laid++
	if p.next = r.start + r.n; p.next == n && (n == 0 || r.n == 0 || p.text[n-1] != Break) {
		p.next = n + 1
	}
}

// fit finds the line that begins at start and may be limit wide.
func (p *Paragraph) fit(start int, limit float32) ref {
	p.breaks.line = start
	x := float32(0)
	if start == 0 {
		x = p.params.Indent
	}
	n := len(p.text)
	best, hardly := -1, -1 // the last places to break between words, and between graphemes
	end := n
scan:
	for at := start; at < n; {
		q := p.part(at)
		for i := q.from; i < q.to; i++ {
			a := p.advance(q, i, x)
			if x+a > limit+0.01 && !p.params.NoWrap && !blank(p.text[i]) && i > start {
				if best > start {
					end = best
				} else if hardly > start {
					end = hardly
				} else {
					end = p.nextStop(i)
				}
				break scan
			}
			x += a
			if next := i + 1; next < n {
				b := p.breakAt(next)
				if b&segment.Line != 0 && next == q.to {
					best = next
				}
				if b&segment.Grapheme != 0 && (next == q.to || q.word == nil || q.word.Whole[next-q.from]) {
					hardly = next
				}
			}
		}
		if p.text[q.to-1] == Break {
			end = q.to
			break
		}
		at = q.to
	}
	return p.measured(start, end)
}

// nextStop is the first place from i on at which a grapheme ends.
func (p *Paragraph) nextStop(i int) int {
	for i < len(p.text) && p.breakAt(i)&segment.Grapheme == 0 {
		i++
	}
	return i
}

// measured returns the line from start to end with its measures.
func (p *Paragraph) measured(start, end int) ref {
	r := ref{start: start, n: end - start}
	for i := end; i > start && blank(p.text[i-1]); i-- {
		r.hang++
	}
	x := float32(0)
	if start == 0 {
		x = p.params.Indent
	}
	first := x
	ascent, descent := p.extent(p.params.Style)
	tallest, lowest := float32(0), float32(0)
	lastRun := -1
	for at := start; at < end; {
		q := p.part(at)
		to := min(q.to, end)
		for i := at; i < to; i++ {
			if i == end-r.hang {
				r.width = x - first
			}
			x += p.advance(q, i, x)
		}
		if q.run != lastRun {
			lastRun = q.run
			if o := p.runs[q.run].Object; o != nil {
				tallest, lowest = max(tallest, o.Height-o.Drop), max(lowest, o.Drop)
			} else {
				a, d := p.extent(p.runs[q.run].Style)
				ascent, descent = max(ascent, a), max(descent, d)
			}
		}
		at = to
	}
	if r.hang == 0 {
		r.width = x - first
	}
	r.hangWidth = x - first - r.width
	if more := p.params.Height - ascent - descent; more > 0 {
		ascent += more / 2
		descent += more - more/2
	}
	r.ascent = max(ascent, tallest)
	r.height = r.ascent + max(descent, lowest)
	return r
}

// extent is how far a style's own face reaches above and below the baseline of
// the line. Faces for other scripts do not push lines apart.
func (p *Paragraph) extent(s Style) (ascent, descent float32) {
	m := p.shaper.Book.Face(s.Font).Metrics
	ascent, descent = m.Ascent*s.Size, m.Descent*s.Size
	if s.Line > 0 { // half of what is more, or less, above (CSS 2.2 §10.8.1)
		half := (s.Line - ascent - descent) / 2
		ascent, descent = ascent+half, descent+half
	}
	return ascent + s.Rise, descent - s.Rise
}

// Widths returns how wide the paragraph must be for its longest word, and how
// wide it would be without breaking lines but where the text says so: the
// min-content and max-content widths of CSS.
func (p *Paragraph) Widths() (least, most float32) {
	wide := *p
	wide.params.NoWrap, wide.params.Room, wide.lines, wide.next = true, nil, nil, 0
	wide.Find(len(p.text))
	for i := range wide.lines {
		r := &wide.lines[i]
		indent := float32(0)
		if r.start == 0 {
			indent = p.params.Indent
		}
		most = max(most, r.width+indent)
		x, word := indent, float32(0)
		for at := r.start; at < r.start+r.n; {
			q := wide.part(at)
			for k := q.from; k < q.to; k++ {
				a := wide.advance(q, k, x)
				x += a
				if !blank(p.text[k]) {
					word += a
				}
			}
			least = max(least, word)
			if at = q.to; at == len(p.text) || wide.breakable(at) {
				word = 0
			}
		}
	}
	return least, most
}
