package main

import (
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"paquebot.app/internal/letter"
	"paquebot.app/localstore"
)

// messagesJSON is the answer of list and search.
type messagesJSON struct {
	Messages      []messageJSON `json:"messages"`
	Total         int           `json:"total"`
	Searched      int           `json:"searched"`
	NotSearchable int           `json:"not_searchable"`
}

const limitWords = "--limit is how many to list; 0 lists all"

func (a *app) listCmd() *cobra.Command {
	var (
		limit                     int
		unread, onlyHere, threads bool
	)
	cmd := &cobra.Command{
		Use:   "list [ACCOUNT/]FOLDER",
		Short: "List the messages of a folder, newest first",
		Args:  exactly(1, "list needs one folder, such as INBOX or work/Sent"),
		RunE: func(c *cobra.Command, args []string) error {
			if limit < 0 {
				return usage("%s", limitWords)
			}
			var answer messagesJSON
			err := a.read(c.Context(), func(v *localstore.View) error {
				f, err := folderOf(v, args[0])
				if err != nil {
					return err
				}
				list := localstore.List{Folder: f.ID, Unread: unread, OnlyHere: onlyHere}
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
	cmd.Flags().BoolVar(&onlyHere, "only-here", false, "only what is on this computer and not on the account's IMAP server")
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
