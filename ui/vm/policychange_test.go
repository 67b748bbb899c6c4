package vm

import (
	"testing"
	"time"

	"paquebot.app/localstore"
)

// change begins another policy for the account.
func (d *dropped) change() *PolicyChange {
	d.t.Helper()
	var a localstore.Account
	d.read(func(v *localstore.View) (err error) {
		a, err = v.Account(d.account)
		return err
	})
	c := NewPolicyChange(d.env, a)
	c.Refused = func(err error) { d.t.Errorf("refused: %v", err) }
	return c
}

func (d *dropped) states() (deleting, kept int) {
	d.read(func(v *localstore.View) error {
		rows, err := v.Ledger(d.drop)
		for _, r := range rows {
			switch r.State {
			case localstore.PopDeleting:
				deleting++
			case localstore.PopKept:
				kept++
			}
		}
		return err
	})
	return deleting, kept
}

func TestAPolicyIsToldBeforeItHolds(t *testing.T) {
	d := newDropped(t, localstore.DeleteNever, true)
	d.put(3, func(l *localstore.PopLocation) { l.StoredAt = noon.Add(-6 * 24 * time.Hour) })
	d.put(2, func(l *localstore.PopLocation) { l.StoredAt = noon })
	d.put(1, func(l *localstore.PopLocation) { l.Pinned = true })
	c := d.change()
	for _, want := range []struct {
		policy localstore.DeletePolicy
		words  string
	}{
		{localstore.DeleteNow, "5 messages leave the server at the next connection (5 KB). 1 stays because you keep it. New mail leaves it once it is safe here."},
		{localstore.DeleteDays, "5 messages leave it one by one: the first on 3 December, the last on 9 December. 1 stays because you keep it. New mail leaves it 14 days after it came here."},
		{localstore.DeleteWhen, "Nothing leaves the server now. 5 messages stay until you delete them here. 1 stays because you keep it."},
		{localstore.DeleteNever, ""},
	} {
		c.Choose(want.policy)
		d.settle()
		if c.Words() != want.words {
			t.Errorf("%s: %q", want.policy, c.Words())
		}
	}
	if deleting, kept := d.states(); deleting != 0 || kept != 6 {
		t.Errorf("%d deleting, %d kept before anything was applied", deleting, kept)
	}
	c.Choose(localstore.DeleteDays)
	c.SetDays("a lot")
	d.settle()
	if c.Problem() == "" || c.Words() != "" {
		t.Errorf("%q, %q", c.Problem(), c.Words())
	}
	c.SetDays("3")
	d.settle()
	if want := "3 messages leave the server at the next connection (3 KB). 2 messages leave it on 28 November. 1 stays because you keep it. New mail leaves it 3 days after it came here."; c.Words() != want {
		t.Errorf("%q", c.Words())
	}
	c.Cancel()
	if c.Policy() != localstore.DeleteNever || c.Words() != "" {
		t.Errorf("%s, %q after cancel", c.Policy(), c.Words())
	}
	c.Choose(localstore.DeleteNow)
	d.settle()
	applied := false
	c.Applied = func() { applied = true }
	c.Apply()
	d.settle()
	if deleting, kept := d.states(); !applied || deleting != 5 || kept != 1 {
		t.Errorf("%d deleting, %d kept", deleting, kept)
	}
	c.Choose(localstore.DeleteNever)
	d.settle()
	if c.Words() != "Nothing leaves the server." {
		t.Errorf("%q", c.Words())
	}
}

func TestAPolicyBeforeTheFirstYesSaysSo(t *testing.T) {
	d := newDropped(t, localstore.DeleteNever, false)
	d.put(1, func(*localstore.PopLocation) {})
	c := d.change()
	c.Choose(localstore.DeleteNow)
	d.settle()
	if want := "1 message leaves the server once you say yes (1 KB). New mail leaves it once it is safe here."; c.Words() != want {
		t.Errorf("%q", c.Words())
	}
}
