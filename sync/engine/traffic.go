package engine

import (
	"context"
	"time"

	"paquebot.app/localstore"
	"paquebot.app/sync/netconn"
)

// trafficPause is how often what went over the wire is stored.
const trafficPause = 20 * time.Second

// gauge is an account's meter, and what of it is stored.
type gauge struct {
	netconn.Meter
	up, down int64
}

// gaugeOf returns the meter of an account's connections.
func (e *Engine) gaugeOf(id localstore.AccountID) *gauge {
	e.mu.Lock()
	defer e.mu.Unlock()
	g, ok := e.gauges[id]
	if !ok {
		g = new(gauge)
		e.gauges[id] = g
	}
	return g
}

// metered returns a context whose connections count for an account.
func (e *Engine) metered(ctx context.Context, id localstore.AccountID) context.Context {
	return netconn.WithMeter(ctx, &e.gaugeOf(id).Meter)
}

// keepTraffic stores what goes over the wire, now and then and when ctx ends.
func (e *Engine) keepTraffic(ctx context.Context) {
	for {
		select {
		case <-e.Clock.After(trafficPause):
		case <-ctx.Done():
		}
		e.storeTraffic(ctx)
		if ctx.Err() != nil {
			return
		}
	}
}

// storeTraffic stores what went over the wire since it last did. What cannot be
// stored is stored the next time.
func (e *Engine) storeTraffic(ctx context.Context) {
	e.storing.Lock()
	defer e.storing.Unlock()
	e.mu.Lock()
	moved := map[localstore.AccountID]*gauge{}
	for id, g := range e.gauges {
		if up, down := g.Totals(); up != g.up || down != g.down {
			moved[id] = g
		}
	}
	e.mu.Unlock()
	if len(moved) == 0 {
		return
	}
	type totals struct{ up, down int64 }
	now := map[localstore.AccountID]totals{}
	err := e.Store.Write(context.WithoutCancel(ctx), "traffic", func(tx *localstore.Tx) error {
		for id, g := range moved {
			up, down := g.Totals()
			now[id] = totals{up, down}
			if err := tx.AddTraffic(id, e.Clock.Now(), up-g.up, down-g.down); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		e.Log.Warn("traffic not stored", "err", err)
		return
	}
	for id, t := range now {
		moved[id].up, moved[id].down = t.up, t.down
	}
}
