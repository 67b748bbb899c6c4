// Command paquebotctl is Paquebot without a window: the same engine and the
// same store, for scripts, servers and bug reports. Its commands, flags, JSON
// fields and exit codes are a contract (docs/cli.md): they are added to, never
// broken.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"runtime/debug"
	"slices"
	"syscall"

	"github.com/spf13/cobra"

	"paquebot.app/cmd/internal/demo"
	"paquebot.app/cmd/internal/tour"
	"paquebot.app/internal/fault"
)

// gcPercent is how much memory may be garbage beside what is in use. Most of
// what a sync holds passes through once: waiting for less of it costs next to no
// time and saves a sixth of the memory.
const gcPercent = 70

func main() {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(gcPercent)
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	os.Exit(run(ctx, os.Args[1:], os.Stdin, os.Stdout, os.Stderr))
}

// run runs one command line and returns its exit code.
func run(ctx context.Context, args []string, in io.Reader, out, errs io.Writer) int {
	return (&app{in: in, out: out, err: errs, startDemo: demo.Start}).run(ctx, args)
}

func (a *app) run(ctx context.Context, args []string) int {
	said := &noting{w: a.out}
	a.out = said
	root := a.root()
	root.SetArgs(args)
	err := a.execute(ctx, root)
	if err == nil && a.json && !said.wrote {
		err = a.print(struct{}{}, nil) // a document all the same, for who parses it
	}
	if closed := a.close(); err == nil {
		err = closed
	}
	switch {
	case err == nil:
		return fault.ExitOK
	case errors.Is(err, tour.ErrFailed):
		return exitTour
	}
	f, code := fault.Of(err), fault.ExitCode(err)
	if u := new(usageError); errors.As(err, u) {
		f, code = &fault.Error{Remedy: fault.User, Text: u.Error()}, fault.ExitUsage
		a.json = a.json || slices.Contains(args, "--json") // what follows a wrong flag was not read
	}
	if known := a.readOnly != nil && errors.Is(err, a.readOnly); !known && !errors.As(err, new(silent)) {
		fmt.Fprintln(a.err, "paquebotctl:", f.Error())
	}
	if a.json && (a.lines || !said.wrote) {
		a.printLine(map[string]any{"error": errorJSON{code, f.Error(), remedies[f.Remedy]}}) // where it cannot be, the code says it
	}
	return code
}

// errorJSON is why a command failed.
type errorJSON struct {
	Code   int    `json:"code"` // the exit code
	Text   string `json:"text"`
	Remedy string `json:"remedy"`
}

// noting notes whether anything was written.
type noting struct {
	w     io.Writer
	wrote bool
}

// Write implements io.Writer.
func (n *noting) Write(p []byte) (int, error) {
	n.wrote = true
	return n.w.Write(p)
}

// execute runs the command. A panic is caught here, told as a defect of ours and
// logged; what it was about to write is rolled back by the store.
func (a *app) execute(ctx context.Context, root *cobra.Command) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("panic: %v", r)
			if a.profile != nil {
				a.profile.Log.Error("panic", "err", r, "stack", string(debug.Stack()))
			}
		}
	}()
	return root.ExecuteContext(ctx)
}

// exitTour is the exit code of a tour on which a check failed.
const exitTour = 1

// usageError is a command line that makes no sense.
type usageError struct{ error }

func usage(format string, args ...any) error { return usageError{fmt.Errorf(format, args...)} }

// silent is an error whose words were printed already.
type silent struct{ error }

func (s silent) Unwrap() error { return s.error }

// exactly wants n arguments and says so as a usage error.
func exactly(n int, what string) cobra.PositionalArgs {
	return func(_ *cobra.Command, args []string) error {
		if len(args) != n {
			return usage("%s", what)
		}
		return nil
	}
}

// atLeastOne wants one argument or more.
func atLeastOne(what string) cobra.PositionalArgs {
	return func(_ *cobra.Command, args []string) error {
		if len(args) == 0 {
			return usage("%s", what)
		}
		return nil
	}
}
