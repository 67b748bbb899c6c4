package popsync

import (
	"errors"
	"fmt"
	"net"
	"time"
)

// trouble is a message that could not be fetched.
type trouble struct {
	deaths  int       // sessions that ended in its RETR
	tries   int       // times it was given up
	why     string    // in words for a person; "" before it is given up
	noted   bool      // the store knows
	retryAt time.Time // not to be fetched before
}

// unnoted tells that a message was given up and the store does not know yet.
func (t *trouble) unnoted() bool { return t.why != "" && !t.noted }

// troubles remembers them for the life of a link, by what the server lists; the
// ledger remembers those that were given up.
type troubles map[string]*trouble

// key names a message. Where its UIDL does not, its number has to.
func key(m *listed) string {
	if m.shared {
		return fmt.Sprintf("%s %d %d", m.uidl, m.size, m.number)
	}
	return fmt.Sprintf("%s %d", m.uidl, m.size)
}

// of returns what is known of a message, nil when there was no trouble.
func (t troubles) of(m *listed) *trouble {
	if len(t) == 0 {
		return nil // as nearly always
	}
	return t[key(m)]
}

func (t troubles) get(m *listed) *trouble {
	x := t[key(m)]
	if x == nil {
		x = &trouble{}
		t[key(m)] = x
	}
	return x
}

// tries returns how many times m was given up.
func (t troubles) tries(m *listed) int {
	if x := t.of(m); x != nil {
		return x.tries
	}
	return 0
}

// died notes that a session ended in the RETR of m. The network may have been
// the reason: connections may break after so many bytes. It is the message the
// second time, if nothing came before it in that session, else the third.
func (t troubles) died(m *listed, now time.Time, alone bool, err error) {
	x := t.get(m)
	x.deaths++
	if x.deaths > 2 || x.deaths == 2 && alone {
		t.giveUp(m, now, "The connection ends whenever it is fetched."+reason(err))
	}
}

// giveUp notes that m cannot be fetched for now: it is tried again after ten
// minutes, then after twice as long each time, up to a day.
func (t troubles) giveUp(m *listed, now time.Time, why string) {
	x := t.get(m)
	x.retryAt = now.Add(min(10*time.Minute<<min(x.tries, 10), 24*time.Hour))
	x.tries++
	x.deaths = 0
	x.why, x.noted = why, false
}

// recall takes over what the ledger says of a mail that was given up. The first
// time the line may have been to blame: a new link tries at once.
func (t troubles) recall(e *entry) {
	if e.Tries == 0 || t.of(e.listed) != nil {
		return
	}
	x := &trouble{tries: e.Tries, why: e.Why, noted: true}
	if e.Tries > 1 {
		x.retryAt = e.RetryAt
	}
	t[key(e.listed)] = x
}

// over forgets m: it was fetched.
func (t troubles) over(m *listed) {
	if len(t) > 0 {
		delete(t, key(m))
	}
}

// reason says in words for a person how a connection ended: no addresses.
func reason(err error) string {
	var timeout net.Error
	switch {
	case errors.As(err, &timeout) && timeout.Timeout():
		return " The server falls silent."
	case errors.Is(err, errProtocol):
		return " The server does not answer as it should."
	}
	return ""
}
