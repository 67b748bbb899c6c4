package ui

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"paquebot.app/localstore"
	"paquebot.app/ui/kit"
)

// TestThousandsOfFoldersHaveNoThousandsOfRows: the window makes so many that
// they can be looked through, and a row by which the others are found.
func TestThousandsOfFoldersHaveNoThousandsOfRows(t *testing.T) {
	const n = 3000
	store := profile(t, 3)
	err := store.Write(context.Background(), "many folders", func(tx *localstore.Tx) error {
		all, err := tx.Accounts()
		if err != nil {
			return err
		}
		for _, a := range all {
			if a.Mode == localstore.Local {
				continue
			}
			for i := range n {
				if _, err := tx.EnsureFolder(a.ID, fmt.Sprintf("Boats/%04d", i), localstore.RoleNone); err != nil {
					return err
				}
			}
			return nil
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	w := openWindow(t, store)
	made := 0
	for _, f := range w.side.widgets {
		if f != nil {
			made++
		}
	}
	if rows := len(w.side.widgets); rows < n || made > mostRows+20 || made < mostRows/2 {
		t.Errorf("%d rows made of %d", made, rows)
	}
	last := ""
	for _, o := range w.side.rows.Objects {
		if f, ok := o.(*kit.FolderRow); ok && strings.HasSuffix(f.State().Name, " more folders…") {
			last = f.State().Name
		}
	}
	titles := 0
	for _, r := range w.side.shown {
		if r.Section != "" {
			titles++
		}
	}
	if want := fmt.Sprintf("%d more folders…", len(w.side.widgets)-made-titles); last != want {
		t.Errorf("the last row says %q, want %q", last, want)
	}
}
