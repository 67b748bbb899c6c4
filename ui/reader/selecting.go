package reader

import (
	"sort"
	"strings"
	"unicode"
	"unicode/utf8"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"

	"paquebot.app/internal/letter"
)

// place is a place in the text that a new layout does not move.
type place struct{ paragraph, at int }

func (p place) before(q place) bool {
	return p.paragraph < q.paragraph || p.paragraph == q.paragraph && p.at < q.at
}

// selection is what is selected, from where it began to where it is drawn to.
type selection struct {
	from, to place
	drawing  bool
}

func (s selection) empty() bool { return s.from == s.to }

func (s selection) ends() (a, b place) {
	if s.to.before(s.from) {
		return s.to, s.from
	}
	return s.from, s.to
}

// chosenIn returns what is selected of a line, from x to x.
func (t *TextView) chosenIn(i int) (from, to float32) {
	if t.chosen.empty() {
		return 0, 0
	}
	a, b := t.chosen.ends()
	l := &t.flow.lines[i]
	start, end := place{l.paragraph, l.from}, place{l.paragraph, l.to}
	if b.before(start) || end.before(a) || l.rule {
		return 0, 0
	}
	from, to = t.xOf(l, l.from), t.xOf(l, l.to)
	if start.before(a) {
		from = t.xOf(l, a.at)
	}
	if b.before(end) {
		to = t.xOf(l, b.at)
	} else if end.before(b) {
		to += 5 // the break at the end of the line is selected too
	}
	return from, to
}

// xOf returns where a byte of a line's paragraph stands.
func (t *TextView) xOf(l *line, at int) float32 {
	x := t.flow.paragraphs[l.paragraph].indent()
	for _, p := range l.pieces {
		if at <= p.from {
			return p.x
		}
		if at < p.to {
			return p.x + t.stretch(p, at-p.from)
		}
		x = p.x + p.w
	}
	return x
}

// stretch is how wide the first n bytes of a piece are.
func (t *TextView) stretch(p piece, n int) float32 {
	n = min(n, len(p.text))
	if p.look.picture != nil {
		return p.w * float32(n) / float32(max(1, len(p.text)))
	}
	if p.look.mono {
		return float32(columns(p.text[:n])) * t.flow.column
	}
	return width(p.text[:n], p.look)
}

// lineAt returns the line at a height, the nearest one outside of all.
func (t *TextView) lineAt(y float32) int {
	lines := t.flow.lines
	i := sort.Search(len(lines), func(i int) bool { return lines[i].y+lines[i].h > y })
	return min(i, len(lines)-1)
}

// placeAt returns the place in the text under a position.
func (t *TextView) placeAt(p fyne.Position) (place, bool) {
	if t.flow == nil || len(t.flow.lines) == 0 {
		return place{}, false
	}
	l := &t.flow.lines[t.lineAt(p.Y)]
	at := l.from
	for _, q := range l.pieces {
		if p.X < q.x {
			break
		}
		at = q.to
		if p.X < q.x+q.w {
			at = q.from + t.bytesAt(q, p.X-q.x)
			break
		}
	}
	return place{l.paragraph, at}, true
}

// bytesAt returns how many bytes of a piece stand left of x.
func (t *TextView) bytesAt(p piece, x float32) int {
	ends := []int{0}
	for i, r := range p.text {
		ends = append(ends, i+utf8.RuneLen(r))
	}
	n := sort.Search(len(ends)-1, func(i int) bool {
		return (t.stretch(p, ends[i])+t.stretch(p, ends[i+1]))/2 > x
	})
	return ends[n]
}

// pieceAt returns the piece under a position.
func (t *TextView) pieceAt(p fyne.Position) (piece, int, bool) {
	if t.flow == nil || len(t.flow.lines) == 0 {
		return piece{}, 0, false
	}
	l := &t.flow.lines[t.lineAt(p.Y)]
	if p.Y < l.y || p.Y > l.y+l.h {
		return piece{}, 0, false
	}
	for _, q := range l.pieces {
		if p.X >= q.x && p.X <= q.x+q.w {
			return q, l.paragraph, true
		}
	}
	return piece{}, 0, false
}

// Selected returns the selected text.
func (t *TextView) Selected() string {
	if t.chosen.empty() || t.flow == nil {
		return ""
	}
	a, b := t.chosen.ends()
	var out strings.Builder
	for i := a.paragraph; i <= b.paragraph && i < len(t.flow.paragraphs); i++ {
		p := t.flow.paragraphs[i]
		if p.fold >= 0 {
			continue
		}
		from, to := 0, len(p.text)
		if i == a.paragraph {
			from = min(a.at, to)
		}
		if i == b.paragraph {
			to = min(b.at, to)
		}
		if i > a.paragraph {
			out.WriteByte('\n')
			if before := t.flow.paragraphs[i-1]; p.kind != letter.Item || before.kind != letter.Item {
				out.WriteByte('\n')
			}
		}
		if p.marker != "" && from == 0 {
			out.WriteString(p.marker + " ")
		}
		out.WriteString(p.text[from:max(from, to)])
	}
	return out.String()
}

// SelectAll selects the whole letter.
func (t *TextView) SelectAll() {
	if t.flow == nil || len(t.flow.paragraphs) == 0 {
		return
	}
	if !t.flow.done() { // what is not laid out yet cannot be selected
		t.turn++
		t.flow.stale.Store(true)
		t.flow, t.working = t.newFlow(t.flow.width, t.flow.column), false
		t.guard(func() { t.flow.fill(endless*16, 1<<30) })
		t.OnHeight()
	}
	n := len(t.flow.paragraphs) - 1
	t.chosen = selection{from: place{}, to: place{n, len(t.flow.paragraphs[n].text)}}
	t.sync(false)
}

// Clear selects nothing.
func (t *TextView) Clear() {
	t.chosen = selection{}
	t.sync(false)
}

// MouseDown implements desktop.Mouseable.
func (t *TextView) MouseDown(e *desktop.MouseEvent) {
	if c := fyne.CurrentApp().Driver().CanvasForObject(t); c != nil {
		c.Focus(t)
	}
	if e.Button == desktop.MouseButtonSecondary {
		if t.OnMenu != nil {
			t.OnMenu(e.AbsolutePosition)
		}
		return
	}
	if p, ok := t.placeAt(e.Position); ok {
		if e.Modifier&fyne.KeyModifierShift != 0 {
			t.chosen.to = p
		} else {
			t.chosen = selection{from: p, to: p}
		}
		t.chosen.drawing = true
		t.sync(false)
	}
}

// MouseUp implements desktop.Mouseable.
func (t *TextView) MouseUp(*desktop.MouseEvent) {}

// Dragged implements fyne.Draggable.
func (t *TextView) Dragged(e *fyne.DragEvent) {
	if p, ok := t.placeAt(e.Position); ok && t.chosen.drawing {
		t.chosen.to = p
		t.sync(false)
	}
}

// DragEnd implements fyne.Draggable.
func (t *TextView) DragEnd() { t.chosen.drawing = false }

// Tapped implements fyne.Tappable.
func (t *TextView) Tapped(e *fyne.PointEvent) {
	q, n, ok := t.pieceAt(e.Position)
	switch {
	case !ok || !t.chosen.empty():
	case q.look.fold:
		t.toggle(t.flow.paragraphs[n].fold)
	case q.look.link != "":
		t.OnLink(q.look.link, e.AbsolutePosition)
	}
}

// DoubleTapped selects the word under the pointer.
func (t *TextView) DoubleTapped(e *fyne.PointEvent) {
	p, ok := t.placeAt(e.Position)
	if !ok || t.flow.paragraphs[p.paragraph].fold >= 0 {
		return
	}
	text := t.flow.paragraphs[p.paragraph].text
	word := func(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) || r == '\'' || r == '’' }
	from, to := p.at, p.at
	for from > 0 {
		r, n := utf8.DecodeLastRuneInString(text[:from])
		if !word(r) {
			break
		}
		from -= n
	}
	for to < len(text) {
		r, n := utf8.DecodeRuneInString(text[to:])
		if !word(r) {
			break
		}
		to += n
	}
	t.chosen = selection{from: place{p.paragraph, from}, to: place{p.paragraph, to}}
	t.sync(false)
}

// MouseIn implements desktop.Hoverable.
func (t *TextView) MouseIn(e *desktop.MouseEvent) { t.MouseMoved(e) }

// MouseMoved implements desktop.Hoverable.
func (t *TextView) MouseMoved(e *desktop.MouseEvent) {
	q, _, _ := t.pieceAt(e.Position)
	hover := q.look.link
	if q.look.fold {
		hover = "fold"
	}
	if hover != t.hover {
		t.hover = hover
		t.OnHover(q.look.link)
	}
}

// MouseOut implements desktop.Hoverable.
func (t *TextView) MouseOut() {
	t.hover = ""
	t.OnHover("")
}

// Cursor implements desktop.Cursorable.
func (t *TextView) Cursor() desktop.Cursor {
	if t.hover != "" {
		return desktop.PointerCursor
	}
	return desktop.TextCursor
}
