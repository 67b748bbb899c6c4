package vm

import (
	"cmp"
	"context"
	"slices"
	"time"

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
		case c.Overflow, l.groups.stale(l.env.Clock.Now().In(l.env.Zone)):
			l.again()
		case len(ids) > 0:
			l.follow(ids)
		}
	})
}

// news is what became of a message that changed.
type news struct {
	id     localstore.MessageID
	there  bool // it stood in the list when it was looked at
	loaded bool // its row is needed: it is in sight, or comes in
	ord    localstore.Ord
	at     time.Time            // of its arrival
	here   bool                 // it stands in the list
	stays  bool                 // it would, but for the filter
	below  localstore.MessageID // the one it stands above, 0 at the end
	row    ListRow
}

// follow brings single messages up to date.
func (l *List) follow(ids []localstore.MessageID) {
	turn, wanted := l.turn, l.wanted()
	all := make([]news, len(ids))
	for i, id := range ids {
		_, there := l.spots.index(id)
		_, loaded := l.rows[id]
		all[i] = news{id: id, there: there, loaded: loaded || !there}
	}
	l.jobs.do(true, func(ctx context.Context) func() {
		unread := 0
		err := l.env.Store.Read(ctx, func(v *localstore.View) error {
			f, err := v.Folder(wanted.Folder)
			if err != nil {
				return err
			}
			unread = f.Unread
			return readNews(v, wanted, ids, all)
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

// readNews looks at the messages: rows only of those in sight, places only of
// those that may come in or go.
func readNews(v *localstore.View, wanted localstore.List, ids []localstore.MessageID, all []news) error {
	messages, err := v.Messages(ids)
	if err != nil {
		return err
	}
	by := make(map[localstore.MessageID]localstore.Message, len(messages))
	for _, m := range messages {
		by[m.ID] = m
	}
	whole := wanted == localstore.List{Folder: wanted.Folder}
	for i := range all {
		n := &all[i]
		*n = news{id: n.id, there: n.there, loaded: n.loaded}
		m, found := by[n.id]
		if !found || m.Folder != wanted.Folder || m.State != localstore.Shown {
			continue
		}
		n.ord, n.at, n.stays = m.Ord, m.Arrived, true
		if n.there && whole {
			n.here = true
		} else if err := n.find(v, wanted); err != nil {
			return err
		}
		if !n.loaded {
			continue
		}
		rows, err := rowsOf(v, []localstore.Message{m})
		if err != nil {
			return err
		}
		n.row = rows[0]
	}
	return nil
}

// find reads whether a message stands in the list, and above which.
func (n *news) find(v *localstore.View, wanted localstore.List) error {
	at, _, err := v.MessageIDs(wanted, n.ord+1, 2)
	if err == nil && len(at) > 0 && at[0] == n.id {
		n.here = true
		if len(at) > 1 {
			n.below = at[1]
		}
	}
	return err
}

func (l *List) takeNews(all []news) {
	moves := false
	for _, n := range all {
		_, there := l.spots.index(n.id)
		moves = moves || there && !n.stays || !there && n.here && l.canPlace(n)
	}
	rows := func() {
		for _, n := range all {
			switch {
			case !n.stays:
				delete(l.rows, n.id)
			case n.loaded:
				l.rows[n.id] = n.row
			default: // read meanwhile, perhaps before it changed: asked for again
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
		i, _ := l.spots.index(n.id)
		l.spots.remove(n.id)
		l.groups.remove(i)
		l.total--
	case !there && n.here && l.canPlace(n):
		i := len(l.spots.ids)
		if n.below != 0 {
			i, _ = l.spots.index(n.below)
		}
		l.spots.insert(i, n.id)
		l.groups.insert(i, n.at)
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
