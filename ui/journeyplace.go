package ui

// ShowJourneys implements Host.
func (w *Window) ShowJourneys() {
	if w.journeys == nil {
		return
	}
	end := w.OpenPanel(w.journeys.Object(), func() { w.journeys.Show(false, func() {}) })
	w.panel.small = true
	w.journeys.Show(true, end)
}
