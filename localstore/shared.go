package localstore

import "time"

var (
	// A letter of the outbox may still change.
	sameMail = onMail(`SELECT c.id FROM contents c WHERE c.account_id = ?1 AND c.fields_hash = ?2 AND c.size = ?3
		AND EXISTS (SELECT 1 FROM messages WHERE content_id = c.id AND arrived = ?4)
		AND NOT EXISTS (SELECT 1 FROM messages WHERE content_id = c.id AND folder_id = ?5)
		AND NOT EXISTS (SELECT 1 FROM outbox WHERE content_id = c.id)
		ORDER BY c.body_state DESC, c.id LIMIT 1`)
	messagesWith = onMail(`SELECT count(*) FROM messages WHERE content_id = ?`)
)

// SameMail returns the content of a mail that another folder shows, as a label
// of it: the same header fields, size, and time of arrival at the server. ok is
// false where there is none, or where the folder shows it already: two equal
// mails in one folder are two.
func (v *View) SameMail(c NewContent, folder FolderID, arrived time.Time) (id ContentID, ok bool, err error) {
	ok, err = v.one(sameMail, []any{&id}, c.Account, c.FieldsHash[:], c.Size, arrived.Unix(), folder)
	return id, ok, err
}

// SetWholeOf records what a message is, byte for byte, as SetWhole does for its
// content. Where its complete header shows that it is another mail than the
// content that it was taken for, it gets a content of its own, and the messages
// that showed the same keep the other.
func (tx *Tx) SetWholeOf(message MessageID, id ContentID, c NewContent) error {
	known, err := tx.Identity(id)
	if err != nil {
		return err
	}
	showing, err := tx.number(messagesWith, id)
	if err != nil {
		return err
	}
	if none := [32]byte{}; known.HeaderHash == none || c.HeaderHash == none || known.HeaderHash == c.HeaderHash || showing < 2 {
		return tx.SetWhole(id, c)
	}
	c.Body = BodyWhole
	own, err := tx.AddContent(c)
	if err != nil {
		return err
	}
	if err := tx.do(setContent, own, message); err != nil {
		return err
	}
	for _, q := range []*query{fulfilAll, dropAnyOf} {
		if err := tx.do(q, id); err != nil {
			return err
		}
	}
	return tx.bodyCame(own)
}
