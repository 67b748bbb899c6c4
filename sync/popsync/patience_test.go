package popsync

import (
	"strings"
	"testing"
	"time"

	"paquebot.app/internal/fakeserver/fakepop"
	"paquebot.app/localstore"
)

// TestBackOffSurvivesRestarts: a mail that cannot be fetched is tried less and
// less, although every pass is of another link.
func TestBackOffSurvivesRestarts(t *testing.T) {
	for _, scenario := range []string{"retr-err", "retr-drop"} {
		r := newRig(t, 4, fakepop.Options{})
		r.play(scenario)
		retr := r.said("RETR 1")
		tried := 0
		for pass := range 100 {
			r.mustReceive()
			if n := retr(); pass > 0 && n > 0 {
				tried++
			}
			r.clock.Advance(20 * time.Minute)
		}
		if tried < 4 || tried > 10 {
			t.Errorf("%s: tried in %d passes of 33 hours", scenario, tried)
		}
		var row localstore.PopLocation
		for _, l := range r.rows() {
			if l.State == localstore.PopSkipped {
				row = l
			}
		}
		if row.Tries < 4 || !row.RetryAt.After(r.clock.Now()) || row.Why == "" {
			t.Errorf("%s: %+v", scenario, row)
		}
		r.play()
		r.clock.Advance(24 * time.Hour)
		r.mustReceive()
		r.mustReceive()
		r.wantAll(scenario)
		r.wantOnServer(scenario, 0)
		for _, l := range r.rows() {
			if l.Tries != 0 || !l.RetryAt.IsZero() {
				t.Errorf("%s: in the end %+v", scenario, l)
			}
		}
	}
}

// TestAServerThatDoesNotDelete: it says +OK and lists the mail again,
// perhaps under another UIDL. That is one removal, told once it has happened twice, and asked for less and less.
func TestAServerThatDoesNotDelete(t *testing.T) {
	for i, scenario := range []string{"swallow-dele", "swallow-dele", "returns-anew", "returns-anew"} {
		restart := i%2 == 1
		r := newRig(t, 3, fakepop.Options{})
		r.play(scenario)
		dele := r.said("DELE")
		open := func() *Link {
			l, err := Open(t.Context(), r.store, r.account, "secret", r.options)
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { l.Close() })
			return l
		}
		var l *Link
		removed, told, asked := 0, 0, 0
		for pass := range 100 {
			var before int
			if l == nil || restart {
				l = open()
			} else {
				before = l.Report().Removed
			}
			if err := l.Receive(t.Context()); err != nil {
				t.Fatal(err)
			}
			removed += l.Report().Removed - before
			conflicts := strings.Join(l.Report().Conflicts, "\n")
			if strings.Contains(conflicts, "127.0.0.1 agrees to remove mail and lists it again") && told == 0 {
				told = pass
			}
			if n := dele(); pass > 3 {
				asked += n
			}
			r.clock.Advance(30 * time.Minute)
		}
		if removed != 3 || told < 1 || told > 3 {
			t.Errorf("%s: %d removed, told in pass %d", scenario, removed, told)
		}
		if asked < 3*4 || asked > 3*9 {
			t.Errorf("%s: %d DELEs in 50 hours", scenario, asked)
		}
		r.wantAll(scenario)
		r.wantNoSins(scenario)
		r.play()
		r.clock.Advance(24 * time.Hour)
		r.mustReceive()
		if report := r.mustReceive(); len(report.Conflicts) != 0 {
			t.Errorf("%q", report.Conflicts)
		}
		r.wantOnServer(scenario+", when it deletes", 0)
	}
}
