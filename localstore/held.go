package localstore

import (
	"cmp"
	"fmt"
	"slices"
	"time"
)

// HeldMessage is a message that its server lists no more and that waits here:
// in the hold until its time is over, or in a paused folder for an answer.
type HeldMessage struct {
	Message
	Since time.Time // when it was noticed
	Until time.Time // when it goes; zero: when the user has answered
	Why   string    // a sentence
}

// PausedFolder is a folder that waits for an answer about the messages that
// its server has no more.
type PausedFolder struct {
	Folder
	Waiting int // messages without an answer
	Whole   int // of these, how many are here whole and could be put back
	Headers int // of these, how many have nothing here but their header
}

var (
	inHold = onMail(`SELECT m.id, m.held_until FROM messages m CROSS JOIN folders f ON f.id = m.folder_id
		CROSS JOIN accounts a ON a.id = f.account_id AND` + notRemoving + `WHERE m.state = 'held' AND m.held_until > ?1
		AND (?2 = 0 OR f.account_id = ?2) AND (?3 = 0 OR f.id = ?3) ORDER BY m.held_until DESC, m.ord DESC`)
	untilOf = onMail(`SELECT held_until FROM messages WHERE id = ? AND state = 'held'`)
	goneAt  = onMail(`SELECT max(gone_at) FROM imap_locations WHERE message_id = ?`)
	waiting = onMail(`SELECT DISTINCT m.id, c.body_state FROM remote_folders r CROSS JOIN imap_locations l ON l.remote_folder_id = r.id
		CROSS JOIN messages m ON m.id = l.message_id CROSS JOIN contents c ON c.id = m.content_id
		WHERE r.folder_id = ? AND m.folder_id = r.folder_id AND l.gone_at > 0 AND m.state <> 'held'
		AND NOT EXISTS (SELECT 1 FROM imap_locations o CROSS JOIN remote_folders p ON p.id = o.remote_folder_id AND p.uidvalidity = o.uidvalidity
			WHERE o.message_id = m.id AND o.gone_at = 0)
		AND NOT EXISTS (SELECT 1 FROM pending WHERE message_id = m.id AND kind IN ('append', 'copy', 'move', 'delete')) LIMIT ?`)
	waits  = onMail(`SELECT EXISTS (SELECT 1 FROM imap_locations WHERE message_id = ? AND gone_at > 0)`)
	paused = onMail(folderColumns + `WHERE f.paused <> '' AND (?1 = 0 OR f.account_id = ?1) ORDER BY a.name, f.path`)
)

// HeldMessages returns what is in the hold of an account (0: of all) and a
// folder (0: of all), the latest first. What waits in paused folders is not
// among it.
func (v *View) HeldMessages(account AccountID, folder FolderID) ([]HeldMessage, error) {
	type row struct {
		id    MessageID
		until int64
	}
	rows, err := collect(v.session, inHold, func(r scanner) (h row, err error) {
		err = r.Scan(&h.id, &h.until)
		return h, err
	}, 0, account, folder)
	if err != nil {
		return nil, err
	}
	ids := make([]MessageID, len(rows))
	until := make(map[MessageID]int64, len(rows))
	for i, r := range rows {
		ids[i], until[r.id] = r.id, r.until
	}
	messages, err := v.Messages(ids)
	if err != nil {
		return nil, err
	}
	return v.whyHeld(messages, func(m Message) (since, end time.Time, err error) {
		end = fromUnix(until[m.ID])
		return end.Add(-heldFor), end, nil
	})
}

// WaitingMessages returns what waits in a paused folder for an answer, the
// newest first.
func (v *View) WaitingMessages(folder FolderID) ([]HeldMessage, error) {
	found, err := v.waitingIn(folder, -1)
	if err != nil {
		return nil, err
	}
	ids := make([]MessageID, len(found))
	for i, w := range found {
		ids[i] = w.id
	}
	messages, err := v.Messages(ids)
	if err != nil {
		return nil, err
	}
	slices.SortFunc(messages, func(a, b Message) int { return cmp.Compare(b.Ord, a.Ord) })
	return v.whyHeld(messages, func(m Message) (since, end time.Time, err error) {
		n, err := v.number(goneAt, m.ID)
		return fromUnix(n), time.Time{}, err
	})
}

// whyHeld says why messages wait.
func (v *View) whyHeld(messages []Message, times func(Message) (since, until time.Time, err error)) ([]HeldMessage, error) {
	folders := map[FolderID]Folder{}
	all := make([]HeldMessage, 0, len(messages))
	for _, m := range messages {
		f, known := folders[m.Folder]
		if !known {
			var err error
			if f, err = v.Folder(m.Folder); err != nil {
				return nil, err
			}
			folders[m.Folder] = f
		}
		h := HeldMessage{Message: m, Why: "The server does not list it any more."}
		switch {
		case m.State != Held && f.Paused != "":
			h.Why = f.Paused
		case !f.Remote:
			h.Why = "The server has its folder no more."
		}
		var err error
		if h.Since, h.Until, err = times(m); err != nil {
			return nil, err
		}
		all = append(all, h)
	}
	return all, nil
}

// HeldUntil tells when a message in the hold goes; ok is false for one that is
// not in the hold.
func (v *View) HeldUntil(id MessageID) (until time.Time, ok bool, err error) {
	var n int64
	ok, err = v.one(untilOf, []any{&n}, id)
	return fromUnix(n), ok, err
}

// Waits tells whether a message waits in a paused folder for an answer.
func (v *View) Waits(m Message) (bool, error) {
	if m.State == Held || m.Where != WhereHere {
		return false, nil
	}
	n, err := v.number(waits, m.ID)
	return n != 0, err
}

// PausedFolders returns the folders that wait for an answer.
func (v *View) PausedFolders() ([]PausedFolder, error) {
	folders, err := collect(v.session, paused, scanFolder, 0)
	if err != nil {
		return nil, err
	}
	all := make([]PausedFolder, 0, len(folders))
	for _, f := range folders {
		p := PausedFolder{Folder: f}
		found, err := v.waitingIn(f.ID, -1)
		if err != nil {
			return nil, err
		}
		for _, w := range found {
			p.Waiting++
			p.Whole += oneIf(w.body == BodyWhole)
			p.Headers += oneIf(w.body == BodyNone)
		}
		all = append(all, p)
	}
	return all, nil
}

// waitingOne is a message that waits in a paused folder.
type waitingOne struct {
	id   MessageID
	body BodyState
}

// waitingIn returns what waits in a paused folder, at most limit (-1: all).
func (v *View) waitingIn(folder FolderID, limit int) ([]waitingOne, error) {
	return collect(v.session, waiting, func(r scanner) (w waitingOne, err error) {
		err = r.Scan(&w.id, &w.body)
		return w, err
	}, folder, limit)
}

// notHeld refuses a message about which there is no question.
func notHeld(id MessageID) error {
	return refuse("held", fmt.Sprintf("Message %d is not held.", id))
}
