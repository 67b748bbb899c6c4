package localstore

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"time"
)

// TestSearchPlans asks the same of profiles in which few and many messages are
// flagged, unread or have attachments: whatever a search starts from, it finds
// the same, newest first.
func TestSearchPlans(t *testing.T) {
	const mails = fewFirst + 60
	for _, rare := range []bool{true, false} {
		every := map[bool]int{true: 40, false: 1}[rare]
		f := newFixture(t, POP)
		folders := []FolderID{f.inbox, f.archive}
		type mail struct {
			id                                 MessageID
			folder                             int
			flagged, unread, attached, deleted bool
		}
		var all []mail
		f.write(func(tx *Tx) error {
			for n := range mails {
				f.clock.Advance(time.Hour)
				m := mail{folder: n % 2, flagged: n%every == 0, unread: n%every == every/2, attached: n%every == 0 && n%3 == 0, deleted: n%7 == 3}
				c := f.content()
				c.Subject, c.Attachments = fmt.Sprint("common w", n%3), oneIf(m.attached)
				content, err := tx.AddContent(c)
				if err != nil {
					return err
				}
				add := NewMessage{Folder: folders[m.folder], Content: content}
				if m.flagged {
					add.Flags |= Flagged
				}
				if !m.unread {
					add.Flags |= Seen
				}
				switch {
				case m.deleted:
					add.State = Deleted
				case n%11 == 0:
					add.State = Held
				}
				if m.id, err = tx.AddMessage(add); err != nil {
					return err
				}
				all = append(all, m)
			}
			return nil
		})
		f.index(nil)
		for bits := range 8 {
			for _, words := range []string{"", "common ", "w1 ", "nothing "} {
				for _, in := range []string{"", "in:archive "} {
					typed := words + in
					for i, option := range []string{"is:flagged ", "is:unread ", "has:attachment "} {
						if bits&(1<<i) != 0 {
							typed += option
						}
					}
					var want []MessageID
					for n, m := range all {
						if m.deleted || words == "nothing " || words == "w1 " && n%3 != 1 || in != "" && m.folder != 1 ||
							bits&1 != 0 && !m.flagged || bits&2 != 0 && !m.unread || bits&4 != 0 && !m.attached {
							continue
						}
						want = append(want, m.id)
					}
					slices.Reverse(want)
					found, err := f.Search(context.Background(), ParseQuery(typed, time.UTC), 0)
					if err != nil || !slices.Equal(found.Messages, want) {
						t.Errorf("rare %v, %q finds %v, want %v (%v)", rare, typed, found.Messages, want, err)
					}
				}
			}
		}
	}
}

// TestSearchStartsFromTheRare: with words that many mails have, a search for
// the few that are flagged looks at those only.
func TestSearchStartsFromTheRare(t *testing.T) {
	f := newFixture(t, POP)
	var ids []MessageID
	f.write(func(tx *Tx) error {
		for n := range fewFirst + 10 {
			f.clock.Advance(time.Hour)
			c := f.content()
			c.Attachments = oneIf(n == 1)
			content, err := tx.AddContent(c)
			if err != nil {
				return err
			}
			id, err := tx.AddMessage(NewMessage{Folder: f.inbox, Content: content, Flags: Seen})
			if err != nil {
				return err
			}
			ids = append(ids, id)
		}
		return nil
	})
	wants := func(typed string, want *query) {
		t.Helper()
		q := ParseQuery(typed, time.UTC)
		in := searching{s: f.Store, q: q, want: q.want(), below: maxOrd}
		if err := in.read(context.Background(), in.plan); err != nil {
			t.Fatal(err)
		}
		if in.query != want {
			t.Errorf("%q starts from\n%s", typed, in.query.text)
		}
	}
	f.write(func(tx *Tx) error { return tx.SetFlags(ids[:3], Flagged, Seen) })
	wants("mail", anySource.words)
	wants("", anySource.alone)
	wants("is:flagged", flaggedSource.alone)
	wants("mail is:flagged", flaggedSource.first)
	wants("is:unread", unreadSource.alone)
	wants("mail is:unread", unreadSource.first)
	wants("has:attachment", attachedSource.alone)
	wants("mail has:attachment is:flagged", attachedSource.first)
	wants("is:held", heldSource.alone)
	wants("mail is:held", heldSource.first)
	f.write(func(tx *Tx) error { return tx.SetFlags(ids, Flagged, Seen) })
	wants("mail is:flagged", flaggedSource.words)
	wants("mail is:unread", unreadSource.words)
	wants("mail is:flagged has:attachment", attachedSource.first)
}
