package popsync

import (
	"context"
	"os"
	"testing"

	"paquebot.app/internal/fakeserver"
	"paquebot.app/internal/fakeserver/fakepop"
	"paquebot.app/localstore"
	"paquebot.app/sync/link"
	"paquebot.app/sync/link/linktest"
)

// linkRig is a rig as the suite of all links wants it.
type linkRig struct{ *rig }

func (r linkRig) Store() *localstore.Store    { return r.store }
func (r linkRig) Account() localstore.Account { return r.account }
func (r linkRig) Server() *fakeserver.Server  { return r.server.Server }

func (r linkRig) Open(ctx context.Context, account localstore.Account) (link.Link, error) {
	l, err := Open(ctx, r.store, account, "secret", r.options)
	if err != nil {
		return nil, err
	}
	return l, nil
}

func (r linkRig) Deliver(n int) {
	for range n {
		r.deliver(testMail(len(r.sent)))
	}
}

func TestConforms(t *testing.T) {
	step := int64(97)
	if os.Getenv("PAQUEBOT_TORTURE") != "" {
		step = 1
	}
	r := newRig(t, 0, fakepop.Options{})
	linktest.Conforms(t, func() linktest.Rig {
		r.serve(0, fakepop.Options{})
		return linkRig{r}
	}, step)
}
