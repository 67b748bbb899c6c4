package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"

	"github.com/spf13/cobra"

	"paquebot.app/cmd/internal/demo"
	"paquebot.app/cmd/internal/tour"
	"paquebot.app/internal/clock"
	"paquebot.app/internal/fault"
	"paquebot.app/localstore"
	"paquebot.app/sync/engine"
)

func (a *app) demoCmd() *cobra.Command {
	var walk bool
	cmd := &cobra.Command{
		Use:   "demo",
		Short: "Demo servers with a believable mailbox, in a profile of their own that is gone afterwards",
		Args:  exactly(0, "demo takes no arguments"),
		RunE: func(c *cobra.Command, _ []string) error {
			d, err := a.startDemo(clock.System)
			if err != nil {
				return err
			}
			defer d.Close()
			if walk {
				return a.tour(c.Context(), d)
			}
			return a.demo(c.Context(), d)
		},
	}
	cmd.Flags().BoolVar(&walk, "tour", false, "walk through the main job and check every step")
	return cmd
}

// temporary opens a store in a folder that remove takes away.
func temporary(ctx context.Context) (store *localstore.Store, dir string, remove func(), err error) {
	dir, err = os.MkdirTemp("", "paquebot-demo-")
	if err != nil {
		return nil, "", nil, &fault.Error{Remedy: fault.User, Scope: fault.App, Cause: fault.Disk, Op: "demo profile", Text: "There is no room for the demo's profile.", Err: err}
	}
	slog.SetDefault(slog.New(slog.DiscardHandler)) // a profile that leaves nothing behind has no log
	store, err = localstore.Open(ctx, dir)
	if err != nil {
		os.RemoveAll(dir)
		return nil, "", nil, err
	}
	return store, dir, func() {
		store.Close()
		os.RemoveAll(dir)
	}, nil
}

// tour walks through the main job in a store of its own.
func (a *app) tour(ctx context.Context, d *demo.World) error {
	store, _, remove, err := temporary(ctx)
	if err != nil {
		return err
	}
	defer remove()
	if !a.json {
		_, err := tour.Walk(ctx, d, store, a.out)
		return err
	}
	checks, err := tour.Walk(ctx, d, store, io.Discard)
	if err != nil && !errors.Is(err, tour.ErrFailed) {
		return err
	}
	return errors.Join(err, a.print(map[string]any{"checks": checks}, nil))
}

// demo keeps the servers and the engine running until it is told to stop.
func (a *app) demo(ctx context.Context, d *demo.World) error {
	store, dir, remove, err := temporary(ctx)
	if err != nil {
		return err
	}
	defer remove()
	if err := d.AddAccounts(ctx, store); err != nil {
		return err
	}
	e := engine.New(engine.Config{Store: store, Password: demo.GivePassword, Log: slog.New(slog.DiscardHandler)})
	err = a.print(map[string]any{
		"profile": dir, "password": demo.Password, "imap": d.IMAP.Addr(), "pop": d.POP.Addr(), "smtp": d.SMTP.Addr(),
	}, func(w io.Writer) {
		fmt.Fprintf(w, "IMAP  %s  user work  password %s\nPOP   %s  user home  password %s\nSMTP  %s\n\n", d.IMAP.Addr(), demo.Password, d.POP.Addr(), demo.Password, d.SMTP.Addr())
		fmt.Fprintf(w, "Look around from another terminal:\n  paquebotctl --profile %s list work/INBOX\nCtrl+C ends it and leaves nothing behind.\n", dir)
	})
	if err != nil {
		return err
	}
	return e.Run(ctx)
}
