package wire

import (
	"errors"
	"fmt"
	"time"
)

// Limits bound what a server can make us hold or read. The zero value of a
// field means its default.
type Limits struct {
	Line     int   // bytes in one line of an ordinary response; 64 KiB
	LongLine int   // bytes in one line of SEARCH, FETCH, LIST and other lists; 16 MiB
	Inline   int   // a literal up to this many bytes is held with its response; 16 KiB
	Response int   // bytes held of one response, streamed literals excluded; 32 MiB
	Literal  int64 // bytes in any literal, unless ExpectLiteral says otherwise; 256 MiB
	Answer   int64 // bytes in all answers to one command, FETCH excluded; 64 MiB
	Unasked  int64 // bytes nobody asked for since the last command ended; 1 MiB
	Depth    int   // lists within lists; 64
	Numbers  int   // message numbers in one answer; 4 million
}

// DefaultLimits are generous to honest servers.
var DefaultLimits = Limits{
	Line:     64 << 10,
	LongLine: 16 << 20,
	Inline:   16 << 10,
	Response: 32 << 20,
	Literal:  256 << 20,
	Answer:   64 << 20,
	Unasked:  1 << 20,
	Depth:    64,
	Numbers:  4 << 20,
}

func (l Limits) withDefaults() Limits {
	d := DefaultLimits
	orInt := func(v *int, d int) {
		if *v <= 0 {
			*v = d
		}
	}
	or64 := func(v *int64, d int64) {
		if *v <= 0 {
			*v = d
		}
	}
	orInt(&l.Line, d.Line)
	orInt(&l.LongLine, d.LongLine)
	orInt(&l.Inline, d.Inline)
	orInt(&l.Response, d.Response)
	or64(&l.Literal, d.Literal)
	or64(&l.Answer, d.Answer)
	or64(&l.Unasked, d.Unasked)
	orInt(&l.Depth, d.Depth)
	orInt(&l.Numbers, d.Numbers)
	return l
}

// Timeouts are about progress, never about totals: a large mailbox on a slow
// line may take all day. The zero value of a field means its default, a
// negative one means none.
type Timeouts struct {
	Greeting time.Duration // until the server's first byte; 30 s
	Stall    time.Duration // without any byte while an answer is due; 60 s
	Write    time.Duration // for one write to the socket; 60 s
	Grace    time.Duration // spent waiting inside one response, before MinRate counts; 2 min
	MinRate  int           // bytes a second that a response must then average; 64
}

// DefaultTimeouts suit slow and distant servers. Stall is shorter than Grace,
// so that silence is called a stall and only a trickle is called too slow.
var DefaultTimeouts = Timeouts{
	Greeting: 30 * time.Second,
	Stall:    60 * time.Second,
	Write:    60 * time.Second,
	Grace:    2 * time.Minute,
	MinRate:  64,
}

func (t Timeouts) withDefaults() Timeouts {
	d := DefaultTimeouts
	or := func(v *time.Duration, d time.Duration) {
		switch {
		case *v == 0:
			*v = d
		case *v < 0:
			*v = 0
		}
	}
	or(&t.Greeting, d.Greeting)
	or(&t.Stall, d.Stall)
	or(&t.Write, d.Write)
	or(&t.Grace, d.Grace)
	if t.MinRate == 0 {
		t.MinRate = d.MinRate
	}
	return t
}

// Causes of a dead connection, besides *LimitError, *ProtocolError, *ByeError,
// io.EOF (the server closed between two responses), io.ErrUnexpectedEOF
// (within one), net.ErrClosed (we closed it) and what the socket reports.
var (
	// ErrStalled: an answer was due, and no byte came for Timeouts.Stall, or
	// the socket took none for Timeouts.Write.
	ErrStalled = errors.New("the server stopped answering")
	// ErrTooSlow: bytes came, but fewer than Timeouts.MinRate.
	ErrTooSlow = errors.New("the server answers too slowly")
	// ErrCancelled: the context given to Bind ended; its cause is wrapped too.
	ErrCancelled = errors.New("cancelled")
)

// LimitError says that the server went over one of the Limits.
type LimitError struct {
	What     string // "line", "literal", "response", "answer", "unasked" or "messages"
	Got, Max int64  // Got may be only what was seen until we stopped reading
}

// Error implements error.
func (e *LimitError) Error() string {
	return fmt.Sprintf("the server sent too much (%s: %d, at most %d)", e.What, e.Got, e.Max)
}

// ProtocolError says that the stream cannot be cut into responses any more.
type ProtocolError struct {
	Reason string
	Raw    string // the beginning of what was found
}

// Error implements error.
func (e *ProtocolError) Error() string {
	return fmt.Sprintf("the server broke the protocol (%s: %q)", e.Reason, e.Raw)
}

// ByeError says that the server ended the connection with a word of goodbye
// that we had not asked for by LOGOUT.
type ByeError struct {
	Code string // such as UNAVAILABLE (RFC 5530), upper case, may be empty
	Text string // the server's words, cleaned
}

// Error implements error.
func (e *ByeError) Error() string { return "the server said goodbye: " + e.Text }
