package popsync

import (
	"testing"

	"paquebot.app/internal/fakeserver/fakepop"
	"paquebot.app/localstore"
)

func TestDownloadAndDelete(t *testing.T) {
	r := newRig(t, 20, fakepop.Options{})
	report := r.mustReceive()
	if report.Received != 20 || report.Removed != 20 {
		t.Errorf("%+v", report)
	}
	r.wantAll("after the first pass")
	r.wantOnServer("after the first pass", 0)
	if got := r.ledger(); got[localstore.PopDeleting] != 20 {
		t.Errorf("ledger %v", got)
	}
	before := r.server.Stats()
	if report := r.mustReceive(); report.Received != 0 || report.Removed != 0 {
		t.Errorf("second pass: %+v", report)
	}
	if got := r.ledger(); got[localstore.PopGone] != 20 {
		t.Errorf("ledger after the second pass %v", got)
	}
	t.Logf("an empty pass costs %d turns", r.server.Stats().Turns-before.Turns)
	r.wantAll("after the second pass")
	r.wantNoSins("at the end")
	r.wantSound("at the end")
}
