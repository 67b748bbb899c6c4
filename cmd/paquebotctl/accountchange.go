package main

import (
	"strings"

	"github.com/spf13/cobra"

	"paquebot.app/localstore"
	"paquebot.app/sync/netconn"
)

func (a *app) accountSetCmd() *cobra.Command {
	return &cobra.Command{
		Use:   "set NAME key=value…",
		Short: "Change an account's settings; keys are the options of account add",
		Args:  atLeastOne("account set needs a NAME and key=value"),
		RunE: func(c *cobra.Command, args []string) error {
			err := a.write(c.Context(), "set account", func(tx *localstore.Tx) error {
				account, err := tx.AccountByName(args[0])
				if err != nil {
					return err
				}
				for _, arg := range args[1:] {
					if err := setAccount(&account, arg); err != nil {
						return err
					}
				}
				return tx.SetAccount(account)
			})
			if err != nil {
				return err
			}
			return a.showAccount(c.Context(), args[0])
		},
	}
}

// setAccount changes one setting, key=value.
func setAccount(account *localstore.Account, arg string) error {
	key, value, ok := strings.Cut(arg, "=")
	if !ok {
		return usage("%q is not key=value", arg)
	}
	in := &account.IMAP
	if account.Mode == localstore.POP {
		in = &account.POP
	}
	f := accountFlags{insecure: in.Insecure, caFile: in.CAFile}
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
		account.SMTP, err = f.server("outgoing", value, security, account.SMTP.User)
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
	case "pop-delete":
		account.PopDelete, account.PopDays, err = parseDelete(value)
	case "policy":
		account.Policy, account.PolicyDays, err = parsePolicy(value)
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
