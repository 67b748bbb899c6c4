package pack

import (
	"context"
	"fmt"
	"log/slog"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"paquebot.app/internal/clock"
	"paquebot.app/localstore"
	"paquebot.app/ui/kit"
	"paquebot.app/ui/kit/kittest"
	"paquebot.app/ui/theme"
	"paquebot.app/ui/vm"
)

var noon = time.Date(2026, 11, 25, 12, 0, 0, 0, time.UTC)

// host is a window with nothing but the page.
type host struct {
	env     *vm.Env
	queue   *vm.Queue
	window  fyne.Window
	reading []localstore.MessageID
	account localstore.AccountID
	closed  bool
}

func (h *host) Env() *vm.Env                           { return h.env }
func (h *host) Engine() vm.Engine                      { return nil }
func (h *host) Toast(string, string, func())           {}
func (h *host) Follow(func(vm.Changes))                {}
func (h *host) Guard(_ string, f func())               { f() }
func (h *host) Online() bool                           { return true }
func (h *host) ReadMessage(ids []localstore.MessageID) { h.reading = ids }

func (h *host) write(t testing.TB, f func(*localstore.Tx) error) {
	t.Helper()
	if err := h.env.Store.Write(context.Background(), "test", f); err != nil {
		t.Fatal(err)
	}
}

// settle runs what is due, and what that begins: a change, its reading, the
// page.
func (h *host) settle() {
	for range 4 {
		h.env.Wait()
		drained := false
		h.env.Dispatch.Do(func() { drained = true })
		h.queue.Until(func() bool { return drained })
	}
}

// open shows the page over two accounts with some mail.
func open(t *testing.T, a theme.Appearance) (*host, *Page) {
	t.Helper()
	kittest.App(t, a)
	c := clock.NewFake(noon)
	store, err := localstore.Open(context.Background(), t.TempDir(), localstore.WithClock(c))
	if err != nil {
		t.Fatal(err)
	}
	ctx, end := context.WithCancel(context.Background())
	h := &host{queue: vm.NewQueue()}
	h.env = &vm.Env{Ctx: ctx, Store: store, Dispatch: h.queue, Clock: c, Zone: time.UTC, Log: slog.New(slog.DiscardHandler)}
	t.Cleanup(func() { end(); h.env.Wait(); store.Close() })
	h.write(t, func(tx *localstore.Tx) error {
		for _, name := range []string{"home", "work"} {
			id, err := tx.AddAccount(localstore.Account{Name: name, Address: "robin@example.org", Mode: localstore.IMAP})
			if err != nil {
				return err
			}
			if err := tx.AddTraffic(id, noon, 12_000, 2_100_000); err != nil {
				return err
			}
			inbox, err := tx.FolderByRole(id, localstore.RoleInbox)
			if err != nil {
				return err
			}
			h.account = id
			for i, subject := range []string{"Itinerary for Lisbon", "Boats on Sunday", "Draft budget for the spring workshop", "Payslip for October"} {
				content, err := tx.AddContent(localstore.NewContent{Account: id, HeaderID: fmt.Sprint(i, name, "@x"), Subject: subject, Sender: "Amélie <a@b.example>", Size: 40_000})
				if err != nil {
					return err
				}
				if _, err := tx.AddMessage(localstore.NewMessage{Folder: inbox.ID, Content: content, Arrived: noon.Add(-time.Duration(i) * time.Hour)}); err != nil {
					return err
				}
			}
		}
		return nil
	})
	p := New(h)
	h.window = kittest.Window(t, theme.Reader, 760, 780, p.Object())
	p.Show(true, func() { h.closed = true })
	h.settle()
	return h, p
}

// fetch plays an engine: the first texts come, the others do not.
func (h *host) fetch(t *testing.T, all bool) {
	t.Helper()
	h.write(t, func(tx *localstore.Tx) error {
		wishes, err := tx.PackWishes(h.account, 100)
		if err != nil {
			return err
		}
		if err := tx.SpendPack(h.account, 184_000); err != nil {
			return err
		}
		for i, w := range wishes {
			switch {
			case i < 2:
				err = tx.SetText(w.Content, []localstore.Part{{Section: "2", Type: "image/png", Name: "boat.png", Size: 4_000_000}}, "", 1)
			case all:
				err = tx.FailWish(w.Content, w.Section, "The server refused: try again later.")
			}
			if err != nil {
				return err
			}
		}
		return nil
	})
}

func TestGoldenChoice(t *testing.T) {
	for name, a := range map[string]theme.Appearance{"light": theme.Light, "dark": theme.Dark} {
		h, _ := open(t, a)
		kittest.Golden(t, "choice-"+name, h.window.Canvas().Capture())
	}
}

func TestGoldenRunningAndReceipt(t *testing.T) {
	for name, a := range map[string]theme.Appearance{"light": theme.Light, "dark": theme.Dark} {
		h, p := open(t, a)
		p.model.Set(func(in *vm.PackInput) { in.Account, in.Budget = h.account, 2_000_000 })
		h.settle()
		p.model.Begin()
		h.settle()
		h.fetch(t, false)
		p.model.Load()
		h.settle()
		if p.model.Phase() != vm.PackRunning {
			t.Fatalf("phase %d", p.model.Phase())
		}
		kittest.Golden(t, "running-"+name, h.window.Canvas().Capture())
		h.fetch(t, true)
		h.fetch(t, true)
		p.model.Load()
		h.settle()
		if p.model.Phase() != vm.PackDone {
			t.Fatalf("phase %d", p.model.Phase())
		}
		kittest.Golden(t, "receipt-"+name, h.window.Canvas().Capture())
	}
}

// TestTheButtonsOfThePage presses them.
func TestTheButtonsOfThePage(t *testing.T) {
	h, p := open(t, theme.Light)
	test.Tap(p.choice.threads)
	h.settle()
	if p.model.Input().Threads || p.choice.threads.On() {
		t.Error("conversations stay on")
	}
	test.Tap(p.begin)
	h.settle()
	if p.model.Phase() != vm.PackRunning {
		t.Fatalf("phase %d", p.model.Phase())
	}
	tap := func(text string) {
		t.Helper()
		if b := button(p.body, text); b != nil {
			test.Tap(b)
			h.settle()
			return
		}
		t.Fatalf("there is no button %q", text)
	}
	tap("Stop here")
	if p.model.Phase() != vm.PackDone {
		t.Fatalf("phase %d", p.model.Phase())
	}
	tap("Show")
	if len(h.reading) != 1 {
		t.Errorf("%v is read", h.reading)
	}
	tap("Choose again")
	if p.model.Phase() != vm.PackChoosing {
		t.Fatalf("phase %d", p.model.Phase())
	}
}

// button finds a button by its text.
func button(o fyne.CanvasObject, text string) *kit.Button {
	if b, ok := o.(*kit.Button); ok && b.Text() == text {
		return b
	}
	if c, ok := o.(*fyne.Container); ok {
		for _, inner := range c.Objects {
			if b := button(inner, text); b != nil {
				return b
			}
		}
	}
	return nil
}
