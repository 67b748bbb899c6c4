// Package journey is the page that tells what happened when the network was
// back: what was sent, what came, what was carried to the server, and what is
// left to be decided. It stands in the reading pane's place.
package journey

import (
	"fmt"
	"slices"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"paquebot.app/internal/journey"
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
	Toast(text, action string, acted func())
	Follow(f func(vm.Changes))
	Guard(what string, f func())
	// ShowJourneys opens the page.
	ShowJourneys()
	// SaveText asks where a text is saved, under a name to begin with.
	SaveText(name, text string)
}

// Page is the page.
type Page struct {
	host   Host
	model  *vm.Journeys
	object fyne.CanvasObject
	body   *fyne.Container
	scroll *container.Scroll
	older  *kit.IconButton
	newer  *kit.IconButton
	keep   *kit.IconButton
	closed func()
	drawn  string
}

// New gives the page, which follows the store from now on: a report that comes
// is told. desk opens letters to be written on.
func New(h Host, desk *vm.Desk) *Page {
	p := &Page{host: h, model: vm.NewJourneys(h.Env(), desk), body: kit.VStack(16), closed: func() {}}
	p.model.Changed = func() { h.Guard("journeys", p.update) }
	p.model.Came = func(headline string) {
		h.Toast("Back online. "+headline, "Report", func() { h.Guard("journeys", h.ShowJourneys) })
	}
	p.model.Refused = func(err error) { h.Toast(vm.Sentence(err), "", nil) }
	h.Follow(p.model.Follow)
	p.older = kit.NewIconButton("chevron-left", "Older report", p.guarded("older", func() { p.model.Older() }))
	p.newer = kit.NewIconButton("chevron-right", "Newer report", p.guarded("newer", func() { p.model.Newer() }))
	p.keep = kit.NewIconButton("download", "Save this report", p.guarded("save report", p.save))
	top := kit.HStack(4, kit.NewText("Back online", kit.Title), kit.Spring(), p.older, p.newer, p.keep,
		kit.NewIconButton("close", "Close (Esc)", p.guarded("close", func() { p.closed() })))
	p.scroll = container.NewVScroll(kit.Inset(24, 28, 24, 28, kit.Column(width, kit.VStack(14, top, p.body))))
	p.object = container.NewStack(kit.NewFill(theme.Reader, 0), p.scroll)
	p.model.Load()
	return p
}

// Object is what stands in the reading pane's place.
func (p *Page) Object() fyne.CanvasObject { return p.object }

// Show follows what a report asks while the page is in sight; closed ends it.
func (p *Page) Show(on bool, closed func()) {
	p.closed = closed
	p.model.Show(on)
}

func (p *Page) guarded(what string, f func()) func() {
	return func() { p.host.Guard(what, f) }
}

func (p *Page) save() {
	if r := p.model.Page(); r != nil {
		p.host.SaveText("Journey of "+r.Since.Format("2006-01-02")+".txt", p.model.Text())
	}
}

// update shows the model.
func (p *Page) update() {
	if !p.model.Ready() {
		return
	}
	p.older.Hidden, p.newer.Hidden = !p.model.HasOlder(), !p.model.HasNewer()
	r := p.model.Page()
	p.keep.Hidden = r == nil
	now := "none"
	if r != nil {
		now = fmt.Sprint(r.ID)
		for i := range r.Conflicts {
			now += fmt.Sprint(" ", r.Left(i))
		}
	}
	if now == p.drawn {
		return
	}
	p.drawn = now
	p.body.RemoveAll()
	if r == nil {
		p.body.Add(kit.NewNote("When you were offline for a while and the network is back, it stands here what was sent, what came, and what is left to be decided.", kit.Body))
	} else {
		p.report(r)
	}
	p.body.Refresh()
	p.scroll.ScrollToTop()
}

func (p *Page) report(r *vm.JourneyPage) {
	p.body.Add(kit.VStack(4, kit.NewNote(r.Headline(), kit.Heading), kit.NewNote(r.Account+" · "+p.model.Spell(), kit.Small)))
	waiting, asked := split(r)
	p.conflicts(r, asked)
	p.letters("Sent", "send", r.Sent)
	p.letters("Still here", "clock", waiting)
	var lines []string
	for _, f := range r.Received {
		line := fmt.Sprintf("%s: %d", vm.PathTitle(f.Path), f.New)
		if f.Unread > 0 {
			line += fmt.Sprintf(", %d unread", f.Unread)
		}
		lines = append(lines, line)
	}
	p.lines("Received", "inbox", lines)
	lines = nil
	for _, a := range r.Applied {
		lines = append(lines, journey.Deeds(a))
	}
	p.lines("Carried to the server", "check", lines)
}

// section heads a part of the report.
func (p *Page) section(title, icon string) {
	p.body.Add(kit.Inset(0, 6, 0, 0, kit.HStack(9, kit.Sized(18, 18, kit.NewIcon(icon, 17, theme.Accent)), kit.NewShrinkText(title, kit.BodyStrong), kit.Spring())))
}

func (p *Page) lines(title, icon string, lines []string) {
	if len(lines) == 0 {
		return
	}
	p.section(title, icon)
	for _, line := range lines {
		p.body.Add(kit.Inset(27, 0, 0, 0, kit.NewNote(line, kit.Body)))
	}
}

func (p *Page) letters(title, icon string, letters []localstore.JourneyLetter) {
	if len(letters) == 0 {
		return
	}
	p.section(title, icon)
	for _, l := range letters {
		p.body.Add(kit.Inset(27, 0, 0, 0, letterBox(l)))
	}
}

// letterBox shows a letter as it stood.
func letterBox(l localstore.JourneyLetter) *fyne.Container {
	name := l.Subject
	if name == "" {
		name = "No subject"
	}
	var people []string
	for _, r := range l.Recipients {
		people = append(people, r.Address)
	}
	box := kit.VStack(2, kit.NewShrinkText(name, kit.Body), kit.NewShrinkText(strings.Join(people, ", "), kit.Small))
	if ids := journey.QueueIDs(l); len(ids) > 0 {
		box.Add(kit.NewShrinkText("The server has it as "+strings.Join(ids, ", "), kit.Caption))
	}
	if why := journey.Reason(l); why != "" && l.State != localstore.OutFiled && l.State != localstore.OutSent {
		box.Add(kit.NewNote(why, kit.Small))
	}
	return box
}

// split parts the letters that wait from those that a conflict is about.
func split(r *vm.JourneyPage) (waiting []localstore.JourneyLetter, asked map[localstore.OutboxID]localstore.JourneyLetter) {
	asked = map[localstore.OutboxID]localstore.JourneyLetter{}
	for _, l := range r.Waiting {
		if slices.ContainsFunc(r.Conflicts, func(c localstore.JourneyConflict) bool { return c.Letter == l.Letter }) {
			asked[l.Letter] = l
		} else {
			waiting = append(waiting, l)
		}
	}
	return waiting, asked
}

// conflicts shows what did not go as it was meant, with the choices that are
// still open.
func (p *Page) conflicts(r *vm.JourneyPage, asked map[localstore.OutboxID]localstore.JourneyLetter) {
	if len(r.Conflicts) == 0 {
		return
	}
	p.section("To know and to decide", "warning")
	for i, c := range r.Conflicts {
		box := kit.VStack(6)
		if l, ok := asked[c.Letter]; ok {
			box.Add(letterBox(l))
		} else {
			box.Add(kit.NewNote(c.Text, kit.Body))
		}
		if left := r.Left(i); len(left) > 0 {
			row := kit.Flow(8)
			for _, choice := range left {
				row.Add(kit.NewButton(kit.Quiet, "", journey.Choice(choice), p.guarded("answer", func() { p.model.Choose(i, choice) })))
			}
			box.Add(row)
		} else if len(c.Choices) > 0 {
			box.Add(kit.NewText("This is settled.", kit.Small.In(theme.Success)))
		}
		p.body.Add(kit.Inset(27, 0, 0, 0, box))
	}
}
