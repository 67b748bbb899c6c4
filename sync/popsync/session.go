package popsync

import (
	"context"
	"io"
	"net"
	"strconv"
	"strings"
	"time"

	pop3 "github.com/knadh/go-pop3"

	"paquebot.app/localstore"
	"paquebot.app/sync/netconn"
)

const (
	capaLimit  = 64 << 10         // bytes of the answer to CAPA
	pipelined  = 200              // commands under way at once
	stallLimit = time.Minute      // of silence within a session
	quitLimit  = 20 * time.Second // of silence after QUIT: what became of it shows in the next session
	maxDelay   = 24 * 3600        // seconds between two sign-ins that a server may ask for
)

// capabilities are what CAPA announces (RFC 2449 §6). A server without CAPA
// has none of them for certain; known tells the two apart.
type capabilities struct {
	known      bool
	pipelining bool
	top        bool
	user       bool
	sasl       map[string]bool // mechanisms by their names in upper case
	expireZero bool            // EXPIRE 0: what was fetched may go at QUIT
	delay      time.Duration   // LOGIN-DELAY: from one sign-in to the next, at least
}

// session is one signed-in connection. It is used by one goroutine; ending its
// context makes every method return soon.
type session struct {
	server localstore.Server
	conn   *netconn.Conn
	stall  time.Duration   // how long the server may be silent,
	parts  time.Duration   // and after QUIT
	deaf   map[string]bool // verbs at which it ends the connection: they are not said
	wire   *wire
	pop    *pop3.Conn
	caps   capabilities
	began  time.Time
	thens  []func(text string, err error) error // of the commands not yet answered
	verbs  []string                             // of them
	silent bool                                 // the session has ended without an answer
	died   string                               // at which of them the session has ended; "": at none
}

// dialer hands the library a connection that is already there.
type dialer struct{ conn net.Conn }

// Dial implements pop3.Dialer.
func (d dialer) Dial(string, string) (net.Conn, error) { return d.conn, nil }

// signIn dials, learns what the server can do, and authenticates. The session
// ends with ctx. died is the verb at which the server has ended it, "" where it
// has not.
func signIn(ctx context.Context, server localstore.Server, password string, o Options, deaf map[string]bool) (s *session, died string, err error) {
	if strings.ContainsAny(server.User+password, "\r\n\x00") {
		return nil, "", errCredentials
	}
	nc, err := netconn.Dial(ctx, netconn.POP, server)
	if err != nil {
		return nil, "", err
	}
	nc.SetStall(o.stall)
	s = &session{server: server, conn: nc, stall: o.stall, parts: o.parts, deaf: deaf, wire: newWire(nc, o.Clock), began: o.Clock.Now()}
	if err := s.enter(password); err != nil {
		s.abandon()
		return nil, s.died, err
	}
	return s, "", nil
}

func (s *session) enter(password string) error {
	var err error
	s.pop, err = pop3.New(pop3.Opt{Dialer: dialer{s.wire}}).NewConn()
	if err != nil {
		if another := s.conn.Another(); another != nil {
			return another
		}
		if s.wire.refused {
			return signInFault(s.server, greetingRefusal(err))
		}
		return toFault(s.server, "pop greeting", err)
	}
	if err := s.capa(); err != nil {
		return toFault(s.server, "pop capabilities", err)
	}
	err = s.authenticate(password)
	if r := refusedBy(err); r != nil {
		if wants := s.conn.WantsTLS(r.words); wants != nil {
			return wants
		}
		return signInFault(s.server, r)
	}
	return toFault(s.server, "pop sign-in", err)
}

// greetingRefusal is a server that will not even be talked to. It says nothing
// about the password, so it is never the user's to mend.
func greetingRefusal(err error) *refusal {
	r := newRefusal(err.Error())
	if !r.temporary() {
		r.code = "SYS/TEMP"
	}
	return r
}

func (s *session) capa() error {
	if s.deaf["CAPA"] {
		return nil
	}
	text, err := s.lines("CAPA", capaLimit)
	if refusedBy(err) != nil {
		return nil
	}
	if err != nil {
		return err
	}
	s.caps.known, s.caps.sasl = true, map[string]bool{}
	for _, line := range text {
		words := strings.Fields(strings.ToUpper(line))
		if len(words) == 0 {
			continue
		}
		switch words[0] {
		case "PIPELINING":
			s.caps.pipelining = true
		case "TOP":
			s.caps.top = true
		case "USER":
			s.caps.user = true
		case "EXPIRE":
			s.caps.expireZero = len(words) > 1 && words[1] == "0"
		case "SASL":
			for _, name := range words[1:] {
				s.caps.sasl[name] = true
			}
		case "LOGIN-DELAY":
			if len(words) > 1 {
				seconds, _ := strconv.Atoi(words[1])
				s.caps.delay = time.Duration(min(max(seconds, 0), maxDelay)) * time.Second
			}
		}
	}
	return nil
}

// send sends a command and returns; then is called with its answer. The body
// of a multi-line answer goes to body before. A server that cannot pipeline
// (RFC 2449 §6.6) is waited for, another one once window commands are
// unanswered. Answers that arrive meanwhile are handed to their own then.
//
// then gets the words behind +OK, or a *refusal. What it returns, send, next
// and drain return; the session is of no use any more.
func (s *session) send(command string, body io.Writer, then func(text string, err error) error) error {
	if err := s.post(command, body, then); err != nil {
		return err
	}
	if len(s.thens) < s.window() {
		return nil
	}
	for len(s.thens) > s.window()/2 {
		if err := s.next(); err != nil {
			return err
		}
	}
	return nil
}

// post is send that waits for nothing: for a few short commands.
func (s *session) post(command string, body io.Writer, then func(text string, err error) error) error {
	s.wire.expect(body)
	verb, _, _ := strings.Cut(command, " ")
	s.thens, s.verbs = append(s.thens, then), append(s.verbs, verb)
	return s.pop.Send(command)
}

func (s *session) window() int {
	if s.caps.pipelining {
		return pipelined
	}
	return 1
}

// next reads one answer.
func (s *session) next() error {
	then, verb := s.thens[0], s.verbs[0]
	s.thens, s.verbs = s.thens[1:], s.verbs[1:]
	text, err := s.answer()
	if err != nil && refusedBy(err) == nil {
		if s.silent && ended(err) {
			s.died = verb
		}
		return err
	}
	return then(text, err)
}

// drain reads all answers that are awaited.
func (s *session) drain() error {
	for len(s.thens) > 0 {
		if err := s.next(); err != nil {
			return err
		}
	}
	return nil
}

// answer reads the next answer, its body included.
func (s *session) answer() (string, error) {
	text, err := s.pop.ReadOne()
	switch {
	case err != nil && s.wire.broken == nil && s.wire.refused:
		return "", newRefusal(err.Error())
	case err != nil:
		s.silent = true
		return "", err
	case s.wire.body != nil:
		_, err = s.pop.ReadAll()
	}
	return string(text), err
}

// command sends a command and reads its answer; no other may be awaited.
func (s *session) command(command string, body io.Writer) (text string, err error) {
	err = s.post(command, body, func(words string, refused error) error {
		text = words
		return refused
	})
	if err == nil {
		err = s.next()
	}
	return text, err
}

// lines sends a command and returns the lines of its answer.
func (s *session) lines(command string, limit int) ([]string, error) {
	b := &bounded{limit: limit}
	if _, err := s.command(command, b); err != nil {
		return nil, err
	}
	return b.lines(), nil
}

// quit ends the session in good order: now the server deletes.
func (s *session) quit() error {
	defer s.abandon()
	s.conn.SetStall(min(s.stall, s.parts))
	_, err := s.command("QUIT", nil)
	return err
}

// abandon ends the session without a word: the server deletes nothing.
func (s *session) abandon() { s.conn.Close() }

// bounded holds a short body.
type bounded struct {
	text  []byte
	limit int
}

// Write implements io.Writer.
func (b *bounded) Write(p []byte) (int, error) {
	if len(b.text)+len(p) > b.limit {
		return 0, errEndless
	}
	b.text = append(b.text, p...)
	return len(p), nil
}

// lines returns the lines without their ends.
func (b *bounded) lines() []string {
	var list []string
	for line := range strings.Lines(string(b.text)) {
		list = append(list, strings.TrimRight(line, "\r\n"))
	}
	return list
}

// Check signs in and out again, to try an account's settings. It needs no
// store and changes nothing on the server.
func Check(ctx context.Context, account localstore.Account, password string) error {
	s, _, err := dial(ctx, account.POP, password, Options{}.filled(), map[string]bool{})
	if err != nil {
		return err
	}
	return toFault(account.POP, "pop sign-out", s.quit())
}
