package localstore

import "time"

var (
	deletedOf     = onMail(`SELECT lo, hi FROM uid_deleted WHERE remote_folder_id = ? AND uidvalidity = ? ORDER BY lo`)
	dropDeleted   = onMail(`DELETE FROM uid_deleted WHERE remote_folder_id = ?`)
	addDeleted    = onMail(`INSERT INTO uid_deleted (remote_folder_id, uidvalidity, lo, hi) VALUES (?, ?, ?, ?)`)
	quarantinedOf = onMail(`SELECT uid, tries, next_try FROM imap_quarantine WHERE remote_folder_id = ? AND uidvalidity = ? ORDER BY uid`)
	quarantine    = onMail(`INSERT INTO imap_quarantine (remote_folder_id, uidvalidity, uid, tries, next_try) VALUES (?, ?, ?, ?, ?)
		ON CONFLICT DO UPDATE SET tries = excluded.tries, next_try = excluded.next_try`)
	dropQuarantine = onMail(`DELETE FROM imap_quarantine WHERE remote_folder_id = ? AND uidvalidity = ? AND uid = ?`)
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

// Quarantined is a message that a server lists and does not hand out.
type Quarantined struct {
	UID     uint32
	Tries   int
	NextTry time.Time
}

// Quarantined returns what a folder's server did not hand out, by UID.
func (v *View) Quarantined(rf RemoteFolderID, uidvalidity uint32) ([]Quarantined, error) {
	return collect(v.session, quarantinedOf, func(r scanner) (q Quarantined, err error) {
		var next int64
		err = r.Scan(&q.UID, &q.Tries, &next)
		q.NextTry = fromUnix(next)
		return q, err
	}, rf, uidvalidity)
}

// Quarantine records that a message was not handed out, and when it is to be
// asked for again.
func (tx *Tx) Quarantine(rf RemoteFolderID, uidvalidity uint32, q Quarantined) error {
	return tx.do(quarantine, rf, uidvalidity, q.UID, q.Tries, q.NextTry.Unix())
}

// EndQuarantine forgets that a message was not handed out.
func (tx *Tx) EndQuarantine(rf RemoteFolderID, uidvalidity, uid uint32) error {
	return tx.do(dropQuarantine, rf, uidvalidity, uid)
}
