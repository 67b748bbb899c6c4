package imapsync

import (
	"slices"
	"strings"
	"testing"
	"time"

	"paquebot.app/localstore"
)

// TestARenameToANameThatIsTaken on the server: the folder keeps its own name
// and mail, the other's stays the other's, and the user is told.
func TestARenameToANameThatIsTaken(t *testing.T) {
	onAll(t, func(h *harness) {
		h.user.Create("Old")
		h.deliver("Old", 0, 3)
		h.pass()
		h.whole("Old")
		before := ids(h.messages("Old")...)
		h.write(func(tx *localstore.Tx) error { return tx.RenameFolder(h.folder("Old"), "New") })
		h.user.Create("New")
		h.deliver("New", 100, 2)
		r := h.report()
		if len(r.Conflicts) != 1 || !strings.Contains(r.Conflicts[0], "old one again") {
			h.Errorf("told: %q", r.Conflicts)
		}
		for range 2 {
			if got := ids(h.messages("Old")...); !slices.Equal(got, before) || len(h.messages("New")) != 2 || len(h.pendings()) != 0 {
				h.Errorf("Old %v, want %v; New %q; pending %+v", got, before, h.subjects("New"), h.pendings())
			}
			h.pass()
		}
	})
}

// TestWhatLiesBelowARenamedFolder can be changed in the same pass.
func TestWhatLiesBelowARenamedFolder(t *testing.T) {
	onAll(t, func(h *harness) {
		h.user.Create("Old")
		h.user.Create("Old/2026")
		h.deliver("Old/2026", 0, 2)
		h.pass()
		h.write(func(tx *localstore.Tx) error {
			if err := tx.SetFlags(ids(h.messages("Old/2026")...), localstore.Flagged, 0); err != nil {
				return err
			}
			return tx.RenameFolder(h.folder("Old"), "New")
		})
		if r := h.report(); len(r.Conflicts) != 0 || len(h.pendings()) != 0 {
			h.Errorf("%+v, pending %+v", r, h.pendings())
		}
		if got := h.onServer("New/2026"); !slices.Equal(got, []string{`letter 0 \Flagged`, `letter 1 \Flagged`}) {
			h.Errorf("%q", got)
		}
	})
}

// TestFolderWorkThatIsRefused is put back and told once; what was to go there
// is where it was.
func TestFolderWorkThatIsRefused(t *testing.T) {
	for scenario, words := range map[string]string{"create-no": "could not be made", "rename-no": "old one again", "delete-no": "was not deleted"} {
		t.Run(scenario, func(t *testing.T) {
			onAll(t, func(h *harness) {
				h.user.Create("Old")
				h.deliver("Old", 0, 2)
				h.deliver("INBOX", 10, 3)
				h.pass()
				if err := h.server.Scenario(scenario); err != nil {
					h.Fatal(err)
				}
				h.write(func(tx *localstore.Tx) error {
					switch scenario {
					case "create-no":
						to, err := tx.CreateFolder(h.account.ID, "New")
						if err != nil {
							return err
						}
						return tx.Move(ids(h.messages("INBOX")[0]), to)
					case "rename-no":
						return tx.RenameFolder(h.folder("Old"), "New")
					}
					return tx.DeleteFolder(h.folder("Old"))
				})
				told := 0
				for range 3 {
					for _, c := range h.report().Conflicts {
						if told++; !strings.Contains(c, words) || !strings.Contains(c, "this is not yours to change") {
							h.Errorf("told: %q", c)
						}
					}
					h.clock.Advance(10 * time.Minute)
				}
				if told != 1 || len(h.pendings()) != 0 {
					h.Errorf("told %d times; pending %+v", told, h.pendings())
				}
				old, inbox, paths := len(h.messages("Old")), len(h.messages("INBOX")), h.paths()
				if inbox != 3 || (old == 2) != (scenario != "delete-no") || slices.Contains(paths, "New") || !slices.Contains(paths, "Old") {
					h.Errorf("%d in the inbox, %d in Old, folders %q", inbox, old, paths)
				}
			})
		})
	}
}
