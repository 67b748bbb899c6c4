package wire

import "github.com/emersion/go-imap/v2"

// Event is something the server said that the library did not get, or that it
// gets but does not tell in order. It is one of the types below. Texts are
// cleaned of control characters, and cut.
type Event interface{ event() }

// Exists says how many messages the mailbox has now. The library knows too.
type Exists struct{ Messages uint32 }

// Expunged says that a message is gone; the numbers behind it move down by one
// (RFC 3501 §7.4.1). The library knows too.
type Expunged struct{ SeqNum uint32 }

// Vanished says which UIDs are gone (RFC 7162 §3.2.10). The set may name UIDs
// that never existed: only those known here are to be taken from it, and only
// with care for how many they are.
type Vanished struct {
	Earlier bool // gone before the mailbox was opened, or before the FETCH's CHANGEDSINCE
	UIDs    imap.UIDSet
}

// Changed is a FETCH that answers no command: another client changed flags.
type Changed struct {
	SeqNum   uint32
	UID      imap.UID // 0 where the server left it out
	HasFlags bool     // Flags were given, if only an empty list
	Flags    []imap.Flag
	ModSeq   uint64 // 0 where none was given
}

// Extra is a FETCH item the library does not know, such as X-GM-LABELS, in an
// answer to a command.
type Extra struct {
	SeqNum uint32
	UID    imap.UID
	Name   string // upper case
	Value  string // as sent
}

// Alert is a text that the user must see (RFC 3501 §7.1), marked as the
// server's words; never to be taken as a link.
type Alert struct{ Text string }

// Bye says that the server is about to end the connection.
type Bye struct{ Code, Text string }

// Access says whether the mailbox just opened may be changed.
type Access struct{ ReadOnly bool }

// NoPermanentFlags says that the open folder keeps no flags (RFC 9051 §7.1,
// PERMANENTFLAGS with an empty list), which the library does not tell from a
// server that says nothing of them.
type NoPermanentFlags struct{}

// UIDNotSticky says that the mailbox forgets its UIDs (RFC 4315 §3).
type UIDNotSticky struct{}

// MailboxStatus is a STATUS that nobody asked for (RFC 5465).
type MailboxStatus struct {
	Mailbox string // as the library would name it
	Data    imap.StatusData
}

// Modified names the messages that a conditional STORE left alone, because
// they had changed meanwhile (RFC 7162 §3.1.3). The command itself ends in OK.
type Modified struct {
	Tag     string
	Numbers imap.UIDSet // UIDs after UID STORE, else message numbers
}

// CopyUID maps source to new UIDs one by one, in the order the server gave
// (RFC 4315 §3); the library sorts both sides and so loses which is which.
type CopyUID struct {
	UIDValidity  uint32
	Source, Dest []imap.UID // of equal length
}

// Damaged is a response, or part of one, that was left out because it cannot
// be understood.
type Damaged struct {
	Kind   string // the response: FETCH, LIST, SEARCH, OK …
	SeqNum uint32 // in a FETCH
	UID    imap.UID
	Item   string // the part that was left out; empty: all of it
	Reason string
	Raw    string // how it began
}

// Untagged is a response that the library does not know, or has no use for now.
type Untagged struct {
	Name string // upper case
	Raw  string // how it began
}

func (Exists) event()           {}
func (Expunged) event()         {}
func (Vanished) event()         {}
func (Changed) event()          {}
func (Extra) event()            {}
func (Alert) event()            {}
func (NoPermanentFlags) event() {}
func (Bye) event()              {}
func (Access) event()           {}
func (UIDNotSticky) event()     {}
func (MailboxStatus) event()    {}
func (Modified) event()         {}
func (CopyUID) event()          {}
func (Damaged) event()          {}
func (Untagged) event()         {}
