package submit

import (
	"fmt"
	"testing"
	"time"

	"paquebot.app/internal/fakeserver/fakesmtp"
	"paquebot.app/localstore"
)

// TestTurnsOfALetter: where PIPELINING is offered a letter takes two turns, else
// one for each of MAIL, RCPT and DATA and one for the letter.
func TestTurnsOfALetter(t *testing.T) {
	const letters = 200
	for _, c := range []struct {
		hide  []string
		turns int
	}{{nil, 2}, {[]string{"PIPELINING"}, 4}} {
		r := newRig(t, fakesmtp.Options{Hide: c.hide})
		for range letters {
			r.queue("bo")
		}
		if report, err := r.run(); err != nil || report.Sent != letters {
			t.Errorf("%+v, %v", report, err)
		}
		stats := r.server.Stats()
		if stats.Connections != 1 || stats.Turns > letters*c.turns+5 {
			t.Errorf("without %v: %d connections, %d turns for %d letters", c.hide, stats.Connections, stats.Turns, letters)
		}
		r.wantNoSins(fmt.Sprint("without ", c.hide))
	}
}

// TestAServerThatLosesWhatIsSentAhead: the first letter waits, all others go
// step by step, and so does the first one when its time comes.
func TestAServerThatLosesWhatIsSentAhead(t *testing.T) {
	r := newRig(t, fakesmtp.Options{})
	r.options.stall, r.options.dot = 150*time.Millisecond, 150*time.Millisecond
	r.play("pipelining-lost")
	first, second := r.queue("bo", "cy"), r.queue("bo")
	for range 2 {
		if _, err := r.run(); err != nil {
			t.Error(err)
		}
		r.want("at once", second, filed)
		r.clock.Advance(10 * time.Minute)
	}
	r.want("in the end", first, filed)
	for _, n := range []localstore.OutboxID{first, second} {
		if got := r.accepted(n); got["bo"] != 1 {
			t.Errorf("letter %d: %v", n, got)
		}
	}
	r.wantNoSins("in the end")
}

// TestNoLetterWithoutText: a server that agrees to DATA although it has refused
// every recipient is left, not given a dot, and the next letter goes out.
func TestNoLetterWithoutText(t *testing.T) {
	r := newRig(t, fakesmtp.Options{})
	r.play("data-anyway")
	bad, good := r.queue("refuse"), r.queue("bo")
	if _, err := r.run(); err != nil {
		t.Error(err)
	}
	r.want("in the end", bad, refused)
	r.want("in the end", good, filed)
	if n := len(r.server.Accepted()); n != 1 {
		t.Errorf("%d letters accepted", n)
	}
	if n := r.server.Stats().Connections; n != 2 {
		t.Errorf("%d connections", n)
	}
	r.wantNoSins("in the end")
}
