package imapsync

import (
	"context"
	"testing"

	"paquebot.app/internal/fakeserver"
	"paquebot.app/localstore"
	"paquebot.app/sync/link"
	"paquebot.app/sync/link/linktest"
)

// rig lets the suite of all links run on a harness.
type rig struct {
	*harness
	delivered int
}

func (r *rig) Store() *localstore.Store    { return r.store }
func (r *rig) Account() localstore.Account { return r.account }
func (r *rig) Server() *fakeserver.Server  { return r.server.Server }
func (r *rig) Deliver(n int)               { r.deliver("INBOX", r.delivered, n); r.delivered += n }
func (r *rig) Open(ctx context.Context, a localstore.Account) (link.Link, error) {
	return Open(ctx, r.store, a, "secret", Options{Clock: r.clock, Batch: 7})
}

func TestConformance(t *testing.T) {
	_, step := cuts(t, 8000)
	end := func() {}
	linktest.Conforms(t, func() linktest.Rig {
		end() // thousands of stores would be open at once
		h := newHarness(t)
		end = h.end
		return &rig{harness: h}
	}, step)
}
