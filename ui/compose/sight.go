package compose

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/dialog"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/storage"

	"paquebot.app/ui/kit"
	"paquebot.app/ui/vm"
)

// show brings the panel into sight and gives it the keyboard.
func (p *panel) show() {
	if p.close == nil {
		p.close = p.desk.host.OpenPanel(p.object, p.guarded("panel", p.hidden))
		p.bind()
	}
	w := p.model.Writing()
	switch {
	case p.model.Reply() || w.To != "" && w.Subject != "":
		p.focus(p.text)
	case w.To != "":
		p.focus(p.subject)
	default:
		p.focus(p.to.entry)
	}
}

func (p *panel) focus(f fyne.Focusable) { p.desk.host.Window().Canvas().Focus(f) }

// hidden is called when something else came into its place: the letter is put
// aside.
func (p *panel) hidden() {
	p.unbind()
	p.close = nil
	p.model.Close()
	if note := p.model.Note(); p.desk.panels[p.model] != nil && p.model.State() != "" && note != "" {
		p.desk.host.Notice(note, "Show the letter", p.guarded("show letter", p.show))
	}
}

// gone is called when the letter was queued, put aside or thrown away.
func (p *panel) gone() {
	delete(p.desk.panels, p.model)
	p.popup.hide()
	if end := p.close; end != nil {
		end()
	}
}

// bind gives the panel its shortcuts and what is dropped on the window.
func (p *panel) bind() {
	c := p.desk.host.Window().Canvas()
	add := func(k fyne.KeyName, f func()) {
		s := &desktop.CustomShortcut{KeyName: k, Modifier: fyne.KeyModifierShortcutDefault}
		c.AddShortcut(s, func(fyne.Shortcut) { p.desk.guard("shortcut", f) })
		p.bound = append(p.bound, s)
	}
	add(fyne.KeyReturn, p.sendNow)
	add(fyne.KeyEnter, p.sendNow)
	add(fyne.KeyS, p.model.Save)
	p.desk.host.Window().SetOnDropped(p.dropped)
}

// dropped takes files that were dropped on the window: pictures into the text
// where they were dropped on it, all else as attachments.
func (p *panel) dropped(at fyne.Position, uris []fyne.URI) {
	p.desk.guard("drop", func() {
		var paths []string
		for _, u := range uris {
			if u.Scheme() == "file" {
				paths = append(paths, u.Path())
			}
		}
		p.take(paths, p.over(at))
	})
}

func (p *panel) unbind() {
	w := p.desk.host.Window()
	for _, s := range p.bound {
		w.Canvas().RemoveShortcut(s)
	}
	p.bound = nil
	w.SetOnDropped(nil)
}

// sendNow sends, or gives the keyboard to the field that is wrong.
func (p *panel) sendNow() {
	p.model.Send()
	for _, e := range []struct {
		field vm.ComposeField
		to    *recipients
	}{{vm.FieldTo, p.to}, {vm.FieldCc, p.cc}, {vm.FieldBcc, p.bcc}} {
		if p.model.Problem(e.field) != "" {
			p.focus(e.to.entry)
			return
		}
	}
}

// key handles what every field of the panel understands.
func (p *panel) key(k *fyne.KeyEvent) bool {
	switch k.Name {
	case fyne.KeyEscape:
		p.desk.guard("close", p.model.Close)
	case fyne.KeyF6:
		p.desk.guard("next pane", p.desk.host.NextPane)
	default:
		return false
	}
	return true
}

// chooseFile asks for a file to attach.
func (p *panel) chooseFile() {
	p.choosePath("Attach a file", "Attach", nil, func(path string) { p.model.Attach(path) })
}

// choosePicture asks for a picture to put into the text.
func (p *panel) choosePicture() {
	p.choosePath("A picture for the text", "Insert", storage.NewExtensionFileFilter([]string{".png", ".jpg", ".jpeg", ".gif", ".webp", ".PNG", ".JPG", ".JPEG"}), p.picture)
}

// choosePath asks for a file.
func (p *panel) choosePath(title, confirm string, filter storage.FileFilter, chosen func(path string)) {
	d := dialog.NewFileOpen(func(r fyne.URIReadCloser, err error) {
		p.focus(p.text)
		if r == nil {
			return
		}
		r.Close()
		if err == nil && r.URI().Scheme() == "file" {
			p.desk.guard("file", func() { chosen(r.URI().Path()) })
		}
	}, p.desk.host.Window())
	size := p.desk.host.Window().Canvas().Size()
	d.SetTitleText(title)
	d.SetConfirmText(confirm)
	d.SetView(dialog.ListView)
	if filter != nil {
		d.SetFilter(filter)
	}
	d.Show() // it has no size before
	d.Resize(fyne.NewSize(min(860, size.Width-80), min(600, size.Height-80)))
}

// sendLater offers times to send at.
func (p *panel) sendLater() {
	var items []kit.MenuItem
	for _, l := range p.model.LaterChoices() {
		items = append(items, kit.MenuItem{Icon: "clock", Text: l.Label, Action: p.guarded("send later", func() { p.model.SendLater(l.At) })})
	}
	items = append(items, kit.MenuItem{}, kit.MenuItem{Icon: "calendar", Text: "Another day and time…", Action: p.guarded("send later", p.chooseWhen)})
	at := fyne.CurrentApp().Driver().AbsolutePositionForObject(p.later)
	kit.ShowMenu(p.desk.host.Window().Canvas(), items, at.AddXY(0, -8-float32(len(items))*32), nil)
}

// chooseFrom offers the accounts to send from.
func (p *panel) chooseFrom() {
	names, chosen := p.model.From()
	var items []kit.MenuItem
	for i, name := range names {
		items = append(items, kit.MenuItem{Text: name, Checked: i == chosen, Action: p.guarded("from", func() { p.model.SetFrom(i) })})
	}
	at := fyne.CurrentApp().Driver().AbsolutePositionForObject(p.from)
	kit.ShowMenu(p.desk.host.Window().Canvas(), items, at.AddXY(0, 34), nil)
}
