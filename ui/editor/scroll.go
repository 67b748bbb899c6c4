package editor

import (
	"fyne.io/fyne/v2"
)

// scroll moves the text by dy, down with a negative number.
func (e *Editor) scroll(dy float32) {
	e.top.away += dy
	for e.top.away < 0 && e.top.para > 0 {
		e.top.para--
		e.top.away += e.exact(e.top.para, 1e9)
	}
	e.top.away = max(0, e.top.away)
	for e.top.para < e.doc.Len()-1 {
		h := e.exact(e.top.para, e.top.away+e.Size().Height)
		if e.top.away < h {
			break
		}
		e.top.away -= h
		e.top.para++
	}
	if dy > 0 {
		e.atMost(dy)
	}
}

// atMost takes back what was scrolled past the end, at most dy.
func (e *Editor) atMost(dy float32) {
	room := e.Size().Height - padBottom
	y := -e.top.away
	for i := e.top.para; i < e.doc.Len(); i++ {
		if y += e.exact(i, room-y); y > room {
			return
		}
	}
	over := min(room-y, dy)
	for e.top.away -= over; e.top.away < 0 && e.top.para > 0; {
		e.top.para--
		e.top.away += e.exact(e.top.para, 1e9)
	}
	e.top.away = max(0, e.top.away)
}

// Scrolled implements fyne.Scrollable.
func (e *Editor) Scrolled(ev *fyne.ScrollEvent) {
	e.scroll(-ev.Scrolled.DY)
	e.sync()
}

// caretBox is where the caret stands; ok is false where that is far from what
// is in sight, above or below it as y says.
func (e *Editor) caretBox() (x, y, h float32, ok bool) {
	c := e.doc.Sel().Caret
	if c.Para < e.top.para {
		return 0, -1, lineHeight, false
	}
	y = -e.top.away
	for i := e.top.para; i < c.Para; i++ {
		if y += e.height(i); y > 3*e.Size().Height {
			return 0, y, lineHeight, false
		}
	}
	b, k := e.caretLine(c, e.endOf)
	return e.Left + b.left + b.text.Line(k).X(c.Off-b.text.Start(k)), y + e.above(c.Para) + b.text.Y(k), b.text.LineHeight(k), true
}

// reveal scrolls until the caret is in sight.
func (e *Editor) reveal() {
	if e.Size().Height < 10 || e.width < 40 {
		return
	}
	_, y, h, ok := e.caretBox()
	if !ok {
		c := e.doc.Sel().Caret
		b, k := e.caretLine(c, e.endOf)
		e.top = anchor{c.Para, e.above(c.Para) + b.text.Y(k)}
		e.scroll(-e.Size().Height / 2)
		_, y, h, _ = e.caretBox()
	}
	if bottom := e.Size().Height - 6; y < 4 {
		e.scroll(y - 4 - padTop)
	} else if y+h > bottom {
		e.scroll(y + h - bottom)
	}
}

// scrollBar shows which part is in sight.
func (e *Editor) scrollBar() {
	room := e.Size().Height
	all, before := padBottom, float32(0)
	for i := range e.doc.Len() {
		if i == e.top.para {
			before = all - padBottom + e.top.away
		}
		all += e.height(i)
	}
	if all <= room+1 {
		e.barTop = -1
		return
	}
	h := max(28, room*room/all)
	e.barTop = 2 + (room-h-4)*min(1, before/(all-room))
	e.bar.FillColor = e.colour.bar
	e.bar.Resize(fyne.NewSize(barWidth, h))
	e.bar.Move(fyne.NewPos(e.Size().Width-barWidth-3, e.barTop))
	e.shown = append(e.shown, e.bar)
}

// scrollTo shows the part that begins at a share of the whole, 0 to 1.
func (e *Editor) scrollTo(share float32) {
	all := padBottom - e.Size().Height
	for i := range e.doc.Len() {
		all += e.height(i)
	}
	want := max(0, min(1, share)) * max(0, all)
	e.top = anchor{}
	for e.top.para < e.doc.Len()-1 && want >= e.height(e.top.para) {
		want -= e.height(e.top.para)
		e.top.para++
	}
	e.top.away = want
	e.scroll(0.01)
	e.sync()
}
