package netconn

import (
	"context"
	"errors"
	"math"
	"net"
	"sync/atomic"

	"paquebot.app/internal/fault"
)

// Meter counts the bytes of all the connections that are dialled with it, on
// the wire: beneath TLS, with its handshakes and records. It may have a limit,
// at which the connections end. It is safe for concurrent use; the zero value
// has counted nothing and has no limit.
type Meter struct {
	up, down atomic.Int64
	limit    atomic.Int64 // of up and down together; 0: none
	mark     atomic.Int64 // see Mark
}

// ErrSpent is the cause of a connection that ended at its meter's limit.
var ErrSpent = errors.New("the byte budget is spent")

// Totals returns what has been counted so far.
func (m *Meter) Totals() (up, down int64) { return m.up.Load(), m.down.Load() }

// Total is what has been counted in both directions.
func (m *Meter) Total() int64 { return m.up.Load() + m.down.Load() }

// Mark notes what of Total was accounted for; SinceMark is what was not.
func (m *Meter) Mark(total int64) { m.mark.Store(total) }

// SinceMark returns how much Total has grown since what Mark was told.
func (m *Meter) SinceMark() int64 { return m.Total() - m.mark.Load() }

// SetLimit makes connections end once Total has reached a number; 0 is none.
func (m *Meter) SetLimit(total int64) { m.limit.Store(total) }

// Left returns how many bytes there are before the limit.
func (m *Meter) Left() int64 {
	if limit := m.limit.Load(); limit > 0 {
		return limit - m.Total()
	}
	return math.MaxInt64
}

type meterKey struct{}

// WithMeter returns a context whose connections are counted by m.
func WithMeter(ctx context.Context, m *Meter) context.Context {
	return context.WithValue(ctx, meterKey{}, m)
}

// MeterOf returns the meter of a context: one of its own where it has none.
func MeterOf(ctx context.Context) *Meter {
	if m, ok := ctx.Value(meterKey{}).(*Meter); ok {
		return m
	}
	return new(Meter)
}

// metered is the bare connection, counted.
type metered struct {
	net.Conn
	meter *Meter
}

// Read implements net.Conn. It asks for no more than the limit allows, so that
// what is read never exceeds it.
func (c *metered) Read(p []byte) (int, error) {
	left := c.meter.Left()
	if left <= 0 {
		return 0, c.spent()
	}
	n, err := c.Conn.Read(p[:min(int64(len(p)), left)])
	c.meter.down.Add(int64(n))
	return n, err
}

// Write implements net.Conn.
func (c *metered) Write(p []byte) (int, error) {
	if c.meter.Left() <= 0 {
		return 0, c.spent()
	}
	n, err := c.Conn.Write(p)
	c.meter.up.Add(int64(n))
	return n, err
}

func (c *metered) spent() error {
	c.Conn.Close() // at once: what is under way is not waited for
	return &fault.Error{Remedy: fault.Later, Scope: fault.Account, Cause: fault.Network, Op: "read", Text: "The byte budget is spent.", Err: ErrSpent}
}
