package localstore

import "time"

// Note is a line of what sync did, for the activity page and the journey
// report; never used for recovery.
type Note struct {
	Account AccountID
	At      time.Time
	Step    string // a constant: "pop received"
	Ref     string // what it concerns
	Result  string // a sentence
}

// journalLines is how many lines the journal keeps.
const journalLines = 5000

const noteColumns = `SELECT account_id, at, step, ref, result FROM journal `

var (
	insertNote  = onMail(`INSERT INTO journal (account_id, at, step, ref, result) VALUES (?, ?, ?, ?, ?)`)
	trimJournal = onMail(`DELETE FROM journal WHERE id <= ?`)
	notesOf     = onMail(noteColumns + `WHERE account_id = ? ORDER BY id DESC LIMIT ?`)
	notesOfAll  = onMail(noteColumns + `ORDER BY id DESC LIMIT ?`)
	lastNote    = onMail(noteColumns + `WHERE account_id = ? AND step = ? ORDER BY id DESC LIMIT 1`)
	insertWake  = onMail(`INSERT INTO wakes (account_id, at) VALUES (?, ?)`)
	forgetWakes = onMail(`DELETE FROM wakes WHERE at < ?`)
	openWakes   = onMail(`SELECT id, account_id FROM wakes WHERE done_at = 0 ORDER BY id`)
	wakeDone    = onMail(`UPDATE wakes SET done_at = ?, report = ? WHERE id = ?`)
	wakeReport  = onMail(`SELECT done_at > 0, report FROM wakes WHERE id = ?`)
)

// Journal adds a line. The oldest lines beyond some thousands go.
func (tx *Tx) Journal(n Note) error {
	if n.At.IsZero() {
		n.At = tx.s.clock.Now()
	}
	id, err := tx.add(insertNote, n.Account, n.At.Unix(), n.Step, n.Ref, n.Result)
	if err != nil || id%100 != 0 {
		return err
	}
	return tx.do(trimJournal, id-journalLines)
}

// Notes returns the newest lines of an account (0: of all), newest first.
func (v *View) Notes(account AccountID, limit int) ([]Note, error) {
	if account == 0 {
		return collect(v.session, notesOfAll, scanNote, limit)
	}
	return collect(v.session, notesOf, scanNote, account, limit)
}

// LastNote returns the newest line of an account about a step; ok is false when
// the journal has none.
func (v *View) LastNote(account AccountID, step string) (n Note, ok bool, err error) {
	found, err := collect(v.session, lastNote, scanNote, account, step)
	if err != nil || len(found) == 0 {
		return n, false, err
	}
	return found[0], true, nil
}

func scanNote(r scanner) (n Note, err error) {
	var at int64
	err = r.Scan(&n.Account, &at, &n.Step, &n.Ref, &n.Result)
	n.At = fromUnix(at)
	return n, err
}

// wakeMemory is how long a request and its report are kept.
const wakeMemory = 24 * time.Hour

// Wake asks the process that runs the engine for a pass over an account (0:
// all) and returns the number of the request. Requests are forgotten after a
// day.
func (tx *Tx) Wake(account AccountID) (int64, error) {
	now := tx.s.clock.Now()
	if err := tx.do(forgetWakes, now.Add(-wakeMemory).Unix()); err != nil {
		return 0, err
	}
	tx.note(Change{Topic: TopicWakes, Kind: Added, Account: account})
	return tx.add(insertWake, account, now.Unix())
}

// Wakes returns the requests that are not done yet: number and account.
func (v *View) Wakes() (map[int64]AccountID, error) {
	type wake struct {
		id      int64
		account AccountID
	}
	open, err := collect(v.session, openWakes, func(r scanner) (w wake, err error) {
		err = r.Scan(&w.id, &w.account)
		return w, err
	})
	wakes := map[int64]AccountID{}
	for _, w := range open {
		wakes[w.id] = w.account
	}
	return wakes, err
}

// WakeDone stores the report of the pass that a request asked for.
func (tx *Tx) WakeDone(id int64, report string) error {
	tx.note(Change{Topic: TopicWakes, Kind: Changed})
	return tx.do(wakeDone, max(tx.s.clock.Now().Unix(), 1), report, id)
}

// WakeReport returns the report of a request; done is false while it waits.
func (v *View) WakeReport(id int64) (report string, done bool, err error) {
	found, err := v.one(wakeReport, []any{&done, &report}, id)
	if err == nil && !found {
		err = unknown("wake", "This request is not known any more.")
	}
	return report, done, err
}
