package localstore

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"
)

// index puts what is not indexed into the index, with the texts that body
// gives by subject.
func (f *fixture) index(body map[string]string) {
	f.t.Helper()
	var docs []Document
	f.read(func(v *View) error {
		todo, err := v.Unindexed(1000)
		for _, u := range todo {
			m, err := v.Message(u.Message)
			if err != nil {
				return err
			}
			level := 1
			if u.Body != BodyNone {
				level = 2
			}
			docs = append(docs, Document{Message: u.Message, Ord: u.Ord, Level: level, Subject: m.Subject, Sender: m.Sender,
				Recipients: m.Recipients + " " + m.Cc, Body: body[m.Subject]})
		}
		return err
	})
	if err := f.Index(context.Background(), docs); err != nil {
		f.t.Fatal(err)
	}
}

func (f *fixture) search(typed string) Found {
	f.t.Helper()
	found, err := f.Search(context.Background(), ParseQuery(typed, time.UTC), 50)
	if err != nil {
		f.t.Fatalf("search %q: %v", typed, err)
	}
	return found
}

func (f *fixture) mail(folder FolderID, subject, sender string) MessageID {
	f.t.Helper()
	f.clock.Advance(time.Hour)
	c := f.whole(f.content())
	c.Subject, c.Sender, c.Recipients = subject, sender, "Ann <ann@example.org>"
	return f.put(folder, c)
}

func TestSearch(t *testing.T) {
	f := newFixture(t, POP)
	zurich := f.mail(f.inbox, "Trip to Zürich", "Bob Miller <bob@example.org>")
	plan := f.mail(f.inbox, "The plan", "Eve <eve.smith@example.org>")
	tokyo := f.mail(f.archive, "東京都の天気", "Bob Smith <smith@example.org>")
	sql := f.mail(f.archive, "'; DROP TABLE messages;--", "Alice <alice@example.org>")
	f.write(func(tx *Tx) error { return tx.SetFlags([]MessageID{plan}, Seen|Flagged, 0) })
	f.index(map[string]string{
		"The plan":                  "We meet in Zürich on Monday, bring the blue folder.",
		"'; DROP TABLE messages;--": "\" OR NEAR( AND col: ^ * -x \"unclosed\na\x00b",
	})
	all := []MessageID{sql, tokyo, plan, zurich}
	for _, c := range []struct {
		typed string
		want  []MessageID
	}{
		{"zurich", []MessageID{plan, zurich}},
		{"ZÜRICH monday", []MessageID{plan}},
		{"zur*", []MessageID{plan, zurich}},
		{"zur", nil},
		{"subject:zurich", []MessageID{zurich}},
		{"from:bob", []MessageID{tokyo, zurich}},
		{"from:bob.smith", []MessageID{tokyo}},
		{"from:smith.bob", nil},
		{"from:eve.smith", []MessageID{plan}},
		{`from:"bob smith"`, []MessageID{tokyo}},
		{"to:ann", all},
		{"from:ann", nil},
		{"東京", []MessageID{tokyo}},
		{"京都", []MessageID{tokyo}},
		{"天", []MessageID{tokyo}},
		{"is:unread", []MessageID{sql, tokyo, zurich}},
		{"is:flagged zurich", []MessageID{plan}},
		{"in:archive", []MessageID{sql, tokyo}},
		{"in:Work/INBOX zurich", []MessageID{plan, zurich}},
		{"in:nowhere zurich", nil},
		{"has:attachment", nil},
		{`"trip to zurich"`, []MessageID{zurich}},
		{"before:2026-03-04", nil},
		{"after:2026 bob", []MessageID{tokyo, zurich}},
		{"DROP TABLE messages;--", []MessageID{sql}},
		{`" OR NEAR( AND col: ^ * -x "unclosed`, []MessageID{sql}},
		{"NEAR(", []MessageID{sql}},
		{"col:", []MessageID{sql}},
		{"-x", []MessageID{sql}},
		{`"unclosed`, []MessageID{sql}},
		{"a\x00b", []MessageID{sql}},
		{"*", all},
		{`"`, all},
		{"", all},
	} {
		found := f.search(c.typed)
		if !slices.Equal(found.Messages, c.want) {
			t.Errorf("%q finds %v, want %v", c.typed, found.Messages, c.want)
		}
		if found.Total != len(c.want) || found.More || found.Searched != 4 || found.NotSearchable != 0 {
			t.Errorf("%q: %+v", c.typed, found)
		}
	}
	// While typing, the last word is a prefix.
	q := ParseQuery("from:bob zur", time.UTC)
	q.PrefixLast = true
	if found, err := f.Search(context.Background(), q, 0); err != nil || !slices.Equal(found.Messages, []MessageID{zurich}) {
		t.Errorf("typing: %+v, %v", found, err)
	}
}

func TestSearchSeesStates(t *testing.T) {
	f := newFixture(t, IMAP)
	id, _ := f.bind(f.inbox, 1, f.content())
	var copies []MessageID
	f.write(func(tx *Tx) (err error) {
		if copies, err = tx.Copy([]MessageID{id, id}, f.inbox); err != nil {
			return err
		}
		more, err := tx.Copy([]MessageID{id}, f.archive)
		copies = append(copies, more...)
		return err
	})
	f.index(nil)
	if got := f.search("mail"); got.Total != 2 || got.Searched != 0 || got.NotSearchable != 3 {
		t.Errorf("once a folder: %+v", got)
	}
	f.write(func(tx *Tx) error { return tx.do(setState, Held, id) })
	f.write(func(tx *Tx) error { return tx.DeleteNow(copies) })
	if got := f.search("mail"); !slices.Equal(got.Messages, []MessageID{id}) {
		t.Errorf("held: %+v", got)
	}
	f.write(func(tx *Tx) error { return tx.DeleteNow([]MessageID{id}) })
	if got := f.search("mail"); got.Total != 0 {
		t.Errorf("deleted: %+v", got)
	}
}

func TestPhrasesAreCheckedInTheText(t *testing.T) {
	f := newFixture(t, POP)
	right := f.mail(f.inbox, "one", "Bob <bob@example.org>")
	wrong := f.mail(f.inbox, "two", "Bob <bob@example.org>")
	unread := f.mail(f.inbox, "three", "Bob <bob@example.org>")
	texts := map[string]string{"one": "a quick brown fox", "two": "a brown quick fox", "three": "quick brown"}
	f.index(texts)
	q := ParseQuery(`"quick brown"`, time.UTC)
	found, err := f.Search(context.Background(), q, 10)
	if err != nil || !slices.Equal(found.Messages, []MessageID{unread, wrong, right}) {
		t.Errorf("without texts: %+v, %v", found, err)
	}
	q.Text = func(m Message) (string, error) {
		if m.Subject == "three" {
			return "", errors.New("cannot be read")
		}
		return texts[m.Subject], nil
	}
	found, err = f.Search(context.Background(), q, 10)
	if err != nil || !slices.Equal(found.Messages, []MessageID{unread, right}) {
		t.Errorf("with texts: %+v, %v", found, err)
	}
}

func TestIndexGoesOn(t *testing.T) {
	f := newFixture(t, IMAP)
	id, _ := f.bind(f.inbox, 1, f.content())
	f.index(nil)
	unindexed := func() (n int) {
		f.read(func(v *View) error {
			todo, err := v.Unindexed(10)
			n = len(todo)
			return err
		})
		return n
	}
	if n := unindexed(); n != 0 {
		t.Fatalf("%d are not indexed", n)
	}
	c := f.whole(f.content())
	content := f.message(id).Content
	f.write(func(tx *Tx) error { return tx.SetWhole(content, c) })
	if n := unindexed(); n != 1 {
		t.Fatalf("with its body, %d are not indexed", n)
	}
	// Headers that were read before the body came do not count.
	m := f.message(id)
	if err := f.Index(context.Background(), []Document{{Message: id, Ord: m.Ord, Level: 1, Subject: m.Subject}}); err != nil {
		t.Fatal(err)
	}
	if n := unindexed(); n != 1 {
		t.Fatalf("its body was forgotten: %d", n)
	}
	f.index(map[string]string{m.Subject: "needle"})
	if got := f.search("needle"); got.Total != 1 || got.Searched != 1 {
		t.Errorf("%+v", got)
	}
	f.write(func(tx *Tx) error { return tx.RemoveMessage(id) })
	if n, err := f.SweepIndex(context.Background()); n != 1 || err != nil {
		t.Errorf("swept %d, %v", n, err)
	}
}

func TestThreadsJoin(t *testing.T) {
	f := newFixture(t, POP)
	add := func(id string, refs ...string) ContentID {
		c := f.content()
		c.HeaderID, c.References = id, refs
		return f.message(f.put(f.inbox, c)).Content
	}
	assign := func(id ContentID) (turns int) {
		for done := false; !done; turns++ {
			f.write(func(tx *Tx) (err error) {
				done, err = tx.AssignThread(id)
				if err == nil {
					err = tx.CheckCounts()
				}
				return err
			})
		}
		return turns
	}
	thread := func(id ContentID) (n ThreadID) {
		f.read(func(v *View) error {
			all, err := v.MessagesOf(id)
			n = all[0].Thread
			return err
		})
		return n
	}
	// Two long conversations that nothing joins yet.
	var left, right []ContentID
	f.write(func(tx *Tx) error {
		for i := range 450 {
			for _, side := range []struct {
				root string
				all  *[]ContentID
			}{{"left", &left}, {"right", &right}} {
				if side.root == "left" && i >= 440 {
					continue
				}
				c := f.content()
				c.HeaderID, c.References = fmt.Sprint(side.root, i), []string{side.root}
				id, err := tx.AddContent(c)
				if err != nil {
					return err
				}
				if _, err := tx.AddMessage(NewMessage{Folder: f.inbox, Content: id}); err != nil {
					return err
				}
				if done, err := tx.AssignThread(id); err != nil || !done {
					return fmt.Errorf("not assigned: %v", err)
				}
				*side.all = append(*side.all, id)
			}
		}
		return tx.CheckCounts()
	})
	if thread(left[0]) != thread(left[439]) || thread(right[0]) != thread(right[449]) || thread(left[0]) == thread(right[0]) {
		t.Fatal("they are not two")
	}
	big := thread(right[0])
	join := add("join", "left", "right")
	if turns := assign(join); turns != 3 {
		t.Errorf("joined in %d turns, want 3", turns)
	}
	for _, id := range slices.Concat(left, right, []ContentID{join}) {
		if thread(id) != big {
			t.Fatalf("content %d is in conversation %d, want %d", id, thread(id), big)
		}
	}
	if late := add("late", "left7"); assign(late) != 1 || thread(late) != big {
		t.Error("a later answer is elsewhere")
	}
	alone := add("")
	assign(alone)
	if thread(alone) == big || thread(alone) == 0 {
		t.Error("what refers to nothing has no conversation of its own")
	}
}

func FuzzParseQuery(f *testing.F) {
	for _, s := range []string{"", `"`, `from:"x`, "a* OR (b)", "in:\x00", "before:9999-12-31 after:0001", "東*", "is:unread -x NEAR/2 {a}:b", `'; DROP TABLE messages;--`} {
		f.Add(s, true)
	}
	x := newFixture(f, POP)
	x.mail(x.inbox, "a subject", "Bob <bob@example.org>")
	x.index(nil)
	f.Fuzz(func(t *testing.T, typed string, prefix bool) {
		q := ParseQuery(typed, time.UTC)
		q.PrefixLast = prefix
		if _, err := x.Search(context.Background(), q, 5); err != nil {
			t.Fatalf("%q: %v", typed, err)
		}
	})
}
