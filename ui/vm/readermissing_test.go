package vm

import (
	"testing"

	"paquebot.app/localstore"
)

// TestALargeMailOfAMaildropIsOffered shows that what is too large to come by
// itself is not fetched because somebody looked at it.
func TestALargeMailOfAMaildropIsOffered(t *testing.T) {
	d := newDropped(t, localstore.DeleteNow, true)
	id := d.add(localstore.RoleInbox, 1, func(c *localstore.NewContent, _ *localstore.NewMessage) { c.Size = 38_000_000 })[0]
	d.put(1, func(l *localstore.PopLocation) {
		l.State, l.Size, l.Message = localstore.PopSkipped, 38_000_000, id
	})
	wishes := func() (all []localstore.Wish) {
		d.read(func(v *localstore.View) (err error) {
			all, err = v.Wishes(d.account)
			return err
		})
		return all
	}
	r := newReading(d.fixture)
	r.open(id)
	d.settle()
	if l := r.Letter(); r.State() != Offered || l.Fetch != "Fetch it (38 MB)" || len(wishes()) != 0 {
		t.Fatalf("state %v, %q, %d wishes", r.State(), l.Fetch, len(wishes()))
	}
	d.changes()
	r.Fetch()
	d.settle()
	r.Follow(d.changes())
	d.settle()
	if w := wishes(); r.State() != Coming || len(w) != 1 || w[0].Section != localstore.WishWhole {
		t.Fatalf("state %v, wishes %+v", r.State(), w)
	}
	d.write(func(tx *localstore.Tx) error {
		return tx.FailWish(wishes()[0].Content, localstore.WishWhole, "The server did not hand it out.")
	})
	r.Follow(d.changes())
	d.settle()
	if l := r.Letter(); r.State() != Offered || l.Problem != "The server did not hand it out." {
		t.Errorf("state %v, %q", r.State(), l.Problem)
	}
}
