// Package accounts is the forms that add an account, list those there are and
// change them. Signing in is tried off the window's goroutine and can be
// cancelled; nothing typed is lost by a wrong answer.
package accounts

import (
	"fyne.io/fyne/v2"

	"paquebot.app/localstore"
	"paquebot.app/ui/vm"
)

// Host is what the views need of the window.
type Host interface {
	Env() *vm.Env
	Engine() vm.Engine
	Window() fyne.Window
	Toast(text, action string, acted func())
	Notice(text, action string, acted func())
	Follow(f func(vm.Changes))
	ShowLedger(account localstore.AccountID)
	ShowSwitch(account localstore.AccountID)
	Guard(what string, f func())
}
