// Package linktest holds every link.Link to what package link promises. POP
// and IMAP run the same suite.
//
// It guarantees that a Link which passes brings all mail of an inbox once, goes
// on after a cut at any sampled byte without a loss or a double, ends soon when
// it is closed or its context is, writes nothing for another generation of its
// account, and has no error that nobody translated.
package linktest

import (
	"context"
	"fmt"
	"runtime"

	"paquebot.app/internal/fakeserver"
	"paquebot.app/internal/fault"
	"paquebot.app/localstore"
	"paquebot.app/sync/link"
)

// TB is what of testing.TB the suite needs.
type TB interface {
	Helper()
	Errorf(format string, args ...any)
	Fatalf(format string, args ...any)
}

// Rig is an account with an empty inbox on a fake server and a store of its own.
type Rig interface {
	Store() *localstore.Store
	Account() localstore.Account
	Server() *fakeserver.Server
	// Open opens a link for an account that may differ from Account.
	Open(ctx context.Context, account localstore.Account) (link.Link, error)
	// Deliver puts n more mails, each different, into the inbox.
	Deliver(n int)
}

// Conforms runs the suite. make returns a new Rig each time, and may end the one
// before; every step-th byte is a place to cut.
func Conforms(t TB, make func() Rig, step int64) {
	t.Helper()
	for _, check := range []func(TB, Rig){arrives, closes, cancels, fenced, waits} {
		check(t, make())
	}
	cuts(t, make, step)
}

// arrives: everything comes, once; what is new comes next time.
func arrives(t TB, r Rig) {
	t.Helper()
	r.Deliver(5)
	l := open(t, r)
	defer l.Close()
	for i, want := range []int{5, 5, 7} {
		if i == 2 {
			r.Deliver(2)
		}
		if err := l.Receive(context.Background()); err != nil {
			t.Fatalf("Receive: %v", err)
		}
		if got := inbox(t, r); got != want {
			t.Errorf("Receive %d: %d messages are here, want %d", i, got, want)
		}
		report := l.Report()
		if report.Received != want || report.BytesIn == 0 || report.BytesOut == 0 || report.RoundTrips == 0 || len(report.Conflicts) > 0 {
			t.Errorf("Receive %d: %+v", i, report)
		}
	}
	for name, f := range map[string]func(context.Context) error{"Apply": l.Apply, "Bodies": l.Bodies} {
		if err := f(context.Background()); err != nil {
			t.Errorf("%s with nothing to do: %v", name, err)
		}
	}
}

// cuts: after a cut at any byte another link brings the rest.
func cuts(t TB, make func() Rig, step int64) {
	t.Helper()
	const mails = 4
	r := make()
	r.Deliver(mails)
	l := open(t, r)
	if err := l.Receive(context.Background()); err != nil {
		t.Fatalf("Receive: %v", err)
	}
	l.Close()
	stats := r.Server().Stats()
	for direction, bytes := range map[fakeserver.Direction]int64{fakeserver.ToClient: stats.Out, fakeserver.FromClient: stats.In} {
		for at := int64(0); at < bytes; at += step {
			f := fakeserver.Fault{Direction: direction, After: at, Each: true, Failure: fakeserver.Failure(at / step % 2)}
			cutOnce(t, make(), f, mails)
		}
	}
}

func cutOnce(t TB, r Rig, f fakeserver.Fault, mails int) {
	t.Helper()
	r.Deliver(mails)
	r.Server().Fail(f)
	l, err := r.Open(context.Background(), r.Account())
	if err == nil {
		err = l.Receive(context.Background())
		l.Close()
	}
	if e := fault.Of(err); e != nil && e.Remedy != fault.Online && e.Remedy != fault.Later {
		t.Errorf("%+v: %v", f, err)
	}
	if got := inbox(t, r); got > mails {
		t.Errorf("%+v: %d messages of %d are here", f, got, mails)
	}
	r.Server().Heal()
	l = open(t, r)
	defer l.Close()
	for range 2 {
		if err := l.Receive(context.Background()); err != nil {
			t.Errorf("%+v: the clean pass: %v", f, err)
		}
		if got := inbox(t, r); got != mails {
			t.Errorf("%+v: %d messages are here after a clean pass, want %d", f, got, mails)
		}
	}
}

// closes: Close makes a running method return.
func closes(t TB, r Rig) {
	t.Helper()
	l := open(t, r)
	interrupted(t, r, "Close", func() error { return l.Receive(context.Background()) }, func() { l.Close() })
	if err := l.Receive(context.Background()); err == nil {
		t.Errorf("Receive of a closed link: no error")
	}
}

// cancels: so does the end of its context.
func cancels(t TB, r Rig) {
	t.Helper()
	l := open(t, r)
	defer l.Close()
	ctx, cancel := context.WithCancel(context.Background())
	interrupted(t, r, "cancel", func() error { return l.Receive(ctx) }, cancel)
}

// interrupted runs f against a server that falls silent, ends it, and wants a
// translated error.
func interrupted(t TB, r Rig, what string, f func() error, end func()) {
	t.Helper()
	r.Deliver(3)
	before := r.Server().Stats().In
	r.Server().Fail(fakeserver.Fault{Direction: fakeserver.ToClient, After: 10, Failure: fakeserver.Stall, Each: true})
	ended := make(chan error)
	go func() { ended <- f() }()
	for r.Server().Stats().In == before {
		runtime.Gosched()
	}
	end()
	err := <-ended
	if e := fault.Of(err); e == nil || e.Remedy == fault.Bug {
		t.Errorf("%s: %v", what, err)
	}
	r.Server().Heal()
}

// fenced: a link of another generation changes nothing.
func fenced(t TB, r Rig) {
	t.Helper()
	r.Deliver(2)
	account := r.Account()
	account.Generation++
	l, err := r.Open(context.Background(), account)
	if err == nil {
		err = l.Receive(context.Background())
		l.Close()
	}
	if !fault.Is(err, fault.Later) {
		t.Errorf("another generation: %v", err)
	}
	if got := inbox(t, r); got != 0 {
		t.Errorf("another generation: %d messages were stored", got)
	}
}

// waits: Wait ends with its context and with the link.
func waits(t TB, r Rig) {
	t.Helper()
	for _, how := range []string{"context", "link"} {
		l := open(t, r)
		ctx, cancel := context.WithCancel(context.Background())
		ended := make(chan error)
		go func() { ended <- l.Wait(ctx) }()
		if how == "context" {
			cancel()
		} else {
			l.Close()
		}
		if err := <-ended; fault.Is(err, fault.Bug) {
			t.Errorf("Wait, when the %s ends: %v", how, err)
		}
		cancel()
		l.Close()
	}
}

func open(t TB, r Rig) link.Link {
	t.Helper()
	l, err := r.Open(context.Background(), r.Account())
	if err != nil {
		t.Fatalf("Open: %v", err)
	}
	return l
}

// inbox counts the messages of the account's inbox and fails if one is there
// twice.
func inbox(t TB, r Rig) int {
	t.Helper()
	n := 0
	err := r.Store().Read(context.Background(), func(v *localstore.View) error {
		f, err := v.FolderByRole(r.Account().ID, localstore.RoleInbox)
		if err != nil {
			return err
		}
		ids, _, err := v.MessageIDs(localstore.List{Folder: f.ID}, 0, 1000)
		if err != nil {
			return err
		}
		messages, err := v.Messages(ids)
		seen := map[string]bool{}
		for _, m := range messages {
			if seen[m.HeaderID] {
				return fmt.Errorf("%s is here twice", m.HeaderID)
			}
			seen[m.HeaderID] = true
		}
		n = len(messages)
		return err
	})
	if err != nil {
		t.Errorf("the inbox: %v", err)
	}
	return n
}
