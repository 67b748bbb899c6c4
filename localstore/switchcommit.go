package localstore

import (
	"fmt"
	"strings"

	"paquebot.app/internal/fault"
)

// toldFlags are what an IMAP server is told of mail that was kept by POP.
const toldFlags = Seen | Answered | Flagged | Forwarded

// active selects the locations that begin to count when an account is kept by
// IMAP at maildrop ?1.
const active = ` FROM remote_folders r CROSS JOIN imap_locations l ON l.remote_folder_id = r.id AND l.uidvalidity = r.uidvalidity AND l.gone_at = 0
	CROSS JOIN messages m ON m.id = l.message_id WHERE r.maildrop_id = ?1`

var (
	setMode       = onMail(`UPDATE accounts SET mode = ?, generation = generation + 1, switch_to = '', incoming = ?, pop_delete = ?, pop_days = ? WHERE id = ?`)
	dropSwitched  = onMail(`UPDATE maildrops SET sessions = 0, switched_at = ? WHERE id = ?`)
	dropAsksAgain = onMail(`UPDATE maildrops SET delete_ok = 0, first_mails = -1 WHERE account_id = ? AND protocol = 'pop' AND closed_at = 0`)
	keepDeleting  = onMail(`UPDATE pop_locations SET state = 'kept', why = '', until = 0, deletes = 0, retry_at = 0
		WHERE state = 'deleting' AND maildrop_id IN (SELECT id FROM maildrops WHERE account_id = ?)`)
	// What was too large for POP, and came by IMAP.
	wholeByNow = onMail(`UPDATE pop_locations SET state = 'kept', why = '', tries = 0, retry_at = 0 WHERE state = 'skipped' AND header_hash IS NOT NULL
		AND maildrop_id IN (SELECT id FROM maildrops WHERE account_id = ?) AND EXISTS (SELECT 1 FROM messages m JOIN contents c ON c.id = m.content_id
			WHERE m.id = pop_locations.message_id AND c.body_state = 2 AND c.header_hash = pop_locations.header_hash)`)
	keepUntil  = onMail(`UPDATE pop_locations SET until = 0 WHERE until > 0 AND maildrop_id IN (SELECT id FROM maildrops WHERE account_id = ?)`)
	draftsHere = onMail(`UPDATE drafts SET put_at = max(put_at, coalesce((SELECT max(at) FROM draft_versions WHERE draft_id = drafts.id), 0)) WHERE account_id = ?`)

	// Of what is bound for the first time the server learns what it never was
	// told: nothing is cleared.
	tellNew = onMail(`INSERT INTO pending (account_id, message_id, kind, flags_set, created_at)
		SELECT ?2, m.id, 'flags', m.flags & ?3 & ~l.base_flags, ?4` + active + ` AND l.id > ?5 AND m.flags & ?3 & ~l.base_flags <> 0
		AND NOT EXISTS (SELECT 1 FROM pending WHERE message_id = m.id AND kind = 'flags') GROUP BY m.id`)
	showNew = onMail(`UPDATE messages SET flags = (SELECT l.base_flags & ~?2 | messages.flags & ?3 FROM remote_folders r CROSS JOIN imap_locations l
		ON l.remote_folder_id = r.id AND l.uidvalidity = r.uidvalidity AND l.gone_at = 0 WHERE r.maildrop_id = ?1 AND l.message_id = messages.id AND l.id > ?4)
		WHERE id IN (SELECT m.id` + active + ` AND l.id > ?4 AND (l.base_flags & ~?2 | m.flags & ?3) <> m.flags)`)
	// What was changed here while the account was kept by POP, of mail that the
	// server had before.
	tellOld = onMail(`INSERT INTO pending (account_id, message_id, kind, flags_set, flags_clear, created_at)
		SELECT ?2, m.id, 'flags', m.flags & ?3 & ~l.base_flags, l.base_flags & ?3 & ~m.flags, ?4` + active + ` AND l.id <= ?5
		AND m.flags & ?3 <> l.base_flags & ?3 AND NOT EXISTS (SELECT 1 FROM pending WHERE message_id = m.id AND kind = 'flags')
		GROUP BY m.id`)
	// Keywords are few; they are compared one message at a time.
	worded = onMail(`SELECT m.id, l.id > ?2, l.base_flags, l.base_keywords` + active + `
		AND (l.base_keywords <> '' OR EXISTS (SELECT 1 FROM keywords WHERE message_id = m.id)) ORDER BY m.id`)

	pendingsLeft = onMail(`SELECT count(*) FROM pending WHERE account_id = ?`)
	showAgain    = onMail(`UPDATE messages SET state = 'shown' WHERE id IN (SELECT m.id FROM folders f CROSS JOIN messages m INDEXED BY messages_list
		ON m.folder_id = f.id AND m.state = 'deleted' CROSS JOIN contents c ON c.id = m.content_id WHERE f.account_id = ? AND c.body_state = 2)`)
	leaveBehind = onMail(`UPDATE contents SET left_behind = 1 WHERE id IN (SELECT m.content_id FROM folders f CROSS JOIN messages m INDEXED BY messages_list
		ON m.folder_id = f.id AND m.state = 'shown' CROSS JOIN contents c ON c.id = m.content_id WHERE f.account_id = ? AND c.body_state < 2)`)
	isLeft     = onMail(`SELECT left_behind FROM contents WHERE id = ?`)
	failWishes = onMail(`UPDATE wanted SET error = ? WHERE error = '' AND content_id IN (SELECT w.content_id FROM wanted w CROSS JOIN contents c ON c.id = w.content_id
		WHERE c.account_id = ?)`)
)

// notByPop is why what was asked for does not come any more.
const notByPop = "The account is kept by POP now. What was not fetched before is only in the folders of its IMAP server."

// CommitSwitch changes an account's mode, in this one commit: what the other
// server holds counts no more, what was bound counts, nothing of either is
// removed here or there and nothing is put there. Connections of the old mode
// write no more. Deletions that were due from a maildrop are not due any more,
// and after a switch to POP its mail stays there until the user has chosen a
// policy and said yes to the first removals.
//
// A switch to POP is refused with remedy Later while something waits for the
// server, and while mail that is to come here has not come.
func (tx *Tx) CommitSwitch(id int64) error {
	s, err := tx.switching(id)
	if err != nil {
		return err
	}
	a, err := tx.Account(s.Account)
	if err != nil {
		return err
	}
	popDelete, popDays := a.PopDelete, a.PopDays
	if s.To == POP {
		if err := tx.readyForPop(s); err != nil {
			return err
		}
		a.POP, popDelete, popDays = s.Choice.Server, DeleteNever, 0
	} else {
		a.IMAP = s.Choice.Server
	}
	in, _, err := a.settings()
	if err != nil {
		return err
	}
	server := s.Choice.Server
	m, err := tx.OpenMaildrop(a.ID, s.To, server.Host, server.Port, server.User)
	if err != nil {
		return err
	}
	if err := tx.do(setMode, s.To, in, popDelete, popDays, a.ID); err != nil {
		return err
	}
	now := tx.s.clock.Now().Unix()
	if err := tx.do(dropSwitched, now, m.ID); err != nil {
		return err
	}
	for _, q := range []*query{keepDeleting, keepUntil} {
		if err := tx.do(q, a.ID); err != nil {
			return err
		}
	}
	if s.To == POP {
		err = tx.nowPop(a.ID)
	} else {
		err = tx.nowImap(s, m.ID, now)
	}
	if err != nil {
		return err
	}
	done, step := int64(0), SwitchCommitted
	if s.To == POP {
		done, step = max(now, 1), SwitchBound // what is not recognised yet the first sessions look at
	}
	if err := tx.do(setSwitchStep, step, "", done, id); err != nil {
		return err
	}
	return tx.noteSwitched(a.ID, s)
}

// noteSwitched tells everybody that where mail is has changed.
func (tx *Tx) noteSwitched(account AccountID, s Switch) error {
	tx.note(Change{Topic: TopicAccounts, Kind: Changed, Account: account})
	tx.note(Change{Topic: TopicPending, Kind: Changed, Account: account})
	folders, err := tx.Folders(account)
	for _, f := range folders {
		tx.note(Change{Topic: TopicFolders, Kind: Changed, Account: account, Folder: f.ID})
	}
	if err != nil {
		return err
	}
	return tx.Journal(Note{Account: account, Step: "switched", Ref: string(s.To),
		Result: fmt.Sprintf("The account is kept by %s now. Nothing was deleted or uploaded.", modeWords[s.To])})
}

// nowImap makes flags and drafts ready for a server that has not seen them.
func (tx *Tx) nowImap(s Switch, m MaildropID, now int64) error {
	mark := s.Choice.LastImap
	words, err := tx.wordedAt(m, mark)
	if err != nil {
		return err
	}
	if err := tx.do(tellNew, m, s.Account, int64(toldFlags), now, mark); err != nil {
		return err
	}
	if err := tx.do(showNew, m, int64(ServerDeleted), int64(toldFlags), mark); err != nil {
		return err
	}
	if err := tx.do(tellOld, m, s.Account, int64(toldFlags), now, mark); err != nil {
		return err
	}
	for _, w := range words {
		if err := tx.tellWords(w); err != nil {
			return err
		}
	}
	if err := tx.do(draftsHere, s.Account); err != nil {
		return err
	}
	return tx.do(setSettled, s.Account) // what was bound is no new place of something else
}

// wordedMessage is a message that has keywords here or on its server.
type wordedMessage struct {
	id    MessageID
	fresh bool // it is bound for the first time
	base  marks
}

func (tx *Tx) wordedAt(m MaildropID, mark LocationID) ([]wordedMessage, error) {
	return collect(tx.session, worded, func(r scanner) (w wordedMessage, err error) {
		var words string
		err = r.Scan(&w.id, &w.fresh, &w.base.flags, &words)
		w.base.words = strings.Fields(words)
		return w, err
	}, m, mark)
}

// tellWords makes an intent of the keywords that the server does not know, or,
// of mail that it had before, has and is not to have any more.
func (tx *Tx) tellWords(w wordedMessage) error {
	s, ok, err := tx.subject(w.id)
	if err != nil || !ok {
		return err
	}
	shown, err := tx.shownMarks(s)
	if err != nil {
		return err
	}
	after := shown
	if w.fresh {
		after.words = union(shown.words, w.base.words)
	}
	added, gone := after.from(shown)
	if err := tx.show(s, after, added, gone); err != nil {
		return err
	}
	p := s.intents[PendFlags]
	p.Account, p.Message, p.Kind = s.account, s.id, PendFlags
	p.SetWords, p.ClearWords = without(after.words, w.base.words), without(w.base.words, after.words)
	if p.ID == 0 && len(p.SetWords) == 0 && len(p.ClearWords) == 0 {
		return nil
	}
	_, err = tx.put(p)
	return err
}

// readyForPop refuses a switch to POP while something is left to be done.
func (tx *Tx) readyForPop(s Switch) error {
	left, err := tx.number(pendingsLeft, s.Account)
	if err != nil {
		return err
	}
	if left > 0 {
		return notReady(fmt.Sprintf("%d changes have not reached the server yet.", left))
	}
	missing, err := tx.SwitchMissing(s, 1)
	if err != nil {
		return err
	}
	if len(missing) > 0 && !s.Choice.GoWithout {
		return notReady("Some mail is only on the server yet.")
	}
	return nil
}

// notReady says why a switch waits.
func notReady(text string) error {
	return &fault.Error{Remedy: fault.Later, Scope: fault.Account, Cause: fault.Server, Op: "switch", Text: text}
}

// nowPop ends what only an IMAP server could do.
func (tx *Tx) nowPop(account AccountID) error {
	for _, q := range []*query{dropAsksAgain, showAgain, wholeByNow, leaveBehind} {
		if err := tx.do(q, account); err != nil {
			return err
		}
	}
	if err := tx.do(failWishes, notByPop, account); err != nil {
		return err
	}
	return tx.EndPack(account)
}
