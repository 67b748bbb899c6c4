package localstore

import (
	"context"
	"slices"
	"testing"

	"paquebot.app/internal/fault"
)

func TestLocationsCount(t *testing.T) {
	f := newFixture(t, IMAP)
	id, at := f.bind(f.inbox, 5, f.content())
	located := func() (n int) {
		f.read(func(v *View) error {
			of, err := v.ImapLocationsOf(id)
			n = len(of)
			return err
		})
		return n
	}
	if located() != 1 || f.message(id).Where != WhereServer {
		t.Fatal("a located stub is not on the server")
	}
	err := f.Write(context.Background(), "test", func(tx *Tx) error {
		_, err := tx.AddImapLocation(ImapLocation{Message: id, RemoteFolder: at.RemoteFolder, UIDValidity: 7, UID: 5})
		return err
	})
	wantCause(t, err, fault.Data)
	f.write(func(tx *Tx) error { return tx.SetUIDValidity(at.RemoteFolder, 8) })
	if located() != 0 || f.message(id).Where != WhereHere {
		t.Error("a location of another UIDVALIDITY counts")
	}
	f.write(func(tx *Tx) error { return tx.SetUIDValidity(at.RemoteFolder, 7) })
	if located() != 1 {
		t.Error("a location of the present UIDVALIDITY does not count")
	}
	f.write(func(tx *Tx) error {
		_, err := tx.OpenMaildrop(f.account, IMAP, "other.example.org", 993, "ann")
		return err
	})
	if located() != 0 || f.message(id).Where != WhereHere {
		t.Error("a location of a closed maildrop counts")
	}
	f.read(func(v *View) error {
		folder, err := v.Folder(f.inbox)
		if folder.Remote {
			t.Error("a folder of a closed maildrop is remote")
		}
		return err
	})
}

// TestSetBase: the server's bits show where no intent is pending.
func TestSetBase(t *testing.T) {
	f := newFixture(t, IMAP)
	id, at := f.bind(f.inbox, 1, f.content())
	set := func(base Flags, words ...string) Message {
		t.Helper()
		f.write(func(tx *Tx) error { return tx.SetBase(at.ID, base, words, 0) })
		m := f.message(id)
		slices.Sort(m.Keywords)
		return m
	}
	if m := set(Seen|Answered, "$Work", "later"); m.Flags != Seen|Answered || !slices.Equal(m.Keywords, []string{"$Work", "later"}) {
		t.Errorf("%v %v", m.Flags, m.Keywords)
	}
	f.pend(Pending{Message: id, Kind: PendFlags, Set: Flagged, Clear: Seen, SetWords: []string{"mine"}, ClearWords: []string{"later"}})
	if m := set(Seen, "$Work", "later"); m.Flags != Flagged || !slices.Equal(m.Keywords, []string{"$Work", "mine"}) {
		t.Errorf("with an intent: %v %v", m.Flags, m.Keywords)
	}
	if m := set(Seen | ServerDeleted); m.State != Deleted || m.Flags&ServerDeleted != 0 {
		t.Errorf("\\Deleted by another client: %s, %v", m.State, m.Flags)
	}
	if m := set(Seen); m.State != Shown {
		t.Errorf("\\Deleted taken back: %s", m.State)
	}
	f.pend(Pending{Message: id, Kind: PendDelete, Source: f.inbox})
	if m := set(Answered); m.State != Deleted {
		t.Errorf("deleted by the user and flagged elsewhere: %s", m.State)
	}
	f.read(func(v *View) error { return v.CheckCounts() })
}

func TestRebind(t *testing.T) {
	f := newFixture(t, IMAP)
	id, _ := f.bind(f.inbox, 1, f.content())
	remote := f.remote(f.archive)
	f.write(func(tx *Tx) error {
		return tx.Rebind(id, ImapLocation{RemoteFolder: remote, UIDValidity: 7, UID: 9, BaseFlags: Seen})
	})
	m := f.message(id)
	if m.Folder != f.archive || m.Flags != Seen || m.Where != WhereServer {
		t.Errorf("%+v", m)
	}
	f.read(func(v *View) error {
		of, err := v.ImapLocationsOf(id)
		if len(of) != 1 || of[0].UID != 9 {
			t.Errorf("%+v", of)
		}
		return err
	})
}
