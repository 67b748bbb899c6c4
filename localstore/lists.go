package localstore

import (
	"cmp"
	"slices"
	"strings"
)

// List says which messages a list shows: those of a folder in state Shown,
// and of these only what the filters leave.
type List struct {
	Folder      FolderID
	Unread      bool
	Flagged     bool
	Attachments bool
	OnlyHere    bool // on this computer only, of an account that is kept by IMAP
}

// listQueries are the queries of one combination of filters.
type listQueries struct{ page, count *query }

// lists has the queries of every combination. The partial index of the first
// filter that has one is read from the place asked for.
var lists = func() map[List]listQueries {
	all := map[List]listQueries{}
	for bits := range 16 {
		l := List{Unread: bits&1 != 0, Flagged: bits&2 != 0, Attachments: bits&4 != 0, OnlyHere: bits&8 != 0}
		from, where := l.parts()
		all[l] = listQueries{
			page:  onMail(`SELECT m.id, m.ord ` + from + where + ` AND m.ord < ? ORDER BY m.ord DESC LIMIT ?`),
			count: onMail(`SELECT count(*) ` + from + where),
		}
	}
	return all
}()

// parts returns the FROM and the WHERE of a list.
func (l List) parts() (from, where string) {
	index := "messages_list"
	conditions := []string{"m.folder_id = " + shownFolder, "m.state = 'shown'"}
	if l.Unread {
		index = "messages_unread"
		conditions = append(conditions, "m.flags & 1 = 0")
	}
	if l.Flagged {
		index = "messages_flagged"
		conditions = append(conditions, "m.flags & 4 <> 0")
	}
	from = "FROM messages m INDEXED BY " + index + " "
	if l.Attachments {
		from += "CROSS JOIN contents c ON c.id = m.content_id "
		conditions = append(conditions, "c.attachments > 0")
	}
	if l.OnlyHere {
		conditions = append(conditions, "NOT "+imapLocated)
	}
	return from, "WHERE " + strings.Join(conditions, " AND ")
}

func (l List) queries() listQueries {
	l.Folder = 0
	return lists[l]
}

// top is above every Ord.
const top = Ord(1<<63 - 1)

// spot is a message and its place.
type spot struct {
	id  MessageID
	ord Ord
}

func scanSpot(r scanner) (spot, error) {
	var id, ord int64
	err := r.Scan(&id, &ord)
	return spot{MessageID(id), Ord(ord)}, err
}

// MessageIDs returns up to limit ids of a list, newest first, below before
// (0: from the top). It costs the same wherever in the list it reads. last is
// the place of the last one, before for the next page.
func (v *View) MessageIDs(l List, before Ord, limit int) (ids []MessageID, last Ord, err error) {
	if before == 0 {
		before = top
	}
	spots, err := collect(v.session, l.queries().page, scanSpot, l.Folder, before, limit)
	if err != nil || len(spots) == 0 {
		return nil, 0, err
	}
	ids = make([]MessageID, len(spots))
	for i, s := range spots {
		ids[i] = s.id
	}
	return ids, spots[len(spots)-1].ord, nil
}

// Count returns how many messages a list has. Without filters, and with Unread
// alone, it costs nothing.
func (v *View) Count(l List) (int, error) {
	if !l.Flagged && !l.Attachments && !l.OnlyHere {
		f, err := v.Folder(l.Folder)
		if l.Unread {
			return f.Unread, err
		}
		return f.Total, err
	}
	n, err := v.number(l.queries().count, l.Folder)
	return int(n), err
}

var hereAndThere = onMail(`SELECT a.mode = 'imap', coalesce((SELECT count(*) FROM maildrops d
		CROSS JOIN remote_folders r ON r.maildrop_id = d.id AND r.folder_id = f.id
		CROSS JOIN imap_locations l ON l.remote_folder_id = r.id AND l.uidvalidity = r.uidvalidity AND l.gone_at = 0
		WHERE d.account_id = a.id AND d.protocol = 'imap' AND d.closed_at = 0), 0)
	FROM folders f CROSS JOIN accounts a ON a.id = f.account_id WHERE f.id = ?`)

// HasOnlyHere tells whether a folder of an account that is kept by IMAP seems to
// have mail that is on this computer only. It compares counts, which is quick and
// may overlook what is on its way.
func (v *View) HasOnlyHere(folder FolderID) (bool, error) {
	f, err := v.Folder(folder)
	if err != nil || f.Role == RoleOutbox || f.Role == RoleDrafts {
		return false, err
	}
	var imap bool
	var located int
	if _, err := v.one(hereAndThere, []any{&imap, &located}, folder); err != nil {
		return false, err
	}
	return imap && f.Total > located, nil
}

// ThreadRow is a conversation as a list shows it.
type ThreadRow struct {
	Thread ThreadID
	Last   MessageID // its newest message in the folder
	Count  int
	Unread int
	Ord    Ord
}

var (
	threadRows = onMail(`SELECT t.thread_id, m.id, t.count, t.unread, t.last_ord
		FROM folder_threads t CROSS JOIN messages m ON m.ord = t.last_ord
		WHERE t.folder_id = ` + shownFolder + ` AND t.last_ord < ? ORDER BY t.last_ord DESC LIMIT ?`)
	// Of a content's messages the one in the folder where people look first.
	threadMessages = onMail(`SELECT m.content_id, m.id, m.ord FROM contents c
		CROSS JOIN messages m ON m.content_id = c.id CROSS JOIN folders f ON f.id = m.folder_id
		WHERE c.thread_id = ? AND c.account_id = ? AND m.state = 'shown'
		ORDER BY m.content_id, f.role IN ('all', 'trash', 'junk'), m.ord`)
)

// Threads returns up to limit conversations of a folder, newest first, below
// before (0: from the top).
func (v *View) Threads(folder FolderID, before Ord, limit int) ([]ThreadRow, error) {
	if before == 0 {
		before = top
	}
	return collect(v.session, threadRows, func(r scanner) (t ThreadRow, err error) {
		err = r.Scan(&t.Thread, &t.Last, &t.Count, &t.Unread, &t.Ord)
		return t, err
	}, folder, before, limit)
}

// ThreadMessages returns the messages of a conversation in an account, oldest
// first, each content once.
func (v *View) ThreadMessages(account AccountID, thread ThreadID) ([]MessageID, error) {
	if thread == 0 {
		return nil, nil
	}
	last := ContentID(0)
	spots, err := collect(v.session, threadMessages, func(r scanner) (s spot, err error) {
		var content ContentID
		err = r.Scan(&content, &s.id, &s.ord)
		if content == last {
			s.id = 0 // another copy
		}
		last = content
		return s, err
	}, thread, account)
	spots = slices.DeleteFunc(spots, func(s spot) bool { return s.id == 0 })
	slices.SortFunc(spots, func(a, b spot) int { return cmp.Compare(a.ord, b.ord) })
	var ids []MessageID
	for _, s := range spots {
		ids = append(ids, s.id)
	}
	return ids, err
}
