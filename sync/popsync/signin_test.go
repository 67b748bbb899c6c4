package popsync

import (
	"context"
	"strings"
	"testing"

	"paquebot.app/internal/fakeserver/fakepop"
	"paquebot.app/internal/fault"
	"paquebot.app/localstore"
)

// TestSignIn: which way of signing in is taken with which server.
func TestSignIn(t *testing.T) {
	for name, c := range map[string]struct {
		options fakepop.Options
		auth    localstore.Auth
		verbs   string // said before STAT, in their order; "": it is refused before any
	}{
		"all":               {verbs: "CAPA AUTH"},
		"no SASL":           {options: fakepop.Options{Hide: []string{"SASL"}}, verbs: "CAPA USER PASS"},
		"no CAPA":           {options: fakepop.Options{Hide: []string{"CAPA"}}, verbs: "CAPA USER PASS"},
		"APOP is not liked": {options: fakepop.Options{APOP: true, Hide: []string{"SASL"}}, verbs: "CAPA USER PASS"},
		"APOP alone":        {options: fakepop.Options{APOP: true, Hide: []string{"SASL", "USER"}}, verbs: "CAPA APOP"},
		"APOP, old":         {options: fakepop.Options{APOP: true, Hide: []string{"CAPA", "USER"}}, verbs: "CAPA USER APOP"},
		"LOGIN alone":       {options: fakepop.Options{Mechanisms: []string{"LOGIN"}, Hide: []string{"USER"}}, verbs: "CAPA AUTH"},
		"only unknown":      {options: fakepop.Options{Mechanisms: []string{"CRAM-MD5"}, Hide: []string{"USER"}}},
		"XOAUTH2":           {options: fakepop.Options{Mechanisms: []string{"PLAIN", "XOAUTH2"}}, auth: localstore.AuthXOAUTH2, verbs: "CAPA AUTH"},
		"OAUTHBEARER":       {options: fakepop.Options{Mechanisms: []string{"OAUTHBEARER"}}, auth: localstore.AuthOAuthBearer, verbs: "CAPA AUTH"},
		"no tokens":         {auth: localstore.AuthOAuthBearer},
	} {
		t.Run(name, func(t *testing.T) {
			r := newRig(t, 2, c.options)
			r.account.POP.Auth = c.auth
			err := Check(context.Background(), r.account, "secret")
			if c.verbs == "" {
				if f := fault.Of(err); f == nil || f.Cause != fault.SignIn || f.Remedy != fault.User {
					t.Errorf("%v", err)
				}
				r.wantUnsaid("secret")
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			var verbs []string
			for _, l := range r.server.Transcript() {
				if verb, _, _ := strings.Cut(l.Text, " "); l.Client && strings.ToUpper(verb) == verb && verb != "QUIT" && !strings.HasSuffix(verb, "=") {
					verbs = append(verbs, verb)
				}
			}
			if got := strings.Join(verbs, " "); got != c.verbs {
				t.Errorf("said %s, want %s", got, c.verbs)
			}
			err = Check(context.Background(), r.account, "wrong")
			if f := fault.Of(err); f == nil || f.Cause != fault.SignIn || f.Remedy != fault.User {
				t.Errorf("a wrong secret: %v", err)
			}
			r.wantNoSins(name)
			if report := r.mustReceive(); report.Received != 2 {
				t.Errorf("%+v", report)
			}
		})
	}
}

// TestALongSecretGoesInALineOfItsOwn: a command has at most 255 bytes.
func TestALongSecretGoesInALineOfItsOwn(t *testing.T) {
	r := newRig(t, 0, fakepop.Options{Mechanisms: []string{"PLAIN", "XOAUTH2"}})
	long := strings.Repeat("s", 240)
	r.user.SetPassword(long)
	for _, auth := range []localstore.Auth{localstore.AuthPassword, localstore.AuthXOAUTH2} {
		r.account.POP.Auth = auth
		if err := Check(context.Background(), r.account, long); err != nil {
			t.Errorf("%q: %v", auth, err)
		}
	}
}

func TestAPOPTimestamps(t *testing.T) {
	for greeting, want := range map[string]string{
		"+OK ready <1896.697170952@dbc.mtview.ca.us>\r\n": "<1896.697170952@dbc.mtview.ca.us>",
		"+OK <a@b> more <c@d>\r\n":                        "<a@b>",
		"+OK ready\r\n":                                   "",
		"+OK <no-domain>\r\n":                             "",
		"+OK <a@b\r\n":                                    "",
		"+OK <a\x80\x01@b>\r\n":                           "",
		"+OK <@>\r\n":                                     "",
	} {
		if got := apopTimestamp([]byte(greeting)); got != want {
			t.Errorf("%q: %q, want %q", greeting, got, want)
		}
	}
}
