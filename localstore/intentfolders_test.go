package localstore

import (
	"context"
	"testing"

	"paquebot.app/internal/fault"
)

func (f *fixture) create(path string) (id FolderID) {
	f.t.Helper()
	f.write(func(tx *Tx) (err error) {
		id, err = tx.CreateFolder(f.account, path)
		return err
	})
	return id
}

func (f *fixture) pathOf(id FolderID) (path string) {
	f.t.Helper()
	f.read(func(v *View) error {
		folder, err := v.Folder(id)
		path = folder.Path
		return err
	})
	return path
}

func TestFolderIntentsFold(t *testing.T) {
	f := newFixture(t, IMAP)
	id := f.create("Old")
	told := f.owes("created", PendFolderCreate)[0]
	f.act(func(tx *Tx) error { return tx.RenameFolder(id, "New") })
	if p := f.owes("renamed", PendFolderCreate)[0]; p.Name != "New" || f.pathOf(id) != "New" {
		t.Fatalf("%+v", p)
	}
	// The server made it under its first name meanwhile.
	f.remote(id)
	f.act(func(tx *Tx) error { return tx.PendingDone(told) })
	p := f.owes("made", PendFolderRename)[0]
	if p.Name != "New" || p.Target != id {
		t.Fatalf("%+v", p)
	}
	f.act(func(tx *Tx) error { return tx.RenameFolder(id, "Old") })
	f.owes("renamed back")
	f.act(func(tx *Tx) error { return tx.RenameFolder(id, "Newest") })
	p = f.owes("renamed", PendFolderRename)[0]
	f.act(func(tx *Tx) error { return tx.CancelPending(p.ID) })
	f.owes("taken back")
	if f.pathOf(id) != "Old" {
		t.Errorf("it is called %q", f.pathOf(id))
	}
}

func TestRenameTakesThoseBelow(t *testing.T) {
	f := newFixture(t, POP)
	a, ab, abc, other := f.create("A"), f.create("A/B"), f.create("A/B/C"), f.create("AB")
	f.act(func(tx *Tx) error { return tx.RenameFolder(a, "Z/Y") })
	for id, want := range map[FolderID]string{a: "Z/Y", ab: "Z/Y/B", abc: "Z/Y/B/C", other: "AB"} {
		if got := f.pathOf(id); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
	f.owes("local")
}

func TestFolderRefusals(t *testing.T) {
	f := newFixture(t, IMAP)
	a := f.create("A")
	for name, do := range map[string]func(*Tx) error{
		"there already": func(tx *Tx) error { _, err := tx.CreateFolder(f.account, "A"); return err },
		"no name":       func(tx *Tx) error { _, err := tx.CreateFolder(f.account, "A//B"); return err },
		"control":       func(tx *Tx) error { _, err := tx.CreateFolder(f.account, "A\x00B"); return err },
		"inbox":         func(tx *Tx) error { _, err := tx.CreateFolder(f.account, "inbox"); return err },
		"rename inbox":  func(tx *Tx) error { return tx.RenameFolder(f.inbox, "B") },
		"into itself":   func(tx *Tx) error { return tx.RenameFolder(a, "A/B") },
		"taken":         func(tx *Tx) error { return tx.RenameFolder(a, "Trash") },
		"delete inbox":  func(tx *Tx) error { return tx.DeleteFolder(f.inbox) },
		"delete trash":  func(tx *Tx) error { return tx.DeleteFolder(f.trash) },
	} {
		t.Log(name)
		wantCause(t, f.Write(context.Background(), "refused", do), fault.Data)
	}
}

func TestDeleteFolder(t *testing.T) {
	f := newFixture(t, IMAP)
	top, below := f.create("A"), f.create("A/B")
	f.remote(top)
	f.act(func(tx *Tx) error {
		for _, p := range f.pendingsIn(tx) {
			if err := tx.PendingDone(p); err != nil {
				return err
			}
		}
		return nil
	})
	id, _ := f.bind(top, 1, f.content())
	late := f.put(below, f.content())
	f.act(func(tx *Tx) error { return tx.DeleteFolder(top) })
	all := f.owes("deleted", PendMove, PendFolderDelete)
	if due := f.duePendings(); len(due) != 1 || due[0].Kind != PendMove {
		t.Fatalf("the folder is due before it is empty: %+v", due)
	}
	if f.message(id).Folder != f.trash || f.message(late).Folder != f.trash {
		t.Error("its messages are not in the Trash")
	}
	wantCause(t, f.Write(context.Background(), "into", func(tx *Tx) error { return tx.Move([]MessageID{id}, top) }), fault.Data)
	f.act(func(tx *Tx) error {
		if err := tx.Rebind(id, ImapLocation{RemoteFolder: f.remoteIn(tx, f.trash), UIDValidity: 7, UID: 9}); err != nil {
			return err
		}
		return tx.PendingDone(all[0])
	})
	if due := f.duePendings(); len(due) != 1 || due[0].Kind != PendFolderDelete {
		t.Fatalf("due: %+v", due)
	}
	surprise, _ := f.bind(top, 2, f.content())
	f.act(func(tx *Tx) error { return tx.PendingDone(all[1]) })
	f.read(func(v *View) error {
		_, err := v.Folder(top)
		wantCause(t, err, fault.Missing)
		return nil
	})
	if m := f.message(surprise); m.Folder != f.trash {
		t.Errorf("what came meanwhile: %+v", m)
	}
}

func (f *fixture) pendingsIn(tx *Tx) []Pending {
	all, err := tx.Pendings(f.account)
	if err != nil {
		f.t.Fatal(err)
	}
	return all
}
