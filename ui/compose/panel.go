package compose

import (
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"paquebot.app/ui/kit"
	"paquebot.app/ui/theme"
	"paquebot.app/ui/vm"
)

// panel is a letter being written, in the reading pane's place.
type panel struct {
	desk  *Desk
	model *vm.Composer

	object      fyne.CanvasObject
	title       *kit.Text
	state       *kit.Text
	from        *kit.Select
	to, cc, bcc *addressEntry
	subject     *kit.Entry
	text        *kit.Entry
	rows        map[vm.ComposeField]*row
	moreCc      *kit.Button
	moreBcc     *kit.Button
	note        *fyne.Container
	files       *fyne.Container
	filesBox    fyne.CanvasObject
	quote       *quote
	paper       *fyne.Container // text and quote, sharing the room
	send        *kit.Button
	later       *kit.IconButton
	popup       *suggestions
	shownFiles  []vm.ComposeFile
	shownNote   string
	shownAsk    bool

	close  func() // takes it out of sight; nil while it is
	bound  []fyne.Shortcut
	filled bool
}

func newPanel(d *Desk, c *vm.Composer) *panel {
	p := &panel{desk: d, model: c, rows: map[vm.ComposeField]*row{}}
	p.build()
	p.fill()
	c.Changed = func() { d.guard("letter", p.update) }
	c.Closed = func() { d.guard("close letter", p.gone) }
	p.update()
	return p
}

func (p *panel) guarded(what string, f func()) func() {
	return func() { p.desk.guard(what, f) }
}

// build makes the widgets.
func (p *panel) build() {
	p.popup = newSuggestions()
	p.title, p.state = kit.NewShrinkText("", kit.BodyStrong), kit.NewText("", kit.Caption)
	bar := kit.Sized(0, theme.ToolHeight, kit.Inset(margin, 8, 14, 8, kit.HStack(10, p.title, kit.Spring(), p.state,
		kit.NewIconButton("close", "Close and keep the draft (Esc)", p.guarded("close", p.model.Close)))))
	p.text = kit.NewTextArea("")
	p.text.OnChanged = func(s string) { p.desk.guard("text", func() { p.model.SetText(s) }) }
	p.text.OnKey = p.key
	p.files = kit.Flow(10)
	p.filesBox = kit.Inset(margin, 4, margin, 12, p.files)
	p.note = container.NewStack()
	p.quote = newQuote(p.model, p.desk.guard, p.share)
	p.paper = container.NewStack()
	p.share()
	head := kit.VStack(0, bar, kit.Hairline(), p.head())
	foot := kit.VStack(0, p.filesBox, p.note, kit.Hairline(), p.tools())
	page := container.NewBorder(head, foot, nil, nil, p.paper)
	p.object = container.NewStack(kit.NewFill(theme.Reader, 0), page, p.popup.layer)
}

// share divides the room between the text and an unfolded quote.
func (p *panel) share() {
	text := kit.Inset(margin-entryInset, 8, margin-entryInset-4, 4, quietly(p.text, theme.SizeReading))
	below := kit.Inset(margin, 4, margin, 12, p.quote.object)
	if p.quote.open && p.quote.object.Visible() {
		p.paper.Objects = []fyne.CanvasObject{container.NewGridWithRows(2, text, p.unfolded())}
	} else {
		p.paper.Objects = []fyne.CanvasObject{container.NewBorder(nil, below, nil, nil, text)}
	}
	p.paper.Refresh()
}

func (p *panel) unfolded() fyne.CanvasObject {
	q := p.quote
	return kit.Inset(margin, 4, margin, 12, container.NewBorder(kit.Inset(0, 0, 0, 8, kit.HStack(6, q.pill, q.remove, kit.Spring())), nil, nil, nil, q.body))
}

// head makes the rows of the fields.
func (p *panel) head() fyne.CanvasObject {
	p.from = kit.NewSelect(nil, -1, func(i int) { p.desk.guard("from", func() { p.model.SetFrom(i) }) })
	p.moreCc = kit.NewButton(kit.Plain, "", "Cc", p.guarded("cc", func() { p.reveal(vm.FieldCc) }))
	p.moreBcc = kit.NewButton(kit.Plain, "", "Bcc", p.guarded("bcc", func() { p.reveal(vm.FieldBcc) }))
	p.to = p.addresses(vm.FieldTo, p.model.SetTo)
	p.cc = p.addresses(vm.FieldCc, p.model.SetCc)
	p.bcc = p.addresses(vm.FieldBcc, p.model.SetBcc)
	p.subject = kit.NewEntry("")
	p.subject.OnChanged = func(s string) {
		p.desk.guard("subject", func() {
			p.model.SetSubject(s)
			p.title.SetText(p.model.Title())
		})
	}
	p.subject.OnSubmitted = func(string) { p.focus(p.text) }
	p.subject.OnKey = p.key
	p.rows[vm.FieldFrom] = newRow("From", kit.Inset(entryInset-8, 0, 0, 0, p.from), nil)
	p.rows[vm.FieldTo] = newRow("To", quietly(p.to, 14), kit.HStack(0, p.moreCc, p.moreBcc))
	p.rows[vm.FieldCc] = newRow("Cc", quietly(p.cc, 14), nil)
	p.rows[vm.FieldBcc] = newRow("Bcc", quietly(p.bcc, 14), nil)
	return kit.VStack(0, p.rows[vm.FieldFrom].object, p.rows[vm.FieldTo].object, p.rows[vm.FieldCc].object, p.rows[vm.FieldBcc].object,
		newRow("Subject", quietly(p.subject, 14), nil).object)
}

func (p *panel) addresses(field vm.ComposeField, set func(string)) *addressEntry {
	e := newAddressEntry()
	c := complete(e, p.desk.model, p.popup)
	e.OnChanged = func(s string) {
		p.desk.guard("addresses", func() {
			set(s)
			if p.filled {
				c.typed(s)
			}
		})
	}
	e.OnKey = func(k *fyne.KeyEvent) bool { return c.key(k) || p.key(k) }
	e.OnFocus = func(on bool) {
		if !on {
			p.desk.guard("addresses", func() { c.close(); p.model.CheckField(field) })
		}
	}
	return e
}

// tools makes the bar at the foot.
func (p *panel) tools() fyne.CanvasObject {
	p.send = kit.NewButton(kit.Primary, "send", "Send", p.guarded("send", p.model.Send))
	p.send.SetTip("Send (Ctrl+Enter)")
	p.later = kit.NewIconButton("clock", "Send later", p.guarded("send later", p.sendLater))
	return kit.Inset(margin-8, 10, margin, 12, kit.HStack(4,
		kit.NewIconButton("clip", "Attach a file", p.guarded("attach", p.chooseFile)), p.later,
		kit.NewIconButton("trash", "Discard", p.guarded("discard", p.model.Discard)),
		kit.Spring(), p.send))
}

// fill puts the letter into the fields.
func (p *panel) fill() {
	w := p.model.Writing()
	p.to.SetText(w.To)
	p.cc.SetText(w.Cc)
	p.bcc.SetText(w.Bcc)
	p.subject.SetText(w.Subject)
	p.text.SetText(w.Text)
	p.rows[vm.FieldCc].show(w.Cc != "")
	p.rows[vm.FieldBcc].show(w.Bcc != "")
	p.filled = true
}

// update shows what changed besides the typed text.
func (p *panel) update() {
	p.title.SetText(p.model.Title())
	p.state.SetText(p.model.State())
	names, at := p.model.From()
	p.from.SetOptions(names, at)
	p.rows[vm.FieldFrom].show(len(names) != 1 || p.model.Problem(vm.FieldFrom) != "")
	for f, r := range p.rows {
		problem := p.model.Problem(f)
		r.setProblem(problem)
		if problem != "" {
			r.show(true)
		}
	}
	p.moreCc.Hidden = p.rows[vm.FieldCc].object.Visible()
	p.moreBcc.Hidden = p.rows[vm.FieldBcc].object.Visible()
	p.send.SetText(p.model.SendLabel())
	p.lock(p.model.Busy())
	p.quote.update()
	p.showFiles()
	p.showNote()
	p.share()
	p.object.Refresh()
}

// lock keeps the fields still while the letter leaves.
func (p *panel) lock(on bool) {
	for _, e := range []fyne.Disableable{p.to, p.cc, p.bcc, p.subject, p.text, p.send} {
		if e.Disabled() == on {
			continue
		}
		if on {
			e.Disable()
		} else {
			e.Enable()
		}
	}
}

func (p *panel) reveal(f vm.ComposeField) {
	p.rows[f].show(true)
	p.update()
	p.focus(map[vm.ComposeField]fyne.Focusable{vm.FieldCc: p.cc, vm.FieldBcc: p.bcc}[f])
}

// showNote shows what the writer should know or is asked.
func (p *panel) showNote() {
	note, ask := p.model.Note(), p.model.Asking()
	if note == p.shownNote && ask == p.shownAsk {
		return
	}
	p.shownNote, p.shownAsk = note, ask
	var banners []fyne.CanvasObject
	if ask {
		banners = append(banners, kit.NewBanner(kit.Warn, "You speak of an attachment, and none is here yet.", "Attach a file", p.guarded("attach", p.chooseFile), nil))
	}
	if note != "" {
		banners = append(banners, kit.NewBanner(kit.Info, note, "", nil, p.guarded("note", p.model.DropNote)))
	}
	p.note.RemoveAll()
	if len(banners) > 0 {
		p.note.Add(kit.Inset(margin-8, 0, margin-8, 10, kit.VStack(6, banners...)))
	}
	p.note.Refresh()
}

// showFiles shows the attachments.
func (p *panel) showFiles() {
	files := p.model.Files()
	p.filesBox.(*fyne.Container).Hidden = len(files) == 0
	if slices.Equal(files, p.shownFiles) {
		return
	}
	p.shownFiles = files
	p.files.RemoveAll()
	for i, f := range files {
		remove := p.guarded("remove file", func() { p.model.RemoveFile(i) })
		card := kit.NewAttachment(f.Icon, f.Name, f.Note, nil, func(at fyne.Position) {
			p.desk.guard("menu", func() {
				kit.ShowMenu(p.desk.host.Window().Canvas(), []kit.MenuItem{{Icon: "close", Text: "Remove", Action: remove}}, at, nil)
			})
		})
		p.files.Add(container.NewStack(card, container.NewBorder(nil, nil, nil,
			kit.Inset(0, 0, 6, 0, kit.Sized(26, 26, kit.NewSmallIconButton("close", "Remove", remove))))))
	}
	p.files.Refresh()
}
