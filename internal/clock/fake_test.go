package clock

import (
	"testing"
	"time"
)

func TestFakeFiresWhatIsDueAndNothingElse(t *testing.T) {
	start := time.Date(2026, 3, 14, 10, 42, 0, 0, time.UTC)
	f := NewFake(start)
	soon, late, now := f.After(time.Minute), f.After(time.Hour), f.After(0)
	if got := <-now; !got.Equal(start) {
		t.Errorf("After(0) fired with %v, want %v", got, start)
	}
	f.Advance(-24 * time.Hour)
	select {
	case <-soon:
		t.Error("a clock that went back fired a timer")
	default:
	}
	f.Advance(24*time.Hour + time.Minute)
	<-soon
	if n := f.Waiters(); n != 1 {
		t.Errorf("%d waiters, want the late one", n)
	}
	f.Advance(time.Hour)
	<-late
}
