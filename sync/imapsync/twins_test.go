package imapsync

import (
	"testing"

	"paquebot.app/localstore"
)

func TestTwinsOnTheServerAreBothShown(t *testing.T) {
	h := newHarness(t)
	h.deliver("INBOX", 1, 1)
	h.deliver("INBOX", 1, 1)
	h.pass()
	h.deliver("INBOX", 1, 1) // one more, later
	h.pass()
	h.read(func(v *localstore.View) error {
		f, err := v.FolderByRole(h.account.ID, localstore.RoleInbox)
		if err == nil && f.Total != 3 {
			t.Errorf("%d shown, want 3", f.Total)
		}
		return err
	})
}
