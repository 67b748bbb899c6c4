package localstore

import "testing"

// TestOnlyHereListsWhatNoServerHas of an account that is kept by IMAP.
func TestOnlyHereListsWhatNoServerHas(t *testing.T) {
	f := newFixture(t, IMAP)
	has := func() (ids []MessageID, some bool) {
		f.read(func(v *View) (err error) {
			l := List{Folder: f.inbox, OnlyHere: true}
			if ids, _, err = v.MessageIDs(l, 0, 10); err != nil {
				return err
			}
			n, err := v.Count(l)
			if n != len(ids) {
				t.Errorf("%d are counted and %d listed", n, len(ids))
			}
			if err == nil {
				some, err = v.HasOnlyHere(f.inbox)
			}
			return err
		})
		return ids, some
	}
	f.bind(f.inbox, 1, f.content())
	if ids, some := has(); len(ids) != 0 || some {
		t.Errorf("%v, %v of what the server has", ids, some)
	}
	alone := f.put(f.inbox, f.content())
	if ids, some := has(); len(ids) != 1 || ids[0] != alone || !some {
		t.Errorf("%v, %v with one that is only here", ids, some)
	}
}

// TestASearchForWhatIsOnlyHere finds it with words and without.
func TestASearchForWhatIsOnlyHere(t *testing.T) {
	f := newFixture(t, IMAP)
	f.bind(f.inbox, 1, f.content())
	alone := f.put(f.inbox, f.content())
	for _, typed := range []string{"is:local", "is:local in:inbox"} {
		if found := f.search(typed); len(found.Messages) != 1 || found.Messages[0] != alone {
			t.Errorf("%s: %+v", typed, found)
		}
	}
	if q := ParseQuery("is:local ferry", day.Location()); !q.OnlyHere || len(q.Words) != 1 {
		t.Errorf("%+v", q)
	}
}
