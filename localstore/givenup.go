package localstore

var stuck = onMail(`UPDATE pending SET attempts = attempts + 1, error = ?, state = 'stuck', uidnext_before = 0 WHERE id = ?`)

// GiveUp ends the tries of an intent that its server refuses. Flags, and what
// was to be done with a folder, are put back to what the server has: the window
// shows nothing that is not so. Everything else is stuck: it is shown, blocks
// nothing and can be taken back or asked for again.
func (tx *Tx) GiveUp(id PendingID, words string) error {
	p, ok, err := tx.pendingBy(id)
	if err != nil || !ok {
		return err
	}
	tx.notePending(p)
	switch p.Kind {
	case PendFlags:
		return tx.CancelPending(id)
	case PendFolderCreate:
		return tx.folderNotMade(p)
	case PendFolderRename:
		if err := tx.cancelFolder(p); err != nil {
			// The old name is another folder's by now: this one keeps the new
			// one here, and the old one there.
			return tx.drop(p)
		}
		return nil
	case PendFolderDelete:
		return tx.drop(p)
	}
	return tx.do(stuck, words, id)
}

// folderNotMade takes back what waits for a folder that the server does not
// make: messages are where they came from. What was to be put on the server
// from here stays in the folder, on this computer.
func (tx *Tx) folderNotMade(p Pending) error {
	f, err := tx.Folder(p.Target)
	if err != nil {
		return err
	}
	all, err := tx.Pendings(p.Account)
	if err != nil {
		return err
	}
	for _, w := range all {
		if w.Target != p.Target || w.Message == 0 {
			continue
		}
		if err := tx.CancelPending(w.ID); err != nil {
			return err
		}
	}
	if err := tx.drop(p); err != nil {
		return err
	}
	used, err := tx.number(folderUsed, f.ID)
	if err != nil || used != 0 || f.Role != RoleNone {
		return err
	}
	return tx.removeFolder(f.ID, f.Account)
}
