package vm

import (
	"context"
	"time"

	"paquebot.app/localstore"
)

// Phase is what is being done about an account; the words are the engine's.
type Phase string

const (
	Offline    Phase = "offline"
	Connecting Phase = "connecting"
	Syncing    Phase = "syncing"
	Idle       Phase = "idle"
	NeedsUser  Phase = "needs user"
)

// AccountStatus is how an account stands.
type AccountStatus struct {
	Account     localstore.AccountID
	Phase       Phase
	Since       time.Time
	Done, Total int      // while Syncing; Total is 0 while unknown
	Bytes       int64    // that came with Done
	Text        string   // a sentence for NeedsUser and Offline; "" for none
	SignIn      bool     // NeedsUser: a new password would help
	Told        []string // sentences of the passes, the oldest first: each is to be shown once
}

// Engine is what the window needs of the sync engine. cmd/paquebot gives it.
// All methods are safe for concurrent use; Check may take long and is called
// off the window's goroutine.
type Engine interface {
	Status() (all []AccountStatus, workOffline bool)
	// Elsewhere tells that another process carries the mail of this profile.
	Elsewhere() bool
	StatusChanged() (changed <-chan struct{}, stop func())
	WorkOffline(offline bool)
	Wake()
	// Check tries an account's settings; its error is a fault.Error.
	Check(ctx context.Context, account localstore.Account, password string) error
	// KeepPassword stores a password; kept is false when there is no keyring,
	// and it is known until the program ends.
	KeepPassword(ctx context.Context, account localstore.Account, password string) (kept bool, err error)
	// PlanSwitch tells what keeping an account's mail in the other way would
	// find and do, and by what choice it would be done; nothing changes.
	PlanSwitch(ctx context.Context, account localstore.Account, to localstore.Mode, choice localstore.SwitchChoice) (SwitchPlan, localstore.SwitchChoice, error)
	// AllowFile is the user's yes to passwords in a readable file.
	AllowFile()
}

// Demo starts the built-in demo accounts; nil where the window has none to offer.
type Demo func(ctx context.Context) error
