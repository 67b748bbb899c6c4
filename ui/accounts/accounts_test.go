package accounts

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
	"paquebot.app/internal/fault"
	"paquebot.app/localstore"
	"paquebot.app/ui/kit"
	"paquebot.app/ui/kit/kittest"
	"paquebot.app/ui/theme"
	"paquebot.app/ui/vm"
)

// host is a window with one view.
type host struct {
	env    *vm.Env
	queue  *vm.Queue
	window fyne.Window
	place  *fyne.Container
	said   string
}

func newHost(t *testing.T, a theme.Appearance) *host {
	t.Helper()
	kittest.App(t, a)
	c := clock.NewFake(time.Date(2026, 11, 23, 10, 42, 0, 0, time.UTC))
	store, err := localstore.Open(context.Background(), t.TempDir(), localstore.WithClock(c))
	if err != nil {
		t.Fatal(err)
	}
	ctx, end := context.WithCancel(context.Background())
	h := &host{queue: vm.NewQueue(), place: container.NewStack()}
	h.env = &vm.Env{Ctx: ctx, Store: store, Dispatch: h.queue, Clock: c, Zone: time.UTC, Log: slog.New(slog.NewTextHandler(io.Discard, nil))}
	t.Cleanup(func() { end(); h.env.Wait(); store.Close() })
	h.window = kittest.Window(t, theme.Reader, 640, 760, h.place)
	return h
}

func (h *host) Env() *vm.Env                    { return h.env }
func (h *host) Engine() vm.Engine               { return nowhere{} }
func (h *host) Window() fyne.Window             { return h.window }
func (h *host) Toast(text, _ string, _ func())  { h.said = text }
func (h *host) Notice(string, string, func())   {}
func (h *host) Follow(func(vm.Changes))         {}
func (h *host) ShowLedger(localstore.AccountID) {}
func (h *host) ShowSwitch(localstore.AccountID) {}
func (h *host) Guard(_ string, f func())        { f() }

// nowhere is an engine on a computer without network and keyring.
type nowhere struct{ vm.Engine }

func (nowhere) Check(context.Context, localstore.Account, string) error {
	return &fault.Error{Remedy: fault.Online, Scope: fault.Account, Cause: fault.Network, Op: "connect", Text: "There is no server called imap.example.net, or this computer is offline."}
}

func (nowhere) KeepPassword(context.Context, localstore.Account, string) (bool, error) {
	return false, nil
}

func (nowhere) Wake() {}

func (h *host) show(o fyne.CanvasObject) {
	h.place.Objects = []fyne.CanvasObject{o}
	h.place.Refresh()
}

// TestAddWithoutNetwork types an account in, is told that no server answers,
// adds it anyway and has the password asked for each time.
func TestAddWithoutNetwork(t *testing.T) {
	for name, a := range map[string]theme.Appearance{"light": theme.Light, "dark": theme.Dark} {
		h := newHost(t, a)
		closed := false
		f := newForm(h, func() { closed = true })
		h.show(f.object)
		test.Type(f.name, "Ada Berg")
		test.Type(f.address, "ada@example.net")
		test.Type(f.password, "secret")
		f.password.OnSubmitted("")
		h.queue.Until(f.model.CanAddAnyway)
		h.window.Canvas().Unfocus()
		kittest.Golden(t, "form-"+name, h.window.Canvas().Capture())
		test.Tap(f.anyway)
		h.queue.Until(func() bool { return f.model.Step() == vm.StepPassword })
		kittest.Golden(t, "password-"+name, h.window.Canvas().Capture())
		f.model.AskEachTime()
		h.queue.Until(func() bool { return closed })
		if h.said == "" {
			t.Error("nothing is said")
		}
	}
}

// read tells whether the page shows what the store says.
func (l *list) read() bool { return l.model.Ready() && l.sending.undo.Selected() >= 0 }

func TestGoldenList(t *testing.T) {
	h := newHost(t, theme.Dark)
	var id localstore.AccountID
	err := h.env.Store.Write(h.env.Ctx, "test", func(tx *localstore.Tx) (err error) {
		if _, err = tx.AddAccount(localstore.Account{Name: "work", Address: "mara@example.org", FullName: "Mara Lind", Mode: localstore.IMAP, IMAP: localstore.Server{Host: "imap.example.org"}}); err != nil {
			return err
		}
		id, err = tx.AddAccount(localstore.Account{Name: "home", Address: "mara@example.net", Mode: localstore.POP, POP: localstore.Server{Host: "pop.example.net"}, PopDelete: localstore.DeleteDays, PopDays: 14})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	l := newList(h, id, func() {}, func() {})
	h.show(l.object)
	h.queue.Until(l.read)
	kittest.Golden(t, "list-dark", h.window.Canvas().Capture())
}

// TestThePlanOfAPolicyIsShownInPlace chooses another policy, sees what it would
// do, and takes it back and applies it.
func TestThePlanOfAPolicyIsShownInPlace(t *testing.T) {
	for name, a := range map[string]theme.Appearance{"light": theme.Light, "dark": theme.Dark} {
		h := newHost(t, a)
		var account localstore.Account
		err := h.env.Store.Write(h.env.Ctx, "test", func(tx *localstore.Tx) error {
			id, err := tx.AddAccount(localstore.Account{Name: "home", Address: "mara@example.net", Mode: localstore.POP, POP: localstore.Server{Host: "pop.example.net"}, PopDelete: localstore.DeleteNever})
			if err != nil {
				return err
			}
			account, err = tx.Account(id)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		l := newList(h, account.ID, func() {}, func() {})
		l.wide = true
		h.show(l.object)
		h.queue.Until(l.read)
		p := newPolicy(h, account, func() {})
		p.model.Choose(localstore.DeleteDays)
		h.queue.Until(func() bool { return p.model.Words() != "" })
		if p.plan.Visible() != true || p.daysBox.Visible() != true {
			t.Error("the plan is not shown")
		}
		p.model.Cancel()
		if p.plan.Visible() || p.choice.Selected() != policyAt(localstore.DeleteNever) {
			t.Error("the plan stays after it was taken back")
		}
		p.model.Choose(localstore.DeleteNow)
		h.queue.Until(func() bool { return p.model.Words() != "" })
		kittest.Golden(t, "more-"+name, h.window.Canvas().Capture())
		h.show(kit.VStack(0, kit.Inset(24, 24, 24, 24, p.object), kit.Spring()))
		kittest.Golden(t, "policy-"+name, h.window.Canvas().Capture())
	}
}

// TestGoldenKeep shows what can be chosen of an account kept by IMAP.
func TestGoldenKeep(t *testing.T) {
	for name, a := range map[string]theme.Appearance{"light": theme.Light, "dark": theme.Dark} {
		h := newHost(t, a)
		var id localstore.AccountID
		err := h.env.Store.Write(h.env.Ctx, "test", func(tx *localstore.Tx) (err error) {
			id, err = tx.AddAccount(localstore.Account{Name: "work", Address: "mara@example.org", FullName: "Mara Lind", Mode: localstore.IMAP,
				IMAP: localstore.Server{Host: "imap.example.org"}, Policy: localstore.FetchText, PolicyDays: 90, Quota: 2_000_000_000})
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		l := newList(h, id, func() {}, func() {})
		l.wide = true
		h.show(l.object)
		h.queue.Until(l.read)
		kittest.Golden(t, "keep-"+name, h.window.Canvas().Capture())
	}
}
