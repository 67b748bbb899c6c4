package localstore

import (
	"context"
	"sync"
	"time"

	"paquebot.app/internal/clock"
)

// Topic is what a change is about.
type Topic int

const (
	TopicAccounts Topic = iota
	TopicFolders        // a folder, its counts, its pause
	TopicMessages       // a message in a list: new, gone, moved, flags, preview
	TopicBodies         // a body or part arrived, or is wanted
	TopicPending
	TopicOutbox
	TopicDrafts
	TopicWakes // a pass was asked for, or its report is there
	TopicSettings
	TopicSearch // the index knows more
	TopicTraffic
	TopicJourneys // a report is there
)

// Kind is what happened to what a change names.
type Kind int

const (
	Added Kind = iota
	Changed
	Removed
)

// Change is one thing that a committed Write changed.
type Change struct {
	Topic   Topic
	Kind    Kind
	Account AccountID
	Folder  FolderID  // where it has one
	Message MessageID // where it has one
	Content ContentID // where it has one
}

// maxChanges is how many changes a watcher keeps: who has more to read asks
// the store again.
const maxChanges = 256

// changes collects what a transaction changes, each change once.
type changes struct {
	list []Change
	seen map[Change]bool
}

// note adds a change to what is announced when the transaction has committed.
func (tx *Tx) note(c Change) {
	if tx.changes.seen[c] {
		return
	}
	if tx.changes.seen == nil {
		tx.changes.seen = map[Change]bool{}
	}
	tx.changes.seen[c] = true
	tx.changes.list = append(tx.changes.list, c)
}

// Watcher collects changes for one reader. The list is capped: when the reader
// is too slow, or another process wrote, it is thrown away and Take says
// overflow, which means: ask the store again.
type Watcher struct {
	feed     *feed
	of       map[Topic]bool // empty: all
	ready    chan struct{}
	changes  []Change
	overflow bool
}

// Watch returns a watcher of the given topics; none means all. Close it.
func (s *Store) Watch(of ...Topic) *Watcher {
	w := &Watcher{feed: &s.feed, of: map[Topic]bool{}, ready: make(chan struct{}, 1)}
	for _, t := range of {
		w.of[t] = true
	}
	s.feed.add(w, s.watchOthers)
	return w
}

// Ready receives when Take has something (capacity 1).
func (w *Watcher) Ready() <-chan struct{} { return w.ready }

// Take returns and forgets what has changed since the last Take.
func (w *Watcher) Take() (changes []Change, overflow bool) {
	w.feed.mu.Lock()
	defer w.feed.mu.Unlock()
	changes, overflow = w.changes, w.overflow
	w.changes, w.overflow = nil, false
	return changes, overflow
}

// Close ends the watch.
func (w *Watcher) Close() { w.feed.remove(w) }

// put adds what the watcher asked for; the feed's lock is held.
func (w *Watcher) put(list []Change) {
	for _, c := range list {
		if len(w.of) > 0 && !w.of[c.Topic] {
			continue
		}
		if w.overflow || len(w.changes) == maxChanges {
			w.lose()
			return
		}
		w.changes = append(w.changes, c)
		w.ring()
	}
}

// lose throws the list away; the feed's lock is held.
func (w *Watcher) lose() {
	w.changes, w.overflow = nil, true
	w.ring()
}

func (w *Watcher) ring() {
	select {
	case w.ready <- struct{}{}:
	default:
	}
}

// feed hands the changes of committed transactions to the watchers.
type feed struct {
	mu       sync.Mutex
	watchers map[*Watcher]bool
	stop     context.CancelFunc // ends the look at other processes
	done     chan struct{}      // closed when it has ended
	closed   bool
}

func (f *feed) publish(list []Change) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for w := range f.watchers {
		w.put(list)
	}
}

// overflow tells every watcher to ask again.
func (f *feed) overflow() {
	f.mu.Lock()
	defer f.mu.Unlock()
	for w := range f.watchers {
		w.lose()
	}
}

// add begins a watch. With the first one begins the look at what other
// processes write.
func (f *feed) add(w *Watcher, look func(ctx context.Context)) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.watchers == nil {
		f.watchers = map[*Watcher]bool{}
	}
	f.watchers[w] = true
	if f.stop != nil || f.closed {
		return
	}
	ctx, stop := context.WithCancel(context.Background())
	done := make(chan struct{})
	f.stop, f.done = stop, done
	go func() {
		defer close(done)
		look(ctx)
	}()
}

func (f *feed) remove(w *Watcher) {
	f.mu.Lock()
	delete(f.watchers, w)
	stop := context.CancelFunc(nil)
	if len(f.watchers) == 0 {
		stop, f.stop = f.stop, nil
	}
	f.mu.Unlock()
	if stop != nil {
		stop()
	}
}

// close ends the look at other processes and waits for it.
func (f *feed) close() {
	f.mu.Lock()
	f.closed = true
	stop, done := f.stop, f.done
	f.stop = nil
	f.mu.Unlock()
	if stop != nil {
		stop()
	}
	if done != nil {
		<-done
	}
}

// lookEvery is how long another process's change may go unnoticed.
const lookEvery = time.Second

// watchOthers tells all watchers when another process has written to mail.db.
// It asks on the writer's connection, because PRAGMA data_version answers for
// everybody else than the connection that asks. The other process lives in
// the computer's time, whatever clock the store was given.
func (s *Store) watchOthers(ctx context.Context) {
	ask := s.writer
	if s.readOnly {
		ask = s.readers
	}
	for {
		c, ok, err := ask.try(ctx)
		if ok {
			others := c.othersWrote(ctx)
			ask.give(c)
			if others {
				s.feed.overflow()
			}
		}
		if err == errClosed {
			return
		}
		select {
		case <-ctx.Done():
			return
		case <-clock.System.After(lookEvery):
		}
	}
}
