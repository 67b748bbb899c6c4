package main

import (
	"fmt"
	"sync"
	"testing"
)

// TestTwoProcessesQueueAndOneSends: passes over one profile at the same time
// send every letter once; who does not hold the lock asks who does.
func TestTwoProcessesQueueAndOneSends(t *testing.T) {
	s, v := newShell(t), startServers(t, 0)
	s.add(v, "imap")
	var all sync.WaitGroup
	for i := range 4 {
		all.Go(func() {
			for n := range 3 {
				s.letter(fmt.Sprintf("from %d number %d", i, n), "bo@example.net")
				if r := s.run("", "sync"); r.code != 0 {
					t.Errorf("sync: exit %d\n%s", r.code, r.err)
				}
			}
		})
	}
	all.Wait()
	s.want(0, "sync")
	if got := len(v.smtp.Accepted()); got != 12 {
		t.Errorf("%d letters accepted, want 12", got)
	}
	for _, l := range s.outbox() {
		if l.State != "filed" {
			t.Errorf("%s is %s: %s", l.Subject, l.State, l.Error)
		}
	}
}
