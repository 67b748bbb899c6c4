package main

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"paquebot.app/internal/clock"
	"paquebot.app/internal/fakeserver"
	"paquebot.app/localstore"
)

func TestTheBarHasMessagesBytesAndTheRateOfTheLastSeconds(t *testing.T) {
	var out bytes.Buffer
	c := clock.NewFake(fakeserver.Epoch)
	b := &bar{on: true, out: &out, clock: c}
	anna, bo := localstore.Account{ID: 1, Name: "anna"}, localstore.Account{ID: 2, Name: "bo"}
	last := func() string {
		lines := strings.Split(out.String(), "\r")
		return lines[len(lines)-1]
	}
	show := func(a localstore.Account, done int, bytes int64, want string, not string) {
		t.Helper()
		b.show(a, done, 100, bytes)
		if got := last(); !strings.Contains(got, want) || not != "" && strings.Contains(got, not) {
			t.Errorf("%q, want %q in it and no %q", got, want, not)
		}
	}
	show(anna, 0, 0, "anna", "/s")
	for i := range 20 { // 4 s of 2 MB a second
		c.Advance(200 * time.Millisecond)
		b.show(anna, i, 100, int64(i+1)*400_000)
	}
	show(anna, 20, 8_000_000, "20 of 100  8.0 MB  2.0 MB/s", "")
	for i := range 60 { // 12 s of 100 kB a second: the quick ones are long past
		c.Advance(200 * time.Millisecond)
		b.show(anna, 20, 100, 8_000_000+int64(i+1)*20_000)
	}
	show(anna, 21, 9_200_000, "9.2 MB  100 KB/s", "")
	c.Advance(10 * time.Second)
	show(anna, 21, 9_200_000, "21 of 100", "/s") // it stands still
	show(bo, 1, 20_000_000, "bo", "/s")          // another count
	c.Advance(2 * time.Second)
	show(bo, 2, 22_000_000, "1.0 MB/s", "")
	c.Advance(-time.Hour)
	show(bo, 3, 23_000_000, "3 of 100", "/s")

	n := len(b.rate.samples)
	for range 10_000 {
		b.show(bo, 3, 100, 23_000_000)
	}
	if len(b.rate.samples) > n {
		t.Errorf("%d samples for one moment", len(b.rate.samples))
	}
	b.done()
	if !strings.HasSuffix(out.String(), "\r\x1b[K") {
		t.Error("the bar stays")
	}
}

func TestNoBarWhereNobodyLooks(t *testing.T) {
	var out bytes.Buffer
	b := newBar(&app{err: &out})
	b.show(localstore.Account{Name: "anna"}, 1, 2, 3)
	b.done()
	if out.Len() > 0 {
		t.Errorf("%q in a pipe", out.String())
	}
}
