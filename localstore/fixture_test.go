package localstore

import (
	"context"
	"crypto/sha256"
	"fmt"
	"testing"
	"time"

	"paquebot.app/internal/clock"
	"paquebot.app/internal/fault"
)

// day is when tests take place.
var day = time.Date(2026, 3, 4, 5, 6, 7, 0, time.UTC)

// fixture is a profile with one account and its server.
type fixture struct {
	*Store
	t       testing.TB
	clock   *clock.Fake
	account AccountID
	inbox   FolderID
	trash   FolderID
	archive FolderID
	drop    MaildropID
	n       int
}

// newFixture opens a profile with an account of that mode, its maildrop open
// and, with IMAP, its INBOX, Trash and Archive on the server.
func newFixture(t testing.TB, mode Mode) *fixture {
	t.Helper()
	c := clock.NewFake(day)
	f := &fixture{Store: newStore(t, WithClock(c)), t: t, clock: c}
	f.write(func(tx *Tx) (err error) {
		f.account, err = tx.AddAccount(Account{Name: "Work", Address: "ann@example.org", Mode: mode,
			POP: Server{Host: "mail.example.org", Port: 993, Security: TLS, User: "ann"}})
		if err != nil {
			return err
		}
		if mode == Local {
			return nil
		}
		m, err := tx.OpenMaildrop(f.account, mode, "mail.example.org", 993, "ann")
		f.drop = m.ID
		return err
	})
	f.inbox, f.trash, f.archive = f.role(RoleInbox), f.role(RoleTrash), f.role(RoleArchive)
	if mode == IMAP {
		for _, folder := range []FolderID{f.inbox, f.trash, f.archive} {
			f.remote(folder)
		}
	}
	return f
}

func (f *fixture) write(do func(*Tx) error)  { f.t.Helper(); write(f.t, f.Store, do) }
func (f *fixture) read(do func(*View) error) { f.t.Helper(); read(f.t, f.Store, do) }

func (f *fixture) role(r Role) (id FolderID) {
	f.t.Helper()
	f.read(func(v *View) error {
		folder, err := v.FolderByRole(f.account, r)
		id = folder.ID
		return err
	})
	return id
}

// remote gives a folder a half on the server, or returns the one it has.
func (f *fixture) remote(folder FolderID) (id RemoteFolderID) {
	f.t.Helper()
	f.write(func(tx *Tx) error {
		rf, ok, err := tx.RemoteFolderOf(folder)
		id = rf.ID
		if err != nil || ok {
			return err
		}
		id, err = tx.PutRemoteFolder(RemoteFolder{Folder: folder, Maildrop: f.drop, Name: fmt.Sprint("f", folder), UIDValidity: 7, UIDNext: 1})
		return err
	})
	return id
}

// content is a mail that differs from all others of the fixture.
func (f *fixture) content() NewContent {
	f.n++
	id := fmt.Sprintf("%d@example.org", f.n)
	return NewContent{Account: f.account, HeaderID: id, FieldsHash: sha256.Sum256([]byte(id)), Size: 1000,
		Subject: fmt.Sprint("Mail ", f.n), Sender: "Bob <bob@example.org>", Sent: day}
}

// blob stores bytes as a complete blob.
func (f *fixture) blob(data string) BlobID {
	f.t.Helper()
	w := f.NewBlob(context.Background())
	if _, err := w.Write([]byte(data)); err != nil {
		f.t.Fatal(err)
	}
	blobs, err := f.CompleteBlobs(context.Background(), w)
	if err != nil {
		f.t.Fatal(err)
	}
	return blobs[0].ID
}

// whole gives a content its body.
func (f *fixture) whole(c NewContent) NewContent {
	c.Blob, c.Body, c.Size = f.blob(c.HeaderID), BodyWhole, int64(len(c.HeaderID))
	c.HeaderHash = sha256.Sum256([]byte("header of " + c.HeaderID))
	return c
}

// put stores a mail in a folder.
func (f *fixture) put(folder FolderID, c NewContent) (id MessageID) {
	f.t.Helper()
	f.write(func(tx *Tx) error {
		content, err := tx.AddContent(c)
		if err != nil {
			return err
		}
		id, err = tx.AddMessage(NewMessage{Folder: folder, Content: content, Arrived: f.clock.Now()})
		return err
	})
	return id
}

// bind stores a mail in a folder as the server lists it there.
func (f *fixture) bind(folder FolderID, uid uint32, c NewContent) (MessageID, ImapLocation) {
	f.t.Helper()
	rf := f.remote(folder)
	id := f.put(folder, c)
	l := ImapLocation{Message: id, RemoteFolder: rf, UIDValidity: 7, UID: uid}
	f.write(func(tx *Tx) (err error) {
		l.ID, err = tx.AddImapLocation(l)
		return err
	})
	return id, l
}

func (f *fixture) message(id MessageID) (m Message) {
	f.t.Helper()
	f.read(func(v *View) (err error) {
		m, err = v.Message(id)
		return err
	})
	return m
}

// gone tells whether there is no such message.
func (f *fixture) gone(id MessageID) bool {
	f.t.Helper()
	err := f.Read(context.Background(), func(v *View) error {
		_, err := v.Message(id)
		return err
	})
	if err != nil && fault.Of(err).Cause != fault.Missing {
		f.t.Fatal(err)
	}
	return err != nil
}

func (f *fixture) list(l List) (ids []MessageID) {
	f.t.Helper()
	f.read(func(v *View) (err error) {
		ids, _, err = v.MessageIDs(l, 0, 1000)
		return err
	})
	return ids
}

// wantCause fails unless an error has a cause.
func wantCause(t testing.TB, err error, cause fault.Cause) {
	t.Helper()
	if err == nil {
		t.Fatal("no error")
	}
	if got := fault.Of(err); got.Cause != cause {
		t.Fatalf("%v has cause %d, want %d", err, got.Cause, cause)
	}
}
