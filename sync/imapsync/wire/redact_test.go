package wire

import (
	"encoding/base64"
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/emersion/go-imap/v2/imapclient"
	"github.com/emersion/go-sasl"
)

type client = *imapclient.Client

const canary = "S3cr3t-canary"

// token is XOAUTH2 as a sasl.Client.
type token struct{}

func (token) Start() (string, []byte, error) {
	return "XOAUTH2", []byte("user=alice\x01auth=Bearer " + canary + "\x01\x01"), nil
}
func (token) Next([]byte) ([]byte, error) { return []byte{}, nil }

// TestNoSecretsAnywhere: not in the trace, not in errors, not in events, not
// even when the server repeats them.
func TestNoSecretsAnywhere(t *testing.T) {
	plain := base64.StdEncoding.EncodeToString([]byte("\x00alice\x00" + canary))
	echo := "* OK [ALERT] was it " + canary + " or " + base64.StdEncoding.EncodeToString([]byte(canary)) + "?\r\n* X" + canary + "\r\n* LIST " + canary + "\r\nTAG NO [AUTHENTICATIONFAILED] not " + canary + "\r\n"
	for _, caps := range []string{"IMAP4rev1", "IMAP4rev1 SASL-IR LITERAL+"} {
		for name, signIn := range map[string]func(c client) error{
			"LOGIN":         func(c client) error { return c.Login("alice", canary).Wait() },
			"LOGIN literal": func(c client) error { return c.Login("älice", canary).Wait() },
			"PLAIN":         func(c client) error { return c.Authenticate(sasl.NewPlainClient("", "alice", canary)) },
			"LOGIN mech":    func(c client) error { return c.Authenticate(sasl.NewLoginClient("alice", canary)) },
			"XOAUTH2":       func(c client) error { return c.Authenticate(token{}) },
		} {
			var mu sync.Mutex
			var shown strings.Builder
			trace := func(line string) {
				mu.Lock()
				defer mu.Unlock()
				shown.WriteString(line + "\n")
			}
			c, w, rec := dial(t, Config{Trace: trace}, func(s *scripted) {
				s.say("", "* OK [CAPABILITY "+caps+"] hello\r\n")
				tag, rest := s.command()
				asks := strings.HasSuffix(rest, "}") && !strings.HasSuffix(rest, "+}")
				switch {
				case strings.HasPrefix(rest, "LOGIN "):
					if asks {
						s.say("", "+ go\r\n")
					}
					if strings.HasSuffix(rest, "}") {
						s.line()
					}
				case strings.HasSuffix(rest, " LOGIN"):
					s.say("", "+ \r\n")
					s.line()
					s.say("", "+ UGFzc3dvcmQ6\r\n")
					s.line()
				case strings.Count(rest, " ") == 1:
					s.say("", "+ \r\n")
					s.line()
				case strings.Contains(rest, "AUTHENTICATE LOGIN"):
					s.say("", "+ UGFzc3dvcmQ6\r\n")
					s.line()
				}
				if strings.Contains(rest, "PLAIN") {
					s.say("", "* OK [ALERT] was it "+plain+"?\r\n")
				}
				s.say(tag, echo)
				s.hang()
			})
			if err := c.WaitGreeting(); err != nil {
				t.Fatal(err)
			}
			err := signIn(c)
			if err == nil || !strings.Contains(err.Error(), "AUTHENTICATIONFAILED") {
				t.Errorf("%s: %v (%v)", name, err, w.Err())
			}
			mu.Lock()
			all := shown.String() + fmt.Sprint(err) + fmt.Sprintf("%+v", rec.all())
			mu.Unlock()
			for _, secret := range []string{canary, base64.StdEncoding.EncodeToString([]byte(canary)), plain, "Bearer"} {
				if strings.Contains(strings.ToUpper(all), strings.ToUpper(secret)) {
					t.Errorf("%s with %s: %q is in\n%s", name, caps, secret, all)
				}
			}
			if !strings.Contains(all, hidden) || !strings.Contains(all, "C: T1 ") {
				t.Errorf("%s: nothing is shown:\n%s", name, all)
			}
		}
	}
}

func TestTraceShowsNoLiterals(t *testing.T) {
	var mu sync.Mutex
	var shown []string
	c, _, _ := dial(t, Config{Trace: func(line string) { mu.Lock(); shown = append(shown, line); mu.Unlock() }}, func(s *scripted) {
		s.say("", greeting)
		tag, _ := s.command()
		s.line()
		s.say(tag, "TAG OK done\r\n")
		s.hang()
	})
	if err := c.WaitGreeting(); err != nil {
		t.Fatal(err)
	}
	a := c.Append("INBOX", 5, nil)
	a.Write([]byte("body!"))
	a.Close()
	if _, err := a.Wait(); err != nil {
		t.Fatal(err)
	}
	mu.Lock()
	defer mu.Unlock()
	if all := strings.Join(shown, "\n"); strings.Contains(all, "body") || !strings.Contains(all, "APPEND INBOX {5+}") {
		t.Errorf("%q", all)
	}
}
