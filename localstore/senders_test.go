package localstore

import (
	"slices"
	"testing"

	"paquebot.app/internal/fault"
)

func (f *fixture) senders(account AccountID) (all []Sender) {
	f.t.Helper()
	f.read(func(v *View) (err error) {
		all, err = v.Senders(account)
		return err
	})
	return all
}

func TestIdentities(t *testing.T) {
	f := newFixture(t, IMAP)
	own := f.senders(f.account)
	if len(own) != 1 || !own[0].Own || !own[0].Default || own[0].Address != "ann@example.org" {
		t.Fatalf("at first: %+v", own)
	}
	watch := f.Watch(TopicAccounts)
	defer watch.Close()
	var shop SenderID
	f.write(func(tx *Tx) (err error) {
		shop, err = tx.AddSender(Sender{Account: f.account, Name: "Ann's shop", Address: "shop@example.org", ReplyTo: "desk@example.org", Signature: "Ann\nQuay 4", SignatureHTML: "<b>Ann</b>"})
		return err
	})
	if changes, lost := watch.Take(); lost || len(changes) == 0 {
		t.Error("nobody was told")
	}
	all := f.senders(f.account)
	if len(all) != 2 || all[1] != (Sender{shop, f.account, "Ann's shop", "shop@example.org", "desk@example.org", "Ann\nQuay 4", "<b>Ann</b>", false, false}) {
		t.Fatalf("%+v", all)
	}
	f.write(func(tx *Tx) error {
		s := all[1]
		s.Default, s.Name = true, "The shop"
		return tx.SetSender(s)
	})
	f.write(func(tx *Tx) error {
		s := all[0]
		s.Name, s.Signature, s.Default = "Ann Lund", "Ann", false
		return tx.SetSender(s)
	})
	all = f.senders(0)
	if len(all) != 2 || all[0].ID != shop || !all[0].Default || all[0].Name != "The shop" || all[1].Default || all[1].Name != "Ann Lund" {
		t.Errorf("%+v", all)
	}
	f.read(func(v *View) error {
		a, err := v.Account(f.account)
		if a.FullName != "Ann Lund" || a.Address != "ann@example.org" {
			t.Errorf("the account is %q <%s>", a.FullName, a.Address)
		}
		return err
	})
	f.write(func(tx *Tx) error { return tx.RemoveSender(shop) })
	if all = f.senders(0); len(all) != 1 || !all[0].Default || all[0].Signature != "Ann" {
		t.Errorf("%+v", all)
	}
}

func TestIdentitiesThatCannotBe(t *testing.T) {
	f := newFixture(t, IMAP)
	own := f.senders(f.account)[0]
	var local AccountID
	var shop SenderID
	f.write(func(tx *Tx) (err error) {
		if local, err = tx.LocalAccount(); err != nil {
			return err
		}
		shop, err = tx.AddSender(Sender{Account: f.account, Address: "shop@example.org"})
		return err
	})
	for name, do := range map[string]func(tx *Tx) error{
		"again": func(tx *Tx) error {
			_, err := tx.AddSender(Sender{Account: f.account, Address: "SHOP@example.org"})
			return err
		},
		"the own": func(tx *Tx) error {
			_, err := tx.AddSender(Sender{Account: f.account, Address: "Ann@example.org"})
			return err
		},
		"empty": func(tx *Tx) error { _, err := tx.AddSender(Sender{Account: f.account}); return err },
		"on this": func(tx *Tx) error {
			_, err := tx.AddSender(Sender{Account: local, Address: "x@example.org"})
			return err
		},
		"into the own": func(tx *Tx) error { return tx.SetSender(Sender{ID: shop, Address: "ann@EXAMPLE.org"}) },
		"away":         func(tx *Tx) error { return tx.RemoveSender(own.ID) },
	} {
		if err := f.Write(t.Context(), "test", do); fault.Of(err) == nil || fault.Of(err).Cause != fault.Data {
			t.Errorf("%s: %v", name, err)
		}
	}
	if all := f.senders(f.account); len(all) != 2 || !all[0].Own || !all[0].Default {
		t.Errorf("%+v", all)
	}
	f.write(func(tx *Tx) error { return tx.RemoveAccount(f.account, false) })
	if all := f.senders(0); len(all) != 0 {
		t.Errorf("after the account: %+v", all)
	}
}

// TestWhatWeWroteElsewhereHoldsNoReply: under any of our identities.
func TestWhatWeWroteElsewhereHoldsNoReply(t *testing.T) {
	f := newFixture(t, IMAP)
	f.write(func(tx *Tx) error {
		_, err := tx.AddSender(Sender{Account: f.account, Address: "Shop@example.org"})
		return err
	})
	answered := f.put(f.inbox, f.content())
	n := f.queue(func(l *NewLetter) { l.Answers = f.message(answered).Content }, "bo@example.org")
	c := f.content()
	c.Sender, c.References = "Ann's shop <shop@Example.org>", []string{f.message(answered).HeaderID}
	f.put(f.inbox, c)
	f.write(func(tx *Tx) error {
		_, err := tx.BrakeReplies(f.account, f.clock.Now())
		return err
	})
	if due := f.due(); !slices.Contains(due, n) {
		t.Errorf("due: %v", due)
	}
}

func TestWhoseMailboxAMailIsIn(t *testing.T) {
	f := newFixture(t, IMAP)
	c := f.content()
	c.DeliveredTo = "shop@example.org"
	id := f.put(f.inbox, c)
	f.read(func(v *View) error {
		to, err := v.DeliveredTo(f.message(id).Content)
		if to != "shop@example.org" {
			t.Errorf("%q", to)
		}
		return err
	})
}
