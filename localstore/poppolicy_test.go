package localstore

import (
	"errors"
	"testing"
	"time"
)

// policy sets the policy of deletion of the fixture's account.
func (f *fixture) policy(how DeletePolicy) {
	f.t.Helper()
	f.write(func(tx *Tx) error {
		a, err := tx.Account(f.account)
		if err != nil {
			return err
		}
		a.PopDelete, a.PopDays = how, 7
		return tx.SetAccount(a)
	})
}

// states returns those of the ledger's rows.
func (f *fixture) states() (all []PopState) {
	f.t.Helper()
	f.read(func(v *View) error {
		rows, err := v.Ledger(f.drop)
		for _, r := range rows {
			all = append(all, r.State)
		}
		return err
	})
	return all
}

// TestAnotherPolicyHoldsForWhatLiesThere: what each change of policy does is
// what the plan said, and never touches what the user keeps there.
func TestAnotherPolicyHoldsForWhatLiesThere(t *testing.T) {
	f := newFixture(t, POP)
	f.policy(DeleteNever)
	var pinned LocationID
	var messages []MessageID
	for range 4 {
		messages = append(messages, f.put(f.inbox, f.whole(f.content())))
	}
	f.write(func(tx *Tx) error {
		for i, days := range []int{10, 1, 1, 10} {
			row := PopLocation{Maildrop: f.drop, UIDL: string(rune('a' + i)), HeaderHash: [32]byte{byte(i + 1)}, Size: 100,
				Message: messages[i], State: PopKept, StoredAt: tx.s.clock.Now().AddDate(0, 0, -days)}
			id, err := tx.AddPopLocation(row)
			if err != nil {
				return err
			}
			if i == 2 {
				if err := tx.DeleteNow(messages[i : i+1]); err != nil {
					return err
				}
			}
			pinned = id
		}
		if err := tx.KeepOnServer(f.drop, []LocationID{pinned}, true); err != nil {
			return err
		}
		return tx.AllowDeletes(f.drop)
	})
	for _, c := range []struct {
		how  DeletePolicy
		want []PopState
		plan PolicyPlan
	}{
		{DeleteNow, []PopState{PopDeleting, PopDeleting, PopDeleting, PopKept}, PolicyPlan{Remove: 3, RemoveBytes: 300, Keep: 1, Pinned: 1}},
		{DeleteWhen, []PopState{PopKept, PopKept, PopDeleting, PopKept}, PolicyPlan{Remove: 1, RemoveBytes: 100, Keep: 3, Pinned: 1}},
		{DeleteDays, []PopState{PopDeleting, PopKept, PopKept, PopKept}, PolicyPlan{Remove: 1, RemoveBytes: 100, Later: 2, Keep: 1, Pinned: 1}},
		{DeleteNever, []PopState{PopKept, PopKept, PopKept, PopKept}, PolicyPlan{Keep: 4, Pinned: 1}},
	} {
		f.read(func(v *View) error {
			plan, err := v.PlanPolicy(f.policed(v, c.how, 7))
			c.plan.OnServer = 4
			if c.plan.Later > 0 {
				c.plan.First, c.plan.Last = plan.First, plan.First
				if until := plan.First.Sub(v.s.clock.Now()); until > 6*24*time.Hour || until < 5*24*time.Hour {
					t.Errorf("%s: the first leaves in %v", c.how, until)
				}
			}
			if plan != c.plan {
				t.Errorf("%s: the plan is %+v, want %+v", c.how, plan, c.plan)
			}
			return err
		})
		f.policy(c.how)
		got := f.states()
		for i := range c.want {
			if got[i] != c.want[i] {
				t.Errorf("%s: mail %d is %s, want %s", c.how, i, got[i], c.want[i])
			}
		}
	}
	f.policy(DeleteNow)
	f.write(func(tx *Tx) error { return tx.KeepOnServer(f.drop, []LocationID{pinned}, false) })
	if got := f.states(); got[3] != PopDeleting {
		t.Errorf("what is kept no more is %s", got[3])
	}
}

// TestAPlanBeforeTheYes says what would go, and that it waits.
func TestAPlanBeforeTheYes(t *testing.T) {
	f := newFixture(t, POP)
	f.policy(DeleteNever)
	message := f.put(f.inbox, f.whole(f.content()))
	f.write(func(tx *Tx) error {
		_, err := tx.AddPopLocation(PopLocation{Maildrop: f.drop, UIDL: "a", HeaderHash: [32]byte{1}, Size: 5,
			Message: message, State: PopKept})
		return err
	})
	f.read(func(v *View) error {
		plan, err := v.PlanPolicy(f.policed(v, DeleteNow, 0))
		if want := (PolicyPlan{OnServer: 1, Remove: 1, RemoveBytes: 5, Waits: true}); plan != want {
			t.Errorf("%+v, want %+v", plan, want)
		}
		return err
	})
	f.policy(DeleteNow)
	if got := f.states(); got[0] != PopKept {
		t.Errorf("before the yes a mail is %s", got[0])
	}
}

// policed returns the account with another policy of deletion.
func (f *fixture) policed(v *View, how DeletePolicy, days int) Account {
	f.t.Helper()
	a, err := v.Account(f.account)
	if err != nil {
		f.t.Fatal(err)
	}
	a.PopDelete, a.PopDays = how, days
	return a
}

// TestAMaildropThatWasSmallAtFirstSightNeedsNoYes, whenever the policy comes to
// remove something; one that was old waits.
func TestAMaildropThatWasSmallAtFirstSightNeedsNoYes(t *testing.T) {
	for first, waits := range map[int]bool{0: false, smallMaildrop: false, smallMaildrop + 1: true} {
		f := newFixture(t, POP)
		f.policy(DeleteNever)
		message := f.put(f.inbox, f.whole(f.content()))
		f.write(func(tx *Tx) error {
			if err := errors.Join(tx.FirstSight(f.drop, first), tx.FirstSight(f.drop, 7)); err != nil {
				return err
			}
			_, err := tx.AddPopLocation(PopLocation{Maildrop: f.drop, UIDL: "a", HeaderHash: [32]byte{1}, Size: 5, Message: message, State: PopKept})
			return err
		})
		f.read(func(v *View) error {
			m, _, err := v.OpenMaildropOf(f.account)
			if m.DeleteOK || m.FirstMails != first {
				t.Errorf("under policy never: %+v", m)
			}
			plan, err2 := v.PlanPolicy(f.policed(v, DeleteNow, 0))
			if plan.Waits != waits || plan.Unseen || plan.Remove != 1 {
				t.Errorf("%d at first sight: %+v", first, plan)
			}
			return errors.Join(err, err2)
		})
		f.policy(DeleteNow)
		if got := f.states()[0]; (got == PopKept) != waits {
			t.Errorf("%d at first sight: the mail is %s", first, got)
		}
	}
}

// TestAPlanForAMaildropThatWasNeverSeen does not speak of the one before.
func TestAPlanForAMaildropThatWasNeverSeen(t *testing.T) {
	f := newFixture(t, POP)
	message := f.put(f.inbox, f.whole(f.content()))
	f.write(func(tx *Tx) error {
		_, err := tx.AddPopLocation(PopLocation{Maildrop: f.drop, UIDL: "a", HeaderHash: [32]byte{1}, Size: 5, Message: message, State: PopKept})
		return errors.Join(err, tx.AllowDeletes(f.drop))
	})
	for name, change := range map[string]func(*Server){"host": func(s *Server) { s.Host = "pop.elsewhere.example" }, "port": func(s *Server) { s.Port++ }, "user": func(s *Server) { s.User += "2" }} {
		f.read(func(v *View) error {
			a := f.policed(v, DeleteNow, 0)
			change(&a.POP)
			plan, err := v.PlanPolicy(a)
			if want := (PolicyPlan{Unseen: true, Waits: true}); plan != want {
				t.Errorf("another %s: %+v", name, plan)
			}
			return err
		})
	}
}
