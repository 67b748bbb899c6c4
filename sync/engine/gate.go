package engine

import (
	"context"
	"sync"
)

// gate is open or shut; what runs behind it ends when it is shut.
type gate struct {
	mu     sync.Mutex
	opened chan struct{} // closed while the gate is open
	shut   chan struct{} // closed while the gate is shut
	open   bool
}

func newGate() *gate {
	g := &gate{opened: make(chan struct{}), shut: make(chan struct{}), open: true}
	close(g.opened)
	return g
}

// set opens or shuts the gate.
func (g *gate) set(open bool) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.open == open {
		return
	}
	g.open = open
	if open {
		g.shut = make(chan struct{})
		close(g.opened)
		return
	}
	g.opened = make(chan struct{})
	close(g.shut)
}

// pass waits until the gate is open and returns a context that ends when it is
// shut again.
func (g *gate) pass(ctx context.Context) (context.Context, context.CancelFunc, error) {
	for {
		g.mu.Lock()
		opened, shut, open := g.opened, g.shut, g.open
		g.mu.Unlock()
		if open {
			inner, cancel := context.WithCancel(ctx)
			go func() {
				select {
				case <-shut:
					cancel()
				case <-inner.Done():
				}
			}()
			return inner, cancel, nil
		}
		select {
		case <-opened:
		case <-ctx.Done():
			return nil, nil, ctx.Err()
		}
	}
}

// isShut tells whether the gate is shut now.
func (g *gate) isShut() bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	return !g.open
}
