package localstore

import (
	"slices"
	"testing"
)

// TestADeletedFolderLeavesTheHoldAlone: what was held in a folder is held still
// when the folder is deleted, and is found by is:held; what another client had
// marked \Deleted in it goes by the keep rule.
func TestADeletedFolderLeavesTheHoldAlone(t *testing.T) {
	f := newFixture(t, IMAP)
	mail := func(uid uint32, subject string, c NewContent) (MessageID, ImapLocation) {
		c.Subject = subject
		return f.bind(f.archive, uid, c)
	}
	held, _ := mail(1, "held", f.whole(f.content()))
	shown, at := mail(2, "shown", f.whole(f.content()))
	marked, markedAt := mail(3, "marked", f.whole(f.content()))
	stub, stubAt := mail(4, "stub", f.content())
	f.index(nil)
	f.write(func(tx *Tx) error {
		if err := tx.holdMessage(held); err != nil {
			return err
		}
		for _, l := range []ImapLocation{markedAt, stubAt} {
			if err := tx.SetBase(l.ID, ServerDeleted, nil, 0); err != nil {
				return err
			}
		}
		return tx.DeleteFolder(f.archive)
	})
	if m := f.message(held); m.State != Held || m.Folder != f.archive {
		t.Errorf("held: %+v", m)
	}
	if m := f.message(shown); m.State != Shown || m.Folder != f.trash {
		t.Errorf("shown: %+v", m)
	}
	f.write(func(tx *Tx) error {
		for _, p := range f.pendingsIn(tx) {
			if p.Kind == PendMove {
				at.RemoteFolder, at.UID = f.remoteIn(tx, f.trash), 9
				if err := tx.Rebind(shown, at); err != nil {
					return err
				}
			}
			if err := tx.PendingDone(p); err != nil {
				return err
			}
		}
		return nil
	})
	for _, id := range []MessageID{held, marked} {
		if m := f.message(id); m.State != Held || m.Folder != f.trash {
			t.Errorf("after the folder has gone: %+v", m)
		}
	}
	if !f.gone(stub) {
		t.Error("a header that the server has no more is still here")
	}
	found := f.search("is:held")
	slices.Sort(found.Messages)
	if !slices.Equal(found.Messages, []MessageID{held, marked}) || found.Total != 2 {
		t.Errorf("is:held finds %v", found)
	}
	for typed, want := range map[string]int{"is:held shown": 0, "shown": 1, "is:held marked": 1, "is:held in:Trash": 2} {
		if found := f.search(typed); found.Total != want {
			t.Errorf("%s finds %v", typed, found)
		}
	}
}

// TestAFolderThatCannotBeLeftIsNotDeleted: when a message is given up that was to
// leave a folder first, the folder stays, and nothing waits for ever.
func TestAFolderThatCannotBeLeftIsNotDeleted(t *testing.T) {
	f := newFixture(t, IMAP)
	f.bind(f.archive, 1, f.whole(f.content()))
	f.write(func(tx *Tx) error { return tx.DeleteFolder(f.archive) })
	f.write(func(tx *Tx) error {
		for _, p := range f.pendingsIn(tx) {
			if p.Kind != PendMove {
				continue
			}
			if on, ok, err := tx.LeavesFolder(p); err != nil || !ok || on.Target != f.archive {
				t.Errorf("%+v waits for it: %v, %v", on, ok, err)
			}
			if err := tx.GiveUp(p.ID, "NO [OVERQUOTA]"); err != nil {
				return err
			}
		}
		return nil
	})
	left := f.pendings(f.account)
	if len(left) != 1 || left[0].Kind != PendMove || left[0].State != PendStuck {
		t.Errorf("%+v", left)
	}
}

// TestACopyOfNothingIsForgotten: what is nowhere to be copied from, and here only
// as a header, does not wait for ever.
func TestACopyOfNothingIsForgotten(t *testing.T) {
	f := newFixture(t, IMAP)
	id, _ := f.bind(f.inbox, 1, f.content())
	var copies []MessageID
	f.write(func(tx *Tx) (err error) {
		copies, err = tx.Copy([]MessageID{id}, f.archive)
		return err
	})
	f.write(func(tx *Tx) error { return tx.GiveUp(f.pendingsIn(tx)[0].ID, "NO") })
	if !f.gone(copies[0]) || len(f.pendings(f.account)) != 0 {
		t.Errorf("%+v", f.pendings(f.account))
	}
}
