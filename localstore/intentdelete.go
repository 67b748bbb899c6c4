package localstore

var (
	ledgerToDelete = onMail(`SELECT l.id FROM pop_locations l JOIN maildrops d ON d.id = l.maildrop_id
		WHERE l.message_id = ? AND l.state = 'kept' AND l.pinned = 0 AND l.header_hash IS NOT NULL AND d.closed_at = 0`)
	draftsOf = onMail(`SELECT id FROM drafts WHERE message_id = ?`)
)

// Delete moves messages to the Trash, and those that are there already it
// deletes for good, as DeleteNow does. A Trash that is missing is made. What
// only this computer has is not put on a server for that.
func (tx *Tx) Delete(ids []MessageID) error {
	all, err := tx.subjects(ids)
	if err != nil {
		return err
	}
	if err := tx.notOnItsWay(all); err != nil {
		return err
	}
	trash := map[AccountID]destination{}
	for _, s := range all {
		if s.role == RoleTrash {
			if err := tx.removeForGood(s); err != nil {
				return err
			}
			continue
		}
		target, known := trash[s.account]
		if !known {
			if target, err = tx.trash(s.account); err != nil {
				return err
			}
		}
		if s.tracked() {
			if target, err = tx.reach(target); err != nil {
				return err
			}
			err = tx.moveTracked(s, target.ID)
		} else {
			err = tx.setPlace(s, target.ID)
		}
		if err != nil {
			return err
		}
		trash[s.account] = target
	}
	return nil
}

// trash returns an account's Trash, and makes it when there is none.
func (tx *Tx) trash(account AccountID) (destination, error) {
	id, err := tx.ensureRole(account, RoleTrash)
	if err != nil {
		return destination{}, err
	}
	return tx.destination(id)
}

// DeleteNow deletes for good: state Deleted and an intent where a server holds
// the message; the row goes when that is confirmed. A POP message's ledger row
// becomes 'deleting' in the same commit where the policy is when-deleted. What
// no server was told of just goes, and so does the draft that a message shows.
func (tx *Tx) DeleteNow(ids []MessageID) error {
	all, err := tx.subjects(ids)
	if err != nil {
		return err
	}
	if err := tx.notOnItsWay(all); err != nil {
		return err
	}
	for _, s := range all {
		if err := tx.removeForGood(s); err != nil {
			return err
		}
	}
	return nil
}

// removeForGood removes a message here and, where one holds it, on its server.
func (tx *Tx) removeForGood(s subject) error {
	drafts, err := collect(tx.session, draftsOf, scanID[DraftID], s.id)
	if err != nil {
		return err
	}
	for _, d := range drafts {
		if err := tx.forgetDraft(d); err != nil {
			return err
		}
	}
	if own := s.intents[PendAppend]; s.mode == IMAP && own.State == PendSent && s.at == 0 {
		return tx.retire(s, own.ID)
	}
	if s.mode == IMAP && s.at != 0 {
		return tx.retire(s, 0)
	}
	return tx.removeHere(s)
}

// retire hides a message and leaves the intent to delete it, once the intent
// after is confirmed (0: at once). Delete wins over what was pending.
func (tx *Tx) retire(s subject, after PendingID) error {
	p := s.intents[PendDelete]
	p.Account, p.Message, p.Kind, p.Source, p.After = s.account, s.id, PendDelete, s.source(), after
	if err := tx.drop(s.intents[PendFlags]); err != nil {
		return err
	}
	if err := tx.drop(s.intents[PendMove]); err != nil {
		return err
	}
	if own := s.intents[PendAppend]; own.ID != 0 && own.State != PendSent {
		if err := tx.unappend(own, after); err != nil {
			return err
		}
	}
	if err := tx.drop(s.intents[PendCopy]); err != nil {
		return err
	}
	if err := tx.do(setState, Deleted, s.id); err != nil {
		return err
	}
	tx.noteSubject(s, s.folder)
	_, err := tx.put(p)
	return err
}

// removeHere removes a message that no server holds in the account's mode.
func (tx *Tx) removeHere(s subject) error {
	if s.mode == POP && s.policy == DeleteWhen && s.body == BodyWhole {
		rows, err := collect(tx.session, ledgerToDelete, scanID[LocationID], s.id)
		if err != nil {
			return err
		}
		if err := tx.SetPopState(rows, PopDeleting, ""); err != nil {
			return err
		}
	}
	if err := tx.free(s.intents[PendAppend].ID); err != nil {
		return err
	}
	for _, p := range s.intents {
		if err := tx.drop(p); err != nil {
			return err
		}
	}
	tx.noteSubject(s, s.folder)
	return tx.RemoveMessage(s.id)
}

// free makes due what waited for an intent. What no server holds is done here
// at once.
func (tx *Tx) free(id PendingID) error {
	waiting, err := collect(tx.session, pendingsAfter, scanPending, id)
	if err != nil || len(waiting) == 0 {
		return err
	}
	if err := tx.do(setAfter, 0, id); err != nil {
		return err
	}
	for _, p := range waiting {
		tx.notePending(p)
		if p.Kind != PendDelete {
			continue
		}
		s, ok, err := tx.subject(p.Message)
		if err != nil {
			return err
		}
		if !ok || s.mode == IMAP && s.at != 0 {
			continue
		}
		// An append of its own that is on its way has to arrive first.
		if own := s.intents[PendAppend]; s.mode == IMAP && own.State == PendSent {
			p.After = own.ID
			if _, err := tx.put(p); err != nil {
				return err
			}
			continue
		}
		if err := tx.removeHere(s); err != nil {
			return err
		}
	}
	return nil
}
