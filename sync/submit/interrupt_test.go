package submit

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"paquebot.app/internal/fakeserver"
	"paquebot.app/internal/fakeserver/fakesmtp"
	"paquebot.app/internal/fault"
	"paquebot.app/localstore"
)

// queueAll queues the letters of the interrupted pass: one to two people, and
// one to somebody whom the server puts off at first and somebody it refuses.
func (r *rig) queueAll() []localstore.OutboxID {
	return []localstore.OutboxID{r.queue("bo", "cy"), r.queue("greylist", "refuse", "bo")}
}

// settle runs until nothing is due any more, as the engine would over an hour,
// and fails unless every letter ended well: out once, or unsure and out at most
// once.
func (r *rig) settle(when string, all []localstore.OutboxID) (unsureLetters int) {
	r.t.Helper()
	r.write(func(tx *localstore.Tx) error { return tx.RecoverLetters(0) })
	for range 4 {
		if _, err := r.run(); err != nil {
			r.t.Errorf("%s: %v", when, err)
		}
		r.clock.Advance(15 * time.Minute)
		if !r.waiting(all) {
			break
		}
	}
	for _, n := range all {
		l := r.letter(n)
		copies := r.accepted(n)
		for _, p := range l.Recipients {
			name := p.Address[:len(p.Address)-len("@demo.example")]
			switch got := copies[name]; {
			case got > 1:
				r.t.Errorf("%s: letter %d went to %s %d times", when, n, name, got)
			case l.State == unsure:
			case l.State != filed:
				r.t.Errorf("%s: letter %d is %s: %s", when, n, l.State, l.Error)
			case got == 0 && p.State != localstore.RecipientRefused:
				r.t.Errorf("%s: letter %d never went to %s", when, n, name)
			case got == 1 && p.State != localstore.RecipientAccepted:
				r.t.Errorf("%s: %s has letter %d and is %s", when, name, n, p.State)
			}
		}
		if l.State == unsure {
			unsureLetters++
		}
		r.wantCleanOnTheWire(n)
	}
	before := len(r.server.Accepted())
	if report, err := r.run(); err != nil || report.Sent+report.Later+report.Refused+report.Unsure > 0 || len(r.server.Accepted()) != before {
		r.t.Errorf("%s: one more run does something: %+v, %v", when, report, err)
	}
	r.wantNoSins(when)
	return unsureLetters
}

// waiting tells whether any letter is still to be sent.
func (r *rig) waiting(all []localstore.OutboxID) bool {
	for _, n := range all {
		if r.letter(n).State == queued {
			return true
		}
	}
	return false
}

// TestCutAtEveryByte cuts the connection after every byte of a sending pass, in
// both directions, in good order and not.
func TestCutAtEveryByte(t *testing.T) {
	r := newRig(t, fakesmtp.Options{})
	all := r.queueAll()
	r.run()
	stats := r.server.Stats()
	r.settle("uncut", all)
	cuts, unsureLetters := 0, 0
	for _, d := range []struct {
		direction fakeserver.Direction
		bytes     int64
	}{{fakeserver.ToClient, stats.Out}, {fakeserver.FromClient, stats.In}} {
		for at := range d.bytes {
			if !sampled(int(at)) {
				continue
			}
			cuts++
			f := fakeserver.Fault{Direction: d.direction, After: at, Failure: []fakeserver.Failure{fakeserver.FIN, fakeserver.RST}[at/7%2]}
			r.serve(fakesmtp.Options{})
			all := r.queueAll()
			r.server.Fail(f)
			if _, err := r.run(); err != nil && !fault.Is(err, fault.Online) && !fault.Is(err, fault.Later) {
				t.Errorf("%+v: %v", f, err)
			}
			r.server.Heal()
			unsureLetters += r.settle(fmt.Sprintf("%+v", f), all)
		}
	}
	t.Logf("%d cuts, after which %d letters were unsure", cuts, unsureLetters)
}

// errCrash stands for the end of the process.
var errCrash = errors.New("crash")

// TestCrashAtEveryCommit ends a sending pass before and after each of its
// commits.
func TestCrashAtEveryCommit(t *testing.T) {
	r := newRig(t, fakesmtp.Options{})
	for commit := 0; ; commit++ {
		crashed := false
		for _, after := range []bool{false, true} {
			r.serve(fakesmtp.Options{})
			all := r.queueAll()
			n := 0
			r.options.commit = func(write func() error) error {
				defer func() { n++ }()
				switch {
				case n > commit:
					return errCrash
				case n < commit:
					return write()
				case after:
					if err := write(); err != nil {
						return err
					}
				}
				crashed = true
				return errCrash
			}
			_, err := Run(context.Background(), r.store, r.account, "secret", r.options)
			if crashed && !errors.Is(err, errCrash) {
				t.Errorf("commit %d: %v", commit, err)
			}
			r.options.commit = nil
			r.settle(fmt.Sprintf("crash at commit %d, after it: %v", commit, after), all)
		}
		if !crashed {
			t.Logf("crashed at each of %d commits", commit)
			return
		}
	}
}

// TestACommitThatFailsLeavesNoLetterSending: after each of its commits failed
// once, as on a disk that is full for a moment, the next pass goes on without a
// new start of the program.
func TestACommitThatFailsLeavesNoLetterSending(t *testing.T) {
	r := newRig(t, fakesmtp.Options{})
	for commit := 0; ; commit++ {
		r.serve(fakesmtp.Options{})
		all, n, failed := r.queueAll(), 0, false
		r.options.commit = func(write func() error) error {
			defer func() { n++ }()
			if n == commit {
				failed = true
				return errCrash
			}
			return write()
		}
		_, err := Run(context.Background(), r.store, r.account, "secret", r.options)
		r.options.commit = nil
		if !failed {
			t.Logf("failed at each of %d commits", commit)
			return
		}
		for range 4 {
			if _, err := r.run(); err != nil {
				t.Errorf("commit %d: %v", commit, err)
			}
			r.clock.Advance(15 * time.Minute)
		}
		for _, letter := range all {
			if s := r.letter(letter).State; s != filed && s != unsure {
				t.Errorf("commit %d, which ended with %v: letter %d is %s", commit, err, letter, s)
			}
			for name, copies := range r.accepted(letter) {
				if copies > 1 {
					t.Errorf("commit %d: letter %d went to %s %d times", commit, letter, name, copies)
				}
			}
		}
	}
}
