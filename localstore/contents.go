package localstore

import (
	"fmt"
	"strings"
	"time"
)

// NewContent is one mail as sync read it.
type NewContent struct {
	Account     AccountID
	HeaderID    string // Message-ID without <>, byte for byte
	FieldsHash  [32]byte
	HeaderHash  [32]byte // zero: not seen yet
	Blob        BlobID   // complete; 0: no whole body
	Body        BodyState
	Size        int64
	Sent        time.Time
	Subject     string
	Sender      string
	Recipients  string
	Cc          string
	ReplyTo     string
	DeliveredTo string // whose mailbox servers put it into
	References  []string
	Preview     string
	Attachments int
	Parts       []Part
}

// Identity is what recognises a content.
type Identity struct {
	Content    ContentID
	HeaderID   string
	FieldsHash [32]byte
	HeaderHash [32]byte // zero: not seen yet
	Body       BodyState
	Blob       BlobID
	Size       int64
}

const identityColumns = `SELECT id, header_id, fields_hash, header_hash, body_state, blob_id, size FROM contents `

var (
	identityByID    = onMail(identityColumns + `WHERE id = ?`)
	identityByField = onMail(identityColumns + `WHERE account_id = ? AND fields_hash = ? ORDER BY id`)
	identityByMsgID = onMail(identityColumns + `WHERE account_id = ? AND header_id = ? AND header_id <> '' ORDER BY id`)
	insertContent   = onMail(`INSERT INTO contents (account_id, header_id, fields_hash, header_hash, blob_id, body_state, size,
		sent_at, sent_zone, subject, sender, recipients, cc, reply_to, refs, preview, attachments, delivered_to)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`)
	contentAccount = onMail(`SELECT account_id FROM contents WHERE id = ?`)
	setHeaderHash  = onMail(`UPDATE contents SET header_hash = ? WHERE id = ?`)
	setWhole       = onMail(`UPDATE contents SET blob_id = ?, body_state = 2, evicted = 0, size = ?, header_hash = coalesce(?, header_hash),
		preview = ?, attachments = ? WHERE id = ?`)
	setText = onMail(`UPDATE contents SET body_state = max(body_state, 1), evicted = 0, preview = ?, attachments = ? WHERE id = ?`)
	// What somebody asked for counts as read when it comes, so that it does not
	// leave again at once to make room.
	readAsked = onMail(`UPDATE contents SET read_at = max(read_at, ?1) WHERE id = ?2 AND EXISTS (SELECT 1 FROM wanted WHERE content_id = ?2)`)
	setRead   = onMail(`UPDATE contents SET read_at = max(read_at, ?) WHERE id = ?`)
	// A body is more than the index has: see messages_unindexed.
	indexAgain  = onMail(`UPDATE messages SET indexed = 0 WHERE content_id = ? AND indexed = 1`)
	partColumns = `SELECT section, type, name, encoding, size, blob_id FROM parts `
	partsOf     = onMail(partColumns + `WHERE content_id = ?`)
	deleteParts = onMail(`DELETE FROM parts WHERE content_id = ?`)
	putPart     = onMail(`INSERT INTO parts (content_id, section, type, name, encoding, size, blob_id) VALUES (?, ?, ?, ?, ?, ?, ?)
		ON CONFLICT (content_id, section) DO UPDATE SET type = excluded.type, name = excluded.name, encoding = excluded.encoding,
			size = excluded.size, blob_id = CASE excluded.blob_id WHEN 0 THEN blob_id ELSE excluded.blob_id END`)
	setPartBlob   = onMail(`UPDATE parts SET blob_id = ? WHERE content_id = ? AND section = ?`)
	placesShowing = onMail(`SELECT m.id, m.folder_id, f.account_id FROM messages m JOIN folders f ON f.id = m.folder_id WHERE m.content_id = ?`)
	// What the outbox keeps stays (outbox.content_id restricts), shown or not.
	dropOrphan = onMail(`DELETE FROM contents WHERE id = ?1 AND NOT EXISTS (SELECT 1 FROM messages WHERE content_id = ?1)
		AND NOT EXISTS (SELECT 1 FROM outbox WHERE content_id = ?1)`)
)

func scanIdentity(r scanner) (i Identity, err error) {
	var fields, header []byte
	err = r.Scan(&i.Content, &i.HeaderID, &fields, &header, &i.Body, &i.Blob, &i.Size)
	i.FieldsHash, i.HeaderHash = hashOf(fields), hashOf(header)
	return i, err
}

// AddContent stores a mail and returns its id. It never merges: whoever knows
// that two are one content (a copy) uses the content there is. c.Blob and the
// blobs of c.Parts must be complete.
func (tx *Tx) AddContent(c NewContent) (ContentID, error) {
	if err := tx.needBlobs(c); err != nil {
		return 0, err
	}
	sent, zone := sentColumns(c.Sent)
	n, err := tx.add(insertContent, c.Account, c.HeaderID, c.FieldsHash[:], hashColumn(c.HeaderHash), c.Blob, c.Body, c.Size,
		sent, zone, c.Subject, c.Sender, c.Recipients, c.Cc, c.ReplyTo, strings.Join(c.References, " "), c.Preview, c.Attachments, c.DeliveredTo)
	if err != nil {
		return 0, err
	}
	return ContentID(n), tx.putParts(ContentID(n), c.Parts)
}

// needBlobs checks that what a content names is complete on disk.
func (tx *Tx) needBlobs(c NewContent) error {
	if c.Body == BodyWhole != (c.Blob != 0) {
		return refuse("content", "A mail is whole exactly when it has a body.")
	}
	if c.Blob != 0 {
		if err := tx.s.needComplete(tx.ctx, c.Blob); err != nil {
			return err
		}
	}
	for _, p := range c.Parts {
		if p.Blob == 0 {
			continue
		}
		if err := tx.s.needComplete(tx.ctx, p.Blob); err != nil {
			return err
		}
	}
	return nil
}

func (tx *Tx) putParts(id ContentID, parts []Part) error {
	for _, p := range parts {
		if err := tx.do(putPart, id, p.Section, p.Type, p.Name, p.Encoding, p.Size, p.Blob); err != nil {
			return err
		}
	}
	return nil
}

// sentColumns is how the Date header is stored: the moment, and the minutes
// that its zone is east of UTC.
func sentColumns(t time.Time) (at, zone int64) {
	if t.IsZero() {
		return 0, 0
	}
	_, seconds := t.Zone()
	return t.Unix(), int64(seconds / 60)
}

// sentTime is the time that sentColumns stored.
func sentTime(at, zone int64) time.Time {
	if at == 0 {
		return time.Time{}
	}
	if zone == 0 {
		return time.Unix(at, 0).UTC()
	}
	return time.Unix(at, 0).In(time.FixedZone("", int(zone)*60))
}

// Identity returns what recognises a content.
func (v *View) Identity(id ContentID) (Identity, error) {
	found, err := collect(v.session, identityByID, scanIdentity, id)
	if err != nil {
		return Identity{}, err
	}
	if len(found) == 0 {
		return Identity{}, unknown("content", fmt.Sprintf("There is no mail %d.", id))
	}
	return found[0], nil
}

// ContentsByFields returns an account's contents with that fields hash.
func (v *View) ContentsByFields(account AccountID, hash [32]byte) ([]Identity, error) {
	return collect(v.session, identityByField, scanIdentity, account, hash[:])
}

// ContentsByHeaderID returns an account's contents with that Message-ID: the
// evidence for letters, never an identity.
func (v *View) ContentsByHeaderID(account AccountID, headerID string) ([]Identity, error) {
	return collect(v.session, identityByMsgID, scanIdentity, account, headerID)
}

// SetHeaderHash records the complete header's hash once it was seen.
func (tx *Tx) SetHeaderHash(id ContentID, h [32]byte) error {
	return tx.do(setHeaderHash, hashColumn(h), id)
}

// SetWhole records that a content is here whole, in a complete blob, with what
// parsing it showed (HeaderHash, Preview, Attachments, Parts, Size of c; the
// header fields are not touched). It fulfils every wish for the content.
func (tx *Tx) SetWhole(id ContentID, c NewContent) error {
	c.Body = BodyWhole
	if err := tx.needBlobs(c); err != nil {
		return err
	}
	if err := tx.do(readAsked, tx.s.clock.Now().Unix(), id); err != nil {
		return err
	}
	n, err := tx.touch(setWhole, c.Blob, c.Size, hashColumn(c.HeaderHash), c.Preview, c.Attachments, id)
	if err != nil {
		return err
	}
	if n == 0 {
		return unknown("content", fmt.Sprintf("There is no mail %d.", id))
	}
	if err := tx.do(deleteParts, id); err != nil {
		return err
	}
	if err := tx.putParts(id, c.Parts); err != nil {
		return err
	}
	for _, done := range []*query{fulfilAll, dropAnyOf} {
		if err := tx.do(done, id); err != nil {
			return err
		}
	}
	return tx.bodyCame(id)
}

// SetText records that the readable parts of a content are here: parts with
// their blobs, and those that stay on the server with blob 0.
func (tx *Tx) SetText(id ContentID, parts []Part, preview string, attachments int) error {
	if err := tx.needBlobs(NewContent{Parts: parts}); err != nil {
		return err
	}
	if err := tx.do(readAsked, tx.s.clock.Now().Unix(), id); err != nil {
		return err
	}
	n, err := tx.touch(setText, preview, attachments, id)
	if err != nil {
		return err
	}
	if n == 0 {
		return unknown("content", fmt.Sprintf("There is no mail %d.", id))
	}
	if err := tx.putParts(id, parts); err != nil {
		return err
	}
	if err := tx.do(fulfilText, id, WishText); err != nil {
		return err
	}
	if err := tx.do(dropArrived, id); err != nil {
		return err
	}
	return tx.bodyCame(id)
}

// SetSomeText records those of the readable parts of a content that came before
// the others: SetText follows.
func (tx *Tx) SetSomeText(id ContentID, parts []Part) error {
	if err := tx.needBlobs(NewContent{Parts: parts}); err != nil {
		return err
	}
	if err := tx.putParts(id, parts); err != nil {
		return err
	}
	return tx.do(dropArrived, id)
}

// SetPart records that one part of a content is here.
func (tx *Tx) SetPart(id ContentID, section string, blob BlobID) error {
	if err := tx.s.needComplete(tx.ctx, blob); err != nil {
		return err
	}
	n, err := tx.touch(setPartBlob, blob, id, section)
	if err != nil {
		return err
	}
	if n == 0 {
		return unknown("content", fmt.Sprintf("Mail %d has no part %q.", id, section))
	}
	for _, done := range []*query{fulfilOne, dropBegun} {
		if err := tx.do(done, id, section); err != nil {
			return err
		}
	}
	if err := tx.noteBody(id, Changed); err != nil {
		return err
	}
	return tx.packLess(id)
}

// bodyCame tells the index and the watchers that more of a content is here.
func (tx *Tx) bodyCame(id ContentID) error {
	if err := tx.do(indexAgain, id); err != nil {
		return err
	}
	if err := tx.noteBody(id, Changed); err != nil {
		return err
	}
	if err := tx.packCame(id); err != nil {
		return err
	}
	return tx.noteShown(id)
}

// noteShown announces a change of every message that shows a content.
func (tx *Tx) noteShown(id ContentID) error {
	shown, err := collect(tx.session, placesShowing, func(r scanner) (c Change, err error) {
		c = Change{Topic: TopicMessages, Kind: Changed, Content: id}
		err = r.Scan(&c.Message, &c.Folder, &c.Account)
		return c, err
	}, id)
	for _, c := range shown {
		tx.note(c)
	}
	return err
}

// Parts returns the parts of a content that are known, by section.
func (v *View) Parts(id ContentID) ([]Part, error) {
	parts, err := collect(v.session, partsOf, func(r scanner) (p Part, err error) {
		err = r.Scan(&p.Section, &p.Type, &p.Name, &p.Encoding, &p.Size, &p.Blob)
		return p, err
	}, id)
	sortSections(parts)
	return parts, err
}

// SetRead notes that a content was shown, for the disk quota.
func (tx *Tx) SetRead(id ContentID, at time.Time) error { return tx.do(setRead, at.Unix(), id) }
