// Command paquebot is the window: it opens a profile, runs the engine behind it
// and shows both.
package main

import (
	"context"
	"flag"
	"fmt"
	"log/slog"
	"os"

	"paquebot.app/cmd/internal/profile"
	_ "paquebot.app/cmd/paquebot/language" // before Fyne
	"paquebot.app/internal/fault"
	"paquebot.app/ui/theme"
	"paquebot.app/ui/vm"
)

// options are what the command line says.
type options struct {
	profile string
	demo    bool
	offline bool
	theme   theme.Appearance
}

func parse(args []string) (o options, err error) {
	set := flag.NewFlagSet("paquebot", flag.ContinueOnError)
	set.Usage = func() {
		fmt.Fprintln(set.Output(), "Paquebot reads and writes mail, with and without a network.\n\nUsage: paquebot [flags]\n\nFlags:")
		set.PrintDefaults()
	}
	look := ""
	set.StringVar(&o.profile, "profile", "", "the profile `folder` (else $PAQUEBOT_PROFILE, else the user's data folder)")
	set.BoolVar(&o.demo, "demo", false, "look around with two demo accounts, in a profile that is gone afterwards")
	set.BoolVar(&o.offline, "offline", false, "begin without using the network")
	set.StringVar(&look, "theme", "", "`light` or dark; else as the desktop is")
	if err := set.Parse(args); err != nil {
		return o, err
	}
	switch look {
	case "":
	case "light":
		o.theme = theme.Light
	case "dark":
		o.theme = theme.Dark
	default:
		return o, fmt.Errorf("there is no theme %q; please say light or dark", look)
	}
	if set.NArg() > 0 {
		return o, fmt.Errorf("%q is not understood", set.Arg(0))
	}
	return o, nil
}

func main() {
	o, err := parse(os.Args[1:])
	switch {
	case err == flag.ErrHelp:
		return
	case err != nil:
		fmt.Fprintln(os.Stderr, err)
		os.Exit(fault.ExitUsage)
	}
	if err := run(o); err != nil {
		fmt.Fprintln(os.Stderr, vm.Sentence(err))
		os.Exit(fault.ExitCode(err))
	}
}

func run(o options) error {
	if err := display(); err != nil {
		return err
	}
	dir, clean, err := folder(o)
	if err != nil {
		return err
	}
	defer clean()
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	p, err := profile.Open(ctx, dir, slog.LevelInfo, nil)
	if err != nil {
		return err
	}
	return newApp(ctx, cancel, o, p).run()
}

// folder returns the profile folder; that of the demo is removed by clean.
func folder(o options) (dir string, clean func(), err error) {
	if !o.demo {
		dir, err = profile.Dir(o.profile)
		return dir, func() {}, err
	}
	dir, err = os.MkdirTemp("", "paquebot-demo-")
	if err != nil {
		return "", nil, &fault.Error{Remedy: fault.User, Cause: fault.Disk, Op: "demo", Text: "There is no room for a temporary profile.", Err: err}
	}
	return dir, func() { os.RemoveAll(dir) }, nil
}
