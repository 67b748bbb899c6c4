package engine

import (
	"fmt"
	"testing"
	"time"

	"paquebot.app/localstore"
)

// TestThePolicyHoldsForEveryFolderWhileItRuns: what one pass would fetch comes
// by itself, and nothing else.
func TestThePolicyHoldsForEveryFolderWhileItRuns(t *testing.T) {
	old, young := -400*24*time.Hour, -time.Hour
	for _, c := range []struct {
		policy localstore.BodyPolicy
		days   int
		age    time.Duration
		box    string
		want   bool
	}{
		{localstore.FetchText, 90, young, "Archive", true},
		{localstore.FetchText, 90, old, "Archive", false},
		{localstore.FetchText, 90, young, "Trash", false},
		{localstore.FetchAll, 0, old, "Archive", true},
		{localstore.FetchAll, 0, old, "INBOX", true},
		{localstore.FetchHeaders, 0, young, "INBOX", false},
	} {
		t.Run(fmt.Sprint(c.policy, " ", c.box, " ", c.want), func(t *testing.T) {
			r := newRig(t)
			r.write(func(tx *localstore.Tx) error {
				r.account.Policy, r.account.PolicyDays = c.policy, c.days
				return tx.SetAccount(r.account)
			})
			r.run()
			r.phase(Idle)
			r.user.Mailbox(c.box).Append([]byte("Subject: one\r\nMessage-ID: <1@one.example>\r\n\r\nText.\r\n"), time.Now().Add(c.age))
			r.engine.Wake()
			var m localstore.Message
			r.until("the header", func(v *localstore.View) (bool, error) {
				f, err := v.FolderByPath(r.account.ID, c.box)
				if err != nil {
					return false, err
				}
				ids, _, err := v.MessageIDs(localstore.List{Folder: f.ID}, 0, 1)
				if err != nil || len(ids) == 0 {
					return false, err
				}
				m, err = v.Message(ids[0])
				return err == nil && (m.Body == localstore.BodyWhole || !c.want), err
			})
			r.phase(Idle)
			open, err := (&supervisor{Engine: r.engine, account: r.account}).wishesOpen(t.Context())
			if err != nil || open {
				t.Errorf("something is still to be fetched: %v, %v", open, err)
			}
		})
	}
}
