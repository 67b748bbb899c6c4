package engine

import (
	"context"
	"testing"
	"time"

	"paquebot.app/internal/clock"
	"paquebot.app/internal/outgoing"
	"paquebot.app/localstore"
)

// TestADraftGoesToTheServerWhenItHasRested, over a connection that waits.
func TestADraftGoesToTheServerWhenItHasRested(t *testing.T) {
	r := newRig(t)
	fake := clock.NewFake(time.Now())
	r.engine = New(Config{Store: r.store, Clock: fake, Password: r.engine.Password})
	r.run()
	r.until("it is idle", func(*localstore.View) (bool, error) {
		all, _ := r.engine.Status()
		return len(all) == 1 && all[0].Phase == Idle, nil
	})
	w := outgoing.Writing{Account: r.account.ID, Subject: "Begun", Text: "Dear Tom"}
	if _, err := outgoing.SaveDraft(context.Background(), r.store, 0, w, fake.Now()); err != nil {
		t.Fatal(err)
	}
	fake.Advance(46 * time.Second)
	r.until("it is on the server", func(v *localstore.View) (bool, error) {
		f, err := v.FolderByRole(r.account.ID, localstore.RoleDrafts)
		if err != nil {
			return false, err
		}
		ids, _, err := v.MessageIDs(localstore.List{Folder: f.ID}, 0, 2)
		if err != nil || len(ids) != 1 {
			return false, err
		}
		all, err := v.Messages(ids)
		return err == nil && all[0].Where == localstore.WhereBoth, err
	})
	if got := r.user.Mailbox("Drafts").Messages(); len(got) != 1 {
		t.Errorf("%d drafts on the server", len(got))
	}
}
