package msglist

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"

	"paquebot.app/ui/theme"
)

// barZone is how far from the right edge the scroll bar can be taken hold of.
const barZone float32 = 12

type scrollBar struct{ rect *canvas.Rectangle }

func newScrollBar() *scrollBar {
	return &scrollBar{rect: canvas.NewRectangle(theme.Color(theme.ScrollBar))}
}

// track is the room for the handle, a little inside the list.
func track(height float32) float64 { return float64(height) - 6 }

func (b *scrollBar) place(v *viewport, s fyne.Size, wide bool) {
	at, length := v.thumb(track(s.Height))
	b.rect.Hidden = length == 0
	if length == 0 {
		return
	}
	w := float32(5)
	if wide {
		w = 8
	}
	b.rect.FillColor = theme.Color(theme.ScrollBar)
	b.rect.CornerRadius = w / 2
	b.rect.Move(fyne.NewPos(s.Width-2-w, float32(at)+3))
	b.rect.Resize(fyne.NewSize(w, float32(length)))
}
