package main

import (
	"bytes"
	"context"
	"os"
	"os/exec"
	"testing"

	"paquebot.app/internal/realserver"
)

// Variables of the environment that make the test binary the program, and that
// name a file into which it writes its state at its end.
const (
	childProgram = "PAQUEBOT_TEST_CHILD"
	childStatus  = "PAQUEBOT_TEST_STATUS"
)

// TestMain lets tests start this binary as paquebotctl, to kill it or to look
// at its memory.
func TestMain(m *testing.M) {
	if os.Getenv(childProgram) != "" {
		code := run(context.Background(), os.Args[1:], os.Stdin, os.Stdout, os.Stderr)
		if file := os.Getenv(childStatus); file != "" {
			status, err := os.ReadFile("/proc/self/status")
			if err == nil {
				err = os.WriteFile(file, status, 0o600)
			}
			if err != nil {
				panic(err)
			}
		}
		os.Exit(code)
	}
	os.Exit(m.Run())
}

// child returns a command line as a process of its own.
func (s *shell) child(args ...string) *exec.Cmd {
	s.Helper()
	self, err := os.Executable()
	if err != nil {
		s.Fatal(err)
	}
	cmd := exec.Command(self, append([]string{"--profile", s.dir}, args...)...)
	cmd.Env = append(os.Environ(), childProgram+"=1")
	return cmd
}

// mortal runs a command line as a process of its own; arm is told how to kill
// it.
func (s *shell) mortal(arm func(kill func()), args ...string) {
	s.Helper()
	cmd := s.child(args...)
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	if err := cmd.Start(); err != nil {
		s.Fatal(err)
	}
	arm(func() { cmd.Process.Kill() })
	if err := cmd.Wait(); err != nil && cmd.ProcessState.Exited() {
		s.Errorf("paquebotctl %v: %v\n%s", args, err, out.String())
	}
}

// user is an account on real servers.
type user struct {
	name, mode       string
	incoming         string // host:port
	tls              string
	incomingPassword string // "": the right one
	more             []string
}

// join adds an account of a user of real servers; post may be nil.
func (s *shell) join(server *realserver.Server, post *realserver.Submission, u user) {
	s.Helper()
	s.want(0, u.add(server, post)...)
}

// add returns the command line that adds the account.
func (u user) add(server *realserver.Server, post *realserver.Submission) []string {
	password := realserver.Password
	if u.incomingPassword != "" {
		password = u.incomingPassword
	}
	args := []string{"account", "add", u.name, "--address", realserver.Address(u.name), "--full-name", "Robin Vale", "--mode", u.mode, "--user", u.name,
		"--incoming", u.incoming, "--incoming-tls", u.tls, "--ca-file", server.CAFile, "--password-command", "echo '" + password + "'"}
	if post != nil {
		args = append(args, "--outgoing", post.Addr(post.Port), "--outgoing-tls", "starttls")
	}
	return append(args, u.more...)
}

// syncReport is what sync --json prints of one account.
type syncReport struct {
	Online                                         bool
	Received, Bodies, Sent, Applied, Removed, Held int
	Conflicts                                      []string
	BytesIn                                        int64 `json:"bytes_in"`
	BytesOut                                       int64 `json:"bytes_out"`
	RoundTrips                                     int   `json:"round_trips"`
	Error                                          *struct{ Text string }
}

// sync runs a pass that must succeed and returns its report.
func (s *shell) sync() syncReport {
	s.Helper()
	var all struct{ Accounts []syncReport }
	s.json(&all, "sync")
	if len(all.Accounts) != 1 || !all.Accounts[0].Online || all.Accounts[0].Error != nil {
		s.Fatalf("sync: %+v", all)
	}
	return all.Accounts[0]
}
