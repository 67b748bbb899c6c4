// Package pack is the page that makes the mail ready for a time without a
// network: what is to be fetched, what that costs, how far it is, and at the end
// what can be read and what cannot, and why. It also holds the switch for thin
// lines and the byte meter. It stands in the reading pane's place.
package pack

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
const width float32 = 560

// Host is what the page needs of the window.
type Host interface {
	Env() *vm.Env
	Engine() vm.Engine
	Toast(text, action string, acted func())
	Follow(f func(vm.Changes))
	Guard(what string, f func())
	Online() bool
	// ReadMessage shows messages in the reading pane.
	ReadMessage(ids []localstore.MessageID)
}

// Page is the page.
type Page struct {
	host   Host
	model  *vm.Pack
	object fyne.CanvasObject
	closed func()
	scroll *container.Scroll
	body   *fyne.Container // of the phase
	foot   *fyne.Container // the switch and the meter

	drawn   string // what the body was made for
	metered string // what the foot was made for
	choice  *choice
	title   *kit.Text
	line    *kit.Paragraph
	bar     *kit.Progress
	begin   *kit.Button
}

// New gives the page; Show fills it.
func New(h Host) *Page {
	p := &Page{host: h, model: vm.NewPack(h.Env(), h.Engine()), body: kit.VStack(18), foot: kit.VStack(18), closed: func() {}}
	p.model.Changed = func() { h.Guard("pack", p.update) }
	p.model.Refused = func(err error) { h.Toast(vm.Sentence(err), "", nil) }
	h.Follow(p.model.Follow)
	top := kit.HStack(8, kit.NewText("Ready to go offline", kit.Title), kit.Spring(),
		kit.NewIconButton("close", "Close (Esc)", p.guarded("close", func() { p.closed() })))
	p.scroll = container.NewVScroll(kit.Inset(24, 28, 24, 28, kit.Column(width, kit.VStack(18, top, p.body, kit.Gap(1, 2), kit.Hairline(), p.foot))))
	p.object = container.NewStack(kit.NewFill(theme.Reader, 0), p.scroll)
	return p
}

// Object is what stands in the reading pane's place.
func (p *Page) Object() fyne.CanvasObject { return p.object }

// Show follows the store while the page is in sight; closed ends it.
func (p *Page) Show(on bool, closed func()) {
	p.closed = closed
	p.drawn = ""
	p.model.Show(on)
}

func (p *Page) guarded(what string, f func()) func() {
	return func() { p.host.Guard(what, f) }
}

// update shows the model; widgets are made anew only where others stand.
func (p *Page) update() {
	if !p.model.Ready() {
		return
	}
	if want := p.looks(); want != p.drawn {
		p.drawn = want
		p.body.RemoveAll()
		switch p.model.Phase() {
		case vm.PackRunning:
			p.body.Add(p.running())
		case vm.PackDone:
			p.receipt()
		default:
			p.choose()
		}
		p.scroll.ScrollToTop()
	}
	switch p.model.Phase() {
	case vm.PackRunning:
		done, title, line := p.model.Progress(p.host.Online())
		p.bar.Set(done)
		p.title.SetText(title)
		p.line.SetText(line)
	case vm.PackChoosing:
		title, line := p.model.Estimate()
		p.title.SetText(title)
		p.line.SetText(line)
		p.begin.Hidden = p.model.Empty()
		p.choice.update()
	}
	p.updateFoot()
	p.body.Refresh()
	p.object.Refresh()
}

// looks names what the body is made for.
func (p *Page) looks() string {
	phase := p.model.Phase()
	what := fmt.Sprint(phase, len(p.model.Accounts()))
	switch phase {
	case vm.PackDone:
		_, title, line := p.model.Receipt()
		what += title + line
	case vm.PackChoosing:
		what += fmt.Sprint(p.model.Input().Scope, p.model.Input().Account, len(p.model.Folders()))
	}
	return what
}

// box is a quiet ground for what matters most on the page.
func box(o fyne.CanvasObject) fyne.CanvasObject {
	return kit.On(theme.Card, theme.RadiusCard, kit.Inset(18, 16, 18, 16, o))
}

// choose draws the choices and what they cost.
func (p *Page) choose() {
	p.choice = newChoice(p)
	p.title, p.line = kit.NewText("", kit.BodyStrong), kit.NewNote("", kit.Small)
	p.begin = kit.NewButton(kit.Primary, "download", "Fetch it now", p.guarded("begin pack", p.model.Begin))
	p.body.Add(kit.NewParagraph("Choose what you want to read without a network.", kit.Body.In(theme.Muted)))
	p.body.Add(p.choice.object)
	p.body.Add(box(kit.VStack(14, kit.VStack(4, p.title, p.line), kit.HStack(8, p.begin, kit.Spring()))))
}

// running draws how far it is.
func (p *Page) running() fyne.CanvasObject {
	p.title, p.line, p.bar = kit.NewText("", kit.BodyStrong), kit.NewNote("", kit.Small), kit.NewProgress()
	stop := kit.NewButton(kit.Plain, "", "Stop here", p.guarded("end pack", p.model.Cancel))
	return box(kit.HStack(16, kit.Grow(kit.VStack(12, p.title, p.bar, p.line)), stop))
}
