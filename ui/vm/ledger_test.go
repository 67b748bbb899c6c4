package vm

import (
	"errors"
	"strings"
	"testing"
	"time"

	"paquebot.app/localstore"
)

// dropped is a POP account with mail in its maildrop.
type dropped struct {
	*fixture
	drop   localstore.MaildropID
	ledger *Ledger
	undo   func()
	done   string
}

// newDropped makes one whose mail leaves as how says; the yes is given.
func newDropped(t *testing.T, how localstore.DeletePolicy, yes bool) *dropped {
	t.Helper()
	d := &dropped{fixture: newFixture(t)}
	d.write(func(tx *localstore.Tx) (err error) {
		d.account, err = tx.AddAccount(localstore.Account{Name: "home", Address: "ada@example.net", Mode: localstore.POP, PopDelete: how, PopDays: 14, PopLimit: 5_000_000,
			POP: localstore.Server{Host: "pop.example.net", Port: 995, Security: localstore.TLS, User: "ada"}})
		if err != nil {
			return err
		}
		m, err := tx.OpenMaildrop(d.account, localstore.POP, "pop.example.net", 995, "ada")
		if d.drop = m.ID; err != nil || !yes {
			return err
		}
		return tx.AllowDeletes(m.ID)
	})
	d.ledger = NewLedger(d.env)
	d.ledger.Done = func(text string, undo func()) { d.done, d.undo = text, undo }
	d.ledger.Refused = func(err error) { t.Errorf("refused: %v", err) }
	return d
}

// put stores whole mails that lie in the maildrop, in a state.
func (d *dropped) put(n int, change func(*localstore.PopLocation)) (ids []localstore.MessageID) {
	d.t.Helper()
	for range n {
		id := d.letter("From: a@b.example\r\nSubject: Hello\r\n\r\nHi\r\n")
		d.write(func(tx *localstore.Tx) error {
			l := localstore.PopLocation{Maildrop: d.drop, UIDL: "u", Size: 1000, Message: id, State: localstore.PopKept, StoredAt: noon}
			l.HeaderHash[0] = 1
			change(&l)
			if l.State == localstore.PopKept && l.Until.IsZero() {
				var err error
				if _, l.Until, err = tx.BornState(d.drop, l.StoredAt); err != nil {
					return err
				}
			}
			_, err := tx.AddPopLocation(l)
			return err
		})
		ids = append(ids, id)
	}
	return ids
}

// show reads the ledger with all its rows.
func (d *dropped) show() {
	d.t.Helper()
	d.ledger.Show(d.account)
	d.queue.Until(d.ledger.Ready)
	d.ledger.Need(0, d.ledger.Len()-1)
	d.settle()
}

func (d *dropped) row(i int) LedgerRow {
	d.t.Helper()
	r, ok := d.ledger.Row(i)
	if !ok {
		d.t.Fatalf("row %d is not loaded", i)
	}
	return r
}

func TestTheLedgerSaysWhyAMailLiesThere(t *testing.T) {
	d := newDropped(t, localstore.DeleteDays, true)
	d.put(1, func(l *localstore.PopLocation) { l.StoredAt = noon.Add(-6 * 24 * time.Hour) })
	d.put(1, func(l *localstore.PopLocation) { l.Pinned, l.Until = true, noon })
	d.put(1, func(l *localstore.PopLocation) { l.Until = noon.Add(-time.Hour) })
	d.put(1, func(l *localstore.PopLocation) {
		l.State, l.Size, l.Why = localstore.PopSkipped, 38_000_000, "It is large."
	})
	d.put(1, func(l *localstore.PopLocation) {
		l.State, l.Message, l.UIDL, l.Why = localstore.PopSkipped, 0, "xyz-7", "The server says no."
	})
	d.put(1, func(l *localstore.PopLocation) { l.State, l.Why = localstore.PopGone, "" })
	d.put(1, func(l *localstore.PopLocation) { l.State, l.Message = localstore.PopForeign, 0 })
	d.show()
	if d.ledger.Len() != 5 || d.ledger.Total() != "5 messages, 38 MB" {
		t.Errorf("%d rows, %q", d.ledger.Len(), d.ledger.Total())
	}
	if got := d.ledger.Outlook(); got != "1 leaves at the next connection, 1 leaves on 3 December, 1 stays, 2 were not fetched." {
		t.Error(got)
	}
	want := []struct{ state, action string }{
		{"Too large: fetched when you ask", ActFetch}, {"Could not be fetched: The server says no.", ""},
		{"Leaves at the next connection", ActKeep}, {"Leaves on 3 December", ActKeep}, {"Kept by you", ActUnkeep},
	}
	for i, w := range want {
		if r := d.row(i); r.State != w.state || r.Action != w.action {
			t.Errorf("row %d: %q, %q", i, r.State, r.Action)
		}
	}
	if r := d.row(1); r.Who != "xyz-7" || r.Message != 0 {
		t.Errorf("%+v", r)
	}
	if g := d.ledger.Groups(); len(g) != 4 || g[0].Title != "Not fetched" || g[3].First != 4 {
		t.Errorf("%+v", g)
	}
	d.ledger.SetLeft(true)
	d.ledger.Need(0, 9)
	d.settle()
	if d.ledger.Len() != 2 || !strings.Contains(d.row(0).State+d.row(1).State, "Removed today") || !strings.Contains(d.row(0).State+d.row(1).State, "Another program took it today") {
		t.Errorf("%d left: %q, %q", d.ledger.Len(), d.row(0).State, d.row(1).State)
	}
}

func TestKeepingTakesADeletionBack(t *testing.T) {
	d := newDropped(t, localstore.DeleteNow, true)
	d.put(3, func(l *localstore.PopLocation) { l.State = localstore.PopDeleting })
	d.show()
	if r := d.row(1); r.State != "Leaves at the next connection" {
		t.Fatalf("%+v", r)
	}
	kept := d.ledger.ID(1)
	d.ledger.Act(1)
	d.queue.Until(func() bool { return d.done != "" })
	d.settle()
	i, _ := d.ledger.Index(kept)
	if r := d.row(i); r.State != "Kept by you" || i != 1 || d.ledger.Outlook() != "2 leave at the next connection, 1 stays." {
		t.Errorf("row %d %+v, %q", i, r, d.ledger.Outlook())
	}
	d.undo()
	d.settle()
	if got := d.ledger.Outlook(); got != "3 leave at the next connection." {
		t.Errorf("after the undo: %q", got)
	}
	d.ledger.Keep([]localstore.LocationID{kept}, true)
	d.show() // anew: it stands among the kept
	if i, _ := d.ledger.Index(kept); i != 2 || d.row(2).State != "Kept by you" {
		t.Errorf("row %d", i)
	}
	d.ledger.Keep([]localstore.LocationID{kept}, false)
	d.settle()
	var all []localstore.LocationID
	for i := range d.ledger.Len() {
		all = append(all, d.ledger.ID(i))
	}
	d.ledger.Keep(all, true)
	d.settle()
	if d.done != "3 messages stay on the server" || d.ledger.Outlook() != "3 stay." {
		t.Errorf("%q, %q", d.done, d.ledger.Outlook())
	}
}

func TestTheLedgerNamesAServerThatRemovesByItself(t *testing.T) {
	d := newDropped(t, localstore.DeleteNever, true)
	d.put(2, func(*localstore.PopLocation) {})
	d.write(func(tx *localstore.Tx) error { return tx.SetExpireZero(d.drop, true) })
	d.show()
	if got := d.ledger.Outlook(); got != "2 stay. This server removes mail by itself as soon as it was fetched." {
		t.Error(got)
	}
	d.write(func(tx *localstore.Tx) error { return tx.SetExpireZero(d.drop, false) })
	d.ledger.Load()
	d.settle()
	if got := d.ledger.Outlook(); got != "2 stay." {
		t.Error(got)
	}
}

// TestTheLedgerSaysWhenItIsTriedAgain: what could not be fetched, and what the
// server does not remove.
func TestTheLedgerSaysWhenItIsTriedAgain(t *testing.T) {
	d := newDropped(t, localstore.DeleteNow, true)
	d.put(1, func(l *localstore.PopLocation) {
		l.State, l.Why, l.Tries, l.RetryAt = localstore.PopSkipped, "The server says no.", 2, noon.Add(90*time.Minute)
	})
	d.put(1, func(l *localstore.PopLocation) { l.State = localstore.PopDeleting })
	d.write(func(tx *localstore.Tx) error {
		rows, err := tx.Ledger(d.drop, localstore.PopDeleting)
		for range 2 {
			err = errors.Join(err, tx.PopAgreed(rows[0].ID, "It says so.", noon.Add(25*time.Hour)))
		}
		return err
	})
	d.show()
	at := noon.In(d.env.Zone)
	for i, want := range []string{
		"Could not be fetched: The server says no. Tried again today at " + at.Add(90*time.Minute).Format("15:04") + ".",
		"The server does not remove it. Tried again tomorrow at " + at.Add(time.Hour).Format("15:04") + ".",
	} {
		if r := d.row(i); r.State != want || r.Tone != LedgerBad {
			t.Errorf("row %d: %q", i, r.State)
		}
	}
}

func TestALargeMailIsFetchedFromTheLedger(t *testing.T) {
	d := newDropped(t, localstore.DeleteNow, true)
	m := d.add(localstore.RoleInbox, 1)[0]
	d.put(1, func(l *localstore.PopLocation) {
		l.State, l.Size, l.Message = localstore.PopSkipped, 38_000_000, m
	})
	d.show()
	d.ledger.Act(0)
	d.settle()
	if r := d.row(0); r.State != "Comes at the next connection" || r.Action != "" {
		t.Errorf("%+v", r)
	}
}

func TestNothingLeavesBeforeTheFirstYes(t *testing.T) {
	d := newDropped(t, localstore.DeleteNow, false)
	d.put(2, func(*localstore.PopLocation) {})
	d.show()
	if r := d.row(0); r.State != "Leaves once you say yes" || d.ledger.Outlook() != "2 leave once you say yes." {
		t.Errorf("%+v, %q", r, d.ledger.Outlook())
	}
}

// TestALongLedgerReadsWhatIsInSight holds that rows are read by page.
func TestALongLedgerReadsWhatIsInSight(t *testing.T) {
	d := newDropped(t, localstore.DeleteDays, true)
	ids := d.add(localstore.RoleInbox, 3000)
	d.write(func(tx *localstore.Tx) error {
		for _, id := range ids {
			l := localstore.PopLocation{Maildrop: d.drop, UIDL: "u", Size: 1000, Message: id, State: localstore.PopKept, Until: noon.Add(time.Hour)}
			if _, err := tx.AddPopLocation(l); err != nil {
				return err
			}
		}
		return nil
	})
	d.ledger.Show(d.account)
	d.queue.Until(d.ledger.Ready)
	if _, ok := d.ledger.Row(0); ok || len(d.ledger.heads) != 0 {
		t.Error("rows were read that nobody looks at")
	}
	d.ledger.Need(0, 19)
	d.settle()
	if r := d.row(0); len(d.ledger.heads) != 20 || r.Message != ids[len(ids)-1] {
		t.Errorf("%d heads, first %+v: not the newest", len(d.ledger.heads), r)
	}
}
