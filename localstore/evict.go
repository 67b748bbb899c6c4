package localstore

import "context"

// Room is what an account's bodies take on the disk.
type Room struct {
	Used  int64 // bytes
	Quota int64 // bytes; 0: no limit
	full  MessageID
}

// How full an account is when older mail is not fetched any more, how full it is
// left when bodies had to leave, and when there is room for older mail again: in
// percent of its quota. The room between is for new mail.
const (
	fullAbove  = 95
	leftAbove  = 90
	roomyBelow = 80
)

// evictTurn is how many bodies leave in one commit.
const evictTurn = 100

// evictable are the bodies that the server has too and nobody needs here. The
// least recently read are the first, of those never read the oldest.
const evictable = `FROM contents c INDEXED BY contents_kept
	WHERE c.account_id = ?1 AND c.body_state > 0 AND c.pinned = 0
	AND EXISTS (SELECT 1 FROM messages m WHERE m.content_id = c.id)
	AND NOT EXISTS (SELECT 1 FROM messages m JOIN folders f ON f.id = m.folder_id JOIN accounts a ON a.id = f.account_id
		WHERE m.content_id = c.id AND (m.state <> 'shown' OR a.mode <> 'imap' OR f.role IN ('drafts', 'outbox', 'templates') OR f.paused <> ''
			OR NOT ` + imapLocated + `
			OR EXISTS (SELECT 1 FROM pending WHERE message_id = m.id)
			OR EXISTS (SELECT 1 FROM drafts WHERE message_id = m.id)
			OR EXISTS (SELECT 1 FROM pop_locations WHERE message_id = m.id)))
	AND NOT EXISTS (SELECT 1 FROM outbox WHERE content_id = c.id)
	AND NOT EXISTS (SELECT 1 FROM wanted WHERE content_id = c.id)
	AND NOT EXISTS (SELECT 1 FROM begun WHERE content_id = c.id)
	AND NOT EXISTS (SELECT 1 FROM pack_messages p JOIN packs k ON k.account_id = p.account_id WHERE p.content_id = c.id AND k.ended_at = 0)`

var (
	wholeBytes = onMail(`SELECT coalesce(sum(size), 0) FROM contents INDEXED BY contents_kept WHERE account_id = ? AND body_state > 0 AND body_state = 2`)
	// What is in base64 takes a third more than its size.
	partBytes = onMail(`SELECT coalesce(sum(CASE p.encoding WHEN 'base64' THEN p.size * 78 / 57 ELSE p.size END), 0)
		FROM contents c INDEXED BY contents_kept CROSS JOIN parts p ON p.content_id = c.id
		WHERE c.account_id = ? AND c.body_state > 0 AND c.body_state = 1 AND p.blob_id > 0`)
	quotaOf     = onMail(`SELECT quota FROM accounts WHERE id = ?`)
	toEvict     = onMail(`SELECT c.id, c.size, c.body_state ` + evictable + ` ORDER BY c.read_at, c.id LIMIT ?2`)
	partBytesOf = onMail(`SELECT coalesce(sum(CASE encoding WHEN 'base64' THEN size * 78 / 57 ELSE size END), 0) FROM parts WHERE content_id = ? AND blob_id > 0`)
	evictBody   = onMail(`UPDATE contents SET body_state = 0, blob_id = 0, evicted = 1 WHERE id = ?`)
	evictParts  = onMail(`UPDATE parts SET blob_id = 0 WHERE content_id = ?`)
	setFull     = onMail(`UPDATE accounts SET full_after = ? WHERE id = ?`)
	newest      = onMail(`SELECT coalesce(max(id), 0) FROM messages`)
	comeBack    = onMail(`UPDATE contents SET evicted = 0 WHERE account_id = ? AND evicted = 1`)
	setKept     = onMail(`UPDATE contents SET pinned = ? WHERE id = ?`)
	shrink      = onBodies(`PRAGMA incremental_vacuum(4000)`)
)

// roomOf is Room for who does nothing where there is no quota, and has been none.
func (v *View) roomOf(account AccountID) (r Room, err error) {
	if r.Quota, err = v.number(quotaOf, account); err != nil {
		return r, err
	}
	if r.full, err = v.FullAfter(account); err != nil || r.Quota == 0 {
		return r, err
	}
	full := r.full
	r, err = v.Room(account)
	r.full = full
	return r, err
}

// Room returns what an account's bodies take.
func (v *View) Room(account AccountID) (r Room, err error) {
	whole, err := v.number(wholeBytes, account)
	if err != nil {
		return r, err
	}
	parts, err := v.number(partBytes, account)
	if err != nil {
		return r, err
	}
	r.Used = whole + parts
	r.Quota, err = v.number(quotaOf, account)
	return r, err
}

// SetPinned keeps a body here whatever the quota, or ends that. Pinning asks for
// the whole mail.
func (tx *Tx) SetPinned(id ContentID, pinned bool) error {
	if err := tx.do(setKept, oneIf(pinned), id); err != nil {
		return err
	}
	if err := tx.noteShown(id); err != nil || !pinned {
		return err
	}
	return tx.Want(id, WishWhole)
}

// MakeRoom lets bodies of an account leave this computer until its quota holds,
// the least recently read first, and returns how many left. What is pinned, only
// here, put aside, changed and not confirmed, of a draft, of a letter or of a
// maildrop, or asked for, stays. Headers, previews and what search knows stay
// too; the body comes again when it is asked for, and not before. It is called
// right after a pass has seen that the server has the mail, by the holder of
// Lock. The rows go first, the bytes with the next SweepBlobs.
func (s *Store) MakeRoom(ctx context.Context, account AccountID) (left int, err error) {
	var room Room
	err = s.Read(ctx, func(v *View) (err error) {
		room, err = v.roomOf(account)
		return err
	})
	if err != nil {
		return 0, err
	}
	if room.Quota == 0 && room.full == 0 {
		return 0, nil
	}
	aim := room.Quota / 100 * leftAbove
	for over := room.Quota > 0 && room.Used > room.Quota; over && room.Used > aim; {
		n := 0
		err := s.Write(ctx, "make room", func(tx *Tx) error {
			n = 0
			freed, gone, err := tx.evictSome(account, room.Used-aim)
			n, room.Used = gone, room.Used-freed
			return err
		})
		if err != nil {
			return left, err
		}
		if left += n; n == 0 {
			break // the rest is not to be moved
		}
	}
	return left, s.noteRoom(ctx, account, room, left > 0)
}

// NoteRoom notes whether an account has room left for older mail, which its
// policy asks for.
func (s *Store) NoteRoom(ctx context.Context, account AccountID) error {
	var room Room
	err := s.Read(ctx, func(v *View) (err error) {
		room, err = v.Room(account)
		return err
	})
	if err != nil {
		return err
	}
	return s.noteRoom(ctx, account, room, false)
}

func (s *Store) noteRoom(ctx context.Context, account AccountID, room Room, crowded bool) error {
	full := room.Quota > 0 && (crowded || room.Used > room.Quota/100*fullAbove)
	roomy := room.Quota == 0 || room.Used < room.Quota/100*roomyBelow
	if !full && (!roomy || crowded) {
		return nil
	}
	var before MessageID
	err := s.Read(ctx, func(v *View) (err error) {
		before, err = v.FullAfter(account)
		return err
	})
	if err != nil || full == (before != 0) {
		return err
	}
	return s.Write(ctx, "room", func(tx *Tx) error {
		if full {
			last, err := tx.number(newest)
			if err != nil {
				return err
			}
			return tx.do(setFull, last, account)
		}
		if err := tx.do(setFull, 0, account); err != nil {
			return err
		}
		return tx.do(comeBack, account) // policies may bring again what had to leave
	})
}

// evictSome lets bodies of about so many bytes leave, at most evictTurn.
func (tx *Tx) evictSome(account AccountID, bytes int64) (freed int64, gone int, err error) {
	type body struct {
		id    ContentID
		size  int64
		state BodyState
	}
	some, err := collect(tx.session, toEvict, func(r scanner) (b body, err error) {
		err = r.Scan(&b.id, &b.size, &b.state)
		return b, err
	}, account, evictTurn)
	for _, b := range some {
		if freed >= bytes {
			break
		}
		if b.state != BodyWhole {
			if b.size, err = tx.number(partBytesOf, b.id); err != nil {
				return freed, gone, err
			}
		}
		for _, q := range []*query{evictBody, evictParts} {
			if err := tx.do(q, b.id); err != nil {
				return freed, gone, err
			}
		}
		if err := tx.noteShown(b.id); err != nil {
			return freed, gone, err
		}
		freed += b.size
		gone++
	}
	return freed, gone, err
}

// ShrinkBodies gives room that bodies have left back to the disk, a little at a
// time; it returns at once where there is none.
func (s *Store) ShrinkBodies(ctx context.Context) error {
	return s.writeBodies(ctx, "shrink bodies", func(in *session) error {
		_, err := collect(in, shrink, func(scanner) (struct{}, error) { return struct{}{}, nil })
		return err
	})
}
