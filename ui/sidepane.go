package ui

import (
	"fmt"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"paquebot.app/localstore"
	"paquebot.app/ui/kit"
	"paquebot.app/ui/theme"
	"paquebot.app/ui/vm"
)

// sidePane is the sidebar: the compose button, the folders, the card.
type sidePane struct {
	w       *Window
	object  fyne.CanvasObject
	compose *kit.Button
	rows    *fyne.Container
	keys    *keyBox
	card    *kit.Card
	shown   []vm.SidebarRow
	widgets []*kit.FolderRow // by row; nil for titles
	compact bool
	pad     *fyne.Container
}

func newSidePane(w *Window) *sidePane {
	s := &sidePane{w: w}
	s.compose = kit.NewComposeButton("New message", w.guarded("compose", func() { w.Compose(nil) }))
	s.compose.SetTip("New message (Ctrl+N)")
	s.rows = kit.VStack(2)
	s.keys = newKeyBox(container.NewVScroll(s.rows), s.key, w.guarded("folders", s.update))
	s.card = kit.NewCard("cloud", theme.Muted, "", "", nil)
	s.card.SetOnTapped(w.guarded("status menu", s.cardMenu))
	s.pad = container.NewStack()
	s.object = container.NewStack(kit.NewFill(theme.Sidebar, 0), s.pad)
	s.arrange()
	return s
}

func (s *sidePane) arrange() {
	side := float32(10)
	if s.compact {
		side = 8
	}
	s.pad.Objects = []fyne.CanvasObject{kit.Inset(side, 12, side, 10,
		container.NewBorder(kit.VStack(10, s.compose, kit.Gap(1, 0)), kit.VStack(8, kit.Gap(1, 0), s.card), nil, nil, s.keys))}
	s.pad.Refresh()
}

func (s *sidePane) setMode(m kit.SidebarMode) {
	compact := m == kit.SidebarIcons
	s.w.mid.setMenu(m == kit.SidebarHidden)
	if compact == s.compact {
		return
	}
	s.compact = compact
	if compact {
		s.compose.SetText("")
	} else {
		s.compose.SetText("New message")
	}
	s.card.Hidden = compact
	s.shown = nil
	s.arrange()
	s.update()
}

// update makes the rows those of the model; widgets are made anew only where
// other places stand.
func (s *sidePane) update() {
	rows := s.w.sidebar.Rows()
	if !s.same(rows) {
		s.make(rows)
	}
	for i, r := range rows {
		if f := s.widgets[i]; f != nil {
			f.Set(s.state(r))
		}
	}
	s.shown = rows
}

func (s *sidePane) same(rows []vm.SidebarRow) bool {
	if len(rows) != len(s.shown) {
		return false
	}
	for i, r := range rows {
		if o := s.shown[i]; r.Place != o.Place || r.Section != o.Section {
			return false
		}
	}
	return true
}

func (s *sidePane) state(r vm.SidebarRow) kit.FolderState {
	return kit.FolderState{
		Icon: r.Icon, Name: r.Name, Count: r.Count, Accent: r.Accent, Indent: r.Indent,
		Selected: s.w.shows(r), Compact: s.compact,
		Keyboard: s.keys.focused && s.w.shows(r),
	}
}

// mostRows is how many folders of an account have a row: a window is no place
// for thousands. The others are found by typing.
const mostRows = 400

func (s *sidePane) make(rows []vm.SidebarRow) {
	s.rows.RemoveAll()
	s.widgets = make([]*kit.FolderRow, len(rows))
	made, left := 0, 0
	more := func() {
		if left > 0 {
			s.rows.Add(s.moreRow(left))
		}
		made, left = 0, 0
	}
	for i, r := range rows {
		if r.Section != "" {
			more()
		} else if made >= mostRows && r.Role == localstore.RoleNone && !s.w.shows(r) {
			left++
			continue
		}
		made++
		if r.Section != "" {
			switch {
			case s.compact && i > 0:
				s.rows.Add(kit.Inset(8, 6, 8, 6, kit.Hairline()))
			case !s.compact && i > 0:
				s.rows.Add(kit.Gap(1, 10))
				fallthrough
			case !s.compact:
				s.rows.Add(kit.Inset(2, 2, 0, 2, kit.SectionHeader(r.Section)))
			}
			continue
		}
		f := kit.NewFolderRow(s.state(r), s.w.guarded("open folder", func() { s.w.open(r.Place) }), guarded1(s.w, "folder menu", func(at fyne.Position) { s.menu(r, at) }))
		s.widgets[i] = f
		s.rows.Add(f)
	}
	more()
	s.rows.Refresh()
}

// moreRow stands for folders without a row: it asks for one of all by typing.
func (s *sidePane) moreRow(n int) *kit.FolderRow {
	var row *kit.FolderRow
	row = kit.NewFolderRow(kit.FolderState{Icon: "search", Name: fmt.Sprintf("%d more folders…", n), Compact: s.compact}, s.w.guarded("find folder", func() {
		at := fyne.CurrentApp().Driver().AbsolutePositionForObject(row)
		s.w.pickFolder("Go to", at, func(vm.SidebarRow) bool { return true }, func(r vm.SidebarRow) { s.w.open(r.Place) })
	}), nil)
	return row
}

// at returns the folder under a position of the canvas that takes messages.
func (s *sidePane) at(p fyne.Position) (vm.SidebarRow, *kit.FolderRow) {
	driver := fyne.CurrentApp().Driver()
	for i, f := range s.widgets {
		if f == nil || !s.shown[i].Takes {
			continue
		}
		q, size := driver.AbsolutePositionForObject(f), f.Size()
		if p.X >= q.X && p.Y >= q.Y && p.X < q.X+size.Width && p.Y < q.Y+size.Height {
			return s.shown[i], f
		}
	}
	return vm.SidebarRow{}, nil
}

// drop marks the folder that would take what is dragged.
func (s *sidePane) drop(target *kit.FolderRow) {
	for _, f := range s.widgets {
		if f != nil {
			f.SetDrop(f == target)
		}
	}
}

func (s *sidePane) menu(r vm.SidebarRow, at fyne.Position) {
	items := []kit.MenuItem{{Icon: "chevron-right", Text: "Open", Action: s.w.guarded("open folder", func() { s.w.open(r.Place) })}}
	if r.Folder != 0 {
		items = append(items, kit.MenuItem{Icon: "read", Text: "Mark all read", Action: s.w.guarded("mark all read", func() { s.w.actions.ReadAll(r.Folder) })})
	}
	if r.OnServer {
		items = append(items, s.keepItem(r, at))
	}
	items = append(items, s.folderItems(r, at)...)
	if r.Ledger && s.w.cfg.Views.Ledger != nil {
		items = append(items, kit.MenuItem{Icon: "cloud", Text: "What lies on the server", Action: s.w.guarded("ledger", func() { s.w.ShowLedger(r.Account) })})
	}
	kit.ShowMenu(s.w.window.Canvas(), items, at, nil)
}

// folderItems are what can be done with folders; those with a part of their own
// keep their names.
func (s *sidePane) folderItems(r vm.SidebarRow, at fyne.Position) []kit.MenuItem {
	if r.Folder == 0 || r.Role == localstore.RoleOutbox {
		return nil
	}
	a := s.w.actions
	ask := func(title, hint, value, yes string, done func(string)) func() {
		return s.w.guarded("folder name", func() {
			kit.ShowPrompt(s.w.window.Canvas(), title, hint, value, yes, at, guarded1(s.w, "folder", done))
		})
	}
	items := []kit.MenuItem{{}, {Icon: "plus", Text: "New folder…", Action: ask("New folder", "Name", "", "Create", func(name string) { a.NewFolder(r.Account, "", name) })}}
	if r.Role != localstore.RoleNone {
		return items
	}
	name := r.Path[strings.LastIndexByte(r.Path, '/')+1:]
	return append(items,
		kit.MenuItem{Icon: "folder", Text: "New folder in here…", Action: ask("New folder in “"+name+"”", "Name", "", "Create", func(n string) { a.NewFolder(r.Account, r.Path, n) })},
		kit.MenuItem{Icon: "draft", Text: "Rename…", Action: ask("Rename “"+name+"”", "Name", name, "Rename", func(n string) { a.RenameFolder(r.Folder, r.Path, n) })},
		kit.MenuItem{Icon: "trash", Text: "Delete folder…", Danger: true, Action: s.w.guarded("delete folder", func() { a.DeleteFolder(r.Folder, name) })})
}

func (s *sidePane) setCard(c vm.Condition) {
	ink := theme.Muted
	if c.Card.Warn {
		ink = theme.Warning
	}
	s.card.Set(c.Card.Icon, ink, c.Card.Title, c.Card.Line)
}

func (s *sidePane) cardMenu() {
	w, c := s.w, s.w.status.Condition()
	at := fyne.CurrentApp().Driver().AbsolutePositionForObject(s.card)
	items := []kit.MenuItem{
		{Icon: "refresh", Text: "Check for mail now", Shortcut: "F5", Disabled: c.WorkOffline, Action: w.guarded("check", w.status.Check)},
		{Icon: "cloud-off", Text: "Work offline", Disabled: c.Elsewhere, Checked: c.WorkOffline, Action: w.guarded("work offline", func() { w.status.WorkOffline(!c.WorkOffline) })},
	}
	if w.cfg.Views.Pack != nil && c.Accounts > 0 {
		items = append(items, kit.MenuItem{Icon: "download", Text: "Get ready to go offline…", Action: w.guarded("pack", w.showPack)},
			kit.MenuItem{Text: "Text only", Checked: c.TextOnly, Action: w.guarded("text only", func() { w.status.SetTextOnly(!c.TextOnly) })})
	}
	if w.journeys != nil && c.Accounts > 0 {
		items = append(items, kit.MenuItem{Icon: "clock", Text: "When you were offline…", Action: w.guarded("journeys", w.ShowJourneys)})
	}
	if w.cfg.Views.AddAccount != nil {
		items = append(items, kit.MenuItem{}, kit.MenuItem{Icon: "plus", Text: "Add an account…", Action: w.guarded("add account", w.addAccount)})
	}
	if w.cfg.Views.Settings != nil {
		items = append(items, kit.MenuItem{Icon: "settings", Text: "Accounts…", Action: w.guarded("accounts", func() { w.settings(0) })})
	}
	kit.ShowMenu(w.window.Canvas(), items, at.SubtractXY(0, 6), nil)
}

// key moves through the folders by keyboard.
func (s *sidePane) key(k *fyne.KeyEvent) {
	step := 0
	switch k.Name {
	case fyne.KeyDown:
		step = 1
	case fyne.KeyUp:
		step = -1
	case fyne.KeyReturn, fyne.KeyEnter, fyne.KeyRight:
		s.w.focusList()
		return
	default:
		s.w.key(k.Name, 0)
		return
	}
	at := -1
	for i, r := range s.shown {
		if r.Section == "" && r.Place == s.w.list.Place() {
			at = i
		}
	}
	for i := at + step; i >= 0 && i < len(s.shown); i += step {
		if s.shown[i].Section == "" {
			s.w.open(s.shown[i].Place)
			s.w.window.Canvas().Focus(s.keys)
			return
		}
	}
}

// keyBox takes the keyboard for what it holds.
type keyBox struct {
	widget.BaseWidget
	content fyne.CanvasObject
	key     func(*fyne.KeyEvent)
	changed func() // focused
	focused bool
}

func newKeyBox(content fyne.CanvasObject, key func(*fyne.KeyEvent), changed func()) *keyBox {
	b := &keyBox{content: content, key: key, changed: changed}
	b.ExtendBaseWidget(b)
	return b
}

// CreateRenderer implements fyne.Widget.
func (b *keyBox) CreateRenderer() fyne.WidgetRenderer { return widget.NewSimpleRenderer(b.content) }

// FocusGained implements fyne.Focusable.
func (b *keyBox) FocusGained() { b.focused = true; b.changed() }

// FocusLost implements fyne.Focusable.
func (b *keyBox) FocusLost() { b.focused = false; b.changed() }

// TypedRune implements fyne.Focusable.
func (b *keyBox) TypedRune(rune) {}

// TypedKey implements fyne.Focusable.
func (b *keyBox) TypedKey(k *fyne.KeyEvent) { b.key(k) }
