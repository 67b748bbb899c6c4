package imapsync

import (
	"slices"
	"testing"

	"github.com/emersion/go-imap/v2"

	"paquebot.app/localstore"
)

// play makes the server play scenarios from now on.
func (h *harness) play(names ...string) {
	h.Helper()
	if err := h.server.Scenario(names...); err != nil {
		h.Fatal(err)
	}
}

// roles returns the server's folders here that have a role, by their paths.
func (h *harness) roles() map[string]localstore.Role {
	h.Helper()
	out := map[string]localstore.Role{}
	h.read(func(v *localstore.View) error {
		all, err := v.Folders(h.account.ID)
		for _, f := range all {
			if f.Remote && f.Role != localstore.RoleNone {
				out[f.Path] = f.Role
			}
		}
		return err
	})
	return out
}

// belowInbox are the kinds of servers that keep everything below the inbox:
// those that say it, those that say roles by names only, and those whose refusal
// of anything else is the only word.
var belowInbox = map[string][]string{
	"NAMESPACE":           nil,
	"without uses":        {"SPECIAL-USE"},
	"without a word":      {"NAMESPACE"},
	"nothing of all":      {"NAMESPACE", "SPECIAL-USE", "LIST-EXTENDED", "LIST-STATUS", "CONDSTORE", "QRESYNC", "UIDPLUS", "MOVE"},
	"without LIST-STATUS": {"LIST-STATUS"},
}

// TestFoldersAreMadeUnderTheUsersPrefix: what is made, renamed and deleted here
// is so below the prefix there, once, with the mail in it.
func TestFoldersAreMadeUnderTheUsersPrefix(t *testing.T) {
	for name, hide := range belowInbox {
		t.Run(name, func(t *testing.T) {
			h := newHarness(t, hide...)
			h.play("names-below-inbox")
			for _, box := range h.user.Mailboxes() {
				if n := box.Status().Name; n != "INBOX" && n != "Sent" {
					h.user.Delete(n)
				}
			}
			h.deliver("INBOX", 0, 3)
			h.pass()
			if r := h.roles(); r["INBOX/Sent"] != localstore.RoleSent {
				t.Fatalf("roles %v", r)
			}
			h.write(func(tx *localstore.Tx) error {
				to, err := tx.CreateFolder(h.account.ID, "Boats")
				if err != nil {
					return err
				}
				if err := tx.Move(ids(h.messages("INBOX")[0]), to); err != nil {
					return err
				}
				return tx.Delete(ids(h.messages("INBOX")[1]))
			})
			h.pass()
			h.pass()
			if got := h.onServer("Boats"); !slices.Equal(got, []string{"letter 2"}) {
				t.Errorf("Boats on the server: %q", got)
			}
			if got := h.onServer("Trash"); len(got) != 1 {
				t.Errorf("Trash on the server: %q", got)
			}
			if got := h.paths(); !slices.Contains(got, "INBOX/Boats") || slices.Contains(got, "Boats") || slices.Contains(got, "Trash") {
				t.Errorf("folders %v", got)
			}
			h.write(func(tx *localstore.Tx) error { return tx.RenameFolder(h.folder("INBOX/Boats"), "Ships") })
			h.pass()
			h.pass()
			if got := h.onServer("Ships"); !slices.Equal(got, []string{"letter 2"}) || h.user.Mailbox("Boats") != nil {
				t.Errorf("Ships on the server: %q", got)
			}
			if got := h.subjects("INBOX/Ships"); !slices.Equal(got, []string{"letter 2"}) {
				t.Errorf("Ships here: %q of %v", got, h.paths())
			}
			h.write(func(tx *localstore.Tx) error { return tx.DeleteFolder(h.folder("INBOX/Ships")) })
			h.pass()
			h.pass()
			if h.user.Mailbox("Ships") != nil || len(h.pendings()) != 0 || slices.Contains(h.paths(), "INBOX/Ships") {
				t.Errorf("folders %v, pending %+v", h.paths(), h.pendings())
			}
			if n := len(h.messages("INBOX")) + len(h.messages("INBOX/Trash")); n != 3 {
				t.Errorf("%d of 3 letters", n)
			}
		})
	}
}

// TestOthersFoldersAreListedAndNotRead until somebody opens them; none is the
// user's Trash, whatever it is called.
func TestOthersFoldersAreListedAndNotRead(t *testing.T) {
	h := newHarness(t, "SPECIAL-USE")
	h.play("others-folders")
	h.user.Delete("Trash")
	for _, name := range []string{"Other Users/tom", "équipe/Trash", "Mine"} {
		h.user.Create(name)
		h.deliver(name, 0, 2)
	}
	h.pass()
	for name, want := range map[string]int{"Other Users/tom": 0, "équipe/Trash": 0, "Mine": 2} {
		if n := len(h.messages(name)); n != want {
			t.Errorf("%d letters of %s are here, want %d", n, name, want)
		}
	}
	if r := h.roles(); r["équipe/Trash"] != localstore.RoleNone {
		t.Errorf("roles %v", r)
	}
	h.write(func(tx *localstore.Tx) error { return tx.OpenFolder(h.folder("équipe/Trash")) })
	h.pass()
	if n := len(h.messages("équipe/Trash")); n != 2 {
		t.Errorf("%d letters after it was opened", n)
	}
	h.noSins()
}

// TestRolesByName: without attributes the names of well-known servers and
// programs tell, in many languages, below any prefix; of two that may be the
// Trash neither is.
func TestRolesByName(t *testing.T) {
	for _, c := range []struct {
		name  string
		boxes []string
		want  map[string]localstore.Role
	}{
		{"German", []string{"Gesendete Objekte", "Entwürfe", "Papierkorb", "Spamverdacht"},
			map[string]localstore.Role{"Gesendete Objekte": localstore.RoleSent, "Entwürfe": localstore.RoleDrafts, "Papierkorb": localstore.RoleTrash, "Spamverdacht": localstore.RoleJunk}},
		{"decomposed", []string{"Entwu\u0308rfe"}, map[string]localstore.Role{"Entwu\u0308rfe": localstore.RoleDrafts}},
		{"Russian", []string{"Отправленные", "Черновики", "Корзина", "Спам"},
			map[string]localstore.Role{"Отправленные": localstore.RoleSent, "Черновики": localstore.RoleDrafts, "Корзина": localstore.RoleTrash, "Спам": localstore.RoleJunk}},
		{"Google", []string{"[Gmail]/Sent Mail", "[Gmail]/All Mail", "[Gmail]/Bin", "[Gmail]/Spam", "[Gmail]/Drafts"},
			map[string]localstore.Role{"[Gmail]/Sent Mail": localstore.RoleSent, "[Gmail]/All Mail": localstore.RoleAll, "[Gmail]/Bin": localstore.RoleTrash, "[Gmail]/Spam": localstore.RoleJunk, "[Gmail]/Drafts": localstore.RoleDrafts}},
		{"two Trashes", []string{"Papierkorb", "Deleted Items"}, map[string]localstore.Role{}},
		{"two, one as we call it", []string{"Deleted Items", "Trash"}, map[string]localstore.Role{"Trash": localstore.RoleTrash}},
		{"two of Sent", []string{"Sent Items", "Sent"}, map[string]localstore.Role{"Sent": localstore.RoleSent}},
		{"no mail of all", []string{"All Mail", "Work/Trash", "INBOX/Work/Sent"}, map[string]localstore.Role{}},
	} {
		t.Run(c.name, func(t *testing.T) {
			h := newHarness(t, "SPECIAL-USE")
			for _, n := range []string{"Drafts", "Sent", "Archive", "Junk", "Trash"} {
				h.user.Delete(n)
			}
			for _, n := range c.boxes {
				h.user.Create(n)
			}
			h.pass()
			h.pass()
			got := h.roles()
			delete(got, localstore.Inbox)
			if len(got) != len(c.want) {
				t.Errorf("roles %v, want %v", got, c.want)
			}
			for path, role := range c.want {
				if got[path] != role {
					t.Errorf("roles %v, want %v", got, c.want)
				}
			}
		})
	}
}

// TestWhatTheServerSaysWinsOverNames, also when it begins to say it later; and
// what was written before the folder was known is in it.
func TestWhatTheServerSaysWinsOverNames(t *testing.T) {
	h := newHarness(t)
	h.user.Delete("Trash")
	h.user.Create("Deleted Items")
	var draft localstore.DraftID
	h.user.Delete("Drafts")
	h.user.Create("Entwürfe", `\Drafts`)
	h.write(func(tx *localstore.Tx) (err error) {
		if draft, err = tx.NewDraft(h.account.ID, 0); err != nil {
			return err
		}
		return tx.SaveDraft(draft, h.clock.Now(), "{}", nil, localstore.NewContent{Account: h.account.ID, Subject: "Begun"})
	})
	h.pass()
	if r := h.roles(); r["Deleted Items"] != localstore.RoleTrash || r["Entwürfe"] != localstore.RoleDrafts {
		t.Fatalf("roles %v", r)
	}
	if got := h.subjects("Entwürfe"); !slices.Equal(got, []string{"Begun"}) || slices.Contains(h.paths(), "Drafts") {
		t.Errorf("drafts %q, folders %v", got, h.paths())
	}
	h.user.Create("Bin there", `\Trash`)
	h.pass()
	if r := h.roles(); r["Bin there"] != localstore.RoleTrash || r["Deleted Items"] != localstore.RoleNone {
		t.Errorf("roles %v", r)
	}
}

func TestLongestPrefixSaysWhoseAFolderIs(t *testing.T) {
	old := readNamespaces(&imap.NamespaceData{Personal: []imap.NamespaceDescriptor{{Prefix: "INBOX.", Delim: '.'}},
		Other: []imap.NamespaceDescriptor{{Prefix: "user.", Delim: '.'}}, Shared: []imap.NamespaceDescriptor{{Prefix: "", Delim: '.'}}})
	for name, want := range map[string]bool{"INBOX": false, "inbox": false, "INBOX.Sent": false, "user.tom": true, "user": true, "News": true} {
		if got := old.foreign(name, '.'); got != want {
			t.Errorf("%s is another's: %v", name, got)
		}
	}
	for name, want := range map[string]string{"Boats": "INBOX.Boats", "INBOX.Boats": "INBOX.Boats", "user.tom.x": "user.tom.x", "INBOX": "INBOX"} {
		if got := old.spaced(name); got != want {
			t.Errorf("%s is made as %s", name, got)
		}
	}
	nobody := readNamespaces(&imap.NamespaceData{Shared: []imap.NamespaceDescriptor{{Prefix: "", Delim: '/'}}})
	if nobody.foreign("Boats", '/') {
		t.Error("without a namespace of his own nothing is the user's")
	}
}
