package localstore

import (
	"testing"
	"time"

	"paquebot.app/internal/fault"
)

// TestLedger: when a mail may be deleted on the server.
func TestLedger(t *testing.T) {
	for _, c := range []struct {
		name   string
		policy DeletePolicy
		yes    bool
		whole  bool
		header bool
		asked  PopState
		want   PopState
	}{
		{"now, after the yes", DeleteNow, true, true, true, PopDeleting, PopDeleting},
		{"now, not asked for", DeleteNow, true, true, true, PopKept, PopKept},
		{"now, before the yes", DeleteNow, false, true, true, PopDeleting, PopKept},
		{"now, header not seen", DeleteNow, true, true, false, PopDeleting, PopKept},
		{"now, not whole", DeleteNow, true, false, true, PopDeleting, PopKept},
		{"never", DeleteNever, true, true, true, PopDeleting, PopKept},
		{"days", DeleteDays, true, true, true, PopDeleting, PopKept},
		{"when deleted", DeleteWhen, true, true, true, PopDeleting, PopKept},
		{"skipped", DeleteNow, true, false, false, PopSkipped, PopSkipped},
	} {
		t.Run(c.name, func(t *testing.T) {
			f := newFixture(t, POP)
			mail := f.content()
			if c.whole {
				mail = f.whole(mail)
			}
			id := f.put(f.inbox, mail)
			f.write(func(tx *Tx) error {
				a, err := tx.Account(f.account)
				if err != nil {
					return err
				}
				a.PopDelete = c.policy
				if err := tx.SetAccount(a); err != nil {
					return err
				}
				if c.yes {
					if err := tx.AllowDeletes(f.drop); err != nil {
						return err
					}
				}
				l := PopLocation{Maildrop: f.drop, UIDL: "u", Size: 5, Message: id, State: c.asked}
				if c.header {
					l.HeaderHash = [32]byte{1}
				}
				_, err = tx.AddPopLocation(l)
				return err
			})
			f.read(func(v *View) error {
				rows, err := v.Ledger(f.drop, c.want)
				if len(rows) != 1 {
					all, _ := v.Ledger(f.drop)
					t.Errorf("%+v", all)
				}
				return err
			})
		})
	}
}

func TestLedgerLife(t *testing.T) {
	f := newFixture(t, POP)
	safe := f.put(f.inbox, f.whole(f.content()))
	stub := f.put(f.inbox, f.content())
	var safeRow, stubRow LocationID
	f.write(func(tx *Tx) (err error) {
		if safeRow, err = tx.AddPopLocation(PopLocation{Maildrop: f.drop, UIDL: "a", HeaderHash: [32]byte{1}, Message: safe, State: PopKept}); err != nil {
			return err
		}
		stubRow, err = tx.AddPopLocation(PopLocation{Maildrop: f.drop, UIDL: "b", HeaderHash: [32]byte{2}, Message: stub, State: PopSkipped, Why: "too big"})
		return err
	})
	states := func() map[LocationID]PopState {
		of := map[LocationID]PopState{}
		f.read(func(v *View) error {
			rows, err := v.Ledger(f.drop)
			for _, r := range rows {
				of[r.ID] = r.State
			}
			return err
		})
		return of
	}
	wantCause(t, f.Write(t.Context(), "test", func(tx *Tx) error { return tx.SetPopState([]LocationID{stubRow}, PopDeleting, "") }), fault.Data)
	f.write(func(tx *Tx) error { return tx.AllowDeletes(f.drop) })
	if s := states(); s[safeRow] != PopDeleting || s[stubRow] != PopSkipped {
		t.Errorf("after the yes: %v", s)
	}
	f.write(func(tx *Tx) error {
		if err := tx.SetPopListing(safeRow, "z", 77); err != nil {
			return err
		}
		return tx.SetPopState([]LocationID{safeRow}, PopGone, "deleted")
	})
	f.write(func(tx *Tx) error { return tx.RemoveMessage(safe) })
	f.read(func(v *View) error {
		rows, err := v.Ledger(f.drop, PopGone)
		if len(rows) != 1 || rows[0].UIDL != "z" || rows[0].Size != 77 || !rows[0].GoneAt.Equal(day) || rows[0].Why != "deleted" || rows[0].Message != 0 {
			t.Errorf("%+v", rows)
		}
		return err
	})
	f.write(func(tx *Tx) error { return tx.ForgetGone(f.drop, day.Add(399*24*time.Hour)) })
	if len(states()) != 2 {
		t.Error("forgotten too early")
	}
	f.write(func(tx *Tx) error { return tx.ForgetGone(f.drop, day.Add(401*24*time.Hour)) })
	if s := states(); len(s) != 1 || s[stubRow] == "" {
		t.Errorf("after 401 days: %v", s)
	}
}

func TestDueDeletes(t *testing.T) {
	f := newFixture(t, POP)
	id := f.put(f.inbox, f.whole(f.content()))
	f.write(func(tx *Tx) error {
		a, err := tx.Account(f.account)
		if err != nil {
			return err
		}
		a.PopDelete, a.PopDays = DeleteDays, 14
		if err := tx.SetAccount(a); err != nil {
			return err
		}
		state, until, err := tx.BornState(f.drop, day)
		if err != nil {
			return err
		}
		_, err = tx.AddPopLocation(PopLocation{Maildrop: f.drop, HeaderHash: [32]byte{1}, Message: id, State: state, Until: until})
		return err
	})
	due := func(days int) (n int) {
		f.write(func(tx *Tx) (err error) {
			n, err = tx.DueDeletes(f.drop, day.Add(time.Duration(days)*24*time.Hour))
			return err
		})
		return n
	}
	if n := due(13); n != 0 {
		t.Errorf("%d due after 13 days", n)
	}
	if n := due(14); n != 1 {
		t.Errorf("%d due after 14 days", n)
	}
}

func TestMaildrops(t *testing.T) {
	f := newFixture(t, POP)
	open := func(host string) (m Maildrop) {
		f.write(func(tx *Tx) (err error) {
			m, err = tx.OpenMaildrop(f.account, POP, host, 993, "ann")
			return err
		})
		return m
	}
	same := open("mail.example.org")
	other := open("new.example.org")
	back := open("mail.example.org")
	if same.ID != f.drop || other.ID == f.drop || back.ID == f.drop || back.ID == other.ID {
		t.Errorf("%d, %d, %d, %d", f.drop, same.ID, other.ID, back.ID)
	}
	f.write(func(tx *Tx) error { return tx.CountSession(back.ID) })
	f.read(func(v *View) error {
		m, ok, err := v.OpenMaildropOf(f.account)
		if !ok || m.ID != back.ID || m.Sessions != 1 || m.DeleteOK || !m.OpenedAt.Equal(day) {
			t.Errorf("%+v", m)
		}
		return err
	})
}

func TestJournalAndWakes(t *testing.T) {
	f := newFixture(t, POP)
	for i := range 3 {
		f.write(func(tx *Tx) error {
			return tx.Journal(Note{Account: f.account * AccountID(i%2), Step: "pop received", Result: "Fine."})
		})
	}
	f.read(func(v *View) error {
		all, err := v.Notes(0, 2)
		own, err2 := v.Notes(f.account, 10)
		if len(all) != 2 || len(own) != 1 || !own[0].At.Equal(day) || err2 != nil {
			t.Errorf("%+v %+v", all, own)
		}
		return err
	})
	var n int64
	f.write(func(tx *Tx) (err error) {
		n, err = tx.Wake(f.account)
		return err
	})
	report := func() (text string, done bool, open int) {
		f.read(func(v *View) (err error) {
			wakes, err := v.Wakes()
			open = len(wakes)
			if err == nil {
				text, done, err = v.WakeReport(n)
			}
			return err
		})
		return text, done, open
	}
	if _, done, open := report(); done || open != 1 {
		t.Error("a new request is done")
	}
	f.write(func(tx *Tx) error { return tx.WakeDone(n, "3 new") })
	if text, done, open := report(); !done || text != "3 new" || open != 0 {
		t.Errorf("%q %v %d", text, done, open)
	}
}
