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

// Journal adds a line.
func (tx *Tx) Journal(n Note) error { panic("not built") }

// Notes returns the newest lines of an account (0: of all), newest first.
func (v *View) Notes(account AccountID, limit int) ([]Note, error) { panic("not built") }

// Wake asks the process that runs the engine for a pass over an account (0:
// all) and returns the number of the request.
func (tx *Tx) Wake(account AccountID) (int64, error) { panic("not built") }

// Wakes returns the requests that are not done yet: number and account.
func (v *View) Wakes() (map[int64]AccountID, error) { panic("not built") }

// WakeDone stores the report of the pass that a request asked for.
func (tx *Tx) WakeDone(id int64, report string) error { panic("not built") }

// WakeReport returns the report of a request; done is false while it waits.
func (v *View) WakeReport(id int64) (report string, done bool, err error) { panic("not built") }
