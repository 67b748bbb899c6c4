package popsync

import (
	"testing"
	"time"

	"paquebot.app/internal/clock"
	"paquebot.app/internal/fakeserver"
	"paquebot.app/internal/fakeserver/fakepop"
	"paquebot.app/internal/realserver"
	"paquebot.app/internal/testmail"
	"paquebot.app/internal/testprofile"
	"paquebot.app/localstore"
)

// TestAThousandMailsOfDovecot downloads a maildrop of a real server over STLS,
// byte for byte, and empties it.
func TestAThousandMailsOfDovecot(t *testing.T) {
	const mails = 1000
	d := realserver.Dovecot(t, realserver.Options{})
	user := d.Users[0]
	var raws [][]byte
	for _, m := range testmail.Generate(testmail.Options{N: mails, Seed: 1, MeanSize: 3000, Charsets: true, HTML: 0.2, Attachments: 0.05}) {
		raws = append(raws, m.Raw)
	}
	d.Append(t, user, "INBOX", "", fakeserver.Epoch, raws...)
	r := &rig{t: t, clock: clock.NewFake(fakeserver.Epoch)}
	for _, m := range d.Mails(t, user, "INBOX") {
		r.sent = append(r.sent, fakepop.Octets(m.Raw))
	}
	if len(r.sent) != mails {
		t.Fatalf("the server holds %d mails", len(r.sent))
	}
	r.open(testprofile.Dir(t))
	r.options = Options{Clock: r.clock}
	r.account = localstore.Account{Name: "Real", Address: realserver.Address(user), Mode: localstore.POP, PopDelete: localstore.DeleteNow,
		POP: localstore.Server{Host: d.Host, Port: d.POP3, Security: localstore.STARTTLS, User: user, CAFile: d.CAFile}}
	r.write(func(tx *localstore.Tx) error {
		id, err := tx.AddAccount(r.account)
		if err != nil {
			return err
		}
		r.account, err = tx.Account(id)
		return err
	})
	receive := func() (received, removed, turns int) {
		t.Helper()
		l, err := Open(t.Context(), r.store, r.account, realserver.Password, r.options)
		if err != nil {
			t.Fatal(err)
		}
		defer l.Close()
		if err := l.Receive(t.Context()); err != nil {
			t.Fatal(err)
		}
		report := l.Report()
		return report.Received, report.Removed, report.RoundTrips
	}
	start := clock.System.Now()
	received, removed, turns := receive()
	t.Logf("%d mails in %v and %d turns", received, clock.System.Now().Sub(start).Round(time.Millisecond), turns)
	if turns > 30 {
		t.Errorf("%d turns", turns)
	}
	if received != mails || removed != 0 {
		t.Errorf("received %d, removed %d before the yes", received, removed)
	}
	r.wantAll("after the download")
	r.write(func(tx *localstore.Tx) error {
		m, _, err := tx.OpenMaildropOf(r.account.ID)
		if err != nil {
			return err
		}
		return tx.AllowDeletes(m.ID)
	})
	if received, removed, _ := receive(); received != 0 || removed != mails {
		t.Errorf("received %d, removed %d after the yes", received, removed)
	}
	if left := d.Mails(t, user, "INBOX"); len(left) != 0 {
		t.Errorf("%d mails are left on the server", len(left))
	}
	if received, removed, _ := receive(); received+removed != 0 {
		t.Errorf("received %d, removed %d in one more pass", received, removed)
	}
	r.wantAll("in the end")
	r.wantSound("in the end")
}
