package submit

import (
	"bytes"
	"errors"
	"strings"

	smtp "github.com/emersion/go-smtp"
)

// A transaction's MAIL, RCPT and DATA go in one flight where the server takes
// that (PIPELINING, RFC 2920): two turns a letter in place of four and more. The
// library asks one thing at a time. So it composes the commands while the
// connection is corked, they are sent at once, and when the library asks in
// earnest what it writes is on the wire already.

// agreed is what a corked connection answers.
const agreed = "250 OK\r\n"

// errOtherCommand would be a fault of ours.
var errOtherCommand = errors.New("a command is not the one that was sent ahead")

// cork keeps what is written from now on, and agrees to it.
func (g *guarded) cork() { g.corked, g.kept, g.stand = true, nil, nil }

// uncork returns what was written since cork.
func (g *guarded) uncork() []byte {
	g.corked = false
	return g.kept
}

// keep takes a command while the connection is corked.
func (g *guarded) keep(p []byte) (int, error) {
	g.kept, g.stand = append(g.kept, p...), append(g.stand, agreed...)
	return len(p), nil
}

// swallow takes a command that was sent ahead.
func (g *guarded) swallow(p []byte) (int, error) {
	rest, ok := bytes.CutPrefix(g.ahead, p)
	if !ok {
		return 0, errOtherCommand
	}
	g.ahead = rest
	return len(p), nil
}

// goAhead sends the commands of a transaction; the library is to ask for the
// same ones, in the same order, and so hears the answers.
func (s *session) goAhead(from string, options *smtp.MailOptions, to []string) error {
	s.conn.cork()
	err := s.client.Mail(from, options)
	for _, address := range to {
		if err == nil {
			err = s.client.Rcpt(address, nil)
		}
	}
	commands := append(s.conn.uncork(), "DATA\r\n"...)
	if err != nil {
		return err
	}
	if _, err := s.conn.Write(commands); err != nil {
		return err
	}
	s.conn.ahead, s.flown = commands, true
	return nil
}

// hearOut reads the answers to what was sent ahead and matters no more. DATA
// that is agreed to is left by ending the connection: a dot would send a letter
// without text to whomever the server thinks it has accepted.
func (s *session) hearOut() {
	for !s.dead && len(s.conn.ahead) > 0 {
		line, _, _ := strings.Cut(string(s.conn.ahead), "\r\n")
		to, rcpt := strings.CutPrefix(line, "RCPT TO:<")
		var err error
		if rcpt {
			err = s.client.Rcpt(strings.TrimSuffix(to, ">"), nil)
		} else {
			_, err = s.client.Data()
		}
		answer := reply(err)
		if answer != nil && answer.Code == 421 || answer == nil && (err != nil || !rcpt) {
			s.close()
		}
	}
}
