package popsync

import (
	"context"
	"errors"
	"fmt"
	"time"

	"paquebot.app/internal/fault"
	"paquebot.app/localstore"
	"paquebot.app/sync/link"
)

// Limits of one session: after that it is ended by QUIT, so that deletions
// become real now and then, and another one is begun.
const (
	sessionMails = 1000
	sessionBytes = 100 << 20
	sessionTime  = 5 * time.Minute
)

// smallMaildrop is how many mails a maildrop may hold at first sight for the
// policy to be applied without asking.
const smallMaildrop = 50

// Receive implements link.Link: everything that is new is fetched, what is due
// is removed from the server. A session that breaks is followed by another one
// as long as that brings something forward.
func (l *Link) Receive(ctx context.Context) error {
	if err := l.Apply(ctx); err != nil {
		return err
	}
	l.carried, l.reach = nil, 0
	looking := false // for more, after a session that has done all its work
	var broke error
	for idle := 0; idle < 2; {
		p, err := l.pass(ctx, false)
		switch {
		case err == nil && !p.more && !p.lookAgain():
			return nil
		case p == nil && looking && fault.Is(err, fault.Later):
			return nil // it does not want to be asked so soon: there is time
		case err != nil && (p == nil || ctx.Err() != nil || !broken(err)):
			return l.ended(ctx, err)
		case p.progress:
			idle = 0
		default:
			idle++
		}
		looking, broke = err == nil && !p.more, err
		if err != nil {
			l.options.Log.Debug("pop session broke", "op", fault.Of(err).Op, "err", err)
		}
	}
	return broke
}

// mostOfALot is more mails than a server that shows them in lots lists at once:
// Gmail's have a few hundred.
const mostOfALot = 1000

// lookAgain tells whether another session may be shown more mail: some servers
// list the next mails only when these have been fetched (Gmail, oldest first).
// They give themselves away by mail that is listed no more although nobody
// removed it, or by a newest mail that has lain there for long.
func (p *pass) lookAgain() bool {
	return p.stored > 0 && p.session.caps.delay == 0 && len(p.listing.mails) < mostOfALot &&
		(p.vanished || p.link.now().Sub(p.newest) > 24*time.Hour)
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
	wishes   map[localstore.MessageID]bool
	prior    bool // the account holds mail that this maildrop's ledger does not know
	mayDele  bool

	listing listing
	ledger  *ledger
	bound   map[localstore.ContentID]bool // contents recognised in this session

	jobs    []*job // in the order they are fetched
	large   []*job // of which only the header is fetched
	under   []*job // asked for and not yet answered, in their order
	window  window
	open    int // mails to be compared that were not, so that nothing can be concluded
	batch   batch
	storing *storing  // nil: none is on its way
	newest  time.Time // arrival of the newest mail that was stored
	stored  int
	bytes   int64
	shorts  int // mails that came shorter than announced
	total   int // mails this session is to bring, for the progress

	progress bool // something came nearer to its end
	more     bool // another session is needed
	stale    bool // the carried listing is not true
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
	p := &pass{link: l, ctx: ctx, session: s, bound: map[localstore.ContentID]bool{}}
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
	s := p.ledger.sort(p.listing.mails, p.prior)
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
	return p.finish()
}

// load reads what the store knows, and gives the yes to deletions of a
// maildrop that is small at first sight.
func (p *pass) load() error {
	l := p.link
	var rows []localstore.PopLocation
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
		if p.prior, err = p.holdsOther(tx, rows); err != nil {
			return err
		}
		if p.small(rows) {
			if err := tx.AllowDeletes(l.maildrop); err != nil {
				return err
			}
			p.maildrop.DeleteOK = true
		}
		return p.loadWishes(tx.View)
	})
	p.ledger = newLedger(rows)
	p.mayDele = p.maildrop.DeleteOK && p.account.PopDelete != localstore.DeleteNever &&
		!(p.prior && p.maildrop.Sessions == 0)
	return err
}

// warn tells the user, once a link, of a server that removes by itself what was
// fetched (RFC 2449 §6.7), against the account's policy.
func (p *pass) warn() {
	if !p.session.caps.expireZero || p.account.PopDelete == localstore.DeleteNow || p.link.warned {
		return
	}
	p.link.warned = true
	p.link.count(func(r *link.Report) {
		r.Conflicts = append(r.Conflicts, "This server removes mail as soon as it was fetched, whatever the account's settings say.")
	})
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
	if p.maildrop.Sessions >= 3 {
		return false, nil
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

// small tells whether the first deletions need no yes: at first sight the
// maildrop holds few mails, and all are listed.
func (p *pass) small(rows []localstore.PopLocation) bool {
	return !p.maildrop.DeleteOK && p.maildrop.Sessions == 0 && !p.prior &&
		p.account.PopDelete != localstore.DeleteNever &&
		p.listing.exact && max(len(p.listing.mails), len(rows)) <= smallMaildrop
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
			p.wishes[m.ID] = true
		}
	}
	return nil
}

// finish records what the session showed and ends it by QUIT. Only an exact
// listing of a session that did all its work shows that a mail is gone.
func (p *pass) finish() error {
	if p.stale || p.listing.carried && p.unnoted() {
		p.more = true // by a listing of its own
	} else if err := p.noteSkipped(); err != nil {
		return err
	}
	if err := p.noteGone(); err != nil {
		return err
	}
	if err := p.reconsider(); err != nil {
		return err
	}
	if err := p.session.quit(); err != nil {
		// What became of the deletions shows in the next listing (RFC 1939
		// §6): nobody needs to be troubled.
		p.link.options.Log.Info("pop quit failed", "account", p.account.ID, "err", err)
		return nil
	}
	if p.more && !p.stale && !(p.listing.carried && p.unnoted()) {
		removed := map[int]bool{}
		for _, e := range p.ledger.entries {
			if e.asked && e.listed != nil {
				removed[e.listed.number] = true
			}
		}
		p.carry(removed)
	}
	return p.noteQuit()
}

// reconsider takes deletions back that the user wants no more: they become
// real only with QUIT.
func (p *pass) reconsider() error {
	asked := 0
	for _, e := range p.ledger.entries {
		if e.asked {
			asked++
		}
	}
	if asked == 0 {
		return nil
	}
	due := map[localstore.LocationID]bool{}
	err := p.link.store.Read(p.ctx, func(v *localstore.View) error {
		rows, err := v.Ledger(p.link.maildrop, localstore.PopDeleting)
		for _, row := range rows {
			due[row.ID] = true
		}
		return err
	})
	if err != nil {
		return err
	}
	for _, e := range p.ledger.entries {
		if e.asked && due[e.ID] {
			asked--
		}
	}
	if asked == 0 {
		return nil
	}
	if _, err := p.session.command("RSET", nil); err != nil {
		return err // without QUIT nothing is removed
	}
	for _, e := range p.ledger.entries {
		if !e.asked {
			continue
		}
		if e.asked, e.tried = false, false; !due[e.ID] {
			e.State = localstore.PopKept
		}
	}
	if err := p.remove(); err != nil {
		return err
	}
	return p.session.drain()
}

// noteGone marks the rows whose mail the server lists no more.
func (p *pass) noteGone() error {
	if !p.listing.exact || p.more || p.open > 0 {
		return nil
	}
	var gone, kept, foreign []localstore.LocationID
	for _, e := range p.ledger.entries {
		switch {
		case e.listed != nil || !e.active():
		case e.State == localstore.PopDeleting:
			gone = append(gone, e.ID)
		case e.State == localstore.PopKept:
			kept = append(kept, e.ID)
		case e.State == localstore.PopSkipped:
			foreign = append(foreign, e.ID)
		}
	}
	if len(gone)+len(kept)+len(foreign) == 0 {
		return nil
	}
	return p.link.write(p.ctx, "pop gone", func(tx *localstore.Tx) error {
		return errors.Join(
			tx.SetPopState(gone, localstore.PopGone, ""),
			tx.SetPopState(kept, localstore.PopGone, "The server listed it no more."),
			tx.SetPopState(foreign, localstore.PopForeign, "It went before it could be fetched."),
		)
	})
}

// noteQuit records the end of a session in good order: the server has agreed
// to what it was asked to remove.
func (p *pass) noteQuit() error {
	var asked []localstore.LocationID
	for _, e := range p.ledger.entries {
		if e.asked {
			asked = append(asked, e.ID)
		}
	}
	err := p.link.write(p.ctx, "pop session ended", func(tx *localstore.Tx) error {
		if p.listing.exact {
			if err := tx.CountSession(p.link.maildrop); err != nil {
				return err
			}
		}
		if p.stored > 0 || len(asked) > 0 {
			err := tx.Journal(localstore.Note{Account: p.account.ID, At: p.link.now(), Step: "pop session",
				Result: fmt.Sprintf("%d received, %d removed from the server.", p.stored, len(asked))})
			if err != nil {
				return err
			}
		}
		for _, id := range asked {
			// What the user has deleted here meanwhile is refused: its row
			// stays as it is and serves as well.
			err := tx.SetPopState([]localstore.LocationID{id}, localstore.PopDeleting, removalAsked)
			if err != nil && fault.Of(err).Cause != fault.Data {
				return err
			}
		}
		return nil
	})
	if err == nil && len(asked) > 0 {
		p.progress = true
		p.link.count(func(r *link.Report) { r.Removed += len(asked) })
	}
	return err
}
