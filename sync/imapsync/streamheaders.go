package imapsync

import "context"

// streamHeld is how many bytes of headers are held while their command goes on.
const streamHeld = 4 << 20

// streamed is a header that came, or the end of the command it was asked by.
type streamed struct {
	batch int
	header
	ended bool
	err   error
}

// streamHeaders asks for the headers of batches of messages of the open folder,
// a command for each, in one flight. store is called with each batch when its
// command has ended, or earlier with part of it when much is held. Whatever
// comes is taken in the order in which it comes: nothing waits for a certain
// answer, so that no server can bring it to a stop by answering in another
// order. While store runs the server is not listened to.
//
// When the connection breaks, the batches that had come whole are stored before
// the error is returned. Of one that was cut the oldest may have come, and would
// come before newer ones of the same second: it is left, unless it is all that
// this flight brought. left are the UIDs that were not answered.
func (l *Link) streamHeaders(ctx context.Context, batches [][]uint32, store func([]header) error) (left []uint32, err error) {
	asked := make([]map[uint32]bool, len(batches))
	for i, uids := range batches {
		asked[i] = make(map[uint32]bool, len(uids))
		for _, uid := range uids {
			asked[i][uid] = true
		}
	}
	stream := make(chan streamed, 64)
	flown := make(chan error, 1)
	go func() {
		flown <- l.fly(ctx, "fetch headers", func(f *flight) {
			for i, uids := range batches {
				f.fetchHeaders(uidSet(uids),
					func(h header) { stream <- streamed{batch: i, header: h} },
					func(err error) { stream <- streamed{batch: i, ended: true, err: err} })
			}
		})
		close(stream)
	}()
	var (
		held   = make([][]header, len(batches))
		bytes  int
		first  error // the server's
		failed error // the store's
		stored bool
	)
	keep := func(i int) {
		if got := held[i]; len(got) > 0 && failed == nil {
			stored = true
			if failed = store(got); failed != nil {
				l.Close() // nothing more of it is wanted
			}
		}
		for _, h := range held[i] {
			bytes -= len(h.fields)
		}
		held[i] = nil
	}
	for s := range stream {
		switch {
		case !s.ended:
			if !asked[s.batch][s.uid] {
				continue // a second answer for one UID is not listened to
			}
			delete(asked[s.batch], s.uid)
			held[s.batch] = append(held[s.batch], s.header)
			if bytes += len(s.fields); bytes > streamHeld {
				for i := range held {
					keep(i)
				}
			}
		case s.err != nil && !damaged(s.err):
			if first == nil {
				first = l.fault("fetch headers", s.err)
			}
			if refusal(s.err) != nil {
				keep(s.batch)
			}
		default:
			keep(s.batch)
		}
	}
	for i := range held {
		if !stored {
			keep(i)
		}
	}
	err = <-flown
	switch {
	case failed != nil:
		return nil, failed
	case err != nil:
		return nil, err
	case first != nil:
		return nil, first
	}
	for i, uids := range batches {
		for _, uid := range uids {
			if asked[i][uid] {
				left = append(left, uid)
			}
		}
	}
	return left, nil
}
