package ui

import (
	"context"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"paquebot.app/internal/clock"
	"paquebot.app/localstore"
	"paquebot.app/ui/kit"
	"paquebot.app/ui/theme"
	"paquebot.app/ui/vm"
)

var noon = time.Date(2026, 11, 25, 12, 0, 0, 0, time.UTC)

// profile makes a store with one POP account and n messages in its inbox; the
// first letters of text are stored whole.
func profile(t testing.TB, n int, letters ...string) *localstore.Store {
	t.Helper()
	ctx := context.Background()
	store, err := localstore.Open(ctx, t.TempDir(), localstore.WithClock(clock.NewFake(noon)))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { store.Close() })
	var blobs []localstore.Blob
	for _, l := range letters {
		w := store.NewBlob(ctx)
		if _, err := w.Write([]byte(l)); err != nil {
			t.Fatal(err)
		}
		done, err := store.CompleteBlobs(ctx, w)
		if err != nil {
			t.Fatal(err)
		}
		blobs = append(blobs, done...)
	}
	var account localstore.AccountID
	var inbox localstore.Folder
	write := func(f func(tx *localstore.Tx) error) {
		t.Helper()
		if err := store.Write(ctx, "fixture", f); err != nil {
			t.Fatal(err)
		}
	}
	write(func(tx *localstore.Tx) (err error) {
		if account, err = tx.AddAccount(localstore.Account{Name: "home", Address: "robin@example.net", Mode: localstore.POP}); err != nil {
			return err
		}
		if err = tx.SetSetting(settingRunning, "yes"); err != nil { // no letter is shown unasked
			return err
		}
		inbox, err = tx.FolderByRole(account, localstore.RoleInbox)
		return err
	})
	for from := 0; from < n; from += 2000 {
		write(func(tx *localstore.Tx) error {
			for i := from; i < min(from+2000, n); i++ {
				if err := addMessage(tx, account, inbox.ID, i, blobs); err != nil {
					return err
				}
			}
			return nil
		})
	}
	return store
}

func addMessage(tx *localstore.Tx, account localstore.AccountID, inbox localstore.FolderID, i int, blobs []localstore.Blob) error {
	at := noon.Add(-time.Duration(i+1) * time.Minute)
	c := localstore.NewContent{
		Account: account, HeaderID: fmt.Sprintf("%d@example.net", i), Sent: at, Size: 2000,
		Subject: fmt.Sprintf("Message %d about the spring workshop", i), Sender: fmt.Sprintf("Person %d <p%d@example.net>", i%97, i%97),
		Recipients: "robin@example.net", Preview: "Thanks, that works. Two small changes to the coffee line, you will not even notice them.",
	}
	if i < len(blobs) {
		c.Blob, c.Body, c.Size = blobs[i].ID, localstore.BodyWhole, blobs[i].Size
	}
	content, err := tx.AddContent(c)
	if err != nil {
		return err
	}
	m := localstore.NewMessage{Folder: inbox, Content: content, Arrived: at}
	if i%5 != 0 {
		m.Flags = localstore.Seen
	}
	_, err = tx.AddMessage(m)
	return err
}

// long is a plain letter of about that many bytes.
func long(bytes int) string {
	return "From: Ann <ann@example.net>\r\nTo: robin@example.net\r\nSubject: Long\r\n\r\n" +
		strings.Repeat("The ferry leaves at nine, and we should be at the pier a little before that, with the tickets printed.\r\n\r\n", bytes/106)
}

// shownWindow is a window under test.
type shownWindow struct {
	*Window
	queue *vm.Queue
}

// openWindow opens a window on a store and waits for its list.
func openWindow(t testing.TB, store *localstore.Store, change ...func(*Config)) *shownWindow {
	t.Helper()
	w := openEmpty(t, store, change...)
	w.until(func() bool { return !w.list.Loading() && w.started })
	return w
}

// openEmpty opens a window on a store and waits for its sidebar.
func openEmpty(t testing.TB, store *localstore.Store, change ...func(*Config)) *shownWindow {
	t.Helper()
	app := test.NewTempApp(t)
	theme.Install(app, theme.Light)
	q := vm.NewQueue()
	c := Config{App: app, Store: store, Clock: clock.NewFake(noon), Zone: time.UTC, Log: slog.New(slog.DiscardHandler), Dispatch: q}
	for _, f := range change {
		f(&c)
	}
	w := &shownWindow{New(c), q}
	w.Start()
	w.window.Resize(size1440)
	w.until(w.sidebar.Ready)
	t.Cleanup(w.Close)
	return w
}

func (w *shownWindow) until(done func() bool) { w.queue.Until(done) }

// shows tells whether a text stands anywhere below an object.
func shows(o fyne.CanvasObject, text string) bool {
	switch o := o.(type) {
	case *kit.Text:
		return o.Text() == text
	case *fyne.Container:
		for _, c := range o.Objects {
			if shows(c, text) {
				return true
			}
		}
	}
	return false
}
