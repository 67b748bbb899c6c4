package localstore

import (
	"context"
	"slices"
	"testing"

	"paquebot.app/internal/fault"
)

func (f *fixture) pendings(account AccountID) (all []Pending) {
	f.t.Helper()
	f.read(func(v *View) (err error) {
		all, err = v.Pendings(account)
		return err
	})
	return all
}

func (f *fixture) duePendings() (all []Pending) {
	f.t.Helper()
	f.read(func(v *View) (err error) {
		all, err = v.DuePendings(f.account, f.clock.Now())
		return err
	})
	return all
}

// owes checks the kinds of an account's intents.
func (f *fixture) owes(what string, kinds ...PendingKind) []Pending {
	f.t.Helper()
	all := f.pendings(f.account)
	var got []PendingKind
	for _, p := range all {
		got = append(got, p.Kind)
	}
	if !slices.Equal(got, kinds) {
		f.t.Fatalf("%s: pending are %v, want %v", what, got, kinds)
	}
	return all
}

func (f *fixture) act(do func(*Tx) error) { f.t.Helper(); f.write(do) }

func TestFlagsFold(t *testing.T) {
	f := newFixture(t, IMAP)
	id, l := f.bind(f.inbox, 1, f.content())
	one := []MessageID{id}
	f.act(func(tx *Tx) error { return tx.SetBase(l.ID, Seen, []string{"work"}, 0) })
	f.act(func(tx *Tx) error { return tx.SetFlags(one, Flagged|Seen, 0) })
	p := f.owes("flagged", PendFlags)[0]
	if p.Set != Flagged || p.Clear != 0 {
		t.Fatalf("flagged: %+v", p)
	}
	f.act(func(tx *Tx) error { return tx.SetKeywords(one, []string{"home"}, []string{"work", "none"}) })
	p = f.owes("words", PendFlags)[0]
	if p.Set != Flagged || !slices.Equal(p.SetWords, []string{"home"}) || !slices.Equal(p.ClearWords, []string{"work"}) {
		t.Fatalf("words: %+v", p)
	}
	if m := f.message(id); m.Flags != Seen|Flagged || !slices.Equal(m.Keywords, []string{"home"}) || !m.Pending {
		t.Fatalf("shown: %+v", m)
	}
	f.act(func(tx *Tx) error { return tx.SetFlags(one, 0, Flagged) })
	f.act(func(tx *Tx) error { return tx.SetKeywords(one, []string{"work"}, []string{"home"}) })
	f.owes("taken back")
	wantCause(t, f.Write(context.Background(), "word", func(tx *Tx) error { return tx.SetKeywords(one, []string{"two words"}, nil) }), fault.Data)
}

func TestFlagsDoneWhileTheUserWentOn(t *testing.T) {
	f := newFixture(t, IMAP)
	id, _ := f.bind(f.inbox, 1, f.content())
	one := []MessageID{id}
	f.act(func(tx *Tx) error { return tx.SetFlags(one, Flagged|Seen, 0) })
	told := f.owes("told", PendFlags)[0]
	f.act(func(tx *Tx) error { return tx.SetFlags(one, Answered, Flagged|Seen) })
	f.act(func(tx *Tx) error { return tx.PendingDone(told) })
	p := f.owes("after the first answer", PendFlags)[0]
	if p.Set != Answered || p.Clear != Flagged|Seen {
		t.Fatalf("what is left: %+v", p)
	}
	if got := f.message(id).Flags; got != Answered {
		t.Errorf("shown are %v", got.Names())
	}
	f.act(func(tx *Tx) error { return tx.PendingDone(p) })
	f.owes("in the end")
	if got := f.message(id).Flags; got != Answered {
		t.Errorf("shown are %v", got.Names())
	}
}

func TestMoveFolds(t *testing.T) {
	f := newFixture(t, IMAP)
	id, _ := f.bind(f.inbox, 1, f.content())
	one := []MessageID{id}
	f.act(func(tx *Tx) error { return tx.Move(one, f.archive) })
	f.act(func(tx *Tx) error { return tx.Move(one, f.trash) })
	if p := f.owes("twice", PendMove)[0]; p.Source != f.inbox || p.Target != f.trash {
		t.Fatalf("%+v", p)
	}
	f.act(func(tx *Tx) error { return tx.Move(one, f.inbox) })
	f.owes("back")
	f.act(func(tx *Tx) error { return tx.SetFlags(one, Seen, 0) })
	f.act(func(tx *Tx) error { return tx.Move(one, f.archive) })
	f.owes("moved and seen", PendFlags, PendMove)
	f.act(func(tx *Tx) error { return tx.DeleteNow(one) })
	p := f.owes("deleted", PendDelete)[0]
	if p.Source != f.inbox || f.message(id).State != Deleted {
		t.Fatalf("%+v of %+v", p, f.message(id))
	}
	f.act(func(tx *Tx) error { return tx.CancelPending(p.ID) })
	if m := f.message(id); m.State != Shown || m.Folder != f.inbox {
		t.Fatalf("taken back: %+v", m)
	}
	f.act(func(tx *Tx) error { return tx.Delete(one) })
	if m := f.message(id); m.Folder != f.trash {
		t.Fatalf("in the Trash: %+v", m)
	}
	moved := f.owes("to the Trash", PendMove)[0]
	f.act(func(tx *Tx) error { return tx.Delete(one) })
	gone := f.owes("for good", PendDelete)[0]
	// The server did the move while the user deleted.
	f.act(func(tx *Tx) error {
		if err := tx.Rebind(id, ImapLocation{RemoteFolder: f.remoteIn(tx, f.trash), UIDValidity: 7, UID: 9}); err != nil {
			return err
		}
		return tx.PendingDone(moved)
	})
	if p := f.owes("moved meanwhile", PendDelete)[0]; p.Source != f.trash || f.message(id).State != Deleted {
		t.Fatalf("%+v", p)
	}
	f.act(func(tx *Tx) error { return tx.PendingDone(gone) })
	f.owes("in the end")
	if !f.gone(id) {
		t.Error("it is still there")
	}
}

func (f *fixture) remoteIn(tx *Tx, folder FolderID) RemoteFolderID {
	rf, ok, err := tx.RemoteFolderOf(folder)
	if err != nil || !ok {
		f.t.Fatal("no remote folder", err)
	}
	return rf.ID
}

func TestMoveDoneWhileTheUserWentOn(t *testing.T) {
	for name, c := range map[string]struct {
		to   func(*fixture) FolderID
		left []PendingKind
	}{
		"on":   {func(f *fixture) FolderID { return f.trash }, []PendingKind{PendMove}},
		"back": {func(f *fixture) FolderID { return f.inbox }, []PendingKind{PendMove}},
		"not":  {func(f *fixture) FolderID { return f.archive }, nil},
	} {
		f := newFixture(t, IMAP)
		id, _ := f.bind(f.inbox, 1, f.content())
		f.act(func(tx *Tx) error { return tx.Move([]MessageID{id}, f.archive) })
		told := f.owes(name, PendMove)[0]
		f.act(func(tx *Tx) error { return tx.Move([]MessageID{id}, c.to(f)) })
		f.act(func(tx *Tx) error {
			if err := tx.Rebind(id, ImapLocation{RemoteFolder: f.remoteIn(tx, f.archive), UIDValidity: 7, UID: 9}); err != nil {
				return err
			}
			return tx.PendingDone(told)
		})
		for _, p := range f.owes(name, c.left...) {
			if p.Source != f.archive || p.Target != c.to(f) {
				t.Errorf("%s: %+v", name, p)
			}
		}
		if got := f.message(id).Folder; got != c.to(f) {
			t.Errorf("%s: it lies in %d, want %d", name, got, c.to(f))
		}
	}
}

func TestLocalMailHasNoIntents(t *testing.T) {
	for _, mode := range []Mode{POP, Local} {
		f := newFixture(t, mode)
		id := f.put(f.inbox, f.whole(f.content()))
		one := []MessageID{id}
		f.act(func(tx *Tx) error { return tx.SetFlags(one, Seen, 0) })
		f.act(func(tx *Tx) error { return tx.Move(one, f.archive) })
		f.act(func(tx *Tx) error { return tx.Delete(one) })
		if m := f.message(id); m.Folder != f.trash || m.Flags != Seen {
			t.Errorf("%s: %+v", mode, m)
		}
		f.act(func(tx *Tx) error { return tx.Delete(one) })
		if !f.gone(id) {
			t.Errorf("%s: deleted for good, it is there", mode)
		}
		f.owes(string(mode))
	}
}

func TestPopDeletesOnTheServerWhenDeletedHere(t *testing.T) {
	for policy, want := range map[DeletePolicy]PopState{DeleteWhen: PopDeleting, DeleteNever: PopKept} {
		f := newFixture(t, POP)
		c := f.whole(f.content())
		id := f.put(f.inbox, c)
		f.act(func(tx *Tx) error {
			a, err := tx.Account(f.account)
			if err != nil {
				return err
			}
			a.PopDelete = policy
			if err := tx.SetAccount(a); err != nil {
				return err
			}
			_, err = tx.AddPopLocation(PopLocation{Maildrop: f.drop, UIDL: "u", HeaderHash: c.HeaderHash, Size: 10, Message: id, State: PopKept, StoredAt: day})
			return err
		})
		f.act(func(tx *Tx) error { return tx.Delete([]MessageID{id}) })
		f.act(func(tx *Tx) error { return tx.Delete([]MessageID{id}) })
		f.read(func(v *View) error {
			rows, err := v.Ledger(f.drop)
			if len(rows) != 1 || rows[0].State != want {
				t.Errorf("%s: %+v", policy, rows)
			}
			return err
		})
	}
}

func TestDeletingMakesTheTrash(t *testing.T) {
	f := newFixture(t, IMAP)
	f.act(func(tx *Tx) error { return tx.DropRemoteFolder(f.remoteIn(tx, f.trash)) })
	id, _ := f.bind(f.inbox, 1, f.content())
	f.act(func(tx *Tx) error { return tx.Delete([]MessageID{id}) })
	all := f.owes("deleted", PendFolderCreate, PendMove)
	if due := f.duePendings(); len(due) != 1 || due[0].Kind != PendFolderCreate || due[0].Name != "Trash" {
		t.Fatalf("due: %+v", due)
	}
	f.remote(f.trash)
	f.act(func(tx *Tx) error { return tx.PendingDone(all[0]) })
	if due := f.duePendings(); len(due) != 1 || due[0].Kind != PendMove {
		t.Fatalf("due: %+v", due)
	}
}

func TestCopy(t *testing.T) {
	f := newFixture(t, IMAP)
	id, _ := f.bind(f.inbox, 1, f.content())
	var copies []MessageID
	f.act(func(tx *Tx) (err error) {
		copies, err = tx.Copy([]MessageID{id}, f.archive)
		return err
	})
	p := f.owes("copied", PendCopy)[0]
	if m := f.message(copies[0]); m.Content != f.message(id).Content || m.Folder != f.archive || p.Message != m.ID {
		t.Fatalf("%+v by %+v", m, p)
	}
	// The source does not go before its copy is made.
	f.act(func(tx *Tx) error { return tx.DeleteNow([]MessageID{id}) })
	f.owes("and deleted", PendCopy, PendDelete)
	if due := f.duePendings(); len(due) != 1 || due[0].Kind != PendCopy {
		t.Fatalf("due: %+v", due)
	}
	f.act(func(tx *Tx) error {
		if _, err := tx.AddImapLocation(ImapLocation{Message: copies[0], RemoteFolder: f.remoteIn(tx, f.archive), UIDValidity: 7, UID: 5}); err != nil {
			return err
		}
		return tx.PendingDone(p)
	})
	if due := f.duePendings(); len(due) != 1 || due[0].Kind != PendDelete {
		t.Fatalf("due: %+v", due)
	}
}

func TestRefusedThriceIsStuck(t *testing.T) {
	f := newFixture(t, IMAP)
	id, _ := f.bind(f.inbox, 1, f.content())
	f.act(func(tx *Tx) error { return tx.SetFlags([]MessageID{id}, Flagged, 0) })
	p := f.owes("flagged", PendFlags)[0]
	for n := 1; n <= 3; n++ {
		f.act(func(tx *Tx) error { return tx.PendingRefused(p.ID, "NO", day) })
		if got := f.owes("refused", PendFlags)[0]; got.Attempts != n || (got.State == PendStuck) != (n == 3) || got.Error != "NO" {
			t.Fatalf("%+v", got)
		}
	}
	if due := f.duePendings(); len(due) != 0 {
		t.Fatalf("due: %+v", due)
	}
	f.act(func(tx *Tx) error { return tx.CancelPending(p.ID) })
	if m := f.message(id); m.Flags != 0 || m.Pending {
		t.Errorf("%+v", m)
	}
}
