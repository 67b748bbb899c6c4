package kit

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"

	"paquebot.app/ui/theme"
)

// overlay is a panel above the whole canvas; a press beside it closes it.
type overlay struct {
	widget.BaseWidget
	self   fyne.Widget // what it is part of
	canvas fyne.Canvas
	ground *Fill
	inside fyne.CanvasObject
	panel  fyne.Position
	size   fyne.Size // of the panel
}

// begin makes the overlay part of self.
func (o *overlay) begin(self fyne.Widget, c fyne.Canvas) {
	o.self, o.canvas, o.ground = self, c, raised(theme.RadiusCard)
	o.ExtendBaseWidget(self)
}

// open shows the panel with its corner at a position of the canvas, moved inward
// where it would leave it, and gives focus to a part of it.
func (o *overlay) open(at fyne.Position, focus fyne.Focusable) {
	room := o.canvas.Size()
	o.panel = fyne.NewPos(max(6, min(at.X, room.Width-o.size.Width-6)), max(6, min(at.Y, room.Height-o.size.Height-6)))
	o.self.Resize(room)
	o.canvas.Overlays().Add(o.self)
	o.canvas.Focus(focus)
}

// Close takes the panel away; nothing is chosen.
func (o *overlay) Close() { o.canvas.Overlays().Remove(o.self) }

// Tapped implements fyne.Tappable.
func (o *overlay) Tapped(e *fyne.PointEvent) {
	if q := e.Position.Subtract(o.panel); q.X < 0 || q.Y < 0 || q.X >= o.size.Width || q.Y >= o.size.Height {
		o.Close()
	}
}

// TappedSecondary implements fyne.SecondaryTappable.
func (o *overlay) TappedSecondary(e *fyne.PointEvent) { o.Tapped(e) }

// CreateRenderer implements fyne.Widget.
func (o *overlay) CreateRenderer() fyne.WidgetRenderer {
	return &renderer{
		widget: o.self, objects: []fyne.CanvasObject{o.ground, o.inside},
		min: func() fyne.Size { return o.size },
		layout: func(fyne.Size) {
			place(o.ground, o.panel.X, o.panel.Y, o.size.Width, o.size.Height)
			place(o.inside, o.panel.X, o.panel.Y, o.size.Width, o.size.Height)
		},
	}
}
