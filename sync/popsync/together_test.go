package popsync

import (
	"strings"
	"testing"
	"time"

	"paquebot.app/internal/fakeserver/fakepop"
)

// mostSessions is how many connections a pass over a few mails may make,
// however the server behaves.
const mostSessions = 40

// TestScenariosTogether plays several ways to fail at once: what looks new in
// every session must neither be stored twice nor keep a pass going for ever.
// Without PAQUEBOT_TORTURE=1 it takes a sample.
func TestScenariosTogether(t *testing.T) {
	hides := [][]string{nil, {"PIPELINING"}, {"TOP"}, {"CAPA"}}
	for i, names := range []string{
		"uidl-changes retr-truncated", "uidl-changes retr-drop", "uidl-changes endless-retr", "uidl-changes retr-err", "uidl-changes top-drop",
		"uidl-missing retr-drop", "uidl-missing retr-truncated", "uidl-missing stat-err", "uidl-missing top-err", "uidl-missing renumber top-bad-err",
		"uidl-equal retr-drop", "uidl-equal top-bad-err drop-before-quit-once", "uidl-equal renumber quit-err-once",
		"uidl-case renumber drop-before-quit-once", "swallow-dele uidl-changes", "swallow-dele retr-drop", "swallow-dele renumber",
		"retr-drop top-drop", "retr-err top-drop", "retr-err top-err uidl-missing",
		"renumber drop-after-quit", "renumber quit-err", "renumber quit-rst uidl-reuse", "uidl-reuse drop-after-quit", "uidl-reuse quit-err",
		"wipe-once uidl-changes", "recent uidl-missing", "recent uidl-changes", "recent retr-err", "status-header uidl-changes",
		"status-header uidl-missing", "status-header uidl-equal", "stat-lies uidl-short", "list-lies uidl-missing", "list-odd renumber uidl-reuse",
		"delay-next uidl-changes", "delay-next retr-drop", "quit-rst retr-truncated", "uidl-one-err retr-drop", "uidl-one-lie retr-drop",
	} {
		t.Run(names, func(t *testing.T) {
			for v, hide := range hides {
				if !sampled(i*len(hides) + v) {
					continue
				}
				r := newRig(t, mailsOfScenario, fakepop.Options{Hide: hide})
				r.play(strings.Fields(names)...)
				for range 3 {
					before := r.server.Stats().Connections
					_, err := r.receive()
					if n := r.server.Stats().Connections - before; n > mostSessions {
						t.Fatalf("without %v: %d sessions, %v", hide, n, err)
					}
					r.wantNothingLost()
				}
				r.play()
				for range 3 {
					r.clock.Advance(48 * time.Hour)
					r.mustReceive()
				}
				r.wantAll("in the end without " + strings.Join(hide, ""))
				r.wantOnServer("in the end without "+strings.Join(hide, ""), 0)
				r.wantNoSins("in the end without " + strings.Join(hide, ""))
			}
		})
	}
}

// TestMailThatIsAnotherInEverySession: nothing can tell that it is the same, but
// a pass ends.
func TestMailThatIsAnotherInEverySession(t *testing.T) {
	for _, names := range []string{"retr-changes", "retr-changes uidl-changes", "retr-changes uidl-missing", "retr-changes swallow-dele uidl-changes"} {
		for _, mails := range []int{mailsOfScenario, 60} {
			r := newRig(t, mails, fakepop.Options{})
			r.allow()
			r.play(strings.Fields(names)...)
			if _, err := r.receive(); err != nil {
				t.Error(err)
			}
			if n := r.server.Stats().Connections; n > mostSessions {
				t.Errorf("%s: %d sessions", names, n)
			}
		}
	}
}
