package localstore

var stuck = onMail(`UPDATE pending SET attempts = attempts + 1, error = ?, state = 'stuck', uidnext_before = 0 WHERE id = ?`)

// GiveUp ends the tries of an intent that its server refuses. Flags, and what
// was to be done with a folder, are put back to what the server has: the window
// shows nothing that is not so. A copy of what is nowhere to be copied from goes.
// Everything else is stuck: it is shown, blocks nothing and can be taken back or
// asked for again; a folder that was to be deleted once a message had left it
// stays.
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
	case PendCopy:
		s, ok, err := tx.subject(p.Message)
		if err != nil || !ok {
			return err
		}
		if s.body != BodyWhole {
			return tx.CancelPending(id)
		}
	case PendMove:
		on, err := tx.folderIntents(p.Source)
		if err == nil {
			err = tx.drop(on[PendFolderDelete])
		}
		if err != nil {
			return err
		}
	}
	return tx.do(stuck, words, id)
}

// LeavesFolder returns the intent to delete the folder that a message is still
// to leave; ok is false when there is none.
func (v *View) LeavesFolder(p Pending) (folder Pending, ok bool, err error) {
	if p.Kind != PendMove {
		return folder, false, nil
	}
	found, err := collect(v.session, pendingsOn, scanPending, p.Source)
	for _, on := range found {
		if on.Kind == PendFolderDelete {
			folder, ok = on, true
		}
	}
	return folder, ok, err
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
