package imapsync

import (
	"slices"
	"strings"
	"testing"

	"paquebot.app/internal/fakeserver"
	"paquebot.app/internal/fakeserver/fakeimap"
	"paquebot.app/localstore"
)

// headersSent counts the headers that the server has sent since.
func (h *harness) headersSent(from int) (n int) {
	for _, line := range h.server.Transcript()[from:] {
		if !line.Client && strings.Contains(line.Text, " FETCH (") && strings.Contains(line.Text, "BODY[HEADER") {
			n++
		}
	}
	return n
}

// TestWhatAllMailShowsIsRecognisedByItsID: of what other folders have, no header
// comes a second time; of the rest it does.
func TestWhatAllMailShowsIsRecognisedByItsID(t *testing.T) {
	for _, capability := range []string{"X-GM-EXT-1", "OBJECTID"} {
		t.Run(capability, func(t *testing.T) {
			h := newHarness(t)
			h.server = fakeimap.Start(t, h.world, fakeimap.Options{Also: []string{capability}})
			h.account.IMAP.Port = h.server.Port()
			h.write(func(tx *localstore.Tx) error { return tx.SetAccount(h.account) })
			h.policy(localstore.FetchHeaders)
			h.user.Create("All", `\All`)
			const inbox, labelled, only = 130, 20, 7
			for i := range inbox {
				h.label(mail(i), fakeserver.Epoch, "INBOX", "All")
			}
			for i := range labelled {
				h.label(mail(inbox+i), fakeserver.Epoch, "Archive", "All")
			}
			for i := range only {
				h.label(mail(1000+i), fakeserver.Epoch, "All")
			}
			h.label(mail(0), fakeserver.Epoch, "All") // twice: that is another one
			from := len(h.server.Transcript())
			h.pass()
			if n := h.headersSent(from); n != inbox+labelled+only+1 {
				h.Errorf("%d headers came for %d mails", n, inbox+labelled+only)
			}
			all := h.subjects("All")
			if len(all) != inbox+labelled+only+1 {
				h.Errorf("%d messages", len(all))
			}
			shared := map[localstore.ContentID]bool{}
			for _, m := range h.messages("INBOX") {
				shared[m.Content] = true
			}
			n := 0
			for _, m := range h.messages("All") {
				if shared[m.Content] {
					n++
				}
			}
			if n != inbox {
				h.Errorf("%d of %d are the same mail", n, inbox)
			}

			h.label(mail(2000), fakeserver.Epoch, "INBOX", "All")
			h.label(mail(2001), fakeserver.Epoch, "All")
			h.user.Mailbox("All").AddFlags(1, `\Flagged`)
			h.pass()
			if got := h.subjects("All"); len(got) != len(all)+2 || !slices.Contains(got, "letter 2000") || !slices.Contains(got, "letter 2001") {
				h.Errorf("%d messages", len(got))
			}
			h.noSins()
		})
	}
}

// TestAnIDIsNotBelievedAgainstTheSize: a server that gives one id to two mails
// has two.
func TestAnIDIsNotBelievedAgainstTheSize(t *testing.T) {
	f := newHarness(t)
	f.deliver("INBOX", 0, 1)
	f.pass()
	m := f.messages("INBOX")[0]
	f.write(func(tx *localstore.Tx) error {
		at, err := tx.ImapLocationsOf(m.ID)
		if err != nil {
			return err
		}
		rf, err := tx.RemoteFolder(at[0].RemoteFolder)
		if err == nil {
			err = tx.SetEmailID(m.Content, rf.Maildrop, "1")
		}
		if err != nil {
			return err
		}
		archive := f.folder("Archive")
		for _, c := range []struct {
			maildrop localstore.MaildropID
			id       string
			size     int64
			folder   localstore.FolderID
			want     bool
		}{
			{rf.Maildrop, "1", m.Size, archive, true},
			{rf.Maildrop, "2", m.Size, archive, false},
			{rf.Maildrop, "1", m.Size + 1, archive, false},
			{rf.Maildrop + 1, "1", m.Size, archive, false},
			{rf.Maildrop, "1", m.Size, m.Folder, false},
		} {
			content, ok, err := tx.ByEmailID(f.account.ID, c.maildrop, c.id, c.size, c.folder)
			if err != nil || ok != c.want || ok && content != m.Content {
				t.Errorf("%+v: %d %v %v", c, content, ok, err)
			}
		}
		return nil
	})
}

// TestRolesByXList: of servers that know no SPECIAL-USE; the inbox is INBOX,
// whatever it is called.
func TestRolesByXList(t *testing.T) {
	for _, refused := range []bool{false, true} {
		h := newHarness(t)
		announced := []string{"XLIST"}
		h.server = fakeimap.Start(t, h.world, fakeimap.Options{Also: announced, Hide: []string{"SPECIAL-USE"}})
		h.account.IMAP.Port = h.server.Port()
		if refused {
			h.account.IMAP.Port = garble(t, h.server.Addr(), " XLIST ", " YLIST ")
		}
		h.write(func(tx *localstore.Tx) error { return tx.SetAccount(h.account) })
		h.user.Create("Muell", `\Trash`)
		h.user.Create("Reklame", `\Junk`)
		h.user.Create("Stern", `\Flagged`)
		h.user.Delete("Trash")
		h.user.Delete("Junk")
		h.deliver("INBOX", 0, 2)
		h.deliver("Stern", 0, 2)
		h.pass()
		if got := h.subjects("INBOX"); len(got) != 2 {
			t.Errorf("INBOX: %q", got)
		}
		if refused {
			continue
		}
		for path, want := range map[string]localstore.Role{"Muell": localstore.RoleTrash, "Reklame": localstore.RoleJunk, "INBOX": localstore.RoleInbox} {
			h.read(func(v *localstore.View) error {
				f, err := v.FolderByPath(h.account.ID, path)
				if f.Role != want {
					t.Errorf("%s is %q", path, f.Role)
				}
				return err
			})
		}
		if got := h.subjects("Stern"); len(got) != 0 {
			t.Errorf("fetched of what shows others' mail: %q", got)
		}
		h.noSins()
	}
}
