package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"paquebot.app/localstore"
	"paquebot.app/ui/kit"
	"paquebot.app/ui/msglist"
	"paquebot.app/ui/theme"
	"paquebot.app/ui/vm"
)

// listPane is the middle: title, search, filters, and the messages.
type listPane struct {
	w       *Window
	object  fyne.CanvasObject
	stack   *fyne.Container // the list, or the Outbox in its place
	whole   fyne.CanvasObject
	outbox  fyne.CanvasObject
	menu    *kit.IconButton // the way to the folders where the sidebar is hidden
	title   *kit.Text
	note    *kit.Text
	search  *kit.Entry
	chips   []*kit.Chip
	hint    *kit.Paragraph
	hintBox *fyne.Container
	rows    *msglist.List
	empty   *fyne.Container
	typing  bool // the search field is being filled by the program
}

var filters = []struct {
	name   string
	filter vm.Filter
}{{"All", vm.All}, {"Unread", vm.Unread}, {"Flagged", vm.Flagged}, {"Attachments", vm.Attachments}, {"Only here", vm.OnlyHere}}

func newListPane(w *Window) *listPane {
	p := &listPane{w: w}
	p.title, p.note = kit.NewShrinkText("", kit.Heading), kit.NewText("", kit.Small.In(theme.Faint))
	p.menu = kit.NewSmallIconButton("menu", "Folders", w.guarded("folders", p.folders))
	p.menu.Hide()
	p.search = kit.NewSearch("Search mail, people, attachments")
	p.search.OnChanged = guarded1(w, "search", func(text string) {
		if !p.typing {
			w.list.Search(text)
		}
	})
	p.search.OnKey = p.searchKey
	p.hint = kit.NewNote("", kit.Caption)
	p.hintBox = kit.Inset(19, 0, 16, 8, p.hint)
	p.hintBox.Hide()
	chips := kit.Flow(8)
	for _, f := range filters {
		c := kit.NewChip(f.name, w.guarded("filter", func() { w.list.SetFilter(f.filter); p.head() }))
		p.chips = append(p.chips, c)
		chips.Add(c)
	}
	p.rows = msglist.New(source{w.list})
	p.rows.Need = w.list.Need
	p.rows.OnSelection = w.guarded("selection", func() {
		w.selected()
		w.reader.Attend()
		w.leavePanel()
	})
	p.rows.OnOpen = guarded1(w, "open", func(int) { w.openSelected() })
	p.rows.OnMenu = guarded1(w, "menu", w.messageMenu)
	p.rows.OnRune = func(r rune) (used bool) {
		w.Guard("key", func() { used = w.rune(r) })
		return used
	}
	p.rows.OnKey = func(name fyne.KeyName, mod fyne.KeyModifier) (used bool) {
		w.Guard("key", func() { used = w.key(name, mod) })
		return used
	}
	p.rows.OnDrag = guarded1(w, "drag", w.drag)
	p.rows.OnDrop = guarded1(w, "drop", w.drop)
	p.empty = container.NewStack()
	p.empty.Hide()
	head := kit.VStack(0,
		kit.Inset(19, 14, 16, 7, container.NewBorder(nil, nil, p.menu, nil, kit.HStack(10, p.title, kit.VStack(0, kit.Gap(1, 4), p.note), kit.Spring()))),
		kit.Inset(14, 0, 14, 10, p.search),
		kit.Inset(14, 0, 14, 10, chips),
		p.hintBox,
	)
	p.whole = container.NewBorder(head, nil, nil, nil, container.NewStack(p.rows, p.empty))
	p.stack = container.NewStack(p.whole)
	p.object = container.NewStack(kit.NewFill(theme.List, 0), p.stack)
	p.head()
	return p
}

// changed takes an event of the model.
func (p *listPane) changed(e vm.ListEvent, apply func()) {
	switch e {
	case vm.ListNew:
		p.rows.SetSource(source{p.w.list})
		p.groups()
		p.w.glanceDue = true
		p.w.selected()
		p.w.listShown()
	case vm.ListMoved:
		p.move(apply)
		p.groups()
		p.w.selected()
	case vm.ListRows:
		p.rows.Changed()
	}
	p.head()
	p.showEmpty()
	p.w.glance()
}

// groups shows the titles between the rows.
func (p *listPane) groups() {
	titles := p.w.list.Groups()
	groups := make([]msglist.Group, len(titles))
	for i, t := range titles {
		groups[i] = msglist.Group(t)
	}
	p.rows.SetGroups(groups)
}

// move lets rows come and go. What is selected stays selected; where all of it
// went, the row that followed is selected, else the one before.
func (p *listPane) move(apply func()) {
	l, sel := p.w.list, p.rows.Selection()
	was := p.rows.SelectedIDs(0)
	var after, before int64
	for i := max(p.rows.Cursor(), 0); i < l.Len() && after == 0; i++ {
		if !sel.Has(i) {
			after = int64(l.ID(i))
		}
	}
	for i := p.rows.Cursor(); i >= 0 && before == 0; i-- {
		if !sel.Has(i) {
			before = int64(l.ID(i))
		}
	}
	p.rows.Change(apply)
	for _, id := range was {
		if _, there := l.Index(localstore.MessageID(id)); there {
			return
		}
	}
	for _, id := range []int64{after, before} {
		if i, there := l.Index(localstore.MessageID(id)); there && len(was) > 0 {
			sel.Select(i)
			p.rows.ScrollTo(i)
			return
		}
	}
}

// head shows title, counts and which filter is on.
func (p *listPane) head() {
	title, note := p.w.list.Title()
	p.title.SetText(title)
	p.note.SetText(note)
	for i, f := range filters {
		p.chips[i].SetOn(f.filter == p.w.list.Filter())
		p.chips[i].Hidden = f.filter == vm.OnlyHere && !p.w.list.Mixed()
	}
	hint := p.w.list.SearchNote()
	p.hintBox.Hidden = hint == ""
	p.hint.SetText(hint)
}

// reset empties the search field, as another place is shown.
func (p *listPane) reset() {
	p.typing = true
	p.search.SetText("")
	p.typing = false
	p.head()
}

func (p *listPane) searchKey(k *fyne.KeyEvent) bool {
	switch k.Name {
	case fyne.KeyEscape:
		p.search.SetText("")
		p.w.focusList()
		return true
	case fyne.KeyDown, fyne.KeyReturn, fyne.KeyEnter:
		p.w.focusList()
		if p.w.list.Len() > 0 && p.rows.Selection().Count() == 0 {
			p.rows.Select(0)
		}
		return true
	case fyne.KeyF6, fyne.KeyF5:
		return p.w.key(k.Name, 0)
	}
	return false
}

// showOutbox puts the Outbox view in the list's place; false where there is none.
func (p *listPane) showOutbox() bool {
	if p.w.cfg.Views.Outbox == nil {
		return false
	}
	if p.outbox == nil {
		p.outbox = p.w.cfg.Views.Outbox(p.w)
	}
	p.standIn(p.outbox)
	return true
}

func (p *listPane) showList() { p.standIn(p.whole) }

// standIn puts another page in the list's place.
func (p *listPane) standIn(o fyne.CanvasObject) {
	p.stack.Objects = []fyne.CanvasObject{o}
	p.stack.Refresh()
}

// setMenu shows the way to the folders, where the sidebar has no room.
func (p *listPane) setMenu(on bool) {
	if p.menu.Hidden == on {
		p.menu.Hidden = !on
		p.whole.Refresh()
	}
}

func (p *listPane) folders() {
	at := fyne.CurrentApp().Driver().AbsolutePositionForObject(p.menu)
	p.w.pickFolder("Go to", at.AddXY(0, 28), func(vm.SidebarRow) bool { return true }, func(r vm.SidebarRow) { p.w.open(r.Place) })
}
