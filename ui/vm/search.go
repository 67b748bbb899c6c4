package vm

import (
	"context"
	"slices"
	"strings"

	"paquebot.app/internal/content"
	"paquebot.app/localstore"
)

// mostFound is how many found messages are listed.
const mostFound = 2000

// Search shows what a query finds, in all mail; "" ends the search and shows
// the place again. It may be called for every letter that is typed.
func (l *List) Search(text string) {
	text = strings.TrimSpace(text)
	if text == l.query {
		return
	}
	l.query = text
	l.begin()
}

// Query returns what is searched for, "" for nothing.
func (l *List) Query() string { return l.query }

// SearchNote says what a search could not look into; "" when it saw everything.
func (l *List) SearchNote() string {
	n := l.found.NotSearchable
	if l.query == "" || n == 0 || l.loading {
		return ""
	}
	return "Of " + count(n, "message") + " only the headers are here to be searched."
}

// ask returns the query in the store's words.
func (l *List) ask() localstore.Query {
	var q localstore.Query
	if l.query != "" {
		q = localstore.ParseQuery(l.query, l.env.Zone)
		q.PrefixLast = true
	} else {
		q.Account = l.place.Account
	}
	q.Flagged = q.Flagged || l.place.Flagged && l.query == "" || l.filter == Flagged
	q.Unread = q.Unread || l.filter == Unread
	q.Attachment = q.Attachment || l.filter == Attachments
	q.Text = l.env.text
	return q
}

// text returns the readable text of a message, for phrases.
func (e *Env) text(m localstore.Message) (string, error) {
	mail, err := content.Open(e.Ctx, e.Store, m.ID)
	if err != nil {
		return "", err
	}
	defer mail.Close()
	return mail.Letter.Text(), nil
}

// search runs the query; the one before is given up.
func (l *List) search(fresh bool) {
	turn, q, sight := l.turn, l.ask(), l.sight()
	var ctx context.Context
	ctx, l.cancel = context.WithCancel(l.env.Ctx)
	l.env.Go("search", func(context.Context) func() {
		began := l.env.Clock.Now()
		found, err := l.env.Store.Search(ctx, q, mostFound)
		if ctx.Err() != nil {
			return nil
		}
		if err != nil {
			l.env.Failed("search", err)
			return nil
		}
		rows, ok := l.read(ctx, slices.Concat(found.Messages[:min(len(found.Messages), topRows)], sight))
		if !ok {
			return nil
		}
		s, groups := spotsOf(found.Messages), l.today()
		if err := l.env.Store.Read(ctx, func(v *localstore.View) error {
			groups = l.today()
			return groups.count(v, s.ids)
		}); err != nil {
			l.env.Failed("search", err)
			return nil
		}
		took := l.env.Clock.Now().Sub(began)
		return func() {
			l.reload.took = took
			if turn != l.turn {
				return
			}
			apply := func() {
				l.found, l.loading = found, false
				l.replace(s, rows, groups)
			}
			if fresh {
				apply()
				l.Changed(ListNew, nil)
				return
			}
			l.Changed(ListMoved, apply)
		}
	})
}

// refind runs the query again, because mail changed, not too often.
func (l *List) refind() {
	turn := l.turn
	l.later(func() {
		if turn == l.turn {
			l.search(false)
		}
	})
}
