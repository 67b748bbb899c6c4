package fakepop_test

import (
	"strings"
	"testing"
	"time"

	"paquebot.app/internal/fakeserver"
	"paquebot.app/internal/fakeserver/fakepop"
)

func TestScenarios(t *testing.T) {
	for name, play := range map[string]func(t *testing.T, s *fakepop.Server, u *fakeserver.User){
		"drop-after-dele": func(t *testing.T, s *fakepop.Server, u *fakeserver.User) {
			c := signedIn(t, s)
			c.ask("DELE 1", "+OK")
			c.ended()
			signedIn(t, s).ask("STAT", "+OK 4 ")
		},
		"drop-before-quit-once": func(t *testing.T, s *fakepop.Server, u *fakeserver.User) {
			for _, want := range []int{4, 3} {
				c := signedIn(t, s)
				c.ask("DELE 1", "+OK")
				c.say("QUIT")
				c.line()
				c.ended()
				if count(u) != want {
					t.Errorf("%d mails, want %d", count(u), want)
				}
			}
		},
		"drop-after-quit": func(t *testing.T, s *fakepop.Server, u *fakeserver.User) {
			c := signedIn(t, s)
			c.ask("DELE 1", "+OK")
			c.say("QUIT")
			c.ended()
			if count(u) != 3 {
				t.Errorf("%d mails, want 3", count(u))
			}
		},
		"quit-err": func(t *testing.T, s *fakepop.Server, u *fakeserver.User) {
			c := signedIn(t, s)
			c.ask("DELE 1", "+OK")
			c.ask("DELE 2", "+OK")
			c.ask("QUIT", "-ERR")
			if count(u) != 3 {
				t.Errorf("%d mails, want 3", count(u))
			}
		},
		"quit-rst": func(t *testing.T, s *fakepop.Server, u *fakeserver.User) {
			c := signedIn(t, s)
			c.ask("DELE 1", "+OK")
			c.say("QUIT")
			if got := c.line(); !strings.HasPrefix(got, "<") {
				t.Errorf("server said %q", got)
			}
			if count(u) != 3 {
				t.Errorf("%d mails, want 3", count(u))
			}
		},
		"retr-drop": func(t *testing.T, s *fakepop.Server, u *fakeserver.User) {
			c := signedIn(t, s)
			c.say("RETR 2")
			c.ended()
		},
		"top-drop": func(t *testing.T, s *fakepop.Server, u *fakeserver.User) {
			c := signedIn(t, s)
			c.say("TOP 2 0")
			c.ended()
		},
		"top-bad-err": func(t *testing.T, s *fakepop.Server, u *fakeserver.User) {
			signedIn(t, s).ask("TOP 2 0", "-ERR")
		},
		"uidl-equal": func(t *testing.T, s *fakepop.Server, u *fakeserver.User) {
			c := signedIn(t, s)
			c.ask("UIDL 1", "+OK 1 one-for-all")
			c.ask("UIDL 2", "+OK 2 one-for-all")
		},
		"uidl-case": func(t *testing.T, s *fakepop.Server, u *fakeserver.User) {
			c := signedIn(t, s)
			c.ask("UIDL 1", "+OK 1 Aaaa")
			c.ask("UIDL 2", "+OK 2 aAaa")
		},
		"uidl-one-err": func(t *testing.T, s *fakepop.Server, u *fakeserver.User) {
			signedIn(t, s).ask("UIDL 1", "-ERR")
		},
		"uidl-one-lie": func(t *testing.T, s *fakepop.Server, u *fakeserver.User) {
			signedIn(t, s).ask("UIDL 1", "+OK 2 ")
		},
		"stat-err": func(t *testing.T, s *fakepop.Server, u *fakeserver.User) {
			signedIn(t, s).ask("STAT", "-ERR")
		},
		"rset-err": func(t *testing.T, s *fakepop.Server, u *fakeserver.User) {
			signedIn(t, s).ask("RSET", "-ERR")
		},
		"swallow-dele-once": func(t *testing.T, s *fakepop.Server, u *fakeserver.User) {
			c := signedIn(t, s)
			c.ask("DELE 1", "+OK")
			c.ask("DELE 2", "+OK")
			c.ask("QUIT", "+OK")
			left := u.Mailbox("INBOX").Messages()
			if len(left) != 3 || left[0].UID != 1 {
				t.Errorf("left = %v", left)
			}
		},
		"returns-anew": func(t *testing.T, s *fakepop.Server, u *fakeserver.User) {
			c := signedIn(t, s)
			c.ask("DELE 1", "+OK")
			c.ask("QUIT", "+OK")
			left := u.Mailbox("INBOX").Messages()
			if len(left) != 4 || left[0].UID != 2 || left[3].UID != 5 {
				t.Errorf("left = %v", left)
			}
		},
		"dele-err": func(t *testing.T, s *fakepop.Server, u *fakeserver.User) {
			c := signedIn(t, s)
			c.ask("DELE 1", "+OK")
			c.ask("DELE 2", "-ERR")
		},
		"renumber": func(t *testing.T, s *fakepop.Server, u *fakeserver.User) {
			c := signedIn(t, s)
			first := c.ask("UIDL 1", "+OK")
			c.ask("QUIT", "+OK")
			c = signedIn(t, s)
			if last := c.ask("UIDL 4", "+OK"); strings.Fields(last)[2] != strings.Fields(first)[2] {
				t.Errorf("%q became %q", first, last)
			}
		},
		"new-mail": func(t *testing.T, s *fakepop.Server, u *fakeserver.User) {
			c := signedIn(t, s)
			c.list("UIDL")
			c.list("UIDL")
			c.ask("STAT", "+OK 4 ")
			if count(u) != 5 {
				t.Errorf("%d mails, want 5", count(u))
			}
		},
		"uidl-changes": func(t *testing.T, s *fakepop.Server, u *fakeserver.User) {
			c := signedIn(t, s)
			first := c.list("UIDL")
			c.ask("QUIT", "+OK")
			for i, again := range signedIn(t, s).list("UIDL") {
				if again == first[i] {
					t.Errorf("%q is the same", again)
				}
			}
		},
		"uidl-dup": func(t *testing.T, s *fakepop.Server, u *fakeserver.User) {
			l := signedIn(t, s).list("UIDL")
			if l[0][2:] != l[1][2:] || l[1][2:] == l[2][2:] {
				t.Errorf("UIDL = %v", l)
			}
		},
		"uidl-reuse": func(t *testing.T, s *fakepop.Server, u *fakeserver.User) {
			u.Mailbox("INBOX").Expunge(1)
			if l := signedIn(t, s).list("UIDL"); l[0] != "1 1" {
				t.Errorf("UIDL = %v", l)
			}
		},
		"uidl-missing": func(t *testing.T, s *fakepop.Server, u *fakeserver.User) {
			c := signedIn(t, s)
			c.ask("UIDL", "-ERR")
			if l := strings.Join(c.list("CAPA"), " "); strings.Contains(l, "UIDL") {
				t.Errorf("CAPA = %v", l)
			}
		},
		"uidl-long": func(t *testing.T, s *fakepop.Server, u *fakeserver.User) {
			if l := signedIn(t, s).list("UIDL"); len(l[0]) != 302 {
				t.Errorf("UIDL = %v", l)
			}
		},
		"uidl-bad": func(t *testing.T, s *fakepop.Server, u *fakeserver.User) {
			l := signedIn(t, s).list("UIDL")
			if l[0] != "1 " || !strings.HasPrefix(l[1], "2 \x01") {
				t.Errorf("UIDL = %q", l)
			}
		},
		"uidl-short": func(t *testing.T, s *fakepop.Server, u *fakeserver.User) {
			if l := signedIn(t, s).list("UIDL"); len(l) != 3 {
				t.Errorf("UIDL = %v", l)
			}
		},
		"wipe": func(t *testing.T, s *fakepop.Server, u *fakeserver.User) {
			signedIn(t, s).ask("STAT", "+OK 0 0")
			if count(u) != 4 {
				t.Error("mail is gone in truth")
			}
		},
		"list-lies": func(t *testing.T, s *fakepop.Server, u *fakeserver.User) {
			l := signedIn(t, s).list("LIST")
			if len(l) != 4 || l[0][:2] != "2 " || l[3] != "104 4711" {
				t.Errorf("LIST = %v", l)
			}
		},
		"list-huge": func(t *testing.T, s *fakepop.Server, u *fakeserver.User) {
			c := signedIn(t, s)
			c.ask("STAT", "+OK 4 9223372036854775807")
			c.ask("LIST 1", "+OK 1 9223372036854775807")
		},
		"retr-size-lies": func(t *testing.T, s *fakepop.Server, u *fakeserver.User) {
			signedIn(t, s).ask("LIST 1", "+OK 1 32")
		},
		"retr-err": func(t *testing.T, s *fakepop.Server, u *fakeserver.User) {
			c := signedIn(t, s)
			c.ask("RETR 2", "-ERR")
			c.list("RETR 3")
		},
		"retr-truncated-once": func(t *testing.T, s *fakepop.Server, u *fakeserver.User) {
			c := signedIn(t, s)
			c.list("RETR 1")
			c.ask("RETR 2", "+OK")
			for got := ""; got != "<EOF>"; got = c.line() {
				if got == "." {
					t.Fatal("the mail is whole")
				}
			}
			if l := signedIn(t, s).list("RETR 2"); len(l) != 6 {
				t.Errorf("RETR = %q", l)
			}
			if len(s.Events()) != 0 {
				t.Error(s.Events())
			}
		},
		"hang-in-retr":      silence("RETR 2"),
		"hang-at-list":      silence("LIST"),
		"endless-retr":      endless("RETR 2"),
		"never-ending-line": endless("RETR 2"),
		"uidl-endless":      endless("UIDL"),
		"capa-endless":      endless("CAPA"),
		"greeting-flood":    func(t *testing.T, s *fakepop.Server, u *fakeserver.User) { swallow(dial(t, s)) },
		"greeting-err":      func(t *testing.T, s *fakepop.Server, u *fakeserver.User) { dial(t, s).expect("-ERR") },
		"in-use":            refused("-ERR [IN-USE]"),
		"login-delay":       refused("-ERR [LOGIN-DELAY]"),
		"sys-temp":          refused("-ERR [SYS/TEMP]"),
		"auth-fail":         refused("-ERR [AUTH]"),
		"greeting-in-use":   func(t *testing.T, s *fakepop.Server, u *fakeserver.User) { dial(t, s).expect("-ERR [IN-USE]") },
	} {
		t.Run(name, func(t *testing.T) {
			w, u := world(4)
			s := fakepop.Start(t, w, fakepop.Options{})
			if err := s.Scenario(name); err != nil {
				t.Fatal(err)
			}
			play(t, s, u)
		})
	}
}

func refused(want string) func(*testing.T, *fakepop.Server, *fakeserver.User) {
	return func(t *testing.T, s *fakepop.Server, _ *fakeserver.User) {
		c := dial(t, s)
		c.expect("+OK")
		c.ask("USER anna", "+OK")
		c.ask("PASS secret", want)
		c.ask("AUTH PLAIN AGFubmEAc2VjcmV0", want)
		s.Scenario()
		c.ask("PASS secret", "+OK")
	}
}

// silence demands that command is never answered whole, and that the maildrop
// is free once the client has gone.
func silence(command string) func(*testing.T, *fakepop.Server, *fakeserver.User) {
	return func(t *testing.T, s *fakepop.Server, _ *fakeserver.User) {
		c := signedIn(t, s)
		c.say(command)
		c.nc.SetReadDeadline(time.Now().Add(30 * time.Millisecond))
		for {
			got := c.line()
			if got == "." || got == "<EOF>" {
				t.Fatalf("server said %q, want silence", got)
			}
			if strings.Contains(got, "timeout") {
				break
			}
		}
		c.nc.Close()
		s.Scenario()
		signedIn(t, s)
	}
}

func endless(command string) func(*testing.T, *fakepop.Server, *fakeserver.User) {
	return func(t *testing.T, s *fakepop.Server, _ *fakeserver.User) {
		c := signedIn(t, s)
		c.say(command)
		swallow(c)
		c.nc.Close()
		s.Scenario()
		signedIn(t, s)
	}
}

// swallow reads a megabyte, more than any honest answer has.
func swallow(c *client) {
	c.t.Helper()
	if n, err := c.r.Discard(1 << 20); err != nil {
		c.t.Fatalf("the answer ended after %d bytes: %v", n, err)
	}
}

func TestUnknownScenarioIsRefused(t *testing.T) {
	w, _ := world(1)
	s := fakepop.Start(t, w, fakepop.Options{})
	for _, name := range []string{"drop", "-once", ""} {
		if s.Scenario(name) == nil {
			t.Errorf("scenario %q was taken", name)
		}
	}
}

func TestStartTLSInject(t *testing.T) {
	w, _ := world(1)
	s := fakepop.Start(t, w, fakepop.Options{Transport: fakeserver.Transport{TLS: fakeserver.StartTLS}})
	s.Scenario("starttls-inject")
	c := dial(t, s)
	c.expect("+OK")
	c.ask("STLS", "+OK")
	c.expect("+OK")
	c.expect("+OK 0 0")
}
