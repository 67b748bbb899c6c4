package vm

import (
	"testing"

	"paquebot.app/internal/fault"
	"paquebot.app/localstore"
)

// acting are the actions under test.
type acting struct {
	*Actions
	f     *fixture
	text  string
	undo  func()
	err   error
	asked string
	yes   func()
}

func newActing(f *fixture) *acting {
	a := &acting{Actions: NewActions(f.env), f: f}
	a.Done = func(text string, undo func()) { a.text, a.undo = text, undo }
	a.Refused = func(err error) { a.err = err }
	a.Ask = func(question, _ string, then func()) { a.asked, a.yes = question, then }
	return a
}

func (a *acting) in(id localstore.MessageID, r localstore.Role) {
	a.f.t.Helper()
	if m := a.f.message(id); m.Folder != a.f.folder(r).ID {
		a.f.t.Errorf("message %d is in folder %d, want %s", id, m.Folder, r)
	}
}

func TestActionsMoveAndUndo(t *testing.T) {
	f := newFixture(t)
	a := newActing(f)
	ids := f.add(localstore.RoleInbox, 3)
	junk := f.folder(localstore.RoleJunk)
	for _, c := range []struct {
		do   func()
		to   localstore.Role
		text string
	}{
		{func() { a.Archive(ids) }, localstore.RoleArchive, "3 messages archived"},
		{func() { a.Archive(ids[:1]) }, localstore.RoleArchive, "Message archived"},
		{func() { a.Delete(ids, localstore.RoleInbox) }, localstore.RoleTrash, "3 messages moved to the Trash"},
		{func() { a.Junk(ids, localstore.RoleInbox) }, localstore.RoleJunk, "3 messages moved to Junk"},
		{func() { a.Move(ids, junk.ID, "Junk") }, localstore.RoleJunk, "3 messages moved to Junk"},
	} {
		c.do()
		f.settle()
		a.in(ids[0], c.to)
		if a.text != c.text || a.undo == nil || a.err != nil {
			t.Fatalf("told %q, undo %v, error %v; want %q", a.text, a.undo != nil, a.err, c.text)
		}
		a.undo()
		f.settle()
		for _, id := range ids {
			a.in(id, localstore.RoleInbox)
			if m := f.message(id); m.Flags != 0 {
				t.Errorf("after undo the flags are %v", m.Flags.Names())
			}
		}
	}
	f.read(func(v *localstore.View) error {
		pending, err := v.Pendings(f.account)
		if len(pending) != 0 {
			t.Errorf("undone, but still owed: %+v", pending)
		}
		return err
	})
}

func TestDeletingForGoodAsksFirst(t *testing.T) {
	f := newFixture(t)
	a := newActing(f)
	ids := f.add(localstore.RoleTrash, 2)
	a.Delete(ids, localstore.RoleTrash)
	f.settle()
	if a.asked == "" {
		t.Fatal("nobody was asked")
	}
	a.in(ids[0], localstore.RoleTrash)
	a.yes()
	f.settle()
	f.read(func(v *localstore.View) error {
		left, err := v.Messages(ids)
		for _, m := range left {
			if m.State != localstore.Deleted {
				t.Errorf("message %d is %s", m.ID, m.State)
			}
		}
		return err
	})
	if a.undo != nil {
		t.Error("an undo is offered that there is not")
	}
}

func TestFoundMailInTheTrashIsNotDeletedForGood(t *testing.T) {
	f := newFixture(t)
	a := newActing(f)
	trash, inbox := f.add(localstore.RoleTrash, 1), f.add(localstore.RoleInbox, 1)
	a.Delete(append(trash, inbox...), localstore.RoleNone)
	f.settle()
	a.in(trash[0], localstore.RoleTrash)
	a.in(inbox[0], localstore.RoleTrash)
}

func TestMarks(t *testing.T) {
	f := newFixture(t)
	a := newActing(f)
	ids := f.add(localstore.RoleInbox, 2)
	a.Flag(ids, true)
	a.Read(ids[:1], true)
	f.settle()
	if x, y := f.message(ids[0]).Flags, f.message(ids[1]).Flags; x != localstore.Flagged|localstore.Seen || y != localstore.Flagged {
		t.Errorf("flags %v and %v", x.Names(), y.Names())
	}
	a.ReadAll(f.folder(localstore.RoleInbox).ID)
	f.settle()
	if f.message(ids[1]).Flags&localstore.Seen == 0 || a.text != "Message marked read" {
		t.Errorf("told %q", a.text)
	}
	a.undo()
	f.settle()
	if f.message(ids[1]).Flags&localstore.Seen != 0 {
		t.Error("not undone")
	}
}

func TestAMoveThatNeedsTheWholeMailIsToldAndWanted(t *testing.T) {
	f := newFixture(t)
	a := newActing(f)
	ids := f.add(localstore.RoleInbox, 1)
	var other localstore.FolderID
	f.write(func(tx *localstore.Tx) error {
		id, err := tx.AddAccount(localstore.Account{Name: "other", Address: "o@example.org", Mode: localstore.POP})
		if err != nil {
			return err
		}
		inbox, err := tx.FolderByRole(id, localstore.RoleInbox)
		other = inbox.ID
		return err
	})
	a.Move(ids, other, "Inbox")
	f.settle()
	if e := fault.Of(a.err); e == nil || e.Remedy != fault.User {
		t.Fatalf("error %v", a.err)
	}
	a.in(ids[0], localstore.RoleInbox)
	f.read(func(v *localstore.View) error {
		wishes, err := v.Wishes(f.account)
		if len(wishes) != 1 {
			t.Errorf("%d wishes", len(wishes))
		}
		return err
	})
}
