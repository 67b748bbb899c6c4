package vm

import (
	"context"

	"paquebot.app/localstore"
)

// Filter is what a list leaves out.
type Filter int

// The filters.
const (
	All Filter = iota
	Unread
	Flagged
	Attachments
	OnlyHere
)

// What happened to a List.
type ListEvent int

const (
	ListNew   ListEvent = iota // other messages altogether: show the top
	ListMoved                  // messages came or went: Len and the order changed
	ListRows                   // rows look different or have been loaded
	ListHead                   // title, counts or note
)

// firstPage is how many messages are shown at once; the rest of a long list is
// loaded in steps of nextPage behind it.
const (
	firstPage = 200
	nextPage  = 10_000
	// topRows are read with the ids.
	topRows = 40
	// keptRows is how many rows are remembered beyond those asked for last.
	keptRows = 2000
)

// List is the messages of a place, or what a search found. It holds ids; rows
// are read by page when they are asked for.
type List struct {
	// Changed is called on the window's goroutine. For ListMoved it is called
	// with apply, which makes the change: between before and after, the window
	// keeps what is selected and in sight. For others apply is nil.
	Changed func(e ListEvent, apply func())
	// InSight says which rows are in sight; it may be nil.
	InSight func() (first, last int)

	env   *Env
	jobs  serial
	place Place
	title string

	filter Filter
	mixed  bool // some of the folder's mail is only on this computer
	query  string
	turn   int                // of place, filter and query: older answers are dropped
	cancel context.CancelFunc // of the search that runs

	spots   spots
	groups  dateGroups
	total   int // what Len says while the list is not complete
	partial bool
	rows    map[localstore.MessageID]ListRow
	unread  int
	found   localstore.Found
	loading bool // nothing is known yet
	reload  throttle
}

// NewList returns a list that shows nothing.
func NewList(env *Env) *List {
	return &List{env: env, jobs: serial{env: env, what: "list"}, Changed: func(ListEvent, func()) {}}
}

// Show shows another place, without filter and search.
func (l *List) Show(p Place, title string) {
	l.place, l.title, l.filter, l.query, l.mixed = p, title, All, "", false
	l.env.openFolder(p.Folder)
	l.begin()
}

// Place returns what is shown; while searching, where the search began.
func (l *List) Place() Place { return l.place }

// SetFilter changes the filter.
func (l *List) SetFilter(f Filter) {
	if f != l.filter {
		l.filter = f
		l.begin()
	}
}

// Filter returns the filter.
func (l *List) Filter() Filter { return l.filter }

// Loading tells that it is not known yet what there is.
func (l *List) Loading() bool { return l.loading }

// Len returns the number of rows.
func (l *List) Len() int {
	if l.partial {
		return max(l.total, len(l.spots.ids))
	}
	return len(l.spots.ids)
}

// ID returns the message of a row, 0 for one that is not loaded.
func (l *List) ID(i int) localstore.MessageID {
	if i < 0 || i >= len(l.spots.ids) {
		return 0
	}
	return l.spots.ids[i]
}

// Index returns the row of a message.
func (l *List) Index(id localstore.MessageID) (int, bool) { return l.spots.index(id) }

// Row returns a row; ok is false for one that is not loaded: ask Need.
func (l *List) Row(i int) (r ListRow, ok bool) {
	r, ok = l.rows[l.ID(i)]
	return r, ok
}

// Date returns the date of a row as the list shows it. The row's group says
// already what yesterday is.
func (l *List) Date(r ListRow) string {
	at, now := r.Arrived.In(l.env.Zone), l.env.Clock.Now().In(l.env.Zone)
	if days(at, now) == 1 {
		return at.Format("15:04")
	}
	return shortDate(at, now)
}

// Groups returns the titles between the rows: when the messages arrived.
func (l *List) Groups() []DateGroup { return l.groups.titles() }

// today returns groups without messages, of the day it is.
func (l *List) today() dateGroups { return dateGroups{now: l.env.Clock.Now().In(l.env.Zone)} }

// Title returns what the list shows and how much of it there is.
func (l *List) Title() (title, note string) {
	if l.query != "" {
		if l.loading {
			return "Search", ""
		}
		note = thousands(l.found.Total) + " found"
		if l.found.More {
			note = "more than " + note
		}
		return "Search", note
	}
	switch {
	case l.loading:
		return l.title, ""
	case l.place.Flagged || l.filter == Flagged || l.filter == Attachments || l.filter == OnlyHere || holdsOwn(l.place.Role):
		return l.title, count(l.Len(), "message")
	case l.unread > 0:
		return l.title, thousands(l.unread) + " unread"
	}
	return l.title, ""
}

// Need loads rows from first to last. It is called for rows in sight.
func (l *List) Need(first, last int) {
	var ids []localstore.MessageID
	for i := max(first, 0); i <= last && i < len(l.spots.ids); i++ {
		if _, ok := l.rows[l.spots.ids[i]]; !ok {
			ids = append(ids, l.spots.ids[i])
		}
	}
	if len(ids) == 0 {
		return
	}
	turn := l.turn
	l.jobs.do(true, func(ctx context.Context) func() {
		if rows, ok := l.read(ctx, ids); ok {
			return func() {
				if turn == l.turn {
					l.keep(rows, first, last)
					l.Changed(ListRows, nil)
				}
			}
		}
		return nil
	})
}

// keep remembers rows, and forgets those far from the ones asked for.
func (l *List) keep(rows []ListRow, first, last int) {
	if len(l.rows) > keptRows+last-first {
		near := make(map[localstore.MessageID]ListRow, keptRows)
		for i := max(0, first-keptRows/4); i < last+keptRows/4; i++ {
			if r, ok := l.Row(i); ok {
				near[r.ID] = r
			}
		}
		l.rows = near
	}
	for _, r := range rows {
		l.rows[r.ID] = r
	}
}

// read reads rows; it is called off the window's goroutine.
func (l *List) read(ctx context.Context, ids []localstore.MessageID) (rows []ListRow, ok bool) {
	err := l.env.Store.Read(ctx, func(v *localstore.View) error {
		messages, err := v.Messages(ids)
		if err != nil {
			return err
		}
		rows, err = rowsOf(v, messages)
		return err
	})
	if err != nil {
		l.env.Failed("list rows", err)
	}
	return rows, err == nil
}
