package kit

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
)

// flow remembers the width it was laid out in, which its height depends on.
type flow struct {
	gap   float32
	width float32
}

// Flow sets objects side by side at their own sizes and goes on below where a
// row is full, such as the attachments of a letter.
func Flow(gap float32, objects ...fyne.CanvasObject) *fyne.Container {
	return container.New(&flow{gap: gap}, objects...)
}

// walk places objects in a width and gives the height they take.
func (f *flow) walk(objects []fyne.CanvasObject, width float32, put func(o fyne.CanvasObject, x, y float32, m fyne.Size)) float32 {
	var x, y, high float32
	for _, o := range objects {
		if !o.Visible() {
			continue
		}
		m := o.MinSize()
		if width > 0 {
			m.Width = min(m.Width, width)
		}
		if x > 0 && width > 0 && x+m.Width > width {
			x, y, high = 0, y+high+f.gap, 0
		}
		put(o, x, y, m)
		x, high = x+m.Width+f.gap, max(high, m.Height)
	}
	return y + high
}

// MinSize implements fyne.Layout.
func (f *flow) MinSize(objects []fyne.CanvasObject) fyne.Size {
	h := f.walk(objects, f.width, func(fyne.CanvasObject, float32, float32, fyne.Size) {})
	return fyne.NewSize(80, h)
}

// Layout implements fyne.Layout.
func (f *flow) Layout(objects []fyne.CanvasObject, s fyne.Size) {
	f.width = s.Width
	f.walk(objects, s.Width, func(o fyne.CanvasObject, x, y float32, m fyne.Size) {
		place(o, x, y, m.Width, m.Height)
	})
}
