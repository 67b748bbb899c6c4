package localstore

// FolderState is what is known of a server folder without reading its messages.
type FolderState struct {
	Located int  // messages it holds under the present UIDVALIDITY, as CountImapLocations
	Todo    bool // something is announced and not stored
	Marked  int  // UIDs that are listed, marked \Deleted, and no messages here
	Doubted bool // headers of it are in quarantine
	Old     bool // locations of an earlier UIDVALIDITY are not settled
}

var (
	folderStates = onMail(`SELECT r.id,
		(SELECT count(*) FROM imap_locations l WHERE l.remote_folder_id = r.id AND l.uidvalidity = r.uidvalidity AND l.gone_at = 0),
		EXISTS (SELECT 1 FROM uid_todo t WHERE t.remote_folder_id = r.id AND t.uidvalidity = r.uidvalidity),
		(SELECT coalesce(sum(d.hi - d.lo + 1), 0) FROM uid_deleted d WHERE d.remote_folder_id = r.id AND d.uidvalidity = r.uidvalidity),
		EXISTS (SELECT 1 FROM imap_quarantine q WHERE q.remote_folder_id = r.id AND q.uidvalidity = 0 AND q.what = ''),
		EXISTS (SELECT 1 FROM imap_locations l WHERE l.remote_folder_id = r.id AND l.uidvalidity < r.uidvalidity AND l.gone_at = 0)
			OR EXISTS (SELECT 1 FROM imap_locations l WHERE l.remote_folder_id = r.id AND l.uidvalidity > r.uidvalidity AND l.gone_at = 0)
		FROM remote_folders r WHERE r.maildrop_id = ?`)
	setEmpty = onMail(`UPDATE remote_folders SET uidvalidity = ?, uidnext = ?, modseq = ?, synced_at = ?
		WHERE id = ? AND uidvalidity = 0`)
)

// FolderStates returns the states of all folders of a maildrop, by one query:
// there may be twenty thousand.
func (v *View) FolderStates(maildrop MaildropID) (map[RemoteFolderID]FolderState, error) {
	states := map[RemoteFolderID]FolderState{}
	_, err := collect(v.session, folderStates, func(r scanner) (struct{}, error) {
		var id RemoteFolderID
		var s FolderState
		err := r.Scan(&id, &s.Located, &s.Todo, &s.Marked, &s.Doubted, &s.Old)
		states[id] = s
		return struct{}{}, err
	}, maildrop)
	return states, err
}

// FoundEmpty records of a folder that was never read that it is empty, as its
// server says: rf has the UIDVALIDITY, UIDNEXT and modification sequence. It
// returns the folder as it is stored then.
func (tx *Tx) FoundEmpty(rf RemoteFolder) (RemoteFolder, error) {
	rf.SyncedAt = tx.s.clock.Now().Unix()
	return rf, tx.do(setEmpty, rf.UIDValidity, rf.UIDNext, int64(rf.ModSeq), rf.SyncedAt, rf.ID)
}
