package vm

import (
	"cmp"
	"context"
	"slices"

	"paquebot.app/internal/fault"
	"paquebot.app/localstore"
)

// Follow takes changes of the store; it is called off the window's goroutine.
func (l *List) Follow(c Changes) {
	mail, index := c.About(localstore.TopicMessages), c.About(localstore.TopicSearch)
	outbox := c.About(localstore.TopicOutbox)
	if !mail && !index && !outbox {
		return
	}
	var ids []localstore.MessageID
	for _, one := range c.List {
		if one.Topic == localstore.TopicMessages && one.Message != 0 && !slices.Contains(ids, one.Message) {
			ids = append(ids, one.Message)
		}
	}
	l.env.Dispatch.Do(func() {
		switch {
		case l.query != "" || l.place.Flagged:
			if mail || index {
				l.refind()
			}
		case l.place.Folder == 0:
		case c.Overflow:
			l.again()
		case len(ids) > 0:
			l.follow(ids)
		}
	})
}

// news is what became of a message that changed.
type news struct {
	id    localstore.MessageID
	ord   localstore.Ord
	here  bool                 // it stands in the list
	stays bool                 // it would, but for the filter
	below localstore.MessageID // the one it stands above, 0 at the end
	row   ListRow
}

// follow brings single messages up to date.
func (l *List) follow(ids []localstore.MessageID) {
	turn, wanted := l.turn, l.wanted()
	l.jobs.do(true, func(ctx context.Context) func() {
		var all []news
		unread := 0
		err := l.env.Store.Read(ctx, func(v *localstore.View) error {
			all = all[:0]
			f, err := v.Folder(wanted.Folder)
			if err != nil {
				return err
			}
			unread = f.Unread
			for _, id := range ids {
				n, err := newsOf(v, wanted, id)
				if err != nil {
					return err
				}
				all = append(all, n)
			}
			return nil
		})
		if err != nil {
			l.env.Failed("list changes", err)
			return nil
		}
		// The oldest first: then the one below is always there.
		slices.SortFunc(all, func(a, b news) int { return cmp.Compare(a.ord, b.ord) })
		return func() {
			if turn == l.turn {
				l.unread = unread
				l.takeNews(all)
			}
		}
	})
}

func newsOf(v *localstore.View, wanted localstore.List, id localstore.MessageID) (news, error) {
	n := news{id: id}
	m, err := v.Message(id)
	if f := fault.Of(err); f != nil && f.Cause == fault.Missing {
		return n, nil
	}
	if err != nil || m.Folder != wanted.Folder || m.State != localstore.Shown {
		return n, err
	}
	n.ord, n.stays = m.Ord, true
	at, _, err := v.MessageIDs(wanted, m.Ord+1, 2)
	if err != nil {
		return n, err
	}
	if len(at) > 0 && at[0] == id {
		n.here = true
		if len(at) > 1 {
			n.below = at[1]
		}
	}
	rows, err := rowsOf(v, []localstore.Message{m})
	if err == nil {
		n.row = rows[0]
	}
	return n, err
}

func (l *List) takeNews(all []news) {
	moves := false
	for _, n := range all {
		_, there := l.spots.index(n.id)
		moves = moves || there && !n.stays || !there && n.here && l.canPlace(n)
	}
	rows := func() {
		for _, n := range all {
			if n.stays {
				l.rows[n.id] = n.row
			} else {
				delete(l.rows, n.id)
			}
		}
	}
	if !moves {
		rows()
		l.Changed(ListRows, nil)
		return
	}
	l.Changed(ListMoved, func() {
		rows()
		for _, n := range all {
			l.place1(n)
		}
	})
}

// canPlace tells whether a message's place is in the part that is loaded.
func (l *List) canPlace(n news) bool {
	if n.below == 0 {
		return !l.partial
	}
	_, ok := l.spots.index(n.below)
	return ok
}

// place1 makes one message stand, or not stand, in the list. What the user
// looks at does not vanish because it is read or unflagged now.
func (l *List) place1(n news) {
	_, there := l.spots.index(n.id)
	switch {
	case there && !n.stays:
		l.spots.remove(n.id)
		l.total--
	case !there && n.here && l.canPlace(n):
		i := len(l.spots.ids)
		if n.below != 0 {
			i, _ = l.spots.index(n.below)
		}
		l.spots.insert(i, n.id)
		l.total++
	}
}

// again loads the whole list anew, not too often.
func (l *List) again() {
	turn := l.turn
	l.later(func() {
		if turn == l.turn {
			l.open(false)
		}
	})
}
