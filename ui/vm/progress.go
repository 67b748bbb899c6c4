package vm

import (
	"time"

	"paquebot.app/localstore"
)

// rateSpan is over how long a rate is measured, at least.
const rateSpan = 3 * time.Second

// rates measures how fast mail comes.
type rates struct {
	of map[localstore.AccountID]*samples
}

// samples are two moments of an account's download.
type samples struct{ old, mid sample }

type sample struct {
	at    time.Time
	bytes int64
}

// measure takes the state of the downloads and returns their rate in bytes a
// second; 0 while it is not known.
func (r *rates) measure(all []AccountStatus, now time.Time) int64 {
	if r.of == nil {
		r.of = map[localstore.AccountID]*samples{}
	}
	sum := int64(0)
	for _, s := range all {
		if s.Phase != Syncing || s.Bytes == 0 {
			delete(r.of, s.Account)
			continue
		}
		p := r.of[s.Account]
		if p == nil || s.Bytes < p.mid.bytes {
			first := sample{now, s.Bytes}
			r.of[s.Account] = &samples{first, first}
			continue
		}
		if now.Sub(p.mid.at) >= rateSpan {
			p.old, p.mid = p.mid, sample{now, s.Bytes}
		}
		if d := now.Sub(p.old.at); d >= time.Second {
			sum += int64(float64(s.Bytes-p.old.bytes) / d.Seconds())
		}
	}
	return sum
}

// fetching says how far downloads are, where that is all there is to say:
// messages, bytes and rate.
func (c *Condition) fetching(accounts []localstore.Account, all []AccountStatus, rate int64) {
	if c.Card.Icon != "refresh" {
		return
	}
	var done, total int
	var bytes int64
	for _, s := range all {
		if s.Phase == Syncing && s.Total > 0 && known(accounts, s.Account) {
			done, total, bytes = done+s.Done, total+s.Total, bytes+s.Bytes
		}
	}
	switch {
	case bytes == 0 || total == 0:
		return
	case int64(done) == bytes: // one large mail, counted by its bytes
		c.Card.Line = size(bytes) + " of " + size(int64(total))
	default:
		c.Card.Line = thousands(done) + " of " + thousands(total) + " · " + size(bytes)
	}
	if rate > 0 {
		c.Card.Title = "Syncing, " + size(rate) + "/s"
	}
}

func known(accounts []localstore.Account, id localstore.AccountID) bool {
	for _, a := range accounts {
		if a.ID == id {
			return true
		}
	}
	return false
}
