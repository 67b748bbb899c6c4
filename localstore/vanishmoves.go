package localstore

import "strings"

// moves finds where vanished messages went: other locations of the account
// that are new since the losses were last settled. Each explains one loss.
type moves struct {
	account AccountID
	since   int64
	gone    map[LocationID]bool // lost themselves
	was     map[MessageID]bool  // messages that a loss is about: where else they lie is no other's place
	used    map[LocationID]bool
}

// appeared are the located messages of an account with the same fields hash.
// What was here whole before and was only recognised is none: it is unproven.
var appeared = onMail(`SELECT l.id, l.message_id, l.remote_folder_id, l.uidvalidity, l.uid, l.modseq, l.base_flags, l.base_keywords,
	r.folder_id, c.header_hash FROM contents c CROSS JOIN messages m ON m.content_id = c.id
	CROSS JOIN imap_locations l ON l.message_id = m.id CROSS JOIN remote_folders r ON r.id = l.remote_folder_id
	AND r.uidvalidity = l.uidvalidity CROSS JOIN maildrops d ON d.id = r.maildrop_id
	WHERE c.account_id = ? AND c.fields_hash = ? AND l.id > ? AND l.gone_at = 0 AND l.proven = 1 AND d.closed_at = 0 ORDER BY m.ord`)

// newPlace is a location that may explain a loss.
type newPlace struct {
	location   ImapLocation
	folder     FolderID
	headerHash [32]byte
}

func (tx *Tx) movesSince(account AccountID, gone map[LocationID]bool, was map[MessageID]bool) (*moves, error) {
	since, err := tx.number(settledAt, account)
	return &moves{account, since, gone, was, map[LocationID]bool{}}, err
}

// find returns the place that explains a loss. Complete headers that are known
// on both sides and differ are two mails; equal ones come first, then the
// folder that our own intent aimed at, then the order of arrival.
func (m *moves) find(tx *Tx, l loss) (newPlace, bool, error) {
	places, err := collect(tx.session, appeared, func(r scanner) (p newPlace, err error) {
		var header []byte
		at := &p.location
		var words string
		err = r.Scan(&at.ID, &at.Message, &at.RemoteFolder, &at.UIDValidity, &at.UID, &at.ModSeq, &at.BaseFlags, &words, &p.folder, &header)
		at.BaseKeywords, p.headerHash = strings.Fields(words), hashOf(header)
		return p, err
	}, m.account, l.content.FieldsHash[:], m.since)
	if err != nil {
		return newPlace{}, false, err
	}
	best, rank := -1, -1
	for i, p := range places {
		if m.gone[p.location.ID] || m.used[p.location.ID] || m.was[p.location.Message] {
			continue
		}
		known := p.headerHash != [32]byte{} && l.content.HeaderHash != [32]byte{}
		if known && p.headerHash != l.content.HeaderHash {
			continue
		}
		r := 2*oneIf(known) + oneIf(p.folder == l.intents[PendMove].Target)
		if r > rank {
			best, rank = i, r
		}
	}
	if best < 0 {
		return newPlace{}, false, nil
	}
	m.used[places[best].location.ID] = true
	return places[best], true, nil
}

// follow takes a message to where the server has it now. Where the user moved
// it to another folder meanwhile the server's place wins, unless that is the
// Trash.
func (tx *Tx) follow(l loss, to newPlace) error {
	id := l.location.Message
	if err := tx.do(deleteLocation, l.location.ID); err != nil {
		return err
	}
	if err := tx.do(relocate, id, to.location.ID); err != nil {
		return err
	}
	if err := tx.absorb(id, to.location.Message); err != nil {
		return err
	}
	place, err := tx.placeAfter(l, to)
	if err != nil {
		return err
	}
	if err := tx.moveMessage(id, place); err != nil {
		return err
	}
	return tx.showBase(id, to.location.BaseFlags, to.location.BaseKeywords)
}

// placeAfter returns the folder in which a message that was moved on the
// server is shown, and settles what the user meant to do with it.
func (tx *Tx) placeAfter(l loss, to newPlace) (FolderID, error) {
	now, err := tx.intentsOf(l.location.Message)
	if err != nil {
		return 0, err
	}
	move, moving := now[PendMove]
	switch {
	case !moving:
		return to.folder, nil
	case move.ID != l.intents[PendMove].ID: // asked for at the new place
		return move.Target, nil
	case move.Target == to.folder:
		return to.folder, tx.drop(move)
	}
	f, err := tx.Folder(to.folder)
	if err != nil {
		return 0, err
	}
	if f.Role == RoleTrash {
		move.Source = to.folder
		_, err := tx.put(move)
		return move.Target, err
	}
	err = tx.Journal(Note{Account: l.message.Account, Step: "moved elsewhere", Ref: l.content.HeaderID,
		Result: "Somebody else moved this message to " + f.Path + " first."})
	if err != nil {
		return 0, err
	}
	return to.folder, tx.drop(move)
}

var (
	relocate      = onMail(`UPDATE imap_locations SET message_id = ? WHERE id = ?`)
	setFolder     = onMail(`UPDATE messages SET folder_id = ? WHERE id = ?`)
	setContent    = onMail(`UPDATE messages SET content_id = ?, indexed = 0 WHERE id = ?`)
	takePending   = onMail(`UPDATE pending SET message_id = ? WHERE id = ?`)
	takeLocations = onMail(`UPDATE imap_locations SET message_id = ?1 WHERE message_id = ?2`)
	takeLedger    = onMail(`UPDATE pop_locations SET message_id = ?1 WHERE message_id = ?2`)
	takeDrafts    = onMail(`UPDATE drafts SET message_id = ?1 WHERE message_id = ?2`)
	takeWishes    = onMail(`UPDATE OR IGNORE wanted SET content_id = ?1 WHERE content_id = ?2`)
)

// moveMessage puts a message into another folder, here.
func (tx *Tx) moveMessage(id MessageID, to FolderID) error {
	c, found, err := tx.place(id)
	if err != nil || !found || c.Folder == to {
		return err
	}
	if err := tx.noteMessage(id, Removed); err != nil {
		return err
	}
	if err := tx.do(setFolder, to, id); err != nil {
		return err
	}
	return tx.noteMessage(id, Added)
}

// absorb makes one of two messages that are one mail: keep stays where it is
// and takes over the fuller body, the intents, the wishes and the draft of
// other, which goes.
func (tx *Tx) absorb(keep, other MessageID) error {
	a, found, err := tx.place(keep)
	if err != nil || !found {
		return err
	}
	b, found, err := tx.place(other)
	if err != nil || !found {
		return err
	}
	if err := tx.absorbIntents(keep, other); err != nil {
		return err
	}
	for _, q := range []*query{takeLocations, takeLedger, takeDrafts} {
		if err := tx.do(q, keep, other); err != nil {
			return err
		}
	}
	if a.Content != b.Content {
		if err := tx.absorbContent(keep, a.Content, b.Content); err != nil {
			return err
		}
	}
	if err := tx.RemoveMessage(other); err != nil {
		return err
	}
	return tx.noteMessage(keep, Changed)
}

// absorbContent makes a message show the fuller of two contents of one mail.
func (tx *Tx) absorbContent(keep MessageID, own, others ContentID) error {
	a, err := tx.Identity(own)
	if err != nil {
		return err
	}
	b, err := tx.Identity(others)
	if err != nil {
		return err
	}
	better, worse := a, b
	if b.Body > a.Body {
		better, worse = b, a
		if err := tx.do(setContent, better.Content, keep); err != nil {
			return err
		}
	}
	if better.Body < BodyWhole {
		if err := tx.do(takeWishes, better.Content, worse.Content); err != nil {
			return err
		}
	}
	if better.Content == b.Content {
		return tx.do(dropOrphan, worse.Content)
	}
	return nil // RemoveMessage of the other drops it
}

// absorbIntents gives a message the intents of another; of two wishes for
// flags the other's, which is the later row's, is folded into its own.
func (tx *Tx) absorbIntents(keep, other MessageID) error {
	own, err := tx.intentsOf(keep)
	if err != nil {
		return err
	}
	others, err := tx.intentsOf(other)
	if err != nil {
		return err
	}
	for kind, p := range others {
		mine, both := own[kind]
		if !both {
			if err := tx.do(takePending, keep, p.ID); err != nil {
				return err
			}
			continue
		}
		if kind == PendFlags {
			mine.Set, mine.Clear = mine.Set&^p.Clear|p.Set, mine.Clear&^p.Set|p.Clear
			set, clear := wordSet(mine.SetWords), wordSet(mine.ClearWords)
			set.remove(p.ClearWords)
			set.add(p.SetWords)
			clear.remove(p.SetWords)
			clear.add(p.ClearWords)
			mine.SetWords, mine.ClearWords = set.sorted(), clear.sorted()
			if _, err := tx.put(mine); err != nil {
				return err
			}
		}
		if err := tx.drop(p); err != nil {
			return err
		}
	}
	return nil
}
