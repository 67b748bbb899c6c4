package main

import (
	"errors"
	"fmt"
	"io"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"paquebot.app/localstore"
)

// heldJSON is a message that its server lists no more.
type heldJSON struct {
	messageJSON
	Since string `json:"since"`
	Until string `json:"until"` // "" where it waits for an answer
	Why   string `json:"why"`
}

// pausedJSON is a folder that waits for an answer.
type pausedJSON struct {
	Account string `json:"account"`
	Folder  string `json:"folder"`
	Why     string `json:"why"`
	Waiting int    `json:"waiting"`
	Whole   int    `json:"whole"`
	Headers int    `json:"headers"`
}

type heldListJSON struct {
	Held   []heldJSON   `json:"held"`
	Total  int          `json:"total"`
	Paused []pausedJSON `json:"paused"`
}

func (a *app) heldCmd() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "held",
		Short: "Mail that a server stopped listing: what is kept of it, and until when",
		Args:  exactly(0, "held needs list, keep, putback or remove"),
	}
	cmd.RunE = func(c *cobra.Command, _ []string) error { return c.Help() }
	cmd.AddCommand(a.heldListCmd(),
		a.heldAnswerCmd(localstore.KeepHere, "Keep it on this computer, for good"),
		a.heldAnswerCmd(localstore.PutBack, "Put it on the server again, with its flags and its date; works offline"),
		a.heldAnswerCmd(localstore.Remove, "Let it go: from a paused folder to the hold for 30 days, from the hold for good"))
	return cmd
}

func (a *app) heldListCmd() *cobra.Command {
	var limit int
	cmd := &cobra.Command{
		Use:   "list [[ACCOUNT/]FOLDER]",
		Short: "List what is held, and the folders that wait for an answer; of a paused folder what waits in it",
		Args:  cobra.MaximumNArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			if limit < 0 {
				return usage("%s", limitWords)
			}
			answer := heldListJSON{Held: []heldJSON{}, Paused: []pausedJSON{}}
			err := a.read(c.Context(), func(v *localstore.View) error {
				var of localstore.FolderID
				var held []localstore.HeldMessage
				if len(args) == 1 {
					f, err := folderOf(v, args[0])
					if err != nil {
						return err
					}
					of = f.ID
					if held, err = v.WaitingMessages(of); err != nil {
						return err
					}
				}
				more, err := v.HeldMessages(0, of)
				if err != nil {
					return err
				}
				held = append(held, more...)
				if answer.Total = len(held); limit > 0 && len(held) > limit {
					held = held[:limit]
				}
				if answer.Held, err = heldRows(v, held); err != nil {
					return err
				}
				answer.Paused, err = pausedRows(v, of)
				return err
			})
			if err != nil {
				return err
			}
			return a.print(answer, func(w io.Writer) { printHeld(w, answer) })
		},
	}
	cmd.Flags().IntVar(&limit, "limit", 100, "how many; 0 lists all")
	return cmd
}

func heldRows(v *localstore.View, held []localstore.HeldMessage) ([]heldJSON, error) {
	messages := make([]localstore.Message, len(held))
	for i, h := range held {
		messages[i] = h.Message
	}
	rows, err := messageRows(v, messages)
	if err != nil {
		return nil, err
	}
	out := make([]heldJSON, len(rows))
	for i, r := range rows {
		out[i] = heldJSON{r, stamp(held[i].Since), stamp(held[i].Until), held[i].Why}
	}
	return out, nil
}

// pausedRows returns the folders that wait; with of that one alone.
func pausedRows(v *localstore.View, of localstore.FolderID) ([]pausedJSON, error) {
	rows := []pausedJSON{}
	all, err := v.PausedFolders()
	if err != nil {
		return nil, err
	}
	for _, p := range all {
		if of != 0 && p.ID != of {
			continue
		}
		account, err := v.Account(p.Account)
		if err != nil {
			return nil, err
		}
		rows = append(rows, pausedJSON{account.Name, p.Path, p.Paused, p.Waiting, p.Whole, p.Headers})
	}
	return rows, nil
}

func printHeld(w io.Writer, answer heldListJSON) {
	for _, p := range answer.Paused {
		fmt.Fprintf(w, "%s/%s waits for you: %s\n", p.Account, p.Folder, p.Why)
		fmt.Fprintf(w, "  %d wait, %d of them here whole; answer with held keep, putback or remove %q\n", p.Waiting, p.Whole, p.Account+"/"+p.Folder)
	}
	t := tabwriter.NewWriter(w, 0, 4, 2, ' ', 0)
	for _, m := range answer.Held {
		until := "until you decide"
		if end, err := time.Parse(time.RFC3339, m.Until); err == nil {
			until = "until " + end.Local().Format("2006-01-02")
		}
		fmt.Fprintf(t, "%d\t%s\t%s/%s\t%s\t%s\t%s\n", m.ID, until, m.Account, m.Folder, cut(sender(m.From), 28), cut(m.Subject, 60), m.Why)
	}
	t.Flush()
	if more := answer.Total - len(answer.Held); more > 0 {
		fmt.Fprintf(w, "and %d more (--limit 0 lists all)\n", more)
	}
}

// settledJSON is what an answer did.
type settledJSON struct {
	Kept    int      `json:"kept"`
	PutBack int      `json:"put_back"` // goes with the next connection
	There   int      `json:"there"`
	Partial int      `json:"partial"`
	Headers int      `json:"headers"`
	Held    int      `json:"held"`
	Removed int      `json:"removed"`
	Made    []string `json:"made"`
}

func (a *app) heldAnswerCmd(answer localstore.Answer, short string) *cobra.Command {
	return &cobra.Command{
		Use:   string(answer) + " ID…|[ACCOUNT/]FOLDER",
		Short: short,
		Long: short + ".\n\nA folder that is paused: the answer to its question. A folder that is not: all that is held of it.\n" +
			"Ids are those that held list prints.",
		Args: atLeastOne("held " + string(answer) + " needs ids, or a folder"),
		RunE: func(c *cobra.Command, args []string) error {
			var ids []localstore.MessageID
			var folder localstore.Folder
			err := a.read(c.Context(), func(v *localstore.View) (err error) {
				ids, folder, err = heldNamed(v, args)
				return err
			})
			if err != nil {
				return err
			}
			var done localstore.Settled
			if folder.Paused != "" {
				done, err = a.profile.Store.EndPause(c.Context(), folder.ID, answer)
			} else {
				err = a.write(c.Context(), "held", func(tx *localstore.Tx) (err error) {
					done, err = tx.AnswerHeld(ids, answer)
					return err
				})
			}
			if err != nil {
				return err
			}
			return a.settled(done, folder.Paused == "")
		},
	}
}

// heldNamed finds the messages, or the paused folder, that arguments name. A
// number is an id, unless only a folder has it for a name.
func heldNamed(v *localstore.View, args []string) ([]localstore.MessageID, localstore.Folder, error) {
	none := localstore.Folder{}
	ids, err := known(v, args)
	if err == nil {
		return ids, none, nil
	}
	if len(args) > 1 || !isMissing(err) && !errors.As(err, new(usageError)) {
		return nil, none, err
	}
	f, folderErr := folderOf(v, args[0])
	if folderErr != nil {
		if isMissing(err) { // no such message is the better answer to a number
			return nil, none, err
		}
		return nil, none, folderErr
	}
	if f.Paused != "" {
		return nil, f, nil
	}
	held, err := v.HeldMessages(0, f.ID)
	if err != nil {
		return nil, none, err
	}
	if len(held) == 0 {
		return nil, none, missing("Nothing of the folder %q is held.", f.Path)
	}
	for _, h := range held {
		ids = append(ids, h.ID)
	}
	return ids, none, nil
}

// settled prints what an answer or an upload did. Where nothing of single
// messages could be done the request is refused.
func (a *app) settled(r localstore.Settled, single bool) error {
	out := settledJSON{r.Kept, r.Going, r.There, r.Partial, r.Headers, r.Held, r.Removed, append([]string{}, r.Made...)}
	if single && r.Kept+r.Going+r.There+r.Held+r.Removed == 0 {
		switch {
		case r.Partial > 0:
			return badData("Nothing was put back: not every byte of it is on this computer. It stays here, as it is.", nil)
		case r.Headers > 0:
			return badData("Nothing but headers was ever downloaded, so there is nothing to keep or put back.", nil)
		}
	}
	return a.print(out, func(w io.Writer) {
		for _, line := range []struct {
			n    int
			text string
		}{
			{r.Kept, "stay on this computer only"}, {r.Going, "go to the server with the next connection"},
			{r.There, "were there already"}, {r.Partial, "are not here whole, so they cannot be put back; they stay as they are"},
			{r.Headers, "were nothing but headers"}, {r.Held, "are held for 30 days more"}, {r.Removed, "are removed"},
		} {
			if line.n > 0 {
				fmt.Fprintf(w, "%d %s\n", line.n, line.text)
			}
		}
		for _, path := range r.Made {
			fmt.Fprintf(w, "the folder %q is made on the server again\n", path)
		}
	})
}

// sayWhatIsPaused names the folders of an account that wait for an answer.
func (a *app) sayWhatIsPaused(v *localstore.View, account localstore.AccountID) error {
	all, err := v.PausedFolders()
	if err != nil {
		return err
	}
	for _, p := range all {
		if p.Account == account {
			a.say("the folder %s waits for you: %s Say which: held keep, held putback or held remove", p.Path, p.Paused)
		}
	}
	return nil
}
