package main

import (
	"strings"
	"testing"

	"paquebot.app/internal/fakeserver/fakesmtp"
)

// TestALetterThatIsTooLargeIsToldBeforeItIsQueued, once the server has named its
// limit; before, at the first connection, without its bytes.
func TestALetterThatIsTooLargeIsToldBeforeItIsQueued(t *testing.T) {
	s, v := newShell(t), startServers(t, 0)
	v.smtp = fakesmtp.Start(t, v.smtp.World(), fakesmtp.Options{MaxSize: 20_000})
	s.add(v, "imap")
	large := "To: bo@example.net\nSubject: large\n\n" + strings.Repeat("A line of a letter that is too large.\n", 1000)
	s.checkCode(s.run(large, "--offline", "send"), 0, nil)
	s.want(0, "sync")
	if l := s.outbox()[0]; l.State != "refused" || l.Reason != "too-large" || !strings.Contains(l.Error, "20000") {
		t.Errorf("%+v", l)
	}
	if in := v.smtp.Stats().In; in > 2000 {
		t.Errorf("%d bytes were sent", in)
	}
	r := s.run(large, "--offline", "send")
	s.checkCode(r, 65, nil)
	if !strings.Contains(r.err, "20000 at most") || len(s.outbox()) != 1 {
		t.Errorf("said %q, %d in the outbox", r.err, len(s.outbox()))
	}
	s.letter("small", "bo@example.net")
}

// TestWhyALetterWaitsIsTold as one word each.
func TestWhyALetterWaitsIsTold(t *testing.T) {
	s, v := newShell(t), startServers(t, 0)
	s.add(v, "imap")
	for _, to := range []string{"greylist", "full", "refuse", "too-big", "temp", "refuse-data"} {
		s.letter(to, to+"@demo.example")
	}
	s.want(0, "sync")
	want := map[string]string{"greylist": "greylisted", "full": "mailbox-full", "refuse": "no-such-user", "too-big": "too-large", "temp": "busy", "refuse-data": "not-allowed"}
	for _, l := range s.outbox() {
		if l.Reason != want[l.Subject] {
			t.Errorf("%s: %q (%s)", l.Subject, l.Reason, l.Error)
		}
	}
	if err := v.smtp.Scenario("auth-535"); err != nil {
		t.Fatal(err)
	}
	s.letter("sign-in", "bo@demo.example")
	s.run("", "sync")
	if all := s.outbox(); all[len(all)-1].Reason != "sign-in" || all[len(all)-1].Error == "" {
		t.Errorf("%+v", all[len(all)-1])
	}
}
