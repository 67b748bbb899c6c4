package reader

import (
	"fyne.io/fyne/v2"

	"paquebot.app/ui/theme"
)

// Room round the letter.
const (
	sidePad   float32 = 32
	topPad    float32 = 28
	bottomPad float32 = 36
)

// tall is an object whose height follows from its width.
type tall interface{ HeightFor(width float32) float32 }

// column sets the parts of a letter one below the other at the width of a
// readable line, which all parts share.
type column struct {
	gap    func(o fyne.CanvasObject) float32
	height float32
	grew   func() // the height is another than MinSize said
}

func columnWidth(w float32) float32 { return min(theme.ReadingWidth, max(200, w-2*sidePad)) }

// MinSize implements fyne.Layout.
func (c *column) MinSize([]fyne.CanvasObject) fyne.Size { return fyne.NewSize(260, c.height) }

// Layout implements fyne.Layout.
func (c *column) Layout(objects []fyne.CanvasObject, s fyne.Size) {
	w, y := columnWidth(s.Width), topPad
	for _, o := range objects {
		if !o.Visible() {
			continue
		}
		y += c.gap(o)
		var h float32
		if t, ok := o.(tall); ok {
			h = t.HeightFor(w)
		} else {
			o.Resize(fyne.NewSize(w, o.Size().Height))
			h = o.MinSize().Height
		}
		o.Move(fyne.NewPos(sidePad, y))
		o.Resize(fyne.NewSize(w, h))
		y += h
	}
	if y += bottomPad; y != c.height {
		c.height = y
		c.grew()
	}
}
