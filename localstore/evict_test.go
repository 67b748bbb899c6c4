package localstore

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"
)

// large is a whole mail of so many bytes.
func (f *fixture) large(bytes int) NewContent {
	c := f.whole(f.content())
	c.Blob, c.Size = f.blob(strings.Repeat("x", bytes)), int64(bytes)
	c.Preview = "the first words"
	return c
}

func (f *fixture) quota(bytes int64) {
	f.t.Helper()
	f.write(func(tx *Tx) error {
		a, err := tx.Account(f.account)
		if err != nil {
			return err
		}
		a.Quota = bytes
		return tx.SetAccount(a)
	})
}

// makeRoom runs MakeRoom and returns which of the messages have a body still.
func (f *fixture) makeRoom(ids ...MessageID) (here []int) {
	f.t.Helper()
	if _, err := f.MakeRoom(context.Background(), f.account); err != nil {
		f.t.Fatal(err)
	}
	for i, id := range ids {
		if f.message(id).Body != BodyNone {
			here = append(here, i)
		}
	}
	return here
}

func TestTheLeastRecentlyReadLeaveFirst(t *testing.T) {
	f := newFixture(t, IMAP)
	var ids []MessageID
	for i := range 10 {
		id, _ := f.bind(f.inbox, uint32(i+1), f.large(1000))
		ids = append(ids, id)
	}
	for i, n := range []int{0, 3, 1} { // read in this order
		f.write(func(tx *Tx) error {
			return tx.SetRead(f.message(ids[n]).Content, day.Add(time.Duration(i)*time.Hour))
		})
	}
	if here := f.makeRoom(ids...); len(here) != 10 {
		t.Fatalf("without a quota %v are here", here)
	}
	f.quota(10_000)
	if here := f.makeRoom(ids...); len(here) != 10 {
		t.Fatalf("within the quota %v are here", here)
	}
	f.quota(4_000) // 3,600 are to be left
	if here := f.makeRoom(ids...); !slices.Equal(here, []int{0, 1, 3}) {
		t.Errorf("%v are here, want those that were read", here)
	}
	m := f.message(ids[5])
	if m.Preview != "the first words" || m.Subject == "" || m.Where != WhereServer || m.Blob != 0 {
		t.Errorf("%+v", m)
	}
	f.clock.Advance(25 * time.Hour)
	if n, err := f.SweepBlobs(context.Background()); n < 7 || err != nil {
		t.Errorf("%d blobs swept, %v", n, err)
	}
	if err := f.ShrinkBodies(context.Background()); err != nil {
		t.Error(err)
	}
	// The policy does not bring them again, a person does.
	f.read(func(v *View) error {
		if left, err := v.Bodiless(f.inbox, time.Time{}, 0, 100); len(left) != 0 || err != nil {
			t.Errorf("the policy asks for %v, %v", left, err)
		}
		after, err := v.FullAfter(f.account)
		if after == 0 {
			t.Error("the account is not full")
		}
		return err
	})
	f.quota(0)
	f.makeRoom()
	f.read(func(v *View) error {
		left, err := v.Bodiless(f.inbox, time.Time{}, 0, 100)
		if len(left) != 7 {
			t.Errorf("with room again the policy asks for %d", len(left))
		}
		return err
	})
}

// TestWhatIsNeededHereStays whatever the quota.
func TestWhatIsNeededHereStays(t *testing.T) {
	for name, needed := range map[string]func(f *fixture, id MessageID, at ImapLocation) error{
		"pinned": func(f *fixture, id MessageID, _ ImapLocation) error {
			return f.Write(context.Background(), "test", func(tx *Tx) error { return tx.SetPinned(f.message(id).Content, true) })
		},
		"only here": func(f *fixture, _ MessageID, at ImapLocation) error {
			return f.Write(context.Background(), "test", func(tx *Tx) error { return tx.Unlocate(at.ID) })
		},
		"flagged and not told": func(f *fixture, id MessageID, _ ImapLocation) error {
			return f.Write(context.Background(), "test", func(tx *Tx) error { return tx.SetFlags([]MessageID{id}, Flagged, 0) })
		},
		"deleted": func(f *fixture, id MessageID, _ ImapLocation) error {
			return f.Write(context.Background(), "test", func(tx *Tx) error { return tx.Delete([]MessageID{id}) })
		},
		"held": func(f *fixture, _ MessageID, at ImapLocation) error {
			return f.Write(context.Background(), "test", func(tx *Tx) error {
				_, err := tx.VanishLocations(f.account, []Vanished{{Location: at, Folder: f.inbox}})
				return err
			})
		},
		"of a draft": func(f *fixture, id MessageID, _ ImapLocation) error {
			return f.Write(context.Background(), "test", func(tx *Tx) error {
				return tx.do(onceDraft, f.account, id)
			})
		},
		"asked for": func(f *fixture, id MessageID, _ ImapLocation) error {
			return f.Write(context.Background(), "test", func(tx *Tx) error { return tx.do(want, f.message(id).Content, "2", 1) })
		},
		"elsewhere under UIDVALIDITY": func(f *fixture, _ MessageID, at ImapLocation) error {
			return f.Write(context.Background(), "test", func(tx *Tx) error { return tx.SetUIDValidity(at.RemoteFolder, 8) })
		},
		"paused": func(f *fixture, _ MessageID, _ ImapLocation) error {
			return f.Write(context.Background(), "test", func(tx *Tx) error { return tx.PauseFolder(f.inbox, "why") })
		},
		"of a letter": func(f *fixture, id MessageID, _ ImapLocation) error {
			return f.Write(context.Background(), "test", func(tx *Tx) error {
				return tx.do(onceLetter, f.account, f.message(id).Content)
			})
		},
		"of a maildrop": func(f *fixture, id MessageID, _ ImapLocation) error {
			return f.Write(context.Background(), "test", func(tx *Tx) error { return tx.do(onceLedger, f.drop, id) })
		},
	} {
		t.Run(name, func(t *testing.T) {
			f := newFixture(t, IMAP)
			id, at := f.bind(f.inbox, 1, f.large(5000))
			other, _ := f.bind(f.archive, 1, f.large(5000))
			if err := needed(f, id, at); err != nil {
				t.Fatal(err)
			}
			f.quota(100)
			if here := f.makeRoom(id, other); !slices.Equal(here, []int{0}) {
				t.Errorf("%v are here", here)
			}
			if err := f.makeRoomAgain(); err != nil {
				t.Error(err)
			}
		})
	}
}

var (
	onceDraft  = onMail(`INSERT INTO drafts (account_id, message_id, made_at) VALUES (?, ?, 1)`)
	onceLetter = onMail(`INSERT INTO outbox (account_id, content_id, envelope_from, header_id, state, queued_at) VALUES (?, ?, '', 'x', 'held', 1)`)
	onceLedger = onMail(`INSERT INTO pop_locations (maildrop_id, uidl, size, message_id, state, stored_at) VALUES (?, 'u', 1, ?, 'gone', 1)`)
)

// makeRoomAgain shows that what cannot leave is no endless work.
func (f *fixture) makeRoomAgain() error {
	n, err := f.MakeRoom(context.Background(), f.account)
	if err == nil && n != 0 {
		err = fmt.Errorf("%d left at the second time", n)
	}
	return err
}

func TestWhatSomebodyAskedForCountsAsRead(t *testing.T) {
	f := newFixture(t, IMAP)
	stub := f.content()
	id, _ := f.bind(f.inbox, 1, stub)
	old, _ := f.bind(f.inbox, 2, f.large(5000))
	c := f.large(5000)
	f.write(func(tx *Tx) error {
		if err := tx.Want(f.message(id).Content, WishWhole); err != nil {
			return err
		}
		return tx.SetWhole(f.message(id).Content, c)
	})
	f.quota(6000)
	if here := f.makeRoom(id, old); !slices.Equal(here, []int{0}) {
		t.Errorf("%v are here", here)
	}
}
