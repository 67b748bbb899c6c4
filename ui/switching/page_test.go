package switching

import (
	"context"
	"io"
	"log/slog"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/test"

	"paquebot.app/internal/clock"
	"paquebot.app/localstore"
	"paquebot.app/ui/kit"
	"paquebot.app/ui/kit/kittest"
	"paquebot.app/ui/theme"
	"paquebot.app/ui/vm"
)

// host is a window with the page, and an engine that plans.
type host struct {
	vm.Engine
	env    *vm.Env
	queue  *vm.Queue
	window fyne.Window
	id     localstore.AccountID
	plan   vm.SwitchPlan
}

func (h *host) Env() *vm.Env                  { return h.env }
func (h *host) Toast(string, string, func())  {}
func (h *host) Follow(func(vm.Changes))       {}
func (h *host) Guard(_ string, f func())      { f() }
func (h *host) Accounts(localstore.AccountID) {}
func (h *host) Wake()                         {}
func (h *host) PlanSwitch(_ context.Context, _ localstore.Account, _ localstore.Mode, c localstore.SwitchChoice) (vm.SwitchPlan, localstore.SwitchChoice, error) {
	c.Server = localstore.Server{Host: "mail.example.org", Port: 995, User: "mara"}
	return h.plan, c, nil
}

// engine is the host as the page sees its engine.
type pageHost struct{ *host }

func (h pageHost) Engine() vm.Engine { return h.host }

func newHost(t *testing.T, a theme.Appearance, mode localstore.Mode) (*host, *Page) {
	t.Helper()
	kittest.App(t, a)
	c := clock.NewFake(time.Date(2026, 11, 23, 10, 42, 0, 0, time.UTC))
	store, err := localstore.Open(context.Background(), t.TempDir(), localstore.WithClock(c))
	if err != nil {
		t.Fatal(err)
	}
	ctx, end := context.WithCancel(context.Background())
	h := &host{queue: vm.NewQueue()}
	h.env = &vm.Env{Ctx: ctx, Store: store, Dispatch: h.queue, Clock: c, Zone: time.UTC, Log: slog.New(slog.NewTextHandler(io.Discard, nil))}
	t.Cleanup(func() { end(); h.env.Wait(); store.Close() })
	err = store.Write(ctx, "test", func(tx *localstore.Tx) (err error) {
		h.id, err = tx.AddAccount(localstore.Account{Name: "home", Address: "mara@example.net", FullName: "Mara Lind", Mode: mode,
			IMAP: localstore.Server{Host: "imap.example.net"}, POP: localstore.Server{Host: "pop.example.net"}})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	p := New(pageHost{h})
	h.window = kittest.Window(t, theme.Reader, 720, 860, container.NewStack(p.Object()))
	p.Show(h.id, func() {})
	h.queue.Until(p.model.Ready)
	return h, p
}

func number[T int | int64](n T) *T { return &n }

// tap presses the button with these words.
func (h *host) tap(t *testing.T, p *Page, text string) {
	t.Helper()
	for _, o := range test.LaidOutObjects(p.Object()) {
		if b, ok := o.(*kit.Button); ok && b.Text() == text {
			test.Tap(b)
			return
		}
	}
	t.Fatalf("there is no %q", text)
}

// TestTheWholeWay goes from the choice to the switch and takes it back, and
// looks at each page.
func TestTheWholeWay(t *testing.T) {
	for name, a := range map[string]theme.Appearance{"light": theme.Light, "dark": theme.Dark} {
		h, p := newHost(t, a, localstore.IMAP)
		see := func(what string) {
			t.Helper()
			h.window.Canvas().Unfocus()
			kittest.Golden(t, what+"-"+name, h.window.Canvas().Capture())
		}
		h.plan = vm.SwitchPlan{Here: 2304, OnServer: number(2180), Recognised: number(2104), OnlyHere: number(200), OnlyOnServer: number(76),
			BytesToFetch: number(int64(412_000_000)), FreeDisk: number(int64(80_000_000_000)), Waiting: 3, Promise: "Nothing will be deleted or uploaded.",
			Folders: []vm.SwitchFolder{{Path: "INBOX", Here: 1800, Whole: 900, Bytes: number(int64(300_000_000))}, {Path: "Archive", Here: 404, Whole: 404, Bytes: number(int64(0))},
				{Path: "Films", Here: 100, Whole: 2, Bytes: number(int64(112_000_000))}}}
		see("ways")
		h.tap(t, p, "See what would change")
		h.queue.Until(func() bool { return p.model.Phase() == vm.SwitchPlanned })
		see("plan")
		h.tap(t, p, "Change to “Everything comes here”")
		h.queue.Until(func() bool { return p.model.Phase() == vm.SwitchUnderWay })
		see("under-way")
		h.tap(t, p, "Leave it as it was")
		h.queue.Until(func() bool { return p.model.Phase() == vm.SwitchChoosing })
	}
}

// TestDone shows what a switch has done, and its undo.
func TestDone(t *testing.T) {
	for name, a := range map[string]theme.Appearance{"light": theme.Light, "dark": theme.Dark} {
		h, p := newHost(t, a, localstore.POP)
		err := h.env.Store.Write(h.env.Ctx, "test", func(tx *localstore.Tx) error {
			s, err := tx.BeginSwitch(h.id, localstore.IMAP, localstore.SwitchChoice{Server: localstore.Server{Host: "imap.example.net", Port: 993, User: "mara"}})
			if err != nil {
				return err
			}
			if _, err := tx.OpenInbox(s.ID, 7); err != nil {
				return err
			}
			return tx.CommitSwitch(s.ID)
		})
		if err != nil {
			t.Fatal(err)
		}
		p.model.Load()
		h.queue.Until(func() bool { return p.model.Phase() == vm.SwitchDone })
		kittest.Golden(t, "done-"+name, h.window.Canvas().Capture())
		h.tap(t, p, "Undo the change")
		h.queue.Until(func() bool { return p.model.Phase() == vm.SwitchUnderWay && p.model.To() == localstore.POP })
	}
}
