package localstore

import "time"

var (
	deletedOf     = onMail(`SELECT lo, hi FROM uid_deleted WHERE remote_folder_id = ? AND uidvalidity = ? ORDER BY lo`)
	dropDeleted   = onMail(`DELETE FROM uid_deleted WHERE remote_folder_id = ?`)
	addDeleted    = onMail(`INSERT INTO uid_deleted (remote_folder_id, uidvalidity, lo, hi) VALUES (?, ?, ?, ?)`)
	quarantinedOf = onMail(`SELECT uid, breaks, tries, next_try FROM imap_quarantine WHERE remote_folder_id = ? AND uidvalidity = ? AND what = ? ORDER BY uid`)
	quarantine    = onMail(`INSERT INTO imap_quarantine (remote_folder_id, uidvalidity, uid, what, breaks, tries, next_try) VALUES (?, ?, ?, ?, ?, ?, ?)
		ON CONFLICT DO UPDATE SET breaks = excluded.breaks, tries = excluded.tries, next_try = excluded.next_try`)
	dropQuarantine = onMail(`DELETE FROM imap_quarantine WHERE remote_folder_id = ? AND uidvalidity = ? AND uid = ? AND what = ?`)
	forgetValidity = onMail(`DELETE FROM imap_quarantine WHERE remote_folder_id = ?`)
)

// MarkedDeleted returns the UIDs of a folder that its server lists, marked
// \Deleted, and that are no messages here; ascending.
func (v *View) MarkedDeleted(rf RemoteFolderID, uidvalidity uint32) ([]UIDRange, error) {
	return collect(v.session, deletedOf, scanRange, rf, uidvalidity)
}

// SetMarkedDeleted records all of them, under the present UIDVALIDITY.
func (tx *Tx) SetMarkedDeleted(rf RemoteFolderID, uidvalidity uint32, uids []UIDRange) error {
	if err := tx.do(dropDeleted, rf); err != nil {
		return err
	}
	for _, r := range mergeRanges(uids) {
		if err := tx.do(addDeleted, rf, uidvalidity, r.Lo, r.Hi); err != nil {
			return err
		}
	}
	return nil
}

// What of a message a quarantine is about.
type QuarantineOf string

const (
	OfHeader QuarantineOf = ""
	OfBody   QuarantineOf = "body"
)

// Quarantined is a message that a server lists and does not hand out, or is
// suspected to break connections.
type Quarantined struct {
	UID     uint32
	Breaks  int       // connections that broke while it was waited for
	Tries   int       // 0: it is suspected only
	NextTry time.Time // zero: at once
}

// Quarantined returns what a folder's server did not hand out, by UID.
func (v *View) Quarantined(rf RemoteFolderID, uidvalidity uint32, of QuarantineOf) ([]Quarantined, error) {
	return collect(v.session, quarantinedOf, func(r scanner) (q Quarantined, err error) {
		var next int64
		err = r.Scan(&q.UID, &q.Breaks, &q.Tries, &next)
		q.NextTry = fromUnix(next)
		return q, err
	}, rf, uidvalidity, of)
}

// Quarantine records that a message was not handed out, and when it is to be
// asked for again.
func (tx *Tx) Quarantine(rf RemoteFolderID, uidvalidity uint32, of QuarantineOf, q Quarantined) error {
	return tx.do(quarantine, rf, uidvalidity, q.UID, of, q.Breaks, q.Tries, unix(q.NextTry))
}

// EndQuarantine forgets that a message was not handed out.
func (tx *Tx) EndQuarantine(rf RemoteFolderID, uidvalidity, uid uint32, of QuarantineOf) error {
	return tx.do(dropQuarantine, rf, uidvalidity, uid, of)
}
