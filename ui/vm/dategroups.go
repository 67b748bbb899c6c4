package vm

import (
	"slices"
	"sort"
	"time"

	"paquebot.app/localstore"
)

// DateGroup is a title above a row of a list: "Yesterday".
type DateGroup struct {
	First int // the row below the title
	Title string
}

// dateGroups counts the messages of a list by when they arrived, the newest
// group first. A group's row follows from the counts above it, so that a
// message that comes or goes costs no reading.
type dateGroups struct {
	now    time.Time // what "today" means
	groups []dateGroup
}

type dateGroup struct {
	title string
	from  time.Time // of the earliest that belongs here
	n     int
}

// groupOf returns the group of an arrival: days and weeks near now, then
// months, then years.
func groupOf(t, now time.Time) dateGroup {
	day := func(back int) time.Time {
		return time.Date(now.Year(), now.Month(), now.Day()-back, 0, 0, 0, 0, now.Location())
	}
	monday := (int(now.Weekday()) + 6) % 7
	for _, g := range []dateGroup{
		{title: "Today", from: day(0)}, {title: "Yesterday", from: day(1)},
		{title: "This week", from: day(monday)}, {title: "Last week", from: day(monday + 7)},
		{title: "Earlier this month", from: day(now.Day() - 1)},
	} {
		if !t.Before(g.from) {
			return g
		}
	}
	if t = t.In(now.Location()); t.Year() < now.Year()-1 {
		return dateGroup{title: t.Format("2006"), from: time.Date(t.Year(), 1, 1, 0, 0, 0, 0, now.Location())}
	}
	return dateGroup{title: t.Format("January 2006"), from: time.Date(t.Year(), t.Month(), 1, 0, 0, 0, 0, now.Location())}
}

// count adds messages below all others; ids are in the order of the list.
// Of each group only a few are read: where it ends is found by halving.
func (d *dateGroups) count(v *localstore.View, ids []localstore.MessageID) error {
	for i := 0; i < len(ids); {
		t, err := arrival(v, ids, i)
		if err != nil {
			return err
		}
		g := groupOf(t, d.now)
		g.n = sort.Search(len(ids)-i-1, func(k int) bool {
			t, e := arrival(v, ids, i+1+k)
			if e != nil {
				err = e
			}
			return t.Before(g.from)
		}) + 1
		if err != nil {
			return err
		}
		i += g.n
		d.join(g)
	}
	return nil
}

// arrival returns when a message arrived; for one that is gone, when the next
// did that is there.
func arrival(v *localstore.View, ids []localstore.MessageID, i int) (time.Time, error) {
	for ; i < len(ids); i++ {
		m, err := v.Messages(ids[i : i+1])
		if err != nil {
			return time.Time{}, err
		}
		if len(m) == 1 {
			return m[0].Arrived, nil
		}
	}
	return time.Time{}, nil
}

// join adds a group below all others.
func (d *dateGroups) join(g dateGroup) {
	if n := len(d.groups); n > 0 && !d.groups[n-1].from.After(g.from) {
		d.groups[n-1].n += g.n
		return
	}
	d.groups = append(d.groups, g)
}

// append adds another's groups below all others.
func (d *dateGroups) append(o dateGroups) {
	for _, g := range o.groups {
		d.join(g)
	}
}

// insert counts a message that arrived at t and stands at a row.
func (d *dateGroups) insert(row int, t time.Time) {
	at, first := 0, 0
	for ; at < len(d.groups); at++ {
		g := &d.groups[at]
		if row < first+g.n || row == first+g.n && !t.Before(g.from) {
			break
		}
		first += g.n
	}
	own := groupOf(t, d.now)
	if at < len(d.groups) && (row > first || d.groups[at].title == own.title) {
		d.groups[at].n++ // it stands among them, whatever a clock says
		return
	}
	own.n = 1
	d.groups = slices.Insert(d.groups, at, own)
}

// remove forgets the message of a row.
func (d *dateGroups) remove(row int) {
	first := 0
	for i := range d.groups {
		if first += d.groups[i].n; row < first {
			if d.groups[i].n--; d.groups[i].n == 0 {
				d.groups = slices.Delete(d.groups, i, i+1)
			}
			return
		}
	}
}

// titles returns the groups by row.
func (d *dateGroups) titles() []DateGroup {
	all := make([]DateGroup, 0, len(d.groups))
	first := 0
	for _, g := range d.groups {
		all = append(all, DateGroup{first, g.title})
		first += g.n
	}
	return all
}

// stale tells that another day began.
func (d *dateGroups) stale(now time.Time) bool { return days(d.now, now) != 0 }
