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

// TestAFoldersPolicyHoldsAtOnce while the engine runs.
func TestAFoldersPolicyHoldsAtOnce(t *testing.T) {
	r := newRig(t)
	r.write(func(tx *localstore.Tx) error {
		r.account.Policy = localstore.FetchHeaders
		return tx.SetAccount(r.account)
	})
	for n, box := range []string{"Archive", "Junk"} {
		r.user.Mailbox(box).Append(fmt.Appendf(nil, "Subject: one\r\nMessage-ID: <%d@one.example>\r\n\r\nText.\r\n", n), time.Now().Add(-time.Hour))
	}
	var archive, junk localstore.FolderID
	r.write(func(tx *localstore.Tx) error {
		a, err := tx.FolderByPath(r.account.ID, "Archive")
		if err != nil {
			return err
		}
		j, err := tx.FolderByPath(r.account.ID, "Junk")
		archive, junk = a.ID, j.ID
		return err
	})
	body := func(folder localstore.FolderID, want localstore.BodyState) {
		t.Helper()
		r.until(fmt.Sprint("body ", want, " in ", folder), func(v *localstore.View) (bool, error) {
			ids, _, err := v.MessageIDs(localstore.List{Folder: folder}, 0, 1)
			if err != nil || len(ids) == 0 {
				return false, err
			}
			m, err := v.Message(ids[0])
			return m.Body == want, err
		})
	}
	r.run()
	body(archive, localstore.BodyNone)
	body(junk, localstore.BodyNone)
	r.phase(Idle)
	r.write(func(tx *localstore.Tx) error {
		return tx.SetFolderPolicy(archive, localstore.FolderPolicy{Policy: localstore.FetchAll, Limit: localstore.SameLimit})
	})
	body(archive, localstore.BodyWhole)
	// A folder that was only listed is read when that ends.
	r.write(func(tx *localstore.Tx) error {
		return tx.SetFolderPolicy(junk, localstore.FolderPolicy{Policy: localstore.FetchNone, Limit: localstore.SameLimit})
	})
	r.user.Mailbox("Junk").Append([]byte("Subject: two\r\nMessage-ID: <two@one.example>\r\n\r\nText.\r\n"), time.Now())
	r.write(func(tx *localstore.Tx) error { return tx.OpenFolder(junk) })
	r.until("the folder opened", func(v *localstore.View) (bool, error) {
		f, err := v.Folder(junk)
		return f.Total == 2, err
	})
}
