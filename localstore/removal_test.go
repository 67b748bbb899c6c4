package localstore

import (
	"context"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"paquebot.app/internal/fault"
)

// markOnly removes an account as far as the first commit goes: as if the
// program had ended right after it.
func markOnly(f *fixture, keep bool) {
	f.t.Helper()
	ctx, end := context.WithCancel(context.Background())
	err := f.Write(ctx, "test", func(tx *Tx) error {
		end()
		return tx.RemoveAccount(f.account, keep)
	})
	if err != nil {
		f.t.Fatal(err)
	}
}

// removable is a profile whose account has mail of every kind, more than one
// commit of a removal takes, and another account that nothing happens to. kept
// are the Message-IDs of the mail that may be kept.
func removable(t *testing.T, mode Mode) (f *fixture, kept []string) {
	f = newFixture(t, mode)
	for n := range 2*removeBatch + 30 {
		c := f.content()
		stub := mode == IMAP && n%5 == 0
		if !stub {
			c = f.whole(c)
		}
		var id MessageID
		if mode == IMAP {
			id, _ = f.bind(f.inbox, uint32(n+1), c)
		} else {
			id = f.put(f.inbox, c)
		}
		switch {
		case n%17 == 3 && !stub: // deleted, but not at the server yet
			f.write(func(tx *Tx) error { return tx.do(setState, Deleted, id) })
			continue
		case n%17 == 4:
			f.write(func(tx *Tx) error { return tx.do(setState, Held, id) })
		}
		if n%3 == 0 {
			f.pend(Pending{Message: id, Kind: PendFlags, Set: Seen})
		}
		if !stub {
			kept = append(kept, c.HeaderID)
		}
	}
	f.index(nil)
	slices.Sort(kept)
	return f, kept
}

// mailOf returns the Message-IDs of all mail in an account's lists, sorted.
func mailOf(t testing.TB, s *Store, account AccountID) (ids []string) {
	t.Helper()
	read(t, s, func(v *View) error {
		folders, err := v.Folders(account)
		if err != nil {
			return err
		}
		for _, f := range folders {
			list, _, err := v.MessageIDs(List{Folder: f.ID}, 0, 1<<20)
			if err != nil {
				return err
			}
			all, err := v.Messages(list)
			if err != nil {
				return err
			}
			for _, m := range all {
				ids = append(ids, m.HeaderID)
			}
			if len(all) != f.Total {
				t.Errorf("%s lists %d of %d", f.Path, len(all), f.Total)
			}
		}
		return v.CheckCounts()
	})
	slices.Sort(ids)
	return ids
}

// wantHidden looks whether an account that is being removed is in any list.
func wantHidden(f *fixture) {
	f.t.Helper()
	f.read(func(v *View) error {
		all, err := v.Accounts()
		if len(all) != 1 || err != nil {
			f.t.Errorf("%d accounts are shown, %v", len(all), err)
		}
		_, err = v.AccountByName("Work")
		wantCause(f.t, err, fault.Missing)
		_, err = v.Folder(f.inbox)
		wantCause(f.t, err, fault.Missing)
		folders, err := v.Folders(f.account)
		if len(folders) > 0 || err != nil {
			f.t.Errorf("its folders are shown: %v", err)
		}
		ids, _, err := v.MessageIDs(List{Folder: f.inbox}, 0, 10)
		if len(ids) > 0 || err != nil {
			f.t.Errorf("its mail is listed: %v", err)
		}
		todo, err := v.Unindexed(10)
		if len(todo) > 0 || err != nil {
			f.t.Errorf("its mail is indexed: %v", err)
		}
		letters, err := v.Outbox(0, true)
		if len(letters) > 0 || err != nil {
			f.t.Errorf("its letters are shown: %v", err)
		}
		intents, err := v.Pendings(0)
		if len(intents) > 0 || err != nil {
			f.t.Errorf("its intents are shown: %v", err)
		}
		return err
	})
	found, err := f.Search(context.Background(), ParseQuery("mail", time.UTC), 0)
	if err != nil || len(found.Messages) > 0 {
		f.t.Errorf("%d of its messages are found, %v", len(found.Messages), err)
	}
	var local AccountID
	f.read(func(v *View) (err error) { local, err = v.LocalAccount(); return err })
	if ids := mailOf(f.t, f.Store, local); len(ids) > 0 {
		f.t.Errorf("%d messages are kept already", len(ids))
	}
}

// TestRemovalCrashes ends the program after every commit of a removal: at the
// next opening the end is the same, with nothing lost, nothing doubled, and
// until then nobody sees a half.
func TestRemovalCrashes(t *testing.T) {
	for _, mode := range []Mode{IMAP, POP} {
		for _, keep := range []bool{true, false} {
			t.Run(fmt.Sprint(mode, " keep ", keep), func(t *testing.T) {
				f, want := removable(t, mode)
				if !keep {
					want = nil
				}
				crashed := func(step int) {
					dir := filepath.Join(t.TempDir(), "profile")
					copyProfile(t, f.Dir(), dir)
					s := openStore(t, dir)
					defer s.Close()
					wantRemoved(t, s, want)
				}
				markOnly(f, keep)
				steps := 0
				for done := false; !done; steps++ {
					crashed(steps)
					var left int64
					f.read(func(v *View) (err error) { left, err = v.number(anyRemoving); return err })
					if left == 1 {
						wantHidden(f)
					}
					var err error
					if done, err = f.removeSome(context.Background()); err != nil {
						t.Fatal(err)
					}
				}
				if steps < 6 {
					t.Errorf("it took %d commits only", steps)
				}
				wantRemoved(t, f.Store, want)
			})
		}
	}
}

func wantRemoved(t testing.TB, s *Store, want []string) {
	t.Helper()
	var local AccountID
	read(t, s, func(v *View) error {
		all, err := v.Accounts()
		if len(all) != 1 || err != nil {
			t.Fatalf("%d accounts are left, %v", len(all), err)
		}
		local = all[0].ID
		for _, table := range []string{"pending", "imap_locations", "pop_locations", "maildrops", "remote_folders", "outbox"} {
			if n, err := v.c.number(context.Background(), "SELECT count(*) FROM "+table); n != 0 || err != nil {
				t.Errorf("%d rows of %s are left, %v", n, table, err)
			}
		}
		n, err := v.c.number(context.Background(), "SELECT count(*) FROM contents")
		if err == nil && int(n) != len(want) {
			t.Errorf("%d contents are left, want %d", n, len(want))
		}
		return err
	})
	if got := mailOf(t, s, local); !slices.Equal(got, want) {
		t.Errorf("%d messages are kept, want %d", len(got), len(want))
	}
	report, err := s.Verify(context.Background(), nil)
	if err != nil || len(report.Damaged) != 0 {
		t.Errorf("%+v, %v", report, err)
	}
}

// TestNothingBeginsInARemovedAccount: a letter that was begun before is not
// taken, so that none is forgotten with the account.
func TestNothingBeginsInARemovedAccount(t *testing.T) {
	f := newFixture(t, POP)
	letter := NewLetter{Account: f.account, Content: f.whole(f.content()), EnvelopeFrom: "a@example.org", Recipients: []string{"b@example.org"}}
	markOnly(f, true)
	for _, begin := range []func(*Tx) error{
		func(tx *Tx) error { _, err := tx.Queue(letter); return err },
		func(tx *Tx) error { _, err := tx.NewDraft(f.account, 0); return err },
		func(tx *Tx) error { _, err := tx.EnsureFolder(f.account, "New", RoleNone); return err },
	} {
		wantCause(t, f.Write(context.Background(), "test", begin), fault.Missing)
	}
}

// TestRemovedNameIsFree: another account may have the name at once, and what
// was kept of two accounts of one name lies in folders of two names.
func TestRemovedNameIsFree(t *testing.T) {
	f, _ := removable(t, POP)
	f.write(func(tx *Tx) error { return tx.RemoveAccount(f.account, true) })
	var second AccountID
	f.write(func(tx *Tx) (err error) {
		second, err = tx.AddAccount(Account{Name: "Work", Mode: POP})
		return err
	})
	f.read(func(v *View) error {
		inbox, err := v.FolderByRole(second, RoleInbox)
		f.account, f.inbox = second, inbox.ID
		return err
	})
	f.put(f.inbox, f.whole(f.content()))
	markOnly(f, true)
	f.write(func(tx *Tx) error { _, err := tx.AddAccount(Account{Name: "Work", Mode: IMAP}); return err })
	if err := f.FinishRemovals(context.Background()); err != nil {
		t.Fatal(err)
	}
	f.read(func(v *View) error {
		local, err := v.LocalAccount()
		if err != nil {
			return err
		}
		folders, err := v.Folders(local)
		var paths []string
		for _, folder := range folders {
			if strings.HasPrefix(folder.Path, "Work/") {
				paths = append(paths, folder.Path)
			}
		}
		if !slices.Equal(paths, []string{"Work/INBOX", "Work/INBOX (2)"}) {
			t.Errorf("%q", paths)
		}
		return err
	})
}
