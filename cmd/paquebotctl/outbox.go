package main

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"strconv"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"paquebot.app/internal/clock"
	"paquebot.app/internal/smtpreply"
	"paquebot.app/localstore"
)

// now tells the time; commands have no clock of their own.
var now = clock.System.Now

type letterJSON struct {
	N          localstore.OutboxID    `json:"n"`
	ID         localstore.MessageID   `json:"id"`
	Account    string                 `json:"account"`
	MessageID  string                 `json:"message_id"`
	State      localstore.OutboxState `json:"state"`
	Attempts   int                    `json:"attempts"`
	NextTry    string                 `json:"next_try"`
	Error      string                 `json:"error"`
	Reason     string                 `json:"reason"`
	AskAt      string                 `json:"ask_at"`
	Subject    string                 `json:"subject"`
	Recipients []recipientJSON        `json:"recipients"`
}

type recipientJSON struct {
	Address string `json:"address"`
	State   string `json:"state"`
	Reply   string `json:"reply"`
	Reason  string `json:"reason"`
	Bounced string `json:"bounced"`
}

func letterRow(v *localstore.View, l localstore.Letter) (letterJSON, error) {
	row := letterJSON{N: l.N, ID: l.Message, MessageID: "<" + l.HeaderID + ">", State: l.State, Attempts: l.Attempts, NextTry: stamp(l.NotBefore), Error: l.Error, AskAt: stamp(l.AsksAt()), Recipients: []recipientJSON{}}
	missed, err := refusals(v, l)
	if err != nil {
		return row, err
	}
	row.Error = cmp.Or(row.Error, l.HoldReason, missed)
	for _, r := range l.Recipients {
		if l.State == localstore.OutCancelled && r.State == localstore.RecipientQueued {
			r.State = string(localstore.OutCancelled)
		}
		row.Recipients = append(row.Recipients, recipientJSON{r.Address, r.State, r.Reply, string(smtpreply.Of(r.Reply)), r.Bounced})
	}
	if row.Reason, row.Error, err = reason(v, l, row.Error); err != nil {
		return row, err
	}
	account, err := v.Account(l.Account)
	if err != nil {
		return row, err
	}
	row.Account = account.Name
	if l.Message != 0 {
		m, err := v.Message(l.Message)
		if err != nil {
			return row, err
		}
		row.Subject = m.Subject
	}
	return row, nil
}

// reason returns why a letter has not left, as one word and for people: what was
// said of the letter, else why its account can send nothing.
func reason(v *localstore.View, l localstore.Letter, words string) (reason, text string, err error) {
	switch kind := smtpreply.Of(words); {
	case l.Restored():
		return "restored", words, nil
	case l.State == localstore.OutHeld && l.Newer != 0:
		return "newer-message", words, nil
	case l.State == localstore.OutHeld || l.State == localstore.OutUnsure:
		return string(l.State), words, nil
	case kind != smtpreply.None:
		return string(kind), words, nil
	case l.State != localstore.OutQueued || l.NotBefore.After(now()):
		return "", words, nil
	}
	s, err := v.Submission(l.Account)
	return string(s.Trouble), cmp.Or(words, s.Words), err
}

func (a *app) outboxCmd() *cobra.Command {
	cmd := &cobra.Command{Use: "outbox", Short: "Letters on their way"}
	cmd.Args = exactly(0, "outbox needs list, show, cancel, retry, confirm or release")
	cmd.RunE = func(c *cobra.Command, _ []string) error { return c.Help() }
	var all bool
	list := &cobra.Command{
		Use:   "list",
		Short: "List the letters that have not left, are not filed, or did not reach everybody",
		Args:  exactly(0, "outbox list takes no arguments"),
		RunE:  func(c *cobra.Command, _ []string) error { return a.listOutbox(c.Context(), all) },
	}
	list.Flags().BoolVar(&all, "all", false, "also those that are filed or cancelled")
	cmd.AddCommand(list,
		a.letterCmd("show N", "Show one letter", nil),
		a.letterCmd("cancel N", "Take a letter back", cancelLetter),
		a.letterCmd("retry N", "Try a letter as soon as there is a connection", (*localstore.Tx).RetryLetter),
		a.confirmCmd(), a.releaseCmd(),
	)
	return cmd
}

func (a *app) listOutbox(ctx context.Context, all bool) error {
	rows := []letterJSON{}
	err := a.read(ctx, func(v *localstore.View) error {
		letters, err := lettersToShow(v, 0, all)
		if err != nil {
			return err
		}
		for _, l := range letters {
			row, err := letterRow(v, l)
			if err != nil {
				return err
			}
			rows = append(rows, row)
		}
		return nil
	})
	if err != nil {
		return err
	}
	return a.print(map[string]any{"outbox": rows}, func(w io.Writer) {
		t := tabwriter.NewWriter(w, 0, 4, 2, ' ', 0)
		for _, r := range rows {
			to := ""
			if len(r.Recipients) > 0 {
				to = r.Recipients[0].Address
			}
			if len(r.Recipients) > 1 {
				to += fmt.Sprintf(" and %d more", len(r.Recipients)-1)
			}
			fmt.Fprintf(t, "%d\t%s\t%s\t%s\t%s\n", r.N, r.State, to, cut(r.Subject, 50), cut(r.Error, 60))
		}
		t.Flush()
	})
}

// letterCmd is a command about one letter; do may be nil.
func (a *app) letterCmd(use, short string, do func(*localstore.Tx, localstore.OutboxID) error) *cobra.Command {
	return &cobra.Command{
		Use:   use,
		Short: short,
		Args:  exactly(1, use+": N is the number that outbox list prints"),
		RunE: func(c *cobra.Command, args []string) error {
			n, err := letterNumber(args[0])
			if err != nil {
				return err
			}
			if do != nil {
				if err := a.write(c.Context(), "outbox", func(tx *localstore.Tx) error { return do(tx, n) }); err != nil {
					return err
				}
			}
			return a.showLetter(c.Context(), n)
		},
	}
}

// cancelLetter takes a letter back, and says so where that was done before.
func cancelLetter(tx *localstore.Tx, n localstore.OutboxID) error {
	l, err := tx.Letter(n)
	if err != nil {
		return err
	}
	if l.State == localstore.OutCancelled {
		return badData(fmt.Sprintf("Letter %d was cancelled already; it is not sent.", n), nil)
	}
	return tx.CancelLetter(n)
}

func letterNumber(s string) (localstore.OutboxID, error) {
	n, err := strconv.ParseInt(s, 10, 64)
	if err != nil || n <= 0 {
		return 0, usage("%q is no number of a letter", s)
	}
	return localstore.OutboxID(n), nil
}

func (a *app) confirmCmd() *cobra.Command {
	var sent, again bool
	cmd := &cobra.Command{
		Use:   "confirm N --sent|--again",
		Short: "Say what became of a letter whose answer was lost, or that you know whom one did not reach",
		Args:  exactly(1, "confirm needs the number that outbox list prints"),
		RunE: func(c *cobra.Command, args []string) error {
			n, err := letterNumber(args[0])
			if err != nil {
				return err
			}
			if sent == again {
				return usage("confirm needs either --sent or --again")
			}
			err = a.write(c.Context(), "confirm letter", func(tx *localstore.Tx) error { return confirmLetter(tx, n, sent) })
			if err != nil {
				return err
			}
			return a.showLetter(c.Context(), n)
		},
	}
	cmd.Flags().BoolVar(&sent, "sent", false, "it went out; of a letter that was refused for some of its recipients: you know")
	cmd.Flags().BoolVar(&again, "again", false, "send it again")
	return cmd
}

func (a *app) releaseCmd() *cobra.Command {
	return &cobra.Command{
		Use:   "release",
		Short: "Say that a profile that was copied or restored goes on here: its letters leave, and its mail leaves POP servers again",
		Args:  exactly(0, "outbox release takes no arguments"),
		RunE: func(c *cobra.Command, _ []string) error {
			var letters int
			err := a.write(c.Context(), "release letters", func(tx *localstore.Tx) (err error) {
				letters, err = tx.ReleaseRestored()
				return err
			})
			if err != nil {
				return err
			}
			return a.print(map[string]any{"released": letters}, func(w io.Writer) {
				fmt.Fprintf(w, "letters that leave with the next connection: %d\n", letters)
			})
		},
	}
}

func (a *app) showLetter(ctx context.Context, n localstore.OutboxID) error {
	var row letterJSON
	err := a.read(ctx, func(v *localstore.View) error {
		l, err := v.Letter(n)
		if err != nil {
			return err
		}
		row, err = letterRow(v, l)
		return err
	})
	if err != nil {
		return err
	}
	return a.print(row, func(w io.Writer) {
		fmt.Fprintf(w, "letter %d  %s  %s\n", row.N, row.State, row.Subject)
		for _, r := range row.Recipients {
			fmt.Fprintf(w, "  %s  %s  %s\n", r.Address, r.State, r.Reply)
		}
		if row.Error != "" {
			fmt.Fprintln(w, "  "+row.Error)
		}
	})
}
