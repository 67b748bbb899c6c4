package ui

import (
	"strings"
	"testing"

	"paquebot.app/localstore"
)

func TestClosingSaysWhatWaits(t *testing.T) {
	store := profile(t, 1)
	ctx := t.Context()
	blob := store.NewBlob(ctx)
	if _, err := blob.Write([]byte("From: robin@example.net\r\nTo: a@b.example\r\nMessage-ID: <1@x>\r\n\r\nHi\r\n")); err != nil {
		t.Fatal(err)
	}
	blobs, err := store.CompleteBlobs(ctx, blob)
	if err != nil {
		t.Fatal(err)
	}
	if err := store.Write(ctx, "test", func(tx *localstore.Tx) error {
		a, err := tx.AccountByName("home")
		if err != nil {
			return err
		}
		_, err = tx.Queue(localstore.NewLetter{
			Account: a.ID, EnvelopeFrom: "robin@example.net", Recipients: []string{"a@b.example"},
			Content: localstore.NewContent{Account: a.ID, HeaderID: "1@x", Blob: blobs[0].ID, Body: localstore.BodyWhole, Size: blobs[0].Size},
		})
		return err
	}); err != nil {
		t.Fatal(err)
	}
	w := openWindow(t, store)
	closed := false
	w.window.SetOnClosed(func() { closed = true })
	w.close()
	w.until(func() bool { return len(w.notices) > 0 })
	if closed || !strings.HasPrefix(w.notices[0].text, "One letter is waiting.") {
		t.Fatalf("closed %v, told %+v", closed, w.notices)
	}
	w.close()
	if !closed {
		t.Error("the second time it does not close")
	}
}

func TestClosingWithNothingWaitingJustCloses(t *testing.T) {
	written := &writer{}
	told := 0
	w := openWindow(t, profile(t, 1), func(c *Config) {
		c.Views.Composer = func(Host) Composer { return written }
		c.Leaving = func() { told++ }
	})
	closed := false
	w.window.SetOnClosed(func() { closed = true })
	w.close()
	w.until(func() bool { return closed })
	if told != 1 {
		t.Errorf("told %d times", told)
	}
}
