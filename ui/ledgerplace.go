package ui

import (
	"fyne.io/fyne/v2"

	"paquebot.app/localstore"
	"paquebot.app/ui/vm"
)

// ShowLedger implements Host.
func (w *Window) ShowLedger(account localstore.AccountID) {
	if w.cfg.Views.Ledger == nil {
		return
	}
	w.leavePanel()
	if w.ledger == nil {
		w.ledger = w.cfg.Views.Ledger(w)
	}
	w.mid.standIn(w.ledger.Object())
	w.onLedger, w.ledgerOf = true, account
	w.ledger.Show(account)
	w.reader.Open(nil)
	w.showNothing(false)
	w.side.update()
	w.panes.SetReading(false)
	w.focusList()
}

// shows tells whether a place of the sidebar is the one that is shown.
func (w *Window) shows(r vm.SidebarRow) bool {
	if w.onLedger {
		return r.Ledger && r.Account == w.ledgerOf
	}
	return r.Place == w.list.Place()
}

// HideLedger implements Host.
func (w *Window) HideLedger() {
	if w.closeLedger() {
		w.open(w.list.Place())
	}
}

// closeLedger ends what the ledger page follows.
func (w *Window) closeLedger() bool {
	was := w.onLedger
	if w.onLedger = false; was {
		w.ledger.Show(0)
	}
	return was
}

// ReadMessage implements Host.
func (w *Window) ReadMessage(ids []localstore.MessageID) {
	if w.onLedger || w.onPack() {
		w.leavePanel()
		w.reader.Open(ids)
	}
}

// Key implements Host.
func (w *Window) Key(name fyne.KeyName, mod fyne.KeyModifier) bool { return w.key(name, mod) }

// picked counts the messages that are chosen.
func (w *Window) picked() int {
	if w.onLedger {
		return w.reader.Chosen()
	}
	return w.mid.rows.Selection().Count()
}

// pickedLetter is the row of the letter beside the ledger.
func (w *Window) pickedLetter() (vm.ListRow, bool) {
	l := w.reader.Letter()
	if l == nil {
		return vm.ListRow{}, false
	}
	f := l.Message.Flags
	return vm.ListRow{ID: l.Message.ID, Unread: f&localstore.Seen == 0, Flagged: f&localstore.Flagged != 0}, true
}
