package ui

import (
	"context"

	"paquebot.app/localstore"
	"paquebot.app/ui/kit"
	"paquebot.app/ui/theme"
	"paquebot.app/ui/vm"
)

// signIn asks for the password of an account.
func (w *Window) signIn(id localstore.AccountID, why string) {
	secret := kit.NewSecretEntry("")
	field := kit.NewField("Password", secret)
	var button *kit.Button
	send := w.guarded("sign in", func() {
		if secret.Text == "" {
			field.SetProblem("Please type the password.")
			return
		}
		button.Disable()
		w.keepPassword(id, secret.Text, func(kept bool, err error) {
			button.Enable()
			if err != nil {
				field.SetProblem(vm.Sentence(err))
				return
			}
			if w.panel.close != nil {
				w.panel.close()
			}
			if !kept {
				w.layer.Toast("There is no keyring here: the password is known until Paquebot ends.", "", nil)
			}
		})
	})
	button = kit.NewButton(kit.Primary, "key", "Sign in", send)
	secret.OnKey = w.panelKey
	secret.OnSubmitted = func(string) { send() }
	form := kit.VStack(14, kit.NewNote(why, kit.Small.In(theme.Text)), field, kit.HStack(8, button, kit.Spring()))
	w.openSmall("Sign in", kit.Inset(24, 24, 24, 24, kit.VStack(0, kit.Column(420, form), kit.Spring())))
	w.window.Canvas().Focus(secret)
}

func (w *Window) keepPassword(id localstore.AccountID, password string, done func(kept bool, err error)) {
	w.env.Go("keep password", func(ctx context.Context) func() {
		var a localstore.Account
		err := w.cfg.Store.Read(ctx, func(v *localstore.View) (err error) {
			a, err = v.Account(id)
			return err
		})
		kept := false
		if err == nil && w.cfg.Engine != nil {
			if kept, err = w.cfg.Engine.KeepPassword(ctx, a, password); err == nil {
				w.cfg.Engine.Wake()
			}
		}
		return func() { done(kept, err) }
	})
}
