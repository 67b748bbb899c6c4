package popsync

// Limits of one Receive, so that it ends whatever a server does. What is left
// is for the next one.
const (
	mostIdle   = 2  // sessions, one after the other, that bring nothing forward
	mostBarren = 20 // that bring or remove no mail
	mostLooks  = 20 // that are begun to look for more
	spare      = 100
)

// effort counts what the sessions of one Receive have come to.
type effort struct {
	idle, barren, looks int
	listed              int // mails, where most were listed
	stored              int // since the last look
}

// count takes in a session; looking tells whether the next one looks for more.
func (e *effort) count(p *pass, looking bool) {
	e.idle++
	if p.progress {
		e.idle = 0
	}
	e.barren++
	if p.stored+p.removed > 0 {
		e.barren = 0
	}
	e.listed = max(e.listed, len(p.listing.mails))
	e.stored += p.stored
	if looking {
		e.looks++
		e.stored = 0
	}
}

// vain tells whether another session is not worth it. More mail than was ever
// listed is the same mail in other words.
func (e *effort) vain() bool {
	return e.idle >= mostIdle || e.barren >= mostBarren || e.stored > 2*e.listed+spare
}
