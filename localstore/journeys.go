package localstore

import (
	"encoding/json"
	"fmt"
	"time"
)

// Journey is the report of a time that an account was without a network: what
// happened when it was online again.
type Journey struct {
	ID      JourneyID
	Account AccountID
	Since   time.Time // online until then
	Online  time.Time // and again
	Ended   time.Time // all that waited was tried, once at least
	JourneyReport
}

// JourneyReport is what a Journey keeps, as it was when it ended.
type JourneyReport struct {
	Sent      []JourneyLetter   `json:"sent"`      // to everybody, or to some
	Waiting   []JourneyLetter   `json:"waiting"`   // still, with the reason
	Received  []JourneyFolder   `json:"received"`  // of each folder, those with none left out
	Applied   []JourneyApplied  `json:"applied"`   // what was done offline and is confirmed
	Conflicts []JourneyConflict `json:"conflicts"` // what the user should know or choose
}

// JourneyLetter is a letter as it stood then.
type JourneyLetter struct {
	Letter     OutboxID    `json:"letter"`
	Message    MessageID   `json:"message"` // 0: shown nowhere then
	HeaderID   string      `json:"header_id"`
	Subject    string      `json:"subject"`
	State      OutboxState `json:"state"`
	Reason     string      `json:"reason"`        // why it waits, for people
	Next       time.Time   `json:"next,omitzero"` // the next try; zero: none by itself, or with the next connection
	Recipients []Recipient `json:"recipients"`
}

// JourneyFolder counts what came into a folder.
type JourneyFolder struct {
	Folder FolderID `json:"folder"`
	Path   string   `json:"path"`
	New    int      `json:"new"`
	Unread int      `json:"unread"`
}

// JourneyApplied counts intents of a kind that the server has confirmed.
type JourneyApplied struct {
	Kind  PendingKind `json:"kind"`
	Count int         `json:"count"`
}

// JourneyConflict is something that did not go as it was meant.
type JourneyConflict struct {
	Text    string    `json:"text"`
	Letter  OutboxID  `json:"letter,omitempty"`
	Folder  FolderID  `json:"folder,omitempty"`
	Intent  PendingID `json:"intent,omitempty"`
	Choices []string  `json:"choices"` // of JourneyChoices; none: it is settled
}

// The choices that a conflict may leave.
const (
	ChoiceSend    = "send"    // send anyway, or again
	ChoiceSent    = "sent"    // it went out
	ChoiceEdit    = "edit"    // take it back to be written on
	ChoiceCancel  = "cancel"  // take it back for good
	ChoiceRelease = "release" // of a restored profile: it goes on here
	ChoiceKeep    = "keep"    // of a paused folder: here
	ChoicePutBack = "putback" // on the server
	ChoiceRemove  = "remove"
)

const (
	journeyAfter = 10 * time.Minute // without a network is a journey, where nothing waited
	journeysKept = 200              // of an account
)

const journeyColumns = `SELECT id, account_id, since, online_at, ended_at, report FROM journeys `

var (
	journeysOf    = onMail(journeyColumns + `WHERE ended_at > 0 AND (?1 = 0 OR account_id = ?1) ORDER BY id DESC LIMIT ?2`)
	journeyByID   = onMail(journeyColumns + `WHERE ended_at > 0 AND id = ?`)
	trimJourneys  = onMail(`DELETE FROM journeys WHERE account_id = ?1 AND id <= coalesce((SELECT id FROM journeys WHERE account_id = ?1 ORDER BY id DESC LIMIT 1 OFFSET ?2), 0)`)
	dropJourney   = onMail(`DELETE FROM journeys WHERE id = ?`)
	endJourney    = onMail(`UPDATE journeys SET ended_at = ?, report = ? WHERE id = ?`)
	onlineUntil   = onMail(`SELECT online_until FROM accounts WHERE id = ?`)
	setOnline     = onMail(`UPDATE accounts SET online_until = ? WHERE id = ?`)
	insertJourney = onMail(`INSERT INTO journeys (account_id, since, online_at, seen_up_to, intents, letters) VALUES (?, ?, ?, ?, ?, ?)`)
	openJourney   = onMail(`SELECT id, since, online_at, seen_up_to, intents, letters, received, conflicts FROM journeys WHERE account_id = ? AND ended_at = 0`)
	notReceived   = onMail(`UPDATE journeys SET received = 0 WHERE account_id = ? AND ended_at = 0`)
	setReceived   = onMail(`UPDATE journeys SET received = ?, conflicts = ? WHERE id = ?`)
	intentKinds   = onMail(`SELECT kind, count(*), max(id) FROM pending WHERE account_id = ? AND id <= ? GROUP BY kind ORDER BY kind`)
)

// Journeys returns the newest reports of an account (0: of all), newest first.
func (v *View) Journeys(account AccountID, limit int) ([]Journey, error) {
	return collect(v.session, journeysOf, scanJourney, account, limit)
}

// Journey returns one report; the error of an unknown one has cause Missing.
func (v *View) Journey(id JourneyID) (Journey, error) {
	found, err := collect(v.session, journeyByID, scanJourney, id)
	if err != nil {
		return Journey{}, err
	}
	if len(found) == 0 {
		return Journey{}, unknown("journey", fmt.Sprintf("There is no journey %d.", id))
	}
	return found[0], nil
}

func scanJourney(r scanner) (j Journey, err error) {
	var since, online, ended int64
	var report string
	if err := r.Scan(&j.ID, &j.Account, &since, &online, &ended, &report); err != nil {
		return j, err
	}
	j.Since, j.Online, j.Ended = fromUnix(since), fromUnix(online), fromUnix(ended)
	return j, json.Unmarshal([]byte(report), &j.JourneyReport)
}

// intended are the intents that waited when an account was online again.
type intended struct {
	Last  PendingID        `json:"last"`
	Kinds []JourneyApplied `json:"kinds"`
}

// JourneyMark is how an account stood before it was connected to.
type JourneyMark struct {
	at      time.Time
	seen    MessageID
	intents intended
	letters []OutboxID // that wait
	fresh   bool       // some of them for nothing but a connection
}

// underWay is a journey that has not ended.
type underWay struct {
	id            JourneyID
	account       AccountID
	since, online time.Time
	seen          MessageID
	intents       intended
	letters       []OutboxID
	received      bool
	conflicts     []string
}

// JourneyMark returns how an account stands now.
func (v *View) JourneyMark(account AccountID) (m JourneyMark, err error) {
	m.at = v.s.clock.Now()
	letters, err := v.Outbox(account, false)
	if err != nil {
		return m, err
	}
	for _, l := range letters {
		if l.State == OutSent || l.State == OutRefused {
			continue
		}
		m.letters = append(m.letters, l.N)
		m.fresh = m.fresh || l.State == OutQueued && l.Attempts == 0 && !l.NotBefore.After(m.at)
	}
	seen, err := v.number(newestMessage)
	if err != nil {
		return m, err
	}
	m.seen = MessageID(seen)
	m.intents, err = v.intentsUpTo(account, 1<<62)
	return m, err
}

// Reconnected notes that an account's server has let us in, after a mark was
// made. After ten minutes without, or where letters waited for it, a journey
// ends: its report is written when all that waited has been tried, however often
// the line breaks until then.
func (tx *Tx) Reconnected(account AccountID, m JourneyMark) error {
	_, open, err := tx.underWay(account)
	if err != nil || open {
		return err
	}
	since, err := tx.onlineUntil(account)
	if err != nil {
		return err
	}
	if err := tx.do(setOnline, m.at.Unix(), account); err != nil || since.IsZero() {
		return err
	}
	if m.at.Sub(since) < journeyAfter && !m.fresh {
		return nil
	}
	intents, err := json.Marshal(m.intents)
	if err != nil {
		return err
	}
	letters, err := json.Marshal(m.letters)
	if err != nil {
		return err
	}
	return tx.do(insertJourney, account, since.Unix(), m.at.Unix(), m.seen, string(intents), string(letters))
}

// OnlineUntil notes that an account was online until now. What is on its server
// has to be received anew before a journey ends.
func (tx *Tx) OnlineUntil(account AccountID) error {
	if err := tx.do(notReceived, account); err != nil {
		return err
	}
	return tx.do(setOnline, tx.s.clock.Now().Unix(), account)
}

// LastOnline returns when an account was last known to be online; zero: never.
func (v *View) LastOnline(account AccountID) (time.Time, error) { return v.onlineUntil(account) }

func (v *View) onlineUntil(account AccountID) (time.Time, error) {
	n, err := v.number(onlineUntil, account)
	return fromUnix(n), err
}

func (v *View) intentsUpTo(account AccountID, last PendingID) (all intended, err error) {
	_, err = collect(v.session, intentKinds, func(r scanner) (k JourneyApplied, err error) {
		var newest PendingID
		err = r.Scan(&k.Kind, &k.Count, &newest)
		all.Kinds, all.Last = append(all.Kinds, k), max(all.Last, newest)
		return k, err
	}, account, last)
	return all, err
}

func (v *View) underWay(account AccountID) (j underWay, open bool, err error) {
	var since, online int64
	var intents, letters, conflicts string
	open, err = v.one(openJourney, []any{&j.id, &since, &online, &j.seen, &intents, &letters, &j.received, &conflicts}, account)
	if err != nil || !open {
		return j, false, err
	}
	j.account, j.since, j.online = account, fromUnix(since), fromUnix(online)
	for text, into := range map[string]any{intents: &j.intents, letters: &j.letters, conflicts: &j.conflicts} {
		if err := json.Unmarshal([]byte(text), into); err != nil {
			return j, false, err
		}
	}
	return j, true, nil
}
