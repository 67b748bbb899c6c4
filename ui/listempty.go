package ui

import (
	"paquebot.app/ui/kit"
	"paquebot.app/ui/vm"
)

// showEmpty says in the list, and in the reading pane, why there is nothing.
func (p *listPane) showEmpty() {
	l := p.w.list
	on := !l.Loading() && l.Len() == 0
	p.w.showNothing(on)
	if p.empty.Hidden == !on && !on {
		return
	}
	p.empty.RemoveAll()
	p.empty.Hidden = !on
	if on {
		title, note, icon := "Nothing here", "Mail in this folder will be shown here.", "inbox"
		switch {
		case l.Query() != "":
			title, note, icon = "Nothing found", "No message has all of these words.", "search"
		case l.Filter() != vm.All:
			title, note, icon = "Nothing left", "No message here passes this filter.", "list"
		}
		p.empty.Add(kit.Empty(icon, title, note))
	}
	p.empty.Refresh()
}

// showNothing says in the reading pane what there is to choose from.
func (w *Window) showNothing(empty bool) {
	title, note := "No message selected", "Choose one on the left to read it here."
	if empty && !w.onLedger {
		title, note = "Nothing to read", "There is no mail in this folder."
		switch {
		case w.list.Query() != "":
			note = "The search found no message. Fewer words find more."
		case w.list.Filter() != vm.All:
			note = "The filter leaves no message. “All” shows the whole folder."
		}
	}
	w.pane.SetNothing(title, note)
}
