package imapsync

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/emersion/go-imap/v2"

	"paquebot.app/internal/fault"
	"paquebot.app/localstore"
)

// wholeLimit is the size up to which a mail comes whole when it is wanted to
// read: fewer turns, and it is here byte for byte.
const wholeLimit = 256 << 10

// Bodies implements link.Link. The wish made last comes first, also one that
// is made while another is being fulfilled; what a pack or a folder's policy
// asks for comes when there is no wish. Nobody waits for more than a piece of
// what is not waited for.
func (l *Link) Bodies(ctx context.Context) error {
	defer l.during(ctx)()
	tried := map[string]bool{}
	for began := l.now(); l.options.Share == 0 || l.now().Sub(began) < l.options.Share; {
		if err := l.readTextOnly(ctx); err != nil {
			return err
		}
		wish, ok, err := l.nextWish(ctx, tried)
		if err != nil {
			return err
		}
		if !ok {
			more, err := l.pack(ctx)
			if err == nil && !more {
				more, err = l.prefetch(ctx)
			}
			if err != nil || !more {
				return err
			}
			continue
		}
		done, err := l.fulfil(ctx, wish)
		var f *fault.Error
		if errors.As(err, &f) && f.Scope >= fault.Folder {
			done, err = true, l.fail(ctx, wish, f.Error())
		}
		if err != nil {
			return err
		}
		tried[key(wish)] = done
	}
	return nil
}

func key(w localstore.Wish) string { return strconv.Itoa(int(w.Content)) + " " + w.Section }

// nextWish returns the first wish that was not tried in this pass and is not
// known to be hopeless.
func (l *Link) nextWish(ctx context.Context, tried map[string]bool) (wish localstore.Wish, ok bool, err error) {
	err = l.store.Read(ctx, func(v *localstore.View) error {
		wishes, err := v.Asked(l.account.ID)
		if err != nil {
			return err
		}
		for _, w := range wishes {
			if !tried[key(w)] && w.Error == "" {
				wish, ok = w, true
				return nil
			}
		}
		return nil
	})
	return wish, ok, err
}

// fail notes why a wish cannot be fulfilled.
func (l *Link) fail(ctx context.Context, w localstore.Wish, why string) error {
	return l.write(ctx, "imap wish failed", func(tx *localstore.Tx) error {
		return tx.FailWish(w.Content, w.Section, why)
	})
}

// fulfil fetches the next piece of what a wish asks for, and tells whether
// nothing more is to be done for it now.
func (l *Link) fulfil(ctx context.Context, w localstore.Wish) (done bool, err error) {
	places, err := l.locations(ctx, w.Content)
	if err != nil {
		return false, err
	}
	if len(places) == 0 {
		return true, l.fail(ctx, w, "The message is not on the server.")
	}
	for n, at := range places {
		done, err = l.fulfilAt(ctx, &item{wish: w, at: at})
		if err != errGone || n == len(places)-1 {
			return done, err
		}
	}
	return done, err
}

// fulfilAt fetches the next piece of what a wish asks for, from one place.
func (l *Link) fulfilAt(ctx context.Context, i *item) (done bool, err error) {
	valid, err := l.openAs(ctx, i.at.rf, false)
	if err != nil || !valid {
		return true, err // Receive binds the folder anew; the wish waits for it
	}
	if err := l.describe(ctx, i); err != nil {
		return false, err
	}
	return l.bring(ctx, i)
}

// describe chooses what to ask for.
func (l *Link) describe(ctx context.Context, i *item) error {
	switch i.wish.Section {
	case localstore.WishWhole:
		i.askWhole()
	case localstore.WishText:
		return l.describeTexts(ctx, []*item{i}, l.wholeLimit())
	default:
		part, err := l.partOf(ctx, i.wish)
		if err != nil {
			return err
		}
		i.askPart(part)
	}
	return l.whatCame(ctx, []*item{i})
}

// bring fetches an item of the open folder: a small one at once, of a large one
// the next piece.
func (l *Link) bring(ctx context.Context, i *item) (done bool, err error) {
	if i.begun || i.bytes() > l.piece {
		if done, err = l.advance(ctx, i, l.piece); err != nil || !done {
			return done, err
		}
		return true, l.storeItems(ctx, []*item{i}, nothing)
	}
	return true, l.bringAll(ctx, []*item{i})
}

// bringAll fetches small items of the open folder at once. The error is that of
// the connection, or else the first that an item met.
func (l *Link) bringAll(ctx context.Context, items []*item) error {
	broken := l.fetchItems(ctx, items)
	if err := l.storeItems(context.WithoutCancel(ctx), came(items), nothing); err != nil {
		return err
	}
	if broken != nil {
		return errors.Join(broken, l.keepCut(ctx, missed(items)))
	}
	for _, i := range items {
		if i.err != nil {
			return l.fault("fetch body", i.err)
		}
	}
	return nil
}

// nothing is done besides.
func nothing(*localstore.Tx) error { return nil }

// came returns the items that are here, missed the others.
func came(items []*item) []*item {
	return slices.DeleteFunc(slices.Clone(items), func(i *item) bool { return i.err != nil })
}

func missed(items []*item) []*item {
	return slices.DeleteFunc(slices.Clone(items), func(i *item) bool { return i.err == nil })
}

// locations finds where the server holds a content: in one folder, or with several
// labels.
func (l *Link) locations(ctx context.Context, id localstore.ContentID) (all []target, err error) {
	err = l.store.Read(ctx, func(v *localstore.View) error {
		all = nil
		messages, err := v.MessagesOf(id)
		if err != nil {
			return err
		}
		for _, m := range messages {
			at, ok, err := l.locateMessage(v, m.ID, m.Size)
			if err != nil {
				return err
			}
			if ok {
				all = append(all, at)
			}
		}
		return nil
	})
	return all, err
}

// locate finds a place on the server that holds a content.
func (l *Link) locate(ctx context.Context, id localstore.ContentID) (at target, ok bool, err error) {
	all, err := l.locations(ctx, id)
	if len(all) == 0 {
		return at, false, err
	}
	return all[0], true, err
}

// locateMessage finds where the server holds a message.
func (l *Link) locateMessage(v *localstore.View, id localstore.MessageID, size int64) (at target, ok bool, err error) {
	return l.locateIn(v, map[localstore.RemoteFolderID]localstore.RemoteFolder{}, id, size)
}

// locateIn is locateMessage with the halves that were read already.
func (l *Link) locateIn(v *localstore.View, halves map[localstore.RemoteFolderID]localstore.RemoteFolder, id localstore.MessageID, size int64) (at target, ok bool, err error) {
	locations, err := v.ImapLocationsOf(id)
	if err != nil {
		return at, false, err
	}
	for _, where := range locations {
		rf, known := halves[where.RemoteFolder]
		if !known {
			if rf, _, err = l.half(v, where.RemoteFolder); err != nil {
				return at, false, err
			}
			halves[where.RemoteFolder] = rf
		}
		if rf.Maildrop == l.maildrop.ID {
			return target{where, rf, size}, true, nil
		}
	}
	return at, false, nil
}

// half returns a folder's server half by its id.
func (l *Link) half(v *localstore.View, id localstore.RemoteFolderID) (rf localstore.RemoteFolder, ok bool, err error) {
	rf, err = v.RemoteFolder(id)
	return rf, err == nil && rf.Maildrop == l.maildrop.ID, err
}

// partOf returns what is known of the part that a wish is about.
func (l *Link) partOf(ctx context.Context, w localstore.Wish) (part localstore.Part, err error) {
	err = l.store.Read(ctx, func(v *localstore.View) error {
		parts, err := v.Parts(w.Content)
		if n := slices.IndexFunc(parts, func(p localstore.Part) bool { return p.Section == w.Section }); n >= 0 {
			part = parts[n]
		}
		return err
	})
	return part, err
}

// errGone is the answer of a server that has the message no more: an OK
// without data (RFC 4549 §4.2.1).
var errGone = &fault.Error{Remedy: fault.Never, Scope: fault.Message, Cause: fault.Missing, Op: "imap fetch", Text: "The message was deleted on the server."}

// stream copies one section of one message into w and returns its length, also
// of what came before an error. A literal that is shorter than announced is
// one: the library ends it without when the connection breaks.
func (l *Link) stream(ctx context.Context, uid uint32, section *imap.FetchItemBodySection, w io.Writer) (n int64, err error) {
	found := false
	var closed error
	// A flight of one: a write that fails inside the library ends a command whose
	// answer is still read.
	broken := l.fly(ctx, "fetch body", func(f *flight) {
		cmd := l.client.Fetch(uidSet([]uint32{uid}), &imap.FetchOptions{UID: true, BodySection: []*imap.FetchItemBodySection{section}})
		f.readers.Go(func() {
			for msg := cmd.Next(); msg != nil; msg = cmd.Next() {
				for item := msg.Next(); item != nil; item = msg.Next() {
					body, ok := asSection(item, section)
					if !ok || found || err != nil {
						continue
					}
					found = true
					if body != nil {
						n, err = l.copyLiteral(w, body)
					}
				}
			}
			closed = cmd.Close()
		})
	})
	switch {
	case broken != nil:
		return n, broken
	case closed != nil:
		return n, l.fault("fetch body", closed)
	case err != nil:
		return n, l.fault("fetch body", err)
	}
	if !found {
		return 0, errGone
	}
	return n, nil
}

// copyLiteral copies a literal and compares its length with the announced one.
// One that is short ends with the connection. The library would read it once
// more to its end, beside its own reader: so that one is let end first.
func (l *Link) copyLiteral(w io.Writer, literal imap.LiteralReader) (int64, error) {
	to := &sink{w: w}
	buffer := copyBuffers.Get().(*[copySize]byte)
	n, err := io.CopyBuffer(to, literal, buffer[:])
	copyBuffers.Put(buffer)
	if n == literal.Size() || to.err != nil {
		return n, err
	}
	<-l.client.Closed()
	if err == nil {
		err = fmt.Errorf("the server announced %d bytes and sent %d", literal.Size(), n)
	}
	return n, err
}

// copyBuffers are the buffers through which literals are copied.
var copyBuffers = sync.Pool{New: func() any { return new([copySize]byte) }}

const copySize = 32 << 10

// sink knows whether writing failed.
type sink struct {
	w   io.Writer
	err error
}

// Write implements io.Writer.
func (s *sink) Write(p []byte) (n int, err error) {
	n, err = s.w.Write(p)
	s.err = err
	return n, err
}

// sectionPath turns "1.2" into numbers.
func sectionPath(section string) []int {
	var path []int
	for _, s := range strings.Split(section, ".") {
		n, err := strconv.Atoi(s)
		if err != nil || n < 1 {
			break
		}
		path = append(path, n)
	}
	return path
}
