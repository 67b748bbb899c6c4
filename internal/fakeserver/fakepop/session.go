package fakepop

import (
	"strings"

	"paquebot.app/internal/fakeserver"
)

// maxCommand is the longest command, CRLF included (RFC 2449 §4).
const maxCommand = 255

// session is one connection.
type session struct {
	server *Server
	conn   *fakeserver.Conn
	name   string           // of USER
	user   *fakeserver.User // nil before sign-in
	drop   *maildrop
}

// session serves one connection.
func (s *Server) session(c *fakeserver.Conn) {
	x := &session{server: s, conn: c}
	defer x.release()
	if s.script.Fires("greeting-flood") {
		c.Raw([]byte("+OK "))
		c.Flood("welcome aboard ")
		return
	}
	if !s.script.Command(c, "", "", func() bool { c.Line("+OK ready%s", x.timestamp()); return true }) {
		return
	}
	for {
		line, err := c.ReadLine()
		if err != nil {
			return
		}
		if c.Ahead() && s.hides("PIPELINING") {
			c.Sin("PIPELINED-WITHOUT-EXTENSION", line)
		}
		if s.script.Active("deaf-ahead") {
			c.Forget()
		}
		if len(line)+2 > maxCommand {
			c.Sin("LINE-TOO-LONG", line)
		}
		verb, arg, _ := strings.Cut(line, " ")
		verb = strings.ToUpper(verb)
		if !s.script.Command(c, verb, "", func() bool { return x.command(verb, arg) }) {
			return
		}
	}
}

// release frees the maildrop of a session that ends without QUIT.
func (x *session) release() {
	if x.user != nil {
		x.user.UnlockMaildrop()
	}
}

// command carries one command out and tells whether the session goes on.
func (x *session) command(verb, arg string) bool {
	switch verb {
	case "QUIT":
		x.quit()
		return false
	case "CAPA":
		x.capa()
		return true
	case "NOOP":
		if x.user != nil {
			x.conn.Line("+OK")
			return true
		}
	}
	if x.user == nil {
		return x.authorization(verb, arg)
	}
	x.transaction(verb, arg)
	return true
}

func (x *session) capa() {
	s := x.server
	if s.hides("CAPA") {
		x.conn.Line("-ERR unknown command")
		return
	}
	x.conn.Line("+OK")
	if s.script.Fires("capa-endless") {
		x.conn.Flood("X-ANOTHER\r\n")
		return
	}
	list := []string{"USER", "SASL", "UIDL", "TOP", "PIPELINING", "RESP-CODES", "STLS", "EXPIRE", "LOGIN-DELAY"}
	for _, name := range list {
		switch {
		case s.hides(name):
		case name == "STLS" && !x.offersTLS():
		case name == "UIDL" && s.script.Active("uidl-missing"):
		case name == "SASL":
			x.conn.Line("SASL %s", strings.Join(s.options.Mechanisms, " "))
		case name == "EXPIRE":
			x.conn.Line("EXPIRE %s", s.options.Expire)
		case name == "LOGIN-DELAY":
			if s.options.LoginDelay > 0 {
				x.conn.Line("LOGIN-DELAY %d", s.options.LoginDelay)
			}
		default:
			x.conn.Line("%s", name)
		}
	}
	x.conn.Line(".")
}

func (x *session) offersTLS() bool {
	return x.conn.OfferTLS() && !x.server.hides("STLS") && !x.server.script.Active("no-starttls")
}

// authorization is the first state of RFC 1939 §4.
func (x *session) authorization(verb, arg string) bool {
	s := x.server
	switch {
	case verb == "USER" && !s.hides("USER"):
		x.name = arg
		x.conn.Line("+OK")
	case verb == "PASS" && !s.hides("USER"):
		x.signIn(x.name, arg)
	case verb == "AUTH" && !s.hides("SASL"):
		return x.auth(arg)
	case verb == "APOP" && s.options.APOP:
		x.apop(arg)
	case verb == "STLS" && x.offersTLS():
		x.conn.Line("+OK begin TLS now")
		if s.script.Fires("starttls-inject") {
			x.conn.Line("+OK")
			x.conn.Line("+OK 0 0")
		}
		x.name = ""
		return x.conn.UpgradeTLS() == nil
	default:
		x.conn.Line("-ERR not now")
	}
	return true
}

func (x *session) signIn(name, password string) {
	x.conn.Password()
	x.enter(x.server.World().SignIn(name, password))
}

// enter opens the maildrop of a user, nil for one that is not known.
func (x *session) enter(user *fakeserver.User) {
	switch {
	case x.server.script.Active("delay-next") && x.server.countTry()%2 == 0:
		x.conn.Line("-ERR [LOGIN-DELAY] you signed in a moment ago")
	case user == nil:
		x.conn.Line("-ERR [AUTH] wrong name or password")
	case !user.LockMaildrop():
		x.conn.Line("-ERR [IN-USE] the maildrop is locked by another session")
	default:
		x.user = user
		x.drop = x.server.open(user)
		x.conn.Line("+OK %d messages", len(x.drop.mails))
	}
}
