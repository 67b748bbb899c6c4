package vm

import (
	"fmt"
	"strings"
	"testing"

	"paquebot.app/localstore"
)

// lost has the server of the fixture's account list mails of the inbox that it
// lists no more: they are paused there, as it was all of them.
func (f *fixture) lost(n int) []localstore.MessageID {
	f.t.Helper()
	var ids []localstore.MessageID
	for i := range n {
		ids = append(ids, f.letter(fmt.Sprintf("Subject: letter %d\r\n\r\nText.\r\n", i)))
	}
	inbox := f.folder(localstore.RoleInbox).ID
	f.write(func(tx *localstore.Tx) error {
		var all []localstore.Vanished
		for _, id := range ids {
			at, err := tx.ImapLocationsOf(id)
			if err != nil {
				return err
			}
			all = append(all, localstore.Vanished{Location: at[0], Folder: inbox})
		}
		_, err := tx.VanishLocations(f.account, all)
		return err
	})
	return ids
}

func TestAPausedFolderIsAsked(t *testing.T) {
	f := newFixture(t)
	f.lost(30)
	s := NewStatus(f.env, nil)
	s.Load()
	f.settle()
	notices := s.Condition().Notices
	inbox := f.folder(localstore.RoleInbox)
	if len(notices) != 1 || notices[0].Folder != inbox.ID || !strings.HasPrefix(notices[0].Text, "“Inbox”") || !strings.Contains(notices[0].Text, "30 messages") {
		t.Fatalf("%+v", notices)
	}
	a := newActing(f)
	a.AnswerPaused(inbox.ID, localstore.Remove)
	f.settle()
	if a.err != nil || a.text != "30 messages are put aside for 30 days; search finds them." {
		t.Errorf("told %q, %v", a.text, a.err)
	}
	s.Load()
	f.settle()
	if n := s.Condition().Notices; len(n) != 0 {
		t.Errorf("%+v", n)
	}
}

func TestHeldMailIsAnsweredFromItsMenu(t *testing.T) {
	f := newFixture(t)
	ids := f.lost(3)
	a := newActing(f)
	a.AnswerPaused(f.folder(localstore.RoleInbox).ID, localstore.Remove)
	f.settle()
	a.AnswerHeld(ids[:1], localstore.KeepHere)
	f.settle()
	if m := f.message(ids[0]); m.State != localstore.Shown || a.text != "The message stays on this computer." {
		t.Errorf("%+v, told %q", m, a.text)
	}
	a.AnswerHeld(ids, localstore.PutBack) // the first is not held any more
	f.settle()
	if m := f.message(ids[1]); m.State != localstore.Shown || !m.Pending || a.text != "2 messages are on their way to the server." {
		t.Errorf("%+v, told %q, %v", m, a.text, a.err)
	}
	a.Upload(ids[:1])
	f.settle()
	if m := f.message(ids[0]); !m.Pending {
		t.Errorf("%+v, told %q, %v", m, a.text, a.err)
	}
}

func TestFoldersAreMadeRenamedAndDeletedInTheWindow(t *testing.T) {
	f := newFixture(t)
	a := newActing(f)
	path := func(p string) (folder localstore.Folder) {
		f.read(func(v *localstore.View) (err error) {
			folder, err = v.FolderByPath(f.account, p)
			return err
		})
		return folder
	}
	a.NewFolder(f.account, "", " Projects ")
	f.settle()
	a.NewFolder(f.account, "Projects", "2026")
	f.settle()
	inner := path("Projects/2026")
	a.RenameFolder(inner.ID, inner.Path, "2027")
	f.settle()
	if path("Projects/2027").ID != inner.ID || a.err != nil {
		t.Errorf("%v", a.err)
	}
	f.addTo(inner.ID, 2)
	a.DeleteFolder(path("Projects").ID, "Projects")
	f.settle()
	if a.asked != "Delete the folder “Projects”? Its 2 messages go to the Trash." {
		t.Fatalf("asked %q", a.asked)
	}
	a.yes()
	f.settle()
	if n := f.folder(localstore.RoleTrash).Total; n != 2 || a.err != nil {
		t.Errorf("%d in the Trash, %v", n, a.err)
	}
	a.NewFolder(f.account, "", "Inbox")
	f.settle()
	if a.err == nil {
		t.Error("a second inbox was made")
	}
}
