package kit

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"

	"paquebot.app/ui/theme"
)

// barReach is how far beside its line a border can be taken hold of.
const barReach float32 = 3

// paneBar is the line between two panes.
type paneBar struct {
	widget.BaseWidget
	still   bool // cannot be dragged now
	hovered bool
	moved   func(dx float32)
	ended   func()
	show    func()
}

func newPaneBar(moved func(float32), ended func()) *paneBar {
	b := &paneBar{moved: moved, ended: ended}
	b.ExtendBaseWidget(b)
	return b
}

// CreateRenderer implements fyne.Widget.
func (b *paneBar) CreateRenderer() fyne.WidgetRenderer {
	line := rectangle(0)
	state := func() {
		line.FillColor = colour(theme.Separator)
		if b.hovered && !b.still {
			line.FillColor = colour(theme.Border)
		}
	}
	b.show = func() { state(); line.Refresh() }
	state()
	return &renderer{
		widget: b, objects: []fyne.CanvasObject{line}, refresh: state,
		min:    func() fyne.Size { return fyne.NewSize(2*barReach+1, 1) },
		layout: func(s fyne.Size) { place(line, barReach, 0, 1, s.Height) },
	}
}

// Cursor implements desktop.Cursorable.
func (b *paneBar) Cursor() desktop.Cursor {
	if b.still {
		return desktop.DefaultCursor
	}
	return desktop.HResizeCursor
}

// Dragged implements fyne.Draggable.
func (b *paneBar) Dragged(e *fyne.DragEvent) {
	if !b.still {
		b.moved(e.Dragged.DX)
	}
}

// DragEnd implements fyne.Draggable.
func (b *paneBar) DragEnd() { b.ended() }

// MouseIn implements desktop.Hoverable.
func (b *paneBar) MouseIn(*desktop.MouseEvent) { b.hovered = true; b.show() }

// MouseMoved implements desktop.Hoverable.
func (b *paneBar) MouseMoved(*desktop.MouseEvent) {}

// MouseOut implements desktop.Hoverable.
func (b *paneBar) MouseOut() { b.hovered = false; b.show() }
