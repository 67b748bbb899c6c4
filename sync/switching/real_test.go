package switching_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"paquebot.app/internal/clock"
	"paquebot.app/internal/fakeserver"
	"paquebot.app/internal/fakeserver/fakesmtp"
	"paquebot.app/internal/realserver"
	"paquebot.app/internal/testmail"
	"paquebot.app/internal/testprofile"
	"paquebot.app/localstore"
	"paquebot.app/sync/engine"
)

// TestTwoThousandMailsOfDovecot go from POP to IMAP, to POP and to IMAP again.
func TestTwoThousandMailsOfDovecot(t *testing.T) {
	for _, mdbox := range []bool{false, true} {
		t.Run(map[bool]string{false: "maildir", true: "mdbox"}[mdbox], func(t *testing.T) { dovecotThereAndBack(t, mdbox, 2000, 200) })
	}
}

func dovecotThereAndBack(t *testing.T, mdbox bool, mails, onlyHere int) {
	d := realserver.Dovecot(t, realserver.Options{Mdbox: mdbox})
	user := d.Users[0]
	var raws [][]byte
	for _, m := range testmail.Generate(testmail.Options{N: mails, Seed: 3, MeanSize: 2500, Charsets: true, HTML: 0.2, Attachments: 0.05, Threads: 0.3}) {
		raws = append(raws, m.Raw)
	}
	d.Append(t, user, "INBOX", "", fakeserver.Epoch, raws...)
	world := fakeserver.NewWorld()
	world.AddUser(user, realserver.Password)
	smtp := fakesmtp.Start(t, world, fakesmtp.Options{})
	s := &strait{TB: t, clock: clock.NewFake(fakeserver.Epoch), dir: testprofile.Dir(t), secret: realserver.Password}
	s.open()
	server := func(port int) localstore.Server {
		return localstore.Server{Host: d.Host, Port: port, Security: localstore.STARTTLS, User: user, CAFile: d.CAFile}
	}
	pop, imap := server(d.POP3), server(d.IMAP)
	s.write(func(tx *localstore.Tx) (err error) {
		s.id, err = tx.AddAccount(localstore.Account{Name: "anna", Address: realserver.Address(user), Mode: localstore.POP, PopDelete: localstore.DeleteNever, Policy: localstore.FetchAll,
			POP: pop, IMAP: imap, SMTP: localstore.Server{Host: smtp.Host(), Port: smtp.Port(), Security: localstore.Plain, User: user}})
		return err
	})
	s.pass()
	all := s.messages("INBOX")
	if len(all) != mails {
		t.Fatalf("%d mails came", len(all))
	}
	d.Command(t, user, "INBOX", fmt.Sprintf(`UID STORE 1:%d +FLAGS.SILENT (\Deleted)`, onlyHere))
	d.Command(t, user, "INBOX", "EXPUNGE")
	s.pass()
	s.write(func(tx *localstore.Tx) error {
		if err := tx.SetFlags(ids(all[:300]...), localstore.Seen, 0); err != nil {
			return err
		}
		work, err := tx.EnsureFolder(s.id, "Work/2026", localstore.RoleNone)
		if err != nil {
			return err
		}
		if err := tx.Move(ids(all[300:400]...), work); err != nil {
			return err
		}
		draft, err := tx.NewDraft(s.id, 0)
		if err != nil {
			return err
		}
		return tx.SaveDraft(draft, s.clock.Now(), "Dear all,", nil, localstore.NewContent{Subject: "A draft", FieldsHash: sha256.Sum256([]byte("draft"))})
	})
	for i := range 5 {
		s.queue(fmt.Sprintf("From the ferry, %d", i))
	}
	bodies, shown := s.bodies(), len(s.messages(""))
	count := len(d.Mails(t, user, "INBOX"))
	turns, filed := 0, 0
	round := func(to localstore.Mode, in localstore.Server) (received, fetched int, bytesIn int64) {
		t.Helper()
		p, err := s.engine.PlanSwitch(context.Background(), s.account(), to, localstore.SwitchChoice{Server: in}, false)
		if err != nil {
			t.Fatal(err)
		}
		want := count
		if to == localstore.IMAP {
			want += filed // in Sent, at an earlier time
		}
		if *p.Recognised != want {
			t.Errorf("to %s: %d recognised, want %d", to, *p.Recognised, want)
		}
		turns = p.Turns
		s.begin(to, localstore.SwitchChoice{Server: in})
		a, err := s.engine.Switch(context.Background(), s.id)
		if err != nil || a.Mode != to {
			t.Fatalf("to %s: %v", to, err)
		}
		var r engine.Report
		for range 2 {
			r = s.pass()
			received, fetched, bytesIn = received+r.Received, fetched+r.Bodies, bytesIn+r.BytesIn
		}
		return received, fetched, bytesIn
	}
	for i, to := range []localstore.Mode{localstore.IMAP, localstore.POP, localstore.IMAP} {
		in := imap
		if to == localstore.POP {
			in = pop
		}
		received, fetched, bytesIn := round(to, in)
		t.Logf("%d: to %s: plan in %d turns, %d received, %d bodies, %d bytes in", i, to, turns, received, fetched, bytesIn)
		now := s.bodies()
		for sum, n := range bodies {
			if now[sum] != n {
				t.Errorf("%d: a mail is here %d times, before %d", i, now[sum], n)
			}
		}
		if got := len(d.Mails(t, user, "INBOX")); got != count {
			t.Errorf("%d: %d on the server, before %d", i, got, count)
		}
		if received > 0 || fetched > 0 {
			t.Errorf("%d: %d received, %d fetched", i, received, fetched)
		}
		filed = len(d.Mails(t, user, "Sent"))
		if slices.Contains(d.Folders(t, user), "Drafts") && len(d.Mails(t, user, "Drafts")) > 0 {
			t.Errorf("%d: a draft was uploaded unasked", i)
		}
		if got := len(s.messages("Work/2026")); got != 100 {
			t.Errorf("%d: %d in Work", i, got)
		}
		if got := len(s.messages("")); got != shown {
			t.Errorf("%d: %d are shown, before %d", i, got, shown)
		}
	}
	times := map[string]int{}
	for _, l := range smtp.Accepted() {
		_, rest, _ := bytes.Cut(l.Raw, []byte("Subject: "))
		subject, _, _ := bytes.Cut(rest, []byte("\r\n"))
		times[string(subject)]++
	}
	for i := range 5 {
		if n := times[fmt.Sprintf("From the ferry, %d", i)]; n != 1 {
			t.Errorf("letter %d went out %d times", i, n)
		}
	}
}

// TestTurnsOfAPlan: ten thousand messages are recognised in a few turns, by
// their names alone.
func TestTurnsOfAPlan(t *testing.T) {
	const mails = 10_000
	d := realserver.Dovecot(t, realserver.Options{})
	user := d.Users[0]
	d.Append(t, user, "INBOX", "", fakeserver.Epoch, []byte("Subject: the first\r\n\r\n"))
	for i := range mails - 1 {
		raw := fmt.Appendf(nil, "From: a@example.org\r\nTo: b@example.org\r\nSubject: %d\r\nMessage-ID: <%d@example.org>\r\nDate: Sat, 14 Mar 2026 09:00:00 +0000\r\n\r\n%d\r\n", i, i, i)
		if err := os.WriteFile(filepath.Join(d.Home(user), "Maildir", "new", fmt.Sprintf("1773480000.%d.harbour", i)), raw, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	s := &strait{TB: t, clock: clock.NewFake(fakeserver.Epoch), dir: testprofile.Dir(t), secret: realserver.Password}
	s.open()
	server := func(port int) localstore.Server {
		return localstore.Server{Host: d.Host, Port: port, Security: localstore.TLS, User: user, CAFile: d.CAFile}
	}
	s.write(func(tx *localstore.Tx) (err error) {
		s.id, err = tx.AddAccount(localstore.Account{Name: "anna", Address: realserver.Address(user), Mode: localstore.POP, PopDelete: localstore.DeleteNever, POP: server(d.POP3S)})
		return err
	})
	s.pass()
	p, err := s.engine.PlanSwitch(context.Background(), s.account(), localstore.IMAP, localstore.SwitchChoice{Server: server(d.IMAPS)}, false)
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%d recognised in %d turns", *p.Recognised, p.Turns)
	// Sign-in takes two; recognising the rest.
	if *p.Recognised != mails || p.Turns > 5+2 {
		t.Errorf("%d recognised in %d turns", *p.Recognised, p.Turns)
	}
}
