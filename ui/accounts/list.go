package accounts

import (
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"paquebot.app/localstore"
	"paquebot.app/ui/kit"
	"paquebot.app/ui/theme"
	"paquebot.app/ui/vm"
)

// list is the page of the accounts there are.
type list struct {
	host    Host
	object  fyne.CanvasObject
	model   *vm.Accounts
	closed  func()
	rows    *fyne.Container
	sending *sending             // what holds for the letters of all
	open    localstore.AccountID // whose details are shown
	ending  bool                 // removing it is asked about
	wide    bool                 // more of it is shown
}

// List gives the page of all accounts, with the details of one unfolded; 0 is
// none. add opens the form for a new one, closed ends the page.
func List(h Host, account localstore.AccountID, add, closed func()) fyne.CanvasObject {
	return newList(h, account, add, closed).object
}

func newList(h Host, account localstore.AccountID, add, closed func()) *list {
	l := &list{host: h, model: vm.NewAccounts(h.Env(), h.Engine()), closed: closed, rows: kit.VStack(10), sending: newSending(h), open: account}
	l.model.Changed = func() { h.Guard("accounts", l.update) }
	l.model.Said = func(text string) { h.Toast(text, "", nil) }
	l.model.Refused = func(err error) { h.Toast(vm.Sentence(err), "", nil) }
	l.model.Load()
	top := kit.HStack(8, kit.NewText("Accounts", kit.Title), kit.Spring(),
		kit.NewButton(kit.Quiet, "plus", "Add an account", l.guarded("add account", add)),
		kit.NewIconButton("close", "Close", l.guarded("close", closed)))
	l.object = container.NewStack(kit.NewFill(theme.Reader, 0),
		container.NewVScroll(kit.Inset(24, 28, 24, 28, kit.Column(formWidth, kit.VStack(18, top, l.rows)))))
	return l
}

func (l *list) guarded(what string, f func()) func() {
	return func() { l.host.Guard(what, f) }
}

func (l *list) update() {
	l.rows.RemoveAll()
	for _, r := range l.model.Rows() {
		l.rows.Add(l.account(r))
	}
	l.rows.Add(kit.Inset(0, 14, 0, 0, l.sending.object))
	l.rows.Refresh()
}

// account draws one account, unfolded where it is the open one.
func (l *list) account(r vm.AccountRow) fyne.CanvasObject {
	open := l.open == r.ID
	fold := map[bool]string{true: "chevron-down", false: "chevron-right"}[open]
	how := r.How
	if r.Policy != "" {
		how += ", " + r.Policy
	}
	head := kit.HStack(12, kit.Sized(32, 32, kit.NewAvatar(r.FullName+r.Address, r.Address, 32)),
		kit.Grow(kit.VStack(2, kit.NewShrinkText(r.Address, kit.NameStrong), kit.NewShrinkText(how, kit.Small), kit.NewShrinkText(r.Server+" · "+r.Size, kit.Caption))),
		kit.NewIconButton(fold, "Change", l.guarded("account", func() {
			l.open, l.ending, l.wide = r.ID, false, false
			if open {
				l.open = 0
			}
			l.update()
		})))
	box := kit.VStack(16, head)
	if open {
		box.Add(l.details(r))
	}
	inside := kit.On(theme.Reader, theme.RadiusCard-1, kit.Inset(15, 13, 11, 13, box))
	return kit.On(theme.Border, theme.RadiusCard, kit.Inset(1, 1, 1, 1, inside))
}

// details are what can be changed of an account.
func (l *list) details(r vm.AccountRow) fyne.CanvasObject {
	all := kit.VStack(16, kit.Hairline(), l.password(r.Account))
	if r.Mode == localstore.POP {
		all.Add(newPolicy(l.host, r.Account, l.model.Load).object)
		all.Add(kit.HStack(0, kit.NewButton(kit.Quiet, "cloud", "What lies on the server", l.guarded("ledger", func() { l.host.ShowLedger(r.ID) })), kit.Spring()))
	}
	if r.Mode == localstore.IMAP {
		all.Add(newKeep(r.Account, func(k vm.Keep) { l.host.Guard("keep offline", func() { l.model.SetKeep(r.ID, k) }) }))
	}
	all.Add(kit.HStack(0, kit.NewButton(kit.Quiet, "refresh", "Change how this mail is kept…", l.guarded("switch", func() { l.host.ShowSwitch(r.ID) })), kit.Spring()))
	all.Add(l.more(r))
	if l.ending {
		all.Add(kit.NewNote("Its mail and drafts stay on this computer, in “On this computer”. Nothing is removed from the server.", kit.Small.In(theme.Text)))
		all.Add(kit.HStack(8, kit.NewButton(kit.Danger, "", "Remove the account", l.guarded("remove account", func() { l.model.Remove(r.Account) })),
			kit.NewButton(kit.Quiet, "", "Keep it", l.guarded("keep account", func() { l.ending = false; l.update() })), kit.Spring()))
	} else {
		all.Add(kit.HStack(0, kit.NewButton(kit.Danger, "trash", "Remove this account…", l.guarded("remove account", func() { l.ending = true; l.update() })), kit.Spring()))
	}
	return all
}

// more are the settings that few people change.
func (l *list) more(r vm.AccountRow) fyne.CanvasObject {
	fold := map[bool]string{true: "chevron-down", false: "chevron-right"}[l.wide]
	box := kit.VStack(12, kit.Inset(-12, 0, 0, 0, kit.HStack(0, kit.NewButton(kit.Plain, fold, "More", l.guarded("more", func() { l.wide = !l.wide; l.update() })), kit.Spring())))
	if !l.wide {
		return box
	}
	if r.Mode == localstore.POP {
		limit, _ := newLimit(r.PopLimit, func(bytes int64) { l.host.Guard("size limit", func() { l.model.SetLimit(r.ID, bytes) }) })
		box.Add(limit)
	}
	if r.Mode == localstore.IMAP {
		limit, _ := newLimit(r.FetchLimit, func(bytes int64) { l.host.Guard("size limit", func() { l.model.SetFetchLimit(r.ID, bytes) }) })
		limit.SetLabel("Comes with its attachments")
		limit.SetHint("Of larger mail the text comes; attachments when you open them.")
		box.Add(limit)
		box.Add(newQuota(r.Quota, r.Used, func(bytes int64) { l.host.Guard("quota", func() { l.model.SetQuota(r.ID, bytes) }) }))
	}
	auth, _ := newAuth(r.Incoming().Auth, func(a localstore.Auth) { l.host.Guard("sign in", func() { l.model.SetAuth(r.ID, a) }) })
	box.Add(auth)
	return box
}

// password is the field for another password.
func (l *list) password(a localstore.Account) fyne.CanvasObject {
	secret := kit.NewSecretEntry("")
	field := kit.NewField("New "+strings.ToLower(auths[authAt(a.Incoming().Auth)].secret), secret)
	said := func(kept bool, err error) {
		switch {
		case err != nil:
			field.SetProblem(vm.Sentence(err))
		case kept:
			secret.SetText("")
			field.SetProblem("")
			l.host.Toast("It is kept in the keyring.", "", nil)
		default:
			typed := secret.Text
			secret.SetText("")
			l.host.Notice("There is no keyring here: the password is known until Paquebot ends.", "Keep it in a readable file", func() {
				l.model.KeepInFile(a, typed, func(_ bool, err error) {
					if err != nil {
						l.host.Toast(vm.Sentence(err), "", nil)
					}
				})
			})
		}
	}
	save := l.guarded("password", func() { l.model.SetPassword(a, secret.Text, said) })
	secret.OnSubmitted = func(string) { save() }
	return container.NewBorder(nil, nil, nil, kit.Inset(10, 0, 0, 0, kit.VStack(0, kit.Gap(1, 23), kit.NewButton(kit.Quiet, "key", "Change", save), kit.Spring())), field)
}
