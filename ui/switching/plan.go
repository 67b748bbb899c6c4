package switching

import (
	"fyne.io/fyne/v2"

	"paquebot.app/localstore"
	"paquebot.app/ui/kit"
	"paquebot.app/ui/theme"
	"paquebot.app/ui/vm"
)

// plan shows what a switch would find and do.
func (p *Page) plan() {
	m := p.model
	title, text, _ := vm.ModeWords(m.To())
	p.body.Add(kit.VStack(6, kit.NewText("What a change to “"+title+"” would do", kit.Heading), kit.NewNote(text, kit.Small)))
	rows := kit.VStack(0)
	for i, f := range m.Facts() {
		if i > 0 {
			rows.Add(kit.Hairline())
		}
		rows.Add(kit.Inset(14, 8, 14, 8, kit.HStack(8, kit.NewShrinkText(f.What, kit.Body), kit.Spring(), kit.NewText(f.Much, kit.BodyStrong))))
	}
	p.body.Add(kit.On(theme.Border, theme.RadiusCard, kit.Inset(1, 1, 1, 1, kit.On(theme.Reader, theme.RadiusCard-1, rows))))
	p.body.Add(kit.HStack(8, kit.Sized(20, 20, kit.NewIcon("lock", 18, theme.Success)), kit.NewShrinkText(m.Planned().Promise, kit.BodyStrong), kit.Spring()))
	for _, note := range m.Notes() {
		p.body.Add(kit.NewNote(note, kit.Small))
	}
	if m.To() == localstore.POP {
		p.folders()
	}
	if problem := m.Problem(); problem != "" {
		p.body.Add(kit.NewBanner(kit.Fail, problem, "", nil, nil))
		p.body.Add(p.buttons(kit.NewButton(kit.Quiet, "", "Back", p.guarded("leave", m.Leave)),
			kit.NewButton(kit.Quiet, "refresh", "Look again", p.guarded("plan switch", m.Plan))))
		return
	}
	p.body.Add(p.buttons(kit.NewButton(kit.Primary, "", "Change to “"+title+"”", p.guarded("switch", m.Begin)),
		kit.NewButton(kit.Quiet, "", "Leave it as it is", p.guarded("leave", m.Leave))))
}

// folders lets the user choose whose mail comes here whole.
func (p *Page) folders() {
	all := kit.Flow(8)
	var some bool
	for _, f := range p.model.Planned().Folders {
		if f.Here == 0 {
			continue
		}
		some = true
		chip := kit.NewChip(vm.PathTitle(f.Path)+" · "+f.Line(), p.guarded("folder", func() { p.model.SetComes(f.Path, !p.model.Comes(f.Path)) }))
		chip.SetOn(p.model.Comes(f.Path))
		all.Add(chip)
	}
	if some {
		p.body.Add(kit.VStack(8, kit.NewText("Comes here whole", kit.BodyStrong),
			kit.NewNote("Of folders that you take out only what is here already stays: headers, and what you have read.", kit.Small), fyne.CanvasObject(all)))
	}
}
