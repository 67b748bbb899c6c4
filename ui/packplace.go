package ui

// showPack shows the page that makes the mail ready to go offline, in the
// reading pane's place.
func (w *Window) showPack() {
	if w.pack == nil {
		w.pack = w.cfg.Views.Pack(w)
	}
	end := w.OpenPanel(w.pack.Object(), func() { w.pack.Show(false, func() {}) })
	w.panel.small = true
	w.pack.Show(true, end)
}

// onPack tells whether the page is in sight.
func (w *Window) onPack() bool { return w.pack != nil && w.panel.object == w.pack.Object() }
