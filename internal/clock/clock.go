// Package clock is the only place that asks what time it is.
//
// It guarantees that every other package can be run under a time of a test's
// choosing: nothing else calls time.Now, time.After, time.NewTimer or
// time.Sleep (held by internal/archtest), except for deadlines of sockets,
// which the operating system measures by its own clock.
package clock

import "time"

// Clock tells the time and waits for it. It is safe for concurrent use.
type Clock interface {
	// Now returns the current time.
	Now() time.Time
	// After returns a channel that receives the time once d has passed. A d
	// of zero or less fires at once. A channel that nobody reads any more is
	// not leaked by System; Fake keeps it until its time is reached.
	After(d time.Duration) <-chan time.Time
}

// System is the computer's own clock.
var System Clock = system{}

type system struct{}

func (system) Now() time.Time                         { return time.Now() }
func (system) After(d time.Duration) <-chan time.Time { return time.After(d) }
