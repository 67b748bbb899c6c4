package popsync

import (
	"bytes"
	"context"
	"runtime"
	"strings"
	"testing"

	"paquebot.app/internal/fakeserver"
	"paquebot.app/internal/fakeserver/fakepop"
	"paquebot.app/internal/testmail"
	"paquebot.app/localstore"
)

// TestMoreThanASessionTakes fetches 1,050 mails: where they are removed the
// session is ended and another one begun, and a third one looks for more; else
// one session does.
func TestMoreThanASessionTakes(t *testing.T) {
	const mails = 1050
	for policy, sessions := range map[localstore.DeletePolicy]int{localstore.DeleteNever: 1, localstore.DeleteNow: 3} {
		t.Run(string(policy), func(t *testing.T) {
			r := newRig(t, 0, fakepop.Options{})
			r.addAccount(policy)
			for _, m := range testmail.Generate(testmail.Options{N: mails, Seed: 2, MeanSize: 500}) {
				r.deliver(m.Raw)
			}
			if policy == localstore.DeleteNow {
				r.allow()
			}
			if report := r.mustReceive(); report.Received != mails {
				t.Errorf("%+v", report)
			}
			r.wantAll("in the end")
			if got := r.server.Stats().Connections; got != sessions {
				t.Errorf("%d sessions, want %d", got, sessions)
			}
			r.wantNoSins("in the end")
		})
	}
}

// TestADownloadThatBreaksGoesOn cuts every connection after 1 MB: every session
// brings something, hardly a byte comes twice, and under the policy now the
// maildrop empties although no session that broke has removed a mail.
func TestADownloadThatBreaksGoesOn(t *testing.T) {
	const each, mails = 1_000_000, 5000
	for _, policy := range []localstore.DeletePolicy{localstore.DeleteNever, localstore.DeleteNow} {
		t.Run(string(policy), func(t *testing.T) {
			r := newRig(t, 0, fakepop.Options{})
			r.addAccount(policy)
			for _, m := range testmail.Generate(testmail.Options{N: mails, Seed: 3, MeanSize: 3000}) {
				r.deliver(m.Raw)
			}
			left := 0
			if policy == localstore.DeleteNever {
				left = mails
			} else {
				r.allow()
			}
			total := int64(len(bytes.Join(r.sent, nil)))
			r.server.Fail(fakeserver.Fault{Direction: fakeserver.ToClient, After: each, Each: true})
			if _, err := r.receive(); err != nil {
				t.Error(err)
			}
			r.server.Heal()
			stats := r.server.Stats()
			t.Logf("%d connections, %d bytes for %d", stats.Connections, stats.Out, total)
			if stats.Out > total*11/10 {
				t.Errorf("%d bytes for a maildrop of %d", stats.Out, total)
			}
			r.wantAll("in the end")
			r.wantOnServer("in the end", left)
			r.wantNoSins("in the end")
		})
	}
}

// TestMemoryStaysFlat receives a mail of 38 MB: what lives on the heap at any
// moment while it arrives does not grow with it.
func TestMemoryStaysFlat(t *testing.T) {
	const size, flat = 38 << 20, 12 << 20
	r := newRig(t, 0, fakepop.Options{})
	r.deliver(bigMail(size))
	r.sent = [][]byte{fakepop.Octets(bigMail(size))}
	l, err := Open(context.Background(), r.store, r.account, "secret", r.options)
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	var peak, base uint64
	live := func() uint64 {
		var m runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&m)
		return m.HeapAlloc
	}
	seen := 0
	l.options.arriving = func() {
		if seen++; seen == 1 {
			base = live() // the server holds the whole mail by now
		} else if seen%5000 == 0 {
			peak = max(peak, live())
		}
	}
	if err := l.Receive(context.Background()); err != nil {
		t.Fatal(err)
	}
	if seen < 100 || peak > base+flat {
		t.Errorf("the heap grew from %d to %d bytes while %d pieces arrived", base, peak, seen)
	}
	t.Logf("the heap grew from %d to %d bytes while %d pieces arrived", base, peak, seen)
	r.wantAll("in the end")
	r.wantOnServer("in the end", 0)
}

// TestMailOfAllKinds keeps every byte of the mails that other projects have
// collected, and of those beside them.
func TestMailOfAllKinds(t *testing.T) {
	r := newRig(t, 0, fakepop.Options{})
	for _, raw := range []string{"", "\r\n", ".\r\n", "..", "\r\n.\r\n", "no header", "\n.\n", "a: b\r\n\r\n.", "From x\r\n\r\n" + strings.Repeat("x", 200_000), "\xef\xbb\xbfSubject: BOM\r\n\r\n", "a\r.\rb\x00"} {
		r.deliver([]byte(raw))
	}
	for _, raw := range sharedMails(t) {
		r.deliver(raw)
	}
	r.policyYes()
	r.mustReceive()
	r.mustReceive()
	r.wantAll("in the end")
	r.wantOnServer("in the end", 0)
	r.wantNoSins("in the end")
}

// policyYes gives the yes to the first deletions.
func (r *rig) policyYes() {
	r.t.Helper()
	r.write(func(tx *localstore.Tx) error {
		m, err := tx.OpenMaildrop(r.account.ID, localstore.POP, r.account.POP.Host, r.account.POP.Port, r.account.POP.User)
		if err != nil {
			return err
		}
		return tx.AllowDeletes(m.ID)
	})
}
