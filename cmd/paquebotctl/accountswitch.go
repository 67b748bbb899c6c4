package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"paquebot.app/internal/clock"
	"paquebot.app/internal/fault"
	"paquebot.app/localstore"
	"paquebot.app/sync/engine"
	"paquebot.app/sync/switching"
)

// switchFlags are the options of account switch.
type switchFlags struct {
	to, incoming, incomingTLS string
	folders                   []string
	onRefused, onMissing      string
	plan, undo, cancel, yes   bool
}

func (a *app) accountSwitchCmd() *cobra.Command {
	var f switchFlags
	cmd := &cobra.Command{
		Use:   "switch NAME --to pop|imap",
		Short: "Keep an account's mail in the other way; nothing is deleted or uploaded",
		Args:  exactly(1, "account switch needs one NAME"),
		RunE: func(c *cobra.Command, args []string) error {
			if err := f.check(); err != nil {
				return err
			}
			if f.cancel {
				return a.cancelSwitch(c.Context(), args[0])
			}
			return a.switchAccount(c.Context(), args[0], f)
		},
	}
	flags := cmd.Flags()
	flags.StringVar(&f.to, "to", "", "pop: everything comes here; imap: it stays on the server")
	flags.BoolVar(&f.plan, "plan", false, "print what it finds and does, and change nothing")
	flags.StringVar(&f.incoming, "incoming", "", "`HOST:PORT` of the new server (else the one it had, else one on the same host)")
	flags.StringVar(&f.incomingTLS, "incoming-tls", "tls", "tls, starttls or plain")
	flags.StringSliceVar(&f.folders, "folders", nil, "to pop: the `folders` whose mail comes here whole; all: every one (the default)")
	flags.StringVar(&f.onRefused, "on-refused", "stop", "to pop, where the server refuses something that you did: stop, or drop it")
	flags.StringVar(&f.onMissing, "on-missing", "stop", "to pop, where mail cannot be fetched: stop, or go without it")
	flags.BoolVar(&f.yes, "yes", false, "your yes to the switch")
	flags.BoolVar(&f.undo, "undo", false, "take back the last switch; possible for 30 days")
	flags.BoolVar(&f.cancel, "cancel", false, "take back a switch that has not changed the account yet")
	return cmd
}

// check refuses options that make no sense together.
func (f switchFlags) check() error {
	ways := 0
	for _, way := range []bool{f.to != "", f.undo, f.cancel} {
		if way {
			ways++
		}
	}
	switch {
	case ways != 1:
		return usage("account switch needs one of --to pop, --to imap, --undo and --cancel")
	case f.to != "" && f.to != string(localstore.POP) && f.to != string(localstore.IMAP):
		return usage("--to is pop or imap")
	case f.onRefused != "stop" && f.onRefused != "drop":
		return usage("--on-refused is stop or drop")
	case f.onMissing != "stop" && f.onMissing != "go":
		return usage("--on-missing is stop or go")
	case f.plan && (f.yes || f.cancel):
		return usage("--plan changes nothing")
	}
	return nil
}

func (a *app) cancelSwitch(ctx context.Context, name string) error {
	return a.write(ctx, "cancel switch", func(tx *localstore.Tx) error {
		account, err := tx.AccountByName(name)
		if err != nil {
			return err
		}
		return tx.CancelSwitch(account.ID)
	})
}

// wanted is a switch as its options ask for it.
type wanted struct {
	account localstore.Account
	to      localstore.Mode
	choice  localstore.SwitchChoice
}

func (a *app) wantedSwitch(ctx context.Context, name string, f switchFlags) (w wanted, err error) {
	err = a.read(ctx, func(v *localstore.View) error {
		if w.account, err = v.AccountByName(name); err != nil {
			return err
		}
		w.to = localstore.Mode(f.to)
		w.choice = localstore.SwitchChoice{DropRefused: f.onRefused == "drop", GoWithout: f.onMissing == "go", Undo: f.undo}
		if f.undo {
			last, _, ok, err := v.Undoable(w.account.ID, clock.System.Now())
			if err != nil {
				return err
			}
			if !ok || last.To != w.account.Mode {
				return badData("There is no switch of the last 30 days that could be undone.", nil)
			}
			w.to = last.From
		}
		if w.account.Mode == w.to || w.account.Mode == localstore.Local {
			return badData(fmt.Sprintf("%s is kept that way already.", name), nil)
		}
		if w.to == localstore.POP && f.folders != nil && !slices.Equal(f.folders, []string{"all"}) {
			for _, path := range f.folders {
				folder, err := v.FolderByPath(w.account.ID, path)
				if err != nil {
					return err
				}
				w.choice.Folders = append(w.choice.Folders, folder.Path)
			}
		}
		return nil
	})
	if err != nil {
		return w, err
	}
	now := w.account.Incoming()
	if f.incoming != "" {
		how := accountFlags{insecure: now.Insecure, caFile: now.CAFile, auth: string(now.Auth)}
		w.choice.Server, err = how.server("--incoming", f.incoming, f.incomingTLS, now.User)
	}
	return w, err
}

// switchAccount plans a switch and, with the user's yes, carries it.
func (a *app) switchAccount(ctx context.Context, name string, f switchFlags) error {
	w, err := a.wantedSwitch(ctx, name, f)
	if err != nil {
		return err
	}
	plan, err := a.planSwitch(ctx, &w)
	offline := err != nil && fault.Is(err, fault.Online)
	if err != nil && (!offline || f.plan && !a.offline) {
		return err
	}
	done := switchJSON{Plan: plan, State: "planned"}
	if f.plan {
		return a.printSwitch(done, name)
	}
	if plan.Refused != nil {
		return errors.Join(a.printSwitch(done, name), refusedPlan(*plan.Refused))
	}
	if !f.yes && !f.undo {
		return errors.Join(a.printSwitch(done, name), usage("nothing was changed; to switch %s add --yes", name))
	}
	err = a.write(ctx, "begin switch", func(tx *localstore.Tx) error {
		_, err := tx.BeginSwitch(w.account.ID, w.to, w.choice)
		return err
	})
	if err != nil {
		return err
	}
	err = a.carrySwitch(ctx, w, offline || a.offline)
	if failed := a.howSwitched(ctx, w, &done); failed != nil {
		return failed
	}
	return errors.Join(a.printSwitch(done, name), err)
}

// refusedPlan is why a switch is not even begun.
func refusedPlan(why string) error {
	cause := fault.Data
	if strings.HasPrefix(why, "The disk") {
		cause = fault.Disk
	}
	return &fault.Error{Remedy: fault.User, Scope: fault.Account, Cause: cause, Op: "switch", Text: why}
}

// planSwitch plans a switch. Where the server is not reached it says what is
// known, with the error.
func (a *app) planSwitch(ctx context.Context, w *wanted) (plan switching.Plan, err error) {
	store, err := a.open(ctx)
	if err != nil {
		return plan, err
	}
	plan, w.choice, err = a.engine(store, nil).FindSwitch(ctx, w.account, w.to, w.choice, a.offline)
	return plan, err
}

// carrySwitch carries a switch that was begun, and the first pass after it.
func (a *app) carrySwitch(ctx context.Context, w wanted, offline bool) error {
	if offline && !w.choice.Undo {
		return offlineError("The server is not reached: the switch begins with the next connection.")
	}
	return a.withEngine(ctx, func(e *engine.Engine) error {
		if offline {
			_, err := e.SwitchBack(ctx, w.account.ID)
			return err
		}
		now, err := e.Switch(ctx, w.account.ID)
		if err != nil || now.Mode != w.to {
			return err
		}
		return worst([]engine.Report{e.Pass(ctx, now)})
	}, func() error {
		r, err := engine.Request(ctx, a.profile.Store, w.account)
		if err != nil {
			return err
		}
		return worst([]engine.Report{r})
	})
}

// howSwitched reads how far a switch has come.
func (a *app) howSwitched(ctx context.Context, w wanted, done *switchJSON) error {
	return a.read(context.WithoutCancel(ctx), func(v *localstore.View) error {
		open, under, err := v.OpenSwitch(w.account.ID)
		if err != nil {
			return err
		}
		if under && !open.Begun() {
			done.State, done.Why = "scheduled", open.Why
			return nil
		}
		_, until, ok, err := v.Undoable(w.account.ID, clock.System.Now())
		if ok {
			done.State, done.UndoUntil = "done", until.Format(time.RFC3339)
		}
		return err
	})
}
