package vm

import (
	"context"
	"slices"
	"time"

	"paquebot.app/localstore"
)

// wanted returns the filter in the store's words.
func (l *List) wanted() localstore.List {
	return localstore.List{
		Folder: l.place.Folder, Unread: l.filter == Unread, Flagged: l.filter == Flagged, Attachments: l.filter == Attachments, OnlyHere: l.filter == OnlyHere,
	}
}

// begin loads another list; the old one is shown until it is there.
func (l *List) begin() {
	l.turn++
	if l.cancel != nil {
		l.cancel()
		l.cancel = nil
	}
	l.loading = true
	switch {
	case l.query != "" || l.place.Flagged:
		l.search(true)
	case l.place.Folder != 0:
		l.open(true)
	default:
		l.loading = false
		l.replace(spots{}, nil, l.today())
		l.Changed(ListNew, nil)
	}
}

// sight returns the messages in sight.
func (l *List) sight() []localstore.MessageID {
	if l.InSight == nil {
		return nil
	}
	first, last := l.InSight()
	if first < 0 || first > last || first >= len(l.spots.ids) {
		return nil
	}
	return slices.Clone(l.spots.ids[first:min(last+1, len(l.spots.ids))])
}

func (l *List) replace(s spots, rows []ListRow, g dateGroups) {
	l.spots, l.groups, l.partial = s, g, false
	l.rows = make(map[localstore.MessageID]ListRow, len(rows))
	for _, r := range rows {
		l.rows[r.ID] = r
	}
}

// opened is the beginning of a folder.
type opened struct {
	spots  spots
	rows   []ListRow
	groups dateGroups
	total  int
	unread int
	last   localstore.Ord // 0: that is all
}

// open loads the first page of a folder, or all of it to replace what is shown.
func (l *List) open(fresh bool) {
	turn, wanted, limit := l.turn, l.wanted(), firstPage
	var sight []localstore.MessageID
	if !fresh {
		limit, sight = 1<<30, l.sight()
	}
	l.jobs.do(fresh, func(ctx context.Context) func() {
		began := l.env.Clock.Now()
		o, err := l.readFirst(ctx, wanted, limit, sight)
		if err != nil {
			l.env.Failed("list", err)
			return nil
		}
		took := l.env.Clock.Now().Sub(began)
		return func() {
			l.reload.took = took
			if turn == l.turn {
				l.take(o, fresh)
			}
		}
	})
}

func (l *List) take(o opened, fresh bool) {
	l.unread = o.unread
	apply := func() {
		l.replace(o.spots, o.rows, o.groups)
		l.total, l.partial, l.loading = o.total, o.last != 0, false
	}
	if fresh {
		apply()
		l.Changed(ListNew, nil)
	} else {
		l.Changed(ListMoved, apply)
	}
	if o.last != 0 {
		l.more(o.last)
	}
	if fresh {
		l.look()
	}
}

// look finds out whether the filter OnlyHere is worth to be offered.
func (l *List) look() {
	turn, folder := l.turn, l.place.Folder
	l.jobs.do(false, func(ctx context.Context) func() {
		var mixed bool
		err := l.env.Store.Read(ctx, func(v *localstore.View) (err error) {
			mixed, err = v.HasOnlyHere(folder)
			return err
		})
		if err != nil {
			l.env.Failed("list", err)
			return nil
		}
		return func() {
			if turn == l.turn && mixed != l.mixed {
				l.mixed = mixed
				l.Changed(ListHead, nil)
			}
		}
	})
}

// Mixed tells whether some of the folder's mail seems to be on this computer
// only.
func (l *List) Mixed() bool { return l.mixed || l.filter == OnlyHere }

func (l *List) readFirst(ctx context.Context, wanted localstore.List, limit int, sight []localstore.MessageID) (o opened, err error) {
	err = l.env.Store.Read(ctx, func(v *localstore.View) error {
		o = opened{groups: l.today()}
		f, err := v.Folder(wanted.Folder)
		if err != nil {
			return err
		}
		o.unread = f.Unread
		ids, last, err := v.MessageIDs(wanted, 0, limit)
		if err != nil {
			return err
		}
		o.spots = spotsOf(ids)
		if len(ids) == limit {
			o.last = last
			if o.total, err = v.Count(wanted); err != nil {
				return err
			}
		}
		if err := o.groups.count(v, o.spots.ids); err != nil {
			return err
		}
		messages, err := v.Messages(slices.Concat(ids[:min(len(ids), topRows)], sight))
		if err != nil {
			return err
		}
		o.rows, err = rowsOf(v, messages)
		return err
	})
	return o, err
}

// more loads what follows below the first page, step by step, so that rows in
// sight never wait long.
func (l *List) more(before localstore.Ord) {
	turn, wanted := l.turn, l.wanted()
	l.jobs.do(false, func(ctx context.Context) func() {
		var ids []localstore.MessageID
		var last localstore.Ord
		groups := l.today()
		err := l.env.Store.Read(ctx, func(v *localstore.View) (err error) {
			if ids, last, err = v.MessageIDs(wanted, before, nextPage); err != nil {
				return err
			}
			groups = l.today()
			return groups.count(v, ids)
		})
		if err != nil {
			l.env.Failed("list", err)
			return nil
		}
		return func() {
			if turn != l.turn {
				return
			}
			complete := len(ids) < nextPage
			l.Changed(ListMoved, func() {
				l.spots.add(ids)
				l.groups.append(groups)
				l.partial = !complete
			})
			if !complete {
				l.more(last)
			}
		}
	})
}

// throttle keeps whole reloads of long lists apart: each is followed by a
// pause of some times what it took.
type throttle struct {
	waiting bool
	took    time.Duration
}

// later begins f on the window's goroutine after the pause, unless it is about
// to begin anyway.
func (l *List) later(f func()) {
	if l.reload.waiting {
		return
	}
	l.reload.waiting = true
	pause := min(4*l.reload.took, 2*time.Second)
	l.env.Go("list", func(ctx context.Context) func() {
		if pause > 0 {
			select {
			case <-l.env.Clock.After(pause):
			case <-ctx.Done():
			}
		}
		return func() {
			l.reload.waiting = false
			f()
		}
	})
}
