package secrets

import (
	"bytes"
	"context"
	"errors"
	"os/exec"
	"runtime"
	"strings"
	"time"

	"paquebot.app/internal/clock"
	"paquebot.app/internal/fault"
)

// CommandWithin is how long a password command may take: it may ask its owner
// to unlock something.
const CommandWithin = time.Minute

// Command gets secrets from programs of the user's choosing, such as
// "pass show mail/work". It is read only.
type Command struct {
	line  func(ref string) string
	clock clock.Clock
}

// NewCommand returns a store that runs, through the system's shell, what line
// returns for a reference; "" means that there is no command for it.
func NewCommand(line func(ref string) string, c clock.Clock) *Command { return &Command{line, c} }

// Get returns the first line that the command prints.
func (c *Command) Get(ctx context.Context, ref string) (string, error) {
	const op = "run the password command"
	line := c.line(ref)
	if line == "" {
		return "", none(op)
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	cmd := shell(ctx, line)
	var out, said bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &said
	cmd.WaitDelay = time.Second // for children that keep the pipes open
	ended := make(chan error, 1)
	go func() { ended <- cmd.Run() }()
	select {
	case err := <-ended:
		if ctx.Err() != nil {
			return "", stopped(op, ctx.Err())
		}
		if err != nil {
			// Only what it says on stderr: stdout may hold the secret.
			return "", failed(op, "The password command failed.", lastLine(said.String()), err)
		}
	case <-c.clock.After(CommandWithin):
		cancel()
		<-ended
		return "", failed(op, "The password command did not end within a minute.", "", context.DeadlineExceeded)
	}
	secret, _, _ := strings.Cut(out.String(), "\n")
	secret = strings.TrimSuffix(secret, "\r")
	if secret == "" {
		return "", failed(op, "The password command printed nothing.", "", errNone)
	}
	return secret, nil
}

// Set says that a command keeps nothing, unless there is no command for ref.
func (c *Command) Set(context.Context, string, string) error {
	return noStore("keep the password", nil)
}

// Delete has nothing to forget.
func (c *Command) Delete(context.Context, string) error { return nil }

// shell returns a command line as the user would have typed it.
func shell(ctx context.Context, line string) *exec.Cmd {
	if runtime.GOOS == "windows" {
		return exec.CommandContext(ctx, "cmd", "/c", line)
	}
	return exec.CommandContext(ctx, "/bin/sh", "-c", line)
}

// failed says what went wrong with a command, in its own words if it has any.
func failed(op, text, said string, err error) error {
	if said != "" {
		err = errors.New(said)
	}
	return &fault.Error{Remedy: fault.User, Scope: fault.Account, Cause: fault.Settings, Op: op, Text: text, Err: err}
}

// lastLine returns the last line of s that is not empty.
func lastLine(s string) string {
	s = strings.TrimSpace(s)
	return strings.TrimSpace(s[strings.LastIndexByte(s, '\n')+1:])
}
