package localstore

import (
	"context"

	"paquebot.app/internal/fault"
)

// readers is how many snapshots of one file can be read at once.
const readers = 4

// pool hands out the connections of one file. They are opened when first used.
type pool struct {
	open   func(ctx context.Context) (*conn, error)
	slots  chan *conn // nil: not opened yet
	size   int
	closed chan struct{}
}

func newPool(size int, open func(ctx context.Context) (*conn, error)) *pool {
	p := &pool{open: open, slots: make(chan *conn, size), size: size, closed: make(chan struct{})}
	for range size {
		p.slots <- nil
	}
	return p
}

var errClosed = &fault.Error{Remedy: fault.Bug, Scope: fault.App, Op: "store", Text: "The profile is closed already."}

// take waits for a connection. Whoever takes it gives it back.
func (p *pool) take(ctx context.Context) (*conn, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	select {
	case <-p.closed:
		return nil, errClosed
	default:
	}
	c, err := p.free(ctx)
	if err != nil {
		return nil, err
	}
	return p.ready(ctx, c)
}

// free waits for a connection and does not open one: nil stands for one that
// is not open. It is given back in either case.
func (p *pool) free(ctx context.Context) (*conn, error) {
	select {
	case c := <-p.slots:
		return c, nil
	case <-p.closed:
		return nil, errClosed
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// try takes a connection if one is free now.
func (p *pool) try(ctx context.Context) (c *conn, ok bool, err error) {
	select {
	case <-p.closed:
		return nil, false, errClosed
	default:
	}
	select {
	case c := <-p.slots:
		c, err := p.ready(ctx, c)
		return c, err == nil, err
	default:
		return nil, false, nil
	}
}

func (p *pool) ready(ctx context.Context, c *conn) (*conn, error) {
	if c != nil {
		return c, nil
	}
	c, err := p.open(context.WithoutCancel(ctx))
	if err != nil {
		p.slots <- nil
		return nil, diskFault("open the profile", err)
	}
	return c, nil
}

func (p *pool) give(c *conn) { p.slots <- c }

// each runs f on every connection that is open, alone: it waits until none is
// used. Two calls must not run at once.
func (p *pool) each(ctx context.Context, f func(*conn) error) error {
	taken := make([]*conn, 0, p.size)
	defer func() {
		for _, c := range taken {
			p.slots <- c
		}
	}()
	for range p.size {
		c, err := p.free(ctx)
		if err != nil {
			return err
		}
		taken = append(taken, c)
	}
	for _, c := range taken {
		if c == nil {
			continue
		}
		if err := f(c); err != nil {
			return err
		}
	}
	return nil
}

// close waits for all connections and closes them; take fails from now on.
func (p *pool) close() error {
	close(p.closed)
	var first error
	for range p.size {
		c := <-p.slots
		if c == nil {
			continue
		}
		if err := c.close(); err != nil && first == nil {
			first = err
		}
	}
	return first
}
