package submit

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"paquebot.app/internal/clock"
	"paquebot.app/internal/fakeserver"
	"paquebot.app/internal/realserver"
	"paquebot.app/internal/testprofile"
	"paquebot.app/localstore"
)

// TestPostfix sends over STARTTLS and over TLS, with AUTH, through a real
// submission server to a real mailbox.
func TestPostfix(t *testing.T) {
	d := realserver.Dovecot(t, realserver.Options{Users: 2})
	p := realserver.Postfix(t, d)
	from, to := d.Users[0], realserver.Address(d.Users[1])
	for security, port := range map[localstore.Security]int{localstore.STARTTLS: p.Port, localstore.TLS: p.TLSPort} {
		r := &rig{t: t, clock: clock.NewFake(fakeserver.Epoch)}
		r.options = Options{Clock: r.clock}
		r.open(testprofile.Dir(t))
		r.addAccount(localstore.Server{Host: p.Host, Port: port, Security: security, User: from, CAFile: d.CAFile})
		before := len(d.Mails(t, d.Users[1], "INBOX"))
		good := []localstore.OutboxID{r.queue(to, to), r.queueText(strings.Repeat("long line ", 500)+"\n.\n..\n", to)}
		mixed := r.queue(to, realserver.Ghost, to)
		later, ghost := r.queue(realserver.TryLater), r.queue(realserver.Ghost)
		report, err := Run(t.Context(), r.store, r.account, realserver.Password, r.options)
		if err != nil || report.Sent != 3 || report.Later != 1 || report.Refused != 1 {
			t.Errorf("%s: %+v, %v", security, report, err)
		}
		for _, n := range append(good, mixed) {
			r.want("in the end", n, filed)
		}
		r.want("in the end", later, queued)
		r.want("in the end", ghost, refused)
		if l := r.letter(ghost); !strings.HasPrefix(l.Error, "550 ") {
			t.Errorf("told %q", l.Error)
		}
		mails := d.Await(t, d.Users[1], "INBOX", before+3)
		for _, n := range append(good, mixed) {
			copies := 0
			for _, m := range mails[before:] {
				if bytes.HasSuffix(m.Raw, []byte(withoutBcc(r.blob(n)))) {
					copies++
				}
			}
			if copies != 1 {
				t.Errorf("%s: letter %d arrived %d times", security, n, copies)
			}
		}
		r.clock.Advance(time.Minute)
	}
}

func TestPostfixRefusesTheWrongPassword(t *testing.T) {
	d := realserver.Dovecot(t, realserver.Options{})
	p := realserver.Postfix(t, d)
	r := &rig{t: t, clock: clock.NewFake(fakeserver.Epoch)}
	r.account.SMTP = localstore.Server{Host: p.Host, Port: p.Port, Security: localstore.STARTTLS, User: d.Users[0], CAFile: d.CAFile}
	if err := Check(t.Context(), r.account, "wrong"); err == nil {
		t.Error("signed in")
	}
	if err := Check(t.Context(), r.account, realserver.Password); err != nil {
		t.Error(err)
	}
}
