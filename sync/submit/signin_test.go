package submit

import (
	"context"
	"strings"
	"testing"

	"paquebot.app/internal/fakeserver"
	"paquebot.app/internal/fakeserver/fakeimap"
	"paquebot.app/internal/fakeserver/fakepop"
	"paquebot.app/internal/fakeserver/fakesmtp"
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
		hide, play string
		held       string // the secret of the user; "": the one that is said
		secret     string
		cause      fault.Cause // Unknown: it signs in
		says       string
	}{
		{name: "plain", mechanisms: []string{"LOGIN", "XOAUTH2", "PLAIN"}},
		{name: "login", mechanisms: []string{"XOAUTH2", "LOGIN"}},
		{name: "a long password", mechanisms: []string{"PLAIN"}, secret: long},
		{name: "wrong password", mechanisms: []string{"PLAIN"}, held: "secret", secret: "wrong", cause: fault.SignIn, says: "user name and password"},
		{name: "wrong password by login", mechanisms: []string{"LOGIN"}, held: "secret", secret: "wrong", cause: fault.SignIn, says: "user name and password"},
		{name: "only tokens", mechanisms: []string{"XOAUTH2"}}, // the server may demand no sign-in
		{name: "xoauth2", auth: localstore.AuthXOAUTH2, mechanisms: []string{"PLAIN", "XOAUTH2"}},
		{name: "a long xoauth2 token", auth: localstore.AuthXOAUTH2, mechanisms: []string{"PLAIN", "XOAUTH2"}, secret: long},
		{name: "oauthbearer", auth: localstore.AuthOAuthBearer, mechanisms: []string{"XOAUTH2", "OAUTHBEARER"}},
		{name: "a long oauthbearer token", auth: localstore.AuthOAuthBearer, mechanisms: []string{"OAUTHBEARER"}, secret: long},
		{name: "xoauth2 refused", auth: localstore.AuthXOAUTH2, mechanisms: []string{"PLAIN", "XOAUTH2"}, held: "secret", secret: "old", cause: fault.SignIn, says: "access token"},
		{name: "oauthbearer refused", auth: localstore.AuthOAuthBearer, mechanisms: []string{"OAUTHBEARER"}, held: "secret", secret: long, cause: fault.SignIn, says: "access token"},
		{name: "no such mechanism", auth: localstore.AuthXOAUTH2, mechanisms: []string{"PLAIN", "LOGIN"}, cause: fault.SignIn, says: "does not offer sign-in by access token (XOAUTH2)"},
		{name: "no AUTH", auth: localstore.AuthXOAUTH2, mechanisms: []string{"XOAUTH2"}, hide: "AUTH"},
		{name: "challenges without end", auth: localstore.AuthXOAUTH2, mechanisms: []string{"XOAUTH2"}, play: "auth-334-flood", cause: fault.Network},
		{name: "login challenges without end", mechanisms: []string{"LOGIN"}, play: "auth-334-flood", cause: fault.Network},
	} {
		t.Run(c.name, func(t *testing.T) {
			if c.secret == "" {
				c.secret = "secret"
			}
			if c.held == "" {
				c.held = c.secret
			}
			world := fakeserver.NewWorld()
			world.AddUser("anna", c.held)
			server := fakesmtp.Start(t, world, fakesmtp.Options{Mechanisms: c.mechanisms, Hide: []string{c.hide}})
			if c.play != "" {
				if err := server.Scenario(c.play); err != nil {
					t.Fatal(err)
				}
			}
			err := try(server.Host(), server.Port(), c.auth, c.secret)
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

func try(host string, port int, auth localstore.Auth, secret string) error {
	return Check(context.Background(), localstore.Account{Address: "anna@demo.example", SMTP: localstore.Server{
		Host: host, Port: port, Security: localstore.Plain, User: "anna", Auth: auth}}, secret)
}

func TestServersOfOtherKindsAreNamed(t *testing.T) {
	world := fakeserver.NewWorld()
	for name, port := range map[string]int{
		"a POP":   fakepop.Start(t, world, fakepop.Options{}).Port(),
		"an IMAP": fakeimap.Start(t, world, fakeimap.Options{}).Port(),
	} {
		if f := fault.Of(try("127.0.0.1", port, "", "secret")); f == nil || f.Cause != fault.Settings || !strings.Contains(f.Text, "answers as "+name+" server: is this the right port?") {
			t.Errorf("%s: %v", name, f)
		}
	}
}

func TestARefusalThatDemandsTLSSaysSo(t *testing.T) {
	server := fakesmtp.Start(t, fakeserver.NewWorld(), fakesmtp.Options{})
	if err := server.Scenario("auth-538"); err != nil {
		t.Fatal(err)
	}
	if f := fault.Of(try(server.Host(), server.Port(), "", "secret")); f == nil || f.Cause != fault.SignIn || !strings.Contains(f.Text, "not protected") {
		t.Errorf("%v", f)
	}
}
