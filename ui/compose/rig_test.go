package compose

import (
	"context"
	"io"
	"log/slog"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"paquebot.app/internal/clock"
	"paquebot.app/localstore"
	"paquebot.app/ui/kit/kittest"
	"paquebot.app/ui/theme"
	"paquebot.app/ui/vm"
)

// rig is a window that shows panels, on a real store and a clock that stands
// still.
type rig struct {
	testing.TB
	env    *vm.Env
	queue  *vm.Queue
	window fyne.Window
	place  *fyne.Container
	closed func()
	said   string
	paned  int // calls of NextPane
	action func()
	desk   *Desk
}

func newRig(t testing.TB, a theme.Appearance) *rig {
	t.Helper()
	kittest.App(t, a)
	c := clock.NewFake(time.Date(2026, 11, 23, 10, 42, 0, 0, time.UTC))
	store, err := localstore.Open(context.Background(), t.TempDir(), localstore.WithClock(c))
	if err != nil {
		t.Fatal(err)
	}
	ctx, end := context.WithCancel(context.Background())
	r := &rig{TB: t, queue: vm.NewQueue(), place: container.NewStack()}
	r.env = &vm.Env{Ctx: ctx, Store: store, Dispatch: r.queue, Clock: c, Zone: time.UTC, Log: slog.New(slog.NewTextHandler(io.Discard, nil))}
	t.Cleanup(func() { end(); r.env.Wait(); store.Close() })
	server := localstore.Server{Host: "mail.example.org", Port: 465, Security: localstore.TLS, User: "mara"}
	err = store.Write(ctx, "test", func(tx *localstore.Tx) error {
		id, err := tx.AddAccount(localstore.Account{Name: "work", Address: "mara@example.org", FullName: "Mara Lind", Mode: localstore.IMAP, IMAP: server, SMTP: server})
		if err != nil {
			return err
		}
		sent, err := tx.FolderByRole(id, localstore.RoleSent)
		if err != nil {
			return err
		}
		content, err := tx.AddContent(localstore.NewContent{Account: id, HeaderID: "a@b", Sender: "mara@example.org", Recipients: "Ana Lima <ana@example.org>, Anton Berg <anton@example.net>"})
		if err != nil {
			return err
		}
		_, err = tx.AddMessage(localstore.NewMessage{Folder: sent.ID, Content: content, Arrived: c.Now()})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	r.window = kittest.Window(t, theme.Reader, 700, 560, r.place)
	r.desk = New(r)
	return r
}

// letter opens a new letter and returns its panel.
func (r *rig) letter(open func()) *panel {
	r.Helper()
	n := len(r.desk.panels)
	open()
	r.queue.Until(func() bool { return len(r.desk.panels) > n })
	for c, p := range r.desk.panels {
		if c == p.model && p.close != nil {
			return p
		}
	}
	r.Fatal("no panel is in sight")
	return nil
}

func (r *rig) Env() *vm.Env                  { return r.env }
func (r *rig) Engine() vm.Engine             { return nil }
func (r *rig) Window() fyne.Window           { return r.window }
func (r *rig) Notice(string, string, func()) {}
func (r *rig) NextPane()                     { r.paned++ }
func (r *rig) Follow(func(vm.Changes))       {}
func (r *rig) Guard(_ string, f func())      { f() }
func (r *rig) Toast(text, _ string, acted func()) {
	r.said, r.action = text, acted
}

func (r *rig) OpenPanel(o fyne.CanvasObject, closed func()) func() {
	if r.closed != nil {
		r.closed()
	}
	r.place.Objects = []fyne.CanvasObject{o}
	r.place.Refresh()
	r.closed = closed
	return func() {
		r.place.Objects = nil
		r.closed = nil
		closed()
	}
}
