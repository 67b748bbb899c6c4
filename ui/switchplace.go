package ui

import "paquebot.app/localstore"

// ShowSwitch implements Host.
func (w *Window) ShowSwitch(account localstore.AccountID) {
	if w.cfg.Views.Switch == nil {
		return
	}
	if w.switching == nil {
		w.switching = w.cfg.Views.Switch(w)
	}
	end := w.OpenPanel(w.switching.Object(), func() { w.switching.Show(0, func() {}) })
	w.panel.small = true
	w.switching.Show(account, end)
}

// Accounts implements Host.
func (w *Window) Accounts(account localstore.AccountID) {
	if w.cfg.Views.Settings != nil {
		w.settings(account)
	}
}
