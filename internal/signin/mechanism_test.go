package signin_test

import (
	"testing"

	"paquebot.app/internal/signin"
)

func TestToken(t *testing.T) {
	for auth, want := range map[string]struct{ mechanism, first, refused string }{
		"xoauth2":     {"XOAUTH2", "user=a,b=c\x01auth=Bearer tok\x01\x01", ""},
		"oauthbearer": {"OAUTHBEARER", "n,a=a=2Cb=3Dc,\x01host=pop.example\x01port=995\x01auth=Bearer tok\x01\x01", "\x01"},
	} {
		c := signin.Token(signin.Server{Host: "pop.example", Port: 995, User: "a,b=c", Method: auth}, "tok")
		mechanism, first, err := c.Start()
		if mechanism != want.mechanism || string(first) != want.first || err != nil {
			t.Errorf("%s: %s %q %v", auth, mechanism, first, err)
		}
		answer, err := c.Next([]byte(`{"status":"401"}`))
		if string(answer) != want.refused || answer == nil || err != nil {
			t.Errorf("%s: the refusal is answered %q, %v", auth, answer, err)
		}
	}
	if signin.Token(signin.Server{User: "anna"}, "secret") != nil {
		t.Error("a password is taken for a token")
	}
}

func TestPassword(t *testing.T) {
	for _, c := range []struct {
		offered []string
		want    string
	}{{[]string{"LOGIN", "PLAIN"}, "PLAIN"}, {[]string{"CRAM-MD5", "LOGIN"}, "LOGIN"}, {[]string{"CRAM-MD5", "XOAUTH2"}, ""}, {nil, ""}} {
		got := ""
		how := signin.Password("anna", "secret", func(m string) bool {
			for _, o := range c.offered {
				if o == m {
					return true
				}
			}
			return false
		})
		if how != nil {
			got, _, _ = how.Start()
		}
		if got != c.want {
			t.Errorf("%v: %q, want %q", c.offered, got, c.want)
		}
	}
}
