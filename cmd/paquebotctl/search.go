package main

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"paquebot.app/localstore"
	"paquebot.app/sync/engine"
)

func (a *app) searchCmd() *cobra.Command {
	var limit int
	cmd := &cobra.Command{
		Use:   "search QUERY",
		Short: "Search all mail that is here, newest first",
		Long:  "Words, \"quoted phrases\" and prefix* are searched in subjects, names, texts and names of\nattachments. from: to: subject: in: before: after: has:attachment is:unread is:flagged\nis:local (only on this computer) is:held (what a server lists no more, for 30 days) narrow it down.",
		Args:  atLeastOne("search needs something to look for"),
		RunE: func(c *cobra.Command, args []string) error {
			if limit < 0 {
				return usage("%s", limitWords)
			}
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
	q := localstore.ParseQuery(typed, time.Local)
	if err := store.Read(ctx, func(v *localstore.View) error { return understood(v, q) }); err != nil {
		return err
	}
	a.indexRest(ctx, store)
	found, err := store.Search(ctx, q, limit)
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
		is := "are"
		if waiting == 1 {
			is = "is"
		}
		s += fmt.Sprintf(", and %d %s here and not indexed yet: search again in a moment", waiting, is)
	}
	return s
}

// mostCounted is enough to count for a sentence.
const mostCounted = 1_000_000

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
	if n, err := notIndexed(ctx, store, mostCounted); err == nil && n > indexedAtOnce {
		a.say("making %d messages searchable first", n)
	}
	if err := engine.New(engine.Config{Store: store, Log: a.profile.Log}).IndexAll(ctx); err != nil {
		a.profile.Log.Warn("not indexed", "err", err)
	}
}

// understood refuses what a query means as a limit and is none: it would be
// searched as a word and find nothing.
func understood(v *localstore.View, q localstore.Query) error {
	for _, w := range q.Words {
		switch key, _, _ := strings.Cut(strings.ToLower(w), ":"); {
		case key == strings.ToLower(w):
		case key == "before", key == "after":
			return usage("%q is no date; write %s:2026, %s:2026-05 or %s:2026-05-31", w, key, key, key)
		case key == "is":
			return usage("%q is nothing to search by; there are is:unread, is:flagged, is:local and is:held", w)
		case key == "has":
			return usage("%q is nothing to search by; there is has:attachment", w)
		case key == "in":
			return usage("%q names no folder; write in:INBOX or in:account/folder", w)
		}
	}
	if q.Folder == "" {
		return nil
	}
	accounts, err := v.Accounts()
	if err != nil {
		return err
	}
	for _, account := range accounts {
		folders, err := v.Folders(account.ID)
		if err != nil {
			return err
		}
		for _, f := range folders {
			if slices.ContainsFunc([]string{f.Path, string(f.Role), account.Name + "/" + f.Path}, func(name string) bool { return strings.EqualFold(name, q.Folder) }) {
				return nil
			}
		}
	}
	return missing("There is no folder %q to search in.", q.Folder)
}
