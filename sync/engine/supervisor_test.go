package engine

import (
	"errors"
	"slices"
	"testing"
	"time"

	"paquebot.app/internal/clock"
	"paquebot.app/internal/fault"
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
