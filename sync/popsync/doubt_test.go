package popsync

import (
	"runtime"
	"strings"
	"testing"
	"time"

	"paquebot.app/internal/fakeserver/fakepop"
	"paquebot.app/localstore"
)

// TestAMailThatComesShort: a mail that ends long before its announced length is
// fetched once more, and when that is no better it is shown as it came and
// never removed from the server.
func TestAMailThatComesShort(t *testing.T) {
	r := newRig(t, 0, fakepop.Options{})
	for i := range 3 {
		r.deliver(append(testMail(i), strings.Repeat("More of it.\r\n", 100)...))
	}
	r.play("retr-short-once")
	r.mustReceive()
	r.wantAll("short once")
	r.wantOnServer("short once", 0)

	r = newRig(t, 0, fakepop.Options{})
	for i := range 3 {
		r.deliver(append(testMail(i), strings.Repeat("More of it.\r\n", 100)...))
	}
	r.play("retr-short")
	r.mustReceive()
	if here, _ := r.localMails(); len(here) != 3 {
		t.Errorf("%d mails are here", len(here))
	}
	r.wantOnServer("short for ever", 1)
	for _, row := range r.rows() {
		if row.State == localstore.PopKept && (!row.Pinned || !strings.Contains(row.Why, "announced")) {
			t.Errorf("%+v", row)
		}
	}
	r.mustReceive()
	r.wantOnServer("short for ever, once more", 1)
}

// TestSizesThatMeanNothing: a server that announces too much for every mail is
// found out.
func TestSizesThatMeanNothing(t *testing.T) {
	r := newRig(t, 20, fakepop.Options{})
	r.play("sizes-double")
	r.mustReceive()
	r.wantAll("in the end")
	if left := len(r.user.Mailbox("INBOX").Messages()); left >= liar {
		t.Errorf("%d mails are left there", left)
	}
}

// TestAHeaderThatTheServerChanges: what was fetched in a session that broke has
// another header in the next one. It is not a new mail.
func TestAHeaderThatTheServerChanges(t *testing.T) {
	for _, hide := range [][]string{nil, {"TOP"}} {
		for _, scenarios := range [][]string{{"status-header", "drop-before-quit-once"}, {"status-header", "drop-before-quit-once", "uidl-changes"}} {
			r := newRig(t, 6, fakepop.Options{Hide: hide})
			r.deliver(bigMail(3 << 20))
			r.play(scenarios...)
			r.mustReceive()
			r.mustReceive()
			r.wantAll(strings.Join(scenarios, " "))
			r.wantOnServer(strings.Join(scenarios, " "), 0)
			r.wantNoSins("in the end")
		}
	}
}

// TestKeptAtTheLastMoment: a deletion that the user takes back while the
// session runs does not become real, and the others do.
func TestKeptAtTheLastMoment(t *testing.T) {
	r := newRig(t, 10, fakepop.Options{})
	kept := 0
	r.options.commit = func(write func() error) error {
		err := write()
		for _, row := range r.rows() {
			if kept == 0 && row.State == localstore.PopDeleting {
				kept++
				r.write(func(tx *localstore.Tx) error {
					return tx.KeepOnServer(row.Maildrop, []localstore.LocationID{row.ID}, true)
				})
			}
		}
		return err
	}
	r.options.batchMails = 3
	if report := r.mustReceive(); report.Removed != 9 {
		t.Errorf("%+v", report)
	}
	r.wantAll("in the end")
	r.wantOnServer("in the end", 1)
	r.wantNoSins("in the end")
	r.options.commit = nil
	r.mustReceive()
	r.wantOnServer("after one more pass", 1)
}

// TestALargeMailWaitsToBeAskedFor: of what is larger than the account's limit
// only the header comes.
func TestALargeMailWaitsToBeAskedFor(t *testing.T) {
	for _, hide := range [][]string{nil, {"TOP"}} {
		r := newRig(t, 5, fakepop.Options{Hide: hide})
		r.deliver(bigMail(100_000))
		r.account.PopLimit = 50_000
		r.write(func(tx *localstore.Tx) error { return tx.SetAccount(r.account) })
		report := r.mustReceive()
		if hide != nil {
			r.wantAll("a server without TOP")
			continue
		}
		here, stubs := r.localMails()
		if len(here) != 5 || stubs != 1 || report.Received != 5 || len(report.Conflicts) != 0 {
			t.Errorf("%d here, %d stubs, %+v", len(here), stubs, report)
		}
		r.mustReceive()
		r.wantOnServer("before it is asked for", 1)
		if out := r.server.Stats().Out; out > 60_000 {
			t.Errorf("%d bytes came", out)
		}
		var stub localstore.PopLocation
		for _, row := range r.rows() {
			if row.State == localstore.PopSkipped {
				stub = row
			}
		}
		r.write(func(tx *localstore.Tx) error {
			m, err := tx.Message(stub.Message)
			if err != nil {
				return err
			}
			return tx.Want(m.Content, localstore.WishWhole)
		})
		l, err := Open(t.Context(), r.store, r.account, "secret", r.options)
		if err != nil {
			t.Fatal(err)
		}
		if err := l.Bodies(t.Context()); err != nil {
			t.Fatal(err)
		}
		l.Close()
		r.wantAll("after it was asked for")
		r.mustReceive()
		r.wantOnServer("after it was asked for", 0)
	}
}

// TestAHigherLimitBringsWhatWaited.
func TestAHigherLimitBringsWhatWaited(t *testing.T) {
	r := newRig(t, 2, fakepop.Options{})
	r.deliver(bigMail(100_000))
	for _, limit := range []int64{50_000, 200_000} {
		r.account.PopLimit = limit
		r.write(func(tx *localstore.Tx) error { return tx.SetAccount(r.account) })
		r.mustReceive()
	}
	r.wantAll("in the end")
	r.wantOnServer("in the end", 0)
}

// TestAMailThatCannotBeFetchedIsTriedLessAndLess, while the program runs.
func TestAMailThatCannotBeFetchedIsTriedLessAndLess(t *testing.T) {
	r := newRig(t, 4, fakepop.Options{})
	r.play("retr-err")
	l, err := Open(t.Context(), r.store, r.account, "secret", r.options)
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	var asked []int
	for range 200 {
		if err := l.Receive(t.Context()); err != nil {
			t.Fatal(err)
		}
		n := 0
		for _, line := range r.server.Transcript() {
			if line.Client && strings.HasPrefix(line.Text, "RETR") {
				n++
			}
		}
		asked = append(asked, n)
		r.clock.Advance(10 * time.Minute)
	}
	if last := asked[len(asked)-1]; asked[2] < 5 || last < 8 || last > 15 {
		t.Errorf("tries after each pass: %v", asked)
	}
}

// TestALoginDelayIsRespected: a server that wants time between two sign-ins is
// not left before all is done.
func TestALoginDelayIsRespected(t *testing.T) {
	r := newRig(t, sessionMails+10, fakepop.Options{LoginDelay: 900})
	r.allow()
	r.mustReceive()
	r.wantOnServer("after one session", 0)
	if n := r.server.Stats().Connections; n != 1 {
		t.Errorf("%d sessions", n)
	}
	l, err := Open(t.Context(), r.store, r.account, "secret", r.options)
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	if err := l.Receive(t.Context()); err != nil {
		t.Fatal(err)
	}
	done := make(chan error, 1)
	go func() { done <- l.Wait(t.Context()) }()
	for r.clock.Waiters() == 0 {
		runtime.Gosched()
	}
	r.clock.Advance(10 * time.Minute)
	select {
	case <-done:
		t.Error("asked sooner than the server wants")
	default:
	}
	r.clock.Advance(5 * time.Minute)
	if err := <-done; err != nil {
		t.Error(err)
	}
}
