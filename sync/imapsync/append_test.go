package imapsync

import (
	"slices"
	"testing"

	"paquebot.app/internal/realserver"
	"paquebot.app/localstore"
)

// away moves the only message of the inbox, which is here whole, to this
// computer, and back.
func (h *harness) away() {
	h.Helper()
	here := h.local()
	h.write(func(tx *localstore.Tx) error { return tx.Want(h.messages("INBOX")[0].Content, localstore.WishWhole) })
	h.pass()
	h.write(func(tx *localstore.Tx) error { return tx.Move(ids(h.messages("INBOX")...), here) })
	h.pass()
	if n := len(h.messages("INBOX")); n != 0 {
		h.Fatalf("%d messages in the inbox after it left", n)
	}
	var there []localstore.MessageID
	h.read(func(v *localstore.View) (err error) {
		there, _, err = v.MessageIDs(localstore.List{Folder: here}, 0, 10)
		return err
	})
	if len(there) != 1 {
		h.Fatalf("%d messages on this computer", len(there))
	}
	h.write(func(tx *localstore.Tx) error { return tx.Move(there, h.folder("INBOX")) })
	h.pass()
	h.pass()
}

// local returns the inbox of this computer.
func (h *harness) local() (id localstore.FolderID) {
	h.Helper()
	h.read(func(v *localstore.View) error {
		all, err := v.Accounts()
		for _, a := range all {
			if a.Mode == localstore.Local && err == nil {
				var f localstore.Folder
				f, err = v.FolderByRole(a.ID, localstore.RoleInbox)
				id = f.ID
			}
		}
		return err
	})
	return id
}

// TestWhatComesBackIsNotTheRestOfWhatLeft: without UIDPLUS a message that is
// moved to another account stays marked \Deleted, and anybody may expunge it.
func TestWhatComesBackIsNotTheRestOfWhatLeft(t *testing.T) {
	onAll(t, func(h *harness) {
		h.deliver("INBOX", 0, 1)
		h.pass()
		h.write(func(tx *localstore.Tx) error { return tx.SetFlags(ids(h.messages("INBOX")...), localstore.Flagged, 0) })
		h.away()
		box := h.user.Mailbox("INBOX")
		for _, m := range box.Messages() {
			if m.Has(`\Deleted`) {
				box.Expunge(m.UID) // another client
			}
		}
		h.pass()
		got := h.messages("INBOX")
		if len(got) != 1 || got[0].Where != localstore.WhereBoth || got[0].Flags != localstore.Flagged || len(h.pendings()) != 0 {
			h.Errorf("here: %+v, pending %+v", got, h.pendings())
		}
		if there := h.onServer("INBOX"); !slices.Equal(there, []string{`letter 0 \Flagged`}) {
			h.Errorf("on the server: %q", there)
		}
	})
}

// TestAppendFindsWhatIsThereWithItsFlags: a provider that files sent mail, and
// another client that has answered it since.
func TestAppendFindsWhatIsThereWithItsFlags(t *testing.T) {
	onAll(t, func(h *harness) {
		h.pass()
		h.write(func(tx *localstore.Tx) error {
			c, err := tx.AddContent(h.content(mail(0)))
			if err != nil {
				return err
			}
			_, err = tx.Append(localstore.NewMessage{Folder: h.folder("Sent"), Content: c, Arrived: h.clock.Now(), Flags: localstore.Seen})
			return err
		})
		h.deliver("Sent", 0, 1)
		h.user.Mailbox("Sent").AddFlags(1, `\Answered`)
		h.pass()
		h.pass()
		if got := h.messages("Sent"); len(got) != 1 || got[0].Flags != localstore.Seen|localstore.Answered {
			h.Errorf("here: %+v", got)
		}
		if there := h.onServer("Sent"); !slices.Equal(there, []string{`letter 0 \Answered \Seen`}) {
			h.Errorf("on the server: %q", there)
		}
	})
}

// TestDovecotWithoutUIDPLUSGetsBackWhatLeft is the same on a real server.
func TestDovecotWithoutUIDPLUSGetsBackWhatLeft(t *testing.T) {
	v := newVoyage(t, realserver.Options{IMAPCapability: "IMAP4rev1 LITERAL+ STARTTLS AUTH=PLAIN"})
	v.deliver("INBOX", 0, 1)
	v.pass()
	v.away()
	v.dovecot.Command(t, v.user, "INBOX", "EXPUNGE")
	v.pass()
	if got := v.messages("INBOX"); len(got) != 1 || got[0].Where != localstore.WhereBoth {
		t.Errorf("here: %+v", got)
	}
	if there := v.dovecot.Mails(t, v.user, "INBOX"); len(there) != 1 {
		t.Errorf("%d on the server", len(there))
	}
}
