package localstore

// Copy puts the messages' contents into a folder as well, and returns the new
// messages in order. Where a server has the message it makes the copy itself;
// else the mail has to be here whole, as for Move.
func (tx *Tx) Copy(ids []MessageID, to FolderID) ([]MessageID, error) {
	target, err := tx.destination(to)
	if err != nil {
		return nil, err
	}
	all, err := tx.subjects(ids)
	if err != nil {
		return nil, err
	}
	var carried []subject
	for _, s := range all {
		if s.account != target.Account || target.onward && s.at == 0 {
			carried = append(carried, s)
		}
	}
	if err := tx.needWhole(carried); err != nil {
		return nil, err
	}
	copies := make([]MessageID, 0, len(all))
	for _, s := range all {
		id, err := tx.copy(s, target)
		if err != nil {
			return nil, err
		}
		copies = append(copies, id)
	}
	return copies, nil
}

func (tx *Tx) copy(s subject, target destination) (MessageID, error) {
	shown, err := tx.shownMarks(s)
	if err != nil {
		return 0, err
	}
	content := s.content
	if s.account != target.Account {
		if content, err = tx.copyContent(s.content, target.Account); err != nil {
			return 0, err
		}
	}
	id, err := tx.addCopy(s, shown, content, target)
	if err != nil {
		return 0, err
	}
	switch {
	case !target.onward:
		// The copy stays when the server's goes: it has to be whole.
		if s.body != BodyWhole && s.tracked() {
			err = tx.Want(content, WishWhole)
		}
		return id, err
	case s.account == target.Account && s.at != 0:
		_, err = tx.put(Pending{Account: s.account, Message: id, Kind: PendCopy, Source: s.source(), Target: target.ID})
	default:
		_, err = tx.put(Pending{Account: target.Account, Message: id, Kind: PendAppend, Target: target.ID})
	}
	return id, err
}

// Append puts a content into a folder and, where a server holds that folder,
// leaves a pending append: Sent copies, drafts, uploads. For that the content
// has to be whole.
func (tx *Tx) Append(m NewMessage) (MessageID, error) {
	target, err := tx.destination(m.Folder)
	if err != nil {
		return 0, err
	}
	if target.onward {
		i, err := tx.Identity(m.Content)
		if err != nil {
			return 0, err
		}
		if i.Body != BodyWhole {
			return 0, refuse("append", "Only a mail that is here whole can be put on a server.")
		}
	}
	id, err := tx.AddMessage(m)
	if err != nil || !target.onward {
		return id, err
	}
	_, err = tx.put(Pending{Account: target.Account, Message: id, Kind: PendAppend, Target: target.ID})
	return id, err
}
