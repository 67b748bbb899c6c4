package engine

import (
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"paquebot.app/internal/clock"
	"paquebot.app/internal/fakeserver"
)

// passes counts the passes that the server sees, each of which lists the
// folders once; many is closed when there were 50.
func (r *rig) passes() (n *atomic.Int32, many chan struct{}) {
	n, many = new(atomic.Int32), make(chan struct{})
	r.imap.Watch(func(l fakeserver.Line) {
		if l.Client && strings.Contains(l.Text, " LIST ") && n.Add(1) == 50 {
			close(many)
		}
	})
	return n, many
}

// TestAServerWithNothingNewSeesOnePass: a second start of the program, on a
// clock that stands still.
func TestAServerWithNothingNewSeesOnePass(t *testing.T) {
	r := newRig(t)
	r.deliver(1)
	if got := r.engine.Pass(t.Context(), r.account); got.Error != nil || got.Received != 1 {
		t.Fatalf("%+v", got)
	}
	fake := clock.NewFake(time.Now())
	r.engine = New(Config{Store: r.store, Clock: fake, Password: r.engine.Password})
	n, _ := r.passes()
	r.run()
	r.phase(Idle)
	r.deliver(2) // the server tells of it by IDLE
	r.inbox(2)
	r.phase(Idle)
	if got := n.Load(); got > 3 {
		t.Errorf("%d passes, want one, and one for the mail that came", got)
	}
}

// TestAServerThatAlwaysHasSomethingAndThenNothingIsLeftAlone: every SELECT
// says that the inbox has changed, and each pass finds nothing new in it.
func TestAServerThatAlwaysHasSomethingAndThenNothingIsLeftAlone(t *testing.T) {
	r := newRig(t)
	r.deliver(1)
	h := hurried{clock.System, make(chan time.Duration, 3)}
	r.engine = New(Config{Store: r.store, Clock: h, Password: r.engine.Password})
	if err := r.imap.Scenario("uidnotsticky"); err != nil {
		t.Fatal(err)
	}
	n, many := r.passes()
	r.run()
	for _, want := range pauses[:3] {
		select {
		case got := <-h.asked:
			if got != want {
				t.Errorf("paused %v, want %v", got, want)
			}
		case <-many:
			t.Fatal("it never pauses")
		}
	}
	if got := n.Load(); got > 10 {
		t.Errorf("%d passes until the third pause", got)
	}
}
