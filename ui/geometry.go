package ui

import "fyne.io/fyne/v2"

// Names of the preferences: the window's geometry and nothing else.
const (
	prefWidth   = "window.width"
	prefHeight  = "window.height"
	prefSidebar = "panes.sidebar"
	prefList    = "panes.list"
)

// restore gives the window the size it had last.
func (w *Window) restore() {
	p := w.cfg.App.Preferences()
	width, height := p.FloatWithFallback(prefWidth, 1440), p.FloatWithFallback(prefHeight, 900)
	w.window.Resize(fyne.NewSize(min(max(float32(width), 480), 8000), min(max(float32(height), 360), 8000)))
	if side, list := p.Float(prefSidebar), p.Float(prefList); side > 0 && list > 0 {
		w.panes.SetWidths(float32(side), float32(list))
	}
}

func (w *Window) saveWidths(sidebar, list float32) {
	p := w.cfg.App.Preferences()
	p.SetFloat(prefSidebar, float64(sidebar))
	p.SetFloat(prefList, float64(list))
}

// saveGeometry keeps the window's size for the next time.
func (w *Window) saveGeometry() {
	p, s := w.cfg.App.Preferences(), w.window.Canvas().Size()
	p.SetFloat(prefWidth, float64(s.Width))
	p.SetFloat(prefHeight, float64(s.Height))
}
