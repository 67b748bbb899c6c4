package clock

import (
	"sync"
	"time"
)

// Fake is a clock that stands still until a test moves it. It may jump
// backwards, as a laptop's clock does.
type Fake struct {
	mu      sync.Mutex
	now     time.Time
	waiting []wait
}

type wait struct {
	at time.Time
	c  chan time.Time
}

// NewFake returns a clock that shows now.
func NewFake(now time.Time) *Fake { return &Fake{now: now} }

// Now returns the time last set.
func (f *Fake) Now() time.Time {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.now
}

// After returns a channel that fires when the clock is moved to now+d or past it.
func (f *Fake) After(d time.Duration) <-chan time.Time {
	f.mu.Lock()
	defer f.mu.Unlock()
	c := make(chan time.Time, 1)
	if d <= 0 {
		c <- f.now
		return c
	}
	f.waiting = append(f.waiting, wait{f.now.Add(d), c})
	return c
}

// Advance moves the clock by d, which may be negative, and fires what is due.
func (f *Fake) Advance(d time.Duration) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.now = f.now.Add(d)
	left := f.waiting[:0]
	for _, w := range f.waiting {
		if w.at.After(f.now) {
			left = append(left, w)
			continue
		}
		w.c <- f.now
	}
	f.waiting = left
}

// Waiters returns how many channels of After have not fired yet, so that a
// test can wait until the code under test sleeps.
func (f *Fake) Waiters() int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return len(f.waiting)
}
