package localstore

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"
)

// vanish settles losses as at the end of a pass.
func (f *fixture) vanish(lost ...Vanished) (r VanishReport) {
	f.t.Helper()
	f.write(func(tx *Tx) (err error) {
		r, err = tx.VanishLocations(f.account, lost)
		return err
	})
	f.read(func(v *View) error { return v.CheckCounts() })
	return r
}

// pend gives a message an intent.
func (f *fixture) pend(p Pending) {
	f.t.Helper()
	f.write(func(tx *Tx) error {
		p.Account = f.account
		_, err := tx.put(p)
		return err
	})
}

func (f *fixture) intents(id MessageID) (of intents) {
	f.t.Helper()
	f.read(func(v *View) (err error) {
		of, err = v.intentsOf(id)
		return err
	})
	return of
}

func TestVanishedStubGoesAndBodyIsHeld(t *testing.T) {
	f := newFixture(t, IMAP)
	stub, a := f.bind(f.inbox, 1, f.content())
	whole, b := f.bind(f.inbox, 2, f.whole(f.content()))
	stays, _ := f.bind(f.inbox, 3, f.content())
	r := f.vanish(Vanished{Location: a, Folder: f.inbox}, Vanished{Location: b, Folder: f.inbox})
	if r.Removed != 1 || r.Held != 1 || r.Moved != 0 || len(r.Paused) != 0 {
		t.Errorf("%+v", r)
	}
	if !f.gone(stub) {
		t.Error("the stub stays")
	}
	m := f.message(whole)
	if m.State != Held || m.Where != WhereHere {
		t.Errorf("the body is %s, %s", m.State, m.Where)
	}
	if got := f.list(List{Folder: f.inbox}); !slices.Equal(got, []MessageID{stays}) {
		t.Errorf("the list shows %v", got)
	}
	expire := func(after time.Duration) (n int) {
		f.write(func(tx *Tx) (err error) {
			n, err = tx.ExpireHeld(day.Add(after))
			return err
		})
		return n
	}
	if n := expire(29 * 24 * time.Hour); n != 0 {
		t.Errorf("%d went before their time", n)
	}
	if n := expire(30 * 24 * time.Hour); n != 1 || !f.gone(whole) {
		t.Errorf("%d went after 30 days", n)
	}
}

// TestHeldComesBack: a UID that is listed again gets back what was held of it.
func TestHeldComesBack(t *testing.T) {
	f := newFixture(t, IMAP)
	c := f.whole(f.content())
	whole, at := f.bind(f.inbox, 2, c)
	f.bind(f.inbox, 3, f.content())
	f.vanish(Vanished{Location: at, Folder: f.inbox})
	stub := c
	stub.Blob, stub.Body = 0, BodyNone
	again, _ := f.bind(f.inbox, 2, stub)
	m := f.message(again)
	if m.State != Shown || m.Body != BodyWhole || m.Where != WhereBoth {
		t.Errorf("it came back as %s, body %d, %s", m.State, m.Body, m.Where)
	}
	if !f.gone(whole) {
		t.Error("it is there twice")
	}
	if n := len(f.list(List{Folder: f.inbox})); n != 2 {
		t.Errorf("the list has %d", n)
	}
}

// TestMoveOfAnotherClient: a mail that vanishes in one folder and appears in
// another keeps its row, body and intents.
func TestMoveOfAnotherClient(t *testing.T) {
	f := newFixture(t, IMAP)
	c := f.whole(f.content())
	whole, at := f.bind(f.inbox, 1, c)
	f.bind(f.inbox, 2, f.content())
	f.vanish()
	f.pend(Pending{Message: whole, Kind: PendFlags, Set: Flagged})
	stub := c
	stub.Blob, stub.Body, stub.HeaderHash = 0, BodyNone, [32]byte{}
	twin, _ := f.bind(f.archive, 1, stub)
	r := f.vanish(Vanished{Location: at, Folder: f.inbox})
	if r.Moved != 1 || r.Held+r.Removed != 0 {
		t.Errorf("%+v", r)
	}
	m := f.message(whole)
	if m.Folder != f.archive || m.Body != BodyWhole || m.Where != WhereBoth || m.Flags != Flagged || !m.Pending {
		t.Errorf("%+v", m)
	}
	if !f.gone(twin) {
		t.Error("it is there twice")
	}
}

// TestCopyIsNoMove: what was in the other folder before is no explanation.
func TestCopyIsNoMove(t *testing.T) {
	f := newFixture(t, IMAP)
	c := f.whole(f.content())
	whole, at := f.bind(f.inbox, 1, c)
	twin, _ := f.bind(f.archive, 1, c)
	f.bind(f.inbox, 2, f.content())
	f.vanish()
	r := f.vanish(Vanished{Location: at, Folder: f.inbox})
	if r.Moved != 0 || r.Held != 1 || f.message(whole).State != Held || f.gone(twin) {
		t.Errorf("%+v", r)
	}
}

// TestOtherHeaderIsNoMove: equal fields with different headers are two mails.
func TestOtherHeaderIsNoMove(t *testing.T) {
	f := newFixture(t, IMAP)
	c := f.whole(f.content())
	whole, at := f.bind(f.inbox, 1, c)
	f.bind(f.inbox, 2, f.content())
	f.vanish()
	other := c
	other.HeaderHash[0]++
	twin, _ := f.bind(f.archive, 1, other)
	r := f.vanish(Vanished{Location: at, Folder: f.inbox})
	if r.Moved != 0 || f.message(whole).State != Held || f.gone(twin) {
		t.Errorf("%+v", r)
	}
}

// TestMovesAreMultisets: two of three equal mails moved; one is lost.
func TestMovesAreMultisets(t *testing.T) {
	f := newFixture(t, IMAP)
	c := f.whole(f.content())
	var lost []Vanished
	for uid := range uint32(3) {
		_, at := f.bind(f.inbox, uid+1, c)
		lost = append(lost, Vanished{Location: at, Folder: f.inbox})
	}
	f.bind(f.inbox, 9, f.content())
	f.vanish()
	f.bind(f.archive, 1, c)
	f.bind(f.archive, 2, c)
	r := f.vanish(lost...)
	if r.Moved != 2 || r.Held != 1 {
		t.Errorf("%+v", r)
	}
	if n := len(f.list(List{Folder: f.archive})); n != 2 {
		t.Errorf("the archive has %d", n)
	}
}

func TestOwnIntentsExplainLosses(t *testing.T) {
	f := newFixture(t, IMAP)
	deleted, a := f.bind(f.inbox, 1, f.whole(f.content()))
	moved := f.whole(f.content())
	done, b := f.bind(f.inbox, 2, moved)
	dropped, c := f.bind(f.inbox, 3, f.whole(f.content()))
	f.vanish()
	f.pend(Pending{Message: deleted, Kind: PendDelete, Source: f.inbox})
	for _, id := range []MessageID{done, dropped} {
		f.pend(Pending{Message: id, Kind: PendMove, Source: f.inbox, Target: f.archive})
		f.write(func(tx *Tx) error { return tx.moveMessage(id, f.archive) })
	}
	f.bind(f.archive, 1, moved) // our MOVE, whose answer was lost
	r := f.vanish(Vanished{Location: a, Folder: f.inbox}, Vanished{Location: b, Folder: f.inbox}, Vanished{Location: c, Folder: f.inbox})
	if r.Removed != 1 || r.Moved != 1 || r.Held != 1 || len(r.Paused) != 0 {
		t.Errorf("%+v", r)
	}
	if !f.gone(deleted) {
		t.Error("the deleted message stays")
	}
	if m := f.message(done); m.Folder != f.archive || m.Pending || m.Where != WhereBoth {
		t.Errorf("the moved message: %+v", m)
	}
	if m := f.message(dropped); m.State != Held || m.Pending {
		t.Errorf("the message that was gone: %+v", m)
	}
}

// TestMovedElsewhere: the server's place wins, unless it is the Trash.
func TestMovedElsewhere(t *testing.T) {
	for _, toTrash := range []bool{false, true} {
		f := newFixture(t, IMAP)
		var work FolderID
		f.write(func(tx *Tx) (err error) {
			work, err = tx.EnsureFolder(f.account, "Projects", RoleNone)
			return err
		})
		theirs := work
		if toTrash {
			theirs = f.trash
		}
		c := f.whole(f.content())
		id, at := f.bind(f.inbox, 1, c)
		f.vanish()
		f.pend(Pending{Message: id, Kind: PendMove, Source: f.inbox, Target: f.archive})
		f.write(func(tx *Tx) error { return tx.moveMessage(id, f.archive) })
		f.bind(theirs, 1, c)
		f.vanish(Vanished{Location: at, Folder: f.inbox})
		move, moving := f.intents(id)[PendMove]
		m := f.message(id)
		if toTrash && (m.Folder != f.archive || !moving || move.Source != f.trash) {
			t.Errorf("from the Trash: in %d, %+v", m.Folder, move)
		}
		if !toTrash && (m.Folder != work || moving) {
			t.Errorf("elsewhere: in %d, %+v", m.Folder, move)
		}
	}
}

// TestPause: the bounds of the keep rule.
func TestPause(t *testing.T) {
	for _, c := range []struct {
		lost, of int
		paused   bool
	}{
		{20, 100, false}, {21, 100, true}, {21, 210, false}, {22, 210, true},
		{6, 6, false}, {21, 21, true}, {1, 1, false}, {19, 20, false}, // headers: see TestSmallFoldersAskToo
	} {
		t.Run(fmt.Sprint(c.lost, " of ", c.of), func(t *testing.T) {
			f := newFixture(t, IMAP)
			rf := f.remote(f.inbox)
			var lost []Vanished
			f.write(func(tx *Tx) error {
				for uid := range c.of {
					content, err := tx.AddContent(f.content())
					if err != nil {
						return err
					}
					id, err := tx.AddMessage(NewMessage{Folder: f.inbox, Content: content, Arrived: day})
					if err != nil {
						return err
					}
					l := ImapLocation{Message: id, RemoteFolder: rf, UIDValidity: 7, UID: uint32(uid + 1)}
					if l.ID, err = tx.AddImapLocation(l); err != nil {
						return err
					}
					if uid < c.lost {
						lost = append(lost, Vanished{Location: l, Folder: f.inbox})
					}
				}
				return nil
			})
			r := f.vanish(lost...)
			if (len(r.Paused) == 1) != c.paused {
				t.Fatalf("%+v", r)
			}
			left := c.of - c.lost
			if c.paused {
				left = c.of
			}
			if n := len(f.list(List{Folder: f.inbox})); n != left {
				t.Errorf("%d are shown, want %d", n, left)
			}
			f.read(func(v *View) error {
				folder, err := v.Folder(f.inbox)
				if (folder.Paused != "") != c.paused {
					t.Errorf("paused: %q", folder.Paused)
				}
				return err
			})
		})
	}
}

// TestOwnIntentsNeverPause: deleting a whole folder ourselves asks nothing.
func TestOwnIntentsNeverPause(t *testing.T) {
	f := newFixture(t, IMAP)
	var lost []Vanished
	for uid := range uint32(30) {
		id, at := f.bind(f.inbox, uid+1, f.content())
		f.pend(Pending{Message: id, Kind: PendDelete, Source: f.inbox})
		lost = append(lost, Vanished{Location: at, Folder: f.inbox})
	}
	if r := f.vanish(lost...); len(r.Paused) != 0 || r.Removed != 30 {
		t.Errorf("%+v", r)
	}
}

// TestDroppedFolderKeepsBodies: a folder that waits for an answer keeps its half.
func TestDroppedFolderKeepsBodies(t *testing.T) {
	f := newFixture(t, IMAP)
	whole, _ := f.bind(f.archive, 1, f.whole(f.content()))
	stub, _ := f.bind(f.archive, 2, f.content())
	remote := f.remote(f.archive)
	drop := func() (folder Folder) {
		f.write(func(tx *Tx) error { return tx.DropRemoteFolder(remote) })
		f.read(func(v *View) (err error) {
			folder, err = v.Folder(f.archive)
			return err
		})
		return folder
	}
	if folder := drop(); !folder.Remote || folder.Paused == "" || f.message(whole).State != Shown {
		t.Errorf("%+v", folder)
	}
	f.endPause(f.archive, Remove)
	if folder := drop(); folder.Remote || folder.Paused != "" || f.message(whole).State != Held || !f.gone(stub) {
		t.Errorf("%+v; body %s, stub gone %v", folder, f.message(whole).State, f.gone(stub))
	}
}

func TestUnlocatedIsTheOldestThatNoLocationAccountsFor(t *testing.T) {
	f := newFixture(t, IMAP)
	twice := f.content()
	f.bind(f.inbox, 1, twice)
	second := f.put(f.inbox, twice)
	third := f.put(f.inbox, twice)
	elsewhere := f.put(f.archive, twice)
	away := f.content()
	leaving := f.put(f.archive, away)
	f.pend(Pending{Message: leaving, Kind: PendMove, Source: f.inbox, Target: f.archive})
	is := func(folder FolderID, fields [32]byte, want MessageID) {
		t.Helper()
		f.read(func(v *View) error {
			id, ok, err := v.Unlocated(folder, fields, 0)
			if id != want || ok != (want != 0) {
				t.Errorf("unlocated is %d, %v, want %d", id, ok, want)
			}
			return err
		})
	}
	located := func(id MessageID, folder FolderID, uid uint32) {
		rf := f.remote(folder) // a transaction of its own
		f.write(func(tx *Tx) error {
			_, err := tx.AddImapLocation(ImapLocation{Message: id, RemoteFolder: rf, UIDValidity: 7, UID: uid})
			return err
		})
	}
	is(f.inbox, twice.FieldsHash, second)
	located(second, f.inbox, 2)
	is(f.inbox, twice.FieldsHash, third)
	located(third, f.inbox, 3)
	is(f.inbox, twice.FieldsHash, 0)
	is(f.archive, twice.FieldsHash, elsewhere)
	is(f.inbox, away.FieldsHash, leaving) // the server has it where it was
	is(f.inbox, [32]byte{}, 0)
}

func TestStubsThatNothingWillFillAreDropped(t *testing.T) {
	f := newFixture(t, IMAP)
	f.bind(f.inbox, 1, f.content())
	stub := f.put(f.inbox, f.content())
	whole := f.put(f.inbox, f.whole(f.content()))
	onItsWay := f.put(f.inbox, f.content())
	f.pend(Pending{Message: onItsWay, Kind: PendCopy, Target: f.inbox})
	f.write(func(tx *Tx) error { return tx.DropLostStubs(f.inbox) })
	if !f.gone(stub) || f.gone(whole) || f.gone(onItsWay) {
		t.Errorf("gone: stub %v, body %v, on its way %v", f.gone(stub), f.gone(whole), f.gone(onItsWay))
	}
	f.read(func(v *View) error {
		notes, err := v.Notes(f.account, 10)
		if len(notes) != 1 || !strings.Contains(notes[0].Result, "never downloaded") {
			t.Errorf("journal: %+v", notes)
		}
		return err
	})
}
