package engine

import (
	"context"

	"paquebot.app/internal/content"
	"paquebot.app/internal/fault"
	"paquebot.app/localstore"
)

// Sizes of the indexer.
const (
	indexBatch = 200       // messages in one turn; between turns others write
	indexBytes = 2 << 20   // bytes of text after which a turn takes no more
	indexText  = 256 << 10 // bytes of text of one mail
)

// index makes what arrives searchable until ctx ends.
func (e *Engine) index(ctx context.Context) {
	watch := e.Store.Watch(localstore.TopicMessages, localstore.TopicBodies)
	defer watch.Close()
	for {
		if err := e.IndexAll(ctx); err != nil && ctx.Err() == nil {
			e.Log.Error("not indexed", "err", err)
		}
		select {
		case <-watch.Ready():
			watch.Take()
		case <-e.indexed:
		case <-ctx.Done():
			return
		}
	}
}

// IndexAll makes everything searchable that is not yet: it gives each mail its
// conversation, its first words and its place in the index.
func (e *Engine) IndexAll(ctx context.Context) error {
	for {
		var todo []localstore.Unindexed
		err := e.Store.Read(ctx, func(v *localstore.View) (err error) {
			todo, err = v.Unindexed(2 * indexBatch)
			return err
		})
		if err != nil || len(todo) == 0 {
			return err
		}
		if err := e.indexSome(ctx, todo); err != nil {
			return err
		}
	}
}

// reading is what the indexer has read to write at once.
type reading struct {
	of   []localstore.Unindexed
	docs []localstore.Document
	err  error // what reading them failed with
}

// indexSome reads mails for one turn while those of another are written.
func (e *Engine) indexSome(ctx context.Context, todo []localstore.Unindexed) error {
	ctx, cancel := context.WithCancel(ctx)
	turns := make(chan reading)
	go func() {
		defer close(turns)
		for len(todo) > 0 && ctx.Err() == nil {
			t := e.documents(ctx, todo)
			todo = todo[len(t.of):]
			select {
			case turns <- t:
			case <-ctx.Done():
			}
		}
	}()
	defer func() {
		cancel()
		for range turns { // until nobody reads any more
		}
	}()
	for t := range turns {
		if t.err != nil {
			return t.err
		}
		if err := e.assignThreads(ctx, t.of); err != nil {
			return err
		}
		if err := e.Store.Index(ctx, t.docs); err != nil {
			return err
		}
	}
	return ctx.Err()
}

// documents reads the first mails of todo, as many as one turn takes.
func (e *Engine) documents(ctx context.Context, todo []localstore.Unindexed) reading {
	t := reading{of: todo[:min(len(todo), indexBatch)]}
	text := 0
	for i, u := range t.of {
		if text >= indexBytes {
			t.of = t.of[:i]
			break
		}
		doc, err := e.document(ctx, u)
		if f := fault.Of(err); f != nil && f.Cause == fault.Missing {
			continue // it went meanwhile
		}
		if err != nil {
			t.err = err
			break
		}
		t.docs = append(t.docs, doc)
		text += len(doc.Body)
	}
	return t
}

// assignThreads gives mails their conversations, in as many turns as it takes.
func (e *Engine) assignThreads(ctx context.Context, todo []localstore.Unindexed) error {
	for len(todo) > 0 {
		err := e.Store.Write(ctx, "threads", func(tx *localstore.Tx) error {
			for len(todo) > 0 {
				done, err := tx.AssignThread(todo[0].Content)
				if err != nil || !done {
					return err
				}
				todo = todo[1:]
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// document reads what the index is to hold of a message. A body that cannot
// be read is indexed by its headers alone: verify tells of it.
func (e *Engine) document(ctx context.Context, u localstore.Unindexed) (localstore.Document, error) {
	doc := localstore.Document{Message: u.Message, Ord: u.Ord, Level: 1}
	m, err := content.Open(ctx, e.Store, u.Message)
	if err != nil {
		return doc, err
	}
	defer m.Close()
	doc.Subject, doc.Sender, doc.Recipients = m.Subject, m.Sender, m.Recipients+" "+m.Cc
	for _, p := range m.Stored {
		doc.Names += " " + p.Name
	}
	if !m.Readable() {
		return doc, nil
	}
	doc.Level, doc.Body = 2, m.Letter.SearchText(indexText)
	if err := e.noteDelivery(ctx, m); err != nil {
		return doc, err
	}
	if m.Letter.ReadError != nil {
		e.Log.Warn("body not readable", "message", u.Message, "err", m.Letter.ReadError)
	}
	return doc, nil
}
