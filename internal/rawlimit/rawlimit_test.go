package rawlimit

import (
	"bytes"
	"context"
	"fmt"
	"testing"

	"paquebot.app/internal/clock"
	"paquebot.app/internal/realserver"
)

// mails returns n mails of differing length, with dots where they hurt.
func mails(n int) (out [][]byte, size int64) {
	for i := range n {
		m := fmt.Appendf(nil, "From: a@harbour.test\r\nTo: b@harbour.test\r\nSubject: mail %d\r\nMessage-ID: <%d@harbour.test>\r\n\r\n.\r\n..\r\n", i, i)
		m = append(m, bytes.Repeat([]byte("A line of ordinary text of some length.\r\n"), 1+i%97)...)
		out, size = append(out, m), size+int64(len(m))
	}
	return out, size
}

func imapTarget(s *realserver.Server) Target {
	return Target{Addr: s.Addr(s.IMAP), User: "user1", Password: realserver.Password}
}

func popTarget(s *realserver.Server) Target {
	return Target{Addr: s.Addr(s.POP3), User: "user1", Password: realserver.Password}
}

func TestAllMailIsReadInFewTurns(t *testing.T) {
	s := realserver.Dovecot(t, realserver.Options{})
	const n = 350
	all, size := mails(n)
	s.Append(t, "user1", "INBOX", "", clock.System.Now(), all...)
	safe := Target{Addr: s.Addr(s.IMAPS), User: "user1", Password: realserver.Password, TLS: s.TLS()}

	for _, c := range []struct {
		name     string
		run      func() (Result, error)
		bytes    int64 // at least
		maxTurns int
	}{
		{"IMAP bodies", func() (Result, error) { return IMAPBodies(t.Context(), imapTarget(s), "INBOX") }, size, 4},
		{"IMAP bodies in TLS", func() (Result, error) { return IMAPBodies(t.Context(), safe, "INBOX") }, size, 4},
		{"IMAP headers", func() (Result, error) { return IMAPHeaders(t.Context(), imapTarget(s), "INBOX") }, n * 100, 4},
		{"IMAP size", func() (Result, error) { return IMAPSize(t.Context(), imapTarget(s), "INBOX") }, 100, 3},
		{"POP size", func() (Result, error) { return POPSize(t.Context(), popTarget(s)) }, 10, 4},
		// Sign-in, STAT and QUIT, and a flight for each half window.
		{"POP", func() (Result, error) { return POP(t.Context(), popTarget(s)) }, size, 5 + n/(popWindow/2)},
		{"POP, emptied", func() (Result, error) { return POPEmpty(t.Context(), popTarget(s)) }, size, 6 + n/(popWindow/2)},
	} {
		r, err := c.run()
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		if r.Messages != n || r.Bytes < c.bytes || r.Turns > c.maxTurns || r.Took <= 0 {
			t.Errorf("%s: %+v, want %d messages, at least %d bytes, at most %d turns", c.name, r, n, c.bytes, c.maxTurns)
		}
	}

	wrong := popTarget(s)
	wrong.Password = "wrong"
	if _, err := POP(t.Context(), wrong); err == nil {
		t.Error("a refused sign-in was measured")
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := IMAPBodies(ctx, imapTarget(s), "INBOX"); err == nil {
		t.Error("a cancelled run was measured")
	}
}

func TestLettersGoOutInATurnEach(t *testing.T) {
	s := realserver.Dovecot(t, realserver.Options{})
	p := realserver.Postfix(t, s)
	const n = 20
	target := Target{Addr: p.Addr(p.Port), User: "user1", Password: realserver.Password, TLS: s.TLS()}
	letter := []byte("Subject: raw\r\n\r\nbody\r\n")
	r, err := SMTP(t.Context(), target, realserver.Address("user1"), realserver.Address("user1"), letter, n)
	if err != nil {
		t.Fatal(err)
	}
	if r.Messages != n || r.Turns > n+5 || r.Bytes < int64(n*len(letter)) {
		t.Errorf("%+v, want %d letters in at most %d turns", r, n, n+5)
	}
	if got := s.Await(t, "user1", "INBOX", n); len(got) != n {
		t.Errorf("%d letters arrived, want %d", len(got), n)
	}
	if _, err := SMTP(t.Context(), target, "a@b", "c@d", []byte("x\r\n.\r\n"), 1); err == nil {
		t.Error("a letter that ends early was taken")
	}
}
