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
	report := r.mustReceive()
	if here, _ := r.localMails(); len(here) != 3 || len(report.Conflicts) != 1 {
		t.Errorf("%d mails are here, %q", len(here), report.Conflicts)
	}
	r.wantOnServer("short in one session", 1)
	if got := r.ledger(); got[localstore.PopSkipped] != 1 {
		t.Errorf("ledger %v", got)
	}
	r.play()
	r.mustReceive()
	r.wantAll("whole in the next session")
	r.wantOnServer("whole in the next session", 0)
	if report := r.mustReceive(); report.Received+report.Removed > 0 {
		t.Errorf("one more pass changes something: %+v", report)
	}
}

// TestManyMailsThatComeShort: a filter on the way cuts every mail of one
// session. None is removed before it came whole, or just as short once more.
func TestManyMailsThatComeShort(t *testing.T) {
	for _, n := range []int{4, 10} {
		r := newRig(t, 0, fakepop.Options{})
		for i := range n {
			r.deliver(append(testMail(i), strings.Repeat("More of it.\r\n", 100)...))
		}
		r.play("retr-short-all")
		r.mustReceive()
		r.wantOnServer("all short", n)
		r.play()
		r.mustReceive()
		r.wantAll("whole in the next session")
		r.wantOnServer("whole in the next session", 0)
	}
}

// TestSizesThatMeanNothing: a server that announces too much for every mail is
// believed when two sessions bring the same.
func TestSizesThatMeanNothing(t *testing.T) {
	r := newRig(t, 20, fakepop.Options{})
	r.play("sizes-double")
	r.mustReceive()
	r.wantAll("after one session")
	r.mustReceive()
	r.wantAll("after two sessions")
	r.wantOnServer("after two sessions", 0)
	r.wantNoSins("in the end")
}

// TestADeleteThatEndsTheSession: new mail comes all the same, and what can be
// removed is.
func TestADeleteThatEndsTheSession(t *testing.T) {
	for _, hide := range [][]string{nil, {"PIPELINING"}} {
		for _, scenario := range []string{"drop-at-dele", "drop-after-dele", "bad-dele-drops", "hang-at-dele"} {
			r := newRig(t, 6, fakepop.Options{Hide: hide})
			r.play(scenario)
			r.options.stall = 150 * time.Millisecond
			r.receive()
			r.wantAll(scenario)
			for i := range 3 {
				r.deliver(testMail(100 + i))
			}
			if _, err := r.receive(); err != nil {
				t.Errorf("%s: %v", scenario, err)
			}
			r.wantAll(scenario + ", new mail")
			if left := len(r.user.Mailbox("INBOX").Messages()); scenario == "bad-dele-drops" && left != 1 {
				t.Errorf("%s: %d mails are left", scenario, left)
			}
			r.play()
			r.options.stall = 20 * time.Second
			r.mustReceive()
			r.wantAll(scenario + ", in the end")
			r.wantOnServer(scenario+", in the end", 0)
		}
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

// TestTheSameHeaderBeforeAnotherBody: a mail with the header of one that waits
// for its removal, under another UIDL and with another size, is another mail.
func TestTheSameHeaderBeforeAnotherBody(t *testing.T) {
	for _, policy := range []localstore.DeletePolicy{localstore.DeleteNow, localstore.DeleteNever} {
		r := newRig(t, 2, fakepop.Options{})
		r.addAccount(policy)
		r.allow()
		r.play("drop-before-quit-once")
		r.mustReceive()
		first := r.user.Mailbox("INBOX").Messages()
		raw := append([]byte(nil), testMail(5)...)
		if len(first) > 0 {
			r.user.Mailbox("INBOX").Expunge(first[0].UID)
		}
		r.deliver(append(raw, "It goes on.\r\n"...))
		r.mustReceive()
		r.wantAll(string(policy))
	}
}

// TestAShortMailIsReceivedOnce, however often it is fetched again.
func TestAShortMailIsReceivedOnce(t *testing.T) {
	r := newRig(t, 0, fakepop.Options{})
	for i := range 3 {
		r.deliver(append(testMail(i), strings.Repeat("More of it.\r\n", 100)...))
	}
	r.play("retr-short")
	received := r.mustReceive().Received
	r.play()
	received += r.mustReceive().Received
	if received != 3 {
		t.Errorf("%d received", received)
	}
	r.wantAll("in the end")
}
