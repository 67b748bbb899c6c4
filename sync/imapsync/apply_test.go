package imapsync

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"paquebot.app/internal/fakeserver"
	"paquebot.app/localstore"
)

func TestFlagsGoAsDifferences(t *testing.T) {
	onAll(t, func(h *harness) {
		h.deliver("INBOX", 0, 3)
		h.pass()
		m := h.messages("INBOX")
		h.write(func(tx *localstore.Tx) error {
			if err := tx.SetFlags(ids(m[0], m[1]), localstore.Seen, 0); err != nil {
				return err
			}
			return tx.SetKeywords(ids(m[0]), []string{"trip"}, nil)
		})
		h.user.Mailbox("INBOX").AddFlags(3, `\Answered`, "other")
		h.pass()
		h.pass()
		want := []string{"letter 0", `letter 1 \Seen`, `letter 2 \Answered \Seen other trip`}
		if got := h.onServer("INBOX"); !slices.Equal(got, want) {
			h.Errorf("server has %q, want %q", got, want)
		}
		got := h.messages("INBOX")[0]
		if got.Flags != localstore.Seen|localstore.Answered || !slices.Equal(got.Keywords, []string{"other", "trip"}) {
			h.Errorf("here: %v %v", got.Flags.Names(), got.Keywords)
		}
		if p := h.pendings(); len(p) != 0 {
			h.Errorf("left over: %+v", p)
		}
	})
}

func TestMoveCopyAndDelete(t *testing.T) {
	onAll(t, func(h *harness) {
		h.deliver("INBOX", 0, 4)
		h.pass()
		m := h.messages("INBOX") // letters 3 2 1 0
		h.write(func(tx *localstore.Tx) error {
			if err := tx.Move(ids(m[0]), h.folder("Archive")); err != nil {
				return err
			}
			if _, err := tx.Copy(ids(m[1]), h.folder("Archive")); err != nil {
				return err
			}
			return tx.Delete(ids(m[2]))
		})
		h.pass()
		h.pass()
		h.same("INBOX", "letter 0", "letter 2")
		h.same("Archive", "letter 2", "letter 3")
		h.same("Trash", "letter 1")
		h.write(func(tx *localstore.Tx) error { return tx.Delete(ids(h.messages("Trash")...)) })
		h.pass()
		h.pass()
		h.same("Trash")
		if p := h.pendings(); len(p) != 0 {
			h.Errorf("left over: %+v", p)
		}
		for _, m := range h.messages("Archive") {
			if m.Where != localstore.WhereServer {
				h.Errorf("%q is %s", m.Subject, m.Where)
			}
		}
	})
}

// same compares a folder here and on the server, without what is marked
// \Deleted there, with the subjects wanted.
func (h *harness) same(path string, want ...string) {
	h.Helper()
	here := h.subjects(path)
	slices.Sort(here)
	var there []string
	for _, m := range h.user.Mailbox(path).Messages() {
		if !m.Has(`\Deleted`) {
			there = append(there, subjectOf(m))
		}
	}
	slices.Sort(there)
	if !slices.Equal(here, want) {
		h.Errorf("%s here: %q, want %q", path, here, want)
	}
	if !slices.Equal(there, want) {
		h.Errorf("%s on the server: %q, want %q", path, there, want)
	}
}

func subjectOf(m fakeserver.Message) string {
	var subject string
	for _, line := range splitLines(m.Raw) {
		if n, err := fmt.Sscanf(line, "Subject: letter %s", &subject); n == 1 && err == nil {
			return "letter " + subject
		}
	}
	return "?"
}

func TestDeleteSparesOthersDeletedMail(t *testing.T) {
	onAll(t, func(h *harness) {
		h.deliver("INBOX", 0, 4)
		h.user.Mailbox("INBOX").AddFlags(1, `\Deleted`)
		h.pass()
		h.write(func(tx *localstore.Tx) error { return tx.DeleteNow(ids(h.messages("INBOX")[0])) })
		h.pass()
		if !slices.Contains(h.onServer("INBOX"), `letter 0 \Deleted`) {
			h.Errorf("another client's deleted mail was expunged: %q", h.onServer("INBOX"))
		}
	})
}

func TestAppendExactlyOnce(t *testing.T) {
	for _, scenario := range []string{"", "append-drop-once", "no-appenduid", "appenduid-wrong", "append-drop-once search-blind"} {
		t.Run(scenario, func(t *testing.T) {
			onAll(t, func(h *harness) {
				h.pass()
				h.addSent(7)
				if scenario != "" {
					h.play(strings.Fields(scenario)...)
				}
				if err := h.try(); err == nil && strings.Contains(scenario, "append-drop-once") {
					h.Error("the lost answer was not noticed")
				}
				if strings.Contains(scenario, "search-blind") {
					h.play("search-blind")
				} else {
					h.play()
				}
				h.pass()
				h.pass()
				h.same("Sent", "letter 7")
				if p := h.pendings(); len(p) != 0 {
					h.Errorf("left over: %+v", p)
				}
			})
		})
	}
}

// addSent puts a whole letter into Sent here, with a pending append.
func (h *harness) addSent(i int) {
	h.Helper()
	c := h.content(mail(i))
	h.write(func(tx *localstore.Tx) error {
		id, err := tx.AddContent(c)
		if err != nil {
			return err
		}
		f, err := tx.FolderByRole(h.account.ID, localstore.RoleSent)
		if err != nil {
			return err
		}
		_, err = tx.Append(localstore.NewMessage{Folder: f.ID, Content: id, Arrived: h.clock.Now(), Flags: localstore.Seen})
		return err
	})
}

func TestFoldersMadeRenamedAndDeletedOffline(t *testing.T) {
	onAll(t, func(h *harness) {
		h.deliver("INBOX", 0, 2)
		h.pass()
		var made localstore.FolderID
		h.write(func(tx *localstore.Tx) (err error) {
			if made, err = tx.CreateFolder(h.account.ID, "Projects/Lisbon"); err != nil {
				return err
			}
			return tx.Move(ids(h.messages("INBOX")[0]), made)
		})
		h.pass()
		h.same("Projects/Lisbon", "letter 1")
		h.write(func(tx *localstore.Tx) error { return tx.RenameFolder(made, "Projects/Porto") })
		h.pass()
		h.same("Projects/Porto", "letter 1")
		h.write(func(tx *localstore.Tx) error { return tx.DeleteFolder(made) })
		h.pass()
		h.pass()
		if h.user.Mailbox("Projects/Porto") != nil {
			h.Error("the folder is still on the server")
		}
		h.same("Trash", "letter 1")
	})
}

func TestFolderWithOthersNewMailIsNotDeleted(t *testing.T) {
	onAll(t, func(h *harness) {
		h.user.Create("Old")
		h.deliver("Old", 0, 2)
		h.pass()
		h.write(func(tx *localstore.Tx) error { return tx.DeleteFolder(h.folder("Old")) })
		h.deliver("Old", 2, 1) // another client's, that we have not seen
		h.pass()
		if box := h.user.Mailbox("Old"); box == nil || !slices.Contains(h.onServer("Old"), "letter 2") {
			h.Error("a message that was never here was deleted with its folder")
		}
	})
}
