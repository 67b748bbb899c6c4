package editor

import (
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"

	"paquebot.app/internal/richtext"
)

// clicks are those in quick succession at one place.
type clicks struct {
	n      int
	at     fyne.Position
	when   time.Time
	from   richtext.Sel // what the first one selected
	onBar  bool         // the scroll bar is dragged
	barOff float32
}

// quick is how soon a click follows another to count with it.
const quick = 400 * time.Millisecond

// hit is the place nearest to a position.
func (e *Editor) hit(p fyne.Position) (at richtext.Pos, endOf bool) {
	if len(e.placed) == 0 {
		return richtext.Pos{}, false
	}
	on := e.placed[0]
	for _, q := range e.placed {
		if q.y <= p.Y {
			on = q
		}
	}
	b := e.block(on.para)
	off, endOf := b.text.Hit(on.line, p.X-e.Left-b.left)
	return richtext.Pos{Para: on.para, Off: off}, endOf
}

// foldAt is the Fold whose pill is at a position; -1 for none.
func (e *Editor) foldAt(p fyne.Position) int {
	for _, q := range e.placed {
		b := e.block(q.para)
		if b.pill != nil && p.Y >= q.y && p.Y < q.y+b.text.LineHeight(q.line) && p.X >= e.Left && p.X < e.Left+b.pill.width {
			return q.para
		}
	}
	return -1
}

// linkAt is the link at a position; "" for none.
func (e *Editor) linkAt(p fyne.Position) string {
	at, _ := e.hit(p)
	_, url := e.doc.LinkAt(at)
	return url
}

// MouseDown implements desktop.Mouseable.
func (e *Editor) MouseDown(ev *desktop.MouseEvent) {
	if c := fyne.CurrentApp().Driver().CanvasForObject(e); c != nil {
		c.Focus(e)
	}
	if ev.Button == desktop.MouseButtonSecondary {
		if at, _ := e.hit(ev.Position); !e.holds(at) {
			e.Select(richtext.At(at))
		}
		e.OnMenu(ev.AbsolutePosition)
		return
	}
	if ev.Button != desktop.MouseButtonPrimary {
		return
	}
	if e.onBar(ev.Position) {
		return
	}
	if i := e.foldAt(ev.Position); i >= 0 && !e.disabled {
		e.clicks.n = 0
		e.Edit(func(d *richtext.Doc) { d.ToggleFold(i) })
		return
	}
	now := e.clock.Now()
	k := &e.clicks
	if far := ev.Position.Subtract(k.at); k.n > 0 && k.n < 3 && now.Sub(k.when) < quick && far.X*far.X+far.Y*far.Y < 25 {
		k.n++
	} else {
		k.n = 1
	}
	k.at, k.when = ev.Position, now
	at, endOf := e.hit(ev.Position)
	if url := e.linkAt(ev.Position); url != "" && ev.Modifier&fyne.KeyModifierShortcutDefault != 0 {
		e.OnLink(url)
		return
	}
	if ev.Modifier&fyne.KeyModifierShift != 0 && k.n == 1 {
		k.from = richtext.At(e.doc.Sel().Anchor)
		e.goTo(at, true)
	} else {
		k.from = e.around(at)
		e.doc.Select(k.from)
	}
	e.endOf, e.wish = endOf, -1
	e.active = now
	e.sync()
	e.OnState()
}

// holds tells whether a place is inside the selection.
func (e *Editor) holds(p richtext.Pos) bool {
	from, to := e.doc.Sel().Order()
	return from != to && !p.Before(from) && !to.Before(p)
}

// around is what as many clicks at a place select: nothing, a word, a
// paragraph.
func (e *Editor) around(p richtext.Pos) richtext.Sel {
	switch e.clicks.n {
	case 2:
		return e.doc.WordAt(p)
	case 3:
		return richtext.Sel{Anchor: richtext.Pos{Para: p.Para}, Caret: richtext.Pos{Para: p.Para, Off: len(e.doc.Para(p.Para).Text)}}
	}
	return richtext.At(p)
}

// MouseUp implements desktop.Mouseable.
func (e *Editor) MouseUp(*desktop.MouseEvent) { e.clicks.onBar = false }

// Dragged implements fyne.Draggable.
func (e *Editor) Dragged(ev *fyne.DragEvent) {
	k := &e.clicks
	if k.onBar {
		room := e.Size().Height - e.bar.Size().Height - 4
		e.scrollTo((ev.Position.Y - k.barOff - 2) / max(1, room))
		return
	}
	if k.n == 0 {
		return
	}
	if y, h := ev.Position.Y, e.Size().Height; y < 0 {
		e.scroll(max(y, -60) / 2)
		e.sync()
	} else if y > h {
		e.scroll(min(y-h, 60) / 2)
		e.sync()
	}
	at, endOf := e.hit(ev.Position)
	from, to := k.from.Order()
	s := e.around(at)
	a, b := s.Order()
	if a.Before(from) {
		s = richtext.Sel{Anchor: to, Caret: a}
	} else {
		s = richtext.Sel{Anchor: from, Caret: b}
	}
	e.doc.Select(s)
	e.endOf, e.active = endOf && k.n == 1, e.clock.Now()
	e.sync()
}

// DragEnd implements fyne.Draggable.
func (e *Editor) DragEnd() {
	e.clicks.onBar = false
	e.OnState()
}

// onBar begins to drag the scroll bar, or goes a page where the click is beside
// it.
func (e *Editor) onBar(p fyne.Position) bool {
	if e.barTop < 0 || p.X < e.Size().Width-barWidth-8 {
		return false
	}
	switch h := e.bar.Size().Height; {
	case p.Y < e.barTop:
		e.scroll(-e.Size().Height * 0.9)
	case p.Y > e.barTop+h:
		e.scroll(e.Size().Height * 0.9)
	default:
		e.clicks.onBar, e.clicks.barOff = true, p.Y-e.barTop
	}
	e.clicks.n = 0
	e.sync()
	return true
}

// MouseIn implements desktop.Hoverable.
func (e *Editor) MouseIn(ev *desktop.MouseEvent) { e.MouseMoved(ev) }

// MouseOut implements desktop.Hoverable.
func (e *Editor) MouseOut() {}

// MouseMoved implements desktop.Hoverable.
func (e *Editor) MouseMoved(ev *desktop.MouseEvent) {
	e.pointer = desktop.TextCursor
	switch {
	case e.barTop >= 0 && ev.Position.X >= e.Size().Width-barWidth-8:
		e.pointer = desktop.DefaultCursor
	case e.foldAt(ev.Position) >= 0, ev.Modifier&fyne.KeyModifierShortcutDefault != 0 && e.linkAt(ev.Position) != "":
		e.pointer = desktop.PointerCursor
	}
}

// Cursor implements desktop.Cursorable.
func (e *Editor) Cursor() desktop.Cursor { return e.pointer }
