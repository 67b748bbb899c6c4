package fakeimap

import (
	"errors"
	"io"
	"strings"

	"paquebot.app/internal/fakeserver"
)

// session is one connection.
type session struct {
	server    *Server
	conn      *fakeserver.Conn
	tag       string
	user      *fakeserver.User // nil before sign-in
	view      *view            // nil where no mailbox is selected
	condstore bool             // MODSEQ is told in every FETCH
	qresync   bool             // VANISHED instead of EXPUNGE
	byUID     bool             // the command began with UID
}

// session serves one connection.
func (s *Server) session(c *fakeserver.Conn) {
	x := &session{server: s, conn: c, tag: "*"}
	if !s.script.Command(c, "", "", x.greet) {
		return
	}
	for {
		lines, literals, err := x.readCommand()
		if err != nil {
			return
		}
		if !x.dispatch(lines, literals) {
			return
		}
	}
}

func (x *session) greet() bool {
	switch {
	case x.lies("greeting-flood"):
		x.conn.Flood("* OK welcome aboard\r\n")
		return false
	case x.lies("preauth"):
		if users := x.server.World().Users(); len(users) > 0 {
			x.user = users[0]
		}
		x.conn.Line("* PREAUTH [CAPABILITY %s] you are known", x.capabilities())
	default:
		x.conn.Line("* OK [CAPABILITY %s] ready", x.capabilities())
		if x.lies("pre-tls-data") {
			x.conn.Line("* OK [ALERT] call this number")
			x.conn.Line(`* LIST (\HasNoChildren) "/" EVIL`)
			x.conn.Line("* CAPABILITY IMAP4rev1 X-EVIL")
		}
	}
	return true
}

// lies tells whether a scenario is active, without counting it.
func (x *session) lies(name string) bool { return x.server.script.Active(name) }

// fires tells whether a scenario happens now, and counts it.
func (x *session) fires(name string) bool { return x.server.script.Fires(name) }

// readCommand reads the lines of a command and the literals between them.
func (x *session) readCommand() (lines, literals []string, err error) {
	for {
		line, err := x.conn.ReadLine()
		if err != nil {
			return nil, nil, err
		}
		lines = append(lines, line)
		size, nonSync, ok := literalAt(line)
		if !ok {
			return lines, literals, nil
		}
		switch {
		case nonSync && !x.offers("LITERAL+"):
			x.conn.Sin("LITERAL-PLUS-WITHOUT-CAPABILITY", line)
		case nonSync:
		case strings.Contains(strings.ToUpper(lines[0]), " APPEND ") && x.fires("append-no-cont"):
			x.conn.Hang()
			return nil, nil, io.EOF
		default:
			if x.conn.Ahead() {
				x.conn.Sin("LITERAL-BEFORE-CONTINUATION", line)
			}
			x.conn.Line("+ go ahead")
		}
		data, err := x.conn.ReadN(size)
		if err != nil {
			return nil, nil, err
		}
		literals = append(literals, string(data))
	}
}

// dispatch carries one command out and tells whether the session goes on.
func (x *session) dispatch(lines, literals []string) bool {
	tag, rest, _ := strings.Cut(lines[0], " ")
	verb, rest, _ := strings.Cut(rest, " ")
	verb = strings.ToUpper(verb)
	x.tag, x.byUID = tag, verb == "UID"
	if x.byUID {
		verb, rest, _ = strings.Cut(rest, " ")
		verb = strings.ToUpper(verb)
	}
	if tag == "" || verb == "" {
		x.conn.Line("* BAD a command has a tag and a name")
		return true
	}
	lines[0] = rest
	args, err := arguments(lines, literals)
	if err != nil {
		x.bad("%v", err)
		return true
	}
	return x.server.script.Command(x.conn, verb, tag, func() bool { return x.command(verb, args) })
}

// Tagged answers.
func (x *session) ok(format string, args ...any)  { x.conn.Line(x.tag+" OK "+format, args...) }
func (x *session) no(format string, args ...any)  { x.conn.Line(x.tag+" NO "+format, args...) }
func (x *session) bad(format string, args ...any) { x.conn.Line(x.tag+" BAD "+format, args...) }

// errMissing is answered NO.
var errMissing = errors.New("[NONEXISTENT] no such mailbox")

// needs are the capabilities without which a command is unknown.
var needs = map[string]string{
	"IDLE": "IDLE", "MOVE": "MOVE", "ENABLE": "ENABLE", "UNSELECT": "UNSELECT",
	"NAMESPACE": "NAMESPACE", "ID": "ID",
}

// command carries one command out and tells whether the session goes on.
func (x *session) command(verb string, args []value) bool {
	if need := needs[verb]; need != "" && !x.offers(need) {
		x.conn.Sin("COMMAND-WITHOUT-CAPABILITY", verb)
		x.bad("unknown command")
		return true
	}
	switch verb {
	case "CAPABILITY":
		x.conn.Line("* CAPABILITY %s", x.capabilities())
		x.ok("done")
	case "NOOP", "CHECK":
		x.update(true)
		x.ok("done")
	case "ID":
		x.conn.Line(`* ID ("name" "fakeimap")`)
		x.ok("done")
	case "LOGOUT":
		x.conn.Line("* BYE farewell")
		x.ok("done")
		return false
	case "STARTTLS":
		return x.startTLS()
	case "COMPRESS":
		return x.compress()
	case "LOGIN", "AUTHENTICATE":
		if x.user != nil || x.mayNotSignIn() {
			x.no("[PRIVACYREQUIRED] not now")
			return true
		}
		return x.signIn(verb, args)
	default:
		switch run, selected := x.handler(verb); {
		case run == nil:
			x.bad("unknown command")
		case x.user == nil || selected && x.view == nil:
			x.bad("not now")
		case !run(args):
			return false
		}
	}
	return true
}

// handler returns what carries out a command of a user who has signed in, and
// whether it needs a mailbox. It is nil for an unknown one.
func (x *session) handler(verb string) (run func([]value) bool, selected bool) {
	switch verb {
	case "SELECT", "EXAMINE":
		return func(args []value) bool { return x.selectBox(args, verb == "EXAMINE") }, false
	case "XLIST":
		if !x.announces(verb) {
			return nil, false
		}
		return func(args []value) bool { return x.list(verb, args) }, false
	case "LIST", "LSUB":
		return func(args []value) bool { return x.list(verb, args) }, false
	case "STATUS":
		return x.status, false
	case "CREATE", "DELETE", "RENAME", "SUBSCRIBE", "UNSUBSCRIBE":
		return func(args []value) bool { return x.manage(verb, args) }, false
	case "NAMESPACE":
		return x.namespace, false
	case "ENABLE":
		return x.enable, false
	case "APPEND":
		return x.append, false
	case "IDLE":
		return x.idle, false
	case "FETCH":
		return x.fetch, true
	case "STORE":
		return x.store, true
	case "COPY", "MOVE":
		return func(args []value) bool { return x.transfer(args, verb == "MOVE") }, true
	case "SEARCH":
		return x.search, true
	case "EXPUNGE":
		return x.expunge, true
	case "CLOSE", "UNSELECT":
		return func([]value) bool { return x.leave(verb) }, true
	}
	return nil, false
}
