package pack

import (
	"fmt"

	"fyne.io/fyne/v2"

	"paquebot.app/localstore"
	"paquebot.app/ui/kit"
	"paquebot.app/ui/theme"
	"paquebot.app/ui/vm"
)

// receipt draws what can be read offline, and what cannot and why.
func (p *Page) receipt() {
	whole, title, line := p.model.Receipt()
	icon, ink := "check", theme.Success
	if !whole {
		icon, ink = "info", theme.Accent
	}
	words := kit.VStack(4, kit.NewParagraph(title, kit.BodyStrong), kit.NewNote(line, kit.Small))
	again := kit.NewButton(kit.Plain, "", "Choose again", p.guarded("pack again", p.model.Again))
	p.body.Add(box(kit.HStack(12, kit.VStack(0, kit.Gap(1, 1), kit.Sized(20, 20, kit.NewIcon(icon, 20, ink)), kit.Spring()), kit.Grow(words), again)))
	for _, g := range p.model.Gaps() {
		p.body.Add(p.gap(g))
	}
}

// gap draws what is missing for one reason.
func (p *Page) gap(g vm.PackGap) fyne.CanvasObject {
	all := kit.VStack(0,
		kit.HStack(8, kit.Grow(kit.NewNote(g.Reason, kit.BodyMedium)), kit.NewText(g.Count, kit.Small)),
		kit.Gap(1, 6))
	for i, item := range g.Items {
		if i > 0 {
			all.Add(kit.Inset(26, 0, 0, 0, kit.Hairline()))
		}
		all.Add(p.item(item))
	}
	if g.More != "" {
		all.Add(kit.Inset(26, 6, 0, 0, kit.NewText(g.More, kit.Small)))
	}
	return all
}

// item draws what is missing; a press shows the mail.
func (p *Page) item(item vm.PackGapItem) fyne.CanvasObject {
	words := kit.VStack(1, kit.NewShrinkText(item.Name, kit.Body))
	if item.Of != "" {
		words.Add(kit.NewShrinkText("in “"+item.Of+"”", kit.Caption))
	}
	open := kit.NewButton(kit.Plain, "", "Show", p.guarded("show message", func() {
		p.host.ReadMessage([]localstore.MessageID{item.Message})
	}))
	return kit.Inset(0, 5, 0, 5, kit.HStack(10, kit.Sized(16, 0, kit.NewIcon(item.Icon, 16, theme.Muted)), kit.Grow(words), kit.NewText(item.Size, kit.Small), open))
}

// updateFoot shows the switch and the meter.
func (p *Page) updateFoot() {
	want := fmt.Sprint(p.model.TextOnly(), p.model.Traffic())
	if want == p.metered {
		return
	}
	p.metered = want
	p.foot.RemoveAll()
	at := 0
	if p.model.TextOnly() {
		at = 1
	}
	words := kit.VStack(3, kit.NewText("Text only", kit.BodyMedium),
		kit.NewNote("Attachments and pictures come only when you ask for them.", kit.Small))
	p.foot.Add(kit.HStack(20, kit.Grow(words), kit.Sized(130, 36, kit.NewSegments([]string{"Off", "On"}, at, func(i int) {
		p.host.Guard("text only", func() { p.model.SetTextOnly(i == 1) })
	}))))
	p.foot.Add(kit.Hairline())
	table := kit.VStack(7, kit.HStack(12, kit.Grow(kit.NewText("Data used", kit.BodyMedium)), column(kit.NewText("Today", kit.Small)), column(kit.NewText("Last 30 days", kit.Small))))
	for _, t := range p.model.Traffic() {
		table.Add(kit.HStack(12, kit.Grow(kit.NewShrinkText(t.Account, kit.Small.In(theme.Text))), column(kit.NewShrinkText(t.Today, kit.Small)), column(kit.NewShrinkText(t.Month, kit.Small))))
	}
	p.foot.Add(table)
	p.foot.Refresh()
}

// column keeps the figures of the meter below each other.
func column(o fyne.CanvasObject) fyne.CanvasObject { return kit.Sized(170, 0, o) }
