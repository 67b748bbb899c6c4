package vm

import (
	"context"
	"slices"
	"testing"

	"paquebot.app/localstore"
)

// shown is a list under test: changes are applied as the window applies them.
type shown struct {
	*List
	f      *fixture
	events []ListEvent
}

func newShown(f *fixture) *shown {
	s := &shown{List: NewList(f.env), f: f}
	s.Changed = func(e ListEvent, apply func()) {
		if apply != nil {
			apply()
		}
		s.events = append(s.events, e)
	}
	return s
}

func (s *shown) has(e ListEvent) bool { return slices.Contains(s.events, e) }

// until runs what is queued until the event came.
func (s *shown) until(e ListEvent) {
	s.f.t.Helper()
	s.f.queue.Until(func() bool { return s.has(e) })
	s.events = nil
}

func (s *shown) open(r localstore.Role) {
	s.Show(s.f.place(r), string(r))
	s.until(ListNew)
}

// follow gives the list what the store changed, and waits for it.
func (s *shown) follow(e ListEvent) {
	s.Follow(s.f.changes())
	s.until(e)
}

func (s *shown) ids() (ids []localstore.MessageID) {
	for i := range s.Len() {
		ids = append(ids, s.ID(i))
	}
	return ids
}

func reversed(ids []localstore.MessageID) []localstore.MessageID {
	ids = slices.Clone(ids)
	slices.Reverse(ids)
	return ids
}

func TestListShowsTheNewestFirst(t *testing.T) {
	f := newFixture(t)
	ids := f.add(localstore.RoleInbox, 5)
	l := newShown(f)
	l.open(localstore.RoleInbox)
	if got := l.ids(); !slices.Equal(got, reversed(ids)) {
		t.Fatalf("got %v, want %v reversed", got, ids)
	}
	r, ok := l.Row(0)
	if !ok || r.Who != "Amélie Fournier" || r.Subject != "Subject 5" || !r.Unread || r.Avatar != "amelie@fournier.example" {
		t.Errorf("row %+v, loaded %v", r, ok)
	}
	if title, note := l.Title(); title != "inbox" || note != "5 unread" {
		t.Errorf("title %q, note %q", title, note)
	}
}

func TestALongListIsThereAtOnceAndCompleteLater(t *testing.T) {
	f := newFixture(t)
	const n = 3*firstPage + 7
	ids := f.add(localstore.RoleInbox, n)
	l := newShown(f)
	l.open(localstore.RoleInbox)
	if l.Len() != n {
		t.Fatalf("%d rows at once, want %d", l.Len(), n)
	}
	if l.ID(0) != ids[n-1] || l.ID(firstPage) != 0 {
		t.Fatalf("first page: row 0 is %d, row %d is %d", l.ID(0), firstPage, l.ID(firstPage))
	}
	l.until(ListMoved)
	if got := l.ids(); !slices.Equal(got, reversed(ids)) {
		t.Fatal("the whole list differs")
	}
	if i, ok := l.Index(ids[0]); !ok || i != n-1 {
		t.Errorf("the oldest is at %d, %v", i, ok)
	}
	if _, ok := l.Row(400); ok {
		t.Error("row 400 is loaded though nobody asked")
	}
	l.Need(380, 420)
	l.until(ListRows)
	if r, ok := l.Row(400); !ok || r.ID != l.ID(400) {
		t.Error("row 400 is not loaded")
	}
}

func TestMailComesAndGoesAtItsPlace(t *testing.T) {
	f := newFixture(t)
	ids := f.add(localstore.RoleInbox, 4)
	l := newShown(f)
	l.open(localstore.RoleInbox)
	f.changes()

	more := f.add(localstore.RoleInbox, 2)
	l.follow(ListMoved)
	if got, want := l.ids(), reversed(append(slices.Clone(ids), more...)); !slices.Equal(got, want) {
		t.Fatalf("after arrivals %v, want %v", got, want)
	}
	old := f.add(localstore.RoleInbox, 1, func(_ *localstore.NewContent, m *localstore.NewMessage) { m.Arrived = noon.AddDate(-2, 0, 0) })
	l.follow(ListMoved)
	if l.ID(l.Len()-1) != old[0] {
		t.Fatalf("an old mail stands at %v", l.ids())
	}
	trash := f.folder(localstore.RoleTrash).ID
	f.write(func(tx *localstore.Tx) error { return tx.Move(ids[1:3], trash) })
	l.follow(ListMoved)
	if got, want := l.ids(), []localstore.MessageID{more[1], more[0], ids[3], ids[0], old[0]}; !slices.Equal(got, want) {
		t.Fatalf("after a move %v, want %v", got, want)
	}
	f.write(func(tx *localstore.Tx) error { return tx.SetFlags(ids[:1], localstore.Seen, 0) })
	l.follow(ListRows)
	if i, _ := l.Index(ids[0]); i != 3 {
		t.Fatalf("a flag moved the message to %d", i)
	}
	if r, _ := l.Row(3); r.Unread {
		t.Error("the row is still unread")
	}
}

func TestOverflowLoadsTheListAnew(t *testing.T) {
	f := newFixture(t)
	l := newShown(f)
	l.open(localstore.RoleInbox)
	ids := f.add(localstore.RoleInbox, 700)
	c := f.changes()
	if !c.Overflow {
		t.Fatal("700 arrivals are no overflow; the test shows nothing")
	}
	l.Follow(c)
	l.until(ListMoved)
	if got := l.ids(); !slices.Equal(got, reversed(ids)) {
		t.Fatalf("%d rows, want %d", len(got), len(ids))
	}
}

func TestUnreadFilterKeepsWhatIsBeingRead(t *testing.T) {
	f := newFixture(t)
	ids := f.add(localstore.RoleInbox, 3)
	f.write(func(tx *localstore.Tx) error { return tx.SetFlags(ids[:1], localstore.Seen, 0) })
	l := newShown(f)
	l.open(localstore.RoleInbox)
	l.SetFilter(Unread)
	l.until(ListNew)
	if got := l.ids(); !slices.Equal(got, reversed(ids[1:])) {
		t.Fatalf("unread are %v", got)
	}
	f.changes()
	f.write(func(tx *localstore.Tx) error { return tx.SetFlags(ids[1:2], localstore.Seen, 0) })
	l.follow(ListRows)
	if l.Len() != 2 {
		t.Fatal("the message vanished while it was read")
	}
	l.SetFilter(All)
	l.until(ListNew)
	if l.Len() != 3 {
		t.Fatalf("all are %d", l.Len())
	}
}

func TestAnAnswerForAnotherFolderIsDropped(t *testing.T) {
	f := newFixture(t)
	f.add(localstore.RoleInbox, 3)
	sent := f.add(localstore.RoleSent, 2)
	l := newShown(f)
	l.Show(f.place(localstore.RoleInbox), "Inbox")
	l.Show(f.place(localstore.RoleSent), "Sent") // before the first answer
	l.until(ListNew)
	if got := l.ids(); !slices.Equal(got, reversed(sent)) {
		t.Fatalf("got %v, want those of Sent", got)
	}
	f.settle()
	if got := l.ids(); !slices.Equal(got, reversed(sent)) {
		t.Fatalf("a late answer changed the list: %v", got)
	}
	if r, _ := l.Row(0); r.Who != "robin@example.org, Tom Bannister" {
		t.Errorf("Sent shows %q", r.Who)
	}
}

func TestSearchFindsWhileTyping(t *testing.T) {
	f := newFixture(t)
	ids := f.add(localstore.RoleInbox, 2)
	ferry := f.add(localstore.RoleArchive, 1, func(c *localstore.NewContent, _ *localstore.NewMessage) { c.Subject = "The ferry timetable" })
	var docs []localstore.Document
	for _, id := range append(slices.Clone(ids), ferry...) {
		m := f.message(id)
		docs = append(docs, localstore.Document{Message: id, Ord: m.Ord, Level: 1, Subject: m.Subject, Sender: m.Sender})
	}
	if err := f.env.Store.Index(f.env.Ctx, docs); err != nil {
		t.Fatal(err)
	}
	l := newShown(f)
	l.open(localstore.RoleInbox)
	for _, typed := range []string{"f", "fe", "ferr"} {
		l.Search(typed)
	}
	f.queue.Until(func() bool { return l.has(ListNew) && !l.Loading() })
	if got := l.ids(); !slices.Equal(got, ferry) {
		t.Fatalf("found %v, want %v", got, ferry)
	}
	if title, note := l.Title(); title != "Search" || note != "1 found" {
		t.Errorf("title %q, note %q", title, note)
	}
	if l.SearchNote() == "" {
		t.Error("that only headers could be searched is not said")
	}
	l.events = nil
	l.Search("")
	l.until(ListNew)
	if got := l.ids(); !slices.Equal(got, reversed(ids)) {
		t.Fatalf("after the search %v, want the Inbox", got)
	}
}

func TestSpotsKeepOrderThroughAnything(t *testing.T) {
	var s spots
	for i := range 200 { // always at the same row, until keys run out of room
		s.insert(min(1, len(s.ids)), localstore.MessageID(i+1))
	}
	want := []localstore.MessageID{1}
	for i := 200; i > 1; i-- {
		want = append(want, localstore.MessageID(i))
	}
	if !slices.Equal(s.ids, want) {
		t.Fatalf("got %v", s.ids)
	}
	for i, id := range s.ids {
		if at, ok := s.index(id); !ok || at != i {
			t.Fatalf("%d is at %d, %v; want %d", id, at, ok, i)
		}
	}
	s.remove(100)
	if _, ok := s.index(100); ok || len(s.ids) != 199 {
		t.Error("100 is still there")
	}
}

func TestASearchGivenUpIsNoTrouble(t *testing.T) {
	f := newFixture(t)
	ids := f.add(localstore.RoleInbox, 1)
	l := newShown(f)
	ctx, cancel := context.WithCancel(f.env.Ctx)
	cancel()
	if _, ok := l.read(ctx, ids); ok {
		t.Error("a read that was given up succeeded")
	}
	f.settle()
	if len(f.trouble) != 0 {
		t.Errorf("told: %v", f.trouble)
		f.trouble = nil
	}
}
