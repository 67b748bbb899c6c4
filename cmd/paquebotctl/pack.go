package main

import (
	"context"
	"errors"
	"io"
	"slices"
	"time"

	"github.com/spf13/cobra"

	"paquebot.app/internal/clock"
	"paquebot.app/internal/fault"
	"paquebot.app/localstore"
	"paquebot.app/sync/engine"
)

// packFlags are the options of pack.
type packFlags struct {
	folders             []string
	days                int
	flagged, threads    bool
	attachments, budget string
	plan                bool
}

func (a *app) packCmd() *cobra.Command {
	var f packFlags
	cmd := &cobra.Command{
		Use:   "pack [ACCOUNT]",
		Short: "Get everything for a journey, and say what will be readable without a network",
		Long: `Get everything for a journey, and say what will be readable without a network.

Without options that is all mail of every folder but Junk and Trash, with its
attachments. --folder and --days choose some of it; --flagged adds what is
flagged, of any age and in any folder, and alone chooses nothing else. Unread
mail comes first, the newest first, and all texts before the first attachment.`,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) > 1 {
				return usage("pack takes one ACCOUNT, or none for all")
			}
			return nil
		},
		RunE: func(c *cobra.Command, args []string) error { return a.pack(c, args, f) },
	}
	flags := cmd.Flags()
	flags.StringArrayVar(&f.folders, "folder", nil, "only `FOLDER`; may be given several times")
	flags.IntVar(&f.days, "days", 0, "only mail of the last `N` days")
	flags.BoolVar(&f.flagged, "flagged", false, "what is flagged too")
	flags.BoolVar(&f.threads, "threads", false, "with the rest of every conversation")
	flags.StringVar(&f.attachments, "attachments-up-to", "", "attachments of up to `SIZE` (500k, 5M); 0 for none; without it all, or none while text-only is on")
	flags.StringVar(&f.budget, "budget", "0", "move no more than `SIZE` over the network, in both directions together; 0 is no limit")
	flags.BoolVar(&f.plan, "plan", false, "print what it would do, and change nothing")
	return cmd
}

func (a *app) pack(c *cobra.Command, args []string, f packFlags) error {
	ctx := c.Context()
	choice := localstore.PackChoice{Days: f.days, Flagged: f.flagged, Threads: f.threads, Attachments: localstore.AllAttachments}
	if f.days < 0 || f.days == 0 && c.Flags().Changed("days") {
		return usage("--days needs a number of days")
	}
	var err error
	if choice.Budget, err = parseSize("budget", f.budget); err != nil {
		return err
	}
	accounts, err := a.accountsNamed(ctx, args)
	if err != nil {
		return err
	}
	var packs []packOf
	err = a.read(ctx, func(v *localstore.View) error {
		if f.attachments != "" {
			choice.Attachments, err = parseSize("attachments-up-to", f.attachments)
		} else {
			var thin bool
			if thin, err = v.TextOnly(); thin {
				choice.Attachments = 0
			}
		}
		if err == nil {
			packs, err = packsOf(v, accounts, choice, f.folders)
		}
		return err
	})
	if err != nil {
		return err
	}
	if f.plan {
		return a.packPlan(ctx, packs)
	}
	return a.packAll(ctx, packs)
}

// packOf is an account with what is chosen of it.
type packOf struct {
	account localstore.Account
	choice  localstore.PackChoice
}

// packsOf finds the folders. With folders, accounts that have none of them are
// not packed.
func packsOf(v *localstore.View, accounts []localstore.Account, choice localstore.PackChoice, folders []string) ([]packOf, error) {
	var packs []packOf
	for _, account := range accounts {
		packs = append(packs, packOf{account, choice})
	}
	for _, name := range folders {
		var found localstore.Folder
		var err error
		if len(accounts) == 1 {
			found, err = folderFor(v, accounts[0].ID, name)
		} else {
			found, err = folderOf(v, name)
		}
		if err != nil {
			return nil, err
		}
		of := slices.IndexFunc(packs, func(p packOf) bool { return p.account.ID == found.Account })
		if of < 0 {
			return nil, missing("The folder %q is not one of %s.", name, accounts[0].Name)
		}
		packs[of].choice.Folders = append(packs[of].choice.Folders, found.ID)
	}
	if len(folders) > 0 {
		packs = slices.DeleteFunc(packs, func(p packOf) bool { return len(p.choice.Folders) == 0 })
	}
	return packs, nil
}

// packPlan prints what pack would do.
func (a *app) packPlan(ctx context.Context, packs []packOf) error {
	var sum struct {
		Messages int   `json:"messages"`
		Readable int   `json:"readable"`
		Bytes    int64 `json:"bytes"`
	}
	err := a.read(ctx, func(v *localstore.View) error {
		for _, p := range packs {
			plan, err := v.PlanPack(p.account.ID, p.choice)
			if err != nil {
				return err
			}
			sum.Messages, sum.Readable, sum.Bytes = sum.Messages+plan.Messages, sum.Readable+plan.Readable, sum.Bytes+plan.Bytes
		}
		return nil
	})
	if err != nil {
		return err
	}
	return a.print(sum, func(w io.Writer) { printPlan(w, sum.Messages, sum.Readable, sum.Bytes) })
}

// packAll packs the accounts one after the other; the budget is for all of them.
func (a *app) packAll(ctx context.Context, packs []packOf) error {
	all := localstore.PackReceipt{Missing: []localstore.PackMissing{}}
	var failed error
	for _, p := range packs {
		if p.choice.Budget > 0 {
			p.choice.Budget = max(1, p.choice.Budget-all.Bytes)
		}
		receipt, err := a.packOne(ctx, p)
		if err != nil && ctx.Err() != nil {
			return err
		}
		if err != nil && (failed == nil || fault.ExitCode(failed) == fault.ExitOffline) {
			failed = err
		}
		all.Messages += receipt.Messages
		all.Readable += receipt.Readable
		all.Attachments += receipt.Attachments
		all.AttachmentsSkipped += receipt.AttachmentsSkipped
		all.Bytes += receipt.Bytes
		all.Missing = append(all.Missing, receipt.Missing...)
	}
	if err := a.print(all, func(w io.Writer) { printReceipt(w, all) }); err != nil {
		return err
	}
	return failed
}

// packOne packs an account, here or where the engine runs.
func (a *app) packOne(ctx context.Context, p packOf) (receipt localstore.PackReceipt, err error) {
	if a.offline {
		receipt, err := a.packNoted(ctx, p)
		return receipt, errors.Join(err, offlineError("Working offline: it is noted what is missing, and comes with the next connection."))
	}
	err = a.withEngine(ctx, func(e *engine.Engine) error {
		var failed error
		_, receipt, failed = e.Pack(ctx, p.account, p.choice)
		return errors.Join(failed, e.IndexAll(ctx))
	}, func() (err error) {
		receipt, err = a.packElsewhere(ctx, p)
		return err
	})
	return receipt, err
}

// packNoted begins a pack that somebody else, or the next connection, carries.
func (a *app) packNoted(ctx context.Context, p packOf) (receipt localstore.PackReceipt, err error) {
	err = a.write(ctx, "begin pack", func(tx *localstore.Tx) error {
		if err := tx.BeginPack(p.account.ID, p.choice, clock.System.Now()); err != nil {
			return err
		}
		return tx.SettlePack(p.account.ID)
	})
	if err != nil {
		return receipt, err
	}
	_, receipt, err = a.packNow(ctx, p.account.ID)
	return receipt, err
}

func (a *app) packNow(ctx context.Context, id localstore.AccountID) (p localstore.Pack, receipt localstore.PackReceipt, err error) {
	err = a.read(ctx, func(v *localstore.View) (err error) {
		if p, _, err = v.PackOf(id); err != nil {
			return err
		}
		receipt, err = v.PackReceipt(p)
		return err
	})
	return p, receipt, err
}

// packPatience is how long a pack that another process carries may bring
// nothing.
const packPatience = 90 * time.Second

// packElsewhere leaves a pack to the process that runs the engine, and follows.
func (a *app) packElsewhere(ctx context.Context, p packOf) (receipt localstore.PackReceipt, err error) {
	if r, err := engine.Request(ctx, a.profile.Store, p.account); err != nil {
		return receipt, err
	} else if r.Error != nil && r.Error.Exit != fault.ExitOffline && r.Error.Exit != fault.ExitLater {
		return receipt, fault.FromExit(r.Error.Exit, r.Error.Text)
	}
	watch := a.profile.Store.Watch(localstore.TopicBodies)
	defer watch.Close()
	if _, err := a.packNoted(ctx, p); err != nil {
		return receipt, err
	}
	bar := newBar(a)
	defer bar.done()
	for last := int64(-1); ; {
		now, receipt, err := a.packNow(ctx, p.account.ID)
		if err != nil || !now.UnderWay() {
			return receipt, err
		}
		bar.show(p.account, now.Total-now.Open, now.Total, now.Spent)
		patience := clock.System.After(packPatience)
		select {
		case <-watch.Ready():
			watch.Take()
		case <-patience:
			if now.Spent == last {
				return receipt, offlineError("Nothing comes at the moment. What is missing comes with the next connection.")
			}
			last = now.Spent
		case <-ctx.Done():
			return receipt, ctx.Err()
		}
	}
}
