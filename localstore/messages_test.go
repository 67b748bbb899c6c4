package localstore

import (
	"slices"
	"testing"
	"time"

	"paquebot.app/internal/fault"
)

func TestListsAndPages(t *testing.T) {
	f := newFixture(t, Local)
	var all []MessageID // newest first
	for i := range 25 {
		c := f.content()
		c.Attachments = i % 2
		if i%5 != 0 { // some arrive in the same second
			f.clock.Advance(time.Second)
		}
		id := f.put(f.inbox, c)
		all = slices.Insert(all, 0, id)
		f.write(func(tx *Tx) error { return tx.showBase(id, Flags(i%3)|Flagged*Flags(oneIf(i%4 == 0)), nil) })
	}
	old := f.put(f.inbox, f.content())
	f.write(func(tx *Tx) error { return tx.RemoveMessage(old) })
	var paged []MessageID
	for before := Ord(0); ; {
		var ids []MessageID
		f.read(func(v *View) (err error) {
			ids, before, err = v.MessageIDs(List{Folder: f.inbox}, before, 7)
			return err
		})
		if len(ids) == 0 {
			break
		}
		paged = append(paged, ids...)
	}
	if !slices.Equal(paged, all) {
		t.Errorf("pages: %v\nwant:  %v", paged, all)
	}
	for bits := range 8 {
		l := List{Folder: f.inbox, Unread: bits&1 != 0, Flagged: bits&2 != 0, Attachments: bits&4 != 0}
		var want []MessageID
		for _, id := range all {
			m := f.message(id)
			if l.Unread && m.Flags&Seen != 0 || l.Flagged && m.Flags&Flagged == 0 || l.Attachments && m.Attachments == 0 {
				continue
			}
			want = append(want, id)
		}
		if got := f.list(l); !slices.Equal(got, want) {
			t.Errorf("%+v: %v, want %v", l, got, want)
		}
		f.read(func(v *View) error {
			n, err := v.Count(l)
			if n != len(want) {
				t.Errorf("%+v: counts %d, want %d", l, n, len(want))
			}
			return err
		})
	}
	f.read(func(v *View) error {
		ask := []MessageID{all[3], 9999, all[1], all[3]}
		got, err := v.Messages(ask)
		if len(got) != 3 || got[0].ID != all[3] || got[1].ID != all[1] || got[2].ID != all[3] {
			t.Errorf("Messages: %d rows", len(got))
		}
		return err
	})
}

func TestMessagesOfOneSecondKeepTheirOrder(t *testing.T) {
	f := newFixture(t, IMAP)
	var at [6]MessageID
	f.write(func(tx *Tx) error {
		for _, m := range []struct {
			place  int
			before bool
		}{{2, true}, {1, true}, {3, false}, {0, true}, {4, false}, {5, false}} {
			content, err := tx.AddContent(f.content())
			if err != nil {
				return err
			}
			if at[m.place], err = tx.AddMessage(NewMessage{Folder: f.inbox, Content: content, Arrived: day, Before: m.before}); err != nil {
				return err
			}
		}
		return nil
	})
	f.read(func(v *View) error {
		ids, _, err := v.MessageIDs(List{Folder: f.inbox}, 0, 10)
		slices.Reverse(ids)
		if !slices.Equal(ids, at[:]) {
			t.Errorf("from the oldest on: %v, want %v", ids, at)
		}
		return err
	})
}

func TestWhere(t *testing.T) {
	f := newFixture(t, POP)
	id := f.put(f.inbox, f.whole(f.content()))
	where := func(state PopState, want Where) {
		t.Helper()
		f.write(func(tx *Tx) error {
			rows, err := tx.Ledger(f.drop)
			if err != nil {
				return err
			}
			if len(rows) == 0 {
				_, err = tx.AddPopLocation(PopLocation{Maildrop: f.drop, UIDL: "a", HeaderHash: [32]byte{1}, Message: id, State: state})
				return err
			}
			return tx.SetPopState([]LocationID{rows[0].ID}, state, "")
		})
		if m := f.message(id); m.Where != want {
			t.Errorf("%s: %s, want %s", state, m.Where, want)
		}
	}
	if m := f.message(id); m.Where != WhereHere {
		t.Errorf("without a ledger row: %s", m.Where)
	}
	where(PopKept, WhereBoth)
	where(PopDeleting, WhereBoth)
	where(PopGone, WhereHere)
}

func TestThreads(t *testing.T) {
	f := newFixture(t, Local)
	thread := map[MessageID]ThreadID{}
	var ids []MessageID
	for i := range 6 {
		f.clock.Advance(time.Minute)
		id := f.put(f.inbox, f.content())
		ids = append(ids, id)
		thread[id] = ThreadID(i%2 + 1)
		f.write(func(tx *Tx) error { return tx.do(setTestThread, thread[id], f.messageIn(tx, id).Content) })
	}
	f.write(func(tx *Tx) error { // a copy of one in the archive
		_, err := tx.AddMessage(NewMessage{Folder: f.archive, Content: f.messageIn(tx, ids[0]).Content, Arrived: day})
		if err != nil {
			return err
		}
		return tx.showBase(ids[4], Seen, nil)
	})
	f.read(func(v *View) error {
		rows, err := v.Threads(f.inbox, 0, 10)
		if len(rows) != 2 || rows[0].Thread != 2 || rows[0].Last != ids[5] || rows[0].Count != 3 || rows[1].Unread != 2 {
			t.Errorf("%+v", rows)
		}
		next, err2 := v.Threads(f.inbox, rows[0].Ord, 10)
		if len(next) != 1 || next[0] != rows[1] || err2 != nil {
			t.Errorf("next page: %+v", next)
		}
		of, err3 := v.ThreadMessages(f.account, 1)
		if len(of) != 3 || of[1] != ids[2] || of[2] != ids[4] || err3 != nil {
			t.Errorf("of the thread: %v", of)
		}
		return err
	})
}

func (f *fixture) messageIn(tx *Tx, id MessageID) Message {
	m, err := tx.Message(id)
	if err != nil {
		f.t.Fatal(err)
	}
	return m
}

// TestRemoveKeepsWhatIsUsed: a content goes with the last message that shows
// it, and not while a letter of the outbox is it.
func TestRemoveKeepsWhatIsUsed(t *testing.T) {
	f := newFixture(t, Local)
	first := f.put(f.inbox, f.content())
	content := f.message(first).Content
	var second MessageID
	f.write(func(tx *Tx) (err error) {
		second, err = tx.AddMessage(NewMessage{Folder: f.archive, Content: content, Arrived: day})
		return err
	})
	remove := func(id MessageID) { f.write(func(tx *Tx) error { return tx.RemoveMessage(id) }) }
	there := func() bool {
		err := f.Read(t.Context(), func(v *View) error { _, err := v.Identity(content); return err })
		if err != nil {
			wantCause(t, err, fault.Missing)
		}
		return err == nil
	}
	remove(first)
	if !there() {
		t.Error("the content of a message is gone")
	}
	f.write(func(tx *Tx) error {
		return tx.do(onMail(`INSERT INTO outbox (account_id, content_id, envelope_from, header_id, state, queued_at) VALUES (?, ?, 'a', 'b', 'sent', 1)`), f.account, content)
	})
	remove(second)
	if !there() {
		t.Error("the content of a letter is gone")
	}
	third := f.put(f.inbox, f.content())
	content = f.message(third).Content
	remove(third)
	if there() {
		t.Error("a content without a message stays")
	}
	remove(third) // once more does nothing
}
