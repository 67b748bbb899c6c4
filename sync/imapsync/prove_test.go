package imapsync

import (
	"testing"

	"paquebot.app/localstore"
)

// TestWhatCannotBeComparedWaits: a message whose header the server does not show
// is neither moved nor deleted there.
func TestWhatCannotBeComparedWaits(t *testing.T) {
	h := newHarness(t)
	l, err := Open(t.Context(), h.store, h.account, h.secret, Options{Clock: h.clock, Receive: true})
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	in := &doubtsIn{all: []localstore.Doubtful{{ImapLocation: localstore.ImapLocation{Message: 7, UID: 9}}}}
	wait := map[localstore.MessageID]bool{}
	if err := l.settleProof(t.Context(), in, map[uint32]shownMail{}, wait); err != nil || !wait[7] {
		t.Errorf("it goes on: %v, %v", wait, err)
	}
	in.wait(wait)
	if len(wait) != 1 {
		t.Errorf("%v wait", wait)
	}
}
