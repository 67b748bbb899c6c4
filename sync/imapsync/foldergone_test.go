package imapsync

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/emersion/go-imap/v2"

	"paquebot.app/localstore"
)

// TestIntentsOfAFolderThatIsGone end with it: what another client moved first is
// where it moved it, what it deleted is held where it was here whole, nothing
// waits for ever, and the user is told.
func TestIntentsOfAFolderThatIsGone(t *testing.T) {
	for _, deletes := range []bool{true, false} {
		t.Run(fmt.Sprint("we delete it too: ", deletes), func(t *testing.T) {
			onAll(t, func(h *harness) {
				h.policy(localstore.FetchHeaders)
				h.user.Create("Old")
				h.deliver("Old", 0, 5)
				h.pass()
				h.write(func(tx *localstore.Tx) error { // all but letter 4
					for _, m := range h.messages("Old")[1:] {
						if err := tx.Want(m.Content, localstore.WishWhole); err != nil {
							return err
						}
					}
					return nil
				})
				h.pass()
				h.write(func(tx *localstore.Tx) error {
					all := h.messages("Old")
					if deletes {
						return tx.DeleteFolder(h.folder("Old"))
					}
					for _, err := range []error{
						tx.SetFlags(ids(all[0], all[1]), localstore.Flagged, 0),
						tx.Move(ids(all[2], all[3]), h.folder("Archive")),
					} {
						if err != nil {
							return err
						}
					}
					_, err := tx.Copy(ids(all[0]), h.folder("Archive"))
					return err
				})
				old := h.user.Mailbox("Old")
				old.CopyTo(h.user.Mailbox("Sent"), 1) // letter 0 is moved
				h.user.Delete("Old")
				told := ""
				for range 5 {
					told += strings.Join(h.report().Conflicts, "\n")
					h.answerPauses()
					h.clock.Advance(time.Hour)
				}
				if left := h.pendings(); len(left) != 0 {
					h.Errorf("left over: %+v", left)
				}
				if slices.Contains(h.paths(), "Old") && deletes {
					h.Errorf("folders: %q", h.paths())
				}
				if got := h.subjects("Sent"); !slices.Equal(got, []string{"letter 0"}) {
					h.Errorf("Sent: %q", got)
				}
				var held []string
				for _, m := range h.held() {
					held = append(held, m.Subject)
				}
				slices.Sort(held)
				if want := []string{"letter 1", "letter 2", "letter 3"}; !slices.Equal(held, want) {
					h.Errorf("held: %q, want %q", held, want)
				}
				for _, path := range []string{"Trash", "Archive", "INBOX"} {
					if got := h.subjects(path); len(got) != 0 {
						h.Errorf("%s: %q", path, got)
					}
				}
				if !strings.Contains(told, "deleted on the server meanwhile") {
					h.Errorf("told: %q", told)
				}
			})
		})
	}
}

// answerPauses removes what folders wait to be asked about.
func (h *harness) answerPauses() {
	h.Helper()
	var asking []localstore.PausedFolder
	h.read(func(v *localstore.View) (err error) {
		asking, err = v.PausedFolders()
		return err
	})
	for _, f := range asking {
		if _, err := h.store.EndPause(h.Context(), f.ID, localstore.Remove); err != nil {
			h.Fatal(err)
		}
	}
}

// TestARenameOfAFolderThatIsGone is given up at once, and what was in it goes by
// the keep rule.
func TestARenameOfAFolderThatIsGone(t *testing.T) {
	onAll(t, func(h *harness) {
		h.user.Create("Old")
		h.deliver("Old", 0, 2)
		h.pass()
		h.write(func(tx *localstore.Tx) error { return tx.RenameFolder(h.folder("Old"), "New") })
		h.user.Delete("Old")
		if r := h.report(); len(r.Conflicts) != 1 || !strings.Contains(r.Conflicts[0], "has this folder no more") {
			h.Errorf("told: %q", r.Conflicts)
		}
		h.answerPauses()
		h.pass()
		if len(h.pendings()) != 0 || slices.Contains(h.paths(), "New") || slices.Contains(h.paths(), "Old") {
			h.Errorf("folders %q, pending %+v", h.paths(), h.pendings())
		}
	})
}

// TestWhatOthersMarkedIsNotExpungedWithItsFolder: DELETE would take it, so it goes
// to the Trash, once, with its mark; also when the answer to that was lost.
func TestWhatOthersMarkedIsNotExpungedWithItsFolder(t *testing.T) {
	for _, scenario := range []string{"", "copy-drop", "drop-at-copy", "drop-at-move", "move-partial"} {
		t.Run(scenario, func(t *testing.T) {
			onAll(t, func(h *harness) {
				h.user.Create("Old")
				h.deliver("Old", 0, 4)
				old := h.user.Mailbox("Old")
				old.AddFlags(1, `\Deleted`) // before we saw it
				h.pass()
				h.whole("Old")
				old.AddFlags(2, `\Deleted`)
				h.pass()
				if got := h.subjects("Old"); len(got) != 2 {
					h.Fatalf("shown: %q", got)
				}
				h.write(func(tx *localstore.Tx) error { return tx.Move(ids(h.messages("Old")...), h.folder("Archive")) })
				h.pass()
				h.write(func(tx *localstore.Tx) error { return tx.DeleteFolder(h.folder("Old")) })
				if scenario != "" {
					if err := h.server.Scenario(scenario); err != nil {
						h.Fatal(err)
					}
					_ = h.try()
					if err := h.server.Scenario(); err != nil {
						h.Fatal(err)
					}
				}
				for range 2 {
					h.clock.Advance(time.Hour)
					h.pass()
				}
				if h.user.Mailbox("Old") != nil || slices.Contains(h.paths(), "Old") || len(h.pendings()) != 0 {
					h.Errorf("folders %q, pending %+v", h.paths(), h.pendings())
				}
				want := []string{`letter 0 \Deleted`, `letter 1 \Deleted`}
				if l := h.link(); !l.caps.Has(imap.CapUIDPlus) {
					want = want[1:] // whose mark the other was nobody can tell
				}
				if got := h.onServer("Trash"); !slices.Equal(got, want) {
					h.Errorf("Trash on the server: %q", got)
				}
				if got := h.subjects("Trash"); len(got) != 0 {
					h.Errorf("Trash: %q", got)
				}
				if got := h.subjects("Archive"); len(got) != 2 {
					h.Errorf("Archive: %q", got)
				}
				held := h.held()
				if len(held) != 1 || held[0].Subject != "letter 1" {
					h.Errorf("held: %+v", held)
				}
			})
		})
	}
}

// TestAServerThatPutsEverythingBelowTheInbox from one day to the next: what waits
// for a folder goes into the one that it is now, once, and nothing is there twice.
func TestAServerThatPutsEverythingBelowTheInbox(t *testing.T) {
	onAll(t, func(h *harness) {
		h.policy(localstore.FetchHeaders)
		h.deliver("INBOX", 0, 3)
		h.deliver("Archive", 10, 2)
		h.pass()
		h.write(func(tx *localstore.Tx) error {
			return tx.Move(ids(h.messages("INBOX")[0]), h.folder("Archive"))
		})
		h.addSent(70)
		h.play("names-below-inbox")
		for range 4 {
			_ = h.try()
			h.answerPauses()
			h.clock.Advance(time.Hour)
		}
		if left := h.pendings(); len(left) != 0 {
			h.Errorf("left over: %+v", left)
		}
		if got := h.onServer("Sent"); len(got) != 1 {
			h.Errorf("Sent on the server: %q", got)
		}
		for path, want := range map[string]int{"INBOX/Sent": 1, "INBOX/Archive": 3, "INBOX": 2} {
			if got := h.subjects(path); len(got) != want {
				h.Errorf("%s: %q; folders %q", path, got, h.paths())
			}
		}
		names := map[string]bool{}
		h.read(func(v *localstore.View) error {
			m, _, err := v.OpenMaildropOf(h.account.ID)
			if err != nil {
				return err
			}
			all, err := v.RemoteFolders(m.ID)
			for _, rf := range all {
				if names[rf.Name] {
					h.Errorf("two folders are %s on the server", rf.Name)
				}
				names[rf.Name] = true
			}
			return err
		})
	})
}
