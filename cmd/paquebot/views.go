package main

import (
	"fyne.io/fyne/v2"

	"paquebot.app/localstore"
	"paquebot.app/ui"
	"paquebot.app/ui/accounts"
	"paquebot.app/ui/compose"
	"paquebot.app/ui/journey"
	"paquebot.app/ui/ledger"
	"paquebot.app/ui/outbox"
	"paquebot.app/ui/pack"
	"paquebot.app/ui/switching"
)

// views joins the window with the views that live in packages of their own.
func views() ui.Views {
	var desk *compose.Desk
	v := ui.Views{
		Composer: func(h ui.Host) ui.Composer {
			desk = compose.New(h)
			accounts.AskRemoval(h)
			return desk
		},
		Outbox:     func(h ui.Host) fyne.CanvasObject { return outbox.New(h, desk.Model()) },
		AddAccount: func(h ui.Host, closed func()) fyne.CanvasObject { return accounts.Add(h, closed) },
	}
	v.Ledger = func(h ui.Host) ui.Ledger { return ledger.New(h) }
	v.Pack = func(h ui.Host) ui.Page { return pack.New(h) }
	v.Journeys = func(h ui.Host) ui.Page { return journey.New(h, desk.Model()) }
	v.Switch = func(h ui.Host) ui.Switch { return switching.New(h) }
	v.Settings = func(h ui.Host, account localstore.AccountID, closed func()) fyne.CanvasObject {
		return accounts.List(h, account, func() {
			var end func()
			end = h.OpenPanel(accounts.Add(h, func() { end() }), nil)
		}, closed)
	}
	return v
}
