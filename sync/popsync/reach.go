package popsync

// Limits of how far a session reaches before it QUITs, where sessions break.
const (
	minReach   = 256 << 10
	tryFarther = 4 // clean sessions before the next one may be longer
)

// learn takes over what a session has taught about the connection: how far the
// next one may go before it QUITs, so that deletions become real at all;
// whether commands may be sent ahead; and, since a session that breaks removes
// nothing, that the maildrop is as it was.
func (l *Link) learn(p *pass, err error) {
	if p.ledger != nil {
		l.unheard = 0
	}
	switch {
	case err == nil:
		if l.clean++; l.reach > 0 && l.clean >= tryFarther {
			l.reach, l.clean = l.reach+l.reach/4, 0
		}
	case p.ledger == nil && p.session.died == "UIDL" && p.ctx.Err() == nil:
		l.unlisted(p)
	case broken(toFault(l.account.POP, "pop session", err)):
		if len(p.heads) > 0 && p.ctx.Err() == nil {
			l.topless[key(p.heads[0])], p.progress = true, true
		}
		if len(p.deling) > 0 && p.ctx.Err() == nil {
			l.late = true
			if len(p.under) == 0 {
				l.deadly[p.deling[0].ID], p.progress = true, true
				l.breaks++
			}
		}
		p.carry(nil)
		l.reach, l.clean = max(minReach, p.session.conn.Stats().BytesIn*3/4), 0
		if !p.progress && p.stored == 0 {
			l.oneByOne = true
		}
	}
}

// carry leaves the listing, less what was removed, to the next session.
func (p *pass) carry(removed map[int]bool) { p.link.carried = p.listing.without(removed) }

// far tells whether a session has asked for so much that it should QUIT. Where
// nothing is to be removed, a session that breaks costs nothing.
func (p *pass) far() bool {
	return p.link.reach > 0 && p.mayDele && p.session.conn.Stats().BytesIn+p.window.ahead >= p.link.reach
}
