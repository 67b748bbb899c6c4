package submit

import (
	"context"
	"errors"
	"io"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	smtp "github.com/emersion/go-smtp"

	"paquebot.app/internal/clock"
	"paquebot.app/localstore"
	"paquebot.app/sync/netconn"
)

const (
	stallLimit = 5 * time.Minute  // of silence after a command (RFC 5321 §4.5.3.2)
	dotLimit   = 12 * time.Minute // of silence after the final dot: at least ten minutes
	replyLimit = 256 << 10        // bytes of one reply
	dotGrace   = 1500 * time.Millisecond
)

var (
	errEndless = errors.New("the server's answer has no end")
	errBroken  = errors.New("the server ended the connection while the letter was sent")
)

// session is a signed-in connection to a submission server.
type session struct {
	conn   *guarded
	client *smtp.Client
	server localstore.Server
	stall  time.Duration
	dot    time.Duration
	unbind func() bool
	dead   bool // the connection is of no use any more
	flown  bool // commands went in one flight
}

// guarded bounds what the server says at once, and knows whether the last
// thing written was taken.
type guarded struct {
	*netconn.Conn
	hello   *keywords // while the server is greeted
	heard   int64
	failed  bool        // a write was not taken whole
	waiting atomic.Bool // for the answer to the final dot

	corked bool   // what is written is kept, and agreed to
	kept   []byte // meanwhile
	stand  []byte // answers to it that were not read yet
	ahead  []byte // commands that are on the wire and were not yet asked for
}

// Read implements net.Conn.
func (g *guarded) Read(p []byte) (int, error) {
	if g.corked {
		n := copy(p, g.stand)
		g.stand = g.stand[n:]
		return n, nil
	}
	n, err := g.Conn.Read(p)
	if g.heard += int64(n); g.heard > replyLimit {
		return 0, errEndless
	}
	if g.hello != nil {
		g.hello.raise(p[:n])
	}
	return n, err
}

// Write implements net.Conn.
func (g *guarded) Write(p []byte) (int, error) {
	g.heard = 0
	switch {
	case g.corked:
		return g.keep(p)
	case len(g.ahead) > 0:
		return g.swallow(p)
	}
	n, err := g.Conn.Write(p)
	g.failed = g.failed || err != nil
	return n, err
}

// open dials, greets and signs in. Ending ctx ends the session at once, except
// that the answer to a final dot is waited for a moment more: without it a
// letter is unsure.
func open(ctx context.Context, account localstore.Account, password string, o Options) (*session, error) {
	server := account.SMTP
	if strings.ContainsAny(server.User+password, "\r\n\x00") {
		return nil, errCredentials
	}
	life, end := context.WithCancel(context.WithoutCancel(ctx))
	undial := context.AfterFunc(ctx, end)
	nc, err := netconn.Dial(life, netconn.SMTP, server)
	if err != nil {
		undial()
		end()
		return nil, err
	}
	nc.SetStall(o.stall)
	s := &session{conn: &guarded{Conn: nc}, server: server, stall: o.stall, dot: o.dot}
	s.client = smtp.NewClient(s.conn)
	undial()
	s.unbind = context.AfterFunc(ctx, func() { s.endWith(o.Clock, end) })
	if err := s.signIn(account, password); err != nil {
		s.close()
		return nil, err
	}
	return s, nil
}

// endWith ends the connection, soon.
func (s *session) endWith(c clock.Clock, end func()) {
	if s.conn.waiting.Load() {
		<-c.After(dotGrace)
	}
	end()
	s.conn.Close()
}

// ehloName is what we call ourselves: never the name of this computer.
func ehloName(address string) string {
	at := strings.LastIndexByte(address, '@')
	domain := address[at+1:]
	if at < 0 || domain == "" || !strings.Contains(domain, ".") {
		return "[127.0.0.1]"
	}
	for i := range len(domain) {
		c := domain[i]
		letter := c|0x20 >= 'a' && c|0x20 <= 'z' || c >= '0' && c <= '9' || c == '-' || c == '.'
		if !letter {
			return "[127.0.0.1]"
		}
	}
	return domain
}

// takesUTF8 tells whether the server takes addresses beyond ASCII (RFC 6531).
func (s *session) takesUTF8() bool {
	utf8, _ := s.client.Extension("SMTPUTF8")
	eight, _ := s.client.Extension("8BITMIME") // it has to come with it (§3.1)
	return utf8 && eight
}

// transaction opens a mail transaction and names the recipients that have not
// had the letter; international says that its header is not ASCII. Unless it
// goes step by step, and where the server takes it, the commands up to DATA go
// at once. It returns how each of all stands, and a refusal of the whole letter
// or an error of the connection.
func (s *session) transaction(l localstore.Letter, size int64, international, steps bool) ([]localstore.Recipient, error) {
	all := append([]localstore.Recipient(nil), l.Recipients...)
	utf8 := s.takesUTF8()
	options := &smtp.MailOptions{Size: size}
	options.UTF8 = utf8 && (international || !isASCII(l.EnvelopeFrom) || slices.ContainsFunc(all, func(r localstore.Recipient) bool {
		return r.State == localstore.RecipientQueued && !isASCII(r.Address)
	}))
	if why := unsendable(l.EnvelopeFrom, utf8); why != "" {
		return all, &senderError{why}
	}
	var to []string
	for i := range all {
		r := &all[i]
		if r.State != localstore.RecipientQueued {
			continue
		}
		if why := unsendable(r.Address, utf8); why != "" {
			r.State, r.Reply = localstore.RecipientRefused, why
			continue
		}
		to = append(to, r.Address)
	}
	if pipelining, _ := s.client.Extension("PIPELINING"); pipelining && !steps && len(to) > 0 {
		if err := s.goAhead(l.EnvelopeFrom, options, to); err != nil {
			return all, err
		}
	}
	if err := s.client.Mail(l.EnvelopeFrom, options); err != nil {
		return all, err
	}
	for i := range all {
		r := &all[i]
		if r.State != localstore.RecipientQueued {
			continue
		}
		err := s.client.Rcpt(r.Address, nil)
		switch answer := reply(err); {
		case err == nil:
			r.State, r.Reply = localstore.RecipientAccepted, ""
		case answer == nil || answer.Code == 421:
			return l.Recipients, err
		case answer.Code >= 500:
			r.State, r.Reply = localstore.RecipientRefused, words(answer)
		default:
			r.Reply = words(answer)
		}
	}
	return all, nil
}

// upload sends the letter, all but what ends it.
func (s *session) upload(letter io.Reader) (*smtp.DataCommand, error) {
	data, err := s.client.Data()
	if err != nil {
		return nil, err
	}
	// The library's own writer would hold back the last bytes until it writes
	// the final dot. We write them first, so that the dot goes alone, and the
	// library, which has seen no letter, ends the line and adds the dot.
	if _, err := io.Copy(newStuffer(s.conn), newCanonical(letter)); err != nil {
		s.close()
		return nil, err
	}
	return data, nil
}

// finish writes the final dot and waits for the answer. dotted is false where
// it is certain that the dot never reached the server.
func (s *session) finish(data *smtp.DataCommand) (answer string, dotted bool, err error) {
	if !s.conn.Quiet() {
		return "", false, errBroken
	}
	s.conn.waiting.Store(true)
	defer s.conn.waiting.Store(false)
	s.conn.SetStall(s.dot)
	defer s.conn.SetStall(s.stall)
	response, err := data.CloseWithResponse()
	if err != nil {
		return "", !s.conn.failed, err
	}
	return response.StatusText, true, nil
}

// reset ends a transaction that was begun.
func (s *session) reset() {
	s.hearOut()
	if !s.dead && s.client.Reset() != nil {
		s.close()
	}
}

// quit ends the session in good order. What it answers matters to nobody.
func (s *session) quit() {
	if !s.dead {
		s.client.Quit()
	}
	s.close()
}

// close ends the session without a word.
func (s *session) close() {
	s.dead = true
	if s.unbind != nil {
		s.unbind()
	}
	s.conn.Close()
}

func isASCII(s string) bool {
	for i := range len(s) {
		if s[i] >= 0x80 {
			return false
		}
	}
	return true
}

// unsendable returns why an address cannot go between < and > to this server;
// "" for one that can.
func unsendable(address string, utf8 bool) string {
	switch {
	case !strings.Contains(address, "@") || strings.ContainsAny(address, "<> \r\n\t\x00") || len(address) > 320:
		return "This is not an address that mail can be sent to or from."
	case !isASCII(address) && !utf8:
		return "The server for sending takes no addresses with letters beyond a to z before the @ (SMTPUTF8)."
	}
	return ""
}

// senderError says why a letter cannot go out from its sender's address.
type senderError struct{ why string }

func (e *senderError) Error() string { return e.why }
