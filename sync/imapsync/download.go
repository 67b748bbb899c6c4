package imapsync

import (
	"context"
	"time"

	"github.com/emersion/go-imap/v2"

	"paquebot.app/localstore"
)

// Bounds of how much one command asks for. What a person asks for meanwhile
// waits until it is here, so that slow lines get smaller pieces.
const (
	firstPiece    = 256 << 10
	smallestPiece = 64 << 10
	largestPiece  = 1 << 20
	// Of small mails more is asked for at once, as long as it comes fast.
	fastFlight    = 4 << 20 // at first, at most
	largestFlight = 128 << 20
	flightTime    = 3 * time.Second
)

// firstFlight is what comes in a second, by what this link has seen.
func (l *Link) firstFlight() int64 {
	took := l.now().Sub(l.opened.at)
	if took < time.Millisecond {
		return firstPiece
	}
	return min(max(l.conn.Stats().Down*int64(time.Second/time.Millisecond)/took.Milliseconds(), firstPiece), fastFlight)
}

// paced learns from how long a piece took how large the next one may be.
func (l *Link) paced(bytes int64, took time.Duration) {
	some := bytes >= l.piece/2
	switch {
	case took > 4*time.Second:
		l.piece = max(l.piece/2, smallestPiece)
	case took < time.Second && some:
		l.piece = min(2*l.piece, largestPiece)
	}
	if l.flight == 0 {
		return
	}
	next := 4 * l.flight
	if took > 0 {
		next = min(next, int64(float64(bytes)*flightTime.Seconds()/took.Seconds()))
	}
	switch {
	case bytes >= l.flight/2 || took > flightTime:
	case some: // of a fast line it tells little: most of it was the turn itself
		next = max(next, l.flight)
	default:
		return
	}
	l.flight = min(max(next, smallestPiece), largestFlight)
}

// download is a section that comes piece by piece.
type download struct {
	localstore.Begun // its Blob is 0 while nothing of it is on disk
	to               *localstore.BlobWriter
}

// advance brings the next piece of an item of the open folder, of at most so
// many bytes, and tells whether all of it is here now. What came is kept, also
// of a piece that was cut.
func (l *Link) advance(ctx context.Context, i *item, most int64) (done bool, err error) {
	for _, s := range i.sections {
		if s.blob != 0 {
			continue
		}
		if err := l.step(ctx, i, s, most); err != nil || s.blob == 0 || i.came() {
			return i.came(), err
		}
		return false, l.write(ctx, "imap part of a text", func(tx *localstore.Tx) error {
			return tx.SetSomeText(i.wish.Content, i.stored())
		})
	}
	return true, nil
}

// step brings the next piece of a section.
func (l *Link) step(ctx context.Context, i *item, s *section, most int64) error {
	release, err := l.store.HoldBody(ctx, i.wish.Content)
	if err != nil {
		return l.fault("fetch body", err)
	}
	defer release()
	d, err := l.resume(ctx, i, s)
	if err != nil || s.blob != 0 {
		return err
	}
	l.under = nil
	if l.atOnce[d.Content] {
		d.to, d.Blob = l.store.NewBlob(ctx), 0
	}
	section := &imap.FetchItemBodySection{Part: sectionPath(s.name), Peek: true}
	if begun := d.to.Offset(); !l.atOnce[d.Content] && (begun > 0 || s.wire > most) {
		section.Partial = &imap.SectionPartial{Offset: begun, Size: most}
		if d.Blob == 0 { // so that a crash, too, loses less than a piece
			if err := l.keep(ctx, d); err != nil {
				return err
			}
		}
		l.expectLiteral(most)
	} else {
		l.expectLiteral(s.wire)
	}
	began := l.now()
	n, broken := l.stream(ctx, i.at.UID, section, d.to)
	l.paced(n, l.now().Sub(began))
	if broken == nil && section.Partial != nil && n == 0 && d.to.Offset() < s.sure-s.sure/50 {
		// It ends long before its size: a server that does not understand
		// pieces would cut the mail short.
		l.atOnce[d.Content] = true
		return l.write(ctx, "imap body anew", func(tx *localstore.Tx) error { return tx.ForgetBegun(d.Content, d.Section) })
	}
	if broken == nil && (section.Partial == nil || n == 0 || n < most && d.to.Offset() >= s.sure) {
		blobs, err := l.store.CompleteBlobs(ctx, d.to)
		if err == nil {
			s.blob = blobs[0].ID
		}
		return err
	}
	if i.moved = i.moved || n > 0; n > 0 {
		if err := l.keep(context.WithoutCancel(ctx), d); err != nil {
			return err
		}
	}
	if broken == nil {
		l.under = d
		l.options.Progress(int(d.to.Offset()), int(s.wire), d.to.Offset())
	}
	return broken
}

// resume returns the download of a section: the one that was begun for this
// very message, or a new one. Where it had come to its end and the program
// ended before that was written down, s.blob is it.
func (l *Link) resume(ctx context.Context, i *item, s *section) (*download, error) {
	d := &download{Begun: localstore.Begun{Content: i.wish.Content, Section: s.name, At: i.begunAt(s)}}
	var (
		before localstore.Begun
		begun  bool
	)
	err := l.store.Read(ctx, func(v *localstore.View) (err error) {
		before, begun, err = v.Begun(d.Content, d.Section)
		return err
	})
	if err != nil {
		return nil, err
	}
	if begun && before.At == d.At {
		if u := l.under; u != nil && u.Begun == before && u.to.Latest(ctx) {
			return u, nil
		}
		if done, err := l.store.OpenBlob(ctx, before.Blob); err == nil {
			s.blob = before.Blob
			return d, done.Close()
		}
		if d.to, err = l.store.ResumeBlob(ctx, before.Blob); err == nil {
			d.Begun = before
			return d, nil
		}
	}
	d.to = l.store.NewBlob(ctx)
	return d, nil
}

// keep makes what has come of a section durable.
func (l *Link) keep(ctx context.Context, d *download) error {
	id, err := d.to.Flush(ctx)
	if err != nil || id == d.Blob {
		return err
	}
	d.Blob = id
	return l.write(ctx, "imap body begun", func(tx *localstore.Tx) error { return tx.SetBegun(d.Begun) })
}

// expectLiteral bounds the literal in the answer to the next FETCH: servers
// are not exact about sizes, but not that far off.
func (l *Link) expectLiteral(about int64) { l.conn.ExpectLiteral(2*about + 1<<20) }

// keepCut keeps what came of items when the connection broke.
func (l *Link) keepCut(ctx context.Context, items []*item) error {
	ctx = context.WithoutCancel(ctx)
	for _, i := range items {
		some := false
		for _, s := range i.sections {
			if s.got == nil || s.got.Offset() == 0 {
				continue
			}
			i.moved = true
			if !s.full {
				d := &download{Begun: localstore.Begun{Content: i.wish.Content, Section: s.name, At: i.begunAt(s)}, to: s.got}
				if err := l.keep(ctx, d); err != nil {
					return err
				}
				continue
			}
			blobs, err := l.store.CompleteBlobs(ctx, s.got)
			if err != nil {
				return err
			}
			s.blob, some = blobs[0].ID, true
		}
		if !some {
			continue
		}
		err := l.write(ctx, "imap part of a text", func(tx *localstore.Tx) error {
			return tx.SetSomeText(i.wish.Content, i.stored())
		})
		if err != nil {
			return err
		}
	}
	return nil
}
