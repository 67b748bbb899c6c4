package main

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"paquebot.app/localstore"
	"paquebot.app/sync/netconn"
)

func (a *app) accountSetCmd() *cobra.Command {
	var plan, yes bool
	cmd := &cobra.Command{
		Use:   "set NAME key=value…",
		Short: "Change an account's settings; keys are the options of account add",
		Args:  atLeastOne("account set needs a NAME and key=value"),
		RunE: func(c *cobra.Command, args []string) error {
			if plan && yes {
				return usage("--plan changes nothing; --yes goes without it")
			}
			if plan {
				return a.planAccount(c.Context(), args[0], args[1:])
			}
			return a.setAccount(c.Context(), args[0], args[1:], yes)
		},
	}
	cmd.Flags().BoolVar(&plan, "plan", false, "with pop-delete=, incoming= or user=: print what it does to the mail on the server, and change nothing")
	cmd.Flags().BoolVar(&yes, "yes", false, "your yes to the first removals from a maildrop that was full at first")
	return cmd
}

// planAccount prints what a policy of deletion would do.
func (a *app) planAccount(ctx context.Context, name string, settings []string) error {
	var plan *planJSON
	err := a.read(ctx, func(v *localstore.View) (err error) {
		_, plan, err = changed(v, name, settings)
		return err
	})
	if err != nil {
		return err
	}
	if plan == nil {
		return usage("--plan needs pop-delete=, incoming= or user=, of an account that is kept by POP")
	}
	return a.print(map[string]any{"plan": plan}, func(w io.Writer) {
		for _, line := range plan.words(name) {
			fmt.Fprintln(w, line)
		}
	})
}

// setAccount changes settings; yes allows the first removals.
func (a *app) setAccount(ctx context.Context, name string, settings []string, yes bool) error {
	var plan *planJSON
	err := a.write(ctx, "set account", func(tx *localstore.Tx) error {
		account, planned, err := changed(tx.View, name, settings)
		if err != nil {
			return err
		}
		plan = planned
		if err := tx.SetAccount(account); err != nil || !yes {
			return err
		}
		if account.Mode != localstore.POP {
			return badData(name+" is not kept by POP: nothing is removed from its server unless you delete it.", nil)
		}
		if plan != nil {
			plan.Waits = false
		}
		return allowRemovals(tx, account)
	})
	if err != nil {
		return err
	}
	return a.showAccount(ctx, name, plan)
}

// allowRemovals is the user's yes to the first removals from a maildrop.
func allowRemovals(tx *localstore.Tx, account localstore.Account) error {
	in := account.POP
	m, err := tx.OpenMaildrop(account.ID, localstore.POP, in.Host, in.Port, in.User)
	if err != nil {
		return err
	}
	return tx.AllowDeletes(m.ID)
}

// changed returns an account as settings would make it, and what a new policy
// of deletion or another maildrop among them does to what lies there; nil
// without one.
func changed(v *localstore.View, name string, settings []string) (localstore.Account, *planJSON, error) {
	account, err := v.AccountByName(name)
	if err != nil {
		return account, nil, err
	}
	planned := false
	for _, arg := range settings {
		if err := setSetting(&account, arg); err != nil {
			return account, nil, err
		}
		key, _, _ := strings.Cut(strings.TrimPrefix(arg, "--"), "=")
		planned = planned || slices.Contains([]string{"pop-delete", "incoming", "user"}, key)
	}
	if !planned || account.Mode != localstore.POP {
		return account, nil, nil
	}
	plan, err := v.PlanPolicy(account)
	return account, planRow(account, plan), err
}

// setSetting changes one setting, key=value.
func setSetting(account *localstore.Account, arg string) error {
	key, value, ok := strings.Cut(arg, "=")
	if !ok {
		return usage("%q is not key=value", arg)
	}
	in := &account.IMAP
	if account.Mode == localstore.POP {
		in = &account.POP
	}
	f := accountFlags{insecure: in.Insecure, caFile: in.CAFile, auth: string(in.Auth)}
	var err error
	switch strings.TrimPrefix(key, "--") {
	case "address":
		account.Address = value
	case "full-name":
		account.FullName = value
	case "incoming":
		*in, err = f.server("incoming", value, string(in.Security), in.User)
	case "incoming-tls":
		in.Security = localstore.Security(value)
		_, err = f.server("incoming", netconn.Address(*in), value, in.User)
	case "outgoing":
		security := string(account.SMTP.Security)
		if security == "" {
			security = string(localstore.TLS)
		}
		account.SMTP, err = f.server("outgoing", value, security, cmp.Or(account.SMTP.User, in.User))
	case "outgoing-tls":
		account.SMTP.Security = localstore.Security(value)
		_, err = f.server("outgoing", netconn.Address(account.SMTP), value, account.SMTP.User)
	case "user":
		in.User = value
	case "outgoing-user":
		account.SMTP.User = value
	case "ca-file":
		in.CAFile, account.SMTP.CAFile = value, value
	case "insecure":
		in.Insecure, account.SMTP.Insecure = value == "true", value == "true"
	case "password-command":
		account.PasswordCommand = value
	case "auth":
		var auth localstore.Auth
		if auth, err = parseAuth(value); err == nil {
			account.IMAP.Auth, account.POP.Auth, account.SMTP.Auth = auth, auth, auth
		}
	case "pop-fetch-up-to":
		account.PopLimit, err = parseSize("pop-fetch-up-to", value)
	case "pop-delete":
		account.PopDelete, account.PopDays, err = parseDelete(value)
	case "policy":
		account.Policy, account.PolicyDays, err = parsePolicy(value)
	case "limit":
		account.FetchLimit, err = parseSize("limit", value)
	case "quota":
		account.Quota, err = parseSize("quota", value)
	default:
		return usage("there is no setting %q", key)
	}
	return err
}

func (a *app) accountRemoveCmd() *cobra.Command {
	var keep, drop bool
	cmd := &cobra.Command{
		Use:   "remove NAME",
		Short: "Remove an account; its mail stays in “On this computer”",
		Args:  exactly(1, "account remove needs one NAME"),
		RunE: func(c *cobra.Command, args []string) error {
			if keep && drop {
				return usage("--keep-mail and --delete-mail exclude each other")
			}
			var account localstore.Account
			err := a.write(c.Context(), "remove account", func(tx *localstore.Tx) (err error) {
				if account, err = tx.AccountByName(args[0]); err != nil {
					return err
				}
				if account.Mode == localstore.Local {
					return badData("“On this computer” cannot be removed.", nil)
				}
				return tx.RemoveAccount(account.ID, !drop)
			})
			if err != nil {
				return err
			}
			return a.profile.Forget(c.Context(), account)
		},
	}
	cmd.Flags().BoolVar(&keep, "keep-mail", false, "move its mail to “On this computer” (the default)")
	cmd.Flags().BoolVar(&drop, "delete-mail", false, "delete its mail from this computer")
	return cmd
}
