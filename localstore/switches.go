package localstore

import (
	"encoding/json"
	"fmt"
	"time"

	"paquebot.app/internal/fault"
)

// SwitchStep says how far a switch of mode is.
type SwitchStep string

const (
	SwitchScheduled  SwitchStep = "scheduled"  // wanted; nothing is done yet
	SwitchCompleting SwitchStep = "completing" // to POP: what is only on the server comes here
	SwitchBinding    SwitchStep = "quiesced"   // what the other server lists is being bound, and does not count yet
	SwitchCommitted  SwitchStep = "committed"  // the mode is another; not all folders have been read yet
	SwitchBound      SwitchStep = "bound"
	SwitchCancelled  SwitchStep = "cancelled"
)

// undoFor is how long a switch can be undone.
const undoFor = 30 * 24 * time.Hour

// SwitchChoice is what the user chose for a switch.
type SwitchChoice struct {
	Server      Server   `json:"server"`                 // the new incoming server
	Folders     []string `json:"folders,omitempty"`      // to POP: paths that come here whole; nil: all. Of the others the headers stay
	DropRefused bool     `json:"drop_refused,omitempty"` // to POP: what the server refuses for good is taken back
	GoWithout   bool     `json:"go_without,omitempty"`   // to POP: go although some mail could not be fetched
	Undo        bool     `json:"undo,omitempty"`
	Paused      bool     `json:"paused,omitempty"` // it goes no further until the user says so

	// What was there when it began: bindings beyond are its own.
	LastImap LocationID `json:"last_imap"`
	LastPop  LocationID `json:"last_pop"`
}

// switchOld is the JSON of switches.old: what a switch changes of an account.
type switchOld struct {
	PopDelete DeletePolicy `json:"pop_delete"`
	PopDays   int          `json:"pop_days,omitempty"`
}

// Switch is a switch of an account's mode: under way, done or given up.
type Switch struct {
	ID        int64
	Account   AccountID
	From, To  Mode
	Step      SwitchStep
	Choice    SwitchChoice
	Why       string // why it waits; ""
	Started   time.Time
	Done      time.Time // zero while it is under way
	OldDelete DeletePolicy
}

// Begun tells whether the account's mode is the new one already.
func (s Switch) Begun() bool { return s.Step == SwitchCommitted || s.Step == SwitchBound }

const switchColumns = `SELECT s.id, s.account_id, s.from_mode, s.to_mode, s.step, s.plan, s.old, s.why, s.started_at, s.done_at FROM switches s `

var (
	switchByID      = onMail(switchColumns + `WHERE s.id = ?`)
	openSwitch      = onMail(switchColumns + `WHERE s.account_id = ? AND s.done_at = 0 ORDER BY s.id DESC LIMIT 1`)
	lastSwitch      = onMail(switchColumns + `WHERE s.account_id = ? AND s.step IN ('committed', 'bound') ORDER BY s.id DESC LIMIT 1`)
	insertSwitch    = onMail(`INSERT INTO switches (account_id, from_mode, to_mode, step, plan, old, started_at) VALUES (?, ?, ?, ?, ?, ?, ?)`)
	setSwitchStep   = onMail(`UPDATE switches SET step = ?, why = ?, done_at = ? WHERE id = ?`)
	setSwitchChoice = onMail(`UPDATE switches SET plan = ? WHERE id = ?`)
	lastImapID      = onMail(`SELECT coalesce(max(id), 0) FROM imap_locations`)
	lastPopID       = onMail(`SELECT coalesce(max(id), 0) FROM pop_locations`)
	isBinding       = onMail(`SELECT EXISTS (SELECT 1 FROM switches WHERE account_id = ? AND step = 'committed' AND to_mode = 'imap' AND done_at = 0)`)
)

func scanSwitch(r scanner) (s Switch, err error) {
	var choice, old string
	var started, done int64
	if err = r.Scan(&s.ID, &s.Account, &s.From, &s.To, &s.Step, &choice, &old, &s.Why, &started, &done); err != nil {
		return s, err
	}
	s.Started, s.Done = fromUnix(started), fromUnix(done)
	var was switchOld
	if err := json.Unmarshal([]byte(choice), &s.Choice); err != nil {
		return s, fmt.Errorf("switch %d: %w", s.ID, err)
	}
	err = json.Unmarshal([]byte(old), &was)
	s.OldDelete = was.PopDelete
	return s, err
}

func (v *View) oneSwitch(q *query, key any) (s Switch, ok bool, err error) {
	found, err := collect(v.session, q, scanSwitch, key)
	if err != nil || len(found) == 0 {
		return Switch{}, false, err
	}
	return found[0], true, nil
}

// OpenSwitch returns the switch of an account that is under way; ok is false
// where there is none. One whose Begun is true has only recognising left to do.
func (v *View) OpenSwitch(account AccountID) (s Switch, ok bool, err error) {
	return v.oneSwitch(openSwitch, account)
}

// LastSwitch returns the last switch that changed an account's mode.
func (v *View) LastSwitch(account AccountID) (s Switch, ok bool, err error) {
	return v.oneSwitch(lastSwitch, account)
}

// Undoable returns the switch that can be undone, until when it can be.
func (v *View) Undoable(account AccountID, now time.Time) (s Switch, until time.Time, ok bool, err error) {
	s, ok, err = v.LastSwitch(account)
	if err != nil || !ok {
		return s, until, false, err
	}
	until = s.Started.Add(undoFor)
	return s, until, now.Before(until), nil
}

// Recognising tells whether an account was switched to IMAP and not all its
// folders have been read since. Until then what a server lists no more stays
// here, on this computer only.
func (v *View) Recognising(account AccountID) (bool, error) {
	n, err := v.number(isBinding, account)
	return n != 0, err
}

// BeginSwitch writes down that the user wants an account kept in another mode,
// and by what choice. Nothing else changes. It is refused with cause Data for
// an account without a server, for one that is kept that way already, and while
// another switch is under way.
func (tx *Tx) BeginSwitch(account AccountID, to Mode, choice SwitchChoice) (Switch, error) {
	a, err := tx.Account(account)
	if err != nil {
		return Switch{}, err
	}
	switch {
	case a.Mode == Local || to != IMAP && to != POP:
		return Switch{}, refuse("switch", "Mail on this computer has no server: there is nothing to switch.")
	case a.Mode == to:
		return Switch{}, refuse("switch", fmt.Sprintf("%s is kept by %s already.", a.Name, modeWords[to]))
	case choice.Server.Host == "":
		return Switch{}, refuse("switch", fmt.Sprintf("The %s server of %s is not known.", modeWords[to], a.Name))
	}
	open, found, err := tx.OpenSwitch(account)
	if err != nil {
		return Switch{}, err
	}
	if found && !open.Begun() {
		return Switch{}, refuse("switch", "A switch is under way already. Cancel it first.")
	}
	if found { // its mode is the present one; what was not recognised yet is found by the other's rules
		if err := tx.endSwitch(open.ID, SwitchBound); err != nil {
			return Switch{}, err
		}
	}
	for at, q := range map[*LocationID]*query{&choice.LastImap: lastImapID, &choice.LastPop: lastPopID} {
		n, err := tx.number(q)
		if err != nil {
			return Switch{}, err
		}
		*at = LocationID(n)
	}
	plan, err := json.Marshal(choice)
	if err != nil {
		return Switch{}, err
	}
	old, err := json.Marshal(switchOld{a.PopDelete, a.PopDays})
	if err != nil {
		return Switch{}, err
	}
	id, err := tx.add(insertSwitch, account, a.Mode, to, SwitchScheduled, string(plan), string(old), tx.s.clock.Now().Unix())
	if err != nil {
		return Switch{}, err
	}
	tx.note(Change{Topic: TopicAccounts, Kind: Changed, Account: account})
	s, _, err := tx.oneSwitch(switchByID, id)
	return s, err
}

// modeWords are what people call the modes.
var modeWords = map[Mode]string{IMAP: "IMAP", POP: "POP"}

// StepSwitch notes how far a switch is that has not changed the mode yet, and
// why it waits, "" where it does not.
func (tx *Tx) StepSwitch(id int64, step SwitchStep, why string) error {
	s, ok, err := tx.oneSwitch(switchByID, id)
	if err != nil {
		return err
	}
	if !ok || s.Begun() || !s.Done.IsZero() {
		return errSwitchGone
	}
	if s.Choice.Paused {
		return errSwitchPaused
	}
	if s.Step == step && s.Why == why {
		return nil
	}
	tx.note(Change{Topic: TopicAccounts, Kind: Changed, Account: s.Account})
	return tx.do(setSwitchStep, step, why, 0, id)
}

// errSwitchGone ends the work of a switch that somebody else took back.
var errSwitchGone = &fault.Error{Remedy: fault.Later, Scope: fault.Account, Cause: fault.Data, Op: "switch", Text: "This switch was taken back."}

// errSwitchPaused ends the work of a switch that the user has paused.
var errSwitchPaused = &fault.Error{Remedy: fault.User, Scope: fault.Account, Cause: fault.Data, Op: "switch", Text: "This switch is paused."}

// PauseSwitch lets a switch that has not changed the mode go no further, or go
// on. What has come stays here, and the account goes on as it is. Without such
// a switch it is refused with cause Data.
func (tx *Tx) PauseSwitch(account AccountID, paused bool) error {
	s, ok, err := tx.OpenSwitch(account)
	if err != nil {
		return err
	}
	if !ok || s.Begun() {
		return refuse("switch", "No switch is under way that could be paused.")
	}
	s.Choice.Paused = paused
	plan, err := json.Marshal(s.Choice)
	if err != nil {
		return err
	}
	tx.note(Change{Topic: TopicAccounts, Kind: Changed, Account: account})
	return tx.do(setSwitchChoice, string(plan), s.ID)
}

// EndRecognising notes that every folder was read since the switch to IMAP.
func (tx *Tx) EndRecognising(account AccountID) error {
	s, ok, err := tx.OpenSwitch(account)
	if err != nil || !ok || s.Step != SwitchCommitted {
		return err
	}
	tx.note(Change{Topic: TopicAccounts, Kind: Changed, Account: account})
	return tx.endSwitch(s.ID, SwitchBound)
}

func (tx *Tx) endSwitch(id int64, step SwitchStep) error {
	return tx.do(setSwitchStep, step, "", max(tx.s.clock.Now().Unix(), 1), id)
}

// CancelSwitch takes back a switch that has not changed the mode: no trace of
// it is left but its line. Without one it is refused with cause Data.
func (tx *Tx) CancelSwitch(account AccountID) error {
	s, ok, err := tx.OpenSwitch(account)
	if err != nil {
		return err
	}
	if !ok || s.Begun() {
		return refuse("switch", "No switch is under way that could be cancelled.")
	}
	if err := tx.forgetBindings(s); err != nil {
		return err
	}
	tx.note(Change{Topic: TopicAccounts, Kind: Changed, Account: account})
	return tx.endSwitch(s.ID, SwitchCancelled)
}
