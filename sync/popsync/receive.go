package popsync

import (
	"context"
	"slices"
	"time"

	"paquebot.app/internal/fault"
	"paquebot.app/localstore"
)

// Limits of one session: after that it is ended by QUIT and another one is
// begun. The time lets other programs get at the maildrop. Mails and bytes make
// deletions real now and then; a session that removes nothing has no use for
// them, and a sign-in costs the server a look at all the mail
// (docs/decisions/0011).
const (
	sessionMails = 1000
	sessionBytes = 100 << 20
	sessionTime  = 5 * time.Minute
)

// Receive implements link.Link: everything that is new is fetched, what is due
// is removed from the server. A session that breaks is followed by another one
// as long as that brings something forward.
func (l *Link) Receive(ctx context.Context) error {
	if err := l.Apply(ctx); err != nil {
		return err
	}
	l.carried, l.reach, l.mute, l.breaks = nil, 0, 0, 0
	if l.now().Sub(l.lately) > time.Hour {
		l.late, l.lately = false, l.now()
		clear(l.deadly)
	}
	clear(l.strange)
	looking := false // for more, after a session that has done all its work
	var broke error
	for e := (effort{}); !e.vain(); {
		p, err := l.pass(ctx, false)
		switch {
		case err == nil && !p.more && (!p.lookAgain() || e.looks == mostLooks):
			return nil
		case p == nil && looking && fault.Is(err, fault.Later):
			return nil // it does not want to be asked so soon: there is time
		case err != nil && (p == nil || ctx.Err() != nil || !broken(err)):
			return l.ended(ctx, err)
		}
		looking, broke = err == nil && !p.more, err
		e.count(p, looking)
		if err != nil {
			l.options.Log.Debug("pop session broke", "op", fault.Of(err).Op, "err", err)
		}
	}
	return broke
}

// mostOfALot is more mails than a server that shows them in lots lists at once:
// Gmail's have a few hundred. leastOfALot is fewer than any such lot has.
const (
	mostOfALot  = 1000
	leastOfALot = 50
)

// lookAgain tells whether another session may be shown more mail: some servers
// list the next mails only when these have been fetched (Gmail, oldest first).
// They give themselves away by mail that is listed no more although nobody
// removed it, or by a newest mail that has lain there for long. Where all of a lot
// came today and was removed by us nothing gives it away but its size.
func (p *pass) lookAgain() bool {
	return p.stored > 0 && p.session.caps.delay == 0 && len(p.listing.mails) < mostOfALot &&
		(p.vanished || p.stored >= leastOfALot || p.link.now().Sub(p.newest) > 24*time.Hour)
}

// broken tells an error of the connection, which another session may survive.
func broken(err error) bool {
	f := fault.Of(err)
	return f.Cause == fault.Network || f.Cause == fault.Server
}

// pass is one session of Receive or Bodies.
type pass struct {
	link    *Link
	ctx     context.Context
	session *session

	account  localstore.Account
	maildrop localstore.Maildrop
	inbox    localstore.FolderID
	wishes   map[localstore.MessageID]bool // what the user asks for; false: it could not be had
	prior    bool                          // the account holds mail that this maildrop's ledger does not know
	mayDele  bool

	listing listing
	ledger  *ledger
	bound   map[localstore.ContentID]bool // contents that this session completes
	finds   []find                        // what the store does not know yet
	heads   []*listed                     // whose TOP is not yet answered, in their order

	jobs    []*job // in the order they are fetched
	large   []*job // of which only the header is fetched
	under   []*job // asked for and not yet answered, in their order
	window  window
	reused  []reuse // what resolve looks at
	open    int     // mails to be compared that were not, so that nothing can be concluded
	batch   batch
	storing []*storing // on their way to the disk, the first one first
	newest  time.Time  // arrival of the newest mail that was stored
	stored  int
	again   int // of these, mails that were here and may have been cut
	bytes   int64
	shorts  int // mails that came shorter than announced
	total   int // mails this session is to bring, for the progress

	deling  []*entry // whose DELE is not answered, in their order
	removes bool     // a DELE was sent, or waits until all mail has come
	last    bool     // all mail has come: what is removed now ends nothing else

	removed int // mails that the server has agreed to remove for the first time

	progress bool // something came nearer to its end
	more     bool // another session is needed
	adrift   bool // a row was not where its UIDL is listed: it may be any mail that looks new
	stale    bool // the carried listing is not true
	wished   bool // only what the user asked for is fetched
	doubted  bool // a UIDL means another mail than it did
	vanished bool // mail that we left there is listed no more
}

// pass signs in and does one session's work. The pass is nil when there was no
// session. wished limits it to messages that the user asked for.
func (l *Link) pass(ctx context.Context, wished bool) (*pass, error) {
	s, end, err := l.session(ctx)
	if err != nil {
		return nil, err
	}
	defer end()
	p := &pass{link: l, ctx: ctx, session: s, wished: wished, bound: map[localstore.ContentID]bool{}}
	err = p.run(wished)
	if err != nil {
		if lost := p.flush(); lost != nil && !broken(err) {
			err = lost
		}
	}
	l.learn(p, err)
	return p, toFault(l.account.POP, "pop session", err)
}

func (p *pass) run(wished bool) error {
	var err error
	earlier := p.link.carried
	p.link.carried = nil
	if p.listing, err = p.session.list(earlier); err != nil {
		return err
	}
	if err := p.load(); err != nil {
		return err
	}
	s := p.ledger.sort(p.listing, p.prior)
	p.vanished = p.ledger.vanished()
	fresh, err := p.inspect(s)
	if err != nil {
		return err
	}
	p.warn()
	p.plan(fresh, wished)
	if err := p.noteLarge(); err != nil {
		return err
	}
	if !wished {
		if err := p.remove(); err != nil {
			return err
		}
	}
	if err := p.fetch(); err != nil {
		return err
	}
	if p.last = !wished; p.last && p.link.late {
		if err := p.remove(); err != nil {
			return err
		}
		if err := p.session.drain(); err != nil {
			return err
		}
	}
	return p.finish()
}

// load reads what the store knows. A maildrop that is small at first sight
// needs no yes to deletions.
func (p *pass) load() error {
	l := p.link
	var rows []localstore.PopLocation
	var restored bool // nothing leaves a maildrop until the user has said that the profile goes on here
	err := l.write(p.ctx, "pop begin", func(tx *localstore.Tx) (err error) {
		if p.account, err = tx.Account(l.account.ID); err != nil {
			return err
		}
		var ok bool
		if p.maildrop, ok, err = tx.OpenMaildropOf(l.account.ID); err != nil {
			return err
		}
		if !ok || p.maildrop.ID != l.maildrop {
			return errSwitched
		}
		if rows, err = tx.Ledger(l.maildrop); err != nil {
			return err
		}
		if _, restored, err = tx.Restored(); err != nil {
			return err
		}
		if p.prior, err = p.holdsOther(tx, rows); err != nil {
			return err
		}
		if rows, err = p.note(tx, rows); err != nil {
			return err
		}
		return p.loadWishes(tx.View)
	})
	p.ledger = newLedger(rows)
	p.mayDele = !restored && p.maildrop.DeleteOK && p.account.PopDelete != localstore.DeleteNever &&
		!(p.maildrop.Sessions == 0 && (p.prior || !p.maildrop.SwitchedAt.IsZero()))
	return err
}

// warn tells the user, once a link, of a server that removes by itself what was
// fetched (RFC 2449 §6.7), against the account's policy.
func (p *pass) warn() {
	pinned := slices.ContainsFunc(p.ledger.entries, func(e *entry) bool { return e.Pinned && e.active() })
	wanted := p.account.PopDelete == localstore.DeleteNow && p.mayDele && !pinned
	if !p.session.caps.expireZero || wanted || p.link.warned {
		return
	}
	p.link.warned = true
	p.link.tell("This server removes mail as soon as it was fetched, whatever the account's settings say.")
}

// holdsOther tells whether the account holds mail that was not fetched from
// this maildrop, in the maildrop's first three sessions: that of an earlier
// server, or of the time when the account was kept by IMAP. Then nothing is
// fetched before its header was compared.
func (p *pass) holdsOther(tx *localstore.Tx, rows []localstore.PopLocation) (bool, error) {
	inbox, err := tx.FolderByRole(p.account.ID, localstore.RoleInbox)
	if err != nil {
		return false, err
	}
	p.inbox = inbox.ID
	switch {
	case p.maildrop.Sessions >= 3:
		return false, nil
	case !p.maildrop.SwitchedAt.IsZero():
		return true, nil
	}
	folders, err := tx.Folders(p.account.ID)
	if err != nil {
		return false, err
	}
	held := 0
	for _, f := range folders {
		held += f.Total
	}
	for _, r := range rows {
		if r.Message != 0 {
			held--
		}
	}
	return held > 0, nil
}

// note records what this session shows of the maildrop as a whole: how many
// mails it holds, when all are listed and it is seen for the first time, and
// whether the server removes them by itself. It returns the rows as they are
// then.
func (p *pass) note(tx *localstore.Tx, rows []localstore.PopLocation) ([]localstore.PopLocation, error) {
	if err := p.link.noteDeaf(tx); err != nil {
		return nil, err
	}
	if p.session.caps.known {
		if err := tx.SetExpireZero(p.maildrop.ID, p.session.caps.expireZero); err != nil {
			return nil, err
		}
	}
	if p.maildrop.Sessions > 0 || p.maildrop.FirstMails >= 0 || !p.maildrop.SwitchedAt.IsZero() || p.prior || !p.listing.exact {
		return rows, nil
	}
	err := tx.FirstSight(p.maildrop.ID, max(len(p.listing.mails), len(rows)))
	if err == nil {
		p.maildrop, _, err = tx.OpenMaildropOf(p.account.ID)
	}
	if err != nil {
		return nil, err
	}
	return tx.Ledger(p.maildrop.ID)
}

// loadWishes reads which messages the user waits for.
func (p *pass) loadWishes(tx *localstore.View) error {
	p.wishes = map[localstore.MessageID]bool{}
	wishes, err := tx.Wishes(p.account.ID)
	if err != nil {
		return err
	}
	for _, w := range wishes {
		messages, err := tx.MessagesOf(w.Content)
		if err != nil {
			return err
		}
		for _, m := range messages {
			p.wishes[m.ID] = p.wishes[m.ID] || w.Error == ""
		}
	}
	return nil
}
