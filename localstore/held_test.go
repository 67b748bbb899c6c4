package localstore

import (
	"context"
	"crypto/sha256"
	"fmt"
	"slices"
	"testing"

	"paquebot.app/internal/fault"
)

func (f *fixture) endPause(folder FolderID, answer Answer) Settled {
	f.t.Helper()
	r, err := f.EndPause(context.Background(), folder, answer)
	if err != nil {
		f.t.Fatal(err)
	}
	f.read(func(v *View) error { return v.CheckCounts() })
	return r
}

func (f *fixture) answer(answer Answer, ids ...MessageID) (r Settled) {
	f.t.Helper()
	f.write(func(tx *Tx) (err error) {
		r, err = tx.AnswerHeld(ids, answer)
		return err
	})
	f.read(func(v *View) error { return v.CheckCounts() })
	return r
}

// paused makes a folder one that waits for an answer about a whole mail, one of
// which the text is here, and a header.
func (f *fixture) paused() (whole, text, stub MessageID) {
	f.t.Helper()
	c := f.content()
	c.Body = BodyText
	whole, a := f.bind(f.inbox, 1, f.whole(f.content()))
	text, b := f.bind(f.inbox, 2, c)
	stub, d := f.bind(f.inbox, 3, f.content())
	var lost []Vanished
	for _, at := range []ImapLocation{a, b, d} {
		lost = append(lost, Vanished{Location: at, Folder: f.inbox})
	}
	if r := f.vanish(lost...); !slices.Equal(r.Paused, []FolderID{f.inbox}) || r.Held+r.Removed != 0 {
		f.t.Fatalf("%+v", r)
	}
	return whole, text, stub
}

func (f *fixture) folder(id FolderID) (folder Folder) {
	f.t.Helper()
	f.read(func(v *View) (err error) {
		folder, err = v.Folder(id)
		return err
	})
	return folder
}

// TestAPausedFolderIsListedAndAnswered in each of three ways.
func TestAPausedFolderIsListedAndAnswered(t *testing.T) {
	for answer, want := range map[Answer]Settled{
		KeepHere: {Kept: 2, Headers: 1},
		PutBack:  {Going: 1, Partial: 1, Headers: 1},
		Remove:   {Held: 2, Headers: 1},
	} {
		f := newFixture(t, IMAP)
		whole, text, stub := f.paused()
		if m := f.message(whole); m.State != Shown || m.Where != WhereHere {
			t.Errorf("while it waits: %+v", m)
		}
		f.read(func(v *View) error {
			folders, err := v.PausedFolders()
			if len(folders) != 1 || folders[0].ID != f.inbox || folders[0].Waiting != 3 || folders[0].Whole != 1 || folders[0].Headers != 1 {
				t.Errorf("%+v", folders)
			}
			if err != nil {
				return err
			}
			waiting, err := v.WaitingMessages(f.inbox)
			if len(waiting) != 3 || !waiting[0].Until.IsZero() || waiting[0].Since.IsZero() || waiting[0].Why != folders[0].Paused {
				t.Errorf("%+v", waiting)
			}
			return err
		})
		got := f.endPause(f.inbox, answer)
		if fmt.Sprint(got) != fmt.Sprint(want) {
			t.Errorf("%s: %+v, want %+v", answer, got, want)
		}
		if !f.gone(stub) || f.folder(f.inbox).Paused != "" {
			t.Errorf("%s: stub gone %v, %+v", answer, f.gone(stub), f.folder(f.inbox))
		}
		held, back := answer == Remove, len(f.intents(whole)) > 0
		if (f.message(whole).State == Held) != held || (f.message(text).State == Held) != held || back != (answer == PutBack) || len(f.intents(text)) != 0 {
			t.Errorf("%s: %+v, %+v", answer, f.message(whole), f.message(text))
		}
	}
}

// TestAPausedFolderIsAnsweredOneByOne, and is paused until the last.
func TestAPausedFolderIsAnsweredOneByOne(t *testing.T) {
	f := newFixture(t, IMAP)
	whole, text, stub := f.paused()
	f.answer(KeepHere, whole)
	f.answer(Remove, text)
	if m := f.message(whole); m.State != Shown || f.message(text).State != Held || f.folder(f.inbox).Paused == "" {
		t.Errorf("%+v", m)
	}
	if r := f.answer(KeepHere, stub); r.Headers != 1 || f.gone(stub) {
		t.Errorf("%+v", r)
	}
	if f.answer(Remove, stub); !f.gone(stub) || f.folder(f.inbox).Paused != "" {
		t.Errorf("after the last: %+v", f.folder(f.inbox))
	}
	f.write(func(tx *Tx) error {
		_, err := tx.AnswerHeld([]MessageID{whole}, Remove)
		wantCause(t, err, fault.Data)
		return nil
	})
	f.read(func(v *View) error {
		held, err := v.HeldMessages(f.account, 0)
		if len(held) != 1 || held[0].ID != text || held[0].Until.Sub(held[0].Since) != heldFor {
			t.Errorf("%+v", held)
		}
		return err
	})
	if f.answer(Remove, text); !f.gone(text) {
		t.Error("it stays after it was removed from the hold")
	}
}

// TestManyAreAnsweredInSeveralCommits.
func TestManyAreAnsweredInSeveralCommits(t *testing.T) {
	f := newFixture(t, IMAP)
	c := f.whole(f.content())
	var lost []Vanished
	f.write(func(tx *Tx) error {
		rf, _, err := tx.RemoteFolderOf(f.inbox)
		if err != nil {
			return err
		}
		for uid := range uint32(answerBatch + 10) {
			one := c
			one.FieldsHash = sha256.Sum256([]byte{byte(uid), byte(uid >> 8)})
			content, err := tx.AddContent(one)
			if err != nil {
				return err
			}
			id, err := tx.AddMessage(NewMessage{Folder: f.inbox, Content: content, Arrived: day})
			if err != nil {
				return err
			}
			l := ImapLocation{Message: id, RemoteFolder: rf.ID, UIDValidity: 7, UID: uid + 1}
			if l.ID, err = tx.AddImapLocation(l); err != nil {
				return err
			}
			lost = append(lost, Vanished{Location: l, Folder: f.inbox})
		}
		return nil
	})
	f.vanish(lost...)
	if r := f.endPause(f.inbox, PutBack); r.Going != answerBatch+10 || f.folder(f.inbox).Paused != "" {
		t.Errorf("%+v", r)
	}
}

// TestSmallFoldersAskToo, but not where nothing is to be decided.
func TestSmallFoldersAskToo(t *testing.T) {
	for _, c := range []struct {
		role  Role
		whole bool
		asks  bool
	}{{RoleInbox, true, true}, {RoleArchive, true, true}, {RoleInbox, false, false}, {RoleTrash, true, false}} {
		f := newFixture(t, IMAP)
		folder, content := f.role(c.role), f.content()
		if c.whole {
			content = f.whole(content)
		}
		_, at := f.bind(folder, 1, content)
		if r := f.vanish(Vanished{Location: at, Folder: folder}); (len(r.Paused) == 1) != c.asks || r.Held+r.Removed != 1-len(r.Paused) {
			t.Errorf("%+v: %+v", c, r)
		}
	}
}

// TestPutBackIsNotThereTwice: what the server lists in that folder by itself is
// one with what is held; another mail with the same fields is not.
func TestPutBackIsNotThereTwice(t *testing.T) {
	for _, c := range []struct {
		name      string
		same      bool // of the headers, where both are known
		body      BodyState
		wantThere int
	}{{"header", true, BodyNone, 1}, {"whole", true, BodyWhole, 1}, {"another", false, BodyWhole, 0}} {
		f := newFixture(t, IMAP)
		f.bind(f.inbox, 9, f.content())
		content := f.whole(f.content())
		held, at := f.bind(f.inbox, 1, content)
		f.vanish(Vanished{Location: at, Folder: f.inbox})
		twin := content
		switch {
		case c.body == BodyNone:
			twin.Blob, twin.Body, twin.HeaderHash = 0, BodyNone, [32]byte{}
		case !c.same:
			twin.HeaderHash = sha256.Sum256([]byte("another"))
		}
		listed, _ := f.bind(f.inbox, 2, twin)
		r := f.answer(PutBack, held)
		if r.There != c.wantThere || r.Going != 1-c.wantThere || f.gone(held) != (c.wantThere == 1) {
			t.Errorf("%s: %+v, held one gone: %v", c.name, r, f.gone(held))
		}
		if m := f.message(listed); c.same && (m.Body != BodyWhole || m.Where != WhereBoth) {
			t.Errorf("%s: %+v", c.name, m)
		}
	}
}

// TestListedAgainUnderAnotherUID: it is taken out of the hold, if it is as large.
func TestListedAgainUnderAnotherUID(t *testing.T) {
	f := newFixture(t, IMAP)
	f.bind(f.inbox, 9, f.content())
	content := f.whole(f.content())
	held, at := f.bind(f.inbox, 1, content)
	f.vanish(Vanished{Location: at, Folder: f.inbox})
	f.read(func(v *View) error {
		if _, ok, err := v.Unlocated(f.inbox, content.FieldsHash, content.Size+1); ok || err != nil {
			t.Errorf("another size is taken for it: %v, %v", ok, err)
		}
		id, ok, err := v.Unlocated(f.inbox, content.FieldsHash, content.Size)
		if id != held || !ok {
			t.Errorf("%d, %v", id, ok)
		}
		return err
	})
	rf := f.remote(f.inbox)
	f.write(func(tx *Tx) error {
		_, err := tx.AddImapLocation(ImapLocation{Message: held, RemoteFolder: rf, UIDValidity: 7, UID: 22})
		return err
	})
	if m := f.message(held); m.State != Shown || m.Where != WhereBoth {
		t.Errorf("%+v", m)
	}
}

// TestPutBackWhereThereIsNoServer is refused; where the folder is gone it is made.
func TestPutBackWhereThereIsNoServer(t *testing.T) {
	f := newFixture(t, IMAP)
	var folder FolderID
	f.write(func(tx *Tx) (err error) {
		folder, err = tx.EnsureFolder(f.account, "Old", RoleNone)
		return err
	})
	id := f.put(folder, f.whole(f.content()))
	f.write(func(tx *Tx) error {
		r, err := tx.Upload([]MessageID{id})
		if !slices.Equal(r.Made, []string{"Old"}) || r.Going != 1 {
			t.Errorf("%+v", r)
		}
		return err
	})
	if due := f.duePendings(); len(due) != 1 || due[0].Kind != PendFolderCreate {
		t.Errorf("due: %+v", due)
	}
	p := newFixture(t, POP)
	id = p.put(p.inbox, p.whole(p.content()))
	p.write(func(tx *Tx) error {
		_, err := tx.Upload([]MessageID{id})
		wantCause(t, err, fault.Data)
		return nil
	})
}

// TestGivenUp: what a server refuses for good is put back.
func TestGivenUp(t *testing.T) {
	f := newFixture(t, IMAP)
	id, _ := f.bind(f.inbox, 1, f.whole(f.content()))
	local := f.put(f.inbox, f.whole(f.content()))
	var made FolderID
	f.write(func(tx *Tx) (err error) {
		if made, err = tx.CreateFolder(f.account, "New"); err != nil {
			return err
		}
		if err := tx.Move([]MessageID{id, local}, made); err != nil {
			return err
		}
		if err := tx.RenameFolder(f.archive, "Old post"); err != nil {
			return err
		}
		return tx.SetFlags([]MessageID{id}, Flagged, 0)
	})
	f.write(func(tx *Tx) error {
		all, err := tx.Pendings(f.account)
		for _, p := range all {
			if err == nil {
				err = tx.GiveUp(p.ID, "NO")
			}
		}
		return err
	})
	if m := f.message(id); m.Folder != f.inbox || m.Flags != 0 {
		t.Errorf("%+v", m)
	}
	if m := f.message(local); m.Folder != f.inbox || m.Where != WhereHere {
		t.Errorf("%+v", m)
	}
	f.read(func(v *View) error {
		left, err := v.Pendings(f.account)
		if len(left) != 0 || f.folder(f.archive).Path != "Archive" {
			t.Errorf("%+v, %+v", left, f.folder(f.archive))
		}
		if _, err := v.Folder(made); fault.Of(err).Cause != fault.Missing {
			t.Errorf("the folder stays: %v", err)
		}
		return err
	})
}

// TestWhatWasMovedAwayIsNotAnsweredFor: what waits in a paused folder is what
// lies in it.
func TestWhatWasMovedAwayIsNotAnsweredFor(t *testing.T) {
	f := newFixture(t, IMAP)
	whole, text, _ := f.paused()
	drafts := f.role(RoleDrafts) // on this computer
	f.write(func(tx *Tx) error { return tx.Move([]MessageID{whole}, drafts) })
	if r := f.endPause(f.inbox, Remove); r.Held != 1 || f.message(text).State != Held {
		t.Errorf("%+v", r)
	}
	if m := f.message(whole); m.State != Shown || m.Folder != drafts {
		t.Errorf("%+v", m)
	}
}
