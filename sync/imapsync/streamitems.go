package imapsync

import (
	"context"
	"errors"
	"sync"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapclient"
)

// Bounds of what is in memory of a stream of bodies, and of one commit of it.
const (
	waitingBytes = 8 << 20  // came whole and is not stored yet: the server waits
	openBytes    = 64 << 20 // came, and the server does not say that it is whole
	commitItems  = 100
	commitBytes  = 2 << 20
)

var errNoEnd = errors.New("the server does not end its answers")

// fetchItems asks for the sections of items of the folder that is open, a
// command for each, in one flight. What came of each is in it. broken is why
// the connection broke, nil where it holds; what came before is good.
func (l *Link) fetchItems(ctx context.Context, items []*item) (broken error) {
	broken, _ = l.streamItems(ctx, items, nil)
	return broken
}

// streamItems is fetchItems that stores while it fetches: store is called with
// items that came whole, some at a time, in the order in which they came. While
// much waits to be stored the server is not listened to, so that memory is
// flat however much is asked for. The error is store's; it ends the link.
func (l *Link) streamItems(ctx context.Context, items []*item, store func([]*item) error) (broken, err error) {
	var asked int64
	for _, i := range items {
		asked += max(i.bytes(), smallMail)
	}
	began := l.now()
	defer func() { l.paced(asked, l.now().Sub(began)) }()
	s := newStream(l)
	came := make(chan *item)
	flown := make(chan error, 1)
	go func() {
		err := l.fly(ctx, "fetch bodies", func(f *flight) {
			for _, i := range items {
				s.begin(f, i, came)
			}
		})
		close(came)
		flown <- err
	}()
	var some []*item
	var bytes int64
	put := func() {
		if len(some) > 0 && store != nil && err == nil {
			if err = store(some); err != nil {
				l.Close() // nothing more of it is wanted
			}
		}
		s.stored(bytes)
		some, bytes = nil, 0
	}
	for i := range came {
		some, bytes = append(some, i), bytes+i.held()
		if len(some) >= commitItems || bytes >= commitBytes {
			put()
		}
	}
	put()
	if broken = <-flown; broken != nil {
		for _, i := range items {
			if i.err == nil && !i.came() {
				i.err = broken
			}
		}
	}
	for _, i := range items {
		if i.err != nil && refusal(i.err) == nil && i.err != errGone && broken == nil {
			broken = l.fault("fetch bodies", i.err)
		}
	}
	if cause := l.conn.Err(); cause != nil && broken == nil {
		broken = l.fault("fetch bodies", cause)
	}
	return broken, err
}

// stream keeps the memory of a stream of bodies flat.
type stream struct {
	l       *Link
	mu      sync.Mutex
	fewer   *sync.Cond // of waiting
	waiting int64      // bytes of items that came whole and are not stored
	open    int64      // bytes of literals whose command has not ended
}

func newStream(l *Link) *stream {
	s := &stream{l: l}
	s.fewer = sync.NewCond(&s.mu)
	return s
}

// enter waits until there is room for a literal. Only what the store has in
// hand is waited for, never the server: a server that answers many commands and
// ends none loses the connection.
func (s *stream) enter(n int64) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	for s.waiting > waitingBytes {
		s.fewer.Wait()
	}
	if s.open += n; s.open > openBytes+n {
		s.l.Close()
		return errNoEnd
	}
	return nil
}

// ended notes that a command has ended for which room was opened, and how much
// waits to be stored by it.
func (s *stream) ended(opened, waits int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.open -= opened
	s.waiting += waits
}

// stored notes that n bytes are stored.
func (s *stream) stored(n int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.waiting -= n
	s.fewer.Broadcast()
}

// begin begins the command for an item, which has a reader of its own: an
// answer that nobody reads would stop the connection. An item that came goes to
// came.
func (s *stream) begin(f *flight, i *item, came chan<- *item) {
	if i.came() { // it has no text
		f.readers.Go(func() { came <- i })
		return
	}
	options := &imap.FetchOptions{UID: true}
	var asked []*section
	for _, x := range i.sections {
		if x.blob == 0 {
			options.BodySection = append(options.BodySection, &imap.FetchItemBodySection{Part: sectionPath(x.name), Peek: true})
			asked = append(asked, x)
		}
	}
	s.l.expectLiteral(i.bytes())
	cmd := s.l.client.Fetch(uidSet([]uint32{i.at.UID}), options)
	f.readers.Go(func() {
		var opened int64
		opened, i.err = s.read(f.ctx, cmd, options.BodySection, asked)
		if i.err != nil && refusal(i.err) == nil && i.err != errGone && i.came() {
			i.err = nil // only the end of its command was cut off
		}
		if i.err != nil {
			s.ended(opened, 0)
			return
		}
		s.ended(opened, i.held())
		came <- i
	})
}

// read reads the answer to the command that asks for sections, and returns for
// how many bytes it has opened room. A literal that is shorter than announced is an error:
// the library ends it without one when the connection breaks.
func (s *stream) read(ctx context.Context, cmd *imapclient.FetchCommand, asked []*imap.FetchItemBodySection, into []*section) (opened int64, err error) {
	var broken error
	for msg := cmd.Next(); msg != nil; msg = cmd.Next() {
		for data := msg.Next(); data != nil; data = msg.Next() {
			for at, one := range asked {
				body, ok := asSection(data, one)
				if !ok || body == nil || into[at].got != nil {
					continue
				}
				if err := s.enter(body.Size()); err != nil && broken == nil {
					broken = err
				}
				into[at].got = s.l.store.NewBlob(ctx)
				_, err := copyLiteral(into[at].got, body)
				if into[at].full = err == nil; err != nil && broken == nil {
					broken = err
				}
				opened += body.Size()
				break
			}
		}
	}
	if err := cmd.Close(); err != nil && !damaged(err) {
		return opened, err
	}
	for _, x := range into {
		if x.got == nil && broken == nil {
			return opened, errGone
		}
	}
	return opened, broken
}
