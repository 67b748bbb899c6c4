package popsync

import (
	"context"
	"fmt"

	"paquebot.app/localstore"
)

// Look is one session that only looks: it lists a maildrop and shows headers,
// and removes nothing. It shows what an account that is kept in another way
// would find in its maildrop. It is used by one goroutine.
type Look struct {
	s       *session
	account localstore.Account
	listing listing
}

// LookedMail is a mail that a maildrop lists.
type LookedMail struct {
	Number int
	UIDL   string // "" where there is none, or none that can be used
	Size   int64  // -1: the server does not say
}

// OpenLook connects, signs in and lists the maildrop. ctx bounds the life of the
// session.
func OpenLook(ctx context.Context, account localstore.Account, password string, options Options) (*Look, error) {
	s, _, err := dial(ctx, account.POP, password, options.filled(), map[string]bool{})
	if err != nil {
		return nil, err
	}
	k := &Look{s: s, account: account}
	if k.listing, err = s.list(nil); err != nil {
		s.abandon()
		return nil, toFault(account.POP, "pop list", err)
	}
	return k, nil
}

// Close ends the session in good order; nothing was removed.
func (k *Look) Close() { _ = k.s.quit() }

// Turns returns how many turns the session has cost.
func (k *Look) Turns() int { return k.s.conn.Stats().RoundTrips }

// Mails returns what the maildrop lists.
func (k *Look) Mails() []LookedMail {
	mails := make([]LookedMail, len(k.listing.mails))
	for i, m := range k.listing.mails {
		mails[i] = LookedMail{m.number, m.uidl, m.size}
	}
	return mails
}

// HasUIDL tells whether the server names its mails (RFC 1939 §7).
func (k *Look) HasUIDL() bool { return k.listing.uidls }

// HasTop tells whether the server shows headers alone, as far as it says so.
func (k *Look) HasTop() bool { return k.s.canTop() }

// Headers fetches complete headers by TOP. take is called with each that the
// server shows.
func (k *Look) Headers(ctx context.Context, numbers []int, take func(number int, header []byte)) error {
	defer context.AfterFunc(ctx, k.s.abandon)()
	for _, n := range numbers {
		h := &header{text: []byte{}}
		err := k.s.send(fmt.Sprintf("TOP %d 0", n), h, func(_ string, err error) error {
			if err == nil && h.size <= headerLimit {
				take(n, h.text)
			}
			return nil
		})
		if err != nil {
			return toFault(k.account.POP, "pop header", err)
		}
	}
	return toFault(k.account.POP, "pop header", k.s.drain())
}
