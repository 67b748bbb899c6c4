package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"strings"

	"github.com/spf13/cobra"
	"golang.org/x/term"

	"paquebot.app/cmd/internal/demo"
	"paquebot.app/cmd/internal/profile"
	"paquebot.app/internal/clock"
	"paquebot.app/internal/fault"
	"paquebot.app/localstore"
)

// app is one run of the program: its flags, and the profile once it is open.
type app struct {
	dir     string
	json    bool
	offline bool
	verbose int

	in       io.Reader
	out, err io.Writer

	startDemo func(clock.Clock) (*demo.World, error)
	lines     bool // standard output takes a JSON document a line (sync --watch)

	profile  *profile.Profile
	readOnly error // why the profile cannot be written, which was said already
}

// root returns the command tree.
func (a *app) root() *cobra.Command {
	root := &cobra.Command{
		Use:           "paquebotctl",
		Short:         "Mail that is whole without a network, from the command line",
		SilenceErrors: true,
		SilenceUsage:  true,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) > 0 {
				return usage("there is no command %q; see paquebotctl --help", args[0])
			}
			return nil
		},
		RunE: func(c *cobra.Command, _ []string) error { return c.Help() },
	}
	flags := root.PersistentFlags()
	flags.StringVar(&a.dir, "profile", "", "the profile `folder` (else $PAQUEBOT_PROFILE, else your data folder)")
	flags.BoolVar(&a.json, "json", false, "print one JSON document and nothing else")
	flags.BoolVar(&a.offline, "offline", false, "use no network, whatever happens")
	flags.CountVarP(&a.verbose, "verbose", "v", "say more in the log")
	root.SetFlagErrorFunc(func(_ *cobra.Command, err error) error { return usageError{err} })
	root.SetOut(a.out)
	root.SetErr(a.err)
	root.AddCommand(
		a.accountCmd(), a.syncCmd(), a.foldersCmd(), a.listCmd(), a.showCmd(), a.wantCmd(), a.pinCmd(), a.packCmd(), a.searchCmd(),
		a.flagCmd(), a.moveCmd(), a.copyCmd(), a.deleteCmd(), a.archiveCmd(), a.junkCmd(), a.uploadCmd(),
		a.folderCmd(), a.heldCmd(), a.renderCmd(),
		a.sendCmd(), a.replyCmd(), a.forwardCmd(), a.identityCmd(), a.outboxCmd(), a.pendingCmd(), a.reportCmd(), a.journeyCmd(), a.ledgerCmd(),
		a.demoCmd(), a.doctorCmd(), a.verifyCmd(),
	)
	for _, s := range switches {
		root.AddCommand(a.switchCmd(s))
	}
	return root
}

// open opens the profile once.
func (a *app) open(ctx context.Context) (*localstore.Store, error) {
	if a.profile != nil {
		return a.profile.Store, nil
	}
	dir, err := profile.Dir(a.dir)
	if err != nil {
		return nil, err
	}
	level := slog.LevelInfo
	if a.verbose > 0 {
		level = slog.LevelDebug
	}
	a.profile, err = profile.Open(ctx, dir, level, a.ask)
	if err != nil {
		return nil, err
	}
	if a.readOnly = a.profile.Store.WhyReadOnly(); a.readOnly != nil {
		a.say("%s", a.readOnly)
	}
	return a.profile.Store, nil
}

func (a *app) close() error {
	if a.profile == nil {
		return nil
	}
	return a.profile.Close()
}

// ask asks for a password on the terminal.
func (a *app) ask(_ context.Context, account localstore.Account) (string, error) {
	in, ok := a.in.(*os.File)
	if !ok || !term.IsTerminal(int(in.Fd())) {
		return "", &fault.Error{Remedy: fault.User, Scope: fault.Account, Cause: fault.SignIn, Op: "password", Text: "The password of " + account.Name + " is not known here; give the account a --password-command."}
	}
	fmt.Fprintf(a.err, "Password of %s for %s: ", account.Incoming().User, account.Name)
	b, err := term.ReadPassword(int(in.Fd()))
	fmt.Fprintln(a.err)
	if err != nil {
		return "", &fault.Error{Remedy: fault.User, Scope: fault.Account, Cause: fault.SignIn, Op: "password", Text: "No password was given.", Err: err}
	}
	return string(b), nil
}

// print writes v as JSON, or calls people to write it for people.
func (a *app) print(v any, people func(io.Writer)) error {
	w := bufio.NewWriter(a.out)
	if a.json {
		e := json.NewEncoder(w)
		e.SetIndent("", "  ")
		e.SetEscapeHTML(false)
		if err := e.Encode(v); err != nil {
			return err
		}
	} else {
		people(w)
	}
	return a.wrote(w.Flush())
}

// wrote translates an error of writing to standard output or a file; what went
// wrong with what was to be written stays as it is. A pipe that nobody reads any
// more (head) is no error.
func (a *app) wrote(err error) error {
	switch {
	case err == nil || errors.As(err, new(*fault.Error)):
		return err
	case strings.Contains(err.Error(), "broken pipe"):
		return nil
	}
	return &fault.Error{Remedy: fault.User, Scope: fault.App, Cause: fault.Disk, Op: "write output", Text: "What was asked for could not be written.", Err: err}
}

// say tells a person something, on standard error.
func (a *app) say(format string, args ...any) { fmt.Fprintf(a.err, format+"\n", args...) }

// read runs f on the store.
func (a *app) read(ctx context.Context, f func(*localstore.View) error) error {
	store, err := a.open(ctx)
	if err != nil {
		return err
	}
	return store.Read(ctx, f)
}

// write runs f in a write transaction.
func (a *app) write(ctx context.Context, why string, f func(*localstore.Tx) error) error {
	store, err := a.open(ctx)
	if err != nil {
		return err
	}
	return store.Write(ctx, why, f)
}

// offlineError is what --offline, or a server out of reach, leaves to be said.
func offlineError(text string) error {
	return &fault.Error{Remedy: fault.Online, Scope: fault.Account, Cause: fault.Network, Op: "offline", Text: text}
}

func missing(format string, args ...any) error {
	return &fault.Error{Remedy: fault.User, Scope: fault.Message, Cause: fault.Missing, Op: "look up", Text: fmt.Sprintf(format, args...)}
}

func badData(text string, err error) error {
	return &fault.Error{Remedy: fault.User, Scope: fault.Message, Cause: fault.Data, Op: "input", Text: text, Err: err}
}

// isMissing tells whether err says that something is not there.
func isMissing(err error) bool {
	var f *fault.Error
	return errors.As(err, &f) && f.Cause == fault.Missing
}
