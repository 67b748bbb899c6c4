package ui

import (
	"fyne.io/fyne/v2"

	"paquebot.app/localstore"
	"paquebot.app/ui/kit"
	"paquebot.app/ui/vm"
)

// messageMenu is the menu of the selected messages.
func (w *Window) messageMenu(at fyne.Position) {
	n := w.picked()
	if n == 0 {
		return
	}
	kit.ShowMenu(w.window.Canvas(), w.messageItems(n, at), at, nil)
}

func (w *Window) messageItems(n int, at fyne.Position) []kit.MenuItem {
	one := n == 1
	items := []kit.MenuItem{}
	if w.role() == localstore.RoleDrafts && one {
		items = append(items, kit.MenuItem{Icon: "draft", Text: "Go on writing", Shortcut: "Enter", Action: w.guarded("edit draft", w.editDraft)}, kit.MenuItem{})
	} else if one {
		items = append(items,
			kit.MenuItem{Icon: "reply", Text: "Reply", Shortcut: "R", Action: w.guarded("reply", func() { w.Reply(false) })},
			kit.MenuItem{Icon: "reply-all", Text: "Reply to all", Shortcut: "A", Action: w.guarded("reply", func() { w.Reply(true) })},
			kit.MenuItem{Icon: "forward", Text: "Forward", Shortcut: "F", Action: w.guarded("forward", w.Forward)},
			kit.MenuItem{})
	}
	items = append(items, w.heldItems()...)
	read, flag := "Mark as unread", "Remove flag"
	readIcon, flagIcon := "unread", "star"
	if w.any(func(r vm.ListRow) bool { return r.Unread }) {
		read, readIcon = "Mark as read", "read"
	}
	if w.any(func(r vm.ListRow) bool { return !r.Flagged }) {
		flag, flagIcon = "Flag", "star"
	}
	junk := "Junk"
	if w.role() == localstore.RoleJunk {
		junk = "Not junk"
	}
	items = append(items,
		kit.MenuItem{Icon: "archive", Text: "Archive", Shortcut: "E", Action: w.guarded("archive", w.archive)},
		kit.MenuItem{Icon: "move", Text: "Move to…", Shortcut: "V", Action: w.guarded("move", func() { w.moveMenu(at) })},
		kit.MenuItem{Icon: readIcon, Text: read, Shortcut: "U", Action: w.guarded("mark read", w.toggleRead)},
		kit.MenuItem{Icon: flagIcon, Text: flag, Shortcut: "S", Action: w.guarded("flag", w.star)},
		kit.MenuItem{Icon: "junk", Text: junk, Shortcut: "!", Action: w.guarded("junk", w.junk)},
		kit.MenuItem{})
	if w.any(func(r vm.ListRow) bool { return r.Held }) {
		return append(items, kit.MenuItem{Icon: "trash", Text: "Remove for good", Danger: true, Action: w.guarded("held", w.removeHeld)})
	}
	return append(items,
		kit.MenuItem{Icon: "trash", Text: w.deleteWords(), Shortcut: "Del", Danger: true, Action: w.guarded("delete", w.delete)})
}

// removeHeld asks first: nothing is left of what goes from the hold.
func (w *Window) removeHeld() {
	chosen := w.chosen()
	w.actions.Ask("Remove what is kept of this mail? The server has it no more.", "Remove", func() {
		w.actions.AnswerHeld(chosen, localstore.Remove)
	})
}

// heldItems are what can be done to messages that their server does not have.
func (w *Window) heldItems() []kit.MenuItem {
	chosen := w.chosen()
	answer := func(a localstore.Answer) func() {
		return w.guarded("held", func() { w.actions.AnswerHeld(chosen, a) })
	}
	switch {
	case w.any(func(r vm.ListRow) bool { return r.Held }):
		return []kit.MenuItem{
			{Icon: "upload", Text: "Put back on the server", Action: answer(localstore.PutBack)},
			{Icon: "computer", Text: "Keep on this computer", Action: answer(localstore.KeepHere)},
			{},
		}
	case w.any(func(r vm.ListRow) bool { return r.LocalOnly }):
		return []kit.MenuItem{{Icon: "upload", Text: "Put on the server", Action: w.guarded("upload", func() { w.actions.Upload(chosen) })}, {}}
	}
	return nil
}

func (w *Window) deleteWords() string {
	if w.role() == localstore.RoleTrash {
		return "Delete for good"
	}
	return "Delete"
}

// letterMenu is the menu "more" of the reading pane.
func (w *Window) letterMenu(at fyne.Position) {
	n := w.picked()
	if n == 0 {
		return
	}
	items := w.messageItems(n, at)
	if l := w.reader.Letter(); l != nil {
		items = append(items, kit.MenuItem{},
			kit.MenuItem{Icon: "download", Text: "Save as…", Action: w.guarded("save", w.saveLetter)},
			kit.MenuItem{Icon: "file", Text: "Show source", Action: w.guarded("source", w.showSource)})
		if pinned := l.Message.Pinned; pinned || l.Message.Where != localstore.WhereHere {
			items = append(items, kit.MenuItem{Icon: "cloud", Text: "Always keep on this computer", Checked: pinned, Action: w.guarded("pin", func() {
				w.reader.Pin(!pinned)
				if !pinned && l.Message.Body != localstore.BodyWhole {
					w.layer.Toast("It is fetched with everything that belongs to it.", "", nil)
				}
			})})
		}
	}
	kit.ShowMenu(w.window.Canvas(), items, at, nil)
}

// moveMenu asks for the folder that the selected messages go to.
func (w *Window) moveMenu(at fyne.Position) {
	here, chosen := w.list.Place(), w.chosen()
	w.pickFolder("Move to", at, func(r vm.SidebarRow) bool {
		return r.Takes && r.Place != here && r.Role != localstore.RoleDrafts
	}, func(r vm.SidebarRow) { w.actions.Move(chosen, r.Folder, r.Name) })
}

// moveByKey is moveMenu beside the list.
func (w *Window) moveByKey() {
	if w.picked() > 0 {
		at := fyne.CurrentApp().Driver().AbsolutePositionForObject(w.mid.rows)
		w.moveMenu(at.AddXY(40, 40))
	}
}

// pickFolder asks for one of the sidebar's places.
func (w *Window) pickFolder(hint string, at fyne.Position, offered func(vm.SidebarRow) bool, then func(vm.SidebarRow)) {
	var items []kit.PickerItem
	section := ""
	for _, r := range w.sidebar.Rows() {
		if r.Section != "" {
			section = r.Section
		} else if offered(r) {
			items = append(items, kit.PickerItem{Section: section, Icon: r.Icon, Text: r.Name, Count: r.Count, Indent: r.Indent,
				Action: w.guarded(hint, func() { then(r) })})
		}
	}
	kit.ShowPicker(w.window.Canvas(), items, hint, at)
}

// textMenu is the menu of the letter's text.
func (w *Window) textMenu(at fyne.Position) {
	text := w.pane.Text.Selected()
	kit.ShowMenu(w.window.Canvas(), []kit.MenuItem{
		{Text: "Copy", Shortcut: "Ctrl+C", Disabled: text == "", Action: func() { w.cfg.App.Clipboard().SetContent(text) }},
		{Text: "Select all", Shortcut: "Ctrl+A", Action: w.guarded("select all", w.pane.Text.SelectAll)},
		{},
		{Text: "Search for this", Disabled: text == "" || len(text) > 80, Action: w.guarded("search", func() { w.mid.search.SetText(text) })},
	}, at, nil)
}
