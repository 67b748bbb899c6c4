package localstore

import (
	"encoding/json"
	"slices"
	"time"
)

var (
	lettersOnTheWay = onMail(letterColumns + `WHERE o.account_id = ? AND (o.state IN ('queued', 'held', 'sending', 'unsure', 'refused') OR o.sent_at >= ?) ORDER BY o.id`)
	receivedSince   = onMail(`SELECT f.id, f.path, count(*), sum(m.flags & 1 = 0) FROM messages m CROSS JOIN folders f ON f.id = m.folder_id
		WHERE m.id > ?1 AND f.account_id = ?2 AND m.state = 'shown' AND f.role NOT IN ('outbox', 'drafts', 'templates')
		AND NOT EXISTS (SELECT 1 FROM outbox o WHERE o.content_id = m.content_id) GROUP BY f.id ORDER BY f.role = 'inbox' DESC, f.path`)
)

// JourneyReceived notes that all was applied and received that there was, and
// what the passes said of it. It does nothing where no journey is under way.
func (tx *Tx) JourneyReceived(account AccountID, conflicts []string) error {
	j, open, err := tx.underWay(account)
	if err != nil || !open {
		return err
	}
	for _, c := range conflicts {
		if !slices.Contains(j.conflicts, c) {
			j.conflicts = append(j.conflicts, c)
		}
	}
	text, err := json.Marshal(j.conflicts)
	if err != nil {
		return err
	}
	return tx.do(setReceived, 1, string(text), j.id)
}

// EndJourney writes the report of the journey under way where what was on the
// server is here and every letter that is due was tried: tried says that this
// was done though some are still due. One in which nothing happened leaves no
// report. It returns whether there is one now.
func (tx *Tx) EndJourney(account AccountID, tried bool) (ended bool, err error) {
	j, open, err := tx.underWay(account)
	if err != nil || !open || !j.received {
		return false, err
	}
	now := tx.s.clock.Now()
	if !tried {
		due, err := tx.DueLetters(account, now)
		if err != nil || len(due) > 0 {
			return false, err
		}
	}
	r, err := tx.journeyReport(j)
	if err != nil {
		return false, err
	}
	if r.empty() && now.Sub(j.since) < journeyLong {
		return false, tx.do(dropJourney, j.id)
	}
	text, err := json.Marshal(r)
	if err != nil {
		return false, err
	}
	tx.note(Change{Topic: TopicJourneys, Kind: Added, Account: account})
	if err := tx.do(endJourney, now.Unix(), string(text), j.id); err != nil {
		return false, err
	}
	return true, tx.do(trimJourneys, account, journeysKept)
}

// journeyLong is a time without a network of which is told also where nothing
// happened in it.
const journeyLong = 12 * time.Hour

func (r JourneyReport) empty() bool {
	return len(r.Sent)+len(r.Waiting)+len(r.Received)+len(r.Applied)+len(r.Conflicts) == 0
}

func (v *View) journeyReport(j underWay) (r JourneyReport, err error) {
	// Lists that are empty are empty in JSON, too.
	r = JourneyReport{[]JourneyLetter{}, []JourneyLetter{}, []JourneyFolder{}, []JourneyApplied{}, []JourneyConflict{}}
	letters, err := v.letters(lettersOnTheWay, j.account, j.online.Unix())
	if err != nil {
		return r, err
	}
	for _, l := range letters {
		if err := v.addLetter(&r, j, l); err != nil {
			return r, err
		}
	}
	r.Received, err = collect(v.session, receivedSince, func(row scanner) (f JourneyFolder, err error) {
		err = row.Scan(&f.Folder, &f.Path, &f.New, &f.Unread)
		return f, err
	}, j.seen, j.account)
	if err != nil {
		return r, err
	}
	if r.Received == nil {
		r.Received = []JourneyFolder{}
	}
	for _, text := range j.conflicts {
		r.Conflicts = append(r.Conflicts, JourneyConflict{Text: text, Choices: []string{}})
	}
	if err := v.addIntents(&r, j); err != nil {
		return r, err
	}
	return r, v.addPaused(&r, j.account)
}

// addLetter tells of one letter: what went out since, and what waited before
// and still does.
func (v *View) addLetter(r *JourneyReport, j underWay, l Letter) error {
	one := JourneyLetter{Letter: l.N, Message: l.Message, HeaderID: l.HeaderID, State: l.State, Recipients: l.Recipients}
	if l.Message != 0 {
		m, err := v.Message(l.Message)
		if err != nil {
			return err
		}
		one.Subject = m.Subject
	}
	if !l.Sent.IsZero() && !l.Sent.Before(j.online) {
		r.Sent = append(r.Sent, one)
	}
	if l.State == OutSent || l.State == OutFiled || !slices.Contains(j.letters, l.N) {
		return nil
	}
	one.Reason, one.Next = l.Error, l.NotBefore
	var choices []string
	switch l.State {
	case OutHeld:
		one.Reason = l.HoldReason
		choices = []string{ChoiceSend, ChoiceEdit, ChoiceCancel}
		if l.Restored() {
			choices = []string{ChoiceRelease, ChoiceSend, ChoiceCancel}
		}
	case OutUnsure:
		choices = []string{ChoiceSend, ChoiceSent}
	case OutRefused:
		choices = []string{ChoiceEdit, ChoiceSend, ChoiceCancel}
	}
	if one.Reason == "" {
		s, err := v.Submission(j.account)
		if err != nil {
			return err
		}
		one.Reason = s.Words
	}
	r.Waiting = append(r.Waiting, one)
	if choices != nil {
		r.Conflicts = append(r.Conflicts, JourneyConflict{Text: one.Reason, Letter: l.N, Choices: choices})
	}
	return nil
}

// addIntents tells which of the intents that waited are done, and which the
// server refuses.
func (v *View) addIntents(r *JourneyReport, j underWay) error {
	left, err := v.intentsUpTo(j.account, j.intents.Last)
	if err != nil {
		return err
	}
	for _, k := range j.intents.Kinds {
		if i := slices.IndexFunc(left.Kinds, func(l JourneyApplied) bool { return l.Kind == k.Kind }); i >= 0 {
			k.Count -= left.Kinds[i].Count
		}
		if k.Count > 0 {
			r.Applied = append(r.Applied, k)
		}
	}
	if len(left.Kinds) == 0 {
		return nil
	}
	pending, err := v.Pendings(j.account)
	for _, p := range pending {
		if p.State == PendStuck && p.ID <= j.intents.Last {
			r.Conflicts = append(r.Conflicts, JourneyConflict{Text: p.Error, Intent: p.ID, Choices: []string{ChoiceCancel}})
		}
	}
	return err
}

// addPaused tells of folders that wait for an answer.
func (v *View) addPaused(r *JourneyReport, account AccountID) error {
	folders, err := v.Folders(account)
	for _, f := range folders {
		if f.Paused != "" {
			r.Conflicts = append(r.Conflicts, JourneyConflict{Text: f.Path + ": " + f.Paused, Folder: f.ID, Choices: []string{ChoiceKeep, ChoicePutBack, ChoiceRemove}})
		}
	}
	return err
}
