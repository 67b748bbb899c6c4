package compose

import (
	"slices"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"paquebot.app/ui/editor"
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
	from        *kit.Text
	choose      *kit.IconButton
	to, cc, bcc *recipients
	subject     *kit.Entry
	text        *editor.Editor
	format      *format
	rows        map[vm.ComposeField]*row
	moreCc      *kit.Button
	moreBcc     *kit.Button
	note        *fyne.Container
	ask         *fyne.Container // the time it leaves, or where a link leads, while that is asked
	files       *fyne.Container
	filesBox    fyne.CanvasObject
	send        *kit.Button
	later       *kit.IconButton
	popup       *suggestions
	shownFiles  []vm.ComposeFile
	shownNote   string
	shownAsk    bool
	shownWeight string
	sign        *fyne.Container // the signature below the text
	signature   *kit.Paragraph

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
	p.format = newFormat(p)
	p.text = p.newText()
	p.files = kit.Flow(10)
	p.filesBox = kit.Inset(margin, 4, margin, 12, p.files)
	p.note, p.ask = container.NewStack(), container.NewStack()
	head := kit.VStack(0, bar, kit.Hairline(), p.head())
	p.signature = kit.NewNote("", kit.Small)
	p.sign = kit.Inset(margin, 6, margin-8, 12, container.NewBorder(nil, nil, nil,
		kit.VStack(0, kit.Sized(26, 26, kit.NewSmallIconButton("close", "Leave the signature out", p.guarded("signature", p.model.DropSignature)))), p.signature))
	foot := kit.VStack(0, p.sign, p.filesBox, p.note, p.ask, kit.Hairline(), p.tools())
	page := kit.VStack(0, head, kit.Grow(p.text), foot) // in the order of the Tab key
	p.object = container.NewStack(kit.NewFill(theme.Reader, 0), page, p.popup.layer)
}

// head makes the rows of the fields.
func (p *panel) head() fyne.CanvasObject {
	p.from = kit.NewShrinkText("", kit.Name)
	p.choose = kit.NewSmallIconButton("chevron-down", "Send from another address", p.guarded("from", p.chooseFrom))
	p.moreCc = kit.NewButton(kit.Plain, "", "Cc", p.guarded("cc", func() { p.reveal(vm.FieldCc) }))
	p.moreBcc = kit.NewButton(kit.Plain, "", "Bcc", p.guarded("bcc", func() { p.reveal(vm.FieldBcc) }))
	p.to, p.cc, p.bcc = p.addresses(vm.FieldTo, p.model.SetTo), p.addresses(vm.FieldCc, p.model.SetCc), p.addresses(vm.FieldBcc, p.model.SetBcc)
	p.subject = kit.NewEntry("")
	p.subject.OnChanged = func(s string) {
		p.desk.guard("subject", func() {
			p.model.SetSubject(s)
			p.title.SetText(p.model.Title())
		})
	}
	p.subject.OnSubmitted = func(string) { p.focus(p.text) }
	p.subject.OnKey = p.key
	p.rows[vm.FieldFrom] = newRow("From", kit.Inset(entryInset, 0, 0, 0, p.from), kit.Inset(0, 0, 8, 0, kit.Sized(26, 26, p.choose)))
	p.rows[vm.FieldTo] = newRow("To", p.to.object, kit.HStack(0, p.moreCc, p.moreBcc))
	p.rows[vm.FieldCc] = newRow("Cc", p.cc.object, nil)
	p.rows[vm.FieldBcc] = newRow("Bcc", p.bcc.object, nil)
	return kit.VStack(0, p.rows[vm.FieldFrom].object, p.rows[vm.FieldTo].object, p.rows[vm.FieldCc].object, p.rows[vm.FieldBcc].object,
		newRow("Subject", quietLine(p.subject), nil).object)
}

// addresses makes a field of addresses.
func (p *panel) addresses(field vm.ComposeField, set func(string)) *recipients {
	r := newRecipients(p.desk.guard, func(text string) {
		if p.filled {
			set(text)
			p.object.Refresh() // a row more or less of pills
		}
	})
	e, c := r.entry, complete(r, p.desk.model, p.popup)
	e.OnChanged = func(string) {
		if p.filled && !r.filling {
			p.desk.guard("addresses", func() {
				r.typed(false)
				c.typed()
			})
		}
	}
	e.OnKey = func(k *fyne.KeyEvent) bool {
		switch {
		case c.key(k):
		case k.Name == fyne.KeyBackspace && r.backspace():
		case k.Name == fyne.KeyTab, k.Name == fyne.KeyReturn, k.Name == fyne.KeyEnter:
			p.focus(p.after(r))
		default:
			return p.key(k)
		}
		return true
	}
	e.OnFocus = func(on bool) {
		if !on {
			p.desk.guard("addresses", func() {
				c.close()
				r.typed(true)
				p.model.CheckField(field)
			})
		}
	}
	return r
}

// after returns the field that is written after one of addresses.
func (p *panel) after(r *recipients) fyne.Focusable {
	switch {
	case r == p.to && p.rows[vm.FieldCc].object.Visible():
		return p.cc.entry
	case r != p.bcc && p.rows[vm.FieldBcc].object.Visible():
		return p.bcc.entry
	}
	return p.subject
}

// tools makes the bar at the foot.
func (p *panel) tools() fyne.CanvasObject {
	p.send = kit.NewButton(kit.Primary, "send", "Send", p.guarded("send", p.sendNow))
	p.send.SetTip("Send (Ctrl+Enter)")
	p.later = kit.NewIconButton("clock", "Send later", p.guarded("send later", p.sendLater))
	acts := kit.HStack(4,
		kit.NewIconButton("trash", "Discard", p.guarded("discard", p.model.Discard)),
		kit.NewIconButton("clip", "Attach a file", p.guarded("attach", p.chooseFile)), p.later, kit.Gap(4, 0), p.send)
	return kit.Inset(margin-8, 10, margin, 12, container.New(&foot{}, p.format.object, acts))
}

// fill puts the letter into the fields.
func (p *panel) fill() {
	w := p.model.Writing()
	p.to.set(w.To)
	p.cc.set(w.Cc)
	p.bcc.set(w.Bcc)
	p.subject.SetText(w.Subject)
	p.setText()
	p.rows[vm.FieldCc].show(w.Cc != "")
	p.rows[vm.FieldBcc].show(w.Bcc != "")
	p.filled = true
}

// update shows what changed besides the typed text.
func (p *panel) update() {
	p.title.SetText(p.model.Title())
	p.state.SetText(p.model.State())
	names, at := p.model.From()
	p.from.SetText("")
	if at >= 0 {
		p.from.SetText(names[at])
	}
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
	p.showSignature()
	p.showFiles()
	p.showNote()
	p.object.Refresh()
}

// lock keeps the fields still while the letter leaves.
func (p *panel) lock(on bool) {
	for _, e := range []fyne.Disableable{p.to.entry, p.cc.entry, p.bcc.entry, p.subject, p.text, p.send} {
		if e.Disabled() == on {
			continue
		}
		if on {
			e.Disable()
		} else {
			e.Enable()
		}
	}
	p.format.setDisabled(on)
}

func (p *panel) reveal(f vm.ComposeField) {
	p.rows[f].show(true)
	p.update()
	p.focus(map[vm.ComposeField]fyne.Focusable{vm.FieldCc: p.cc.entry, vm.FieldBcc: p.bcc.entry}[f])
}

// showNote shows what the writer should know or is asked.
func (p *panel) showNote() {
	note, ask, weight := p.model.Note(), p.model.Asking(), p.model.Weight()
	if note == p.shownNote && ask == p.shownAsk && weight == p.shownWeight {
		return
	}
	p.shownNote, p.shownAsk, p.shownWeight = note, ask, weight
	var banners []fyne.CanvasObject
	if ask {
		banners = append(banners, kit.NewBanner(kit.Warn, "You speak of an attachment, and none is here yet.", "Attach a file", p.guarded("attach", p.chooseFile), nil))
	}
	if weight != "" {
		banners = append(banners, kit.NewBanner(kit.Warn, weight, "", nil, nil))
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

// mostSigned is how many lines of a signature are shown; all of it goes out.
const mostSigned = 4

// showSignature shows what goes out below the letter.
func (p *panel) showSignature() {
	text := p.model.Signature()
	if p.sign.Hidden = text == ""; p.sign.Hidden {
		return
	}
	lines := strings.Split(text, "\n")
	if len(lines) > mostSigned {
		lines = append(lines[:mostSigned], "…")
	}
	p.signature.SetText(strings.Join(lines, "\n"))
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
