package imapsync

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapclient"

	"paquebot.app/internal/clock"
	"paquebot.app/internal/letter"
	"paquebot.app/localstore"
	"paquebot.app/sync/imapsync/wire"
	"paquebot.app/sync/link"
	"paquebot.app/sync/netconn"
)

// Options of a link; the zero value is ready for use.
type Options struct {
	Clock    clock.Clock   // nil: the system's
	Log      *slog.Logger  // nil: none
	Progress link.Progress // told of headers as they arrive; nil: nobody
	Poll     time.Duration // how long Wait relies on IDLE; 0: five minutes
	Batch    int           // headers a commit; 0: 100, then 500
	Receive  bool          // Receive comes next: what it asks first may go with the sign-in
	// AskedOnly: Bodies brings only what people and packs asked for.
	AskedOnly bool
	// Share is how long Bodies keeps a connection that has other work to do; 0:
	// as long as it takes.
	Share time.Duration
	// Yield: Bodies ends with ErrYielded, and the connection with it, when
	// somebody waits too long for what comes for nobody.
	Yield bool

	timeouts wire.Timeouts // how long a server may be silent
	limits   wire.Limits   // how much it may say
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
	return o
}

// Link is a signed-in connection to an account's IMAP server. It implements
// link.Link.
type Link struct {
	store    *localstore.Store
	account  localstore.Account
	maildrop localstore.Maildrop
	options  Options

	conn    *wire.Conn
	client  *imapclient.Client
	offered imap.CapSet // before sign-in
	caps    imap.CapSet
	stop    context.CancelFunc
	meter   *netconn.Meter
	opened  opened

	ahead    *ahead // what was asked for with the sign-in; nil: nothing, or it was taken
	asked    bool   // whether QRESYNC was to be enabled
	qresync  bool   // it is
	noIdle   bool   // IDLE was refused
	noXList  bool   // XLIST was refused
	selected selection
	// prefetched is what the policy asked for and was tried over this link.
	prefetched map[localstore.ContentID]bool
	textOnly   bool                          // only texts are fetched unasked
	roomAt     int64                         // bytes that had come when room was looked at; 0: it never was
	piece      int64                         // bytes of one body that nobody minds to wait for
	flight     int64                         // bytes of small mails, likewise; 0: not known yet
	atOnce     map[localstore.ContentID]bool // what is not asked for in pieces
	under      *download                     // the section that came last, if more of it is to come
	described  struct {                      // the last text that was described
		content localstore.ContentID
		parts   []letter.Part
	}
	packing   packing // of the pack under way
	delimiter rune    // between levels of the server's names; 0: not listed yet
	spaces    namespaces
	topLevel  bool // some folder but the inbox lies beside it, not below
	inbox     inboxState
	hint      chan struct{} // the server spoke of a change, capacity 1

	mu     sync.Mutex
	report link.Report
	copied wire.CopyUID // what the COPY or MOVE just done said of new UIDs
	limits limits       // of the open folder
}

var _ link.Link = (*Link)(nil)

// Report implements link.Link.
func (l *Link) Report() link.Report {
	l.mu.Lock()
	defer l.mu.Unlock()
	r := l.report
	stats := l.conn.Stats()
	r.BytesIn, r.BytesOut, r.RoundTrips = stats.Down, stats.Up, int(stats.Turns)
	return r
}

// count changes the report.
func (l *Link) count(f func(*link.Report)) {
	l.mu.Lock()
	defer l.mu.Unlock()
	f(&l.report)
}

// Close implements link.Link.
func (l *Link) Close() error {
	l.stop()
	return l.client.Close()
}

// opened is when a link was dialled, and what its meter had counted before.
type opened struct {
	at    time.Time
	bytes int64
}

// during closes the connection when ctx ends before the method that called it
// is done: the library itself takes no context.
func (l *Link) during(ctx context.Context) (done func() bool) {
	return context.AfterFunc(ctx, func() { l.Close() })
}

// write runs f in a write transaction, provided that the account is still
// kept the way it was when the link was made.
func (l *Link) write(ctx context.Context, why string, f func(*localstore.Tx) error) error {
	return l.store.Write(ctx, why, func(tx *localstore.Tx) error {
		account, err := tx.Account(l.account.ID)
		if err != nil {
			return err
		}
		if account.Generation != l.account.Generation || account.Mode != localstore.IMAP {
			return errSwitched
		}
		return f(tx)
	})
}

// now returns the time.
func (l *Link) now() time.Time { return l.options.Clock.Now() }
