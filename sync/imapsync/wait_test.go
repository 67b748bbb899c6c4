package imapsync

import (
	"context"
	"strings"
	"testing"

	"paquebot.app/internal/fakeserver"
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
