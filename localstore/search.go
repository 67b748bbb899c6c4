package localstore

import (
	"context"
	"strings"
)

// Found is the answer to a search.
type Found struct {
	Messages      []MessageID // newest first
	Total         int         // how many there are; with More at least so many
	More          bool        // the search ended before all had been seen
	Searched      int         // messages of the profile whose text the index holds
	NotSearchable int         // messages of which only headers could be searched, at most
}

// Candidates are looked at in batches, each on a snapshot of its own: few at
// first, because the newest are often enough.
const (
	firstBatch = 128
	nextBatch  = 1024
	// counted is how many candidates are looked at to know the total when
	// there are messages enough to show.
	counted = 500
	// maxTexts is how many texts are read to check phrases.
	maxTexts = 200
)

// Search returns up to limit messages, newest first (limit 0: all). A message
// is found where all that q asks for is true of it; a query that asks for
// nothing finds everything. Of several copies of one mail in a folder the
// newest is found. Held messages are found, deleted ones are not. No query is
// an error; a damaged index is made anew and searched as far as it is.
func (s *Store) Search(ctx context.Context, q Query, limit int) (Found, error) {
	f, err := s.search(ctx, q, limit)
	if isDamage(err) && !s.readOnly {
		if err := s.mendIndex(ctx, err); !isDamage(err) {
			return Found{}, err
		}
		f, err = s.search(ctx, q, limit)
	}
	return f, err
}

func (s *Store) search(ctx context.Context, q Query, limit int) (Found, error) {
	in := searching{s: s, q: q, want: q.want(), limit: limit, below: maxOrd, seen: map[copyOf]bool{}}
	if !q.Before.IsZero() {
		in.below = min(in.below, firstOrd(q.Before))
	}
	if !q.After.IsZero() {
		in.from = firstOrd(q.After)
	}
	err := in.read(ctx, func(v *View) (err error) {
		if in.folders, err = v.searchedFolders(q); err != nil {
			return err
		}
		if err = in.plan(v); err != nil {
			return err
		}
		in.found.Searched, in.found.NotSearchable, err = v.searchable()
		return err
	})
	for size := firstBatch; err == nil && !in.done; {
		err = in.batch(ctx, size)
		if !in.each {
			size = nextBatch
		}
	}
	in.found.Total = in.total
	return in.found, err
}

// searching is a search that goes on.
type searching struct {
	s       *Store
	q       Query
	want    wanted
	limit   int
	query   *query // finds the candidates
	each    bool   // it looks each of them up in the index of words
	folders string // JSON list of ids; "" all
	below   Ord    // all from here up has been looked at
	from    Ord
	looked  int
	texts   int
	total   int
	done    bool
	seen    map[copyOf]bool
	found   Found
}

// copyOf is what is shown once.
type copyOf struct {
	folder  FolderID
	content ContentID
}

// candidate is a message in which the words occur.
type candidate struct {
	ord     Ord
	message MessageID
	copyOf
}

// read is Store.Read, with the index where there are words.
func (in *searching) read(ctx context.Context, f func(*View) error) error {
	if in.want.match != "" {
		return in.s.readIndexed(ctx, f)
	}
	return in.s.Read(ctx, f)
}

// batch looks at the next candidates.
func (in *searching) batch(ctx context.Context, size int) error {
	var batch []candidate
	var fields map[ContentID]fields
	err := in.read(ctx, func(v *View) (err error) {
		if batch, err = in.candidates(v, size); err != nil || !in.checks() {
			return err
		}
		fields, err = v.fieldsOf(batch)
		return err
	})
	if err != nil {
		return err
	}
	in.looked += len(batch)
	in.done = len(batch) < size
	for _, c := range batch {
		in.below = c.ord
		if in.seen[c.copyOf] {
			continue
		}
		if in.full() && in.checks() { // looking into mails only to count costs too much
			in.done, in.found.More = true, true
			return nil
		}
		ok, enough, err := in.stands(ctx, c, fields[c.content])
		if err != nil {
			return err
		}
		if enough {
			in.done, in.found.More = true, true
			return nil
		}
		if !ok {
			continue
		}
		in.seen[c.copyOf] = true
		in.total++
		if in.limit == 0 || len(in.found.Messages) < in.limit {
			in.found.Messages = append(in.found.Messages, c.message)
		}
	}
	if !in.done && in.full() && (in.each || in.looked >= counted) {
		in.done, in.found.More = true, true
	}
	return ctx.Err()
}

// checks tells whether a message is not found by the index alone.
func (in *searching) checks() bool {
	return len(in.want.exact) > 0 || len(in.want.phrases) > 0 && in.q.Text != nil
}

func (in *searching) full() bool { return in.limit > 0 && len(in.found.Messages) >= in.limit }

// stands tells whether the runs of words that q asks for stand in a mail.
// enough says that no more texts are read for that.
func (in *searching) stands(ctx context.Context, c candidate, f fields) (ok, enough bool, err error) {
	for _, e := range in.want.exact {
		if !strings.Contains(flat(f.column(e.column)), e.flat) {
			return false, false, nil
		}
	}
	if in.q.Text == nil {
		return true, false, nil
	}
	var missing []string
	for _, p := range in.want.phrases {
		if !f.contain(p) {
			missing = append(missing, p)
		}
	}
	if len(missing) == 0 {
		return true, false, nil
	}
	if in.limit > 0 && in.texts == maxTexts {
		return false, true, nil
	}
	in.texts++
	text, readable, err := in.text(ctx, c.message)
	if err != nil || !readable {
		return true, false, err
	}
	text = flat(text)
	for _, p := range missing {
		if !strings.Contains(text, p) {
			return false, false, nil
		}
	}
	return true, false, nil
}

// text reads the text of a message by Query.Text.
func (in *searching) text(ctx context.Context, id MessageID) (text string, readable bool, err error) {
	var found []Message
	err = in.s.Read(ctx, func(v *View) (err error) {
		found, err = v.Messages([]MessageID{id})
		return err
	})
	if err != nil || len(found) == 0 {
		return "", false, err
	}
	text, err = in.q.Text(found[0])
	return text, err == nil, ctx.Err()
}
