package localstore

import "testing"

// TestARoleOfTheServerTakesWhatWasHere: a folder that only this computer has
// gives up its messages, also what is on its way from it or to it, and goes.
func TestARoleOfTheServerTakesWhatWasHere(t *testing.T) {
	f := newFixture(t, IMAP)
	drafts := f.role(RoleDrafts)
	stays := f.put(drafts, f.whole(f.content()))
	goes := f.put(drafts, f.whole(f.content()))
	f.act(func(tx *Tx) error { return tx.Move([]MessageID{goes}, f.inbox) })
	p := f.owes("to the server", PendAppend)[0]
	if p.Source != drafts {
		t.Fatalf("%+v", p)
	}
	var there FolderID
	f.write(func(tx *Tx) (err error) {
		if there, err = tx.EnsureFolder(f.account, "Entwürfe", RoleNone); err != nil {
			return err
		}
		return tx.AssignRole(there, RoleDrafts, false)
	})
	if f.role(RoleDrafts) != there || f.message(stays).Folder != there {
		t.Errorf("the message lies in %d, the role is with %d, not %d", f.message(stays).Folder, f.role(RoleDrafts), there)
	}
	f.act(func(tx *Tx) error { return tx.CancelPending(p.ID) })
	if f.message(goes).Folder != there {
		t.Errorf("taken back, it lies in %d", f.message(goes).Folder)
	}
	f.read(func(v *View) error {
		if _, err := v.Folder(drafts); err == nil {
			t.Error("the folder that was here is still here")
		}
		return nil
	})
}
