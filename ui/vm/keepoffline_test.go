package vm

import (
	"testing"

	"paquebot.app/localstore"
)

// TestWhatOfAFolderIsKeptIsChosenInItsMenu, and a folder of which only the name
// is kept is read when it is shown.
func TestWhatOfAFolderIsKeptIsChosenInItsMenu(t *testing.T) {
	f := newFixture(t)
	a := newActing(f)
	archive := f.folder(localstore.RoleArchive)
	var all []Keep
	read := func() (now string) {
		t.Helper()
		all = nil
		a.KeepsOf(archive.ID, func(k []Keep) { all = k })
		f.settle()
		n := 0
		for _, k := range all {
			if k.Now {
				now, n = k.Words, n+1
			}
		}
		if n != 1 || a.err != nil {
			t.Fatalf("%+v, %v", all, a.err)
		}
		return now
	}
	if now := read(); now != "As in the account" {
		t.Errorf("at first %q", now)
	}
	for _, i := range []int{4, 6, 1} {
		k := all[i]
		a.SetKeep(archive.ID, k)
		f.settle()
		if now := read(); now != k.Words {
			t.Errorf("chosen %q, now %q", k.Words, now)
		}
	}
	reads := func() (reads bool) {
		f.read(func(v *localstore.View) error {
			one, _, err := v.FetchingOf(archive)
			reads = one.Reads(f.clock.Now())
			return err
		})
		return reads
	}
	if reads() {
		t.Error("a folder of which only the name is kept is read")
	}
	l := NewList(f.env)
	l.Show(Place{Account: f.account, Folder: archive.ID, Role: localstore.RoleArchive}, "Archive")
	f.settle()
	if !reads() {
		t.Error("it is not read when it is shown")
	}
	a.KeepsOf(f.folder(localstore.RoleOutbox).ID, func([]Keep) { t.Error("the outbox is on no server") })
	f.settle()
}

func TestTheAccountsSettingsOfWhatIsKept(t *testing.T) {
	f := newFixture(t)
	l := NewAccounts(f.env, nil)
	l.Load()
	f.settle()
	l.SetKeep(f.account, Keeps()[5])
	f.settle()
	l.SetQuota(f.account, 1_000_000_000)
	f.settle()
	l.SetFetchLimit(f.account, 500_000)
	f.settle()
	r := l.Rows()[0]
	if r.Account.Policy != localstore.FetchAll || r.Quota != 1_000_000_000 || r.FetchLimit != 500_000 || r.Used == "" {
		t.Errorf("%+v", r)
	}
	for days, want := range map[int]string{7: "The text of the last 30 days", 90: "The text of the last 90 days", 400: "Everything"} {
		if all := Keeps(); all[KeepAt(all, localstore.FetchText, days)].Words != want {
			t.Errorf("%d days: %q", days, all[KeepAt(all, localstore.FetchText, days)].Words)
		}
	}
}
