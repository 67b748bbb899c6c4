package vm

import (
	"context"
	"maps"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"paquebot.app/localstore"
)

// removalsShown is how many of the mails that left a server are listed.
const removalsShown = 200

// Ledger is what lies in the maildrop of a POP account, until when and why, and
// what left it. It holds a small record of every mail, and the head of those
// that were in sight.
type Ledger struct {
	// Changed is called when rows came or went: apply makes them so, and is to
	// be called at once.
	Changed func(apply func())
	// Loaded is called when rows in sight have come.
	Loaded func()
	// Done tells what was done, and its inverse.
	Done func(text string, undo func())
	// Refused is told why something cannot be done.
	Refused func(err error)

	env     *Env
	jobs    serial
	account atomic.Int64 // a localstore.AccountID; 0: nothing is shown
	queued  atomic.Bool  // a load waits
	left    bool         // the second tab is shown
	now     ledgerState
	heads   map[localstore.MessageID]ledgerHead

	mu   sync.Mutex
	held map[localstore.LocationID]ledgerPlace // of rows that the user acted on: they stay where they are
}

// ledgerPlace is what a row is sorted by.
type ledgerPlace struct {
	kind  ledgerKind
	until time.Time
}

// ledgerState is the maildrop as it was read.
type ledgerState struct {
	ready    bool
	account  localstore.Account
	maildrop localstore.Maildrop
	today    time.Time
	there    []localstore.PopLocation
	gone     []localstore.PopLocation
	rows     map[localstore.LocationID]int // of there
	held     map[localstore.LocationID]ledgerPlace
	wished   map[localstore.ContentID]localstore.Wish
}

// ledgerHead is what a row shows of the mail itself.
type ledgerHead struct {
	who, subject, avatar string
	content              localstore.ContentID
	here                 bool // there is such a message
}

// NewLedger returns an empty ledger; Show fills it.
func NewLedger(env *Env) *Ledger {
	return &Ledger{env: env, jobs: serial{env: env, what: "ledger"}, heads: map[localstore.MessageID]ledgerHead{},
		Changed: func(apply func()) { apply() }, Loaded: func() {}, Done: func(string, func()) {}, Refused: func(error) {}}
}

// Show reads the ledger of an account; 0 shows none and follows nothing.
func (l *Ledger) Show(account localstore.AccountID) {
	l.account.Store(int64(account))
	l.left, l.now, l.heads = false, ledgerState{}, map[localstore.MessageID]ledgerHead{}
	l.mu.Lock()
	l.held = map[localstore.LocationID]ledgerPlace{}
	l.mu.Unlock()
	l.Changed(func() {})
	if account != 0 {
		l.Load()
	}
}

// Ready tells whether the store was read.
func (l *Ledger) Ready() bool { return l.now.ready }

// Left tells whether what left the server is shown, not what lies there.
func (l *Ledger) Left() bool { return l.left }

// SetLeft shows what left the server, or what lies there.
func (l *Ledger) SetLeft(left bool) {
	if l.left != left {
		l.Changed(func() { l.left = left })
	}
}

// Follow takes changes of the store; it is called off the window's goroutine.
func (l *Ledger) Follow(c Changes) {
	if l.account.Load() == 0 {
		return
	}
	for _, topic := range []localstore.Topic{localstore.TopicPending, localstore.TopicMessages, localstore.TopicBodies, localstore.TopicAccounts} {
		if c.About(topic) {
			l.Load()
			return
		}
	}
}

// Load reads the store.
func (l *Ledger) Load() {
	if l.queued.Swap(true) {
		return
	}
	l.jobs.do(false, func(ctx context.Context) func() {
		l.queued.Store(false)
		id := localstore.AccountID(l.account.Load())
		if id == 0 {
			return nil
		}
		l.mu.Lock()
		held := maps.Clone(l.held)
		l.mu.Unlock()
		state, err := l.env.readLedger(ctx, id, held)
		if err != nil {
			l.env.Failed("ledger", err)
			return nil
		}
		return func() {
			if id == localstore.AccountID(l.account.Load()) {
				l.Changed(func() { l.now = state })
			}
		}
	})
}

// hold keeps rows in their places while the ledger is shown.
func (l *Ledger) hold(ids []localstore.LocationID) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, id := range ids {
		if _, known := l.held[id]; !known {
			l.held[id] = l.now.place(l.now.there[l.now.rows[id]])
		}
	}
}

func (e *Env) readLedger(ctx context.Context, id localstore.AccountID, held map[localstore.LocationID]ledgerPlace) (s ledgerState, err error) {
	err = e.Store.Read(ctx, func(v *localstore.View) (err error) {
		s = ledgerState{ready: true, held: held, today: e.Clock.Now().In(e.Zone), wished: map[localstore.ContentID]localstore.Wish{}}
		if s.account, err = v.Account(id); err != nil {
			return err
		}
		drop, ok, err := v.OpenMaildropOf(id)
		if err != nil || !ok || s.account.Mode != localstore.POP {
			return err
		}
		s.maildrop = drop
		if s.there, err = v.Ledger(drop.ID, localstore.PopKept, localstore.PopDeleting, localstore.PopSkipped); err != nil {
			return err
		}
		if s.gone, err = v.Removals(drop.ID, removalsShown); err != nil {
			return err
		}
		foreign, err := v.Ledger(drop.ID, localstore.PopForeign)
		if err != nil {
			return err
		}
		s.gone = newestRemovals(s.gone, foreign)
		wishes, err := v.Wishes(id)
		if err != nil {
			return err
		}
		for _, w := range wishes {
			s.wished[w.Content] = w
		}
		places, err := placesIn(v, id)
		s.sort(places)
		return err
	})
	return s, err
}

// newestRemovals joins what we removed with what others took.
func newestRemovals(gone, foreign []localstore.PopLocation) []localstore.PopLocation {
	gone = append(gone, foreign...)
	slices.SortStableFunc(gone, func(a, b localstore.PopLocation) int { return b.GoneAt.Compare(a.GoneAt) })
	return gone[:min(len(gone), removalsShown)]
}

// placesIn returns where the messages of an account stand in its lists, the
// newest first, the Inbox before the other folders.
func placesIn(v *localstore.View, account localstore.AccountID) (map[localstore.MessageID]int, error) {
	folders, err := v.Folders(account)
	if err != nil {
		return nil, err
	}
	slices.SortStableFunc(folders, func(a, b localstore.Folder) int {
		return strings.Compare(inboxFirst(a), inboxFirst(b))
	})
	places := map[localstore.MessageID]int{}
	for _, f := range folders {
		ids, _, err := v.MessageIDs(localstore.List{Folder: f.ID}, 0, 1<<30)
		if err != nil {
			return nil, err
		}
		for _, id := range ids {
			places[id] = len(places)
		}
	}
	return places, nil
}

func inboxFirst(f localstore.Folder) string {
	if f.Role == localstore.RoleInbox {
		return ""
	}
	return f.Path
}

// sort puts what is of a kind together, what leaves first before the rest.
func (s *ledgerState) sort(places map[localstore.MessageID]int) {
	at := func(p localstore.PopLocation) int {
		if n, ok := places[p.Message]; ok {
			return n
		}
		return len(places)
	}
	slices.SortStableFunc(s.there, func(a, b localstore.PopLocation) int {
		pa, pb := s.place(a), s.place(b)
		switch {
		case pa.kind != pb.kind:
			return int(pa.kind - pb.kind)
		case pa.kind == leavesLater && !sameDay(pa.until, pb.until):
			return pa.until.Compare(pb.until)
		}
		return at(a) - at(b)
	})
	s.rows = make(map[localstore.LocationID]int, len(s.there))
	for i, p := range s.there {
		s.rows[p.ID] = i
	}
}

// place is what a row is sorted by.
func (s *ledgerState) place(p localstore.PopLocation) ledgerPlace {
	if at, held := s.held[p.ID]; held {
		return at
	}
	return ledgerPlace{s.kind(p), p.Until}
}

func sameDay(a, b time.Time) bool { return days(a, b) == 0 }

// Len is how many rows the tab has.
func (l *Ledger) Len() int { return len(l.shown()) }

func (l *Ledger) shown() []localstore.PopLocation {
	if l.left {
		return l.now.gone
	}
	return l.now.there
}

// ID returns the id of a row.
func (l *Ledger) ID(i int) localstore.LocationID { return l.shown()[i].ID }

// Index finds a row.
func (l *Ledger) Index(id localstore.LocationID) (int, bool) {
	if !l.left {
		i, ok := l.now.rows[id]
		return i, ok
	}
	i := slices.IndexFunc(l.shown(), func(p localstore.PopLocation) bool { return p.ID == id })
	return i, i >= 0
}

// Need reads the mails of rows that came into sight.
func (l *Ledger) Need(first, last int) {
	var ids []localstore.MessageID
	rows := l.shown()
	for i := max(first, 0); i <= last && i < len(rows); i++ {
		if _, known := l.heads[rows[i].Message]; !known && rows[i].Message != 0 {
			ids = append(ids, rows[i].Message)
		}
	}
	if len(ids) == 0 {
		return
	}
	account := l.account.Load()
	l.jobs.do(true, func(ctx context.Context) func() {
		heads := map[localstore.MessageID]ledgerHead{}
		err := l.env.Store.Read(ctx, func(v *localstore.View) error {
			messages, err := v.Messages(ids)
			if err != nil {
				return err
			}
			rows, err := rowsOf(v, messages)
			for i, r := range rows {
				heads[r.ID] = ledgerHead{r.Who, r.Subject, r.Avatar, messages[i].Content, true}
			}
			return err
		})
		if err != nil {
			l.env.Failed("ledger", err)
			return nil
		}
		return func() {
			if account != l.account.Load() {
				return
			}
			for _, id := range ids {
				l.heads[id] = heads[id] // empty for one that is gone
			}
			l.Loaded()
		}
	})
}
