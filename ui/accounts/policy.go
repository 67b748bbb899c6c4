package accounts

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"paquebot.app/localstore"
	"paquebot.app/ui/kit"
	"paquebot.app/ui/theme"
	"paquebot.app/ui/vm"
)

// policies in the order of the menu.
var policies = []struct {
	policy localstore.DeletePolicy
	words  string
}{
	{localstore.DeleteNow, "as soon as it is safe here"}, {localstore.DeleteDays, "some days after it came here"},
	{localstore.DeleteWhen, "when I delete it here"}, {localstore.DeleteNever, "never"},
}

func policyWords() (all []string) {
	for _, p := range policies {
		all = append(all, p.words)
	}
	return all
}

func policyAt(p localstore.DeletePolicy) int {
	for i := range policies {
		if policies[i].policy == p {
			return i
		}
	}
	return 0
}

// policy is the choice of when mail leaves the server, with what a new choice
// would do.
type policy struct {
	host    Host
	object  *fyne.Container
	model   *vm.PolicyChange
	choice  *kit.Select
	days    *kit.Entry
	field   *kit.Field
	daysBox fyne.CanvasObject
	words   *kit.Paragraph
	plan    fyne.CanvasObject
}

// newPolicy gives the choice of an account; applied is called when another holds.
func newPolicy(h Host, a localstore.Account, applied func()) *policy {
	p := &policy{host: h, model: vm.NewPolicyChange(h.Env(), a)}
	p.model.Changed = func() { h.Guard("policy", p.update) }
	p.model.Applied = func() { h.Guard("policy", applied) }
	p.model.Refused = func(err error) { h.Toast(vm.Sentence(err), "", nil) }
	guarded := func(f func()) func() { return func() { h.Guard("policy", f) } }
	p.choice = kit.NewSelect(policyWords(), policyAt(a.PopDelete), func(i int) {
		h.Guard("policy", func() { p.model.Choose(policies[i].policy) })
	})
	p.days = kit.NewEntry("14")
	p.days.SetText(p.model.Days())
	p.days.OnChanged = func(s string) { h.Guard("policy", func() { p.model.SetDays(s) }) }
	p.days.OnSubmitted = func(string) { h.Guard("policy", p.model.Apply) }
	p.field = kit.NewField("Days", p.days)
	p.daysBox = kit.Inset(10, 0, 0, 0, kit.Sized(110, 0, p.field))
	p.words = kit.NewParagraph("", kit.Small.In(theme.Text))
	p.plan = kit.On(theme.InfoGround, theme.RadiusRow, kit.Inset(14, 12, 14, 12, kit.VStack(12, p.words,
		kit.HStack(8, kit.NewButton(kit.Primary, "", "Apply", guarded(p.model.Apply)), kit.NewButton(kit.Quiet, "", "Cancel", guarded(p.model.Cancel)), kit.Spring()))))
	p.object = kit.VStack(10, container.NewBorder(nil, nil, nil, p.daysBox, kit.NewField("When mail leaves the server", p.choice)), p.plan)
	p.update()
	return p
}

func (p *policy) update() {
	p.choice.SetSelected(policyAt(p.model.Policy()))
	setText(p.days, p.model.Days())
	p.field.SetProblem(p.model.Problem())
	setHidden(p.daysBox, p.model.Policy() != localstore.DeleteDays)
	p.words.SetText(p.model.Words())
	setHidden(p.plan, p.model.Words() == "")
	p.object.Refresh()
}
