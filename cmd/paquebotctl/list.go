package main

import (
	"context"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"paquebot.app/internal/letter"
	"paquebot.app/localstore"
	"paquebot.app/sync/engine"
)

// messagesJSON is the answer of list and search.
type messagesJSON struct {
	Messages      []messageJSON `json:"messages"`
	Total         int           `json:"total"`
	Searched      int           `json:"searched"`
	NotSearchable int           `json:"not_searchable"`
}

func (a *app) listCmd() *cobra.Command {
	var (
		limit           int
		unread, threads bool
	)
	cmd := &cobra.Command{
		Use:   "list [ACCOUNT/]FOLDER",
		Short: "List the messages of a folder, newest first",
		Args:  exactly(1, "list needs one folder, such as INBOX or work/Sent"),
		RunE: func(c *cobra.Command, args []string) error {
			var answer messagesJSON
			err := a.read(c.Context(), func(v *localstore.View) error {
				f, err := folderOf(v, args[0])
				if err != nil {
					return err
				}
				list := localstore.List{Folder: f.ID, Unread: unread}
				if answer.Total, err = v.Count(list); err != nil {
					return err
				}
				answer.Searched = answer.Total
				ids, err := idsOf(v, list, limit, threads)
				if err != nil {
					return err
				}
				answer.Messages, err = rowsOf(v, ids)
				return err
			})
			if err != nil {
				return err
			}
			return a.print(answer, func(w io.Writer) { printMessages(w, answer.Messages) })
		},
	}
	cmd.Flags().IntVar(&limit, "limit", 100, "how many; 0 lists all")
	cmd.Flags().BoolVar(&unread, "unread", false, "only unread ones")
	cmd.Flags().BoolVar(&threads, "threads", false, "the newest message of each conversation")
	return cmd
}

// idsOf returns the ids of a list or of its conversations; limit 0 is all.
func idsOf(v *localstore.View, list localstore.List, limit int, threads bool) ([]localstore.MessageID, error) {
	var (
		ids    []localstore.MessageID
		before localstore.Ord
	)
	for limit == 0 || len(ids) < limit {
		page := 1000
		if limit > 0 {
			page = min(page, limit-len(ids))
		}
		var got []localstore.MessageID
		if threads {
			rows, err := v.Threads(list.Folder, before, page)
			if err != nil {
				return nil, err
			}
			for _, r := range rows {
				got, before = append(got, r.Last), r.Ord
			}
		} else {
			var err error
			if got, before, err = v.MessageIDs(list, before, page); err != nil {
				return nil, err
			}
		}
		ids = append(ids, got...)
		if len(got) < page {
			break
		}
	}
	return ids, nil
}

func rowsOf(v *localstore.View, ids []localstore.MessageID) ([]messageJSON, error) {
	messages, err := v.Messages(ids)
	if err != nil {
		return nil, err
	}
	return messageRows(v, messages)
}

// printMessages writes a table: id, marks, date, sender, subject.
func printMessages(w io.Writer, rows []messageJSON) {
	t := tabwriter.NewWriter(w, 0, 4, 2, ' ', 0)
	for _, m := range rows {
		arrived, _ := time.Parse(time.RFC3339, m.Arrived) // our own writing
		fmt.Fprintf(t, "%d\t%s\t%s\t%s\t%s\n", m.ID, marksOf(m), arrived.Local().Format("2006-01-02 15:04"), cut(sender(m.From), 28), cut(m.Subject, 60))
	}
	t.Flush()
}

func sender(from string) string {
	if list := letter.ParseAddresses(from); len(list) > 0 {
		return list[0].Display()
	}
	return from
}

// marksOf writes a message's state in four letters.
func marksOf(m messageJSON) string {
	marks := []byte("u---")
	for _, f := range m.Flags {
		switch f {
		case "seen":
			marks[0] = '-'
		case "answered":
			marks[1] = 'r'
		case "flagged":
			marks[2] = '*'
		}
	}
	if len(m.Attachments) > 0 {
		marks[3] = '@'
	}
	return string(marks)
}

func cut(s string, n int) string {
	s = strings.Join(strings.Fields(s), " ")
	if r := []rune(s); len(r) > n {
		return string(r[:n-1]) + "…"
	}
	return s
}

func (a *app) searchCmd() *cobra.Command {
	var limit int
	cmd := &cobra.Command{
		Use:   "search QUERY",
		Short: "Search all mail that is here, newest first",
		Long:  "Words, \"quoted phrases\" and prefix* are searched in subjects, names, texts and names of\nattachments. from: to: subject: in: before: after: has:attachment is:unread is:flagged narrow it down.",
		Args:  atLeastOne("search needs something to look for"),
		RunE: func(c *cobra.Command, args []string) error {
			return a.search(c.Context(), strings.Join(args, " "), limit)
		},
	}
	cmd.Flags().IntVar(&limit, "limit", 100, "how many; 0 lists all")
	return cmd
}

func (a *app) search(ctx context.Context, typed string, limit int) error {
	store, err := a.open(ctx)
	if err != nil {
		return err
	}
	a.indexRest(ctx, store)
	found, err := store.Search(ctx, localstore.ParseQuery(typed, time.Local), limit)
	if err != nil {
		return err
	}
	waiting, err := notIndexed(ctx, store, found.NotSearchable)
	if err != nil {
		return err
	}
	answer := messagesJSON{Total: found.Total, Searched: found.Searched, NotSearchable: found.NotSearchable}
	err = store.Read(ctx, func(v *localstore.View) error {
		answer.Messages, err = rowsOf(v, found.Messages)
		return err
	})
	if err != nil {
		return err
	}
	if !a.json {
		defer a.say("%s", searchedWords(answer.Searched, answer.NotSearchable-waiting, waiting))
	}
	return a.print(answer, func(w io.Writer) { printMessages(w, answer.Messages) })
}

// searchedWords says how much of the mail was searched.
func searchedWords(searched, headers, waiting int) string {
	s := fmt.Sprintf("searched %d messages here; of %d more only the headers are here", searched, headers)
	if waiting > 0 {
		s += fmt.Sprintf(", and %d are here and not indexed yet: search again in a moment", waiting)
	}
	return s
}

// notIndexed counts the messages whose text is here and not in the index yet,
// at most limit.
func notIndexed(ctx context.Context, store *localstore.Store, limit int) (n int, err error) {
	err = store.Read(ctx, func(v *localstore.View) error {
		n = 0
		behind, err := v.Unindexed(limit)
		for _, u := range behind {
			if u.Body != localstore.BodyNone {
				n++
			}
		}
		return err
	})
	return n, err
}

// indexRest makes searchable what is not yet: what was written offline, or all
// mail after search.db had to be made anew. It is left to a process that runs
// the engine, and search answers without it from what is there.
func (a *app) indexRest(ctx context.Context, store *localstore.Store) {
	release, err := store.Lock()
	if err != nil {
		return
	}
	defer release()
	if err := engine.New(engine.Config{Store: store, Log: a.profile.Log}).IndexAll(ctx); err != nil {
		a.profile.Log.Warn("not indexed", "err", err)
	}
}

func (a *app) foldersCmd() *cobra.Command {
	return &cobra.Command{
		Use:   "folders [ACCOUNT]",
		Short: "List the folders with their counts",
		RunE: func(c *cobra.Command, args []string) error {
			rows := []folderJSON{}
			err := a.read(c.Context(), func(v *localstore.View) error {
				accounts, err := v.Accounts()
				if err != nil {
					return err
				}
				for _, account := range accounts {
					if len(args) > 0 && account.Name != args[0] {
						continue
					}
					folders, err := v.Folders(account.ID)
					if err != nil {
						return err
					}
					for _, f := range folders {
						row, err := folderRow(v, account.Name, f)
						if err != nil {
							return err
						}
						if account.Mode == localstore.Local && f.Total == 0 {
							continue
						}
						rows = append(rows, row)
					}
				}
				if len(args) > 0 && len(rows) == 0 {
					return missing("There is no account %q.", args[0])
				}
				return nil
			})
			if err != nil {
				return err
			}
			return a.print(map[string]any{"folders": rows}, func(w io.Writer) {
				t := tabwriter.NewWriter(w, 0, 4, 2, ' ', 0)
				for _, r := range rows {
					fmt.Fprintf(t, "%s/%s\t%d unread\t%d in all\t%s\n", r.Account, r.Path, r.Unread, r.Total, r.Where)
				}
				t.Flush()
			})
		},
	}
}
