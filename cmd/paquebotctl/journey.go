package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strconv"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"paquebot.app/internal/journey"
	"paquebot.app/internal/smtpreply"
	"paquebot.app/localstore"
)

// journeyJSON is the report of a time without a network.
type journeyJSON struct {
	N         localstore.JourneyID  `json:"n"`
	Account   string                `json:"account"`
	Since     string                `json:"since"`
	Online    string                `json:"online"`
	Ended     string                `json:"ended"`
	Text      string                `json:"text"`
	Sent      []journeyLetterJSON   `json:"sent"`
	Waiting   []journeyLetterJSON   `json:"waiting"`
	Received  []journeyFolderJSON   `json:"received"`
	Applied   []journeyAppliedJSON  `json:"applied"`
	Conflicts []journeyConflictJSON `json:"conflicts"`
}

type journeyLetterJSON struct {
	N          localstore.OutboxID    `json:"n"`
	ID         localstore.MessageID   `json:"id"`
	MessageID  string                 `json:"message_id"`
	Subject    string                 `json:"subject"`
	State      localstore.OutboxState `json:"state"`
	Error      string                 `json:"error"`
	Reason     string                 `json:"reason"`
	NextTry    string                 `json:"next_try"`
	QueueIDs   []string               `json:"queue_ids"`
	Recipients []journeyPersonJSON    `json:"recipients"`
}

type journeyPersonJSON struct {
	Address string `json:"address"`
	State   string `json:"state"`
	Reply   string `json:"reply"`
	QueueID string `json:"queue_id"`
}

type journeyFolderJSON struct {
	Folder string `json:"folder"`
	New    int    `json:"new"`
	Unread int    `json:"unread"`
}

type journeyAppliedJSON struct {
	Kind  localstore.PendingKind `json:"kind"`
	Count int                    `json:"count"`
}

type journeyConflictJSON struct {
	Text    string               `json:"text"`
	Letter  localstore.OutboxID  `json:"letter,omitempty"`
	Pending localstore.PendingID `json:"pending,omitempty"`
	Choices []string             `json:"choices"`
}

func journeyRow(v *localstore.View, j localstore.Journey) (journeyJSON, error) {
	account, err := v.Account(j.Account)
	row := journeyJSON{N: j.ID, Account: account.Name, Since: stamp(j.Since), Online: stamp(j.Online), Ended: stamp(j.Ended), Text: journey.Headline(j),
		Sent: journeyLetters(j.Sent), Waiting: journeyLetters(j.Waiting),
		Received: []journeyFolderJSON{}, Applied: []journeyAppliedJSON{}, Conflicts: []journeyConflictJSON{}}
	for _, f := range j.Received {
		row.Received = append(row.Received, journeyFolderJSON{f.Path, f.New, f.Unread})
	}
	for _, a := range j.Applied {
		row.Applied = append(row.Applied, journeyAppliedJSON{a.Kind, a.Count})
	}
	for _, c := range j.Conflicts {
		row.Conflicts = append(row.Conflicts, journeyConflictJSON{c.Text, c.Letter, c.Intent, c.Choices})
	}
	return row, err
}

func journeyLetters(letters []localstore.JourneyLetter) []journeyLetterJSON {
	rows := []journeyLetterJSON{}
	for _, l := range letters {
		row := journeyLetterJSON{l.Letter, l.Message, "<" + l.HeaderID + ">", l.Subject, l.State, l.Reason, string(smtpreply.Of(l.Reason)), stamp(l.Next),
			journey.QueueIDs(l), []journeyPersonJSON{}}
		for _, r := range l.Recipients {
			row.Recipients = append(row.Recipients, journeyPersonJSON{r.Address, r.State, r.Words(), journey.QueueID(r)})
		}
		rows = append(rows, row)
	}
	return rows
}

func (a *app) journeyCmd() *cobra.Command {
	cmd := &cobra.Command{Use: "journey", Short: "What happened when an account was online again after a time without a network", Args: exactly(0, "journey needs list, show or export")}
	cmd.RunE = func(c *cobra.Command, _ []string) error { return c.Help() }
	cmd.AddCommand(a.journeyListCmd(), a.journeyShowCmd(), a.journeyExportCmd())
	return cmd
}

func (a *app) journeyListCmd() *cobra.Command {
	var limit int
	cmd := &cobra.Command{
		Use:   "list [ACCOUNT]",
		Short: "List the reports, the newest first",
		RunE: func(c *cobra.Command, args []string) error {
			if len(args) > 1 || limit < 1 {
				return usage("journey list takes one ACCOUNT, or none, and a --limit of one or more")
			}
			rows := []journeyJSON{}
			err := a.read(c.Context(), func(v *localstore.View) error {
				of, err := ofAccount(v, args)
				if err != nil {
					return err
				}
				all, err := v.Journeys(of, limit)
				for _, j := range all {
					row, err := journeyRow(v, j)
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
			return a.print(map[string]any{"journeys": rows}, func(w io.Writer) {
				t := tabwriter.NewWriter(w, 0, 4, 2, ' ', 0)
				for _, r := range rows {
					fmt.Fprintf(t, "%d\t%s\t%s – %s\t%s\n", r.N, r.Account, r.Since, r.Online, r.Text)
				}
				t.Flush()
			})
		},
	}
	cmd.Flags().IntVar(&limit, "limit", 20, "at most `N`")
	return cmd
}

func (a *app) journeyShowCmd() *cobra.Command {
	return &cobra.Command{
		Use:   "show [N]",
		Short: "Show a report, the newest one without a number",
		RunE: func(c *cobra.Command, args []string) error {
			j, row, err := a.journeyNamed(c.Context(), args)
			if err != nil {
				return err
			}
			return a.print(row, func(w io.Writer) { io.WriteString(w, journey.Text(j, row.Account, time.Local)) })
		},
	}
}

func (a *app) journeyExportCmd() *cobra.Command {
	var format string
	cmd := &cobra.Command{
		Use:   "export N FILE",
		Short: "Write a report into a new file, as text or as JSON",
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) != 2 {
				return usage("journey export needs N and a FILE")
			}
			return nil
		},
		RunE: func(c *cobra.Command, args []string) error {
			if format != "text" && format != "json" {
				return usage("--format is text or json")
			}
			j, row, err := a.journeyNamed(c.Context(), args[:1])
			if err != nil {
				return err
			}
			data := []byte(journey.Text(j, row.Account, time.Local))
			if format == "json" {
				if data, err = json.MarshalIndent(row, "", "  "); err != nil {
					return err
				}
				data = append(data, '\n')
			}
			return a.writeNew(args[1], data)
		},
	}
	cmd.Flags().StringVar(&format, "format", "text", "text or json")
	return cmd
}

// writeNew writes a file that is not there yet: nothing is ever written over.
func (a *app) writeNew(name string, data []byte) error {
	f, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if errors.Is(err, fs.ErrExist) {
		return badData(name+" is there already; nothing was written.", nil)
	}
	if err != nil {
		return a.wrote(err)
	}
	_, err = f.Write(data)
	if err == nil {
		err = f.Sync()
	}
	if closed := f.Close(); err == nil {
		err = closed
	}
	if err != nil {
		os.Remove(name)
	}
	return a.wrote(err)
}

// journeyNamed finds a report by its number, or the newest.
func (a *app) journeyNamed(ctx context.Context, args []string) (j localstore.Journey, row journeyJSON, err error) {
	var n int64
	if len(args) > 0 {
		if n, err = strconv.ParseInt(args[0], 10, 64); err != nil || n <= 0 || len(args) > 1 {
			return j, row, usage("journey needs one number, as journey list prints them")
		}
	}
	err = a.read(ctx, func(v *localstore.View) error {
		if n != 0 {
			j, err = v.Journey(localstore.JourneyID(n))
		} else {
			all, failed := v.Journeys(0, 1)
			if failed != nil {
				return failed
			}
			if len(all) == 0 {
				return missing("There is no report yet: no account was without a network.")
			}
			j, err = all[0], nil
		}
		if err != nil {
			return err
		}
		row, err = journeyRow(v, j)
		return err
	})
	return j, row, err
}
