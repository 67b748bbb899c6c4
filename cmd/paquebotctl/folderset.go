package main

import (
	"context"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"paquebot.app/localstore"
)

func (a *app) folderSetCmd() *cobra.Command {
	return &cobra.Command{
		Use:   "set [ACCOUNT/]FOLDER key=value…",
		Short: "Change what of a folder's mail is fetched unasked: policy=none, headers, text:DAYS, all or account, limit=SIZE or account",
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) < 2 {
				return usage("folder set needs a FOLDER and key=value: policy=… or limit=…")
			}
			return nil
		},
		RunE: func(c *cobra.Command, args []string) error {
			err := a.write(c.Context(), "set folder", func(tx *localstore.Tx) error {
				f, err := folderOf(tx.View, args[0])
				if err != nil {
					return err
				}
				if _, remote, err := tx.FetchingOf(f); err != nil {
					return err
				} else if !remote {
					return badData(f.Path+" is on no IMAP server: all of its mail is here.", nil)
				}
				p, err := tx.FolderPolicy(f.ID)
				if err != nil {
					return err
				}
				for _, arg := range args[1:] {
					if err := setFolderSetting(&p, arg); err != nil {
						return err
					}
				}
				return tx.SetFolderPolicy(f.ID, p)
			})
			if err != nil {
				return err
			}
			return a.showFolder(c.Context(), args[0])
		},
	}
}

// setFolderSetting changes one setting, key=value; "account" is as the account.
func setFolderSetting(p *localstore.FolderPolicy, arg string) (err error) {
	key, value, ok := strings.Cut(arg, "=")
	if !ok {
		return usage("%q is not key=value", arg)
	}
	switch same := value == "account"; strings.TrimPrefix(key, "--") {
	case "policy":
		if p.Policy, p.Days = "", 0; !same {
			p.Policy, p.Days, err = parsePolicy(value)
		}
	case "limit":
		if p.Limit = localstore.SameLimit; !same {
			p.Limit, err = parseSize("limit", value)
		}
	default:
		return usage("a folder has no setting %q; it has policy and limit", key)
	}
	return err
}

// showFolder prints one folder.
func (a *app) showFolder(ctx context.Context, name string) error {
	var row folderJSON
	err := a.read(ctx, func(v *localstore.View) error {
		f, err := folderOf(v, name)
		if err != nil {
			return err
		}
		account, err := v.Account(f.Account)
		if err != nil {
			return err
		}
		row, err = folderRow(v, account.Name, f)
		return err
	})
	if err != nil {
		return err
	}
	return a.print(row, func(w io.Writer) {
		fmt.Fprintf(w, "%s/%s\n", row.Account, row.Path)
		if row.Fetch != nil {
			fmt.Fprintf(w, "  fetched unasked: %s%s\n", row.Fetch.Policy, upTo(row.Fetch.Limit))
		}
	})
}

// upTo is the end of a line about a limit.
func upTo(limit int64) string {
	if limit == 0 {
		return ""
	}
	return fmt.Sprintf(", of mail larger than %s the text", size(limit))
}

func (a *app) folderOpenCmd() *cobra.Command {
	return &cobra.Command{
		Use:   "open [ACCOUNT/]FOLDER",
		Short: "Read the headers of a folder whose policy is none, now",
		Args:  exactly(1, "folder open needs a FOLDER"),
		RunE: func(c *cobra.Command, args []string) error {
			var account localstore.Account
			err := a.write(c.Context(), "open folder", func(tx *localstore.Tx) error {
				f, err := folderOf(tx.View, args[0])
				if err != nil {
					return err
				}
				if account, err = tx.Account(f.Account); err != nil {
					return err
				}
				return tx.OpenFolder(f.ID)
			})
			if err != nil {
				return err
			}
			if a.offline {
				return offlineError("The folder is read when there is a connection.")
			}
			return a.sync(c.Context(), []localstore.Account{account})
		},
	}
}

func (a *app) pinCmd() *cobra.Command {
	var off bool
	cmd := &cobra.Command{
		Use:   "pin ID…",
		Short: "Keep messages here whole, whatever the quota; --off ends it",
		Args:  atLeastOne("pin needs an ID"),
		RunE: func(c *cobra.Command, args []string) error {
			return a.write(c.Context(), "pin", func(tx *localstore.Tx) error {
				ids, err := known(tx.View, args)
				if err != nil {
					return err
				}
				messages, err := tx.Messages(ids)
				if err != nil {
					return err
				}
				for _, m := range messages {
					if err := tx.SetPinned(m.Content, !off); err != nil {
						return err
					}
				}
				return nil
			})
		},
	}
	cmd.Flags().BoolVar(&off, "off", false, "let the quota hold for them again")
	return cmd
}

// fetchJSON is what of a folder's mail is fetched unasked.
type fetchJSON struct {
	Policy string `json:"policy"`
	Limit  int64  `json:"limit"` // bytes: of larger mail the text; 0: none is too large
	Own    bool   `json:"own"`   // it is not as the account's
}

// fetchRow is what holds for a folder; nil for one that is on no IMAP server.
func fetchRow(v *localstore.View, f localstore.Folder) (*fetchJSON, error) {
	one, remote, err := v.FetchingOf(f)
	if err != nil || !remote {
		return nil, err
	}
	own, err := v.FolderPolicy(f.ID)
	return &fetchJSON{policyWords(one.Policy, one.Days), one.Limit, own.Policy != "" || own.Limit != localstore.SameLimit}, err
}

// policyWords is a policy as it is set.
func policyWords(p localstore.BodyPolicy, days int) string {
	if p == localstore.FetchText {
		return fmt.Sprintf("text:%d", days)
	}
	return string(p)
}
