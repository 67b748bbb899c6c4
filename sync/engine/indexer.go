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
	indexBytes = 4 << 20   // bytes of text after which a turn takes no more
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
			todo, err = v.Unindexed(indexBatch)
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

func (e *Engine) indexSome(ctx context.Context, todo []localstore.Unindexed) error {
	docs := make([]localstore.Document, 0, len(todo))
	text := 0
	for i, u := range todo {
		if text >= indexBytes {
			todo = todo[:i]
			break
		}
		doc, err := e.document(ctx, u)
		if fault.Of(err) != nil && fault.Of(err).Cause == fault.Missing {
			continue // it went meanwhile
		}
		if err != nil {
			return err
		}
		docs = append(docs, doc)
		text += len(doc.Body)
	}
	if err := e.assignThreads(ctx, todo); err != nil {
		return err
	}
	return e.Store.Index(ctx, docs)
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
	if m.Letter.ReadError != nil {
		e.Log.Warn("body not readable", "message", u.Message, "err", m.Letter.ReadError)
	}
	return doc, nil
}
