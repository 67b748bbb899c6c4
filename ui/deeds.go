package ui

import (
	"fyne.io/fyne/v2"

	"paquebot.app/internal/letter"
	"paquebot.app/localstore"
	"paquebot.app/ui/reader"
	"paquebot.app/ui/vm"
)

// deeds are what the reading pane asks for.
func (w *Window) deeds() reader.Deeds {
	return reader.Deeds{
		Reply: w.guarded("reply", func() { w.Reply(false) }), ReplyAll: w.guarded("reply", func() { w.Reply(true) }),
		Forward: w.guarded("forward", w.Forward), Archive: w.guarded("archive", w.archive),
		Delete: w.guarded("delete", w.delete), Junk: w.guarded("junk", w.junk), Star: w.guarded("flag", w.star),
		Back:     w.guarded("back", w.escape),
		More:     guarded1(w, "menu", w.letterMenu),
		TextMenu: guarded1(w, "menu", w.textMenu),
		Link: func(link string, at fyne.Position) {
			w.Guard("link", func() {
				w.reader.Attend()
				w.link(link, at)
			})
		},
		OpenFile: guarded1(w, "open file", func(a vm.Attachment) {
			w.reader.Attend()
			w.openFile(a)
		}),
		FileMenu:  func(a vm.Attachment, at fyne.Position) { w.Guard("menu", func() { w.fileMenu(a, at) }) },
		Fetch:     w.guarded("fetch", w.fetchLetter),
		EditDraft: w.guarded("edit draft", w.editDraft),
		PutBack:   w.guarded("put back", func() { w.actions.AnswerHeld(w.chosen(), localstore.PutBack) }),
	}
}

// chosen returns the selected messages.
func (w *Window) chosen() []localstore.MessageID {
	if w.onLedger {
		return w.reader.IDs()
	}
	return messageIDs(w.mid.rows.SelectedIDs(0))
}

// role is that of the folder the list shows; searches have none.
func (w *Window) role() localstore.Role {
	if w.onLedger || w.list.Query() != "" {
		return localstore.RoleNone
	}
	return w.list.Place().Role
}

func (w *Window) archive() { w.actions.Archive(w.chosen()) }
func (w *Window) delete()  { w.actions.Delete(w.chosen(), w.role()) }
func (w *Window) junk()    { w.actions.Junk(w.chosen(), w.role()) }

// any tells whether a selected row that is loaded is so.
func (w *Window) any(is func(vm.ListRow) bool) bool {
	if w.onLedger {
		r, ok := w.pickedLetter()
		return ok && is(r)
	}
	found := false
	w.mid.rows.Selection().Each(func(i int) bool {
		if r, ok := w.list.Row(i); ok && is(r) {
			found = true
		}
		return !found
	})
	return found
}

// star flags the selected messages, or takes the flag from all of them.
func (w *Window) star() {
	w.actions.Flag(w.chosen(), w.any(func(r vm.ListRow) bool { return !r.Flagged }))
}

// toggleRead marks the selected messages unread, or all read if one is not.
func (w *Window) toggleRead() {
	read := w.any(func(r vm.ListRow) bool { return r.Unread })
	if !read {
		w.reader.KeepUnread(w.chosen())
	}
	w.actions.Read(w.chosen(), read)
}

// one returns the one selected message.
func (w *Window) one() (localstore.MessageID, bool) {
	if w.picked() != 1 {
		return 0, false
	}
	if ids := w.chosen(); len(ids) == 1 {
		return ids[0], true
	}
	return 0, false
}

// canWrite returns the composer, or says that there is none. On the first
// screen there is nobody to write as.
func (w *Window) canWrite() (Composer, bool) {
	if !w.inPanes {
		return nil, false
	}
	if w.composer == nil {
		w.layer.Toast("Letters cannot be written in this window yet.", "", nil)
		return nil, false
	}
	return w.composer, true
}

// Compose opens an empty letter, or a draft that a link began.
func (w *Window) Compose(d *letter.Draft) {
	if c, ok := w.canWrite(); ok {
		c.Compose(d)
	}
}

// Reply opens an answer to the selected message.
func (w *Window) Reply(all bool) {
	if id, ok := w.one(); ok {
		if c, ok := w.canWrite(); ok {
			w.reader.Attend()
			c.Reply(id, all)
		}
	}
}

// Forward opens a letter that passes the selected message on.
func (w *Window) Forward() {
	if id, ok := w.one(); ok {
		if c, ok := w.canWrite(); ok {
			c.Forward(id)
		}
	}
}

func (w *Window) fetchLetter() {
	w.reader.Attend()
	w.reader.Fetch()
	if !w.status.Online() {
		w.layer.Toast("It comes when there is a connection.", "", nil)
	}
}

func (w *Window) editDraft() {
	if id, ok := w.one(); ok {
		if c, ok := w.canWrite(); ok {
			c.EditDraft(id)
		}
	}
}

// openSelected is Enter or a double click: a draft is written on, else a
// narrow window shows the letter and the keyboard goes to its text.
func (w *Window) openSelected() {
	if w.role() == localstore.RoleDrafts {
		w.editDraft()
		return
	}
	w.panes.SetReading(true)
	w.window.Canvas().Focus(w.pane.Text)
}
