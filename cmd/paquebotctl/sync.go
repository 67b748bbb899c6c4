package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"paquebot.app/cmd/internal/profile"
	"paquebot.app/internal/fault"
	"paquebot.app/localstore"
	"paquebot.app/sync/engine"
)

func (a *app) syncCmd() *cobra.Command {
	var watch bool
	cmd := &cobra.Command{
		Use:   "sync [NAME…]",
		Short: "One pass: apply what you did, receive, send, fetch what you asked for",
		RunE: func(c *cobra.Command, args []string) error {
			a.lines = watch
			accounts, err := a.accountsNamed(c.Context(), args)
			if err != nil {
				return err
			}
			if a.offline {
				err := offlineError("Working offline: nothing was carried, everything is kept.")
				return a.notCarried(accounts, nil, err)
			}
			if watch {
				return a.watch(c.Context(), accounts, len(args) > 0)
			}
			return a.sync(c.Context(), accounts)
		},
	}
	cmd.Flags().BoolVar(&watch, "watch", false, "stay, and follow these accounts")
	return cmd
}

// accountsNamed returns the accounts with these names; none means all.
func (a *app) accountsNamed(ctx context.Context, names []string) ([]localstore.Account, error) {
	var out []localstore.Account
	err := a.read(ctx, func(v *localstore.View) error {
		out = nil
		if len(names) == 0 {
			all, err := v.Accounts()
			for _, account := range all {
				if account.Mode != localstore.Local {
					out = append(out, account)
				}
			}
			return err
		}
		for _, name := range names {
			account, err := v.AccountByName(name)
			if err != nil {
				return err
			}
			out = append(out, account)
		}
		return nil
	})
	return out, err
}

// indexedAtOnce is how many messages sync makes searchable before it ends. More,
// as after a first download, is left to whoever searches first: the mail is here.
const indexedAtOnce = 500

// sync runs a pass over accounts, or asks the process that runs the engine.
func (a *app) sync(ctx context.Context, accounts []localstore.Account) error {
	reports, behind := []engine.Report{}, 0
	err := a.withEngine(ctx, func(e *engine.Engine) error {
		reports = reports[:0]
		for _, account := range accounts {
			reports = append(reports, e.Pass(ctx, account))
		}
		var err error
		if behind, err = notIndexed(ctx, a.profile.Store, mostCounted); err != nil || behind > indexedAtOnce {
			return err
		}
		behind = 0
		return e.IndexAll(ctx)
	}, func() (err error) {
		reports, err = a.request(ctx, accounts)
		return err
	})
	if err != nil && !errors.Is(err, context.Canceled) {
		return a.notCarried(accounts, reports, err)
	}
	if err := a.print(map[string]any{"accounts": reports}, func(w io.Writer) { printReports(w, reports) }); err != nil {
		return err
	}
	for _, r := range reports {
		if r.Error != nil {
			a.say("%s: %s", r.Account, r.Error.Text)
		}
	}
	if err := a.sayWhatWaits(ctx, accounts); err != nil {
		return err
	}
	if behind > 0 {
		a.say("%d messages are here and not indexed yet: the next search begins with that", behind)
	}
	return worst(reports)
}

// notCarried returns err, which ended a pass before every account was carried.
// As JSON it prints a report of each, with err for those that say of none.
func (a *app) notCarried(accounts []localstore.Account, reports []engine.Report, err error) error {
	if !a.json || a.lines || len(accounts) == 0 {
		return err
	}
	for _, account := range accounts[len(reports):] {
		reports = append(reports, engine.Report{Account: account.Name, Mode: string(account.Mode), Conflicts: []string{}, Alerts: []engine.Alert{}})
	}
	for i := range reports {
		reports[i].Error = cmp.Or(reports[i].Error, failure(err))
	}
	if printed := a.print(map[string]any{"accounts": reports}, nil); printed != nil {
		return printed
	}
	return err
}

// sayWhatWaits names the letters and folders that wait for a word of the user,
// and whom letters did not reach.
func (a *app) sayWhatWaits(ctx context.Context, accounts []localstore.Account) error {
	return a.read(context.WithoutCancel(ctx), func(v *localstore.View) error {
		if _, restored, err := v.Restored(); err != nil {
			return err
		} else if restored {
			a.say("this profile is a copy or was restored: letters that waited in it may have gone out since, so they wait, and no mail leaves a POP server. If it goes on here: outbox release")
		}
		for _, account := range accounts {
			if err := a.sayWhatIsPaused(v, account.ID); err != nil {
				return err
			}
			letters, err := lettersToShow(v, account.ID, false)
			if err != nil {
				return err
			}
			for _, l := range letters {
				switch l.State {
				case localstore.OutUnsure:
					if at := l.AsksAt(); at.IsZero() || at.After(now()) {
						a.say("letter %d may have gone out: it is looked for in the mail that comes before you are asked. If you know already: outbox confirm %d --sent or --again", l.N, l.N)
						continue
					}
					a.say("letter %d may have gone out or not; say which: outbox confirm %d --sent or --again", l.N, l.N)
				case localstore.OutRefused:
					a.say("letter %d was refused: %s", l.N, l.Error)
				default:
					missed, err := refusals(v, l)
					if err != nil {
						return err
					}
					if missed != "" {
						a.say("letter %d went out, but not to everybody. %s Say that you know: outbox confirm %d --sent", l.N, missed, l.N)
					}
				}
			}
		}
		return nil
	})
}

// request asks the process that runs the engine for a pass over each account.
func (a *app) request(ctx context.Context, accounts []localstore.Account) ([]engine.Report, error) {
	reports := []engine.Report{}
	for _, account := range accounts {
		r, err := engine.Request(ctx, a.profile.Store, account)
		if err != nil {
			return reports, err
		}
		reports = append(reports, r)
	}
	return reports, nil
}

// withEngine runs run with the lock held, or else where another process holds
// it; run again where that process ends meanwhile.
func (a *app) withEngine(ctx context.Context, run func(*engine.Engine) error, elsewhere func() error) error {
	store, err := a.open(ctx)
	if err != nil {
		return err
	}
	release, err := store.Lock()
	for fault.Is(err, fault.Later) {
		if err := elsewhere(); !errors.Is(err, engine.ErrNobody) {
			return err
		}
		release, err = store.Lock()
	}
	if err != nil {
		return err
	}
	defer release()
	bar := newBar(a)
	defer bar.done()
	e := a.engine(store, bar.show)
	if err := e.Recover(ctx); err != nil {
		return err
	}
	return run(e)
}

// engine returns an engine of this run. progress may be nil.
func (a *app) engine(store *localstore.Store, progress func(localstore.Account, int, int, int64)) *engine.Engine {
	return engine.New(engine.Config{Store: store, Password: a.profile.Password, Log: a.profile.Log, Progress: progress,
		Free: func() (int64, error) { return profile.FreeBytes(store.Dir()) }})
}

func (a *app) accountName(ctx context.Context, id localstore.AccountID) (name string) {
	err := a.read(ctx, func(v *localstore.View) error {
		account, err := v.Account(id)
		name = account.Name
		return err
	})
	if err != nil {
		return fmt.Sprint(id)
	}
	return name
}

func printReports(w io.Writer, reports []engine.Report) {
	for _, r := range reports {
		fmt.Fprintf(w, "%s: received %d, sent %d, applied %d, fetched %d, removed from the server %d", r.Account, r.Received, r.Sent, r.Applied, r.Bodies, r.Removed)
		if r.Held > 0 {
			fmt.Fprintf(w, ", held %d", r.Held)
		}
		fmt.Fprintln(w)
		for _, c := range r.Conflicts {
			fmt.Fprintln(w, "  "+c)
		}
		for _, alert := range r.Alerts {
			fmt.Fprintln(w, "  "+alert.String())
		}
	}
}

// worst returns the error of the report that matters most: what the user must
// mend before what time mends.
func worst(reports []engine.Report) error {
	var text string
	var exit int
	for _, r := range reports {
		if r.Error == nil {
			continue
		}
		soon := r.Error.Exit == fault.ExitOffline || r.Error.Exit == fault.ExitLater
		if exit == 0 || !soon {
			exit, text = r.Error.Exit, r.Error.Text
		}
	}
	if exit == 0 {
		return nil
	}
	return silent{fault.FromExit(exit, text)}
}
