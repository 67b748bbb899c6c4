package imapsync

import (
	"fmt"
	"slices"
	"testing"

	"paquebot.app/internal/realserver"
	"paquebot.app/localstore"
	"paquebot.app/sync/link"
)

// whole asks for everything in a folder.
func (h *harness) whole(path string) {
	h.Helper()
	h.write(func(tx *localstore.Tx) error {
		for _, m := range h.messages(path) {
			if err := tx.Want(m.Content, localstore.WishWhole); err != nil {
				return err
			}
		}
		return nil
	})
	h.pass()
}

// report runs a pass that must succeed and returns what it did.
func (h *harness) report() link.Report {
	h.Helper()
	l := h.link()
	defer l.Close()
	for _, step := range []step{applyStep, receiveStep, bodiesStep} {
		if err := step(h.Context(), l); err != nil {
			h.Fatal(err)
		}
	}
	return l.Report()
}

// paths returns the folders that the account has here.
func (h *harness) paths() (out []string) {
	h.Helper()
	h.read(func(v *localstore.View) error {
		all, err := v.Folders(h.account.ID)
		for _, f := range all {
			out = append(out, f.Path)
		}
		return err
	})
	return out
}

// TestAnotherClientsRename: the folder is the same one under another name; rows
// and bodies stay, nothing is held, nothing is fetched again.
func TestAnotherClientsRename(t *testing.T) {
	for _, n := range []int{4, 30} {
		for _, renumbered := range []bool{false, true} {
			t.Run(fmt.Sprint(n, " renumbered ", renumbered), func(t *testing.T) {
				onAll(t, func(h *harness) {
					h.user.Create("Proj")
					h.user.Create("Proj/Old")
					h.deliver("INBOX", 900, 2)
					h.deliver("Proj", 0, n)
					h.deliver("Proj/Old", 500, 2)
					h.pass()
					h.whole("Proj")
					before := h.messages("Proj")
					h.write(func(tx *localstore.Tx) error { return tx.SetFlags(ids(before[0]), localstore.Flagged, 0) })
					h.user.Rename("Proj", "Project")
					if renumbered {
						h.user.Mailbox("Project").Revalidate(0, 700)
					}
					r := h.report()
					if r.Held != 0 || r.Bodies != 0 || len(r.Conflicts) != 0 {
						h.Errorf("%+v", r)
					}
					after := h.messages("Project")
					if !slices.Equal(ids(after...), ids(before...)) {
						h.Fatalf("rows %v, want %v", ids(after...), ids(before...))
					}
					for _, m := range after {
						if m.Body != localstore.BodyWhole || m.Where != localstore.WhereBoth {
							h.Fatalf("%+v", m)
						}
					}
					h.clock.Advance(refusedPause)
					h.pass()
					if all := h.onServer("Project"); !slices.Contains(all, fmt.Sprintf(`letter %d \Flagged`, n-1)) || len(h.pendings()) != 0 {
						h.Errorf("the flag set before did not arrive: %q, %+v", all, h.pendings())
					}
					if got := h.paths(); slices.Contains(got, "Proj") || slices.Contains(got, "Proj/Old") || len(h.subjects("Project/Old")) != 2 {
						h.Errorf("folders %v", got)
					}
					if r := h.report(); r.Received+r.Changed+r.Held != 0 {
						h.Errorf("there is still something to do: %+v", r)
					}
				})
			})
		}
	}
}

// TestBothRenameAFolder: the user's name wins.
func TestBothRenameAFolder(t *testing.T) {
	onAll(t, func(h *harness) {
		h.user.Create("Proj")
		h.deliver("Proj", 0, 3)
		h.pass()
		id := h.folder("Proj")
		h.write(func(tx *localstore.Tx) error { return tx.RenameFolder(id, "Work") })
		h.user.Rename("Proj", "Project")
		h.pass()
		h.pass()
		if got := h.subjects("Work"); len(got) != 3 || h.folder("Work") != id || h.user.Mailbox("Work") == nil {
			h.Errorf("%q", got)
		}
		if got := h.paths(); slices.Contains(got, "Proj") || slices.Contains(got, "Project") {
			h.Errorf("folders %v", got)
		}
	})
}

// TestOneUIDValidityForAllProvesNothing: a folder that is no other's, on a
// server that gives all folders the same numbers.
func TestOneUIDValidityForAllProvesNothing(t *testing.T) {
	h := newHarness(t)
	for _, name := range []string{"A", "B"} {
		h.user.Create(name).Revalidate(1, 1)
	}
	h.deliver("A", 0, 3)
	h.deliver("B", 10, 3)
	h.pass()
	h.whole("A")
	h.user.Delete("A")
	h.user.Create("C").Revalidate(1, 1)
	h.deliver("C", 2, 1)
	h.deliver("C", 20, 3)
	r := h.report()
	if r.Held != 2 || len(h.subjects("C")) != 4 || len(h.subjects("B")) != 3 {
		t.Errorf("%+v; C %q, B %q", r, h.subjects("C"), h.subjects("B"))
	}
}

// TestAnotherClientDeletesAFolder: what is here waits for an answer; of headers
// nothing is left.
func TestAnotherClientDeletesAFolder(t *testing.T) {
	for _, n := range []int{1, 4, 30} {
		onAll(t, func(h *harness) {
			h.user.Create("Old")
			h.user.Create("Headers")
			h.deliver("Old", 0, n)
			h.deliver("Headers", 100, 4)
			h.pass()
			h.whole("Old")
			h.user.Delete("Old")
			h.user.Delete("Headers")
			r := h.report()
			if len(r.Asks) != 1 || slices.Contains(h.paths(), "Headers") {
				h.Errorf("%+v; folders %q", r, h.paths())
			}
			for range 2 {
				if r.Held != 0 || len(h.messages("Old")) != n {
					h.Fatalf("%+v, %d left", r, len(h.messages("Old")))
				}
				r = h.report()
			}
			if len(r.Asks) != 0 {
				h.Errorf("told again: %q", r.Asks)
			}
			id := h.folder("Old")
			h.endPause("Old", localstore.Remove)
			h.pass()
			h.read(func(v *localstore.View) error {
				f, err := v.Folder(id)
				if f.Total != 0 || f.Remote || f.Paused != "" {
					h.Errorf("after the answer: %+v", f)
				}
				return err
			})
		})
	}
}

// TestAFolderThatCannotBeReadMayHoldWhatIsMissing: nothing of a folder that is
// gone is let go before.
func TestAFolderThatCannotBeReadMayHoldWhatIsMissing(t *testing.T) {
	h := newHarness(t)
	h.user.Create("Proj")
	h.deliver("Proj", 0, 4)
	h.pass()
	h.whole("Proj")
	h.user.Rename("Proj", "Project")
	h.user.Mailbox("Project").Revalidate(0, 700)
	if err := h.server.Scenario("select-no"); err != nil {
		t.Fatal(err)
	}
	if err := h.try(); err == nil {
		t.Error("the pass succeeded")
	}
	if n := len(h.messages("Proj")); n != 4 {
		t.Errorf("%d are left", n)
	}
	if err := h.server.Scenario(); err != nil {
		t.Fatal(err)
	}
	if r := h.report(); r.Held != 0 || len(h.messages("Project")) != 4 {
		t.Errorf("%+v", r)
	}
}

// TestAnotherFolderInTheSamePlace: a folder that is numbered anew and of which
// less than half is recognised asks; else the rest stays here.
func TestAnotherFolderInTheSamePlace(t *testing.T) {
	for _, c := range []struct {
		n, left int
		paused  bool
	}{{40, 5, true}, {40, 19, true}, {40, 20, false}, {40, 39, false}, {5, 0, true}, {1, 0, true}} {
		t.Run(fmt.Sprint(c.left, " of ", c.n), func(t *testing.T) {
			onAll(t, func(h *harness) {
				h.user.Create("Old")
				h.deliver("Old", 0, c.n)
				h.pass()
				h.whole("Old")
				h.user.Delete("Old")
				h.user.Create("Old")
				h.deliver("Old", 0, c.left)
				h.deliver("Old", 100, 3)
				r := h.report()
				if len(h.messages("Old")) != c.n+3 || r.Held != 0 || (len(r.Asks) == 1) != c.paused {
					h.Errorf("%d messages, %+v", len(h.messages("Old")), r)
				}
				both := 0
				for _, m := range h.messages("Old") {
					if m.Where != localstore.WhereHere {
						both++
					}
				}
				if both != c.left+3 {
					h.Errorf("%d are on the server, want %d", both, c.left+3)
				}
				h.read(func(v *localstore.View) error {
					f, err := v.FolderByPath(h.account.ID, "Old")
					if (f.Paused != "") != c.paused {
						h.Errorf("paused: %q", f.Paused)
					}
					return err
				})
				if r := h.report(); len(r.Asks) != 0 || len(h.messages("Old")) != c.n+3 {
					h.Errorf("one pass more: %+v", r)
				}
				if !c.paused {
					return
				}
				h.endPause("Old", localstore.Remove)
				h.pass()
				if n := len(h.messages("Old")); n != c.left+3 {
					h.Errorf("%d messages after the answer, want %d", n, c.left+3)
				}
			})
		})
	}
}

// TestAFolderIsPutAsideAndMadeAnew: as those who archive by the year do.
func TestAFolderIsPutAsideAndMadeAnew(t *testing.T) {
	onAll(t, func(h *harness) {
		h.user.Create("Log")
		h.deliver("Log", 0, 30)
		h.pass()
		h.whole("Log")
		before := ids(h.messages("Log")...)
		h.user.Rename("Log", "Log 2025")
		h.user.Create("Log")
		h.deliver("Log", 100, 2)
		r := h.report()
		if r.Held != 0 || r.Bodies != 0 || len(r.Conflicts) != 0 || !slices.Equal(ids(h.messages("Log 2025")...), before) || len(h.messages("Log")) != 2 {
			h.Errorf("%+v; %d and %d messages", r, len(h.messages("Log 2025")), len(h.messages("Log")))
		}
	})
}

// TestDovecotRenames: on a real server, with everything and with nothing.
func TestDovecotRenames(t *testing.T) {
	for _, capability := range []string{"", "IMAP4rev1 LITERAL+ STARTTLS AUTH=PLAIN"} {
		v := newVoyage(t, realserver.Options{IMAPCapability: capability})
		v.dovecot.Command(t, v.user, "INBOX", "CREATE Proj")
		v.deliver("Proj", 0, 7)
		v.pass()
		v.whole("Proj")
		before := v.messages("Proj")
		v.dovecot.Command(t, v.user, "INBOX", "RENAME Proj Project")
		if r := v.report(); r.Held != 0 || r.Bodies != 0 || r.Received != 0 {
			t.Errorf("%+v", r)
		}
		if after := v.messages("Project"); !slices.Equal(ids(after...), ids(before...)) || slices.Contains(v.paths(), "Proj") {
			t.Errorf("rows %v, want %v; folders %v", ids(after...), ids(before...), v.paths())
		}
	}
}
