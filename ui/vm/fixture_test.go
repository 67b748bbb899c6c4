package vm

import (
	"context"
	"fmt"
	"log/slog"
	"runtime"
	"testing"
	"time"

	"paquebot.app/internal/clock"
	"paquebot.app/localstore"
)

// noon is when tests take place.
var noon = time.Date(2026, 11, 25, 12, 0, 0, 0, time.UTC) // a Wednesday

// fixture is a profile with one IMAP account, its folders on a server, and the models' surroundings.
type fixture struct {
	t       testing.TB
	env     *Env
	queue   *Queue
	clock   *clock.Fake
	watch   *localstore.Watcher
	account localstore.AccountID
	remote  map[localstore.FolderID]localstore.RemoteFolderID
	trouble []error
	n       int
}

func newFixture(t testing.TB) *fixture {
	t.Helper()
	f := &fixture{t: t, queue: NewQueue(), clock: clock.NewFake(noon), remote: map[localstore.FolderID]localstore.RemoteFolderID{}}
	store, err := localstore.Open(context.Background(), t.TempDir(), localstore.WithClock(f.clock))
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	f.env = &Env{
		Ctx: ctx, Store: store, Dispatch: f.queue, Clock: f.clock, Zone: time.UTC, Log: slog.New(slog.DiscardHandler),
		Trouble: func(err error) { f.trouble = append(f.trouble, err) },
	}
	f.watch = store.Watch()
	t.Cleanup(func() {
		cancel()
		f.env.Wait()
		f.watch.Close()
		if err := store.Close(); err != nil {
			t.Error(err)
		}
		for _, err := range f.trouble {
			t.Error("trouble:", err)
		}
	})
	f.write(func(tx *localstore.Tx) (err error) {
		f.account, err = tx.AddAccount(localstore.Account{Name: "work", Address: "robin@example.org", Mode: localstore.IMAP})
		if err != nil {
			return err
		}
		drop, err := tx.OpenMaildrop(f.account, localstore.IMAP, "mail.example.org", 993, "robin")
		if err != nil {
			return err
		}
		folders, err := tx.Folders(f.account)
		if err != nil {
			return err
		}
		for _, folder := range folders {
			switch folder.Role {
			case localstore.RoleOutbox, localstore.RoleDrafts:
				continue
			}
			rf := localstore.RemoteFolder{Folder: folder.ID, Maildrop: drop.ID, Name: folder.Path, UIDValidity: 7, UIDNext: 1}
			if f.remote[folder.ID], err = tx.PutRemoteFolder(rf); err != nil {
				return err
			}
		}
		return nil
	})
	return f
}

func (f *fixture) write(do func(*localstore.Tx) error) {
	f.t.Helper()
	if err := f.env.Store.Write(context.Background(), "test", do); err != nil {
		f.t.Fatal(err)
	}
}

func (f *fixture) read(do func(*localstore.View) error) {
	f.t.Helper()
	if err := f.env.Store.Read(context.Background(), do); err != nil {
		f.t.Fatal(err)
	}
}

// changes returns what the store changed since it was asked last.
func (f *fixture) changes() Changes {
	list, overflow := f.watch.Take()
	return Changes{list, overflow}
}

// folder returns the folder of a role.
func (f *fixture) folder(r localstore.Role) (folder localstore.Folder) {
	f.t.Helper()
	f.read(func(v *localstore.View) (err error) {
		folder, err = v.FolderByRole(f.account, r)
		return err
	})
	return folder
}

func (f *fixture) place(r localstore.Role) Place {
	return Place{Account: f.account, Folder: f.folder(r).ID, Role: r}
}

// add puts n messages into the folder of a role.
func (f *fixture) add(r localstore.Role, n int, change ...func(*localstore.NewContent, *localstore.NewMessage)) []localstore.MessageID {
	f.t.Helper()
	return f.addTo(f.folder(r).ID, n, change...)
}

// addTo puts n messages into a folder, each a minute younger than the one before.
func (f *fixture) addTo(folder localstore.FolderID, n int, change ...func(*localstore.NewContent, *localstore.NewMessage)) (ids []localstore.MessageID) {
	f.t.Helper()
	f.write(func(tx *localstore.Tx) error {
		ids = nil
		for range n {
			f.n++
			c := localstore.NewContent{
				Account: f.account, HeaderID: fmt.Sprintf("%d@example.org", f.n), Size: 900,
				Subject: fmt.Sprint("Subject ", f.n), Sender: "Amélie Fournier <amelie@fournier.example>", Recipients: "robin@example.org, Tom Bannister <tom@b.example>",
				Preview: "Hi both", Sent: noon.Add(time.Duration(f.n-100000) * time.Minute),
			}
			m := localstore.NewMessage{Folder: folder, Arrived: c.Sent}
			for _, f := range change {
				f(&c, &m)
			}
			id, err := tx.AddContent(c)
			if err != nil {
				return err
			}
			m.Content = id
			message, err := tx.AddMessage(m)
			if err != nil {
				return err
			}
			if rf := f.remote[folder]; rf != 0 {
				at := localstore.ImapLocation{Message: message, RemoteFolder: rf, UIDValidity: 7, UID: uint32(f.n), BaseFlags: m.Flags}
				if _, err := tx.AddImapLocation(at); err != nil {
					return err
				}
			}
			ids = append(ids, message)
		}
		return nil
	})
	return ids
}

// letter stores a whole letter in the inbox.
func (f *fixture) letter(raw string, change ...func(*localstore.NewContent, *localstore.NewMessage)) localstore.MessageID {
	f.t.Helper()
	ctx := context.Background()
	w := f.env.Store.NewBlob(ctx)
	if _, err := w.Write([]byte(raw)); err != nil {
		f.t.Fatal(err)
	}
	blobs, err := f.env.Store.CompleteBlobs(ctx, w)
	if err != nil {
		f.t.Fatal(err)
	}
	return f.add(localstore.RoleInbox, 1, append(change, func(c *localstore.NewContent, _ *localstore.NewMessage) {
		c.Blob, c.Body, c.Size = blobs[0].ID, localstore.BodyWhole, int64(len(raw))
	})...)[0]
}

// settle waits until nothing is left to run.
func (f *fixture) settle() {
	for {
		f.env.Wait()
		if len(f.queue.c) == 0 {
			return
		}
		(<-f.queue.c)()
	}
}

// advance waits until somebody waits for the clock, and moves it.
func (f *fixture) advance(d time.Duration) {
	for f.clock.Waiters() == 0 {
		runtime.Gosched()
	}
	f.clock.Advance(d)
}

func (f *fixture) message(id localstore.MessageID) (m localstore.Message) {
	f.t.Helper()
	f.read(func(v *localstore.View) (err error) {
		m, err = v.Message(id)
		return err
	})
	return m
}
