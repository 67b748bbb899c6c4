package msglist

import (
	"runtime"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
)

// mouse is what the pointer is doing.
type mouse struct {
	pressed  int  // row under the button, -1: none
	collapse bool // a press on a selected row selects it alone, if no drag follows
	dragging bool
	onBar    bool
	overBar  bool
	onAction int // row whose button is pressed, -1: none
	overAct  bool
	grip     float64 // where on the handle it was taken
	last     fyne.Position
}

func (l *List) rowAt(p fyne.Position) int {
	i, onHead := l.view.at(l.view.offset + float64(p.Y))
	if onHead || i >= l.view.n {
		return -1
	}
	return i
}

// MouseDown implements desktop.Mouseable.
func (l *List) MouseDown(e *desktop.MouseEvent) {
	l.byKeys = false
	if c := fyne.CurrentApp().Driver().CanvasForObject(l); c != nil {
		c.Focus(l)
	}
	l.byKeys = false
	l.mouse.pressed, l.mouse.collapse = -1, false
	if e.Button == desktop.MouseButtonPrimary && l.pressBar(e.Position) {
		return
	}
	i := l.rowAt(e.Position)
	if i < 0 {
		return
	}
	if e.Button == desktop.MouseButtonPrimary && l.actionAt(e.Position) {
		l.mouse.onAction = i
		return
	}
	l.mouse.pressed = i
	if e.Button == desktop.MouseButtonSecondary {
		if !l.selection.Has(i) {
			l.selection.Select(i)
			l.update()
			l.told()
		}
		if l.OnMenu != nil {
			l.OnMenu(e.AbsolutePosition)
		}
		return
	}
	if e.Button != desktop.MouseButtonPrimary {
		return
	}
	switch {
	case e.Modifier&fyne.KeyModifierShortcutDefault != 0:
		l.selection.Toggle(i)
	case e.Modifier&fyne.KeyModifierShift != 0:
		l.selection.Extend(i)
	case l.selection.Has(i):
		l.mouse.collapse = true
		return
	default:
		l.selection.Select(i)
	}
	l.update()
	l.told()
}

// MouseUp implements desktop.Mouseable.
func (l *List) MouseUp(e *desktop.MouseEvent) {
	if on := l.mouse.onAction; on >= 0 {
		l.mouse.onAction = -1
		if l.actionAt(e.Position) && l.rowAt(e.Position) == on {
			l.OnAction(on)
		}
		return
	}
	if l.mouse.collapse && !l.mouse.dragging && l.mouse.pressed >= 0 {
		l.selection.Select(l.mouse.pressed)
		l.update()
		l.told()
	}
	l.mouse.collapse, l.mouse.onBar = false, false
	if !l.mouse.dragging {
		l.mouse.pressed = -1 // a drag that began elsewhere may still come by
	}
}

// DoubleTapped implements fyne.DoubleTappable.
func (l *List) DoubleTapped(e *fyne.PointEvent) {
	if i := l.rowAt(e.Position); i >= 0 && l.OnOpen != nil && e.Position.X < l.Size().Width-barZone && !l.actionAt(e.Position) {
		l.OnOpen(i)
	}
}

// MouseIn implements desktop.Hoverable.
func (l *List) MouseIn(e *desktop.MouseEvent) { l.MouseMoved(e) }

// MouseMoved implements desktop.Hoverable.
func (l *List) MouseMoved(e *desktop.MouseEvent) {
	l.mouse.last = e.Position
	over, act := e.Position.X >= l.Size().Width-barZone, l.actionAt(e.Position)
	if h := l.rowAt(e.Position); h != l.hover || over != l.mouse.overBar || act != l.mouse.overAct {
		l.hover, l.mouse.overBar, l.mouse.overAct = h, over, act
		l.update()
	}
}

// MouseOut implements desktop.Hoverable.
func (l *List) MouseOut() {
	l.hover, l.mouse.overBar, l.mouse.overAct = -1, false, false
	l.update()
}

// wheelStep turns the toolkit's wheel distance, 25 px a notch, into two lines
// and a half; macOS gives pixels of its own.
var wheelStep = map[bool]float64{false: 2.4, true: 1}[runtime.GOOS == "darwin"]

// Scrolled implements fyne.Scrollable.
func (l *List) Scrolled(e *fyne.ScrollEvent) {
	l.hover, _ = l.view.at(l.view.offset - float64(e.Scrolled.DY)*wheelStep + float64(e.Position.Y))
	l.ScrollBy(-float64(e.Scrolled.DY) * wheelStep)
}

// pressBar takes hold of the scroll bar, or pages when its track was pressed.
func (l *List) pressBar(p fyne.Position) bool {
	at, length := l.view.thumb(track(l.Size().Height))
	if p.X < l.Size().Width-barZone || length == 0 {
		return false
	}
	y := float64(p.Y) - 3
	switch {
	case y < at:
		l.ScrollBy(-l.view.height * 0.9)
	case y > at+length:
		l.ScrollBy(l.view.height * 0.9)
	default:
		l.mouse.onBar, l.mouse.grip = true, y-at
	}
	return true
}

// Dragged implements fyne.Draggable.
func (l *List) Dragged(e *fyne.DragEvent) {
	if l.mouse.onBar {
		l.view.scrollThumb(float64(e.Position.Y)-3-l.mouse.grip, track(l.Size().Height))
		l.update()
		if l.OnScroll != nil {
			l.OnScroll()
		}
		return
	}
	if l.mouse.pressed < 0 {
		return
	}
	if !l.mouse.dragging {
		l.mouse.dragging = true
		l.hover = -1
		l.update()
	}
	l.mouse.last = e.AbsolutePosition
	if l.OnDrag != nil {
		l.OnDrag(e.AbsolutePosition)
	}
}

// DragEnd implements fyne.Draggable.
func (l *List) DragEnd() {
	if l.mouse.dragging && l.OnDrop != nil {
		l.OnDrop(l.mouse.last)
	}
	l.mouse.dragging, l.mouse.onBar, l.mouse.pressed = false, false, -1
	l.update()
}
