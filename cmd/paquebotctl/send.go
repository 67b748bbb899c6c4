package main

import (
	"context"
	"io"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"paquebot.app/internal/fault"
	"paquebot.app/internal/letter"
	"paquebot.app/internal/outgoing"
	"paquebot.app/localstore"
)

// draftLimit bounds a letter given as one file, headers and all.
const draftLimit = 64 << 20

func (a *app) sendCmd() *cobra.Command {
	var (
		fromHeaders bool
		name, at    string
		attach      []string
	)
	cmd := &cobra.Command{
		Use:   "send [-t] [FILE|-] [RECIPIENT…]",
		Short: "Queue a letter: headers, an empty line and the text, from a file or standard input",
		Long: "The letter goes out as it is given: its Message-ID, its Date, its parts and its other fields stay.\n" +
			"Without recipients on the command line it goes to those in To, Cc and Bcc; with them, to them alone,\n" +
			"and with -t to both. Bcc never leaves this computer. A Message-ID that is in the outbox is refused.",
		RunE: func(c *cobra.Command, args []string) error {
			file := "-"
			if len(args) > 0 {
				file, args = args[0], args[1:]
			}
			raw, err := a.readFile(file)
			if err != nil {
				return err
			}
			when, err := parseTime(at)
			if err != nil {
				return err
			}
			g := letter.ReadGiven(raw)
			q := outgoing.Given{Letter: g, NotBefore: when}
			for _, r := range args {
				q.Recipients = append(q.Recipients, letter.ParseAddresses(r)...)
			}
			switch {
			case g.Resent && len(args) == 0:
				return badData("A letter that is redirected (Resent-To) needs its recipients on the command line.", nil)
			case fromHeaders:
				g.Bcc, q.Recipients = append(g.Bcc, q.Recipients...), nil
			}
			for _, path := range attach {
				file, err := attachmentFile(path)
				if err != nil {
					return err
				}
				g.Attachments = append(g.Attachments, file)
			}
			if q.Account, err = a.sender(c.Context(), name, g.From); err != nil {
				return err
			}
			store, err := a.open(c.Context())
			if err != nil {
				return err
			}
			n, err := outgoing.QueueGiven(c.Context(), store, q)
			if err != nil {
				return err
			}
			return a.showLetter(c.Context(), n)
		},
	}
	cmd.Flags().BoolVarP(&fromHeaders, "from-headers", "t", false, "to those in To, Cc and Bcc, besides those named here")
	cmd.Flags().StringVar(&name, "account", "", "the `account` to send from (else the one that has From among its identities, else the first)")
	cmd.Flags().StringVar(&at, "at", "", "not before this `time`: 2026-03-14T09:00:00+01:00, or 90m")
	cmd.Flags().StringArrayVar(&attach, "attach", nil, "a `file` to go with it")
	return cmd
}

// readFile reads a file, or standard input for "-".
func (a *app) readFile(name string) ([]byte, error) {
	var r io.Reader = a.in
	if name != "-" {
		f, err := os.Open(name)
		if err != nil {
			return nil, badData(name+" cannot be read.", err)
		}
		defer f.Close()
		r = f
	}
	b, err := io.ReadAll(io.LimitReader(r, draftLimit+1))
	if err != nil {
		return nil, badData("The letter cannot be read.", err)
	}
	if len(b) > draftLimit {
		return nil, badData("The letter is too long; use --attach for files.", nil)
	}
	return b, nil
}

// parseTime reads a point in time, or a duration from now; "" is zero.
func parseTime(s string) (time.Time, error) {
	if s == "" {
		return time.Time{}, nil
	}
	if d, err := time.ParseDuration(s); err == nil {
		return now().Add(d), nil
	}
	for _, layout := range []string{time.RFC3339, "2006-01-02T15:04", "2006-01-02 15:04"} {
		if t, err := time.ParseInLocation(layout, s, time.Local); err == nil {
			return t, nil
		}
	}
	return time.Time{}, usage("--at: %q is no time", s)
}

// sender chooses the account a letter goes out from.
func (a *app) sender(ctx context.Context, name string, from letter.Address) (chosen localstore.Account, err error) {
	err = a.read(ctx, func(v *localstore.View) error {
		if name != "" {
			chosen, err = v.AccountByName(name)
			return err
		}
		accounts, err := v.Accounts()
		if err != nil {
			return err
		}
		senders, err := v.Senders(0)
		if err != nil {
			return err
		}
		for _, account := range accounts {
			if account.SMTP.Host == "" {
				continue
			}
			if slices.ContainsFunc(senders, func(s localstore.Sender) bool {
				return s.Account == account.ID && strings.EqualFold(s.Address, from.Addr)
			}) {
				chosen = account
				return nil
			}
			if chosen.ID == 0 {
				chosen = account
			}
		}
		if chosen.ID == 0 {
			return missing("No account can send; give one an --outgoing server.")
		}
		return nil
	})
	return chosen, err
}

// queue queues a letter and prints its row of the outbox.
func (a *app) queue(ctx context.Context, l outgoing.Letter) error {
	store, err := a.open(ctx)
	if err != nil {
		return err
	}
	n, err := outgoing.Queue(ctx, store, l)
	if err != nil {
		return err
	}
	return a.showLetter(ctx, n)
}

func (a *app) replyCmd() *cobra.Command {
	var (
		all, list  bool
		body, from string
	)
	cmd := &cobra.Command{
		Use:   "reply ID --body FILE|-",
		Short: "Queue an answer; it works offline",
		Args:  exactly(1, "reply needs one ID"),
		RunE: func(c *cobra.Command, args []string) error {
			if all && list {
				return usage("--list goes to the list alone; --all goes to it, too")
			}
			return a.answer(c.Context(), args, body, from, func(ctx context.Context, store *localstore.Store, id localstore.MessageID) (outgoing.Beginning, error) {
				if list {
					return outgoing.ReplyToList(ctx, store, id)
				}
				return outgoing.Reply(ctx, store, id, all)
			}, nil)
		},
	}
	cmd.Flags().BoolVar(&all, "all", false, "to everybody")
	cmd.Flags().BoolVar(&list, "list", false, "to the mailing list that the message came by, and nobody else")
	cmd.Flags().StringVar(&body, "body", "", "the text, from a `FILE` or - for standard input")
	cmd.Flags().StringVar(&from, "from", "", fromUsage)
	return cmd
}

func (a *app) forwardCmd() *cobra.Command {
	var (
		to         []string
		body, from string
		attached   bool
	)
	cmd := &cobra.Command{
		Use:   "forward ID --to ADDRESS",
		Short: "Queue a message for somebody else, attachments and all",
		Args:  exactly(1, "forward needs one ID"),
		RunE: func(c *cobra.Command, args []string) error {
			if len(to) == 0 {
				return usage("forward needs --to")
			}
			begin := outgoing.Forward
			if attached {
				begin = outgoing.ForwardAttached
			}
			return a.answer(c.Context(), args, body, from, begin, to)
		},
	}
	cmd.Flags().StringArrayVar(&to, "to", nil, "an `address`")
	cmd.Flags().BoolVar(&attached, "attached", false, "as a file, just as it is")
	cmd.Flags().StringVar(&body, "body", "", "words to go before it, from a `FILE` or - for standard input")
	cmd.Flags().StringVar(&from, "from", "", fromUsage)
	return cmd
}

const fromUsage = "the `address` of the identity to write as (else the one that the message was written to)"

// answer queues what begin made of a message, with text before what it quotes.
func (a *app) answer(ctx context.Context, args []string, body, from string, begin func(context.Context, *localstore.Store, localstore.MessageID) (outgoing.Beginning, error), to []string) error {
	ids, err := messageIDs(args)
	if err != nil {
		return err
	}
	var text []byte
	if body != "" {
		if text, err = a.readFile(body); err != nil {
			return err
		}
	} else if to == nil {
		return usage("reply needs --body FILE or --body -")
	}
	if _, err := a.open(ctx); err != nil {
		return err
	}
	section := localstore.WishWhole // a message goes on with all its attachments
	if to == nil {
		section = localstore.WishText
	}
	err = a.bring(ctx, ids[0], section)
	if away := fault.Is(err, fault.Online) || fault.Is(err, fault.Later); err != nil && !(to == nil && away) {
		return err
	}
	b, err := begin(ctx, a.profile.Store, ids[0])
	if err != nil {
		return err
	}
	defer b.Close()
	if err := a.writeAs(ctx, &b, from); err != nil {
		return err
	}
	switch behind := b.Behind(); {
	case to == nil && !b.Quoted():
		a.say("the text of the message is not here, so it is not quoted")
	case to != nil && (len(behind) > 0 || !b.Quoted()):
		return missing("The message cannot be passed on whole: not all of it could be fetched. %s", strings.Join(behind, ", "))
	}
	b.Draft.Text = letter.Sign(string(text)+"\n"+b.Draft.Text, b.Sender.Signature)
	for _, r := range to {
		b.Draft.To = append(b.Draft.To, letter.ParseAddresses(r)...)
	}
	return a.queue(ctx, outgoing.Letter{Account: b.Account, Draft: b.Draft, Answers: b.Answers})
}
