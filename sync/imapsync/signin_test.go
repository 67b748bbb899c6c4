package imapsync

import (
	"context"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"paquebot.app/internal/fakeserver"
	"paquebot.app/internal/fakeserver/fakeimap"
	"paquebot.app/internal/fault"
	"paquebot.app/localstore"
)

// TestWaysToSignIn: by what a server offers, with the right secret and a wrong
// one. A secret is sent as what it is, or not at all.
func TestWaysToSignIn(t *testing.T) {
	long := strings.Repeat("t", 4000)
	for _, c := range []struct {
		name       string
		auth       localstore.Auth
		mechanisms []string
		hide       []string
		tls        bool
		play       []string
		secret     string
		cause      fault.Cause // Unknown: it signs in
		says       string
	}{
		{name: "plain", mechanisms: []string{"PLAIN", "XOAUTH2"}},
		{name: "plain without SASL-IR", mechanisms: []string{"PLAIN"}, hide: []string{"SASL-IR"}},
		{name: "login command", mechanisms: []string{"LOGIN", "XOAUTH2"}},
		{name: "login mechanism", mechanisms: []string{"LOGIN"}, hide: []string{"LOGIN"}, tls: true},
		{name: "login mechanism without TLS", mechanisms: []string{"LOGIN"}, hide: []string{"LOGIN"}, cause: fault.SignIn, says: "not protected"},
		{name: "no login command", mechanisms: []string{"XOAUTH2"}, hide: []string{"LOGIN"}, tls: true, cause: fault.SignIn, says: "no sign-in by password"},
		{name: "plain, login disabled", mechanisms: []string{"PLAIN", "LOGIN"}, play: []string{"login-disabled"}, cause: fault.SignIn, says: "not protected"},
		{name: "plain, login disabled, over TLS", mechanisms: []string{"PLAIN"}, hide: []string{"LOGIN"}, tls: true},
		{name: "no goodbye", mechanisms: []string{"PLAIN"}, play: []string{"drop-at-logout"}},
		{name: "login disabled", mechanisms: []string{"XOAUTH2"}, play: []string{"login-disabled"}, cause: fault.SignIn, says: "not protected"},
		{name: "wrong password", mechanisms: []string{"PLAIN"}, secret: "wrong", cause: fault.SignIn, says: "user name and password"},
		{name: "xoauth2", auth: localstore.AuthXOAUTH2, mechanisms: []string{"PLAIN", "XOAUTH2"}},
		{name: "xoauth2 without SASL-IR", auth: localstore.AuthXOAUTH2, mechanisms: []string{"PLAIN", "XOAUTH2"}, hide: []string{"SASL-IR"}},
		{name: "oauthbearer", auth: localstore.AuthOAuthBearer, mechanisms: []string{"XOAUTH2", "OAUTHBEARER"}},
		{name: "a long token", auth: localstore.AuthOAuthBearer, mechanisms: []string{"OAUTHBEARER"}, secret: long, cause: fault.SignIn, says: "access token"},
		{name: "xoauth2 refused", auth: localstore.AuthXOAUTH2, mechanisms: []string{"PLAIN", "XOAUTH2"}, secret: "old", cause: fault.SignIn, says: "access token"},
		{name: "xoauth2 refused without SASL-IR", auth: localstore.AuthXOAUTH2, mechanisms: []string{"XOAUTH2"}, hide: []string{"SASL-IR"}, secret: "old", cause: fault.SignIn, says: "access token"},
		{name: "oauthbearer refused", auth: localstore.AuthOAuthBearer, mechanisms: []string{"OAUTHBEARER"}, secret: "old", cause: fault.SignIn, says: "access token"},
		{name: "no such mechanism", auth: localstore.AuthXOAUTH2, mechanisms: []string{"PLAIN", "OAUTHBEARER"}, cause: fault.SignIn, says: "does not offer sign-in by access token (XOAUTH2)"},
		{name: "token, server unwell", auth: localstore.AuthXOAUTH2, mechanisms: []string{"XOAUTH2"}, play: []string{"auth-unavailable"}, cause: fault.Server, says: "at the moment"},
		{name: "challenges without end", auth: localstore.AuthXOAUTH2, mechanisms: []string{"XOAUTH2"}, play: []string{"challenges"}, cause: fault.Network},
	} {
		t.Run(c.name, func(t *testing.T) {
			world := fakeserver.NewWorld()
			world.AddUser("anna", "secret")
			o := fakeimap.Options{Mechanisms: c.mechanisms, Hide: c.hide}
			in := localstore.Server{Security: localstore.Plain, User: "anna", Auth: c.auth}
			if c.tls {
				o.TLS, in.Security, in.CAFile = fakeserver.Implicit, localstore.TLS, filepath.Join(t.TempDir(), "ca.pem")
				if err := os.WriteFile(in.CAFile, fakeserver.CAPEM(), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			server := fakeimap.Start(t, world, o)
			in.Host, in.Port = server.Host(), server.Port()
			if err := server.Scenario(c.play...); err != nil {
				t.Fatal(err)
			}
			if c.secret == "" {
				c.secret = "secret"
			}
			err := Check(context.Background(), localstore.Account{Mode: localstore.IMAP, IMAP: in}, c.secret)
			f := fault.Of(err)
			if c.cause == fault.Unknown && err != nil || c.cause != fault.Unknown && (f == nil || f.Cause != c.cause || !strings.Contains(f.Text, c.says)) {
				t.Errorf("%v", err)
			}
			for _, e := range server.Events() {
				t.Errorf("%v", e)
			}
		})
	}
}

// heardBytes is a connection that keeps what is written.
type heardBytes struct {
	net.Conn
	all []byte
}

// Write implements net.Conn.
func (h *heardBytes) Write(p []byte) (int, error) {
	h.all = append(h.all, p...)
	return len(p), nil
}

func TestOnlyAnswersToChallengesAreMended(t *testing.T) {
	out := &heardBytes{}
	a := &answers{Conn: out}
	for _, exchange := range []bool{false, true} {
		a.exchange.Store(exchange)
		for _, said := range []string{"=\r\n", "a=\r\n"} {
			if n, err := a.Write([]byte(said)); n != len(said) || err != nil {
				t.Errorf("%q: %d, %v", said, n, err)
			}
		}
	}
	if got := string(out.all); got != "=\r\na=\r\n\r\na=\r\n" {
		t.Errorf("%q", got)
	}
}
