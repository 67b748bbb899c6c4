package ui

import (
	"context"
	"log/slog"
	"time"

	"fyne.io/fyne/v2"

	"paquebot.app/internal/clock"
	"paquebot.app/internal/letter"
	"paquebot.app/localstore"
	"paquebot.app/ui/vm"
)

// Config is what a window is made of.
type Config struct {
	App    fyne.App
	Store  *localstore.Store
	Clock  clock.Clock
	Zone   *time.Location
	Log    *slog.Logger
	Engine vm.Engine // nil: nothing is carried
	Demo   vm.Demo   // nil: the first screen offers none
	Views  Views
	// Leaving is called when the window is about to end the application, all that
	// was written on the disk; nil: nobody is told.
	Leaving func()
	// Dispatch runs functions on the window's goroutine; nil: the toolkit's own way.
	Dispatch vm.Dispatcher
}

// Views makes the views that live in packages of their own. Each may be nil.
type Views struct {
	Composer func(Host) Composer
	// Outbox stands in the list's place while the Outbox is chosen.
	Outbox func(Host) fyne.CanvasObject
	// AddAccount is the form for a new account; closed ends it.
	AddAccount func(h Host, closed func()) fyne.CanvasObject
	// Settings is the page of the accounts there are, unfolded at one; 0 is none.
	Settings func(h Host, account localstore.AccountID, closed func()) fyne.CanvasObject
	// Ledger stands in the list's place when somebody asks what lies on a server.
	Ledger func(Host) Ledger
	// Pack is the page that makes the mail ready to go offline.
	Pack func(Host) Page
	// Journeys is the page of the reports of times without a network. It is made
	// with the window: it tells of those that come.
	Journeys func(Host) Page
	// Switch is the page on which an account's mail comes to be kept in the
	// other way.
	Switch func(Host) Switch
}

// Switch is the page on which an account's mail comes to be kept in the other
// way.
type Switch interface {
	Object() fyne.CanvasObject
	// Show follows an account while the page is in sight, 0 ends that; closed
	// ends the page.
	Show(account localstore.AccountID, closed func())
}

// Page stands in the reading pane's place while it is in sight.
type Page interface {
	Object() fyne.CanvasObject
	// Show follows the store while the page is in sight; closed ends it.
	Show(on bool, closed func())
}

// Ledger is the page of what lies in a POP maildrop.
type Ledger interface {
	Object() fyne.CanvasObject
	Focus() fyne.Focusable
	// Show reads the ledger of an account; 0 shows none.
	Show(account localstore.AccountID)
}

// Composer opens letters to be written. Methods return at once.
type Composer interface {
	Compose(d *letter.Draft) // nil: an empty letter
	Reply(id localstore.MessageID, all bool)
	Forward(id localstore.MessageID)
	EditDraft(id localstore.MessageID) // a message of a Drafts folder
	// Busy tells whether a letter is open that is not saved yet.
	Busy() bool
	// SaveAll brings every open letter to the disk and then calls then, on the
	// window's goroutine.
	SaveAll(then func(err error))
}

// Host is what the window offers to views of other packages. All of it belongs
// to the window's goroutine.
type Host interface {
	Env() *vm.Env
	Engine() vm.Engine
	// OpenPanel puts an object in the reading pane's place, until the function
	// it returns is called or another panel is opened; then closed is called.
	OpenPanel(o fyne.CanvasObject, closed func()) (close func())
	Window() fyne.Window
	// Toast says something in passing, with one action at most.
	Toast(text, action string, acted func())
	// Notice shows a banner until it is acted on or dismissed.
	Notice(text, action string, acted func())
	// NextPane gives the keyboard to the next pane, or with Shift to the one before.
	NextPane()
	// Online tells whether there is a connection.
	Online() bool
	// Composer opens letters.
	Composer() Composer
	// Follow calls f, off the window's goroutine, with every lot of changes in
	// the store, for as long as the window lives.
	Follow(f func(vm.Changes))
	// ShowMessage shows a message of the folder that is chosen.
	ShowMessage(id localstore.MessageID)
	// ShowRole shows an account's folder of a role.
	ShowRole(account localstore.AccountID, role localstore.Role)
	// ShowLedger shows what lies in an account's maildrop, in the list's place,
	// until HideLedger or another place is chosen.
	ShowLedger(account localstore.AccountID)
	// ShowJourneys shows the reports of times without a network.
	ShowJourneys()
	// SaveText asks where a text is saved, under a name to begin with.
	SaveText(name, text string)
	// ShowSwitch shows how an account's mail is kept, and how it could be.
	ShowSwitch(account localstore.AccountID)
	// Accounts shows the settings of an account.
	Accounts(account localstore.AccountID)
	HideLedger()
	// ReadMessage shows messages in the reading pane, for a page that names them.
	ReadMessage(ids []localstore.MessageID)
	// Key does what a key stands for anywhere in the window.
	Key(name fyne.KeyName, mod fyne.KeyModifier) bool
	// Guard runs f and catches its panic.
	Guard(what string, f func())
	// Context ends with the window.
	Context() context.Context
}
