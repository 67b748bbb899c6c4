package ui

import "paquebot.app/localstore"

// ShowRole implements Host.
func (w *Window) ShowRole(account localstore.AccountID, role localstore.Role) {
	for _, r := range w.sidebar.Rows() {
		if r.Section == "" && r.Account == account && r.Role == role {
			w.open(r.Place)
			return
		}
	}
}

// showOutbox shows the letters on their way.
func (w *Window) showOutbox() {
	for _, r := range w.sidebar.Rows() {
		if r.Section == "" && r.Role == localstore.RoleOutbox {
			w.open(r.Place)
			return
		}
	}
}

// ShowMessage implements Host.
func (w *Window) ShowMessage(id localstore.MessageID) {
	if i, there := w.list.Index(id); there {
		w.mid.rows.Select(i)
		w.panes.SetReading(true)
	}
}

// leavePanel brings back the reading pane when the user chose a message; what
// stood in its place is put aside.
func (w *Window) leavePanel() {
	if w.panel.close != nil {
		w.panel.close()
	}
}
