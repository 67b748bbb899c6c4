package localstore

import (
	"encoding/json"
	"fmt"
	"strings"
	"time"
)

// NewMessage puts a content into a folder.
type NewMessage struct {
	Folder   FolderID
	Content  ContentID
	Arrived  time.Time
	Flags    Flags
	Keywords []string
	State    State // "" is Shown
	Before   bool  // it goes before those of the same second: the newest are brought first
}

// imapLocated tells whether message m has an IMAP location that counts; d is a
// maildrop of the account's mode, so it is asked for accounts in mode imap.
const imapLocated = `EXISTS (SELECT 1 FROM imap_locations l JOIN remote_folders r ON r.id = l.remote_folder_id
	JOIN maildrops d ON d.id = r.maildrop_id
	WHERE l.message_id = m.id AND l.gone_at = 0 AND l.uidvalidity = r.uidvalidity AND d.closed_at = 0 AND d.protocol = 'imap')`

// popLocated tells whether a POP maildrop still holds message m.
const popLocated = `EXISTS (SELECT 1 FROM pop_locations l JOIN maildrops d ON d.id = l.maildrop_id
	WHERE l.message_id = m.id AND l.state IN ('kept', 'deleting', 'skipped') AND d.closed_at = 0)`

const located = `CASE a.mode WHEN 'imap' THEN ` + imapLocated + ` WHEN 'pop' THEN ` + popLocated + ` ELSE 0 END`

const messageRow = `SELECT m.id, f.account_id, m.folder_id, m.content_id, c.thread_id, m.ord, m.arrived, m.flags, m.state,
	coalesce((SELECT group_concat(word, ' ') FROM keywords WHERE message_id = m.id), ''), ` + located + `,
	EXISTS (SELECT 1 FROM pending WHERE message_id = m.id),
	c.header_id, c.subject, c.sender, c.recipients, c.cc, c.reply_to, c.refs, c.sent_at, c.sent_zone,
	c.preview, c.attachments, c.size, c.body_state, c.blob_id, c.pinned `

const messageJoins = `CROSS JOIN contents c ON c.id = m.content_id
	CROSS JOIN folders f ON f.id = m.folder_id CROSS JOIN accounts a ON a.id = f.account_id AND` + notRemoving

var (
	messageByID    = onMail(messageRow + `FROM messages m ` + messageJoins + `WHERE m.id = ?`)
	messagesByIDs  = onMail(messageRow + `FROM json_each(?) w CROSS JOIN messages m ON m.id = w.value ` + messageJoins + `ORDER BY w.key`)
	messagesShow   = onMail(messageRow + `FROM messages m ` + messageJoins + `WHERE m.content_id = ? ORDER BY m.id`)
	firstTie       = onMail(`SELECT min(ord) FROM messages WHERE ord >= ? AND ord < ?`)
	lastTie        = onMail(`SELECT max(ord) FROM messages WHERE ord >= ? AND ord < ?`)
	insertMessage  = onMail(`INSERT INTO messages (folder_id, content_id, arrived, ord, flags, state) VALUES (?, ?, ?, ?, ?, ?)`)
	insertKeyword  = onMail(`INSERT INTO keywords (message_id, word) VALUES (?, ?) ON CONFLICT DO NOTHING`)
	deleteKeywords = onMail(`DELETE FROM keywords WHERE message_id = ?`)
	placeOfMessage = onMail(`SELECT f.account_id, m.folder_id, m.content_id FROM messages m
		JOIN folders f ON f.id = m.folder_id WHERE m.id = ?`)
	deleteMessage = onMail(`DELETE FROM messages WHERE id = ?`)
)

func scanMessage(r scanner) (Message, error) {
	var m Message
	var arrived, sent, zone int64
	var keywords, refs string
	var onServer bool
	err := r.Scan(&m.ID, &m.Account, &m.Folder, &m.Content, &m.Thread, &m.Ord, &arrived, &m.Flags, &m.State,
		&keywords, &onServer, &m.Pending,
		&m.HeaderID, &m.Subject, &m.Sender, &m.Recipients, &m.Cc, &m.ReplyTo, &refs, &sent, &zone,
		&m.Preview, &m.Attachments, &m.Size, &m.Body, &m.Blob, &m.Pinned)
	m.Arrived = time.Unix(arrived, 0).UTC()
	m.Sent = sentTime(sent, zone)
	m.Keywords, m.References = strings.Fields(keywords), strings.Fields(refs)
	switch {
	case !onServer:
		m.Where = WhereHere
	case m.Body == BodyWhole:
		m.Where = WhereBoth
	default:
		m.Where = WhereServer
	}
	return m, err
}

// ordTies is how many messages may have arrived in the same second.
const ordTies = 1 << 22

// AddMessage puts a content into a folder and gives it its place (Ord) for
// ever: by arrival, and within a second behind all others or, with Before,
// before them.
func (tx *Tx) AddMessage(m NewMessage) (MessageID, error) {
	if m.State == "" {
		m.State = Shown
	}
	if m.Arrived.IsZero() {
		m.Arrived = tx.s.clock.Now()
	}
	arrived := m.Arrived.Unix()
	ord, err := tx.nextOrd(arrived*ordTies, m.Before)
	if err != nil {
		return 0, err
	}
	n, err := tx.add(insertMessage, m.Folder, m.Content, arrived, ord, int64(m.Flags), m.State)
	if err != nil {
		return 0, err
	}
	id := MessageID(n)
	for _, word := range m.Keywords {
		if err := tx.do(insertKeyword, id, word); err != nil {
			return 0, err
		}
	}
	return id, tx.noteMessage(id, Added)
}

// nextOrd returns a free place within the second that begins with first. Places
// are given from the middle on, to either side.
func (tx *Tx) nextOrd(first int64, before bool) (int64, error) {
	edge, step := lastTie, int64(1)
	if before {
		edge, step = firstTie, -1
	}
	ord := first + ordTies/2
	var taken *int64
	if _, err := tx.one(edge, []any{&taken}, first, first+ordTies); err != nil {
		return 0, err
	}
	if taken != nil {
		ord = *taken + step
	}
	if ord < first || ord >= first+ordTies {
		return 0, fmt.Errorf("more than %d messages arrived in one second", ordTies/2)
	}
	return ord, nil
}

// place says where a message is.
func (v *View) place(id MessageID) (c Change, found bool, err error) {
	c = Change{Topic: TopicMessages, Message: id}
	found, err = v.one(placeOfMessage, []any{&c.Account, &c.Folder, &c.Content}, id)
	return c, found, err
}

// noteMessage announces a change of a message and of its folder's counts. It
// is called while the message is there: before it is removed.
func (tx *Tx) noteMessage(id MessageID, kind Kind) error {
	c, found, err := tx.place(id)
	if err != nil || !found {
		return err
	}
	c.Kind = kind
	tx.note(c)
	tx.note(Change{Topic: TopicFolders, Kind: Changed, Account: c.Account, Folder: c.Folder})
	return nil
}

// Message returns one message; the error of an unknown one has cause Missing.
func (v *View) Message(id MessageID) (Message, error) {
	found, err := collect(v.session, messageByID, scanMessage, id)
	if err != nil {
		return Message{}, err
	}
	if len(found) == 0 {
		return Message{}, unknown("message", fmt.Sprintf("There is no message %d.", id))
	}
	return found[0], nil
}

// Messages returns the messages with these ids, in that order, leaving out
// those that are gone.
func (v *View) Messages(ids []MessageID) ([]Message, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	return collect(v.session, messagesByIDs, scanMessage, jsonList(ids))
}

// jsonWords is how a list of words is given to json_each.
func jsonWords[T ~string](words []T) string {
	text, err := json.Marshal(words)
	if err != nil {
		panic(err) // words always are JSON
	}
	return string(text)
}

// MessagesOf returns the messages that show a content, in any state.
func (v *View) MessagesOf(content ContentID) ([]Message, error) {
	return collect(v.session, messagesShow, scanMessage, content)
}

// RemoveMessage takes a message away for good, with its content when nothing
// else shows it. Only for what the server has confirmed, or what never had a
// server: sync calls it, never the window.
func (tx *Tx) RemoveMessage(id MessageID) error {
	c, found, err := tx.place(id)
	if err != nil || !found {
		return err
	}
	if err := tx.noteMessage(id, Removed); err != nil {
		return err
	}
	if err := tx.do(deleteMessage, id); err != nil {
		return err
	}
	return tx.do(dropOrphan, c.Content)
}
