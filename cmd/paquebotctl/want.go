package main

import (
	"context"

	"github.com/spf13/cobra"

	"paquebot.app/localstore"
	"paquebot.app/sync/engine"
)

// bring makes sure that a body or part is here. Offline it is noted as wanted.
func (a *app) bring(ctx context.Context, id localstore.MessageID, section string) error {
	var m localstore.Message
	here := false
	err := a.read(ctx, func(v *localstore.View) (err error) {
		if m, err = v.Message(id); err != nil {
			return err
		}
		here, err = partHere(v, m, section)
		return err
	})
	if err != nil || here {
		return err
	}
	if err := a.want(ctx, []localstore.ContentID{m.Content}, section); err != nil {
		return err
	}
	wanted := offlineError("The message is not here. It is noted, and comes when there is a connection.")
	if a.offline {
		return wanted
	}
	if err := a.fetch(ctx, m.Account); err != nil {
		return err
	}
	return a.read(ctx, func(v *localstore.View) error {
		if m, err = v.Message(id); err != nil {
			return err
		}
		if here, err := partHere(v, m, section); err != nil || here {
			return err
		}
		wishes, err := v.Wishes(m.Account)
		for _, w := range wishes {
			if w.Content == m.Content && w.Section == section && w.Error != "" {
				return missing("%s", w.Error)
			}
		}
		if err != nil {
			return err
		}
		return wanted
	})
}

// partHere tells whether what a wish for section would bring is here.
func partHere(v *localstore.View, m localstore.Message, section string) (bool, error) {
	if m.Body == localstore.BodyWhole || section == localstore.WishText && m.Body == localstore.BodyText {
		return true, nil
	}
	parts, err := v.Parts(m.Content)
	for _, p := range parts {
		if p.Section == section && p.Blob != 0 {
			return true, err
		}
	}
	return false, err
}

// want records wishes.
func (a *app) want(ctx context.Context, ids []localstore.ContentID, section string) error {
	return a.write(ctx, "want", func(tx *localstore.Tx) error {
		for _, id := range ids {
			if err := tx.Want(id, section); err != nil {
				return err
			}
		}
		return nil
	})
}

// fetch fulfils the wishes of an account now, here or where the engine runs.
func (a *app) fetch(ctx context.Context, id localstore.AccountID) error {
	var account localstore.Account
	err := a.read(ctx, func(v *localstore.View) (err error) {
		account, err = v.Account(id)
		return err
	})
	if err != nil || account.Mode == localstore.Local {
		return err
	}
	return a.withEngine(ctx, func(e *engine.Engine) error { return e.Fetch(ctx, account) }, func() error {
		_, err := engine.Request(ctx, a.profile.Store, account)
		return err
	})
}

func (a *app) wantCmd() *cobra.Command {
	return &cobra.Command{
		Use:   "want ID…",
		Short: "Ask for messages to be brought here whole; works offline",
		Args:  atLeastOne("want needs an ID"),
		RunE: func(c *cobra.Command, args []string) error {
			var contents []localstore.ContentID
			err := a.read(c.Context(), func(v *localstore.View) error {
				ids, err := known(v, args)
				if err != nil {
					return err
				}
				messages, err := v.Messages(ids)
				for _, m := range messages {
					contents = append(contents, m.Content)
				}
				return err
			})
			if err != nil {
				return err
			}
			return a.want(c.Context(), contents, localstore.WishWhole)
		},
	}
}
