package localstore

import "fmt"

var (
	setEmailID = onMail(`UPDATE contents SET email_id = ? WHERE id = ? AND email_id = ''`)
	// A letter of the outbox may still change.
	byEmailID = onMail(`SELECT c.id FROM contents c INDEXED BY contents_email_id WHERE c.account_id = ?1 AND c.email_id = ?2 AND c.email_id <> '' AND c.size = ?3
		AND EXISTS (SELECT 1 FROM messages WHERE content_id = c.id)
		AND NOT EXISTS (SELECT 1 FROM messages WHERE content_id = c.id AND folder_id = ?4)
		AND NOT EXISTS (SELECT 1 FROM outbox WHERE content_id = c.id)
		ORDER BY c.body_state DESC, c.id LIMIT 1`)
)

// emailID is a server's id as it is stored: it means nothing to another server.
func emailID(maildrop MaildropID, id string) string { return fmt.Sprintf("%d %s", maildrop, id) }

// SetEmailID records by which id the server of a maildrop knows a mail in all its
// folders (RFC 8474 §5.1, or Google's X-GM-MSGID). The first one stays.
func (tx *Tx) SetEmailID(content ContentID, maildrop MaildropID, id string) error {
	return tx.do(setEmailID, emailID(maildrop, id), content)
}

// ByEmailID returns the content of a mail that the server has told of in another
// folder under the same id, with the same size. ok is false where there is none,
// or where the folder shows it already.
func (v *View) ByEmailID(account AccountID, maildrop MaildropID, id string, size int64, folder FolderID) (content ContentID, ok bool, err error) {
	ok, err = v.one(byEmailID, []any{&content}, account, emailID(maildrop, id), size, folder)
	return content, ok, err
}
