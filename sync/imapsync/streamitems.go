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
	waitingBytes = 1 << 20  // came whole and is not stored yet: the server waits
	openBytes    = 64 << 20 // came, and the server does not say that it is whole
	commitItems  = 100
	commitBytes  = 1 << 20
)

var errNoEnd = errors.New("the server does not end its answers")

// groupItems is how many whole mails one command asks for.
const groupItems = 50

// fetchItems asks for the sections of items of the folder that is open, in one
// flight. What came of each is in it. broken is why the connection broke, nil
// where it holds; what came before is good.
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
	broken, err = l.streamGroups(ctx, grouped(items), store)
	if broken != nil || err != nil {
		return broken, err
	}
	// A server that says only behind a body whose it is, or refuses all for one
	// that is gone, is asked for each by itself.
	var alone [][]*item
	for _, i := range items {
		if i.err == errGrouped {
			i.err = nil
			alone = append(alone, []*item{i})
		}
	}
	if len(alone) == 0 {
		return nil, nil
	}
	return l.streamGroups(ctx, alone, store)
}

// grouped puts mails that come whole together, a command for many; whatever else
// there is has a command of its own.
func grouped(items []*item) (groups [][]*item) {
	var open []*item
	for _, i := range items {
		if !i.whole() || i.came() {
			groups = append(groups, []*item{i})
			continue
		}
		if open = append(open, i); len(open) == groupItems {
			groups = append(groups, open)
			open = nil
		}
	}
	if len(open) > 0 {
		groups = append(groups, open)
	}
	return groups
}

// streamGroups asks for groups of items, a command for each.
func (l *Link) streamGroups(ctx context.Context, groups [][]*item, store func([]*item) error) (broken, err error) {
	s := newStream(l)
	n := 0
	for _, g := range groups {
		n += len(g)
	}
	came := make(chan *item, n) // nobody waits for another with what he has read
	flown := make(chan error, 1)
	go func() {
		err := l.fly(ctx, "fetch bodies", func(f *flight) {
			for _, g := range groups {
				s.begin(f, g, came)
			}
		})
		close(came)
		flown <- err
	}()
	rows, written := make(chan []*item, 1), make(chan error, 1)
	go func() { written <- l.storeEach(rows, store) }()
	var some []*item
	var bytes int64
	put := func() {
		if len(some) > 0 && store != nil && err == nil {
			if err = l.completeItems(context.WithoutCancel(ctx), some); err != nil {
				l.Close() // nothing more of it is wanted
			} else {
				rows <- some
			}
		}
		s.stored(bytes)
		some, bytes = nil, 0
	}
	for i := range came {
		l.readItem(i)
		some, bytes = append(some, i), bytes+i.held()
		if len(some) >= commitItems || bytes >= commitBytes {
			put()
		}
	}
	put()
	close(rows)
	if e := <-written; err == nil {
		err = e
	}
	broken = <-flown
	for _, g := range groups {
		for _, i := range g {
			switch {
			case broken != nil && i.err == nil && !i.came():
				i.err = broken
			case broken == nil && i.err != nil && refusal(i.err) == nil && i.err != errGone && i.err != errGrouped:
				broken = l.fault("fetch bodies", i.err)
			}
		}
	}
	if cause := l.conn.Err(); cause != nil && broken == nil {
		broken = l.fault("fetch bodies", cause)
	}
	return broken, err
}

// storeEach calls store with what comes until one call fails, which ends the
// link. Rows are written while the bytes of the next mails become durable.
func (l *Link) storeEach(rows <-chan []*item, store func([]*item) error) (err error) {
	for some := range rows {
		if err != nil {
			continue
		}
		if err = store(some); err != nil {
			l.Close()
		}
	}
	return err
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

// ended notes that literals have ended for which room was opened, and hands over
// the item that they make up, if it came.
func (s *stream) ended(opened int64, i *item, came chan<- *item) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.open -= opened; i.err == nil {
		s.waiting += i.held()
		came <- i
	}
}

// stored notes that n bytes are stored.
func (s *stream) stored(n int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.waiting -= n
	s.fewer.Broadcast()
}

// begin begins the command for a group, which has a reader of its own: an
// answer that nobody reads would stop the connection. Items that came go to
// came.
func (s *stream) begin(f *flight, g []*item, came chan<- *item) {
	if g[0].came() { // it has no text
		f.readers.Go(func() { came <- g[0] })
		return
	}
	options := &imap.FetchOptions{UID: true}
	var asked []*section
	var uids []uint32
	var largest int64
	for _, i := range g {
		uids, largest = append(uids, i.at.UID), max(largest, i.bytes())
	}
	for _, x := range g[0].sections {
		if x.blob == 0 {
			options.BodySection = append(options.BodySection, &imap.FetchItemBodySection{Part: sectionPath(x.name), Peek: true})
			asked = append(asked, x)
		}
	}
	s.l.expectLiteral(largest)
	cmd := s.l.client.Fetch(uidSet(uids), options)
	f.readers.Go(func() {
		if len(g) == 1 {
			s.readOne(f.ctx, cmd, options.BodySection, g[0], asked, came)
		} else {
			s.readGroup(f.ctx, cmd, options.BodySection[0], g, came)
		}
	})
}

// readOne reads the answer to the command that asks for sections of one item.
func (s *stream) readOne(ctx context.Context, cmd *imapclient.FetchCommand, asked []*imap.FetchItemBodySection, i *item, into []*section, came chan<- *item) {
	var opened int64
	var broken error
	for msg := cmd.Next(); msg != nil; msg = cmd.Next() {
		for data := msg.Next(); data != nil; data = msg.Next() {
			for at, one := range asked {
				body, ok := asSection(data, one)
				if !ok || body == nil || into[at].got != nil {
					continue
				}
				opened += body.Size()
				if err := s.copy(ctx, into[at], body); err != nil && broken == nil {
					broken = err
				}
				break
			}
		}
	}
	if err := cmd.Close(); err != nil && !damaged(err) {
		broken = err
	}
	for _, x := range into {
		if x.got == nil && broken == nil {
			broken = errGone
		}
	}
	if i.err = broken; broken != nil && refusal(broken) == nil && broken != errGone && i.came() {
		i.err = nil // only the end of its command was cut off
	}
	s.ended(opened, i, came)
}

// errGrouped is why an item did not come: it was asked for with others.
var errGrouped = errors.New("no answer was for this message")

// readGroup reads the answer to the command that asks for several whole mails.
// What came whole is good whatever the command ends with: it is as long as it
// was announced, and the store knows the mail again.
func (s *stream) readGroup(ctx context.Context, cmd *imapclient.FetchCommand, asked *imap.FetchItemBodySection, g []*item, came chan<- *item) {
	byUID := map[uint32]*item{}
	for _, i := range g {
		i.err = errGrouped
		byUID[i.at.UID] = i
	}
	for msg := cmd.Next(); msg != nil; msg = cmd.Next() {
		var i *item
		for data := msg.Next(); data != nil; data = msg.Next() {
			if uid, ok := data.(imapclient.FetchItemDataUID); ok {
				i = byUID[uint32(uid.UID)]
			}
			body, ok := asSection(data, asked)
			if !ok || body == nil || i == nil || i.sections[0].got != nil {
				continue
			}
			i.err = s.copy(ctx, i.sections[0], body)
			s.ended(body.Size(), i, came)
		}
	}
	if err := cmd.Close(); err != nil && refusal(err) == nil {
		for _, i := range g {
			if i.err == errGrouped {
				i.err = err
			}
		}
	}
}

// copy copies a literal into a section. One that is shorter than announced is an
// error: the library ends it without one when the connection breaks.
func (s *stream) copy(ctx context.Context, x *section, body imap.LiteralReader) error {
	err := s.enter(body.Size())
	x.got = s.l.store.NewBlob(ctx)
	x.got.Grow(body.Size())
	if _, e := s.l.copyLiteral(x.got, body); err == nil {
		err = e
		x.full = e == nil
	}
	return err
}
