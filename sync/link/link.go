// Package link says what a connection to a server that keeps mail promises to
// the engine. POP and IMAP both keep all of it, so that the engine never asks
// which of the two it holds.
package link

import "context"

// Link is one session with an account's incoming server. Its methods are
// called by one goroutine, one at a time; Close may be called from any other
// and makes a running method return soon. Every error is a fault.Error.
//
// A Link holds the generation of the account it was dialled for. A write that
// would bind mail for another generation fails with remedy Later and changes
// nothing, so that a link that outlives a switch does no harm.
//
// Every method may be cut at any point and called again on another Link:
// nothing is lost, nothing is doubled.
type Link interface {
	// Apply carries due intents from the store to the server. An intent that
	// the server refuses is counted there and does not stop the others.
	Apply(ctx context.Context) error
	// Receive brings new mail, flags and losses from the server to the store.
	// One bad message does not stop the others.
	Receive(ctx context.Context) error
	// Bodies fulfils the wishes recorded in the store.
	Bodies(ctx context.Context) error
	// Wait returns nil when Receive is worth running: IMAP has heard of a
	// change, POP's next poll is due.
	Wait(ctx context.Context) error
	// Report returns what this Link has done since it was made. It is safe
	// for concurrent use.
	Report() Report
	// Close ends the session without finishing what is under way.
	Close() error
}

// Report counts what a Link did.
type Report struct {
	Received   int      // messages that are new here
	Changed    int      // messages whose flags somebody else changed
	Bodies     int      // wishes fulfilled
	Applied    int      // intents confirmed
	Removed    int      // messages removed from the server
	Held       int      // messages that went to the hold
	Conflicts  []string // what the user should know, a sentence each
	Asks       []string // what waits for an answer of the user, a sentence each; the store says so, too
	Alerts     []string // what the server wants its user to see, in its own words (RFC 9051 §7.1)
	BytesIn    int64
	BytesOut   int64
	RoundTrips int // times we sent after having heard from the server
}

// Progress tells a person how far a long Receive is. total is 0 while unknown.
type Progress func(done, total int, bytes int64)
