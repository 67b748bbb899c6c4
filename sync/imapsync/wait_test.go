package imapsync

import (
	"context"
	"runtime"
	"strings"
	"testing"
	"time"

	"paquebot.app/internal/fakeserver"
	"paquebot.app/internal/fault"
	"paquebot.app/sync/imapsync/wire"
)

// TestWaitWaitsAfterAPassWithNothingNew: a second link learns from LIST alone
// that nothing changed, and then there is nothing to receive either.
func TestWaitWaitsAfterAPassWithNothingNew(t *testing.T) {
	h := newHarness(t)
	h.deliver("INBOX", 0, 3)
	h.pass()
	l := h.link()
	if err := l.Receive(t.Context()); err != nil {
		t.Fatal(err)
	}
	idles := make(chan struct{}, 1)
	h.server.Watch(func(line fakeserver.Line) {
		if line.Client && strings.HasSuffix(line.Text, " IDLE") {
			idles <- struct{}{}
		}
	})
	ended := make(chan error, 1)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	go func() { ended <- l.Wait(ctx) }()
	select {
	case <-idles:
	case err := <-ended:
		t.Fatalf("Wait returned at once: %v", err)
	}
	h.deliver("INBOX", 3, 1)
	if err := <-ended; err != nil {
		t.Error(err)
	}
}

// TestWaitReturnsForWhatCameSince: between the pass and the wait.
func TestWaitReturnsForWhatCameSince(t *testing.T) {
	onAll(t, func(h *harness) {
		h.deliver("INBOX", 0, 3)
		h.pass()
		l := h.link()
		if err := l.Receive(h.Context()); err != nil {
			h.Fatal(err)
		}
		h.deliver("INBOX", 3, 1)
		if err := l.Wait(h.Context()); err != nil {
			h.Error(err)
		}
	})
}

// TestAHalfOpenConnectionIsFound: the server is gone and nobody said so; the
// sign of life that is asked for does not come.
func TestAHalfOpenConnectionIsFound(t *testing.T) {
	for name, hide := range map[string][]string{"IDLE": nil, "NOOP": {"IDLE"}} {
		t.Run(name, func(t *testing.T) {
			h := newHarness(t, hide...)
			h.receive()
			l, err := Open(t.Context(), h.store, h.account, h.secret, Options{Clock: h.clock, Poll: time.Hour, timeouts: wire.Timeouts{Stall: 300 * time.Millisecond}})
			if err != nil {
				t.Fatal(err)
			}
			defer l.Close()
			if err := l.Receive(t.Context()); err != nil {
				t.Fatal(err)
			}
			ended := make(chan error, 1)
			go func() { ended <- l.Wait(t.Context()) }()
			for h.clock.Waiters() == 0 { // until it waits
				runtime.Gosched()
			}
			h.clock.Advance(watchdog) // it is alive
			for h.clock.Waiters() == 0 {
				runtime.Gosched()
			}
			h.server.Fail(fakeserver.Fault{Direction: fakeserver.ToClient, Failure: fakeserver.Stall})
			h.clock.Advance(watchdog)
			if f := fault.Of(<-ended); f == nil || f.Remedy != fault.Online {
				t.Errorf("%v", f)
			}
			asked := false
			for _, line := range h.server.Transcript() {
				asked = asked || line.Client && (strings.HasSuffix(line.Text, " NOOP") || line.Text == "DONE")
			}
			if !asked {
				t.Error("no sign of life was asked for")
			}
		})
	}
}
