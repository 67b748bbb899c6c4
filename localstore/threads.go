package localstore

import (
	"slices"
	"strings"
)

var (
	threadOf      = onMail(`SELECT account_id, header_id, refs, thread_id FROM contents WHERE id = ?`)
	threadByID    = onMail(`SELECT thread_id FROM thread_ids WHERE account_id = ? AND header_id = ?`)
	setThread     = onMail(`UPDATE contents SET thread_id = ? WHERE id = ?`)
	putThreadID   = onMail(`INSERT INTO thread_ids (account_id, header_id, thread_id) VALUES (?, ?, ?) ON CONFLICT (account_id, header_id) DO UPDATE SET thread_id = excluded.thread_id`)
	relabelID     = onMail(`UPDATE thread_ids SET thread_id = ? WHERE account_id = ? AND header_id = ? AND thread_id = ?`)
	threadSize    = onMail(`SELECT count(*) FROM contents WHERE thread_id = ?`)
	threadMembers = onMail(`SELECT id, account_id, header_id, refs, thread_id FROM contents WHERE thread_id = ? LIMIT ?`)
)

const (
	// relabelTurn is how many contents a merge of conversations takes along in
	// one transaction.
	relabelTurn = 200
	// maxThreadID is the longest Message-ID that joins conversations: a line
	// of a header (RFC 5322 §2.1.1).
	maxThreadID = 998
)

// threaded is what places a content in a conversation.
type threaded struct {
	id      ContentID
	account AccountID
	ids     []string // its Message-ID and those it refers to
	thread  ThreadID
}

func threadedOf(id ContentID, account AccountID, headerID, refs string, thread ThreadID) threaded {
	t := threaded{id: id, account: account, thread: thread}
	for _, h := range append([]string{headerID}, strings.Fields(refs)...) {
		if h != "" && len(h) <= maxThreadID && !slices.Contains(t.ids, h) {
			t.ids = append(t.ids, h)
		}
	}
	return t
}

// AssignThread gives a content its conversation by its Message-ID and
// References. Where it joins several, all become the largest of them, 200 rows
// a turn; done is false while more turns are needed.
func (tx *Tx) AssignThread(id ContentID) (done bool, err error) {
	var account AccountID
	var headerID, refs string
	var thread ThreadID
	found, err := tx.one(threadOf, []any{&account, &headerID, &refs, &thread}, id)
	if err != nil || !found {
		return true, err
	}
	t := threadedOf(id, account, headerID, refs, thread)
	joined, err := tx.joins(t)
	if err != nil {
		return false, err
	}
	target, err := tx.largest(joined, ThreadID(id))
	if err != nil {
		return false, err
	}
	// Until all others have come over, the ids of this content go on naming
	// them: that is how the next turn knows what is left.
	left := relabelTurn
	for _, other := range joined {
		if other == target {
			continue
		}
		n, err := tx.relabel(other, target, t.ids, left)
		if err != nil {
			return false, err
		}
		if left -= n; left <= 0 {
			return false, nil
		}
	}
	return true, tx.enter(t, target)
}

// joins returns the conversations that a content belongs to by its ids.
func (tx *Tx) joins(t threaded) ([]ThreadID, error) {
	var all []ThreadID
	add := func(thread ThreadID) {
		if thread != 0 && !slices.Contains(all, thread) {
			all = append(all, thread)
		}
	}
	add(t.thread)
	for _, h := range t.ids {
		n, err := tx.number(threadByID, t.account, h)
		if err != nil {
			return nil, err
		}
		add(ThreadID(n))
	}
	return all, nil
}

// largest returns the conversation with most contents, the older of two that
// are equal; fresh when there is none.
func (tx *Tx) largest(of []ThreadID, fresh ThreadID) (ThreadID, error) {
	switch len(of) {
	case 0:
		return fresh, nil
	case 1:
		return of[0], nil
	}
	best, most := ThreadID(0), int64(-1)
	for _, thread := range of {
		n, err := tx.number(threadSize, thread)
		if err != nil {
			return 0, err
		}
		if n > most || n == most && thread < best {
			best, most = thread, n
		}
	}
	return best, nil
}

// relabel moves up to limit contents of a conversation, with their ids but for
// those in keep, to another and returns how many.
func (tx *Tx) relabel(from, to ThreadID, keep []string, limit int) (int, error) {
	members, err := collect(tx.session, threadMembers, func(r scanner) (t threaded, err error) {
		var headerID, refs string
		err = r.Scan(&t.id, &t.account, &headerID, &refs, &t.thread)
		return threadedOf(t.id, t.account, headerID, refs, t.thread), err
	}, from, limit)
	if err != nil {
		return 0, err
	}
	for _, m := range members {
		for _, h := range m.ids {
			if slices.Contains(keep, h) {
				continue
			}
			if err := tx.do(relabelID, to, m.account, h, from); err != nil {
				return 0, err
			}
		}
		if err := tx.do(setThread, to, m.id); err != nil {
			return 0, err
		}
		if err := tx.noteShown(m.id); err != nil {
			return 0, err
		}
	}
	return len(members), nil
}

// enter puts a content into its conversation, with all its ids.
func (tx *Tx) enter(t threaded, thread ThreadID) error {
	for _, h := range t.ids {
		n, err := tx.number(threadByID, t.account, h)
		if err != nil {
			return err
		}
		if ThreadID(n) == thread {
			continue
		}
		if err := tx.do(putThreadID, t.account, h, thread); err != nil {
			return err
		}
	}
	if t.thread == thread {
		return nil
	}
	if err := tx.do(setThread, thread, t.id); err != nil {
		return err
	}
	return tx.noteShown(t.id)
}
