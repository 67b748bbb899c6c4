package outbox

import (
	"context"
	"io"
	"log/slog"
	"testing"
	"time"

	"fyne.io/fyne/v2"

	"paquebot.app/internal/clock"
	"paquebot.app/internal/outgoing"
	"paquebot.app/localstore"
	"paquebot.app/ui/kit/kittest"
	"paquebot.app/ui/theme"
	"paquebot.app/ui/vm"
)

// host is a window that shows nothing else.
type host struct {
	env    *vm.Env
	queue  *vm.Queue
	showed localstore.MessageID
}

func (h *host) Env() *vm.Env                                   { return h.env }
func (h *host) Toast(string, string, func())                   {}
func (h *host) Follow(func(vm.Changes))                        {}
func (h *host) Guard(_ string, f func())                       { f() }
func (h *host) ShowMessage(id localstore.MessageID)            { h.showed = id }
func (h *host) ShowRole(localstore.AccountID, localstore.Role) {}

func newHost(t *testing.T) *host {
	t.Helper()
	c := clock.NewFake(time.Date(2026, 11, 23, 10, 42, 0, 0, time.UTC))
	store, err := localstore.Open(context.Background(), t.TempDir(), localstore.WithClock(c))
	if err != nil {
		t.Fatal(err)
	}
	ctx, end := context.WithCancel(context.Background())
	h := &host{queue: vm.NewQueue()}
	h.env = &vm.Env{Ctx: ctx, Store: store, Dispatch: h.queue, Clock: c, Zone: time.UTC, Log: slog.New(slog.NewTextHandler(io.Discard, nil))}
	t.Cleanup(func() { end(); h.env.Wait(); store.Close() })
	return h
}

func (h *host) write(t *testing.T, f func(*localstore.Tx) error) {
	t.Helper()
	if err := h.env.Store.Write(h.env.Ctx, "test", f); err != nil {
		t.Fatal(err)
	}
}

// seed queues one letter for each state there is to see.
func (h *host) seed(t *testing.T) {
	t.Helper()
	var account localstore.Account
	h.write(t, func(tx *localstore.Tx) error {
		id, err := tx.AddAccount(localstore.Account{Name: "work", Address: "mara@example.org", Mode: localstore.IMAP})
		if err != nil {
			return err
		}
		account, err = tx.Account(id)
		return err
	})
	queue := func(to, subject string) localstore.OutboxID {
		w := outgoing.Writing{Account: account.ID, To: to, Subject: subject, Text: "Hello"}
		d, err := w.Draft(h.env.Ctx, h.env.Store)
		if err != nil {
			t.Fatal(err)
		}
		n, err := outgoing.Queue(h.env.Ctx, h.env.Store, outgoing.Letter{Account: account, Draft: d})
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	queue("Ana Lima <ana@example.org>", "Figures before the ferry")
	refused := queue("Tom Bannister <tom@example.net>, ana@example.org", "Tickets")
	unsure := queue("yuki@example.jp", "The meeting next week")
	h.write(t, func(tx *localstore.Tx) error {
		if err := tx.LetterSending(refused, localstore.NewContent{}); err != nil {
			return err
		}
		if err := tx.LetterRefused(refused, "550 5.1.1 no such user", []localstore.Recipient{
			{Address: "ana@example.org", State: localstore.RecipientQueued},
			{Address: "tom@example.net", State: localstore.RecipientRefused, Reply: "550 5.1.1 no such user"}}); err != nil {
			return err
		}
		if err := tx.LetterSending(unsure, localstore.NewContent{}); err != nil {
			return err
		}
		if err := tx.LetterDot(unsure, h.env.Clock.Now(), nil); err != nil {
			return err
		}
		if err := tx.LetterUnsure(unsure, "the connection broke"); err != nil {
			return err
		}
		return tx.LookedForLetters(account.ID)
	})
	h.env.Clock.(*clock.Fake).Advance(11 * time.Minute) // nothing showed whether it went out
}

func TestGolden(t *testing.T) {
	for name, a := range map[string]theme.Appearance{"light": theme.Light, "dark": theme.Dark} {
		kittest.App(t, a)
		h := newHost(t)
		h.seed(t)
		v := newView(h, vm.NewDesk(h.env, nil))
		w := kittest.Window(t, theme.List, 380, 560, v.object)
		h.queue.Until(func() bool { return v.drawn })
		kittest.Golden(t, "outbox-"+name, w.Canvas().Capture())
	}
}

func TestGoldenEmpty(t *testing.T) {
	kittest.App(t, theme.Light)
	h := newHost(t)
	v := newView(h, vm.NewDesk(h.env, nil))
	w := kittest.Window(t, theme.List, 380, 360, v.object)
	h.queue.Until(func() bool { return v.drawn })
	kittest.Golden(t, "outbox-empty", w.Canvas().Capture())
}

func TestALetterIsShownWhenItsRowIsPressed(t *testing.T) {
	kittest.App(t, theme.Light)
	h := newHost(t)
	h.seed(t)
	v := newView(h, vm.NewDesk(h.env, nil))
	kittest.Window(t, theme.List, 380, 560, v.object)
	h.queue.Until(func() bool { return v.drawn })
	v.rows[1].TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
	if h.showed == 0 || h.showed != v.shown[1].Message {
		t.Errorf("message %d is shown, want %d", h.showed, v.shown[1].Message)
	}
	if v.rows[0].on || !v.rows[1].on {
		t.Error("the row is not marked")
	}
}
