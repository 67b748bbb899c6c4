package ledger

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
	follow  func(vm.Changes)
	watch   *localstore.Watcher
	said    string
	undo    func()
	reading []localstore.MessageID
	hidden  bool
	account localstore.AccountID
}

func newHost(t testing.TB) *host {
	t.Helper()
	c := clock.NewFake(noon)
	store, err := localstore.Open(context.Background(), t.TempDir(), localstore.WithClock(c))
	if err != nil {
		t.Fatal(err)
	}
	ctx, end := context.WithCancel(context.Background())
	h := &host{queue: vm.NewQueue(), watch: store.Watch()}
	h.env = &vm.Env{Ctx: ctx, Store: store, Dispatch: h.queue, Clock: c, Zone: time.UTC, Log: slog.New(slog.DiscardHandler)}
	t.Cleanup(func() { end(); h.env.Wait(); h.watch.Close(); store.Close() })
	return h
}

func (h *host) Env() *vm.Env                            { return h.env }
func (h *host) Window() fyne.Window                     { return h.window }
func (h *host) Toast(text, _ string, undo func())       { h.said, h.undo = text, undo }
func (h *host) Follow(f func(vm.Changes))               { h.follow = f }
func (h *host) Guard(_ string, f func())                { f() }
func (h *host) ReadMessage(ids []localstore.MessageID)  { h.reading = ids }
func (h *host) HideLedger()                             { h.hidden = true }
func (h *host) Key(fyne.KeyName, fyne.KeyModifier) bool { return false }
func (h *host) write(t testing.TB, f func(*localstore.Tx) error) {
	t.Helper()
	if err := h.env.Store.Write(context.Background(), "test", f); err != nil {
		t.Fatal(err)
	}
}

// seed fills a maildrop with n mails, the first of them of every kind.
func (h *host) seed(t testing.TB, n int) {
	t.Helper()
	subjects := []string{"The photographs from the boat", "Harbour dues", "Two books are due on Friday", "Can I borrow the tent", "In your box: leeks, apples", "Rehearsal 24"}
	names := []string{"Eileen Vale", "Harbour Office", "Town Library", "Ned Vale", "Long Acre Farm", "Harbour Choir"}
	h.write(t, func(tx *localstore.Tx) error {
		account, err := tx.AddAccount(localstore.Account{Name: "home", Address: "robin@example.net", Mode: localstore.POP, PopDelete: localstore.DeleteDays, PopDays: 14, PopLimit: 5_000_000})
		if err != nil {
			return err
		}
		h.account = account
		drop, err := tx.OpenMaildrop(account, localstore.POP, "pop.example.net", 995, "robin")
		if err != nil {
			return err
		}
		if err := tx.AllowDeletes(drop.ID); err != nil {
			return err
		}
		inbox, err := tx.FolderByRole(account, localstore.RoleInbox)
		if err != nil {
			return err
		}
		for i := range n {
			k := i % len(names)
			c, err := tx.AddContent(localstore.NewContent{Account: account, HeaderID: fmt.Sprint(i, "@x"), Subject: subjects[k], Sender: fmt.Sprintf("%s <p%d@example.net>", names[k], k), Size: 4000})
			if err != nil {
				return err
			}
			m, err := tx.AddMessage(localstore.NewMessage{Folder: inbox.ID, Content: c, Arrived: noon.Add(-time.Duration(i) * time.Hour)})
			if err != nil {
				return err
			}
			l := localstore.PopLocation{Maildrop: drop.ID, UIDL: fmt.Sprint("u", i), Size: int64(4000 + 9000*i%70000), Message: m, State: localstore.PopKept, Until: noon.Add(time.Duration(3+i%9) * 24 * time.Hour)}
			switch i {
			case 0:
				l.State, l.Size, l.Until = localstore.PopSkipped, 38_000_000, time.Time{}
			case 1:
				l.State, l.Message, l.UIDL, l.Why, l.Until = localstore.PopSkipped, 0, "AAx81c07.00000f3a", "The server says no.", time.Time{}
			case 2:
				l.Until = noon.Add(-time.Hour)
			case 3:
				l.Pinned, l.Until = true, time.Time{}
			}
			if _, err := tx.AddPopLocation(l); err != nil {
				return err
			}
		}
		return nil
	})
}

// settle runs what is due until nothing comes any more.
func (h *host) settle(done func() bool) {
	h.queue.Until(done)
	h.env.Wait()
	drained := false
	h.env.Dispatch.Do(func() { drained = true })
	h.queue.Until(func() bool { return drained })
}

func open(t testing.TB, a theme.Appearance, n int) (*host, *Page) {
	t.Helper()
	kittest.App(t, a)
	h := newHost(t)
	h.seed(t, n)
	p := New(h)
	h.window = kittest.Window(t, theme.List, 378, 780, p.Object())
	p.Show(h.account)
	h.settle(p.model.Ready)
	return h, p
}

func TestGoldenLedger(t *testing.T) {
	for name, a := range map[string]theme.Appearance{"light": theme.Light, "dark": theme.Dark} {
		h, _ := open(t, a, 12)
		kittest.Golden(t, "ledger-"+name, h.window.Canvas().Capture())
	}
}

func TestGoldenLeft(t *testing.T) {
	h, p := open(t, theme.Light, 8)
	h.write(t, func(tx *localstore.Tx) error {
		var ids []localstore.LocationID
		for i := range 3 {
			ids = append(ids, p.model.ID(4+i))
		}
		if err := tx.SetPopState(ids[:2], localstore.PopGone, ""); err != nil {
			return err
		}
		return tx.SetPopState(ids[2:], localstore.PopForeign, "It went before it could be fetched.")
	})
	p.model.Load()
	h.settle(func() bool { return p.model.Len() == 5 })
	p.model.SetLeft(true)
	h.settle(func() bool { return true })
	kittest.Golden(t, "left-light", h.window.Canvas().Capture())
}

// TestTheButtonKeepsAndSelectsNothing presses a row's button and takes it back.
func TestTheButtonKeepsAndSelectsNothing(t *testing.T) {
	h, p := open(t, theme.Light, 12)
	i := 3 // the first that leaves on a date
	if r, _ := p.model.Row(i); r.Action != vm.ActKeep {
		t.Fatalf("%+v", r)
	}
	p.rows.OnAction(i)
	h.settle(func() bool { return h.said != "" })
	if h.said != "Stays on the server" || p.rows.Selection().Count() != 0 || p.model.Outlook() == "" {
		t.Errorf("%q, %d selected", h.said, p.rows.Selection().Count())
	}
	kept := 0
	count := func() int {
		kept = 0
		for i := range p.model.Len() {
			if r, ok := p.model.Row(i); ok && r.Tone == vm.LedgerKept {
				kept++
			}
		}
		return kept
	}
	if count() != 2 {
		t.Errorf("%d are kept", kept)
	}
	h.undo()
	h.settle(func() bool { return count() == 1 })
}

func TestAChosenMailIsReadBesideTheLedger(t *testing.T) {
	h, p := open(t, theme.Light, 12)
	p.rows.Select(2)
	r, _ := p.model.Row(2)
	if len(h.reading) != 1 || h.reading[0] != r.Message {
		t.Errorf("%v is read, not %d", h.reading, r.Message)
	}
	p.rows.TypedKey(&fyne.KeyEvent{Name: fyne.KeyDelete})
	p.rows.TypedKey(&fyne.KeyEvent{Name: fyne.KeyEscape})
	if !h.hidden {
		t.Error("Escape does not leave the page")
	}
	test.Scroll(h.window.Canvas(), fyne.NewPos(100, 500), 0, -100)
}
