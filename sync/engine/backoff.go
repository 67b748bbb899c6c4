package engine

import "time"

// Pauses between attempts to connect: soon at first, then every five minutes,
// for ever.
var pauses = []time.Duration{2 * time.Second, 10 * time.Second, 30 * time.Second, time.Minute, 2 * time.Minute, 5 * time.Minute}

// backoff counts attempts. It is not safe for concurrent use.
type backoff struct{ attempt int }

// next returns how long to wait before the next attempt.
func (b *backoff) next() time.Duration {
	p := pauses[min(b.attempt, len(pauses)-1)]
	b.attempt++
	return p
}

func (b *backoff) reset() { b.attempt = 0 }
