// Package ledger is the page of what lies in a POP maildrop: each mail, until
// when it lies there and why, with a button that keeps it there, and what left
// the server of late. It stands in the list's place; a mail that is chosen is
// shown beside it. Its cost depends on the rows in sight.
package ledger

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"paquebot.app/localstore"
	"paquebot.app/ui/kit"
	"paquebot.app/ui/msglist"
	"paquebot.app/ui/theme"
	"paquebot.app/ui/vm"
)

// Host is what the page needs of the window.
type Host interface {
	Env() *vm.Env
	Window() fyne.Window
	Toast(text, action string, acted func())
	Follow(f func(vm.Changes))
	Guard(what string, f func())
	// ReadMessage shows a message in the reading pane, whatever the list shows.
	ReadMessage(ids []localstore.MessageID)
	// HideLedger brings back the list.
	HideLedger()
	// Key does what a key stands for anywhere in the window.
	Key(name fyne.KeyName, mod fyne.KeyModifier) bool
}

// Page is the page.
type Page struct {
	host   Host
	object fyne.CanvasObject
	model  *vm.Ledger
	rows   *msglist.List
	note   *kit.Text
	total  *kit.Text
	line   *kit.Paragraph
	chips  [2]*kit.Chip
	empty  *fyne.Container
}

// New gives the page; Show fills it.
func New(h Host) *Page {
	p := &Page{host: h, model: vm.NewLedger(h.Env())}
	p.rows = msglist.New(source{p.model})
	p.rows.Need = p.model.Need
	p.rows.OnAction = func(row int) { h.Guard("keep", func() { p.model.Act(row) }) }
	p.rows.OnSelection = func() { h.Guard("selection", p.read) }
	p.rows.OnMenu = func(at fyne.Position) { h.Guard("menu", func() { p.menu(at) }) }
	p.rows.OnRune = func(r rune) bool {
		if r == 'p' {
			h.Guard("keep", p.toggle)
		}
		return r == 'p'
	}
	p.rows.OnKey = p.key
	p.model.Changed = func(apply func()) { h.Guard("ledger", func() { p.changed(apply) }) }
	p.model.Loaded = func() { h.Guard("ledger", p.rows.Changed) }
	p.model.Done = func(text string, undo func()) {
		h.Toast(text, "Undo", func() { h.Guard("undo", undo) })
	}
	p.model.Refused = func(err error) { h.Toast(vm.Sentence(err), "", nil) }
	h.Follow(p.model.Follow)
	p.build()
	return p
}

func (p *Page) build() {
	h := p.host
	p.note, p.total = kit.NewShrinkText("", kit.Small.In(theme.Faint)), kit.NewShrinkText("", kit.BodyMedium)
	p.line = kit.NewNote("", kit.Small)
	for i, name := range []string{"On the server", "Left the server"} {
		p.chips[i] = kit.NewChip(name, func() { h.Guard("ledger", func() { p.model.SetLeft(i == 1) }) })
	}
	p.empty = container.NewStack()
	p.empty.Hide()
	back := kit.NewSmallIconButton("chevron-left", "Back to the list (Esc)", func() { h.Guard("back", h.HideLedger) })
	head := kit.VStack(0,
		kit.Inset(10, 14, 16, 7, kit.HStack(4, back, kit.Grow(kit.VStack(1, kit.NewShrinkText("What lies on the server", kit.Heading), p.note)))),
		kit.Inset(19, 4, 16, 12, kit.VStack(3, p.total, p.line)),
		kit.Inset(14, 0, 14, 10, kit.HStack(8, p.chips[0], p.chips[1])))
	p.object = container.NewBorder(head, nil, nil, nil, container.NewStack(p.rows, p.empty))
	p.head()
}

// Object is what stands in the list's place.
func (p *Page) Object() fyne.CanvasObject { return p.object }

// Focus is what takes the keyboard.
func (p *Page) Focus() fyne.Focusable { return p.rows }

// Show shows the ledger of an account; 0 while the page is not in sight.
func (p *Page) Show(account localstore.AccountID) {
	p.model.Show(account)
	p.rows.SetSource(source{p.model})
}

// changed lets rows come and go.
func (p *Page) changed(apply func()) {
	left, ready := p.model.Left(), p.model.Ready()
	p.rows.Change(apply)
	if left != p.model.Left() || !ready {
		p.rows.SetSource(source{p.model})
	}
	titles := p.model.Groups()
	groups := make([]msglist.Group, len(titles))
	for i, t := range titles {
		groups[i] = msglist.Group(t)
	}
	p.rows.SetGroups(groups)
	p.rows.Changed()
	p.head()
}

// head shows the totals and which tab is open.
func (p *Page) head() {
	p.note.SetText(p.model.Account())
	p.total.SetText(p.model.Total())
	p.line.SetText(p.model.Outlook())
	for i, c := range p.chips {
		c.SetOn(p.model.Left() == (i == 1))
	}
	p.empty.RemoveAll()
	p.empty.Hidden = !p.model.Ready() || p.model.Len() > 0
	switch {
	case p.empty.Hidden:
	case p.model.Left():
		p.empty.Add(kit.Empty("check", "Nothing left the server yet", "The last 200 mails that leave it are listed here."))
	default:
		p.empty.Add(kit.Empty("check", "Nothing lies on the server", "All of this account’s mail is on this computer."))
	}
	p.object.Refresh()
}

// chosen are the rows that are selected.
func (p *Page) chosen() (rows []vm.LedgerRow) {
	p.rows.Selection().Each(func(i int) bool {
		if r, ok := p.model.Row(i); ok {
			rows = append(rows, r)
		}
		return true
	})
	return rows
}

// read shows what is selected in the reading pane.
func (p *Page) read() {
	var ids []localstore.MessageID
	for _, r := range p.chosen() {
		if r.Message != 0 {
			ids = append(ids, r.Message)
		}
	}
	p.host.ReadMessage(ids)
}

// keep keeps the selected mails on the server, or lets them go.
func (p *Page) keep(keep bool) {
	var ids []localstore.LocationID
	for _, id := range p.rows.SelectedIDs(0) {
		ids = append(ids, localstore.LocationID(id))
	}
	p.model.Keep(ids, keep)
}

// toggle keeps the selected mails, or lets them go where all are kept.
func (p *Page) toggle() {
	for _, r := range p.chosen() {
		if r.Action == vm.ActKeep {
			p.keep(true)
			return
		}
	}
	p.keep(false)
}

func (p *Page) menu(at fyne.Position) {
	can := map[string]bool{}
	for _, r := range p.chosen() {
		can[r.Action] = true
	}
	guarded := func(f func()) func() { return func() { p.host.Guard("keep", f) } }
	items := []kit.MenuItem{
		{Icon: "cloud", Text: "Keep on the server", Shortcut: "P", Disabled: !can[vm.ActKeep], Action: guarded(func() { p.keep(true) })},
		{Icon: "computer", Text: "Don’t keep on the server", Disabled: !can[vm.ActUnkeep], Action: guarded(func() { p.keep(false) })},
	}
	if i := p.rows.Cursor(); can[vm.ActFetch] && i >= 0 {
		items = append(items, kit.MenuItem{Icon: "download", Text: "Fetch", Action: guarded(func() { p.model.Act(i) })})
	}
	kit.ShowMenu(p.host.Window().Canvas(), items, at, nil)
}

func (p *Page) key(name fyne.KeyName, mod fyne.KeyModifier) (used bool) {
	p.host.Guard("key", func() {
		switch name {
		case fyne.KeyEscape:
			p.host.HideLedger()
			used = true
		case fyne.KeyDelete, fyne.KeyBackspace: // not by a slip: here one looks at the server
			used = true
		default:
			used = p.host.Key(name, mod)
		}
	})
	return used
}
