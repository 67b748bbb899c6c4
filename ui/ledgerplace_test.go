package ui

import (
	"context"
	"testing"

	"fyne.io/fyne/v2"

	"paquebot.app/localstore"
	"paquebot.app/ui/kit"
	"paquebot.app/ui/vm"
)

// page is a ledger page that only notes what it is told.
type page struct {
	*kit.Button
	shown []localstore.AccountID
}

func (p *page) Object() fyne.CanvasObject         { return p.Button }
func (p *page) Focus() fyne.Focusable             { return p.Button }
func (p *page) Show(account localstore.AccountID) { p.shown = append(p.shown, account) }

// TestTheLedgerStandsInTheListsPlace acts on the letter beside the ledger, not
// on what is selected in the list behind it.
func TestTheLedgerStandsInTheListsPlace(t *testing.T) {
	store := profile(t, 6, long(400), long(300))
	p := &page{Button: kit.NewButton(kit.Plain, "", "page", func() {})}
	w := openWindow(t, store, func(c *Config) { c.Views.Ledger = func(Host) Ledger { return p } })
	w.mid.rows.Select(0)
	w.until(func() bool { return w.reader.State() == vm.Readable })
	behind := w.list.ID(0)
	account := w.list.Place().Account
	w.ShowLedger(account)
	if w.mid.stack.Objects[0] != p.Object() || len(p.shown) != 1 || p.shown[0] != account || w.picked() != 0 || w.reader.State() != vm.Nothing {
		t.Fatalf("shown %v, %d picked", p.shown, w.picked())
	}
	other := w.list.ID(1)
	w.ReadMessage([]localstore.MessageID{other})
	w.until(func() bool { return w.reader.State() == vm.Readable })
	if got := w.chosen(); len(got) != 1 || got[0] != other {
		t.Fatalf("%v is chosen, not %d", got, other)
	}
	w.star()
	flagged := func(id localstore.MessageID) (yes bool) {
		_ = store.Read(context.Background(), func(v *localstore.View) error {
			m, err := v.Message(id)
			yes = m.Flags&localstore.Flagged != 0
			return err
		})
		return yes
	}
	w.until(func() bool { return flagged(other) })
	if flagged(behind) {
		t.Error("what the list has selected was acted on")
	}
	w.escape()
	if w.onLedger || w.mid.stack.Objects[0] != w.mid.whole || p.shown[len(p.shown)-1] != 0 {
		t.Errorf("the list is not back; shown %v", p.shown)
	}
	w.ReadMessage([]localstore.MessageID{other}) // late: nothing
	w.until(func() bool { return !w.list.Loading() })
	if w.picked() > 1 {
		t.Errorf("%d picked", w.picked())
	}
}

// TestTheReadingPaneSaysWhyThereIsNothing searches for what is not there.
func TestTheReadingPaneSaysWhyThereIsNothing(t *testing.T) {
	w := openWindow(t, profile(t, 3))
	if w.pane.Nothing() != "Choose one on the left to read it here." {
		t.Error("it does not say that one can be chosen")
	}
	w.mid.search.SetText("xylophone")
	w.until(func() bool { return w.list.Query() != "" && !w.list.Loading() && w.list.Len() == 0 })
	w.until(func() bool { return w.pane.Nothing() == "The search found no message. Fewer words find more." })
	w.mid.search.SetText("")
	w.until(func() bool { return w.list.Len() == 3 && w.pane.Nothing() == "Choose one on the left to read it here." })
}
