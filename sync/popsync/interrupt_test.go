package popsync

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"testing"

	"paquebot.app/internal/clock"
	"paquebot.app/internal/fakeserver"
	"paquebot.app/internal/fakeserver/fakepop"
	"paquebot.app/internal/fault"
	"paquebot.app/localstore"
)

const mailsOfInterrupt = 20

// errCrash stands for the end of the process.
var errCrash = errors.New("crash")

// settle runs one clean sync and one more, and fails unless everything is here
// once, nothing is on the server, and the second changed nothing.
func (r *rig) settle(when string) {
	r.t.Helper()
	r.wantNothingLost()
	if _, err := r.receive(); err != nil {
		r.t.Errorf("%s: the clean sync: %v", when, err)
	}
	r.wantAll(when)
	r.wantOnServer(when, 0)
	if report, err := r.receive(); err != nil || report.Received+report.Removed > 0 {
		r.t.Errorf("%s: one more pass changes something: %+v, %v", when, report, err)
	}
	r.wantAll(when + ", once more")
}

// TestCutAtEveryByte cuts the connection after every byte of a
// download-and-delete, in both directions, in good order and not; the Link may
// go on by itself, or every connection of its is cut. Without
// PAQUEBOT_TORTURE=1 it takes a sample.
func TestCutAtEveryByte(t *testing.T) {
	r := newRig(t, mailsOfInterrupt, fakepop.Options{})
	r.mustReceive()
	stats := r.server.Stats()
	all := os.Getenv("PAQUEBOT_TORTURE") != ""
	cuts := 0
	for _, d := range []struct {
		direction fakeserver.Direction
		bytes     int64
	}{{fakeserver.ToClient, stats.Out}, {fakeserver.FromClient, stats.In}} {
		for at := range d.bytes {
			for i, failure := range []fakeserver.Failure{fakeserver.FIN, fakeserver.RST} {
				if !all && (!sampled(int(at)) || d.direction == fakeserver.ToClient && !sampled(int(at/7)) || at/7%2 != int64(i)) {
					continue
				}
				cuts++
				r.cut(fakeserver.Fault{Direction: d.direction, After: at, Each: at/7%4 == 0, Failure: failure},
					[][]string{nil, nil, {"PIPELINING"}, {"TOP"}}[at/7%4])
			}
		}
	}
	r.wantSound("in the end")
	t.Logf("%d cuts of %d bytes to the client and %d from it: lost 0, doubled 0 is %v", cuts, stats.Out, stats.In, !t.Failed())
}

// cut plays one fault, with a server that lacks some capabilities, and wants
// all to be well after a clean sync.
func (r *rig) cut(f fakeserver.Fault, hide []string) {
	r.t.Helper()
	r.serve(mailsOfInterrupt, fakepop.Options{Hide: hide})
	r.server.Fail(f)
	if _, err := r.receive(); err != nil && !fault.Is(err, fault.Online) && !fault.Is(err, fault.Later) {
		r.t.Errorf("%+v: %v", f, err)
	}
	r.server.Heal()
	when := fmt.Sprintf("%+v without %v", f, hide)
	r.settle(when)
	for _, e := range r.server.Events() {
		// A mail whose very last byte was the last to pass is here, but the
		// server does not count it as fetched.
		if e.Name != "DELE-OF-UNSEEN" || f.Direction != fakeserver.ToClient {
			r.t.Errorf("%s: %v", when, e)
		}
	}
}

// TestCrashAtEveryCommit ends a pass before and after each of its commits.
func TestCrashAtEveryCommit(t *testing.T) {
	r := newRig(t, mailsOfInterrupt, fakepop.Options{})
	for commit := 0; ; commit++ {
		crashed := false
		for _, after := range []bool{false, true} {
			r.serve(mailsOfInterrupt, fakepop.Options{})
			r.options.batchMails = 3
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
			if _, err := r.receive(); crashed && !errors.Is(err, errCrash) {
				t.Errorf("commit %d: %v", commit, err)
			}
			r.options.commit = nil
			r.settle(fmt.Sprintf("crash at commit %d, after it: %v", commit, after))
			r.wantNoSins("in the end")
		}
		if !crashed {
			r.wantSound("in the end")
			t.Logf("crashed at each of %d commits", commit)
			return
		}
	}
}

// childDir names the environment variable that turns the test into the child
// of TestKill.
const childDir = "PAQUEBOT_POPSYNC_CHILD"

// TestKill ends a process that downloads and deletes by a kill before or after
// each third of its commits, all of them with PAQUEBOT_TORTURE=1, and looks at what it left behind.
func TestKill(t *testing.T) {
	if os.Getenv(childDir) != "" {
		child(t)
		return
	}
	kills := 0
	step := 3
	if os.Getenv("PAQUEBOT_TORTURE") != "" {
		step = 1
	}
	for at := 0; ; at += step {
		r := newRig(t, mailsOfInterrupt, fakepop.Options{})
		dir := r.store.Dir()
		r.store.Close()
		cmd := exec.Command(os.Args[0], "-test.run=^TestKill$", "-test.timeout=60s")
		cmd.Env = append(os.Environ(), childDir+"="+dir, fmt.Sprintf("PAQUEBOT_POPSYNC_KILL=%d", at))
		out, _ := cmd.CombinedOutput()
		state := cmd.ProcessState
		r.open(dir)
		r.settle(fmt.Sprintf("killed at step %d", at))
		r.wantNoSins("in the end")
		r.wantSound("in the end")
		r.store.Close()
		if state.Success() {
			break
		}
		if kills++; strings.Contains(string(out), "--- FAIL") || kills > 200 {
			t.Fatalf("the child failed:\n%s", out)
		}
	}
	t.Logf("killed at %d steps", kills)
}

// child is the process that is killed: at the n-th time that it is about to
// commit, or has just committed.
func child(t *testing.T) {
	kill, err := strconv.Atoi(os.Getenv("PAQUEBOT_POPSYNC_KILL"))
	if err != nil {
		t.Fatal(err)
	}
	hands := clock.NewFake(fakeserver.Epoch)
	store, err := localstore.Open(context.Background(), os.Getenv(childDir), localstore.WithClock(hands))
	if err != nil {
		t.Fatal(err)
	}
	var account localstore.Account
	err = store.Read(context.Background(), func(v *localstore.View) (err error) {
		account, err = v.AccountByName("Anna 1")
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	step := 0
	die := func() {
		if step == kill {
			self, err := os.FindProcess(os.Getpid())
			if err == nil {
				self.Kill()
			}
			bufio.NewReader(os.Stdin).ReadByte()
			select {}
		}
		step++
	}
	options := Options{Clock: hands, batchMails: 5, commit: func(write func() error) error {
		die()
		err := write()
		die()
		return err
	}}
	l, err := Open(context.Background(), store, account, "secret", options)
	if err != nil {
		t.Fatal(err)
	}
	if err := l.Receive(context.Background()); err != nil {
		t.Fatal(err)
	}
}
