package popsync

import (
	"fmt"
	"testing"
	"time"

	"paquebot.app/internal/fakeserver/fakepop"
	"paquebot.app/localstore"
)

// TestAServerThatEndsTheSessionAtAVerb: mail comes all the same, what was known
// by its UIDL is not fetched again, and what leaves is what was shown.
func TestAServerThatEndsTheSessionAtAVerb(t *testing.T) {
	for _, scenario := range []string{"drop-at-uidl", "drop-at-capa"} {
		for _, hide := range [][]string{nil, {"TOP"}, {"PIPELINING"}} {
			for _, policy := range []localstore.DeletePolicy{localstore.DeleteNow, localstore.DeleteNever} {
				when := fmt.Sprint(scenario, " without ", hide, ", policy ", policy)
				r := newRig(t, 4, fakepop.Options{Hide: hide})
				r.policy(localstore.DeleteNever)
				r.mustReceive() // by UIDL
				r.deliver(testMail(50))
				r.deliver(testMail(5)) // once more, beside the first
				r.policy(policy)
				r.play(scenario)
				if report := r.mustReceive(); report.Received != 2 {
					t.Errorf("%s: %+v", when, report)
				}
				r.wantAll(when)
				r.deliver(testMail(51))
				before := r.server.Stats().Connections
				r.mustReceive()
				r.wantAll(when + ", once more")
				if n := r.server.Stats().Connections - before; n > 2 {
					t.Errorf("%s: %d connections when it is known", when, n)
				}
				if policy == localstore.DeleteNow {
					r.wantOnServer(when, 0)
				}
				r.wantNoSins(when)
				r.play()
				r.deliver(testMail(52))
				r.clock.Advance(25 * time.Hour)
				r.mustReceive()
				r.mustReceive()
				r.wantAll(when + ", a day later")
				capa, uidl := r.said("CAPA"), r.said("UIDL")
				r.mustReceive()
				if capa() == 0 || uidl() == 0 {
					t.Errorf("%s: it is not asked any more", when)
				}
			}
		}
	}
}

// TestSettingsAreTriedWithAServerThatEndsTheSessionAtCAPA.
func TestSettingsAreTriedWithAServerThatEndsTheSessionAtCAPA(t *testing.T) {
	r := newRig(t, 1, fakepop.Options{})
	r.play("drop-at-capa")
	if err := Check(t.Context(), r.account, "secret"); err != nil {
		t.Error(err)
	}
	if n := r.server.Stats().Connections; n != mostDeaths+1 {
		t.Errorf("%d connections", n)
	}
	r.server.Offline()
	if err := Check(t.Context(), r.account, "secret"); err == nil {
		t.Error("no error")
	}
}

// TestAQUITThatHangs does not hold the account up: the rows stay as they are,
// and the next session shows what became of the mail.
func TestAQUITThatHangs(t *testing.T) {
	r := newRig(t, 5, fakepop.Options{})
	if o := (Options{}).filled(); o.parts != 20*time.Second {
		t.Errorf("QUIT may take %v", o.parts)
	}
	r.options.stall, r.options.parts = time.Hour, 100*time.Millisecond
	r.play("hang-at-quit")
	report := r.mustReceive()
	if got := r.ledger(); got[localstore.PopDeleting] != 5 || report.Removed != 0 {
		t.Errorf("%v, %+v", got, report)
	}
	r.wantOnServer("after a QUIT without an answer", 5)
	r.play()
	if report := r.mustReceive(); report.Removed != 5 || report.Received != 0 {
		t.Errorf("%+v", report)
	}
	r.mustReceive()
	if got := r.ledger(); got[localstore.PopGone] != 5 {
		t.Errorf("%v", got)
	}
	r.wantAll("in the end")
	r.wantNoSins("in the end")
}
