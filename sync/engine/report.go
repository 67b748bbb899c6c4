package engine

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"

	"paquebot.app/internal/fault"
	"paquebot.app/localstore"
	"paquebot.app/sync/link"
)

// Report is what one pass over an account did, as paquebotctl prints it.
type Report struct {
	Account    string   `json:"account"`
	Mode       string   `json:"mode"`
	Online     bool     `json:"online"`
	Received   int      `json:"received"`
	Bodies     int      `json:"bodies"`
	Sent       int      `json:"sent"`
	Applied    int      `json:"applied"`
	Removed    int      `json:"removed"`
	Held       int      `json:"held"`
	Conflicts  []string `json:"conflicts"`
	Alerts     []Alert  `json:"alerts"`
	BytesIn    int64    `json:"bytes_in"`
	BytesOut   int64    `json:"bytes_out"`
	RoundTrips int      `json:"round_trips"`
	Seconds    float64  `json:"seconds"`
	Error      *Failure `json:"error"`
}

// Alert is what a server wants its user to see (RFC 9051 §7.1).
type Alert struct {
	From string `json:"from"` // the server's host
	Text string `json:"text"` // its own words
}

// Failure is the error that ended a pass.
type Failure struct {
	Remedy string `json:"remedy"`
	Scope  string `json:"scope"`
	Text   string `json:"text"`
	Exit   int    `json:"exit"` // the exit code it means
}

var (
	remedies = map[fault.Remedy]string{fault.Bug: "bug", fault.Online: "online", fault.Later: "later", fault.User: "user", fault.Never: "never"}
	scopes   = map[fault.Scope]string{fault.App: "app", fault.Account: "account", fault.Folder: "folder", fault.Message: "message"}
)

// failure describes an error; nil for none.
func failure(err error) *Failure {
	f := fault.Of(err)
	if f == nil {
		return nil
	}
	return &Failure{remedies[f.Remedy], scopes[f.Scope], f.Error(), fault.ExitCode(err)}
}

// StepPass is the journal's step of a pass that was asked for; its result is the
// Report as JSON.
const StepPass = "pass"

// keepReport stores what a pass did, and what it moved.
func (e *Engine) keepReport(ctx context.Context, id localstore.AccountID, r Report) {
	e.storeTraffic(ctx)
	text, err := json.Marshal(r)
	if err == nil {
		err = e.Store.Write(context.WithoutCancel(ctx), "report", func(tx *localstore.Tx) error {
			return tx.Journal(localstore.Note{Account: id, Step: StepPass, Result: string(text)})
		})
	}
	if err != nil {
		e.Log.Warn("report not stored", "err", err)
	}
}

func newReport(a localstore.Account) Report {
	return Report{Account: a.Name, Mode: string(a.Mode), Conflicts: []string{}, Alerts: []Alert{}}
}

// alertsOf names the origin of what an account's server wants to be seen.
func alertsOf(a localstore.Account, l link.Report) []Alert {
	all := make([]Alert, len(l.Alerts))
	for i, text := range l.Alerts {
		all[i] = Alert{a.Incoming().Host, text}
	}
	return all
}

// String is the alert as a sentence for the user.
func (a Alert) String() string { return fmt.Sprintf("%s says: “%s”", a.From, a.Text) }

// toldBy returns what a link has to say to the user that the store does not say.
func toldBy(a localstore.Account, l link.Report) []string {
	told := slices.Clone(l.Conflicts)
	for _, alert := range alertsOf(a, l) {
		told = append(told, alert.String())
	}
	return told
}
