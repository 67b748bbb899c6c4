package popsync

import (
	"context"
	"errors"
	"maps"
	"net"
	"slices"
	"time"

	"paquebot.app/internal/fault"
	"paquebot.app/localstore"
)

const (
	// mostDeaths is how many connections, one after the other, may end at CAPA
	// or UIDL before the server is spoken to without it.
	mostDeaths = 2
	// deafFor is how long that is remembered: servers are mended.
	deafFor = 24 * time.Hour
)

// ended tells whether err is the end of a connection, and neither silence nor a
// word too many.
func ended(err error) bool {
	var timeout net.Error
	return !(errors.As(err, &timeout) && timeout.Timeout()) && !errors.Is(err, errTooSlow) &&
		!errors.Is(err, context.Canceled) && fault.Of(toFault(localstore.Server{}, "pop", err)).Cause == fault.Network
}

// dial signs in. A server that ends two connections at CAPA is signed in to as
// one without capabilities (RFC 2449 §5: CAPA is optional), which deaf then
// says.
func dial(ctx context.Context, server localstore.Server, password string, o Options, deaf map[string]bool) (*session, bool, error) {
	skips := maps.Clone(deaf)
	for deaths := 0; ; {
		s, died, err := signIn(ctx, server, password, o, skips)
		learned := err == nil && skips["CAPA"] && !deaf["CAPA"]
		if learned {
			deaf["CAPA"] = true
		}
		if died != "CAPA" || ctx.Err() != nil {
			return s, learned, err
		}
		if deaths++; deaths == mostDeaths {
			skips["CAPA"] = true
		}
	}
}

// dial signs in as the last sessions have taught.
func (l *Link) dial(ctx context.Context) (*session, error) {
	if err := l.recallDeaf(ctx); err != nil {
		return nil, toFault(l.account.POP, "pop sign-in", err)
	}
	s, learned, err := dial(ctx, l.account.POP, l.password, l.options, l.deaf)
	l.deafened = l.deafened || learned
	return s, err
}

// recallDeaf reads at which verbs the server has ended connections of late.
func (l *Link) recallDeaf(ctx context.Context) error {
	return l.store.Read(ctx, func(v *localstore.View) error {
		m, ok, err := v.OpenMaildropOf(l.account.ID)
		in := l.account.POP
		if err != nil || !ok || m.Host != in.Host || m.Port != in.Port || m.User != in.User || l.deafened {
			return err
		}
		clear(l.deaf)
		if l.now().Sub(m.DeafAt) < deafFor {
			for _, verb := range m.DeafTo {
				l.deaf[verb] = true
			}
		}
		return nil
	})
}

// noteDeaf records what is new of that.
func (l *Link) noteDeaf(tx *localstore.Tx) error {
	if !l.deafened {
		return nil
	}
	l.deafened = false
	return tx.SetDeaf(l.maildrop, slices.Sorted(maps.Keys(l.deaf)))
}

// unlisted takes in a session that ended at UIDL. The next one sends no command
// ahead; where that does not help, mail is known by its headers alone.
func (l *Link) unlisted(p *pass) {
	p.progress = true
	if l.unheard++; l.unheard < mostDeaths {
		l.oneByOne = true
		return
	}
	l.unheard, l.oneByOne = 0, false
	l.deaf["UIDL"], l.deafened = true, true
}
