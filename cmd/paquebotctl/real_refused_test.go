package main

import (
	"strings"
	"testing"

	"paquebot.app/internal/realserver"
)

func TestSettingsThatRealServersRefuse(t *testing.T) {
	t.Parallel()
	server := realserver.Dovecot(t, realserver.Options{})
	strict := realserver.Dovecot(t, realserver.Options{RefusePlain: true})
	post := realserver.Postfix(t, server)
	imap := user{name: "user1", mode: "imap", incoming: server.Addr(server.IMAPS), tls: "tls"}
	pop := user{name: "user1", mode: "pop", incoming: server.Addr(server.POP3), tls: "starttls"}
	with := func(u user, change func(*user)) user {
		change(&u)
		return u
	}
	password := func(u *user) { u.incomingPassword = "wrong" }
	authority := func(u *user) { u.more = []string{"--ca-file", strict.CAFile} }
	host := func(u *user) { u.incoming = "no-such-host.invalid:993" }
	closed := func(u *user) { u.incoming = "127.0.0.1:1" }
	for _, c := range []struct {
		what string
		code int
		user user
	}{
		{"IMAP, all right", 0, imap},
		{"POP, all right", 0, pop},
		{"IMAP, wrong password", 77, with(imap, password)},
		{"POP, wrong password", 77, with(pop, password)},
		{"IMAP, another authority", 77, with(imap, authority)},
		{"POP, another authority", 77, with(pop, authority)},
		{"IMAP, unknown host", 69, with(imap, host)},
		{"POP, unknown host", 69, with(pop, host)},
		{"IMAP, nobody there", 69, with(imap, closed)},
		{"POP, nobody there", 69, with(pop, closed)},
		{"IMAP, password in clear refused", 77, with(imap, func(u *user) { u.incoming, u.tls = strict.Addr(strict.IMAP), "plain" })},
		{"POP, password in clear refused", 77, with(pop, func(u *user) { u.incoming, u.tls = strict.Addr(strict.POP3), "plain" })},
	} {
		t.Run(c.what, func(t *testing.T) {
			s := newShell(t)
			r := s.want(c.code, c.user.add(server, post)...)
			if c.code == 0 {
				return
			}
			if strings.Count(strings.TrimSpace(r.err), "\n") > 0 || strings.Contains(r.err, realserver.Password) {
				t.Errorf("not one sentence: %q", r.err)
			}
			if strings.Contains(c.what, "password in clear") && !strings.Contains(r.err, "set it to starttls or tls") {
				t.Errorf("it does not say what to do: %q", r.err)
			}
			t.Logf("%s", r.err)
			var none struct{ Accounts []accountJSON }
			if s.json(&none, "account", "list"); len(none.Accounts) > 0 {
				t.Error("the account was added")
			}
		})
	}
	t.Run("an account that works and then does not", func(t *testing.T) {
		s := newShell(t)
		s.join(server, post, imap)
		s.want(0, "sync")
		s.want(0, "account", "set", "user1", "password-command=echo wrong")
		s.want(77, "sync")
		s.want(0, "account", "set", "user1", "password-command=echo '"+realserver.Password+"'", "ca-file="+strict.CAFile)
		s.want(77, "sync")
		s.want(0, "account", "set", "user1", "ca-file="+server.CAFile)
		server.Stop(t)
		s.want(69, "sync")
	})
}
