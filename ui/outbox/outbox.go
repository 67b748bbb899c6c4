// Package outbox is the view of the letters on their way: where each stands,
// in words, and what can be done about it. It never says that a letter failed
// because there is no network.
package outbox

import (
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"paquebot.app/localstore"
	"paquebot.app/ui/kit"
	"paquebot.app/ui/theme"
	"paquebot.app/ui/vm"
)

// Host is what the view needs of the window.
type Host interface {
	Env() *vm.Env
	Toast(text, action string, acted func())
	Follow(f func(vm.Changes))
	Guard(what string, f func())
	// ShowMessage shows a message of the folder that is chosen.
	ShowMessage(id localstore.MessageID)
	// ShowRole shows an account's folder of a role.
	ShowRole(account localstore.AccountID, role localstore.Role)
}

// view is the list of letters.
type view struct {
	host   Host
	object fyne.CanvasObject
	model  *vm.Outbox
	note   *kit.Text
	list   *fyne.Container
	empty  fyne.CanvasObject
	shown  []vm.OutboxRow
	rows   []*letterRow        // of shown
	open   localstore.OutboxID // whose letter was shown last
	drawn  bool
}

// New gives the view; desk opens letters that are edited.
func New(h Host, desk *vm.Desk) fyne.CanvasObject { return newView(h, desk).object }

func newView(h Host, desk *vm.Desk) *view {
	v := &view{host: h, model: vm.NewOutbox(h.Env(), desk), note: kit.NewText("", kit.Small.In(theme.Faint)), list: kit.VStack(0)}
	v.empty = kit.Empty("outbox", "Nothing waits", "Letters you send without a network wait here. They leave by themselves when there is one.")
	v.model.Changed = func() { h.Guard("outbox", v.update) }
	v.model.Said = func(text string) { h.Toast(text, "", nil) }
	v.model.Refused = func(err error) { h.Toast(vm.Sentence(err), "", nil) }
	changed := desk.StatusChanged
	desk.StatusChanged = func() {
		changed()
		h.Guard("outbox", v.update)
	}
	h.Follow(v.model.Follow)
	v.model.Show(0)
	v.empty.Hide()
	head := kit.Inset(19, 14, 16, 12, kit.HStack(10, kit.NewText("Outbox", kit.Heading), kit.VStack(0, kit.Gap(1, 4), v.note), kit.Spring()))
	v.object = container.NewBorder(head, nil, nil, nil, container.NewStack(container.NewVScroll(kit.Inset(theme.Gutter, 0, theme.Gutter, 12, v.list)), v.empty))
	return v
}

// update shows the letters.
func (v *view) update() {
	rows := v.model.Rows()
	if v.drawn && slices.EqualFunc(rows, v.shown, same) {
		return
	}
	v.shown, v.drawn = rows, v.model.Ready()
	v.note.SetText(v.model.Summary())
	v.list.RemoveAll()
	v.rows = v.rows[:0]
	for i, r := range rows {
		if i > 0 {
			v.list.Add(kit.Inset(44, 0, 8, 0, kit.Hairline()))
		}
		row := newLetterRow(v.row(r), func() { v.host.Guard("show letter", func() { v.show(r) }) })
		v.rows = append(v.rows, row)
		v.list.Add(row)
	}
	if len(rows) == 0 && v.model.Ready() {
		v.empty.Show()
	} else {
		v.empty.Hide()
	}
	v.mark()
	v.list.Refresh()
}

// show shows a letter in the reading pane.
func (v *view) show(r vm.OutboxRow) {
	if r.Message == 0 {
		return
	}
	v.open = r.N
	v.mark()
	v.host.ShowMessage(r.Message)
}

// mark marks the letter that was shown last.
func (v *view) mark() {
	for i, row := range v.rows {
		row.setOn(v.shown[i].N == v.open)
	}
}

func same(a, b vm.OutboxRow) bool {
	people := slices.Equal(a.People, b.People)
	return people && a.N == b.N && a.To == b.To && a.Subject == b.Subject && a.Queued == b.Queued && a.State == b.State && a.Words == b.Words &&
		a.Newer == b.Newer && a.Edit == b.Edit && a.Retry == b.Retry && a.Unsure == b.Unsure && a.Icon == b.Icon
}

// inks are the colours of the tones.
var inks = map[vm.OutboxTone]fyne.ThemeColorName{
	vm.ToneQuiet: theme.Muted, vm.ToneGood: theme.Success, vm.ToneAsk: theme.Warning, vm.ToneBad: theme.Danger,
}

// row draws a letter.
func (v *view) row(r vm.OutboxRow) fyne.CanvasObject {
	ink := inks[r.Tone]
	lines := kit.VStack(3,
		kit.HStack(8, kit.NewShrinkText(r.To, kit.NameStrong), kit.Spring(), kit.NewText(r.Queued, kit.Caption)),
		kit.NewShrinkText(r.Subject, kit.Body),
		kit.NewShrinkText(r.State, kit.Small.In(ink)),
	)
	if r.Words != "" {
		lines.Add(kit.NewNote(r.Words, kit.Caption.In(theme.Muted)))
	}
	for _, p := range r.People {
		c := theme.Muted
		if p.Bad {
			c = theme.Danger
		}
		lines.Add(kit.HStack(6, kit.NewShrinkText(p.Address, kit.Caption.In(theme.Text)), kit.NewShrinkText(p.State, kit.Caption.In(c))))
	}
	if buttons := v.buttons(r); len(buttons) > 0 {
		lines.Add(kit.Inset(-10, 2, 0, 0, kit.Flow(0, buttons...)))
	}
	icon := kit.VStack(0, kit.Sized(20, 20, kit.NewIcon(r.Icon, 18, ink)), kit.Spring())
	return kit.Inset(12, 11, 8, 9, container.NewBorder(nil, nil, kit.Inset(0, 0, 12, 0, icon), nil, lines))
}

// buttons are what can be done about a letter.
func (v *view) buttons(r vm.OutboxRow) []fyne.CanvasObject {
	var all []fyne.CanvasObject
	add := func(text string, f func()) {
		all = append(all, kit.NewButton(kit.Plain, "", text, func() { v.host.Guard(text, f) }))
	}
	if r.Unsure {
		add("Look in Sent", func() { v.host.ShowRole(r.Account, localstore.RoleSent) })
		add("Send again", func() { v.model.Confirm(r.N, false) })
		add("It went out", func() { v.model.Confirm(r.N, true) })
	}
	if r.Newer != 0 {
		add("Read", func() { v.host.ShowMessage(r.Newer) })
	}
	if r.Edit {
		add("Edit", func() { v.model.Edit(r.N) })
	}
	if r.Retry {
		add(r.RetryLabel, func() { v.model.Retry(r.N) })
	}
	if r.Cancel {
		add("Don’t send", func() { v.model.Cancel(r.N) })
	}
	return all
}
