package compose

import (
	"fyne.io/fyne/v2"

	"paquebot.app/ui/kit"
	"paquebot.app/ui/theme"
)

// chooseWhen asks, at the foot of the letter, for the day and time it leaves.
func (p *panel) chooseWhen() {
	d, h := p.model.WhenFields()
	day, hour := kit.NewEntry("24 November"), kit.NewEntry("8:30")
	said := kit.NewNote("", kit.Caption)
	say := func(string) { said.SetText(p.model.When(day.Text, hour.Text)) }
	end := func() {
		p.ask.RemoveAll()
		p.object.Refresh()
		p.focus(p.text)
	}
	send := p.guarded("send later", func() {
		if problem := p.model.SendWhen(day.Text, hour.Text); problem != "" {
			said.SetText(problem)
			p.object.Refresh()
			return
		}
		end()
	})
	for _, e := range []*kit.Entry{day, hour} {
		e.OnChanged = say
		e.OnSubmitted = func(string) { send() }
		e.OnKey = func(k *fyne.KeyEvent) bool {
			if k.Name == fyne.KeyEscape {
				p.desk.guard("send later", end)
				return true
			}
			return false
		}
	}
	day.SetText(d)
	hour.SetText(h)
	say("")
	row := kit.HStack(8, kit.NewText("Leaves on", kit.Body), kit.Sized(180, 34, day), kit.NewText("at", kit.Body), kit.Sized(84, 34, hour), kit.Spring(),
		kit.NewButton(kit.Plain, "", "Not now", p.guarded("send later", end)), kit.NewButton(kit.Quiet, "clock", "Send then", send))
	box := kit.On(theme.Card, theme.RadiusCard, kit.Inset(14, 10, 10, 10, kit.VStack(6, row, said)))
	p.ask.Objects = []fyne.CanvasObject{kit.Inset(margin-8, 0, margin-8, 10, box)}
	p.object.Refresh()
	p.focus(day)
	day.TypedShortcut(&fyne.ShortcutSelectAll{})
}
