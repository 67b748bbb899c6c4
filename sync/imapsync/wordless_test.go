package imapsync

import (
	"slices"
	"testing"

	"paquebot.app/localstore"
)

// TestServersThatDoNotKnowAWord that they should know: STATUS, or UID EXPUNGE in
// spite of UIDPLUS. What the user did is done all the same, once, and nothing of
// others is expunged.
func TestServersThatDoNotKnowAWord(t *testing.T) {
	for _, word := range []string{" STATUS ", " UID EXPUNGE "} {
		t.Run(word, func(t *testing.T) {
			h := newHarness(t, "MOVE", "QRESYNC", "LIST-STATUS")
			h.account.IMAP.Port = garble(t, h.server.Addr(), word, word[:len(word)-2]+"X ")
			h.write(func(tx *localstore.Tx) error { return tx.SetAccount(h.account) })
			h.deliver("INBOX", 0, 4)
			h.pass()
			h.user.Mailbox("INBOX").AddFlags(1, `\Deleted`) // another's
			h.write(func(tx *localstore.Tx) error {
				all := h.messages("INBOX")
				to, err := tx.CreateFolder(h.account.ID, "New")
				if err == nil {
					err = tx.Move(ids(all[0]), to)
				}
				if err == nil {
					err = tx.DeleteNow(ids(all[1]))
				}
				return err
			})
			h.addSent(70)
			h.pass()
			h.pass()
			if left := h.pendings(); len(left) != 0 {
				t.Errorf("left over: %+v", left)
			}
			for box, want := range map[string][]string{"New": {"letter 3"}, "Sent": {`letter 70 \Seen`}} {
				if got := h.onServer(box); !slices.Equal(got, want) {
					t.Errorf("%s: %q", box, got)
				}
			}
			inbox := h.onServer("INBOX")
			if !slices.Contains(inbox, `letter 0 \Deleted`) || !slices.Contains(inbox, "letter 1") || slices.Contains(inbox, "letter 2") || slices.Contains(inbox, "letter 3") {
				t.Errorf("INBOX: %q", inbox)
			}
			if got := h.subjects("INBOX"); !slices.Equal(got, []string{"letter 1"}) {
				t.Errorf("INBOX here: %q", got)
			}
		})
	}
}
