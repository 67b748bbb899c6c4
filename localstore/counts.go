package localstore

import "fmt"

var (
	wrongFolders = scanning(onMail(`SELECT f.id, f.total, f.unread, count(m.id), coalesce(sum(m.flags & 1 = 0), 0)
		FROM folders f LEFT JOIN messages m ON m.folder_id = f.id AND m.state = 'shown'
		GROUP BY f.id HAVING f.total <> count(m.id) OR f.unread <> coalesce(sum(m.flags & 1 = 0), 0)`))
	keptThreads = `SELECT folder_id, thread_id, last_ord, count, unread FROM folder_threads`
	realThreads = `SELECT m.folder_id, c.thread_id, max(m.ord), count(*), sum(m.flags & 1 = 0)
		FROM messages m JOIN contents c ON c.id = m.content_id
		WHERE m.state = 'shown' AND c.thread_id <> 0 GROUP BY m.folder_id, c.thread_id`
	threadsTooMuch = scanning(onMail(keptThreads + ` EXCEPT ` + realThreads))
	threadsMissing = scanning(onMail(realThreads + ` EXCEPT ` + keptThreads))
)

// CheckCounts compares the counts of folders and conversations, which triggers
// keep, with COUNT and returns an error that names a difference. It reads all
// messages.
func (v *View) CheckCounts() error {
	var folder, total, unread, isTotal, isUnread int64
	found, err := v.one(wrongFolders, []any{&folder, &total, &unread, &isTotal, &isUnread})
	if err != nil {
		return err
	}
	if found {
		return fmt.Errorf("folder %d says %d messages, %d unread; it has %d, %d unread", folder, total, unread, isTotal, isUnread)
	}
	for _, side := range []struct {
		q    *query
		says string
	}{{threadsTooMuch, "kept, but not so"}, {threadsMissing, "so, but not kept"}} {
		var folder, thread, last, count, unread int64
		found, err := v.one(side.q, []any{&folder, &thread, &last, &count, &unread})
		if err != nil {
			return err
		}
		if found {
			return fmt.Errorf("folder %d, conversation %d: last %d, %d messages, %d unread: %s", folder, thread, last, count, unread, side.says)
		}
	}
	return nil
}
