package localstore

import "time"

// Bodiless is a message of which only the header is here.
type Bodiless struct {
	Message MessageID
	Content ContentID
	Size    int64
}

var bodiless = onMail(`SELECT m.id, c.id, c.size FROM messages m INDEXED BY messages_list
	CROSS JOIN contents c ON c.id = m.content_id
	WHERE m.folder_id = ? AND m.state = 'shown' AND m.ord >= ? AND m.id > ? AND c.body_state = 0 AND c.evicted = 0
	AND NOT EXISTS (SELECT 1 FROM wanted WHERE content_id = c.id)
	ORDER BY m.ord DESC LIMIT ?`)

// Bodiless returns up to limit shown messages of a folder that arrived at
// since or later and came here after another one (0: any), of which no text is here, nobody has asked for one, and none
// had to leave: the newest first. It is what policies are about.
func (v *View) Bodiless(folder FolderID, since time.Time, after MessageID, limit int) ([]Bodiless, error) {
	var from int64
	if !since.IsZero() {
		from = since.Unix() * ordTies
	}
	return collect(v.session, bodiless, func(r scanner) (b Bodiless, err error) {
		err = r.Scan(&b.Message, &b.Content, &b.Size)
		return b, err
	}, folder, from, after, limit)
}
