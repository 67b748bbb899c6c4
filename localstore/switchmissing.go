package localstore

import "slices"

var (
	missingIn = onMail(`SELECT m.id, c.id, c.size FROM folders f CROSS JOIN messages m INDEXED BY messages_list ON m.folder_id = f.id AND m.state = 'shown'
		CROSS JOIN accounts a ON a.id = f.account_id CROSS JOIN contents c ON c.id = m.content_id
		WHERE f.id = ?1 AND c.body_state < 2 AND ` + imapLocated + ` AND NOT EXISTS (SELECT 1 FROM drafts WHERE message_id = m.id)
		AND NOT EXISTS (SELECT 1 FROM wanted WHERE content_id = c.id AND error <> '' AND ?3)
		ORDER BY m.ord DESC LIMIT ?2`)
	unreadHeaders = onMail(`SELECT coalesce(sum(t.hi - t.lo + 1), 0) FROM maildrops d CROSS JOIN remote_folders r ON r.maildrop_id = d.id
		CROSS JOIN uid_todo t ON t.remote_folder_id = r.id AND t.uidvalidity = r.uidvalidity
		WHERE d.account_id = ?1 AND d.protocol = 'imap' AND d.closed_at = 0 AND r.folder_id = ?2`)
	holdsContents = onMail(`SELECT count(*), coalesce(sum(c.body_state = 2), 0), coalesce(sum(CASE c.body_state WHEN 2 THEN 0 ELSE c.size END), 0)
		FROM messages m INDEXED BY messages_list CROSS JOIN contents c ON c.id = m.content_id WHERE m.folder_id = ? AND m.state = 'shown'`)
)

// Chosen tells whether the mail of a folder comes here whole before a switch.
func (c SwitchChoice) Chosen(f Folder) bool {
	return f.Role != RoleOutbox && (c.Folders == nil || slices.Contains(c.Folders, f.Path))
}

// SwitchMissing returns up to limit messages of the folders chosen for a switch
// to POP that are not here whole and are on the server: the inbox first, the
// newest first. Headers that have not even been read are none of them.
func (v *View) SwitchMissing(s Switch, limit int) ([]Bodiless, error) {
	return v.missing(s, limit, false)
}

// SwitchFetchable is SwitchMissing without what could not be fetched.
func (v *View) SwitchFetchable(s Switch, limit int) ([]Bodiless, error) {
	return v.missing(s, limit, true)
}

func (v *View) missing(s Switch, limit int, notFailed bool) ([]Bodiless, error) {
	folders, err := v.Folders(s.Account)
	var all []Bodiless
	for _, f := range folders {
		if err != nil || len(all) >= limit {
			break
		}
		if !s.Choice.Chosen(f) {
			continue
		}
		var some []Bodiless
		some, err = collect(v.session, missingIn, func(r scanner) (b Bodiless, err error) {
			err = r.Scan(&b.Message, &b.Content, &b.Size)
			return b, err
		}, f.ID, limit-len(all), notFailed)
		all = append(all, some...)
	}
	return all, err
}

// SwitchUnread returns how many messages of the chosen folders the server has
// announced whose headers have not been read.
func (v *View) SwitchUnread(s Switch) (n int, err error) {
	folders, err := v.Folders(s.Account)
	for _, f := range folders {
		if err != nil {
			return n, err
		}
		if s.Choice.Chosen(f) {
			var m int64
			m, err = v.number(unreadHeaders, s.Account, f.ID)
			n += int(m)
		}
	}
	return n, err
}

// FolderHolds returns how many shown messages a folder has, how many of them are
// here whole, and how many bytes the others have.
func (v *View) FolderHolds(id FolderID) (messages, whole int, missing int64, err error) {
	_, err = v.one(holdsContents, []any{&messages, &whole, &missing}, id)
	return messages, whole, missing, err
}
