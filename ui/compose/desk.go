package compose

import (
	"context"

	"fyne.io/fyne/v2"

	"paquebot.app/internal/letter"
	"paquebot.app/localstore"
	"paquebot.app/ui/vm"
)

// Host is what the view needs of the window.
type Host interface {
	Env() *vm.Env
	Engine() vm.Engine
	// OpenPanel shows an object until the function it returns is called or
	// another panel is opened; then closed is called.
	OpenPanel(o fyne.CanvasObject, closed func()) (close func())
	Window() fyne.Window
	// NextPane gives the keyboard to the next pane, or with Shift to the one before.
	NextPane()
	Toast(text, action string, acted func())
	Notice(text, action string, acted func())
	Follow(f func(vm.Changes))
	Guard(what string, f func())
}

// Desk opens letters to be written in a window. It belongs to the window's
// goroutine, and its methods return at once.
type Desk struct {
	host   Host
	model  *vm.Desk
	panels map[*vm.Composer]*panel
}

// New gives the desk of a window.
func New(h Host) *Desk {
	d := &Desk{host: h, model: vm.NewDesk(h.Env(), h.Engine()), panels: map[*vm.Composer]*panel{}}
	d.model.Opened = func(c *vm.Composer) { d.guard("open letter", func() { d.open(c) }) }
	d.model.Said = func(text, action string, act func()) {
		h.Toast(text, action, func() { d.guard(action, act) })
	}
	d.model.Refused = func(err error) { h.Toast(vm.Sentence(err), "", nil) }
	h.Follow(d.model.Follow)
	h.Env().Go("desk", func(ctx context.Context) func() {
		d.model.Run(ctx)
		return nil
	})
	return d
}

// Model returns the model behind, which other views open letters through.
func (d *Desk) Model() *vm.Desk { return d.model }

// Compose opens a letter; began may be nil.
func (d *Desk) Compose(began *letter.Draft) { d.model.Compose(0, began) }

// Reply opens an answer to a message.
func (d *Desk) Reply(id localstore.MessageID, all bool) { d.model.Reply(id, all) }

// Forward opens a letter that passes a message on.
func (d *Desk) Forward(id localstore.MessageID) { d.model.Forward(id) }

// EditDraft opens a draft, or a letter that has not left, by its message.
func (d *Desk) EditDraft(id localstore.MessageID) { d.model.Message(id) }

// Busy tells whether words are in memory alone.
func (d *Desk) Busy() bool { return d.model.Unsaved() }

// SaveAll brings every open letter to the disk and then calls then.
func (d *Desk) SaveAll(then func(err error)) { d.model.SaveAll(then) }

func (d *Desk) guard(what string, f func()) { d.host.Guard(what, f) }

// open shows a letter, again where it is open but was put out of sight.
func (d *Desk) open(c *vm.Composer) {
	p := d.panels[c]
	if p == nil {
		p = newPanel(d, c)
		d.panels[c] = p
	}
	p.show()
}
