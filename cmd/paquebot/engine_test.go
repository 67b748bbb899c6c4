package main

import (
	"context"
	"log/slog"
	"sync/atomic"
	"testing"

	"paquebot.app/cmd/internal/profile"
	"paquebot.app/localstore"
	"paquebot.app/sync/engine"
)

func TestASecondProcessAsksTheFirst(t *testing.T) {
	ctx, dir := context.Background(), t.TempDir()
	first, err := localstore.Open(ctx, dir)
	if err != nil {
		t.Fatal(err)
	}
	defer first.Close()
	second, err := localstore.Open(ctx, dir)
	if err != nil {
		t.Fatal(err)
	}
	defer second.Close()
	if carriedElsewhere(second) {
		t.Fatal("nobody holds the lock")
	}
	release, err := first.Lock()
	if err != nil {
		t.Fatal(err)
	}
	defer release()
	if !carriedElsewhere(second) {
		t.Fatal("the lock is held")
	}
	var account localstore.AccountID
	if err := second.Write(ctx, "test", func(tx *localstore.Tx) (err error) {
		account, err = tx.AddAccount(localstore.Account{Name: "work", Address: "robin@example.org", Mode: localstore.IMAP})
		return err
	}); err != nil {
		t.Fatal(err)
	}
	e := windowEngine{engine.New(engine.Config{Store: second}), &profile.Profile{Store: second, Log: slog.New(slog.DiscardHandler)}, new(atomic.Bool), new(arrived)}
	e.elsewhere.Store(true)
	e.Wake()
	if err := first.Read(ctx, func(v *localstore.View) error {
		wakes, err := v.Wakes()
		if len(wakes) != 1 {
			t.Errorf("asked for %v", wakes)
		}
		for _, a := range wakes {
			if a != account {
				t.Errorf("asked for account %d", a)
			}
		}
		return err
	}); err != nil {
		t.Fatal(err)
	}
}
