package wire

import "sync/atomic"

// Stats are counts since the connection began.
type Stats struct {
	Down, Up  int64 // bytes read from and written to the connection (inside TLS)
	Turns     int64 // times we wrote after having heard from the server: round trips waited for
	Forwarded int64 // responses the library got
	Diverted  int64 // responses it did not get
	Damaged   int64 // responses or parts left out because they cannot be understood
}

type counters struct {
	down, up, turns, forwarded, diverted, damaged atomic.Int64
}

// Stats returns the counts so far. It may be called at any time, from anywhere.
func (c *Conn) Stats() Stats {
	return Stats{
		Down:      c.count.down.Load(),
		Up:        c.count.up.Load(),
		Turns:     c.count.turns.Load(),
		Forwarded: c.count.forwarded.Load(),
		Diverted:  c.count.diverted.Load(),
		Damaged:   c.count.damaged.Load(),
	}
}
