package reader

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"paquebot.app/ui/kit"
	"paquebot.app/ui/kit/glyph"
	"paquebot.app/ui/theme"
	"paquebot.app/ui/vm"
)

// mostName is how much of a sender's name stands before the address, which is
// never pushed out of sight.
const mostName = 34

var addressStyle = kit.Small.In(theme.Faint)

// head is the top of a letter: subject, sender, recipients, date, and on
// demand all of the header.
type head struct {
	box     *fyne.Container
	subject *kit.Paragraph
	avatar  *kit.Avatar
	name    *kit.Text
	address *kit.Paragraph
	to      *kit.Text
	date    *kit.Text
	more    *kit.IconButton
	details *fyne.Container
	opened  bool
	changed func()
	letter  *vm.Letter

	addressWidth, toWidth float32 // uncut
}

func newHead(changed func()) *head {
	h := &head{
		subject: kit.NewNote("", kit.Title), avatar: kit.NewAvatar("", "", avatarSize),
		name:    kit.NewText("", kit.TextStyle{Face: glyph.SemiBold, Size: 15, Color: theme.Text}),
		address: kit.NewNote("", addressStyle),
		to:      kit.NewShrinkText("", kit.Small), date: kit.NewText("", kit.Caption),
		changed: changed,
	}
	h.more = kit.NewSmallIconButton("chevron-down", "Show all of the header", h.toggle)
	h.details = kit.VStack(4)
	h.details.Hide()
	row := container.New(&who{h: h}, h.avatar, h.name, h.address, h.date, h.to, h.more)
	h.box = kit.VStack(0, h.subject, kit.Gap(1, 16), row, h.details)
	return h
}

func (h *head) toggle() {
	h.opened = !h.opened
	h.fill()
	h.changed()
}

func (h *head) set(l *vm.Letter, other bool) {
	if other {
		h.opened = false
	}
	h.letter = l
	h.subject.SetText(l.Subject)
	h.avatar.Set(l.Name, l.Address)
	name := []rune(l.Name)
	if len(name) > mostName {
		name = append(name[:mostName:mostName], '…')
	}
	h.name.SetText(string(name))
	address := "<" + l.Address + ">"
	if l.Name == l.Address {
		address = ""
	}
	h.address.SetText(address)
	h.addressWidth = addressStyle.Width(address)
	h.to.SetText(l.To)
	h.toWidth = kit.Small.Width(l.To) + 2
	h.date.SetText(l.Date)
	h.fill()
}

// fill shows or hides the whole header.
func (h *head) fill() {
	icon := "chevron-down"
	if h.opened {
		icon = "chevron-up"
	}
	h.more.SetIcon(icon, theme.Faint)
	h.details.Hidden = !h.opened
	h.details.RemoveAll()
	if !h.opened {
		return
	}
	h.details.Add(kit.Gap(1, 8))
	for _, d := range h.letter.Details {
		label := kit.NewText(d.Label, kit.Small.In(theme.Faint))
		h.details.Add(kit.HStack(10, kit.Sized(88, 0, container.NewVBox(label)), kit.Grow(kit.NewNote(d.Value, kit.Small.In(theme.Text)))))
	}
}
