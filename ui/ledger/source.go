package ledger

import (
	"fyne.io/fyne/v2"

	"paquebot.app/localstore"
	"paquebot.app/ui/msglist"
	"paquebot.app/ui/theme"
	"paquebot.app/ui/vm"
)

// inks are the colours of the tones.
var inks = map[vm.LedgerTone]fyne.ThemeColorName{
	vm.LedgerQuiet: theme.Muted, vm.LedgerLeaves: theme.Warning, vm.LedgerKept: theme.Success, vm.LedgerBad: theme.Danger,
}

// source gives the list widget the rows of the ledger.
type source struct{ model *vm.Ledger }

// Len implements msglist.Source.
func (s source) Len() int { return s.model.Len() }

// Row implements msglist.Source.
func (s source) Row(i int) (msglist.Row, bool) {
	r, ok := s.model.Row(i)
	if !ok {
		return msglist.Row{}, false
	}
	return msglist.Row{ID: int64(r.ID), Sender: r.Who, Subject: r.Subject, Preview: r.State, Date: r.Size, Avatar: r.Avatar, Ink: inks[r.Tone], Action: r.Action}, true
}

// ID implements msglist.Finder.
func (s source) ID(i int) int64 { return int64(s.model.ID(i)) }

// Index implements msglist.Finder.
func (s source) Index(id int64) (int, bool) { return s.model.Index(localstore.LocationID(id)) }

var _ msglist.Finder = source{}
