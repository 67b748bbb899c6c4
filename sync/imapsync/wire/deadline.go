package wire

import (
	"errors"
	"net"
	"time"
)

// socket is the Conn's reading end of nc: it counts, sets deadlines and
// measures how slowly a response comes.
type socket Conn

// Read implements io.Reader.
func (s *socket) Read(p []byte) (int, error) {
	c := (*Conn)(s)
	if c.frames.br.Buffered() > 0 { // half a line
		c.inside.Store(true)
	}
	c.arm()
	start := c.clk.Now()
	n, err := c.nc.Read(p)
	if n > 0 {
		c.count.down.Add(int64(n))
		c.heard.Store(true)
		c.greeted.Store(true)
	}
	if c.inside.Load() {
		c.waited += c.clk.Now().Sub(start)
		c.got += int64(n)
		if c.times.Grace > 0 && c.waited > c.times.Grace && float64(c.got) < c.waited.Seconds()*float64(c.times.MinRate) {
			return n, ErrTooSlow
		}
	}
	return n, stalled(err)
}

// arm sets the deadline for reading: there is one only while the server owes
// us something.
func (c *Conn) arm() {
	c.mu.Lock()
	defer c.mu.Unlock()
	patience, owed := c.og.owed()
	limit := c.times.Stall
	if limit > 0 {
		limit += patience
	}
	switch {
	case !c.greeted.Load():
		limit = c.times.Greeting
	case !owed && !c.inside.Load():
		limit = 0
	}
	if limit > 0 {
		c.nc.SetReadDeadline(time.Now().Add(limit))
	} else {
		c.nc.SetReadDeadline(time.Time{})
	}
}

// stalled names a passed deadline.
func stalled(err error) error {
	var ne net.Error
	if errors.As(err, &ne) && ne.Timeout() {
		return ErrStalled
	}
	return err
}
