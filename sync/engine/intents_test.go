package engine

import (
	"testing"
	"time"

	"paquebot.app/internal/clock"
	"paquebot.app/internal/fakeserver"
	"paquebot.app/localstore"
)

func TestARefusedIntentIsTriedAgainWhenItIsDue(t *testing.T) {
	r := newRig(t)
	fake := clock.NewFake(time.Now())
	r.engine = New(Config{Store: r.store, Clock: fake, Password: r.engine.Password})
	r.user.Deliver([]byte("Subject: one\r\n\r\nText.\r\n"), fakeserver.Epoch)
	r.run()
	id := r.inbox(1)[0].ID
	if err := r.imap.Scenario("store-later"); err != nil {
		t.Fatal(err)
	}
	r.write(func(tx *localstore.Tx) error { return tx.SetFlags([]localstore.MessageID{id}, localstore.Flagged, 0) })
	pendings := func(v *localstore.View) ([]localstore.Pending, error) { return v.Pendings(r.account.ID) }
	r.until("the server refuses", func(v *localstore.View) (bool, error) {
		all, err := pendings(v)
		return len(all) == 1 && !all[0].NotBefore.IsZero(), err
	})
	if err := r.imap.Scenario(); err != nil {
		t.Fatal(err)
	}
	fake.Advance(3 * time.Minute)
	r.user.Deliver([]byte("Subject: two\r\n\r\nText.\r\n"), fakeserver.Epoch) // wakes it too early
	r.inbox(2)
	r.until("it waits again", func(*localstore.View) (bool, error) {
		all, _ := r.engine.Status()
		return len(all) == 1 && all[0].Phase == Idle, nil
	})
	fake.Advance(2*time.Minute + time.Second) // not yet the next look at the server
	r.until("it is tried again", func(v *localstore.View) (bool, error) {
		all, err := pendings(v)
		return len(all) == 0, err
	})
}
