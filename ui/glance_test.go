package ui

import (
	"context"
	"testing"

	"paquebot.app/localstore"
	"paquebot.app/ui/vm"
)

// setting returns a setting of a store.
func setting(t *testing.T, s *localstore.Store, name string) (value string) {
	t.Helper()
	if err := s.Read(context.Background(), func(v *localstore.View) (err error) {
		value, err = v.Setting(name)
		return err
	}); err != nil {
		t.Fatal(err)
	}
	return value
}

func calmProfile(t *testing.T) *localstore.Store {
	t.Helper()
	store := profile(t, 5, long(200), long(200))
	if err := store.Write(context.Background(), "test", func(tx *localstore.Tx) error { return tx.SetSetting(settingRunning, "") }); err != nil {
		t.Fatal(err)
	}
	return store
}

func TestTheNewestIsShownUnreadUntilTheUserTurnsToIt(t *testing.T) {
	store := calmProfile(t)
	w := openWindow(t, store)
	w.until(func() bool { return w.reader.State() == vm.Readable })
	if w.mid.rows.Cursor() != 0 || w.reader.Letter().Message.ID != w.list.ID(0) {
		t.Fatalf("row %d is selected", w.mid.rows.Cursor())
	}
	if !w.reader.Glancing() {
		t.Fatal("it will be marked read")
	}
	w.mid.rows.Select(0)
	if w.reader.Glancing() {
		t.Error("it stays unread")
	}
}

func TestAWindowThatDidNotEndInOrderIsFollowedByTheListAlone(t *testing.T) {
	store := calmProfile(t)
	first := openWindow(t, store)
	first.until(func() bool { return first.reader.State() == vm.Readable })
	if setting(t, store, settingRunning) == "" {
		t.Fatal("nothing tells that a window is open")
	}
	second := openWindow(t, store) // as after a crash of the first
	second.until(func() bool { return second.lastEnd != endUnknown })
	if second.reader.State() != vm.Nothing || second.mid.rows.Selection().Count() != 0 {
		t.Error("a letter is shown unasked")
	}
	second.Close()
	if setting(t, store, settingRunning) != "" {
		t.Error("the order of the end is not noted")
	}
}

func TestJunkIsNotShownUnasked(t *testing.T) {
	w := openWindow(t, calmProfile(t))
	w.until(func() bool { return w.reader.State() == vm.Readable })
	w.list.Show(vm.Place{Folder: w.list.Place().Folder, Role: localstore.RoleJunk}, "Junk")
	w.until(func() bool { return !w.list.Loading() })
	if w.mid.rows.Selection().Count() != 0 {
		t.Error("junk is selected")
	}
}
