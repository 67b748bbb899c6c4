package localstore

import (
	"cmp"
	"context"
	"slices"
	"strconv"
)

var (
	unindexed = onMail(`SELECT m.id, m.content_id, m.ord, m.indexed, c.body_state, c.blob_id
		FROM messages m JOIN contents c ON c.id = m.content_id
		WHERE m.indexed = 0 AND m.state <> 'deleted' AND NOT EXISTS (SELECT 1 FROM folders f JOIN accounts a ON a.id = f.account_id
			WHERE f.id = m.folder_id AND NOT` + notRemoving + `) ORDER BY m.ord DESC LIMIT ?`)
	// A body that came while its headers were indexed is still to be indexed.
	markIndexed = onMail(`UPDATE messages SET indexed = ?1 WHERE id = ?2 AND ord = ?3
		AND (?1 = 2 OR (SELECT body_state FROM contents WHERE id = messages.content_id) = 0)`)
	withoutMessage = onMail(`SELECT j.value FROM json_each(?) j WHERE NOT EXISTS (SELECT 1 FROM messages WHERE ord = j.value)`)

	unindex    = onIndex(`DELETE FROM search WHERE rowid = ?`)
	index      = onIndex(`INSERT INTO search (rowid, subject, sender, recipients, body, names) VALUES (?, ?, ?, ?, ?, ?)`)
	indexedOrd = onIndex(`SELECT id FROM search_docsize WHERE id > ? ORDER BY id LIMIT ?`)
)

// Document is what the index holds of a message. The store folds the text
// (case, diacritics, CJK) in the one way that queries are folded too.
type Document struct {
	Message    MessageID
	Ord        Ord
	Level      int // 1 headers, 2 with the text
	Subject    string
	Sender     string
	Recipients string
	Body       string
	Names      string // of attachments
}

// Unindexed is a message whose text the index lacks.
type Unindexed struct {
	Message MessageID
	Content ContentID
	Ord     Ord
	Indexed int // what it holds now
	Body    BodyState
	Blob    BlobID
}

// Unindexed returns up to limit messages of which the index could hold more
// than it does: newest first. Each stays until Index was given a document for
// it: of Level 2 where Body is not BodyNone, even if no text could be read.
func (v *View) Unindexed(limit int) ([]Unindexed, error) {
	return collect(v.session, unindexed, func(r scanner) (u Unindexed, err error) {
		err = r.Scan(&u.Message, &u.Content, &u.Ord, &u.Indexed, &u.Body, &u.Blob)
		return u, err
	}, limit)
}

// Index puts documents into the index and then marks their messages. It folds
// the text and makes one commit in each file: batches of some hundred cost the
// least. Documents of messages that are gone do no harm.
func (s *Store) Index(ctx context.Context, docs []Document) error {
	if len(docs) == 0 {
		return nil
	}
	// FTS5 flushes whenever a rowid is not above the last one.
	docs = slices.Clone(docs)
	slices.SortFunc(docs, func(a, b Document) int { return cmp.Compare(a.Ord, b.Ord) })
	s.resettingIndex.Lock()
	err := s.indexDurably(ctx, docs)
	s.resettingIndex.Unlock()
	return s.mendIndex(ctx, err)
}

func (s *Store) indexDurably(ctx context.Context, docs []Document) error {
	// What mail.db calls indexed must survive a loss of power in search.db
	// too, or it would be missing in the index for ever.
	if err := s.syncIndex(ctx); err != nil {
		return err
	}
	err := s.writeIndex(ctx, func(in *session) error {
		seen := map[string]struct{}{}
		for _, d := range docs {
			if err := in.do(unindex, d.Ord); err != nil {
				return err
			}
			err := in.do(index, d.Ord, foldText(d.Subject, seen), foldText(d.Sender, seen),
				foldText(d.Recipients, seen), foldText(d.Body, seen), foldText(d.Names, seen))
			if err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	return s.Write(ctx, "mark indexed", func(tx *Tx) error {
		for _, d := range docs {
			if err := tx.do(markIndexed, min(max(d.Level, 1), 2), d.Message, d.Ord); err != nil {
				return err
			}
		}
		tx.note(Change{Topic: TopicSearch, Kind: Changed})
		return nil
	})
}

// syncIndex makes commits of the index durable.
func (s *Store) syncIndex(ctx context.Context) error {
	c, err := s.indexWriter.take(ctx)
	if err != nil {
		return err
	}
	defer s.indexWriter.give(c)
	return diskFault("index", c.run(ctx, "PRAGMA synchronous=FULL"))
}

// sweepBatch is how many rows of the index SweepIndex looks at in one turn.
const sweepBatch = 1000

// SweepIndex takes the words of messages that are gone out of the index. Only
// the holder of Lock calls it, when idle.
func (s *Store) SweepIndex(ctx context.Context) (removed int, err error) {
	for last := Ord(-1 << 62); ; {
		var ords, gone []Ord
		err := s.writeIndex(ctx, func(in *session) (err error) {
			ords, err = collect(in, indexedOrd, scanID[Ord], last, sweepBatch)
			return err
		})
		if err != nil || len(ords) == 0 {
			return removed, s.mendIndex(ctx, err)
		}
		last = ords[len(ords)-1]
		err = s.Read(ctx, func(v *View) (err error) {
			gone, err = collect(v.session, withoutMessage, scanID[Ord], jsonList(ords))
			return err
		})
		if err != nil {
			return removed, err
		}
		if len(gone) == 0 {
			continue
		}
		err = s.writeIndex(ctx, func(in *session) error {
			for _, ord := range gone {
				if err := in.do(unindex, ord); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return removed, s.mendIndex(ctx, err)
		}
		removed += len(gone)
	}
}

// jsonList is how a list of ids becomes one argument, for json_each.
func jsonList[T ~int64](ids []T) string {
	out := []byte{'['}
	for i, id := range ids {
		if i > 0 {
			out = append(out, ',')
		}
		out = strconv.AppendInt(out, int64(id), 10)
	}
	return string(append(out, ']'))
}
