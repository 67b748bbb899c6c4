package accounts

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"paquebot.app/localstore"
	"paquebot.app/ui/kit"
	"paquebot.app/ui/theme"
	"paquebot.app/ui/vm"
)

// formWidth is as wide as a form grows.
const formWidth float32 = 560

// form adds an account.
type form struct {
	host   Host
	model  *vm.AccountForm
	closed func()

	object    fyne.CanvasObject
	page      *fyne.Container // the fields, or the question about the password
	fields    fyne.CanvasObject
	question  fyne.CanvasObject
	name      *kit.Entry
	address   *kit.Entry
	password  *kit.Entry
	pop, imap *modeCard
	policy    *kit.Select
	days      *kit.Entry
	daysBox   fyne.CanvasObject
	popBox    fyne.CanvasObject
	fold      *kit.Button
	servers   fyne.CanvasObject
	in, out   *server
	limit     *kit.Select
	limitBox  fyne.CanvasObject
	auth      *kit.Select
	secret    *kit.Field // of the password
	labels    map[vm.AccountField]*kit.Field
	foot      fyne.CanvasObject // what is done with the form, always in sight
	wrong     *fyne.Container
	add       *kit.Button
	cancel    *kit.Button
	anyway    *kit.Button
	unfolded  bool
	filling   bool
}

// Add gives the form for a new account; closed ends it.
func Add(h Host, closed func()) fyne.CanvasObject { return newForm(h, closed).object }

func newForm(h Host, closed func()) *form {
	f := &form{host: h, model: vm.NewAccountForm(h.Env(), h.Engine()), closed: closed, labels: map[vm.AccountField]*kit.Field{}}
	f.build()
	f.model.Changed = func() { h.Guard("account form", f.update) }
	f.model.Added = func(localstore.AccountID) {
		h.Guard("account added", func() {
			h.Toast("The account is added. Its mail comes now.", "", nil)
			closed()
		})
	}
	f.update()
	h.Env().Dispatch.Do(func() { h.Window().Canvas().Focus(f.name) }) // once it is in the window
	return f
}

func (f *form) guarded(what string, do func()) func() {
	return func() { f.host.Guard(what, do) }
}

// entry binds a field of text to the model.
func (f *form) entry(e *kit.Entry, set func(in *vm.AccountInput, s string)) *kit.Entry {
	e.OnChanged = func(s string) {
		if f.filling {
			return
		}
		f.host.Guard("account form", func() { f.model.Set(func(in *vm.AccountInput) { set(in, s) }) })
	}
	e.OnSubmitted = func(string) { f.host.Guard("add account", f.model.Add) }
	e.OnKey = func(k *fyne.KeyEvent) bool {
		if k.Name == fyne.KeyEscape {
			f.host.Guard("close", f.leave)
			return true
		}
		return false
	}
	return e
}

func (f *form) label(field vm.AccountField, label string, o fyne.CanvasObject) *kit.Field {
	l := kit.NewField(label, o)
	f.labels[field] = l
	return l
}

func (f *form) build() {
	f.name = f.entry(kit.NewEntry("Mara Lind"), func(in *vm.AccountInput, s string) { in.FullName = s })
	f.address = f.entry(kit.NewEntry("mara@example.org"), func(in *vm.AccountInput, s string) { in.Address = s })
	f.password = f.entry(kit.NewSecretEntry(""), func(in *vm.AccountInput, s string) { in.Password = s })
	mode := func(m localstore.Mode) func() {
		return f.guarded("mode", func() { f.model.Set(func(in *vm.AccountInput) { in.Mode = m }) })
	}
	f.pop = newModeCard("computer", "Everything comes here", "Your mail is kept on this computer. It leaves the server once it is safe here.", "POP", mode(localstore.POP))
	f.imap = newModeCard("cloud", "It stays on the server", "You read it here and on your other devices. What you open is kept here too.", "IMAP", mode(localstore.IMAP))
	f.buildPolicy()
	f.buildServers()
	f.wrong = kit.VStack(0)
	f.add = kit.NewButton(kit.Primary, "", "Sign in and add", f.guarded("add account", f.model.Add))
	f.cancel = kit.NewButton(kit.Quiet, "", "Cancel", f.guarded("cancel", f.leave))
	f.anyway = kit.NewButton(kit.Plain, "", "Add it anyway", f.guarded("add anyway", f.model.AddAnyway))
	f.secret = f.label(vm.ForPassword, "Password", f.password)
	f.fields = kit.VStack(18,
		kit.VStack(4, kit.NewText("Add your account", kit.Title), kit.NewNote("Name, address and password are enough for most mailboxes.", kit.Small)),
		f.label(vm.ForName, "Your name, as others see it", f.name),
		f.label(vm.ForAddress, "E-mail address", f.address),
		f.secret,
		kit.VStack(8, kit.NewText("Where your mail lives", kit.BodyMedium), container.NewGridWithColumns(2, kit.Inset(0, 0, 4, 0, f.pop), kit.Inset(4, 0, 0, 0, f.imap))),
		f.popBox,
		kit.VStack(10, kit.Inset(-12, 0, 0, 0, kit.HStack(0, f.fold, kit.Spring())), f.servers),
	)
	f.question = f.buildQuestion()
	f.page = container.NewStack(f.fields)
	f.foot = kit.VStack(0, kit.Hairline(), kit.Inset(24, 12, 24, 14, kit.Column(formWidth,
		kit.VStack(10, f.wrong, kit.HStack(8, f.add, f.cancel, f.anyway, kit.Spring())))))
	f.object = container.NewStack(kit.NewFill(theme.Reader, 0), container.NewBorder(nil, f.foot, nil, nil,
		container.NewVScroll(kit.Inset(24, 32, 24, 32, kit.Column(formWidth, f.page)))))
}

func (f *form) buildPolicy() {
	f.policy = kit.NewSelect(policyWords(), 0, func(i int) {
		f.host.Guard("policy", func() { f.model.Set(func(in *vm.AccountInput) { in.PopDelete = policies[i].policy }) })
	})
	f.days = f.entry(kit.NewEntry("14"), func(in *vm.AccountInput, s string) { in.PopDays = s })
	f.daysBox = kit.Inset(10, 0, 0, 0, kit.Sized(110, 0, f.label(vm.ForDays, "Days", f.days)))
	f.popBox = container.NewBorder(nil, nil, nil, f.daysBox, kit.NewField("When mail leaves the server", f.policy))
}

func (f *form) buildServers() {
	f.in = f.server("Incoming mail", vm.ForIn, func(in *vm.AccountInput) *vm.ServerInput { return &in.In })
	f.out = f.server("Outgoing mail", vm.ForOut, func(in *vm.AccountInput) *vm.ServerInput { return &in.Out })
	limit, choice := newLimit(0, func(bytes int64) {
		f.host.Guard("size limit", func() { f.model.Set(func(in *vm.AccountInput) { in.PopLimit = bytes }) })
	})
	f.limit, f.limitBox = choice, limit
	auth, choice := newAuth(localstore.AuthPassword, func(a localstore.Auth) {
		f.host.Guard("sign in", func() { f.model.Set(func(in *vm.AccountInput) { in.Auth = a }) })
	})
	f.auth = choice
	f.servers = kit.Inset(0, 4, 0, 0, kit.VStack(22, f.limitBox, f.in.object, f.out.object, auth))
	f.fold = kit.NewButton(kit.Plain, "chevron-right", "More", f.guarded("server settings", func() {
		f.unfolded = !f.unfolded
		f.update()
	}))
}

// buildQuestion makes what is asked where there is no keyring.
func (f *form) buildQuestion() fyne.CanvasObject {
	return kit.VStack(16,
		kit.VStack(6, kit.NewText("Where shall the password be kept?", kit.Title),
			kit.NewParagraph("This computer has no keyring that answers. Paquebot can ask you for the password each time it starts, or keep it in a file that every program you run can read.", kit.Body)),
		kit.HStack(8, kit.NewButton(kit.Primary, "", "Ask me each time", f.guarded("ask each time", f.model.AskEachTime)),
			kit.NewButton(kit.Quiet, "", "Keep it in a readable file", f.guarded("keep in file", f.model.KeepInFile)),
			kit.NewButton(kit.Plain, "", "Back", f.guarded("back", f.model.Back)), kit.Spring()))
}

// leave ends the try to sign in, or the form.
func (f *form) leave() {
	if f.model.Step() == vm.StepCheck {
		f.model.Cancel()
		return
	}
	f.closed()
}

// update shows the model.
func (f *form) update() {
	in, step := f.model.Input(), f.model.Step()
	f.filling = true
	for e, s := range map[*kit.Entry]string{f.name: in.FullName, f.address: in.Address, f.password: in.Password, f.days: in.PopDays} {
		setText(e, s)
	}
	f.in.show(in.In)
	f.out.show(in.Out)
	f.filling = false
	f.pop.setOn(in.Mode == localstore.POP)
	f.imap.setOn(in.Mode == localstore.IMAP)
	f.policy.SetSelected(policyAt(in.PopDelete))
	f.limit.SetSelected(limitAt(in.PopLimit))
	f.auth.SetSelected(authAt(in.Auth))
	f.secret.SetLabel(auths[authAt(in.Auth)].secret)
	setHidden(f.limitBox, in.Mode != localstore.POP)
	setHidden(f.popBox, in.Mode != localstore.POP)
	setHidden(f.daysBox, in.PopDelete != localstore.DeleteDays)
	for field, l := range f.labels {
		l.SetProblem(f.model.Problem(field))
	}
	f.unfolded = f.unfolded || f.model.Problem(vm.ForIn) != "" || f.model.Problem(vm.ForOut) != ""
	setHidden(f.servers, !f.unfolded)
	f.fold.SetIcon(map[bool]string{true: "chevron-down", false: "chevron-right"}[f.unfolded])
	f.wrong.RemoveAll()
	if p := f.model.Problem(vm.ForAll); p != "" {
		f.wrong.Add(kit.NewBanner(kit.Fail, p, "", nil, nil))
	}
	setHidden(f.wrong, len(f.wrong.Objects) == 0)
	f.buttons(step)
	shown := f.fields
	if step == vm.StepPassword {
		shown = f.question
	}
	setHidden(f.foot, step == vm.StepPassword)
	f.page.Objects = []fyne.CanvasObject{shown}
	f.page.Refresh()
	f.object.Refresh()
}

func (f *form) buttons(step vm.AccountStep) {
	busy := step == vm.StepCheck || step == vm.StepAdding
	words := "Sign in and add"
	if busy {
		words = "Signing in…"
		f.add.Disable()
	} else {
		f.add.Enable()
	}
	f.add.SetText(words)
	setHidden(f.anyway, !f.model.CanAddAnyway())
}

func setText(e *kit.Entry, s string) {
	if e.Text != s {
		e.SetText(s)
	}
}

func setHidden(o fyne.CanvasObject, hidden bool) {
	if hidden {
		o.Hide()
	} else {
		o.Show()
	}
}
