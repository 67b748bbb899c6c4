package journey

import (
	"context"
	"io"
	"log/slog"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/test"

	"paquebot.app/internal/clock"
	"paquebot.app/internal/outgoing"
	"paquebot.app/localstore"
	"paquebot.app/ui/kit"
	"paquebot.app/ui/kit/kittest"
	"paquebot.app/ui/theme"
	"paquebot.app/ui/vm"
)

// host is a window with the page.
type host struct {
	*testing.T
	env     *vm.Env
	queue   *vm.Queue
	clock   *clock.Fake
	window  fyne.Window
	account localstore.Account
	said    string
	saved   string
}

func (h *host) Env() *vm.Env                   { return h.env }
func (h *host) Toast(text, _ string, _ func()) { h.said = text }
func (h *host) Follow(func(vm.Changes))        {}
func (h *host) Guard(_ string, f func())       { f() }
func (h *host) ShowJourneys()                  {}
func (h *host) SaveText(name, text string)     { h.saved = name + "\n" + text }
func (h *host) write(f func(*localstore.Tx) error) {
	h.Helper()
	if err := h.env.Store.Write(h.env.Ctx, "test", f); err != nil {
		h.Fatal(err)
	}
}

func newHost(t *testing.T, a theme.Appearance) (*host, *Page) {
	t.Helper()
	kittest.App(t, a)
	h := &host{T: t, queue: vm.NewQueue(), clock: clock.NewFake(time.Date(2026, 11, 16, 9, 0, 0, 0, time.UTC))}
	store, err := localstore.Open(context.Background(), t.TempDir(), localstore.WithClock(h.clock))
	if err != nil {
		t.Fatal(err)
	}
	ctx, end := context.WithCancel(context.Background())
	h.env = &vm.Env{Ctx: ctx, Store: store, Dispatch: h.queue, Clock: h.clock, Zone: time.UTC, Log: slog.New(slog.NewTextHandler(io.Discard, nil))}
	t.Cleanup(func() { end(); h.env.Wait(); store.Close() })
	h.write(func(tx *localstore.Tx) error {
		id, err := tx.AddAccount(localstore.Account{Name: "home", Address: "mara@example.net", Mode: localstore.IMAP, IMAP: localstore.Server{Host: "imap.example.net"}})
		if err != nil {
			return err
		}
		h.account, err = tx.Account(id)
		return err
	})
	p := New(h, nil)
	h.window = kittest.Window(t, theme.Reader, 720, 720, container.NewStack(p.Object()))
	h.queue.Until(p.model.Ready)
	return h, p
}

// letter queues a letter.
func (h *host) letter(to, subject string) localstore.OutboxID {
	h.Helper()
	w := outgoing.Writing{Account: h.account.ID, To: to, Subject: subject, Text: "Hello"}
	d, err := w.Draft(h.env.Ctx, h.env.Store)
	if err != nil {
		h.Fatal(err)
	}
	n, err := outgoing.Queue(h.env.Ctx, h.env.Store, outgoing.Letter{Account: h.account, Draft: d})
	if err != nil {
		h.Fatal(err)
	}
	return n
}

// TestAReportIsToldReadAnsweredAndSaved goes a week offline and comes back.
func TestAReportIsToldReadAnsweredAndSaved(t *testing.T) {
	for name, a := range map[string]theme.Appearance{"light": theme.Light, "dark": theme.Dark} {
		h, p := newHost(t, a)
		kittest.Golden(t, "none-"+name, h.window.Canvas().Capture())
		h.write(func(tx *localstore.Tx) error { return tx.OnlineUntil(h.account.ID) })
		h.clock.Advance(7 * 24 * time.Hour)
		sent := h.letter("Ana Lima <ana@example.org>", "Figures before the ferry")
		refused := h.letter("tom@example.net", "Tickets")
		var mark localstore.JourneyMark
		err := h.env.Store.Read(h.env.Ctx, func(v *localstore.View) (err error) {
			mark, err = v.JourneyMark(h.account.ID)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		h.write(func(tx *localstore.Tx) error {
			if err := tx.Reconnected(h.account.ID, mark); err != nil {
				return err
			}
			if err := tx.JourneyReceived(h.account.ID, nil); err != nil {
				return err
			}
			if err := tx.LetterSending(sent, localstore.NewContent{}); err != nil {
				return err
			}
			if err := tx.LetterDot(sent, h.clock.Now(), nil); err != nil {
				return err
			}
			if err := tx.LetterSent(sent, h.clock.Now(), "2.0.0 Ok: queued as 4ABC12"); err != nil {
				return err
			}
			if err := tx.LetterSending(refused, localstore.NewContent{}); err != nil {
				return err
			}
			if err := tx.LetterRefused(refused, "550 5.1.1 There is nobody of that name.", nil); err != nil {
				return err
			}
			_, err := tx.EndJourney(h.account.ID, true)
			return err
		})
		p.Show(true, func() {})
		h.queue.Until(func() bool { return p.model.Page() != nil })
		if !strings.Contains(h.said, "Back online") {
			t.Errorf("it was told: %q", h.said)
		}
		h.window.Canvas().Unfocus()
		kittest.Golden(t, "report-"+name, h.window.Canvas().Capture())
		p.save()
		if !strings.Contains(h.saved, "4ABC12") || !strings.HasPrefix(h.saved, "Journey of 2026-11-16.txt\n") {
			t.Errorf("saved: %q", h.saved)
		}
		h.tap(p, "Take it back")
		h.queue.Until(func() bool { return len(p.model.Page().Left(0)) == 0 })
	}
}

// tap presses the button with these words.
func (h *host) tap(p *Page, text string) {
	h.Helper()
	for _, o := range test.LaidOutObjects(p.Object()) {
		if b, ok := o.(*kit.Button); ok && b.Text() == text {
			test.Tap(b)
			return
		}
	}
	h.Fatalf("there is no %q", text)
}
