package popsync

import (
	"strings"
	"testing"
	"time"

	"paquebot.app/internal/fakeserver/fakepop"
	"paquebot.app/localstore"
)

// sync is a pass of the engine on a new link. It returns what the user is told.
func (r *rig) sync() string {
	r.t.Helper()
	l, err := Open(r.t.Context(), r.store, r.account, "secret", r.options)
	if err != nil {
		r.t.Fatal(err)
	}
	defer l.Close()
	if err := l.Receive(r.t.Context()); err != nil {
		r.t.Fatal(err)
	}
	if err := l.Bodies(r.t.Context()); err != nil {
		r.t.Fatal(err)
	}
	return strings.Join(l.Report().Conflicts, "\n")
}

// newWished is a rig with a large mail of which only the header is here, and
// that is asked for.
func newWished(t *testing.T) (r *rig, want func()) {
	t.Helper()
	r = newRig(t, 0, fakepop.Options{})
	r.account.PopLimit = 1000
	r.write(func(tx *localstore.Tx) error { return tx.SetAccount(r.account) })
	r.deliver(bigMail(20_000))
	r.mustReceive()
	stubs := r.inbox()
	if len(stubs) != 1 || stubs[0].Body == localstore.BodyWhole {
		t.Fatalf("%+v", stubs)
	}
	want = func() {
		r.write(func(tx *localstore.Tx) error { return tx.Want(stubs[0].Content, localstore.WishWhole) })
	}
	want()
	return r, want
}

// wishError returns the error of the only wish.
func (r *rig) wishError() (why string) {
	r.t.Helper()
	r.read(func(v *localstore.View) error {
		wishes, err := v.Wishes(r.account.ID)
		if len(wishes) != 1 {
			r.t.Fatalf("wishes: %+v", wishes)
		}
		why = wishes[0].Error
		return err
	})
	return why
}

// TestAWishThatBreaksIsGivenUp: a mail that was asked for and in which every
// session ends is given up as fast as any other. The wish says why. It waits
// then, as what nobody asked for does, until it is asked for again.
func TestAWishThatBreaksIsGivenUp(t *testing.T) {
	for _, scenario := range []string{"retr-truncated", "retr-drop", "retr-err"} {
		r, want := newWished(t)
		r.play(scenario)
		retr, signIns := r.said("RETR"), r.said("PASS")
		signIns()
		told := r.sync()
		if n, m := retr(), signIns(); n < 1 || n > 3 || m > 6 {
			t.Errorf("%s: %d RETRs in %d sessions", scenario, n, m)
		}
		if !strings.Contains(told, "The message “Big”") {
			t.Errorf("%s: told %q", scenario, told)
		}
		if why := r.wishError(); !strings.Contains(why, "The connection ends") && !strings.Contains(why, "cannot read") {
			t.Errorf("%s: the wish says %q", scenario, why)
		}
		r.sync()
		if n := retr(); n < 1 || n > 3 {
			t.Errorf("%s: %d RETRs in the next pass", scenario, n)
		}
		r.sync()
		if n := retr(); n != 0 {
			t.Errorf("%s: %d RETRs in a third pass that comes too soon", scenario, n)
		}
		want()
		r.sync()
		if n := retr(); n < 1 || n > 3 {
			t.Errorf("%s: %d RETRs when it is asked for again", scenario, n)
		}
		r.play()
		r.clock.Advance(24 * time.Hour)
		r.sync()
		r.wantAll(scenario)
	}
}

// TestAWishThatBreaksInItsOwnSession is given up there too.
func TestAWishThatBreaksInItsOwnSession(t *testing.T) {
	r, _ := newWished(t)
	r.play("retr-truncated")
	retr := r.said("RETR")
	l, err := Open(t.Context(), r.store, r.account, "secret", r.options)
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	for range 3 {
		if err := l.Bodies(t.Context()); err != nil {
			t.Error(err)
		}
	}
	if n := retr(); n < 1 || n > 3 {
		t.Errorf("%d RETRs", n)
	}
	if why := r.wishError(); !strings.Contains(why, "The connection ends") {
		t.Errorf("the wish says %q", why)
	}
}
