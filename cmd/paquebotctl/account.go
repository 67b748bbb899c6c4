package main

import (
	"bufio"
	"cmp"
	"context"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"paquebot.app/cmd/internal/profile"
	"paquebot.app/internal/fault"
	"paquebot.app/localstore"
	"paquebot.app/sync/engine"
)

// accountFlags are the options that describe an account. The same names are
// the keys of account set.
type accountFlags struct {
	address, fullName, mode    string
	incoming, incomingTLS      string
	outgoing, outgoingTLS      string
	user, outgoingUser, caFile string
	passwordStdin, storeInFile bool
	passwordCommand            string
	popDelete, policy          string
	popFetchUpTo, auth         string
	limit, quota               string
	noCheck, insecure          bool
}

func (a *app) accountCmd() *cobra.Command {
	cmd := &cobra.Command{Use: "account", Short: "Add, list, show, change, switch and remove accounts", Args: exactly(0, "account needs add, list, show, set, switch or remove")}
	cmd.RunE = func(c *cobra.Command, _ []string) error { return c.Help() }
	cmd.AddCommand(a.accountAddCmd(), a.accountListCmd(), a.accountShowCmd(), a.accountSetCmd(), a.accountSwitchCmd(), a.accountRemoveCmd())
	return cmd
}

func (a *app) accountAddCmd() *cobra.Command {
	var f accountFlags
	cmd := &cobra.Command{
		Use:   "add NAME",
		Short: "Add an account; sign-in is tried first",
		Args:  exactly(1, "account add needs one NAME"),
		RunE: func(c *cobra.Command, args []string) error {
			yes := c.Flags().Changed("pop-delete")
			if f.mode == string(localstore.IMAP) && (yes || c.Flags().Changed("pop-fetch-up-to")) {
				return usage("--pop-delete and --pop-fetch-up-to are about accounts with --mode pop; with imap mail stays on the server")
			}
			if f.mode == string(localstore.POP) && (c.Flags().Changed("limit") || c.Flags().Changed("quota")) {
				return usage("--limit and --quota are about accounts with --mode imap; with pop everything comes here")
			}
			return a.addAccount(c.Context(), args[0], f, yes)
		},
	}
	flags := cmd.Flags()
	flags.StringVar(&f.address, "address", "", "the e-mail `address`")
	flags.StringVar(&f.fullName, "full-name", "", "your name, as others see it")
	flags.StringVar(&f.mode, "mode", "", "pop: everything comes here; imap: it stays on the server")
	flags.StringVar(&f.incoming, "incoming", "", "`HOST:PORT` that mail comes from")
	flags.StringVar(&f.incomingTLS, "incoming-tls", "tls", "tls, starttls or plain")
	flags.StringVar(&f.outgoing, "outgoing", "", "`HOST:PORT` that letters go to")
	flags.StringVar(&f.outgoingTLS, "outgoing-tls", "tls", "tls, starttls or plain")
	flags.StringVar(&f.user, "user", "", "user name (else the address)")
	flags.StringVar(&f.outgoingUser, "outgoing-user", "", "user name for sending (else the same)")
	flags.StringVar(&f.caFile, "ca-file", "", "`PEM` file of a further authority to trust")
	flags.StringVar(&f.auth, "auth", "password", "what proves who you are, to both servers: password, or an access token by xoauth2 or oauthbearer")
	flags.BoolVar(&f.passwordStdin, "password-stdin", false, "read the password from standard input")
	flags.StringVar(&f.passwordCommand, "password-command", "", "`command` that prints the password, or with --auth xoauth2 or oauthbearer the access token; it is run for every sign-in then")
	flags.BoolVar(&f.storeInFile, "store-password-in-file", false, "keep the password in secrets.json when there is no keyring; every program of yours can read it there")
	flags.StringVar(&f.popDelete, "pop-delete", "now", "when mail leaves the server: now, days:N, when-deleted or never; naming it is the yes to removing what is safe here")
	flags.StringVar(&f.popFetchUpTo, "pop-fetch-up-to", "0", "`SIZE` (500k, 5M) above which mail in a POP maildrop is fetched when you ask for it; 0: no limit")
	flags.StringVar(&f.policy, "policy", "text:90", "what IMAP fetches unasked: none, headers, text:DAYS or all")
	flags.StringVar(&f.limit, "limit", "0", "`SIZE` (500k, 5M) above which IMAP fetches the text of a mail unasked, without attachments; 0: no limit")
	flags.StringVar(&f.quota, "quota", "0", "`SIZE` (500M, 2G) that bodies of an IMAP account may take here: the least recently read leave first; 0: no limit")
	flags.BoolVar(&f.noCheck, "no-check", false, "do not try to sign in")
	flags.BoolVar(&f.insecure, "insecure", false, "allow plain to a host that is not this computer")
	return cmd
}

func (a *app) addAccount(ctx context.Context, name string, f accountFlags, yes bool) error {
	account, err := f.account(name)
	if err != nil {
		return err
	}
	if _, err := a.open(ctx); err != nil {
		return err
	}
	err = a.read(ctx, func(v *localstore.View) error {
		if _, err := v.AccountByName(name); err == nil {
			return badData("There is an account "+name+" already.", nil)
		} else if !isMissing(err) {
			return err
		}
		return nil
	})
	if err != nil {
		return err
	}
	password, err := a.newPassword(ctx, account, f)
	if err != nil {
		return err
	}
	if !f.noCheck && !a.offline {
		if err := engine.Check(ctx, account, password); err != nil {
			return err
		}
	}
	err = a.write(ctx, "add account", func(tx *localstore.Tx) error {
		id, err := tx.AddAccount(account)
		if err != nil || !yes || account.Mode != localstore.POP || account.PopDelete == localstore.DeleteNever {
			return err
		}
		account.ID = id
		return allowRemovals(tx, account)
	})
	if err != nil {
		return err
	}
	return a.showAccount(ctx, name, nil)
}

// newPassword finds the password of an account that is being added, and keeps
// it where passwords are kept.
func (a *app) newPassword(ctx context.Context, account localstore.Account, f accountFlags) (string, error) {
	if f.passwordCommand != "" {
		return a.profile.Password(ctx, account)
	}
	var password string
	if f.passwordStdin {
		line, err := bufio.NewReader(a.in).ReadString('\n')
		if err != nil && err != io.EOF {
			return "", badData("The password cannot be read from standard input.", err)
		}
		password = strings.TrimRight(line, "\r\n")
	} else {
		var err error
		if password, err = a.ask(ctx, account); err != nil {
			if f.noCheck || a.offline {
				return "", nil // it is asked for when it is needed
			}
			return "", err
		}
	}
	if password == "" {
		return "", badData("The password is empty.", nil)
	}
	if f.storeInFile {
		a.profile.File.Allow()
	}
	if err := a.profile.Keep(ctx, account, password); profile.NotKept(err) {
		return "", &fault.Error{Remedy: fault.User, Scope: fault.Account, Cause: fault.Settings, Op: "keep password", Text: "This computer has no keyring to keep the password in. Use --password-command, or --store-password-in-file."}
	} else if err != nil {
		return "", err
	}
	return password, nil
}

// account turns the flags into an account.
func (f accountFlags) account(name string) (localstore.Account, error) {
	a := localstore.Account{Name: name, Address: f.address, FullName: f.fullName, PasswordCommand: f.passwordCommand, SecretRef: "account:" + name}
	if strings.TrimSpace(name) == "" || strings.ContainsAny(name, "/\r\n\x00") {
		return a, usage("%q is no name for an account", name)
	}
	if !strings.Contains(f.address, "@") || strings.ContainsAny(f.address, " \r\n\x00<>") {
		return a, usage("--address needs an e-mail address")
	}
	a.Mode = localstore.Mode(f.mode)
	if a.Mode != localstore.POP && a.Mode != localstore.IMAP {
		return a, usage("--mode is pop or imap")
	}
	user := f.user
	if user == "" {
		user = f.address
	}
	in, err := f.server("--incoming", f.incoming, f.incomingTLS, user)
	if err != nil {
		return a, err
	}
	if a.Mode == localstore.POP {
		a.POP = in
	} else {
		a.IMAP = in
	}
	if f.outgoing != "" {
		if f.outgoingUser != "" {
			user = f.outgoingUser
		}
		if a.SMTP, err = f.server("--outgoing", f.outgoing, f.outgoingTLS, user); err != nil {
			return a, err
		}
	}
	if a.PopDelete, a.PopDays, err = parseDelete(f.popDelete); err != nil {
		return a, err
	}
	if a.PopLimit, err = parseSize("pop-fetch-up-to", f.popFetchUpTo); err != nil {
		return a, err
	}
	if a.FetchLimit, err = parseSize("limit", f.limit); err != nil {
		return a, err
	}
	if a.Quota, err = parseSize("quota", f.quota); err != nil {
		return a, err
	}
	a.Policy, a.PolicyDays, err = parsePolicy(f.policy)
	return a, err
}

// accountJSON is an account as account list and show print it. It holds no
// password.
type accountJSON struct {
	Name        string      `json:"name"`
	Address     string      `json:"address"`
	FullName    string      `json:"full_name"`
	Mode        string      `json:"mode"`
	Generation  int64       `json:"generation"`
	Incoming    *serverJSON `json:"incoming"`
	Outgoing    *serverJSON `json:"outgoing"`
	Auth        string      `json:"auth"`
	PopDelete   string      `json:"pop_delete,omitempty"`
	PopLimit    *int64      `json:"pop_fetch_up_to,omitempty"`
	ExpireZero  bool        `json:"expire_zero,omitempty"` // its server removes by itself what was fetched
	Policy      string      `json:"policy,omitempty"`
	Limit       *int64      `json:"limit,omitempty"`
	Quota       *int64      `json:"quota,omitempty"`
	Used        *int64      `json:"used,omitempty"` // bytes that bodies take here, with account show and set
	PasswordCmd string      `json:"password_command,omitempty"`
	Plan        *planJSON   `json:"plan,omitempty"` // of a policy of deletion that was just set
}

type serverJSON struct {
	Host   string `json:"host"`
	Port   int    `json:"port"`
	TLS    string `json:"tls"`
	User   string `json:"user"`
	CAFile string `json:"ca_file,omitempty"`
}

func accountRow(a localstore.Account) accountJSON {
	row := accountJSON{Name: a.Name, Address: a.Address, FullName: a.FullName, Mode: string(a.Mode), Generation: a.Generation, Outgoing: serverRow(a.SMTP), PasswordCmd: a.PasswordCommand}
	if a.Mode != localstore.Local {
		row.Incoming = serverRow(a.Incoming())
		row.Auth = authWords(a.Incoming().Auth)
	}
	switch a.Mode {
	case localstore.POP:
		row.PopDelete, row.PopLimit = deleteWords(a), &a.PopLimit
	case localstore.IMAP:
		row.Policy, row.Limit, row.Quota = policyWords(a.Policy, a.PolicyDays), &a.FetchLimit, &a.Quota
	}
	return row
}

// ofQuota is the end of a line about the room that bodies take.
func ofQuota(quota int64) string {
	if quota == 0 {
		return ""
	}
	return " of " + size(quota)
}

func deleteWords(a localstore.Account) string {
	if a.PopDelete == localstore.DeleteDays {
		return fmt.Sprintf("days:%d", a.PopDays)
	}
	return string(a.PopDelete)
}

func authWords(a localstore.Auth) string { return cmp.Or(string(a), "password") }

func serverRow(s localstore.Server) *serverJSON {
	if s.Host == "" {
		return nil
	}
	return &serverJSON{s.Host, s.Port, string(s.Security), s.User, s.CAFile}
}

func (a *app) accountListCmd() *cobra.Command {
	return &cobra.Command{
		Use:   "list",
		Short: "List the accounts",
		Args:  exactly(0, "account list takes no arguments"),
		RunE: func(c *cobra.Command, _ []string) error {
			rows := []accountJSON{}
			err := a.read(c.Context(), func(v *localstore.View) error {
				accounts, err := v.Accounts()
				for _, account := range accounts {
					if account.Mode != localstore.Local {
						rows = append(rows, accountRow(account))
					}
				}
				return err
			})
			if err != nil {
				return err
			}
			return a.print(map[string]any{"accounts": rows}, func(w io.Writer) {
				t := tabwriter.NewWriter(w, 0, 4, 2, ' ', 0)
				for _, r := range rows {
					fmt.Fprintf(t, "%s\t%s\t%s\t%s\n", r.Name, r.Mode, r.Address, r.Incoming.Host)
				}
				t.Flush()
			})
		},
	}
}

func (a *app) accountShowCmd() *cobra.Command {
	return &cobra.Command{
		Use:   "show NAME",
		Short: "Show an account's settings",
		Args:  exactly(1, "account show needs one NAME"),
		RunE:  func(c *cobra.Command, args []string) error { return a.showAccount(c.Context(), args[0], nil) },
	}
}

// showAccount prints an account's settings, with the plan of a policy of
// deletion that was just set; nil for none.
func (a *app) showAccount(ctx context.Context, name string, plan *planJSON) error {
	var row accountJSON
	err := a.read(ctx, func(v *localstore.View) error {
		account, err := v.AccountByName(name)
		if row = accountRow(account); err != nil {
			return err
		}
		if account.Mode == localstore.IMAP {
			room, err := v.Room(account.ID)
			row.Used = &room.Used
			return err
		}
		if account.Mode != localstore.POP {
			return nil
		}
		m, _, err := v.OpenMaildropOf(account.ID)
		row.ExpireZero = m.ExpireZero
		return err
	})
	if err != nil {
		return err
	}
	row.Plan = plan
	return a.print(row, func(w io.Writer) {
		fmt.Fprintf(w, "%s  %s  %s\n", row.Name, row.Address, row.Mode)
		if row.Incoming != nil {
			fmt.Fprintf(w, "  incoming  %s:%d  %s  %s\n", row.Incoming.Host, row.Incoming.Port, row.Incoming.TLS, row.Incoming.User)
		}
		if row.Outgoing != nil {
			fmt.Fprintf(w, "  outgoing  %s:%d  %s  %s\n", row.Outgoing.Host, row.Outgoing.Port, row.Outgoing.TLS, row.Outgoing.User)
		}
		if row.Auth != "" {
			fmt.Fprintf(w, "  signs in by: %s\n", row.Auth)
		}
		if row.PopDelete != "" {
			fmt.Fprintf(w, "  mail leaves the server: %s\n", row.PopDelete)
		}
		if row.ExpireZero {
			fmt.Fprintf(w, "  %s\n", expireZero)
		}
		if row.PopLimit != nil && *row.PopLimit > 0 {
			fmt.Fprintf(w, "  fetched unasked: mail of up to %s\n", size(*row.PopLimit))
		}
		if row.Policy != "" {
			fmt.Fprintf(w, "  fetched unasked: %s%s\n", row.Policy, upTo(*row.Limit))
			fmt.Fprintf(w, "  bodies here: %s%s\n", size(*row.Used), ofQuota(*row.Quota))
		}
		if row.Plan != nil {
			for _, line := range row.Plan.words(row.Name) {
				fmt.Fprintln(w, line)
			}
		}
	})
}
