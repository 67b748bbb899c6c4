package vm

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"paquebot.app/localstore"
)

func TestGroupsByArrival(t *testing.T) {
	for _, c := range []struct {
		at    string
		title string
	}{
		{"2026-11-26 09:00", "Today"}, // a clock ahead of ours
		{"2026-11-25 00:00", "Today"}, {"2026-11-24 23:59", "Yesterday"}, {"2026-11-23 00:00", "This week"},
		{"2026-11-22 23:59", "Last week"}, {"2026-11-16 00:00", "Last week"}, {"2026-11-15 23:59", "Earlier this month"},
		{"2026-10-31 23:59", "October 2026"}, {"2025-01-01 00:00", "January 2025"}, {"2024-12-31 23:59", "2024"}, {"1970-01-01 00:00", "1970"},
	} {
		at, err := time.Parse("2006-01-02 15:04", c.at)
		if err != nil {
			t.Fatal(err)
		}
		g := groupOf(at, noon)
		if g.title != c.title || at.Before(g.from) {
			t.Errorf("%s: %q from %v, want %q", c.at, g.title, g.from, c.title)
		}
	}
}

// spread puts each message into another time, the first the oldest.
func spread(n int) func(*localstore.NewContent, *localstore.NewMessage) {
	i := n
	return func(_ *localstore.NewContent, m *localstore.NewMessage) {
		i--
		m.Arrived = noon.Add(-time.Duration(i*i) * 20 * time.Minute)
	}
}

// wantGroups are the groups as reading every row gives them.
func (s *shown) wantGroups() (all []DateGroup) {
	s.f.t.Helper()
	s.f.read(func(v *localstore.View) error {
		all = nil
		for i, id := range s.ids() {
			m, err := v.Message(id)
			if err != nil {
				return err
			}
			if title := groupOf(m.Arrived, noon).title; len(all) == 0 || all[len(all)-1].Title != title {
				all = append(all, DateGroup{i, title})
			}
		}
		return nil
	})
	return all
}

func TestAListHasItsGroupsOnceItIsComplete(t *testing.T) {
	f := newFixture(t)
	const n = 2 * firstPage
	f.add(localstore.RoleInbox, n, spread(n))
	l := newShown(f)
	l.open(localstore.RoleInbox)
	l.until(ListMoved)
	if got, want := l.Groups(), l.wantGroups(); !slices.Equal(got, want) || len(got) < 8 {
		t.Errorf("groups\n%v, want\n%v", got, want)
	}
	if i := slices.IndexFunc(l.Groups(), func(g DateGroup) bool { return g.Title == "Yesterday" }); i >= 0 {
		l.Need(l.Groups()[i].First, l.Groups()[i].First)
		if r, _ := l.Row(l.Groups()[i].First); l.Date(r) == "Yesterday" {
			t.Error("yesterday is said twice")
		}
	}
	l.SetFilter(Unread)
	l.until(ListNew)
	l.until(ListMoved)
	if got, want := l.Groups(), l.wantGroups(); !slices.Equal(got, want) {
		t.Errorf("filtered\n%v, want\n%v", got, want)
	}
}

func TestGroupsFollowMailThatComesAndGoes(t *testing.T) {
	f := newFixture(t)
	f.add(localstore.RoleInbox, 40, spread(40))
	l := newShown(f)
	l.open(localstore.RoleInbox)
	f.changes()
	r := rand.New(rand.NewPCG(1, 2))
	for step := range 60 {
		if step%2 == 0 {
			f.add(localstore.RoleInbox, 1, func(_ *localstore.NewContent, m *localstore.NewMessage) {
				m.Arrived = noon.Add(-time.Duration(r.IntN(90*24)) * time.Hour)
			})
		} else {
			id := l.ID(r.IntN(l.Len()))
			f.write(func(tx *localstore.Tx) error {
				return tx.Move([]localstore.MessageID{id}, f.folder(localstore.RoleArchive).ID)
			})
		}
		l.follow(ListMoved)
		if got, want := l.Groups(), l.wantGroups(); !slices.Equal(got, want) {
			t.Fatalf("step %d: groups\n%v, want\n%v", step, got, want)
		}
	}
}

func TestGroupsThatEmptyAreGone(t *testing.T) {
	var d dateGroups
	d.now = noon
	for i, at := range []time.Time{noon, noon.AddDate(0, 0, -1), noon.AddDate(0, 0, -1)} {
		d.insert(i, at)
	}
	d.remove(0)
	if got := fmt.Sprint(d.titles()); got != "[{0 Yesterday}]" {
		t.Error(got)
	}
	d.insert(0, noon)
	if got := fmt.Sprint(d.titles()); got != "[{0 Today} {1 Yesterday}]" {
		t.Error(got)
	}
}
