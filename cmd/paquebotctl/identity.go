package main

import (
	"context"
	"fmt"
	"io"
	"strconv"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"paquebot.app/internal/outgoing"
	"paquebot.app/localstore"
)

// identityJSON is a name and an address that letters go out from.
type identityJSON struct {
	ID            localstore.SenderID `json:"id"`
	Account       string              `json:"account"`
	Name          string              `json:"name"`
	Address       string              `json:"address"`
	ReplyTo       string              `json:"reply_to"`
	Signature     string              `json:"signature"`
	SignatureHTML string              `json:"signature_html"`
	Own           bool                `json:"own"`
	Default       bool                `json:"default"`
}

func identityRow(v *localstore.View, s localstore.Sender) (identityJSON, error) {
	account, err := v.Account(s.Account)
	return identityJSON{s.ID, account.Name, s.Name, s.Address, s.ReplyTo, s.Signature, s.SignatureHTML, s.Own, s.Default}, err
}

// identityFlags are what is said of an identity on the command line.
type identityFlags struct {
	address, name, replyTo   string
	signature, signatureHTML string // files
	chosen                   bool
}

func (f *identityFlags) add(cmd *cobra.Command) {
	flags := cmd.Flags()
	flags.StringVar(&f.address, "address", "", "the e-mail `address`")
	flags.StringVar(&f.name, "name", "", "the name, as others see it")
	flags.StringVar(&f.replyTo, "reply-to", "", "the `address` that answers shall go to; empty: the same")
	flags.StringVar(&f.signature, "signature", "", "a `FILE`, or - for standard input, with what goes below letters, under \"-- \"; empty: nothing")
	flags.StringVar(&f.signatureHTML, "signature-html", "", "a `FILE`, or -, with the same for letters in HTML")
	flags.BoolVar(&f.chosen, "default", false, "new letters of the account begin with it")
}

func (a *app) identityCmd() *cobra.Command {
	cmd := &cobra.Command{Use: "identity", Short: "Whom you write as: names, addresses and signatures", Args: exactly(0, "identity needs list, add, change or remove")}
	cmd.RunE = func(c *cobra.Command, _ []string) error { return c.Help() }
	cmd.AddCommand(a.identityListCmd(), a.identityAddCmd(), a.identityChangeCmd(), a.identityRemoveCmd())
	return cmd
}

func (a *app) identityListCmd() *cobra.Command {
	return &cobra.Command{
		Use:   "list [ACCOUNT]",
		Short: "List identities, of each account the one that new letters begin with first",
		RunE: func(c *cobra.Command, args []string) error {
			if len(args) > 1 {
				return usage("identity list takes one ACCOUNT, or none")
			}
			rows := []identityJSON{}
			err := a.read(c.Context(), func(v *localstore.View) error {
				of, err := ofAccount(v, args)
				if err != nil {
					return err
				}
				senders, err := v.Senders(of)
				for _, s := range senders {
					row, err := identityRow(v, s)
					if err != nil {
						return err
					}
					rows = append(rows, row)
				}
				return err
			})
			if err != nil {
				return err
			}
			return a.print(map[string]any{"identities": rows}, func(w io.Writer) {
				t := tabwriter.NewWriter(w, 0, 4, 2, ' ', 0)
				for _, r := range rows {
					mark, signed := "", ""
					if r.Default {
						mark = "default"
					}
					if first, _, more := strings.Cut(r.Signature, "\n"); more {
						signed = cut(first, 30) + " …"
					} else {
						signed = cut(first, 30)
					}
					fmt.Fprintf(t, "%d\t%s\t%s\t%s\t%s\t%s\n", r.ID, r.Account, r.Address, r.Name, mark, signed)
				}
				t.Flush()
			})
		},
	}
}

func (a *app) identityAddCmd() *cobra.Command {
	var f identityFlags
	cmd := &cobra.Command{
		Use:   "add ACCOUNT --address ADDRESS",
		Short: "Add an identity to an account",
		Args:  exactly(1, "identity add needs one ACCOUNT"),
		RunE: func(c *cobra.Command, args []string) error {
			if f.address == "" {
				return usage("identity add needs --address")
			}
			var s localstore.Sender
			err := a.read(c.Context(), func(v *localstore.View) error {
				account, err := v.AccountByName(args[0])
				s.Account, s.Name = account.ID, account.FullName
				return err
			})
			if err != nil {
				return err
			}
			return a.saveIdentity(c, s, f)
		},
	}
	f.add(cmd)
	return cmd
}

func (a *app) identityChangeCmd() *cobra.Command {
	var f identityFlags
	cmd := &cobra.Command{
		Use:   "change ID",
		Short: "Change an identity; what is not named stays",
		Args:  exactly(1, "identity change needs the ID that identity list prints"),
		RunE: func(c *cobra.Command, args []string) error {
			s, err := a.identity(c.Context(), args[0])
			if err != nil {
				return err
			}
			if f.chosen = f.chosen || s.Default; !f.chosen && c.Flags().Changed("default") {
				return usage("--default=false says nothing; give it to another identity")
			}
			return a.saveIdentity(c, s, f)
		},
	}
	f.add(cmd)
	return cmd
}

func (a *app) identityRemoveCmd() *cobra.Command {
	return &cobra.Command{
		Use:   "remove ID",
		Short: "Remove an identity; letters that were written as it stay as they are",
		Args:  exactly(1, "identity remove needs the ID that identity list prints"),
		RunE: func(c *cobra.Command, args []string) error {
			s, err := a.identity(c.Context(), args[0])
			if err != nil {
				return err
			}
			return a.write(c.Context(), "remove identity", func(tx *localstore.Tx) error { return tx.RemoveSender(s.ID) })
		},
	}
}

// identity finds an identity by its number.
func (a *app) identity(ctx context.Context, number string) (s localstore.Sender, err error) {
	n, err := strconv.ParseInt(number, 10, 64)
	if err != nil || n <= 0 {
		return s, usage("%q is no ID; IDs are the numbers that identity list prints", number)
	}
	err = a.read(ctx, func(v *localstore.View) error {
		s, err = v.Sender(localstore.SenderID(n))
		return err
	})
	return s, err
}

// saveIdentity stores an identity with what was said of it, and prints it.
func (a *app) saveIdentity(c *cobra.Command, s localstore.Sender, f identityFlags) error {
	for _, said := range []struct {
		flag, value string
		field       *string
		file        bool
	}{
		{"address", f.address, &s.Address, false}, {"name", f.name, &s.Name, false}, {"reply-to", f.replyTo, &s.ReplyTo, false},
		{"signature", f.signature, &s.Signature, true}, {"signature-html", f.signatureHTML, &s.SignatureHTML, true},
	} {
		if !c.Flags().Changed(said.flag) {
			continue
		}
		*said.field = said.value
		if said.file && said.value != "" {
			text, err := a.readFile(said.value)
			if err != nil {
				return err
			}
			*said.field = string(text)
		}
	}
	s.Default = f.chosen
	store, err := a.open(c.Context())
	if err != nil {
		return err
	}
	id, err := outgoing.SaveSender(c.Context(), store, s)
	if err != nil {
		return err
	}
	var row identityJSON
	err = a.read(c.Context(), func(v *localstore.View) error {
		s, err := v.Sender(id)
		if err != nil {
			return err
		}
		row, err = identityRow(v, s)
		return err
	})
	if err != nil {
		return err
	}
	return a.print(row, func(w io.Writer) {
		fmt.Fprintf(w, "identity %d  %s  %s  %s\n", row.ID, row.Account, row.Address, row.Name)
		if row.ReplyTo != "" {
			fmt.Fprintln(w, "answers go to", row.ReplyTo)
		}
		if row.Signature != "" {
			fmt.Fprintln(w, "-- \n"+row.Signature)
		}
	})
}

// writeAs makes a letter one of the identity with an address, of its account
// before others; "" leaves it as it is.
func (a *app) writeAs(ctx context.Context, b *outgoing.Beginning, address string) error {
	if address == "" {
		return nil
	}
	senders, err := outgoing.Senders(ctx, a.profile.Store)
	if err != nil {
		return err
	}
	var found localstore.Sender
	for _, s := range senders {
		if strings.EqualFold(s.Address, address) && (found.ID == 0 || s.Account == b.Account.ID) {
			found = s
		}
	}
	if found.ID == 0 {
		return missing("No account that can send has the identity %s.", address)
	}
	return a.read(ctx, func(v *localstore.View) error {
		account, err := v.Account(found.Account)
		b.SendFrom(account, found)
		return err
	})
}
