package engine

import (
	"strings"
	"testing"
	"time"

	"paquebot.app/internal/clock"
	"paquebot.app/internal/fakeserver"
	"paquebot.app/internal/fault"
	"paquebot.app/localstore"
)

// patient is a clock on which every pause between sessions is over at once; it
// tells which were asked for.
type patient struct {
	clock.Clock
	asked chan time.Duration
}

func (p patient) After(d time.Duration) <-chan time.Time {
	if d < asked || d > pauses[len(pauses)-1] {
		return p.Clock.After(d)
	}
	select {
	case p.asked <- d:
	default:
		return nil // the test has seen enough
	}
	over := make(chan time.Time, 1)
	over <- p.Now()
	return over
}

// TestANewPasswordIsRefusedThreeTimes: by a server that never says why.
func TestANewPasswordIsRefusedThreeTimes(t *testing.T) {
	r := newRig(t)
	p := patient{clock.System, make(chan time.Duration, 10)}
	r.engine = New(Config{Store: r.store, Clock: p, Password: r.engine.Password})
	if err := r.imap.Scenario("auth-plain-no"); err != nil {
		t.Fatal(err)
	}
	r.run()
	s := r.phase(NeedsUser)
	if s.Fault.Cause != fault.SignIn || s.Fault.Text != "The server refused the sign-in: no." {
		t.Errorf("%+v", s.Fault)
	}
	if n := r.imap.Stats().Connections; n != mostRefusals {
		t.Errorf("%d attempts, want %d", n, mostRefusals)
	}
	for range mostRefusals - 1 {
		if d := <-p.asked; d < asked {
			t.Errorf("paused %v only", d)
		}
	}
	if err := r.imap.Scenario(); err != nil {
		t.Fatal(err)
	}
	r.deliver(1)
	r.engine.Wake()
	r.inbox(1)
}

// TestAPasswordThatWorkedIsKept: through refusals without a reason, in the run
// in which it worked and after a restart; a wrong one that takes its place is
// not.
func TestAPasswordThatWorkedIsKept(t *testing.T) {
	for _, scenario := range []string{"auth-plain-no", "auth-alert", "auth-throttled"} {
		r := newRig(t)
		r.deliver(1)
		r.engine.Pass(t.Context(), r.account)
		p := patient{clock.System, make(chan time.Duration, 6)}
		r.engine = New(Config{Store: r.store, Clock: p, Password: r.engine.Password})
		if err := r.imap.Scenario(scenario); err != nil {
			t.Fatal(err)
		}
		r.run()
		for range cap(p.asked) {
			<-p.asked
		}
		if s := r.phase(Offline); s.Fault.Remedy != fault.Later {
			t.Errorf("%s: %+v", scenario, s.Fault)
		}
		if err := r.imap.Scenario(); err != nil {
			t.Fatal(err)
		}
		r.deliver(2)
		r.engine.Wake()
		r.inbox(2)
	}
}

func TestRefusalsAreCountedForNewSecrets(t *testing.T) {
	unsaid := &fault.Error{Remedy: fault.Later, Scope: fault.Account, Cause: fault.SignIn}
	wrong := &fault.Error{Remedy: fault.User, Scope: fault.Account, Cause: fault.SignIn}
	a := localstore.Account{ID: 1, Mode: localstore.IMAP, IMAP: localstore.Server{Host: "mail.example", User: "anna"}}
	moved := a
	moved.IMAP.Host = "other.example"
	r := newRefusals()
	for i, c := range []struct {
		account localstore.Account
		secret  string
		err     error
		before  bool
		asks    bool
	}{
		{a, "old", unsaid, true, false}, {a, "old", unsaid, true, false}, {a, "old", unsaid, true, false}, {a, "old", unsaid, true, false},
		{a, "typo", unsaid, true, false}, {a, "typo", unsaid, true, false}, {a, "typo", unsaid, true, true}, {a, "typo", unsaid, true, true},
		{a, "old", unsaid, true, false},
		{a, "new", nil, true, false}, {a, "new", unsaid, true, false}, {a, "new", unsaid, true, false}, {a, "new", unsaid, true, false},
		{a, "old", unsaid, true, false}, {a, "old", unsaid, true, false}, {a, "old", unsaid, true, true},
		{a, "new", wrong, true, true},
		{moved, "new", unsaid, false, false}, {moved, "new", unsaid, false, false}, {moved, "new", unsaid, false, true},
	} {
		err := r.judge(c.account, c.secret, c.err, func() (bool, error) { return c.before, nil })
		if (c.err == nil) != (err == nil) || fault.Is(err, fault.User) != c.asks {
			t.Errorf("try %d: %v", i, err)
		}
	}
}

// TestBodiesDoNotTryAWrongPassword: what the user must mend is not tried again
// by the connection for bodies.
func TestBodiesDoNotTryAWrongPassword(t *testing.T) {
	r := newRig(t)
	r.deliver(1)
	r.engine.Pass(t.Context(), r.account)
	h := hurried{clock.System, make(chan time.Duration, 3)}
	r.engine = New(Config{Store: r.store, Clock: h, Password: r.engine.Password})
	r.password.Store("wrong")
	m := r.inbox(1)[0]
	before := r.imap.Stats().Connections
	tried := make(chan struct{}, 10)
	r.imap.Watch(func(l fakeserver.Line) {
		if l.Client && strings.Contains(l.Text, " AUTHENTICATE ") {
			tried <- struct{}{}
		}
	})
	r.write(func(tx *localstore.Tx) error { return tx.Want(m.Content, localstore.WishWhole) })
	r.run()
	r.phase(NeedsUser)
	for range 2 { // both connections
		<-tried
	}
	select {
	case d := <-h.asked:
		t.Errorf("it is tried again after %v", d)
	default:
	}
	r.password.Store("secret")
	r.engine.Wake()
	r.until("the body", func(v *localstore.View) (bool, error) {
		now, err := v.Message(m.ID)
		return now.Body == localstore.BodyWhole, err
	})
	if n := r.imap.Stats().Connections - before; n > 4 {
		t.Errorf("%d connections", n)
	}
}
