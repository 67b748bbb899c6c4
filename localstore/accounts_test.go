package localstore

import (
	"context"
	"reflect"
	"slices"
	"testing"

	"paquebot.app/internal/fault"
)

func TestAccounts(t *testing.T) {
	s := newStore(t)
	a := Account{Name: "Work", Address: "ann@example.org", FullName: "Ann Example", Mode: IMAP, Generation: 1,
		IMAP: Server{Host: "imap.example.org", Port: 993, Security: TLS, User: "ann"},
		POP:  Server{Host: "pop.example.org", Port: 995, Security: TLS, User: "ann", CAFile: "/ca.pem"},
		SMTP: Server{Host: "smtp.example.org", Port: 587, Security: STARTTLS, User: "ann"}, PasswordCommand: "pass ann", SecretRef: "ref",
		PopDelete: DeleteDays, PopDays: 14, Policy: FetchAll, PolicyDays: 30}
	write(t, s, func(tx *Tx) (err error) {
		a.ID, err = tx.AddAccount(a)
		return err
	})
	check := func() {
		t.Helper()
		read(t, s, func(v *View) error {
			got, err := v.AccountByName("Work")
			if !reflect.DeepEqual(got, a) {
				t.Errorf("got  %+v\nwant %+v", got, a)
			}
			all, err2 := v.Accounts()
			if len(all) != 2 || all[0].ID != a.ID || all[1].Mode != Local {
				t.Errorf("all: %+v", all)
			}
			folders, err3 := v.Folders(a.ID)
			var paths []string
			for _, f := range folders {
				paths = append(paths, f.Path)
				if f.Remote {
					t.Errorf("%s is remote", f.Path)
				}
			}
			if !slices.Equal(paths, []string{"INBOX", "Drafts", "Sent", "Outbox", "Archive", "Junk", "Trash"}) {
				t.Errorf("folders: %v", paths)
			}
			for _, err := range []error{err, err2, err3} {
				if err != nil {
					return err
				}
			}
			return nil
		})
	}
	check()
	a.Address, a.PopDays, a.IMAP.Port = "anna@example.org", 7, 143
	changed := a
	changed.Mode, changed.Generation = POP, 9 // only a switch changes these
	write(t, s, func(tx *Tx) error { return tx.SetAccount(changed) })
	check()

	fails := func(cause fault.Cause, f func(*Tx) error) {
		t.Helper()
		wantCause(t, s.Write(context.Background(), "test", f), cause)
	}
	fails(fault.Data, func(tx *Tx) error { _, err := tx.AddAccount(Account{Name: "Work", Mode: POP}); return err })
	fails(fault.Missing, func(tx *Tx) error { _, err := tx.Account(99); return err })
	fails(fault.Missing, func(tx *Tx) error { return tx.SetAccount(Account{ID: 99, Name: "x"}) })
	fails(fault.Data, func(tx *Tx) error { return tx.RemoveAccount(1, true) })
}

func TestRemoveAccount(t *testing.T) {
	for _, keep := range []bool{false, true} {
		f := newFixture(t, IMAP)
		f.bind(f.inbox, 1, f.content())
		whole, _ := f.bind(f.inbox, 2, f.whole(f.content()))
		f.pend(Pending{Message: whole, Kind: PendFlags, Set: Seen})
		f.write(func(tx *Tx) error { return tx.RemoveAccount(f.account, keep) })
		f.read(func(v *View) error {
			all, err := v.Accounts()
			if len(all) != 1 {
				t.Errorf("%d accounts are left", len(all))
			}
			return err
		})
		if f.gone(whole) == keep {
			t.Errorf("keep %v: gone %v", keep, f.gone(whole))
		}
		if keep {
			m := f.message(whole)
			f.read(func(v *View) error {
				folder, err := v.Folder(m.Folder)
				if folder.Path != "Work/INBOX" || folder.Total != 1 || m.Where != WhereHere || m.Pending {
					t.Errorf("%+v in %+v", m, folder)
				}
				return err
			})
		}
		report, err := f.Verify(context.Background(), nil)
		if err != nil || len(report.Damaged) != 0 {
			t.Errorf("%+v, %v", report, err)
		}
	}
}

func TestRemoveAccountRefusedWhileLettersWait(t *testing.T) {
	f := newFixture(t, IMAP)
	c := f.whole(f.content())
	f.write(func(tx *Tx) error {
		n, err := tx.AddContent(c)
		if err != nil {
			return err
		}
		return tx.do(onMail(`INSERT INTO outbox (account_id, content_id, envelope_from, header_id, state, queued_at) VALUES (?, ?, 'a', 'b', 'held', 1)`), f.account, n)
	})
	wantCause(t, f.Write(context.Background(), "test", func(tx *Tx) error { return tx.RemoveAccount(f.account, false) }), fault.Data)
}

func TestSettings(t *testing.T) {
	s := newStore(t)
	write(t, s, func(tx *Tx) error {
		if err := tx.SetSetting("theme", "dark"); err != nil {
			return err
		}
		return tx.SetSetting("theme", "light")
	})
	read(t, s, func(v *View) error {
		got, err := v.Setting("theme")
		none, err2 := v.Setting("none")
		if got != "light" || none != "" || err2 != nil {
			t.Errorf("%q %q %v", got, none, err2)
		}
		return err
	})
}
