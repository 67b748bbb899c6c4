package localstore

import (
	"testing"

	"paquebot.app/internal/fault"
)

// across is a fixture with a second account, of that mode.
func across(t *testing.T, from, to Mode) (f, g *fixture) {
	f = newFixture(t, from)
	second := *f
	g = &second
	f.write(func(tx *Tx) (err error) {
		if g.account, err = tx.AddAccount(Account{Name: "Home", Mode: to}); err != nil || to == Local {
			return err
		}
		m, err := tx.OpenMaildrop(g.account, to, "home.example.org", 993, "ann")
		g.drop = m.ID
		return err
	})
	g.inbox, g.trash, g.archive = g.role(RoleInbox), g.role(RoleTrash), g.role(RoleArchive)
	if to == IMAP {
		g.remote(g.inbox)
		g.remote(g.archive)
	}
	return f, g
}

// arrived confirms an append.
func (f *fixture) arrived(p Pending, uid uint32) {
	f.t.Helper()
	f.write(func(tx *Tx) error {
		if err := tx.AppendSent(p.ID, 1); err != nil {
			return err
		}
		l := ImapLocation{Message: p.Message, RemoteFolder: f.remoteIn(tx, p.Target), UIDValidity: 7, UID: uid}
		if _, err := tx.AddImapLocation(l); err != nil {
			return err
		}
		return tx.PendingDone(p)
	})
}

func TestMoveToAnotherAccount(t *testing.T) {
	for _, from := range []Mode{IMAP, POP, Local} {
		f, g := across(t, from, IMAP)
		var id MessageID
		if from == IMAP {
			id, _ = f.bind(f.inbox, 1, f.whole(f.content()))
		} else {
			id = f.put(f.inbox, f.whole(f.content()))
		}
		before := f.message(id)
		f.act(func(tx *Tx) error { return tx.SetFlags([]MessageID{id}, Seen, 0) })
		f.act(func(tx *Tx) error { return tx.Move([]MessageID{id}, g.inbox) })
		if f.message(id).State != Deleted {
			t.Fatalf("%s: it is still shown where it came from", from)
		}
		f.owes("source", PendDelete)
		if due := f.duePendings(); len(due) != 0 {
			t.Fatalf("%s: due before it has arrived: %+v", from, due)
		}
		p := g.owes("target", PendAppend)[0]
		m := f.message(p.Message)
		if m.Folder != g.inbox || m.Flags != Seen || m.Blob != before.Blob || m.Content == before.Content || !m.Arrived.Equal(before.Arrived) {
			t.Fatalf("%s: %+v", from, m)
		}
		g.arrived(p, 1)
		g.owes("arrived")
		if from == IMAP {
			gone := f.owes("source, due", PendDelete)[0]
			if due := f.duePendings(); len(due) != 1 {
				t.Fatal("the source is not due")
			}
			f.act(func(tx *Tx) error { return tx.PendingDone(gone) })
		}
		f.owes("in the end")
		if !f.gone(id) || f.gone(p.Message) {
			t.Errorf("%s: source gone %v, target gone %v", from, f.gone(id), f.gone(p.Message))
		}
	}
}

func TestMoveToAnotherAccountAndBack(t *testing.T) {
	f, g := across(t, IMAP, IMAP)
	id, _ := f.bind(f.inbox, 1, f.whole(f.content()))
	f.act(func(tx *Tx) error { return tx.Move([]MessageID{id}, g.inbox) })
	there := g.owes("there", PendAppend)[0].Message
	f.act(func(tx *Tx) error { return tx.Move([]MessageID{there}, f.inbox) })
	f.owes("back")
	g.owes("back")
	if m := f.message(id); m.State != Shown || m.Folder != f.inbox || !f.gone(there) {
		t.Errorf("%+v", m)
	}
}

func TestDeletedBeforeItArrived(t *testing.T) {
	f, g := across(t, IMAP, IMAP)
	id, _ := f.bind(f.inbox, 1, f.whole(f.content()))
	f.act(func(tx *Tx) error { return tx.Move([]MessageID{id}, g.inbox) })
	p := g.owes("there", PendAppend)[0]
	// Under way: it has to arrive before it can go.
	f.act(func(tx *Tx) error { return tx.AppendSent(p.ID, 4) })
	f.act(func(tx *Tx) error { return tx.DeleteNow([]MessageID{p.Message}) })
	g.owes("under way", PendAppend, PendDelete)
	g.arrived(p, 4)
	g.owes("arrived", PendDelete)
	if due := f.duePendings(); len(due) != 1 || due[0].Message != id {
		t.Errorf("the source: %+v", due)
	}
}

func TestMoveNeedsTheWholeMail(t *testing.T) {
	f, g := across(t, IMAP, IMAP)
	id, _ := f.bind(f.inbox, 1, f.content())
	f.write(func(tx *Tx) error {
		err := tx.Move([]MessageID{id}, g.inbox)
		wantCause(t, err, fault.Data)
		if !fault.Is(err, fault.User) {
			t.Errorf("%v", err)
		}
		return nil
	})
	f.owes("nothing moved")
	f.read(func(v *View) error {
		wishes, err := v.Wishes(f.account)
		if len(wishes) != 1 || wishes[0].Section != WishWhole {
			t.Errorf("wishes: %+v", wishes)
		}
		return err
	})
}

func TestMoveFromServerToThisComputer(t *testing.T) {
	f, g := across(t, IMAP, Local)
	id, _ := f.bind(f.inbox, 1, f.whole(f.content()))
	f.act(func(tx *Tx) error { return tx.Move([]MessageID{id}, g.archive) })
	p := f.owes("moved", PendDelete)[0]
	if p.After != 0 || f.message(id).State != Deleted || len(f.list(List{Folder: g.archive})) != 1 {
		t.Errorf("%+v", p)
	}
}

func TestUpload(t *testing.T) {
	f := newFixture(t, IMAP)
	id := f.put(f.inbox, f.whole(f.content()))
	f.act(func(tx *Tx) error { return tx.SetFlags([]MessageID{id}, Flagged, 0) })
	f.owes("only here")
	f.act(func(tx *Tx) error {
		r, err := tx.Upload([]MessageID{id})
		if r.Going != 1 {
			t.Errorf("%+v", r)
		}
		return err
	})
	f.act(func(tx *Tx) error { return tx.SetFlags([]MessageID{id}, Seen, 0) })
	p := f.owes("uploading", PendAppend)[0]
	f.act(func(tx *Tx) error { return tx.AppendSent(p.ID, 3) })
	f.act(func(tx *Tx) error { return tx.SetFlags([]MessageID{id}, 0, Flagged) })
	f.owes("changed under way", PendFlags, PendAppend)
	f.write(func(tx *Tx) error { wantCause(t, tx.CancelPending(p.ID), fault.Data); return nil })
	f.write(func(tx *Tx) error {
		_, err := tx.AddImapLocation(ImapLocation{Message: id, RemoteFolder: f.remoteIn(tx, f.inbox), UIDValidity: 7, UID: 3, BaseFlags: Flagged | Seen})
		if err != nil {
			return err
		}
		return tx.PendingDone(p)
	})
	if left := f.owes("uploaded", PendFlags)[0]; left.Clear != Flagged || f.message(id).Flags != Seen {
		t.Errorf("%+v of %+v", left, f.message(id))
	}
}

func TestMoveOfLocalMailToServerAndBack(t *testing.T) {
	f := newFixture(t, IMAP)
	drafts := f.role(RoleDrafts)
	id := f.put(drafts, f.whole(f.content()))
	f.act(func(tx *Tx) error { return tx.Move([]MessageID{id}, f.archive) })
	f.owes("to the server", PendAppend)
	f.act(func(tx *Tx) error { return tx.Move([]MessageID{id}, f.inbox) })
	if p := f.owes("elsewhere", PendAppend)[0]; p.Target != f.inbox {
		t.Errorf("%+v", p)
	}
	f.act(func(tx *Tx) error { return tx.Move([]MessageID{id}, drafts) })
	f.owes("back")
	if f.gone(id) {
		t.Error("it is gone")
	}
}
