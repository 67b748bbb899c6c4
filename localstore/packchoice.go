package localstore

import (
	"cmp"
	"encoding/json"
	"slices"
)

// packable is a message that a pack is to make readable.
type packable struct {
	message MessageID
	content ContentID
	ord     int64
	seen    bool
	size    int64
	body    BodyState
	thread  ThreadID
}

// wire is about what a mail costs on the wire when it comes whole.
func (c packable) wire() int64 { return c.size + c.size/100 + 500 }

// usualText is as much of a mail as its text seldom exceeds, for estimates.
const usualText = 12 << 10

const packableColumns = `SELECT m.id, m.content_id, m.ord, m.flags & 1, c.size, c.body_state, c.thread_id `

var (
	packFolder = onMail(packableColumns + `FROM messages m INDEXED BY messages_list CROSS JOIN contents c ON c.id = m.content_id
		WHERE m.folder_id = ? AND m.state = 'shown' AND m.ord >= ?`)
	packFlagged = onMail(packableColumns + `FROM messages m INDEXED BY messages_flagged CROSS JOIN contents c ON c.id = m.content_id
		WHERE m.folder_id = ? AND m.state = 'shown' AND m.flags & 4 <> 0`)
	packThreads = onMail(packableColumns + `FROM json_each(?) t CROSS JOIN contents c ON c.thread_id = t.value
		CROSS JOIN messages m ON m.content_id = c.id CROSS JOIN folders f ON f.id = m.folder_id
		WHERE m.state = 'shown' AND c.account_id = ? AND f.role NOT IN ('junk', 'trash', 'outbox')`)
)

func scanPackable(r scanner) (c packable, err error) {
	err = r.Scan(&c.message, &c.content, &c.ord, &c.seen, &c.size, &c.body, &c.thread)
	return c, err
}

// packs tells whether a folder is packed where none is named.
func (f Folder) packs() bool {
	switch f.Role {
	case RoleJunk, RoleTrash, RoleAll, RoleOutbox:
		return false
	}
	return true
}

// chosen returns what a choice chooses, in the order in which it is fetched:
// unread mail first, the newest first. Of copies there is one.
func (v *View) chosen(account AccountID, choice PackChoice) ([]packable, error) {
	folders, err := v.Folders(account)
	if err != nil {
		return nil, err
	}
	var all []packable
	known := map[ContentID]bool{}
	add := func(q *query, args ...any) error {
		found, err := collect(v.session, q, scanPackable, args...)
		for _, c := range found {
			if !known[c.content] {
				known[c.content] = true
				all = append(all, c)
			}
		}
		return err
	}
	var since int64
	if choice.Days > 0 {
		since = v.s.clock.Now().AddDate(0, 0, -choice.Days).Unix() * ordTies
	}
	onlyFlagged := choice.Flagged && len(choice.Folders) == 0 && choice.Days == 0
	for _, f := range folders {
		named := slices.Contains(choice.Folders, f.ID) || len(choice.Folders) == 0 && f.packs()
		if named && !onlyFlagged {
			err = add(packFolder, f.ID, since)
		}
		if err == nil && choice.Flagged && f.packs() {
			err = add(packFlagged, f.ID)
		}
		if err != nil {
			return nil, err
		}
	}
	if choice.Threads {
		if err := v.addThreads(account, all, add); err != nil {
			return nil, err
		}
	}
	slices.SortFunc(all, func(a, b packable) int {
		if a.seen != b.seen {
			return oneIf(a.seen) - oneIf(b.seen)
		}
		return cmp.Compare(b.ord, a.ord)
	})
	return all, nil
}

// addThreads adds the rest of every conversation.
func (v *View) addThreads(account AccountID, all []packable, add func(*query, ...any) error) error {
	var threads []ThreadID
	known := map[ThreadID]bool{0: true}
	for _, c := range all {
		if !known[c.thread] {
			known[c.thread] = true
			threads = append(threads, c.thread)
		}
	}
	list, err := json.Marshal(threads)
	if err != nil || len(threads) == 0 {
		return err
	}
	return add(packThreads, string(list), account)
}

// PackPlan is what a pack would do.
type PackPlan struct {
	Messages int   // that are chosen
	Readable int   // of these, the texts that are here already
	Bytes    int64 // about what the rest costs on the wire; never more than the budget
}

// PlanPack estimates a pack; nothing is changed. How much of a mail is its text
// is not known before it is asked for.
func (v *View) PlanPack(account AccountID, choice PackChoice) (plan PackPlan, err error) {
	a, err := v.Account(account)
	if err != nil {
		return plan, err
	}
	chosen, err := v.chosen(account, choice)
	if err != nil {
		return plan, err
	}
	for _, c := range chosen {
		plan.Messages++
		if c.body != BodyNone {
			plan.Readable++
			bytes, err := v.attachedBytes(c, choice)
			if err != nil {
				return plan, err
			}
			plan.Bytes += bytes
			continue
		}
		text := min(c.size, usualText)
		switch rest := c.size - text; {
		case a.Mode == POP, rest <= choice.Attachments: // base64 is a third more than what it says
			plan.Bytes += c.wire()
		default:
			plan.Bytes += text + 1000
		}
	}
	if choice.Budget > 0 {
		plan.Bytes = min(plan.Bytes, choice.Budget)
	}
	return plan, nil
}

// attachedBytes is about what the attachments cost on the wire that a choice
// includes, of a mail whose text is here.
func (v *View) attachedBytes(c packable, choice PackChoice) (bytes int64, err error) {
	if c.body != BodyText || choice.Attachments == 0 {
		return 0, nil
	}
	parts, err := v.Parts(c.content)
	for _, p := range attached(parts) {
		if p.Blob == 0 && p.Size <= choice.Attachments {
			bytes += p.Size*4/3 + 500
		}
	}
	return bytes, err
}
