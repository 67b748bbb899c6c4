package vm

import (
	"strings"
	"testing"

	"paquebot.app/localstore"
)

// newPack returns the page's model over an inbox of n mails.
func (f *fixture) newPack(n int) *Pack {
	f.t.Helper()
	f.add(localstore.RoleInbox, n)
	p := NewPack(f.env, nil)
	p.Refused = func(err error) { f.t.Errorf("refused: %v", err) }
	p.Set(func(in *PackInput) { in.Days = 0 })
	p.Show(true)
	f.settle()
	return p
}

func TestThePackIsEstimatedBegunAndEndsWithAReceipt(t *testing.T) {
	f := newFixture(t)
	p := f.newPack(3)
	if title, line := p.Estimate(); title != "3 messages" || !strings.Contains(line, "to fetch") || p.Phase() != PackChoosing {
		t.Errorf("%q %q, phase %d", title, line, p.Phase())
	}
	p.Set(func(in *PackInput) { in.Scope = PackSome })
	f.settle()
	if title, _ := p.Estimate(); title != "No mail is chosen" || !p.Empty() {
		t.Errorf("no folder: %q", title)
	}
	p.Set(func(in *PackInput) { in.Scope, in.Budget = PackInbox, 2_000_000 })
	p.Begin()
	f.settle()
	done, title, line := p.Progress(true)
	if p.Phase() != PackRunning || done != 0 || title != "0 of 3 messages can be read offline" || !strings.Contains(line, "of 2.0 MB") {
		t.Errorf("phase %d: %v %q %q", p.Phase(), done, title, line)
	}
	if _, _, line := p.Progress(false); !strings.Contains(line, "connection") {
		t.Errorf("offline: %q", line)
	}
	f.write(func(tx *localstore.Tx) error {
		all, err := tx.PackWishes(f.account, 10)
		if err != nil {
			return err
		}
		for i, w := range all {
			if i == 0 {
				err = tx.SetText(w.Content, []localstore.Part{{Section: "2", Type: "image/png", Name: "boat.png", Size: 4_000_000}}, "", 1)
			} else {
				err = tx.FailWish(w.Content, w.Section, "The server refused: busy.")
			}
			if err != nil {
				return err
			}
		}
		return nil
	})
	p.Load()
	f.settle()
	whole, title, line := p.Receipt()
	if p.Phase() != PackDone || whole || title != "1 of 3 messages can be read offline" || !strings.Contains(line, "1 attachment left on the server") {
		t.Errorf("phase %d: %q %q", p.Phase(), title, line)
	}
	gaps := p.Gaps()
	if len(gaps) != 2 || gaps[0].Count != "2" || !strings.Contains(gaps[0].Reason, "busy") || gaps[1].Items[0].Name != "boat.png" {
		t.Errorf("%+v", gaps)
	}
	p.Again()
	if p.Phase() != PackChoosing {
		t.Error("the choice does not come back")
	}
}

func TestAPackThatLacksNothingSaysSo(t *testing.T) {
	f := newFixture(t)
	f.letter("From: a@b.example\r\nSubject: Hello\r\n\r\nHi\r\n")
	p := NewPack(f.env, nil)
	p.Set(func(in *PackInput) { in.Days = 0 })
	p.Begin()
	f.settle()
	if whole, title, line := p.Receipt(); !whole || title != "Everything is here" || !strings.HasPrefix(line, "1 message · ") {
		t.Errorf("%v %q %q", whole, title, line)
	}
}

func TestAPackIsCancelledAndWhatCameStays(t *testing.T) {
	f := newFixture(t)
	p := f.newPack(2)
	p.Begin()
	f.settle()
	p.Cancel()
	f.settle()
	if _, title, _ := p.Receipt(); p.Phase() != PackDone || title != "0 of 2 messages can be read offline" || p.Gaps()[0].Reason != localstore.PackNotYet {
		t.Errorf("phase %d: %q, %+v", p.Phase(), title, p.Gaps())
	}
}

func TestThePageHasTheByteMeterAndTheSwitch(t *testing.T) {
	f := newFixture(t)
	p := f.newPack(1)
	p.SetTextOnly(true)
	f.write(func(tx *localstore.Tx) error {
		if err := tx.AddTraffic(f.account, noon, 3000, 2_100_000); err != nil {
			return err
		}
		return tx.AddTraffic(f.account, noon.AddDate(0, 0, -3), 1000, 900_000)
	})
	f.settle()
	p.Load()
	f.settle()
	if all := p.Traffic(); len(all) != 1 || all[0] != (PackTraffic{"work", "2.1 MB in · 3 KB out", "3.0 MB in · 4 KB out"}) || !p.TextOnly() {
		t.Errorf("%+v, text only %v", all, p.TextOnly())
	}
}
