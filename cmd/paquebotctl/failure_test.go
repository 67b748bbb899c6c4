package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"paquebot.app/cmd/internal/demo"
	"paquebot.app/cmd/internal/tour"
	"paquebot.app/internal/clock"
)

// failing runs a command line that fails and decodes the one document it prints.
func (s *shell) failing(code int, into any, args ...string) {
	s.Helper()
	r := s.want(code, args...)
	if err := json.Unmarshal([]byte(r.out), into); err != nil {
		s.Fatalf("paquebotctl %v: %v\n%s", args, err, r.out)
	}
}

func TestAFailureIsADocumentToo(t *testing.T) {
	s := newShell(t)
	s.add(startServers(t, 1), "imap")
	s.want(0, "sync")
	for _, c := range []struct {
		code   int
		remedy string
		args   []string
	}{
		{64, "user", []string{"nonsense", "--json"}},
		{64, "user", []string{"list", "--no-such-flag", "--json"}},
		{64, "user", []string{"--json", "show", "one"}},
		{65, "user", []string{"--json", "ledger", "anna"}},
		{66, "user", []string{"--json", "show", "4711"}},
		{69, "online", []string{"--json", "--offline", "show", "1"}},
		{69, "online", []string{"--json", "--offline", "sync", "--watch"}},
	} {
		var failed struct{ Error *errorJSON }
		s.failing(c.code, &failed, c.args...)
		if e := failed.Error; e == nil || e.Code != c.code || e.Text == "" || e.Remedy != c.remedy {
			t.Errorf("%v: %+v", c.args, e)
		}
	}
}

func TestSyncReportsItsAccountsWhateverHappens(t *testing.T) {
	s := newShell(t)
	s.add(startServers(t, 1), "imap")
	var report struct {
		Accounts []struct {
			Account string
			Error   *struct {
				Remedy string
				Exit   int
			}
		}
	}
	s.failing(69, &report, "--json", "--offline", "sync")
	if a := report.Accounts; len(a) != 1 || a[0].Account != "anna" || a[0].Error == nil || a[0].Error.Remedy != "online" || a[0].Error.Exit != 69 {
		t.Errorf("%+v", report)
	}
}

// onATour runs a command line whose demo has a word with its servers first.
func onATour(t *testing.T, change func(*demo.World) error, args ...string) (code int, out, said string) {
	t.Helper()
	var stdout, stderr bytes.Buffer
	a := &app{in: strings.NewReader(""), out: &stdout, err: &stderr, startDemo: func(c clock.Clock) (*demo.World, error) {
		d, err := demo.Start(c)
		if err != nil {
			return nil, err
		}
		return d, change(d)
	}}
	code = a.run(context.Background(), args)
	return code, stdout.String(), stderr.String()
}

func TestATourThatFailsIsExit1(t *testing.T) {
	code, out, said := onATour(t, func(d *demo.World) error { return d.POP.Scenario("swallow-dele") }, "demo", "--tour")
	if code != 1 || !strings.Contains(out, "FAIL  the maildrop is empty") {
		t.Errorf("exit %d\n%s%s", code, out, said)
	}
}

func TestATourAsJSONIsItsChecks(t *testing.T) {
	for lie, want := range map[string]int{"": 0, "swallow-dele": exitTour} {
		code, out, said := onATour(t, func(d *demo.World) error {
			if lie == "" {
				return nil
			}
			return d.POP.Scenario(lie)
		}, "demo", "--tour", "--json")
		var walked struct{ Checks []tour.Check }
		err := json.Unmarshal([]byte(out), &walked)
		failed := 0
		for _, c := range walked.Checks {
			if c.Name == "" || c.Detail == "" {
				err = errors.Join(err, errors.New("a check without words"))
			}
			if !c.OK {
				failed++
			}
		}
		if code != want || err != nil || len(walked.Checks) < 10 || (failed > 0) != (want != 0) {
			t.Errorf("%q: exit %d, %v\n%s%s", lie, code, err, out, said)
		}
	}
}

func TestWhatMakesNoSenseIsRefused(t *testing.T) {
	s, v := newShell(t), startServers(t, 1)
	s.add(v, "imap")
	s.want(0, "sync")
	s.want(64, "list", "INBOX", "--limit", "-3")
	s.want(64, "search", "ferry", "--limit", "-3")
	for _, q := range []string{"before:xyz", `After:"xyz"`, "before: 2024", "is:foo", "has:wings", "in:"} {
		if r := s.want(64, "search", q); !strings.Contains(r.err, "there") && !strings.Contains(r.err, "write") {
			t.Errorf("%s: %s", q, r.err)
		}
	}
	s.want(66, "search", "in:nosuch")
	for _, q := range []string{"in:inbox", "in:anna/INBOX harbour", "in:sent", `"before:xyz"`, "at 9:30", "before:2024-05", "island:in"} {
		s.want(0, "search", q)
	}
	s.want(64, "account", "add", "b", "--address", "b@example.org", "--mode", "imap", "--incoming", v.imap.Addr(), "--incoming-tls", "plain", "--pop-delete", "now", "--no-check", "--password-command", "echo x")
}
