package ui

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"paquebot.app/internal/clock"
	"paquebot.app/internal/outgoing"
	"paquebot.app/localstore"
	"paquebot.app/ui/kit"
)

// following is a window that follows its store.
func following(c *Config) { c.Clock = clock.System }

// button finds a button by its words.
func button(in fyne.CanvasObject, text string) *kit.Button {
	for _, o := range test.LaidOutObjects(in) {
		if b, ok := o.(*kit.Button); ok && b.Text() == text {
			return b
		}
	}
	return nil
}

// TestAPausedFolderHasThreeAnswers, and the question goes with any of them.
func TestAPausedFolderHasThreeAnswers(t *testing.T) {
	store := profile(t, 3)
	ctx := context.Background()
	err := store.Write(ctx, "pause", func(tx *localstore.Tx) error {
		a, err := tx.AccountByName("home")
		if err != nil {
			return err
		}
		f, err := tx.FolderByRole(a.ID, localstore.RoleInbox)
		if err != nil {
			return err
		}
		return tx.PauseFolder(f.ID, "40 of 58 messages are no longer on the server.")
	})
	if err != nil {
		t.Fatal(err)
	}
	w := openWindow(t, store, following)
	w.until(func() bool { return len(w.status.Condition().Notices) == 1 })
	for i := range mostBanners { // what is only told does not hide the question
		w.addNotice(notice{kind: kit.Info, text: fmt.Sprint("Something is told ", i)})
	}
	for _, text := range []string{"Keep here", "Put back on the server", "Remove"} {
		if button(w.banners, text) == nil {
			t.Fatalf("there is no %q", text)
		}
	}
	test.Tap(button(w.banners, "Keep here"))
	w.until(func() bool { return len(w.status.Condition().Notices) == 0 })
	if button(w.banners, "Keep here") != nil {
		t.Error("the question is still there")
	}
}

// TestARestoredProfileAsks before anything of it leaves.
func TestARestoredProfileAsks(t *testing.T) {
	store := profile(t, 1)
	ctx := context.Background()
	var account localstore.Account
	err := store.Read(ctx, func(v *localstore.View) (err error) {
		account, err = v.AccountByName("home")
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	letter := outgoing.Writing{Account: account.ID, To: "ana@example.org", Subject: "Tickets", Text: "Here they are."}
	draft, err := letter.Draft(ctx, store)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := outgoing.Queue(ctx, store, outgoing.Letter{Account: account, Draft: draft}); err != nil {
		t.Fatal(err)
	}
	if err := os.Remove(filepath.Join(store.Dir(), "origin")); err != nil {
		t.Fatal(err)
	}
	if restored, err := store.RecoverOrigin(ctx); !restored || err != nil {
		t.Fatal(restored, err)
	}
	w := openWindow(t, store, following)
	w.until(func() bool { return w.status.Condition().Restored })
	test.Tap(button(w.banners, "Look at them"))
	if at := w.list.Place(); at.Role != localstore.RoleOutbox {
		t.Errorf("the window shows %+v", at)
	}
	test.Tap(button(w.banners, "Send them from here"))
	w.until(func() bool { return !w.status.Condition().Restored })
	letters, err := outbox(ctx, store)
	if err != nil || len(letters) != 1 || letters[0].State != localstore.OutQueued {
		t.Errorf("%+v, %v", letters, err)
	}
	if button(w.banners, "Look at them") != nil {
		t.Error("the question is still there")
	}
}

func outbox(ctx context.Context, store *localstore.Store) (letters []localstore.Letter, err error) {
	err = store.Read(ctx, func(v *localstore.View) (err error) {
		letters, err = v.Outbox(0, false)
		return err
	})
	return letters, err
}

// TestAFoldersMenuMakesRenamesAndDeletes.
func TestAFoldersMenuMakesRenamesAndDeletes(t *testing.T) {
	w := openWindow(t, profile(t, 3), following)
	named := func(name string) bool {
		for _, r := range w.sidebar.Rows() {
			if r.Name == name {
				return true
			}
		}
		return false
	}
	choose := func(folder, item string) {
		t.Helper()
		for _, r := range w.sidebar.Rows() {
			if r.Name != folder {
				continue
			}
			for _, i := range w.side.folderItems(r, fyne.NewPos(10, 10)) {
				if i.Text == item {
					i.Action()
					return
				}
			}
		}
		t.Fatalf("%s has no %q", folder, item)
	}
	answer := func(text string) {
		t.Helper()
		p := w.window.Canvas().Overlays().Top().(*kit.Prompt)
		p.Entry().SetText(text)
		p.Entry().TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
	}
	choose("Inbox", "New folder…")
	answer(" Projects ")
	w.until(func() bool { return named("Projects") })
	choose("Projects", "New folder in here…")
	answer("2026")
	w.until(func() bool { return named("2026") })
	choose("2026", "Rename…")
	answer("2027")
	w.until(func() bool { return named("2027") && !named("2026") })
	choose("Projects", "Delete folder…")
	w.until(func() bool { return len(w.notices) == 1 })
	test.Tap(button(w.banners, "Delete"))
	w.until(func() bool { return !named("Projects") && !named("2027") })
	for _, r := range w.sidebar.Rows() {
		if r.Role != localstore.RoleNone {
			for _, i := range w.side.folderItems(r, fyne.Position{}) {
				if i.Text == "Rename…" || i.Text == "Delete folder…" {
					t.Errorf("%s offers %q", r.Name, i.Text)
				}
			}
		}
	}
}
