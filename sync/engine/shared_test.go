package engine

import (
	"strings"
	"testing"
	"time"

	"paquebot.app/localstore"
)

// TestAServerThatAllowsOneConnectionServesWishes over that one, and is then
// asked for new mail again.
func TestAServerThatAllowsOneConnectionServesWishes(t *testing.T) {
	for _, scenario := range []string{"auth-limit", "auth-alert", "greeting-bye"} {
		t.Run(scenario, func(t *testing.T) {
			r := newRig(t)
			r.write(func(tx *localstore.Tx) error {
				r.account.Policy = localstore.FetchHeaders
				return tx.SetAccount(r.account)
			})
			for _, id := range []string{"1", "2"} {
				r.user.Deliver([]byte("Subject: one\r\nMessage-ID: <"+id+"@one.example>\r\n\r\nText.\r\n"), time.Now().Add(-time.Hour))
			}
			r.run()
			all := r.inbox(2)
			r.phase(Idle)
			if err := r.imap.Scenario(scenario); err != nil {
				t.Fatal(err)
			}
			for _, m := range all { // the second is asked for when bodies come over the one connection already
				r.write(func(tx *localstore.Tx) error { return tx.Want(m.Content, localstore.WishWhole) })
				r.until("the body", func(v *localstore.View) (bool, error) {
					m, err := v.Message(m.ID)
					return m.Body == localstore.BodyWhole, err
				})
			}
			r.phase(Idle)
			r.user.Deliver([]byte("Subject: new\r\nMessage-ID: <3@one.example>\r\n\r\nText.\r\n"), time.Now())
			r.inbox(3)
			passes := 0
			for _, l := range r.imap.Transcript() {
				if l.Client && strings.Contains(l.Text, " LIST ") {
					passes++
				}
			}
			if passes > 12 {
				t.Errorf("%d passes", passes)
			}
		})
	}
}
