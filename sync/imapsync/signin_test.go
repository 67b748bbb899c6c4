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

// TestOnlyARefusedPasswordIsTheUsersToMend (I19), and the server's words are
// said once.
func TestOnlyARefusedPasswordIsTheUsersToMend(t *testing.T) {
	for name, want := range map[string]struct {
		remedy  fault.Remedy
		cause   fault.Cause
		checked fault.Remedy // where somebody waits for it
		words   string
	}{
		"auth-fail":        {fault.User, fault.SignIn, fault.User, "wrong name or password"},
		"auth-expired":     {fault.User, fault.SignIn, fault.User, "your password is too old"},
		"auth-webalert":    {fault.User, fault.SignIn, fault.User, "Web login required"},
		"auth-unavailable": {fault.Later, fault.Server, fault.Later, "cannot look up passwords now"},
		"auth-inuse":       {fault.Later, fault.Server, fault.Later, "too many connections"},
		"auth-limit":       {fault.Later, fault.Server, fault.Later, "too many connections of yours"},
		"auth-throttled":   {fault.Later, fault.Server, fault.Later, "slow down"},
		"auth-overquota":   {fault.Later, fault.Server, fault.Later, "bandwidth limit exceeded"},
		"auth-alert":       {fault.Later, fault.SignIn, fault.User, "Too many simultaneous connections"},
		"auth-plain-no":    {fault.Later, fault.SignIn, fault.User, "The server refused the sign-in: no."},
	} {
		h := newHarness(t)
		if err := h.server.Scenario(name); err != nil {
			t.Fatal(err)
		}
		err := h.try()
		f := fault.Of(err)
		if f == nil || f.Remedy != want.remedy || f.Cause != want.cause || f.Scope != fault.Account || strings.Count(err.Error(), want.words) != 1 || !strings.Contains(f.Text, want.words) {
			t.Errorf("%s: %+v", name, err)
		}
		if f := fault.Of(Check(t.Context(), h.account, "secret")); f == nil || f.Remedy != want.checked {
			t.Errorf("%s, checked: %+v", name, f)
		}
		h.end()
	}
}

// TestARefusalIsSaidOnce: a folder's, too.
func TestARefusalIsSaidOnce(t *testing.T) {
	h := newHarness(t)
	h.deliver("Archive", 0, 1)
	if err := h.server.Scenario("select-no"); err != nil {
		t.Fatal(err)
	}
	if err := h.try(); err == nil || err.Error() != "The server refused: the disk of this mailbox is away. (NO [UNAVAILABLE])" {
		t.Errorf("%v", err)
	}
}
