package testprofile_test

import (
	"context"
	"testing"

	"paquebot.app/internal/testprofile"
	"paquebot.app/localstore"
)

// TestEveryProfileIsAnEmptyOneOfItsOwn.
func TestEveryProfileIsAnEmptyOneOfItsOwn(t *testing.T) {
	for range 2 {
		store, err := localstore.Open(context.Background(), testprofile.Dir(t))
		if err != nil {
			t.Fatal(err)
		}
		defer store.Close()
		err = store.Write(context.Background(), "test", func(tx *localstore.Tx) error {
			accounts, err := tx.Accounts()
			if err == nil && len(accounts) != 1 {
				t.Errorf("%d accounts", len(accounts))
			}
			_, err = tx.AddAccount(localstore.Account{Name: "Anna", Address: "anna@demo.example", Mode: localstore.POP})
			return err
		})
		if err != nil {
			t.Error(err)
		}
	}
}
