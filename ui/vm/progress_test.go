package vm

import (
	"testing"
	"time"

	"paquebot.app/localstore"
)

func TestADownloadIsToldInMessagesBytesAndRate(t *testing.T) {
	accounts := []localstore.Account{{ID: 1, Name: "home"}}
	var r rates
	now := noon
	card := func(after time.Duration, s AccountStatus) Card {
		now = now.Add(after)
		s.Account = 1
		all := []AccountStatus{s}
		c := condition(accounts, all, false)
		c.fetching(accounts, all, r.measure(all, now))
		return c.Card
	}
	for i, step := range []struct {
		after       time.Duration
		s           AccountStatus
		title, line string
	}{
		{0, AccountStatus{Phase: Syncing, Total: 1204}, "Syncing", "0 of 1,204"},
		{0, AccountStatus{Phase: Syncing, Done: 10, Total: 1204, Bytes: 1_000_000}, "Syncing", "10 of 1,204 · 1.0 MB"},
		{2 * time.Second, AccountStatus{Phase: Syncing, Done: 400, Total: 1204, Bytes: 5_000_000}, "Syncing, 2.0 MB/s", "400 of 1,204 · 5.0 MB"},
		{2 * time.Second, AccountStatus{Phase: Syncing, Done: 800, Total: 1204, Bytes: 17_000_000}, "Syncing, 4.0 MB/s", "800 of 1,204 · 17 MB"},
		{4 * time.Second, AccountStatus{Phase: Syncing, Done: 810, Total: 1204, Bytes: 17_400_000}, "Syncing, 100 KB/s", "810 of 1,204 · 17 MB"},
		{time.Second, AccountStatus{Phase: Syncing, Done: 1, Total: 9, Bytes: 4000}, "Syncing", "1 of 9 · 4 KB"},
		{time.Second, AccountStatus{Phase: Syncing, Done: 5_000_000, Total: 38_000_000, Bytes: 5_000_000}, "Syncing, 5.0 MB/s", "5.0 MB of 38 MB"},
		{time.Second, AccountStatus{Phase: Idle}, "Up to date", "Everything read is saved here"},
	} {
		if c := card(step.after, step.s); c.Title != step.title || c.Line != step.line {
			t.Errorf("step %d: %q, %q", i, c.Title, c.Line)
		}
	}
	if len(r.of) != 0 {
		t.Error("a download that ended is measured still")
	}
}
