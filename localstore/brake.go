package localstore

import (
	"slices"
	"strings"
	"time"
)

// wentOn is why a letter waits whose conversation went on.
const wentOn = "New message in this conversation."

// brakeOff is the setting of those who want no brake.
const brakeOff = "send-without-looking"

var (
	repliesDue = onMail(`SELECT id, answers_id, seen_up_to FROM outbox INDEXED BY outbox_answers
		WHERE account_id = ?1 AND state = 'queued' AND answers_id > 0 AND not_before <= ?2 ORDER BY id`)
	newestMessage = onMail(`SELECT coalesce(max(id), 0) FROM messages`)
	// An older mail of the conversation that only comes now is no news.
	cameSince = onMail(`SELECT m.id, c.sender, c.thread_id, c.refs FROM messages m CROSS JOIN contents c ON c.id = m.content_id
		CROSS JOIN folders f ON f.id = m.folder_id
		WHERE m.id > ?1 AND m.state = 'shown' AND f.account_id = ?2 AND f.role NOT IN ('sent', 'drafts', 'outbox', 'templates', 'junk', 'trash')
		AND c.refs <> '' AND m.arrived >= coalesce((SELECT max(arrived) FROM messages WHERE content_id = ?3), 0) ORDER BY m.id`)
	holdReply    = onMail(`UPDATE outbox SET state = 'held', hold_reason = ?1, newer_id = ?2, seen_up_to = ?2 WHERE id = ?3`)
	ourAddresses = onMail(`SELECT lower(address) FROM accounts UNION SELECT lower(address) FROM identities WHERE own = 0`)
)

// Brakes tells whether a reply waits for a word when somebody has written in its
// conversation since it was queued. It is so unless the user has ended it.
func (v *View) Brakes() (bool, error) {
	value, err := v.Setting(brakeOff)
	return value != "on", err
}

// SetBrakes sets what Brakes tells.
func (tx *Tx) SetBrakes(on bool) error {
	value := "on"
	if on {
		value = "off"
	}
	return tx.SetSetting(brakeOff, value)
}

// BrakeReplies holds every letter of an account that is due and answers a
// conversation in which somebody else has written since the letter was queued,
// or since the user last sent it on its way. Letter.Newer names the message.
// Whoever is about to send calls it, after having received.
func (tx *Tx) BrakeReplies(account AccountID, now time.Time) (held int, err error) {
	if on, err := tx.Brakes(); err != nil || !on {
		return 0, err
	}
	type reply struct {
		n       OutboxID
		answers ContentID
		seen    MessageID
	}
	due, err := collect(tx.session, repliesDue, func(r scanner) (x reply, err error) {
		err = r.Scan(&x.n, &x.answers, &x.seen)
		return x, err
	}, account, unix(now))
	for _, x := range due {
		newer, err := tx.wentOn(account, x.answers, x.seen)
		if err != nil {
			return held, err
		}
		if newer == 0 {
			continue
		}
		l, err := tx.Letter(x.n)
		if err != nil {
			return held, err
		}
		tx.noteLetter(l)
		if err := tx.do(holdReply, wentOn, newer, x.n); err != nil {
			return held, err
		}
		held++
	}
	return held, err
}

// wentOn returns the latest message after seen that somebody else wrote in the
// conversation of a content; 0: none. Mail that has no conversation yet, because
// it has just come, belongs to it by what it refers to.
func (tx *Tx) wentOn(account AccountID, answered ContentID, seen MessageID) (newer MessageID, err error) {
	came, err := tx.cameSince(account, answered, seen)
	if err != nil || len(came) == 0 {
		return 0, err
	}
	ours, err := collect(tx.session, ourAddresses, func(r scanner) (a string, err error) {
		err = r.Scan(&a)
		return a, err
	})
	if err != nil {
		return 0, err
	}
	known, thread, err := tx.conversationOf(answered)
	if err != nil {
		return 0, err
	}
	for _, m := range came {
		if slices.ContainsFunc(ours, func(a string) bool { return wroteIt(m.sender, a) }) {
			continue
		}
		belongs := thread != 0 && m.thread == thread
		for _, h := range strings.Fields(m.refs) {
			if belongs = belongs || slices.Contains(known, h); belongs {
				break
			}
			if thread == 0 {
				continue
			}
			n, err := tx.number(threadByID, account, h)
			if err != nil {
				return 0, err
			}
			belongs = ThreadID(n) == thread
		}
		if belongs {
			newer = m.id
		}
	}
	return newer, nil
}

// arrival is a message that came while a letter waited.
type arrival struct {
	id           MessageID
	sender, refs string
	thread       ThreadID
}

func (tx *Tx) cameSince(account AccountID, answered ContentID, seen MessageID) ([]arrival, error) {
	return collect(tx.session, cameSince, func(r scanner) (a arrival, err error) {
		err = r.Scan(&a.id, &a.sender, &a.thread, &a.refs)
		return a, err
	}, seen, account, answered)
}

// conversationOf returns the Message-IDs that a content names, its own among
// them, and its conversation; 0: it has none yet.
func (tx *Tx) conversationOf(id ContentID) (known []string, thread ThreadID, err error) {
	var account AccountID
	var headerID, refs string
	if _, err := tx.one(threadOf, []any{&account, &headerID, &refs, &thread}, id); err != nil {
		return nil, 0, err
	}
	if headerID != "" {
		known = append(known, headerID)
	}
	return append(known, strings.Fields(refs)...), thread, nil
}

// wroteIt tells whether an address, in lower case, is that of a From field.
func wroteIt(from, address string) bool {
	from = strings.ToLower(from)
	return from == address || strings.Contains(from, "<"+address+">")
}
