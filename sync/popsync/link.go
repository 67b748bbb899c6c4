package popsync

import (
	"context"
	"log/slog"
	"slices"
	"sync"
	"time"

	"paquebot.app/internal/clock"
	"paquebot.app/localstore"
	"paquebot.app/sync/link"
	"paquebot.app/sync/netconn"
)

// Options of a link; the zero value is ready for use.
type Options struct {
	Clock    clock.Clock   // nil: the system's
	Log      *slog.Logger  // nil: none
	Progress link.Progress // told of mail as it is stored; nil: nobody
	Poll     time.Duration // how long Wait waits; 0: five minutes

	stall      time.Duration                  // how long a server may be silent; 0: a minute
	parts      time.Duration                  // and after QUIT; 0: 20 seconds
	batchMails int                            // mails a commit; 0: a hundred
	commit     func(write func() error) error // around every commit; nil: just write
	arriving   func()                         // at every piece of a mail; nil: nothing
}

func (o Options) filled() Options {
	if o.Clock == nil {
		o.Clock = clock.System
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.Progress == nil {
		o.Progress = func(int, int, int64) {}
	}
	if o.Poll == 0 {
		o.Poll = 5 * time.Minute
	}
	if o.stall == 0 {
		o.stall = stallLimit
	}
	if o.parts == 0 {
		o.parts = quitLimit
	}
	if o.batchMails == 0 {
		o.batchMails = batchMails
	}
	if o.arriving == nil {
		o.arriving = func() {}
	}
	if o.commit == nil {
		o.commit = func(write func() error) error { return write() }
	}
	return o
}

// Link keeps an account's maildrop and the store in step, one session after
// the other. It implements link.Link.
type Link struct {
	store    *localstore.Store
	account  localstore.Account // as it was when the link was made
	password string
	maildrop localstore.MaildropID
	options  Options
	troubles troubles
	topless  map[string]bool // keys of messages in whose TOP a session ended
	strange  map[string]bool // of those whose header was seen in this Receive and is not known
	warned   bool            // of EXPIRE 0

	late     bool                           // DELE has ended a session: it comes last
	lately   time.Time                      // since when that is known, and which
	deadly   map[localstore.LocationID]bool // rows whose DELE was not answered before a session ended
	breaks   int                            // sessions of this Receive that ended in DELE
	mute     int                            // mails, one after the other, that the server did not answer for at all
	carried  *listing                       // what the last session has left on the server; nil: not known
	reach    int64                          // bytes after which a session QUITs, since they break later on; 0: they do not
	clean    int                            // sessions that ended in good order since reach was set
	deaf     map[string]bool                // verbs at which the server ends the connection: they are not said
	deafened bool                           // one of them the store does not know
	unheard  int                            // sessions, one after the other, that ended at UIDL
	oneByOne bool                           // commands sent ahead were lost
	delay    time.Duration                  // what the server wants between two sign-ins

	life context.Context // ends with Close
	stop context.CancelFunc

	committing sync.Mutex // one commit after the other

	mu      sync.Mutex
	ready   *session // signed in by Open, waits for its first use
	current *session
	report  link.Report
	traffic netconn.Stats // of ended sessions
}

var _ link.Link = (*Link)(nil)

// Open connects and signs in, so that a wrong password shows at once; the
// first Receive or Bodies uses that session. ctx bounds the life of the link.
// The maildrop is opened in the store. Errors are fault.Error.
func Open(ctx context.Context, store *localstore.Store, account localstore.Account, password string, options Options) (*Link, error) {
	l := &Link{store: store, account: account, password: password, options: options.filled(), troubles: troubles{}, deadly: map[localstore.LocationID]bool{}, topless: map[string]bool{}, strange: map[string]bool{}, deaf: map[string]bool{}}
	l.life, l.stop = context.WithCancel(ctx)
	s, err := l.dial(l.life)
	if err != nil {
		l.stop()
		return nil, err
	}
	l.ready, l.current = s, s
	err = l.write(ctx, "open maildrop", func(tx *localstore.Tx) error {
		m, err := tx.OpenMaildrop(account.ID, localstore.POP, account.POP.Host, account.POP.Port, account.POP.User)
		l.maildrop = m.ID
		return err
	})
	if err != nil {
		l.Close()
		return nil, err
	}
	return l, nil
}

// session returns a signed-in session and what ends it without QUIT; it ends
// with ctx too.
func (l *Link) session(ctx context.Context) (*session, func(), error) {
	l.mu.Lock()
	s := l.ready
	l.ready = nil
	l.mu.Unlock()
	life, end := context.WithCancel(l.life)
	unbind := context.AfterFunc(ctx, end)
	if s == nil {
		var err error
		if s, err = l.dial(life); err != nil {
			unbind()
			end()
			return nil, nil, l.ended(ctx, err)
		}
		l.mu.Lock()
		l.current = s
		l.mu.Unlock()
	}
	s.caps.pipelining = s.caps.pipelining && !l.oneByOne
	l.delay = s.caps.delay
	abandon := context.AfterFunc(life, s.abandon)
	return s, func() {
		unbind()
		abandon()
		end()
		s.abandon()
		l.mu.Lock()
		defer l.mu.Unlock()
		stats := s.conn.Stats()
		l.traffic.BytesIn += stats.BytesIn
		l.traffic.BytesOut += stats.BytesOut
		l.traffic.RoundTrips += stats.RoundTrips
		l.current = nil
	}, nil
}

// ended says that the caller's context is why a session broke, where it is.
func (l *Link) ended(ctx context.Context, err error) error {
	if err != nil && ctx.Err() != nil {
		return toFault(l.account.POP, "pop", context.Cause(ctx))
	}
	return err
}

// write runs f in a write transaction, provided that the account is still
// kept the way it was when the link was made.
func (l *Link) write(ctx context.Context, why string, f func(*localstore.Tx) error) error {
	l.committing.Lock()
	defer l.committing.Unlock()
	return l.options.commit(func() error {
		return l.store.Write(ctx, why, func(tx *localstore.Tx) error {
			account, err := tx.Account(l.account.ID)
			if err != nil {
				return err
			}
			if account.Generation != l.account.Generation || account.Mode != localstore.POP {
				return errSwitched
			}
			return f(tx)
		})
	})
}

// complete makes blobs complete.
func (l *Link) complete(ctx context.Context, writers []*localstore.BlobWriter) (blobs []localstore.Blob, err error) {
	l.committing.Lock()
	defer l.committing.Unlock()
	err = l.options.commit(func() error {
		blobs, err = l.store.CompleteBlobs(ctx, writers...)
		return err
	})
	return blobs, err
}

// Apply implements link.Link. It only makes due what is kept on the server
// until a date: DELE travels in the session of Receive, whose QUIT makes it
// real.
func (l *Link) Apply(ctx context.Context) error {
	return l.write(ctx, "pop dates", func(tx *localstore.Tx) error {
		now := l.now()
		if _, err := tx.DueDeletes(l.maildrop, now); err != nil {
			return err
		}
		return tx.ForgetGone(l.maildrop, now)
	})
}

// Wait implements link.Link: it holds no connection and returns at the next
// poll, which is never sooner than the server wants (LOGIN-DELAY).
func (l *Link) Wait(ctx context.Context) error {
	select {
	case <-l.options.Clock.After(max(l.options.Poll, l.delay)):
		return nil
	case <-l.life.Done():
		return toFault(l.account.POP, "pop wait", context.Cause(l.life))
	case <-ctx.Done():
		return toFault(l.account.POP, "pop wait", context.Cause(ctx))
	}
}

// Report implements link.Link.
func (l *Link) Report() link.Report {
	l.mu.Lock()
	defer l.mu.Unlock()
	r := l.report
	r.Conflicts = append([]string(nil), r.Conflicts...)
	stats := l.traffic
	if l.current != nil {
		now := l.current.conn.Stats()
		stats.BytesIn += now.BytesIn
		stats.BytesOut += now.BytesOut
		stats.RoundTrips += now.RoundTrips
	}
	r.BytesIn, r.BytesOut, r.RoundTrips = stats.BytesIn, stats.BytesOut, stats.RoundTrips
	return r
}

// mostConflicts is how many different ones a report names.
const mostConflicts = 100

// tell adds a sentence for the user to the report, each once.
func (l *Link) tell(what string) {
	l.count(func(r *link.Report) {
		if len(r.Conflicts) < mostConflicts && !slices.Contains(r.Conflicts, what) {
			r.Conflicts = append(r.Conflicts, what)
		}
	})
}

// count changes the report.
func (l *Link) count(f func(*link.Report)) {
	l.mu.Lock()
	defer l.mu.Unlock()
	f(&l.report)
}

// Close implements link.Link. What the running session has marked for
// deletion stays on the server.
func (l *Link) Close() error {
	l.stop()
	return nil
}

// now returns the time.
func (l *Link) now() time.Time { return l.options.Clock.Now() }
