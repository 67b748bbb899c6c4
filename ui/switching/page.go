// Package switching is the page on which an account's mail comes to be kept in
// the other way: the two ways, what a change would find and do, how far it is,
// and its undo. Nothing changes before the plan has been seen.
package switching

import (
	"fmt"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"paquebot.app/localstore"
	"paquebot.app/ui/kit"
	"paquebot.app/ui/theme"
	"paquebot.app/ui/vm"
)

// width is as wide as the page grows.
const width float32 = 620

// Host is what the page needs of the window.
type Host interface {
	Env() *vm.Env
	Engine() vm.Engine
	Toast(text, action string, acted func())
	Follow(f func(vm.Changes))
	Guard(what string, f func())
	// Accounts opens the settings of an account.
	Accounts(account localstore.AccountID)
}

// Page is the page.
type Page struct {
	host   Host
	model  *vm.Switching
	object fyne.CanvasObject
	body   *fyne.Container
	scroll *container.Scroll
	closed func()

	drawn string // what the body was made for
	bar   *kit.Progress
	line  *kit.Paragraph
}

// New gives the page; Show fills it.
func New(h Host) *Page {
	p := &Page{host: h, model: vm.NewSwitching(h.Env(), h.Engine()), body: kit.VStack(18), closed: func() {}}
	p.model.Changed = func() { h.Guard("switch", p.update) }
	p.model.Refused = func(err error) { h.Toast(vm.Sentence(err), "", nil) }
	h.Follow(p.model.Follow)
	top := kit.HStack(8, kit.NewText("How this mail is kept", kit.Title), kit.Spring(),
		kit.NewIconButton("close", "Close (Esc)", p.guarded("close", func() { p.closed() })))
	p.scroll = container.NewVScroll(kit.Inset(24, 28, 24, 28, kit.Column(width, kit.VStack(18, top, p.body))))
	p.object = container.NewStack(kit.NewFill(theme.Reader, 0), p.scroll)
	return p
}

// Object is what stands in the reading pane's place.
func (p *Page) Object() fyne.CanvasObject { return p.object }

// Show shows an account, 0 ends what the page follows; closed closes it.
func (p *Page) Show(account localstore.AccountID, closed func()) {
	p.closed, p.drawn = closed, ""
	p.model.Show(account)
}

func (p *Page) guarded(what string, f func()) func() {
	return func() { p.host.Guard(what, f) }
}

// update shows the model; widgets are made anew only where others stand.
func (p *Page) update() {
	m := p.model
	if !m.Ready() {
		return
	}
	if now := p.stands(); now != p.drawn {
		p.drawn, p.bar, p.line = now, nil, nil
		p.body.RemoveAll()
		p.body.Add(kit.VStack(2, kit.NewShrinkText(m.Account().Address, kit.BodyStrong)))
		p.fill()
		p.scroll.ScrollToTop()
		p.body.Refresh()
		p.scroll.Refresh()
	}
	if p.bar != nil {
		done, words := m.Progress()
		p.bar.Set(done)
		p.line.SetText(words)
		p.scroll.Refresh()
	}
}

// stands is what the widgets depend on, but for numbers that move.
func (p *Page) stands() string {
	m := p.model
	local := 0
	for _, l := range m.LocalOnly() {
		local += len(l.Mails)
	}
	bytes, _ := m.ToFetch()
	return fmt.Sprint(m.Phase(), m.To(), m.Account().Mode, m.Paused(), m.Planned() != nil, bytes, local, m.Problem())
}

func (p *Page) fill() {
	switch p.model.Phase() {
	case vm.SwitchChoosing:
		p.ways()
		p.body.Add(p.buttons(kit.NewButton(kit.Primary, "", "See what would change", p.guarded("plan switch", p.model.Plan))))
	case vm.SwitchPlanning:
		p.ways()
		p.body.Add(kit.NewNote("The servers are asked what they hold…", kit.Small))
		p.body.Add(p.buttons(kit.NewButton(kit.Quiet, "", "Stop", p.guarded("leave", p.model.Leave))))
	case vm.SwitchPlanned:
		p.plan()
	case vm.SwitchUnderWay:
		p.underWay()
	case vm.SwitchDone:
		p.done()
	}
}

func (p *Page) buttons(all ...fyne.CanvasObject) fyne.CanvasObject {
	row := kit.HStack(8, all...)
	row.Add(kit.Spring())
	return row
}

// ways shows the two ways side by side, the present one marked.
func (p *Page) ways() {
	now := p.model.Account().Mode
	card := func(m localstore.Mode) fyne.CanvasObject {
		title, text, protocol := vm.ModeWords(m)
		edge, note := theme.Border, kit.NewText(protocol, kit.Caption)
		if m == now {
			edge, note = theme.Accent, kit.NewText("as it is now · "+protocol, kit.Caption.In(theme.Accent))
		}
		inside := kit.VStack(9, picture(m), kit.NewShrinkText(title, kit.BodyStrong), note, kit.NewNote(text, kit.Small))
		return kit.On(edge, theme.RadiusCard, kit.Inset(1.5, 1.5, 1.5, 1.5, kit.On(theme.Reader, theme.RadiusCard-1.5, kit.Inset(13, 13, 13, 14, inside))))
	}
	p.body.Add(container.NewGridWithColumns(2, card(localstore.POP), card(localstore.IMAP)))
}

// underWay shows a switch that is wanted.
func (p *Page) underWay() {
	m := p.model
	title, _, _ := vm.ModeWords(m.To())
	p.bar, p.line = kit.NewProgress(), kit.NewNote("", kit.Small)
	p.body.Add(kit.NewText("On the way to “"+title+"”", kit.Heading))
	p.body.Add(kit.VStack(8, p.bar, p.line))
	p.body.Add(kit.NewNote("You can go on reading and writing, close this page, and quit: it goes on where it was.", kit.Small))
	pause := kit.NewButton(kit.Quiet, "pause", "Pause", p.guarded("pause switch", func() { m.SetPaused(true) }))
	if m.Paused() {
		pause = kit.NewButton(kit.Primary, "play", "Go on", p.guarded("go on", func() { m.SetPaused(false) }))
	}
	p.body.Add(p.buttons(pause, kit.NewButton(kit.Quiet, "", "Leave it as it was", p.guarded("cancel switch", m.Cancel))))
}

// done shows what a switch has done, and the way back.
func (p *Page) done() {
	m := p.model
	p.body.Add(kit.HStack(10, kit.Sized(22, 22, kit.NewIcon("check", 20, theme.Success)), kit.NewShrinkText(m.DoneTitle(), kit.Heading), kit.Spring()))
	p.body.Add(kit.NewNote(m.DoneWords(), kit.Body))
	if m.To() == localstore.POP {
		p.body.Add(p.buttons(kit.NewButton(kit.Quiet, "cloud", "When mail leaves the server…", p.guarded("policy", func() { p.host.Accounts(m.Account().ID) }))))
	}
	p.localOnly()
	p.body.Add(kit.Hairline())
	title, _, _ := vm.ModeWords(m.Before())
	p.body.Add(kit.NewNote("Until "+m.UndoUntil()+" you can go back to “"+title+"”. What is here stays here, and comes no second time.", kit.Small))
	p.body.Add(p.buttons(kit.NewButton(kit.Quiet, "", "Undo the change", p.guarded("undo switch", m.Undo))))
}

// localOnly offers to put on the server what only this computer has.
func (p *Page) localOnly() {
	all := p.model.LocalOnly()
	if len(all) == 0 {
		return
	}
	rows := kit.VStack(6, kit.NewText("Only on this computer", kit.BodyStrong),
		kit.NewNote("This mail is safe here and marked in the lists. The server gets it only if you say so.", kit.Small))
	for _, l := range all {
		rows.Add(kit.HStack(10, kit.NewShrinkText(vm.FolderTitle(l.Folder), kit.Body), kit.NewText(fmt.Sprintf("%d", len(l.Mails)), kit.Small), kit.Spring(),
			kit.NewButton(kit.Plain, "upload", "Put on the server", p.guarded("upload", func() {
				p.model.Upload(l)
				p.host.Toast("It goes to the server with the next connection.", "", nil)
			}))))
	}
	p.body.Add(rows)
}
