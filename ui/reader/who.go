package reader

import "fyne.io/fyne/v2"

// who sets the sender's line: avatar, name and address, date, recipients. Where
// the address has no room behind the name it gets a line of its own: it is
// wrapped, never cut.
type who struct {
	h     *head
	width float32
}

const (
	avatarSize float32 = 40
	avatarGap  float32 = 14
	whoLine    float32 = 21
)

// narrow tells whether the address needs its own line.
func (w *who) narrow() bool {
	h := w.h
	room := w.width - avatarSize - avatarGap - h.date.MinSize().Width - 16
	return w.width > 0 && h.name.MinSize().Width+8+h.addressWidth > room
}

// MinSize implements fyne.Layout.
func (w *who) MinSize([]fyne.CanvasObject) fyne.Size {
	high := 2 * whoLine
	if w.narrow() {
		high = whoLine + w.h.address.HeightFor(w.width-avatarSize-avatarGap) + whoLine
	}
	return fyne.NewSize(200, max(avatarSize, high))
}

// Layout implements fyne.Layout.
func (w *who) Layout(_ []fyne.CanvasObject, s fyne.Size) {
	w.width = s.Width
	h := w.h
	place := func(o fyne.CanvasObject, x, y, width, height float32) {
		o.Move(fyne.NewPos(x, y))
		o.Resize(fyne.NewSize(width, height))
	}
	left := avatarSize + avatarGap
	date := h.date.MinSize()
	place(h.avatar, 0, 0, avatarSize, avatarSize)
	place(h.date, s.Width-date.Width, 2, date.Width, whoLine-4)
	room := s.Width - left - date.Width - 16
	name := min(h.name.MinSize().Width, room)
	place(h.name, left, 0, name, whoLine)
	y := whoLine
	if w.narrow() {
		high := h.address.HeightFor(s.Width - left)
		place(h.address, left, y, s.Width-left, high)
		y += high
	} else {
		place(h.address, left+name+8, 2, h.addressWidth+4, whoLine)
	}
	to := min(h.toWidth, s.Width-left-30)
	place(h.to, left, y, to, whoLine)
	place(h.more, left+to+2, y-2, 26, 26)
}
