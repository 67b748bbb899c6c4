package engine

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"paquebot.app/internal/clock"
	"paquebot.app/internal/fakeserver/fakepop"
	"paquebot.app/internal/fault"
	"paquebot.app/localstore"
)

// hurried is a clock on which the first pauses between sessions are over at
// once; it tells which were asked for.
type hurried struct {
	clock.Clock
	asked chan time.Duration
}

func (h hurried) After(d time.Duration) <-chan time.Time {
	if !slices.Contains(pauses[:3], d) {
		return h.Clock.After(d)
	}
	select {
	case h.asked <- d:
	default: // the test has seen enough
		return nil
	}
	over := make(chan time.Time, 1)
	over <- h.Now()
	return over
}

func TestServerThatBreaksEveryPassIsLeftAloneLongerAndLonger(t *testing.T) {
	r := newRig(t)
	h := hurried{clock.System, make(chan time.Duration, 3)}
	r.engine = New(Config{Store: r.store, Clock: h, Password: r.engine.Password})
	if err := r.imap.Scenario("drop-at-list"); err != nil {
		t.Fatal(err)
	}
	r.run()
	for _, want := range pauses[:3] {
		if got := <-h.asked; got != want {
			t.Errorf("paused %v, want %v", got, want)
		}
	}
}

func TestWhatIsTriedAgainWithoutAWord(t *testing.T) {
	for _, c := range []struct {
		err  error
		want bool
	}{
		{&fault.Error{Remedy: fault.Online, Scope: fault.Account, Cause: fault.Network}, true},
		{&fault.Error{Remedy: fault.Later, Scope: fault.Account, Cause: fault.SignIn}, true},
		{&fault.Error{Remedy: fault.User, Scope: fault.App, Cause: fault.Disk}, true}, // the disk was full
		{&fault.Error{Remedy: fault.User, Scope: fault.Message, Cause: fault.Data}, true},
		{errors.New("a defect"), true},
		{&fault.Error{Remedy: fault.User, Scope: fault.Account, Cause: fault.SignIn}, false},
		{&fault.Error{Remedy: fault.User, Scope: fault.Account, Cause: fault.Certificate}, false},
	} {
		if got := triedAgain(c.err); got != c.want {
			t.Errorf("%+v is tried again: %v", c.err, got)
		}
	}
}

func TestAServerThatAsksForTimeGetsIt(t *testing.T) {
	busy := &fault.Error{Remedy: fault.Later, Scope: fault.Account, Cause: fault.Server}
	gone := &fault.Error{Remedy: fault.Online, Scope: fault.Account, Cause: fault.Network}
	for _, c := range []struct {
		err         error
		pause, want time.Duration
	}{{busy, time.Second, asked}, {busy, time.Minute, time.Minute}, {gone, time.Second, time.Second}} {
		if got := atLeast(c.pause, c.err); got != c.want {
			t.Errorf("%v after %v, want %v", got, c.err, c.want)
		}
	}
}

// popAccount makes the rig's account one that fetches mail up to limit bytes
// unasked from a maildrop.
func (r *rig) popAccount(server *fakepop.Server, limit int64) {
	r.account = localstore.Account{Name: "maildrop", Address: "anna@example.net", Mode: localstore.POP, PopDelete: localstore.DeleteNever, PopLimit: limit,
		POP: localstore.Server{Host: server.Host(), Port: server.Port(), Security: localstore.Plain, User: "anna"}}
	r.write(func(tx *localstore.Tx) (err error) {
		r.account.ID, err = tx.AddAccount(r.account)
		return err
	})
}

// TestALargeMailComesWhenItIsAskedFor: at once, not at the next poll.
func TestALargeMailComesWhenItIsAskedFor(t *testing.T) {
	r := newRig(t)
	r.deliver(1)
	r.popAccount(fakepop.Start(t, r.world, fakepop.Options{}), 10)
	r.run()
	m := r.inbox(1)[0]
	if m.Body != localstore.BodyNone {
		t.Fatal("it came unasked")
	}
	r.phase(Idle)
	r.write(func(tx *localstore.Tx) error { return tx.Want(m.Content, localstore.WishWhole) })
	r.until("the rest of it", func(v *localstore.View) (bool, error) {
		now, err := v.Message(m.ID)
		return now.Body == localstore.BodyWhole, err
	})
}

// TestWhatAPassHasToSayIsInTheStatus: a server that removes mail by itself.
func TestWhatAPassHasToSayIsInTheStatus(t *testing.T) {
	r := newRig(t)
	r.deliver(1)
	r.popAccount(fakepop.Start(t, r.world, fakepop.Options{Expire: "0"}), 0)
	r.run()
	r.until("the word", func(*localstore.View) (bool, error) {
		all, _ := r.engine.Status()
		for _, s := range all {
			if s.Account == r.account.ID && len(s.Told) == 1 {
				return true, nil
			}
		}
		return false, nil
	})
}

// TestAnAlertIsToldWithItsOrigin, once, however often a server says it.
func TestAnAlertIsToldWithItsOrigin(t *testing.T) {
	r := newRig(t)
	if err := r.imap.Scenario("alert-flood"); err != nil {
		t.Fatal(err)
	}
	r.run()
	r.until("the alert", func(*localstore.View) (bool, error) {
		all, _ := r.engine.Status()
		for _, s := range all {
			if len(s.Told) > 0 {
				if !strings.HasPrefix(s.Told[0], r.imap.Host()+" says: “alert 0") || len(s.Told) > 20 {
					t.Errorf("told %q", s.Told)
				}
				return true, nil
			}
		}
		return false, nil
	})
}

// polls is a clock on which the pause between two looks into a maildrop is over
// at once, as often as the test says.
type polls struct {
	clock.Clock
	next chan struct{}
}

func (p polls) After(d time.Duration) <-chan time.Time {
	if d != 5*time.Minute {
		return p.Clock.After(d)
	}
	over := make(chan time.Time, 1)
	select {
	case <-p.next:
		over <- p.Now()
	default:
	}
	return over
}

// TestAMailThatCannotBeFetchedIsNotTriedAtEveryPoll: what a link knows of a bad
// mail outlives the session.
func TestAMailThatCannotBeFetchedIsNotTriedAtEveryPoll(t *testing.T) {
	r := newRig(t)
	r.deliver(1)
	server := fakepop.Start(t, r.world, fakepop.Options{})
	if err := server.Scenario("retr-err"); err != nil {
		t.Fatal(err)
	}
	r.popAccount(server, 0)
	const looks = 4
	p := polls{clock.System, make(chan struct{}, looks)}
	for range looks {
		p.next <- struct{}{}
	}
	r.engine = New(Config{Store: r.store, Clock: p, Password: r.engine.Password, Accounts: []localstore.AccountID{r.account.ID}})
	r.run()
	r.until("the looks", func(*localstore.View) (bool, error) { return server.Stats().Connections > looks, nil })
	asked := 0
	for _, l := range server.Transcript() {
		if l.Client && strings.HasPrefix(l.Text, "RETR") {
			asked++
		}
	}
	if asked != 1 {
		t.Errorf("asked for %d times in %d sessions", asked, server.Stats().Connections)
	}
}
