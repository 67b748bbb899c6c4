package fakesmtp

import (
	"fmt"
	"os"
	"slices"
	"strings"

	"paquebot.app/internal/fakeserver"
)

// session is one connection.
type session struct {
	server *Server
	conn   *fakeserver.Conn
	hello  bool
	user   *fakeserver.User // nil before AUTH
	letter *Letter          // between MAIL and the end of DATA
	second bool             // the letter has had a recipient, accepted or not
}

// session serves one connection.
func (s *Server) session(c *fakeserver.Conn) {
	x := &session{server: s, conn: c}
	if s.script.Fires("greeting-flood") {
		c.Flood("220-welcome aboard\r\n")
		return
	}
	greet := func() bool { c.Line("220 mail.demo.example ESMTP"); return true }
	if !s.script.Command(c, "", "", greet) {
		return
	}
	for {
		line, err := c.ReadLine()
		if err != nil {
			return
		}
		if c.Ahead() && !slices.Contains(x.extensions(), "PIPELINING") {
			c.Sin("PIPELINED-WITHOUT-EXTENSION", line)
		}
		if s.script.Active("pipelining-lost") {
			c.Forget()
		}
		verb, arg, _ := strings.Cut(line, " ")
		verb = strings.ToUpper(verb)
		if !s.script.Command(c, verb, "", func() bool { return x.command(verb, arg) }) {
			return
		}
	}
}

// command carries one command out and tells whether the session goes on.
func (x *session) command(verb, arg string) bool {
	switch verb {
	case "EHLO", "HELO":
		x.greet(verb, arg)
	case "STARTTLS":
		return x.startTLS()
	case "AUTH":
		return x.auth(arg)
	case "MAIL":
		x.mail(arg)
	case "RCPT":
		x.rcpt(arg)
	case "DATA":
		return x.data()
	case "RSET":
		x.letter = nil
		x.conn.Line("250 2.0.0 ok")
	case "NOOP":
		x.conn.Line("250 2.0.0 ok")
	case "QUIT":
		x.conn.Line("221 2.0.0 farewell")
		return false
	default:
		x.conn.Line("500 5.5.1 unknown command")
	}
	return true
}

// extensions returns what EHLO offers now, without parameters.
func (x *session) extensions() []string {
	s := x.server
	hidden := func(e string) bool {
		switch {
		case slices.Contains(s.options.Hide, e), s.script.Active("no-" + strings.ToLower(e)):
			return true
		case e == "STARTTLS":
			return !x.conn.OfferTLS()
		case e == "AUTH":
			// Offered before TLS too: not using it there is the client's duty.
			return s.script.Active("auth-missing")
		case e == "PIPELINING", e == "8BITMIME", e == "SMTPUTF8":
			return x.conn.Secure() && s.script.Active("starttls-caps")
		}
		return false
	}
	all := []string{"PIPELINING", "SIZE", "8BITMIME", "SMTPUTF8", "ENHANCEDSTATUSCODES", "AUTH", "STARTTLS"}
	return slices.DeleteFunc(all, hidden)
}

func (x *session) offers(extension string) bool {
	return slices.Contains(x.extensions(), extension)
}

func (x *session) greet(verb, name string) {
	c, s := x.conn, x.server
	if host, err := os.Hostname(); err == nil && host != "localhost" && strings.EqualFold(host, name) {
		c.Sin("EHLO-NAMES-THE-MACHINE", name)
	}
	x.hello, x.letter = true, nil
	if verb == "HELO" {
		c.Line("250 mail.demo.example")
		return
	}
	c.Line("250-mail.demo.example")
	switch {
	case s.script.Fires("ehlo-endless"):
		c.Flood("250-X-ANOTHER\r\n")
		return
	case s.script.Fires("line-endless"):
		c.Flood("250-X-ANOTHER ")
		return
	}
	for _, e := range x.extensions() {
		switch e {
		case "SIZE":
			e = fmt.Sprintf("SIZE %d", s.options.MaxSize)
		case "AUTH":
			e = "AUTH " + strings.Join(s.options.Mechanisms, " ")
		}
		if s.script.Active("ehlo-lowercase") { // RFC 5321 §2.4: keywords in any case
			e = strings.ToLower(e)
		}
		c.Line("250-%s", e)
	}
	c.Line("250 HELP")
}

func (x *session) startTLS() bool {
	if !x.offers("STARTTLS") {
		x.conn.Line("502 5.5.1 not offered")
		return true
	}
	x.conn.Line("220 2.0.0 begin TLS now")
	if x.server.script.Fires("starttls-inject") {
		x.conn.Line("250-evil.example")
		x.conn.Line("250 AUTH PLAIN")
	}
	x.hello, x.letter = false, nil
	return x.conn.UpgradeTLS() == nil
}
