package imapsync

import (
	"slices"
	"testing"
	"time"
)

// TestWhatCannotBeHadIsToldOnce, and asked for less and less often, until it
// comes.
func TestWhatCannotBeHadIsToldOnce(t *testing.T) {
	for name, hide := range servers {
		t.Run(name, func(t *testing.T) {
			h := newHarness(t, hide...)
			h.deliver("INBOX", 0, 3)
			h.pass()
			h.deliver("INBOX", 3, 2)
			if err := h.server.Scenario("fetch-empty-ok"); err != nil {
				t.Fatal(err)
			}
			asked := func() (n int) {
				from := len(h.server.Transcript())
				r := h.report()
				for _, line := range h.server.Transcript()[from:] {
					if asksHeaders(line) {
						n++
					}
				}
				if len(r.Conflicts) != 0 {
					t.Errorf("told again: %q", r.Conflicts)
				}
				return n
			}
			if got := h.report().Conflicts; !slices.Equal(got, []string{"2 messages in INBOX cannot be had from the server. They will be tried again."}) {
				t.Errorf("%q", got)
			}
			if n := asked(); n != 0 {
				t.Errorf("asked for %d times at once", n)
			}
			h.clock.Advance(firstQuarantine)
			if n := asked(); n == 0 {
				t.Error("not asked for again")
			}
			h.clock.Advance(firstQuarantine)
			if n := asked(); n != 0 {
				t.Errorf("asked for %d times too soon", n)
			}
			if err := h.server.Scenario(); err != nil {
				t.Fatal(err)
			}
			h.clock.Advance(time.Hour)
			h.pass()
			if n := len(h.subjects("INBOX")); n != 5 {
				t.Errorf("%d messages in the end", n)
			}
			if n := asked(); n != 0 {
				t.Errorf("asked for %d times in the end", n)
			}
		})
	}
}
