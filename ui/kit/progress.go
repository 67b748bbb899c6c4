package kit

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"

	"paquebot.app/ui/theme"
)

// Progress is a thin bar that fills from left to right. It does not move by
// itself: every animated frame repaints the window.
type Progress struct {
	widget.BaseWidget
	done float32
}

// NewProgress gives an empty bar.
func NewProgress() *Progress {
	p := &Progress{}
	p.ExtendBaseWidget(p)
	return p
}

// Set shows a share between 0 and 1.
func (p *Progress) Set(done float32) {
	done = min(max(done, 0), 1)
	if done != p.done {
		p.done = done
		p.Refresh()
	}
}

// CreateRenderer implements fyne.Widget.
func (p *Progress) CreateRenderer() fyne.WidgetRenderer {
	track, bar := rectangle(1.5), rectangle(1.5)
	state := func() {
		track.FillColor, bar.FillColor = colour(theme.Separator), colour(theme.Accent)
		bar.Hidden = p.done == 0
	}
	state()
	return &renderer{
		widget: p, objects: []fyne.CanvasObject{track, bar}, refresh: state,
		min: func() fyne.Size { return fyne.NewSize(60, 3) },
		layout: func(s fyne.Size) {
			y := (s.Height - 3) / 2
			place(track, 0, y, s.Width, 3)
			place(bar, 0, y, s.Width*p.done, 3)
		},
	}
}
