package main

import (
	"context"
	"encoding/json"

	"paquebot.app/internal/fault"
	"paquebot.app/localstore"
	"paquebot.app/sync/engine"
)

// passJSON is how an account stands after a pass of sync --watch. Its fields
// are named as those of sync.
type passJSON struct {
	Account string          `json:"account"`
	Mode    localstore.Mode `json:"mode"`
	Online  bool            `json:"online"`
	At      string          `json:"at"`
	Inbox   inboxJSON       `json:"inbox"`
	Error   *engine.Failure `json:"error"`
}

type inboxJSON struct {
	Total  int `json:"total"`
	Unread int `json:"unread"`
}

// passEnded tells whether an account has settled since it was last looked at. A
// pass that began and ended in between shows in the time.
func passEnded(was, is engine.Status) bool {
	settled := is.Phase == engine.Idle || is.Phase == engine.Offline || is.Phase == engine.NeedsUser
	return settled && (was.Phase != is.Phase || !was.Since.Equal(is.Since))
}

// printPass prints one document on one line about a pass of the engine here.
func (a *app) printPass(ctx context.Context, s engine.Status) error {
	pass := passJSON{Online: s.Phase == engine.Idle, At: stamp(s.Since.UTC())}
	err := a.read(ctx, func(v *localstore.View) error {
		account, err := v.Account(s.Account)
		if err != nil {
			return err
		}
		pass.Account, pass.Mode = account.Name, account.Mode
		inbox, err := v.FolderByRole(account.ID, localstore.RoleInbox)
		if isMissing(err) {
			return nil
		}
		pass.Inbox = inboxJSON{inbox.Total, inbox.Unread}
		return err
	})
	if isMissing(err) {
		return nil // the account was removed meanwhile
	}
	if err != nil {
		return err
	}
	if s.Fault != nil {
		pass.Error = failure(s.Fault)
	}
	return a.printLine(map[string]any{"accounts": []passJSON{pass}})
}

// failure is an error that ended the pass over an account.
func failure(err error) *engine.Failure {
	f := fault.Of(err)
	return &engine.Failure{Remedy: remedies[f.Remedy], Scope: "account", Text: f.Error(), Exit: fault.ExitCode(err)}
}

var remedies = map[fault.Remedy]string{fault.Bug: "bug", fault.Online: "online", fault.Later: "later", fault.User: "user", fault.Never: "never"}

// printFollowed prints what the passes of another process did: one document on
// one line, or words for people.
func (a *app) printFollowed(reports []engine.Report) error {
	if !a.json {
		printReports(a.err, reports)
		return nil
	}
	if len(reports) == 0 {
		return nil
	}
	return a.printLine(map[string]any{"accounts": reports})
}

// printLine prints one JSON document of several on a line of its own.
func (a *app) printLine(v any) error {
	e := json.NewEncoder(a.out)
	e.SetEscapeHTML(false)
	return a.wrote(e.Encode(v))
}
