package popsync

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"net"
	"strings"
	"time"

	"paquebot.app/internal/clock"
)

// Limits of what a server may say.
const (
	readAhead   = 64 << 10
	statusLimit = 8 << 10         // bytes of a status line; RFC 2449 §4 allows 512
	paceBytes   = 8               // an answer that brings less than this a second…
	paceTime    = 2 * time.Minute // …over this time is too slow
)

var (
	errProtocol = errors.New("the server does not speak POP3")
	errEndless  = errors.New("the server's answer has no end")
	errTooSlow  = errors.New("the server's answer is too slow")
	errUnasked  = errors.New("the server speaks without being asked")
)

// wire is the connection under the POP library. It cuts what the server says
// into answers and leads the bodies of multi-line answers past the library,
// which would hold them in memory and change their line ends, into a writer.
// The library sees the status line and, for a body, its final dot.
//
// It is used by one goroutine.
type wire struct {
	net.Conn
	pace  *paced
	r     *bufio.Reader
	asked []io.Writer // where the body of each expected answer goes; nil: it has none
	body  io.Writer   // where the body that comes next goes
	out   []byte      // for the library
	held  []byte      // commands, to be sent before the next answer is waited for

	timestamp string // of the greeting, for APOP; "": none
	greeted   bool
	exchange  bool   // the server may answer by a challenge (RFC 5034 §4)
	challenge []byte // what it did answer by, without its plus sign; nil: something else
	refused   bool   // the last status line was -ERR
	lf        bool   // it ended in a bare line feed: so do all lines of this answer
	broken    error
}

func newWire(nc net.Conn, c clock.Clock) *wire {
	w := &wire{Conn: nc, pace: &paced{r: nc, clock: c}}
	w.r = bufio.NewReaderSize(w.pace, readAhead)
	w.expect(nil) // the greeting
	return w
}

// expect announces an answer, in the order of the commands that were sent.
func (w *wire) expect(body io.Writer) { w.asked = append(w.asked, body) }

// Read gives the library one status line, or the stand-in of one body.
func (w *wire) Read(p []byte) (int, error) {
	if len(w.out) == 0 {
		if err := w.fill(); err != nil {
			w.broken = err
			return 0, err
		}
	}
	n := copy(p, w.out)
	w.out = w.out[n:]
	return n, nil
}

// Write keeps commands until an answer is waited for, so that those sent in one
// go cost one packet.
func (w *wire) Write(p []byte) (int, error) {
	w.held = append(w.held, p...)
	return len(p), nil
}

func (w *wire) fill() error {
	if w.broken != nil {
		return w.broken
	}
	if held := w.held; len(held) > 0 {
		w.held = w.held[:0]
		if _, err := w.Conn.Write(held); err != nil {
			return err
		}
	}
	w.pace.begin()
	if w.body != nil {
		err := w.divert(w.body)
		w.body, w.out = nil, []byte(".\r\n")
		return err
	}
	if len(w.asked) == 0 {
		return errUnasked
	}
	line, err := w.status()
	if err != nil {
		return err
	}
	rest, ok := words(line, "+OK")
	if !ok {
		rest, w.refused = words(line, "-ERR")
	} else {
		w.refused = false
	}
	w.lf = !bytes.HasSuffix(line, []byte("\r\n"))
	w.challenge = nil
	if !w.greeted {
		w.greeted, w.timestamp = true, apopTimestamp(line)
	} else if w.exchange && line[0] == '+' && (line[1] == ' ' || line[1] == '\r' || line[1] == '\n') {
		// The library takes what it gets for the end of the command.
		w.challenge, w.asked, w.out = append([]byte{}, line[1:]...), w.asked[1:], []byte("+OK\r\n")
		return nil
	}
	if !ok && !w.refused {
		return fmt.Errorf("%w: %q", errProtocol, shortened(line))
	}
	status := "-ERR"
	if ok {
		status, w.body = "+OK", w.asked[0]
	}
	if rest != "" {
		status += " " + rest
	}
	w.asked, w.out = w.asked[1:], []byte(status+"\r\n")
	return nil
}

// words returns what stands behind the status of an answer. Servers write it in
// small letters, and without the blank behind it.
func words(line []byte, status string) (rest string, ok bool) {
	if len(line) < len(status) || !strings.EqualFold(string(line[:len(status)]), status) {
		return "", false
	}
	return strings.TrimSpace(string(line[len(status):])), true
}

// status reads a line of bounded length.
func (w *wire) status() ([]byte, error) {
	var line []byte
	for {
		piece, err := w.r.ReadSlice('\n')
		line = append(line, piece...)
		switch {
		case len(line) > statusLimit:
			return nil, errEndless
		case err == nil:
			return line, nil
		case err != bufio.ErrBufferFull:
			return nil, cut(err)
		}
	}
}

// measured is a sink that knows how much is to come.
type measured interface{ full() bool }

// divert reads a body up to its final dot and writes it, without the dots that
// were added, to sink (RFC 1939 §3). Only CRLF ends a line: a dot behind a bare
// line feed is the mail's own, unless the server ends all its lines that way, or
// just as much as it has announced has come.
func (w *wire) divert(sink io.Writer) error {
	start, cr, feed := true, false, false // at the start of a line; behind CR; behind a bare LF
	for {
		line, err := w.r.ReadSlice('\n')
		if err != nil && err != bufio.ErrBufferFull {
			return cut(err)
		}
		if m, ok := sink.(measured); feed && string(line) == ".\r\n" && ok && m.full() {
			return nil
		}
		if start && line[0] == '.' {
			if string(line) == ".\r\n" || w.lf && string(line) == ".\n" {
				return nil
			}
			line = line[1:]
		}
		if _, err := sink.Write(line); err != nil {
			return err
		}
		if lines := w.dotless(); len(lines) > 0 && line[len(line)-1] == '\n' {
			line = lines
			if _, err := sink.Write(line); err != nil {
				return err
			}
			_, _ = w.r.Discard(len(line)) // they are there
		}
		end := len(line) - 1
		start = line[end] == '\n' && (w.lf || end > 0 && line[end-1] == '\r' || end == 0 && cr)
		cr, feed = line[end] == '\r', line[end] == '\n' && !start
	}
}

// dotless returns the complete lines that are here already, up to the first that
// begins with a dot.
func (w *wire) dotless() []byte {
	lines, _ := w.r.Peek(w.r.Buffered())
	if len(lines) == 0 || lines[0] == '.' {
		return nil
	}
	if n := bytes.Index(lines, []byte("\n.")); n >= 0 {
		return lines[:n+1]
	}
	return lines[:bytes.LastIndexByte(lines, '\n')+1]
}

// cut names the end of a connection in the middle of an answer.
func cut(err error) error {
	if err == io.EOF {
		return io.ErrUnexpectedEOF
	}
	return err
}

// shortened returns the beginning of a line, for an error.
func shortened(line []byte) []byte { return line[:min(len(line), 80)] }

// paced fails when the server keeps talking, but hardly.
type paced struct {
	r     io.Reader
	clock clock.Clock
	since time.Time
	bytes int
}

// begin starts the measurement anew.
func (p *paced) begin() { p.since, p.bytes = p.clock.Now(), 0 }

// Read implements io.Reader.
func (p *paced) Read(b []byte) (int, error) {
	n, err := p.r.Read(b)
	p.bytes += n
	if passed := p.clock.Now().Sub(p.since); passed > paceTime {
		if p.bytes < paceBytes*int(passed/time.Second) && err == nil {
			return n, errTooSlow
		}
		p.begin()
	}
	return n, err
}
