package kit

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"

	"paquebot.app/ui/theme"
)

// renderer is a fyne.WidgetRenderer made of functions: widgets here differ in
// what they draw, not in how they are driven.
type renderer struct {
	objects []fyne.CanvasObject
	min     func() fyne.Size
	layout  func(fyne.Size)
	refresh func() // state into objects; nil when there is none
	widget  fyne.Widget
}

func (r *renderer) Destroy()                     {}
func (r *renderer) Objects() []fyne.CanvasObject { return r.objects }
func (r *renderer) MinSize() fyne.Size           { return r.min() }
func (r *renderer) Layout(s fyne.Size)           { r.layout(s) }

func (r *renderer) Refresh() {
	if r.refresh != nil {
		r.refresh()
	}
	r.layout(r.widget.Size())
	canvas.Refresh(r.widget)
}

func colour(n fyne.ThemeColorName) color.Color { return theme.Color(n) }

func rectangle(radius float32) *canvas.Rectangle {
	r := canvas.NewRectangle(color.Transparent)
	r.CornerRadius = radius
	return r
}

func place(o fyne.CanvasObject, x, y, w, h float32) {
	o.Move(fyne.NewPos(x, y))
	o.Resize(fyne.NewSize(w, h))
}

func round(v float32) float32 { return float32(int(v + 0.5)) }

func ceil(v float32) float32 {
	n := float32(int(v))
	if v > n {
		n++
	}
	return n
}
