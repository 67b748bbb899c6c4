package realserver

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"net"
	"net/textproto"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"paquebot.app/internal/clock"
)

// talkWithin bounds one conversation of a test with its server.
const talkWithin = 2 * time.Minute

// Mail is one mail in a folder, as IMAP shows it.
type Mail struct {
	UID   int
	Flags string // as the server lists them: `\Seen \Recent`
	Raw   []byte
}

// Deliver hands mails to a user by LMTP, as another server would. Dovecot puts
// its own Return-Path, Delivered-To and Received in front.
func (s *Server) Deliver(t testing.TB, user string, mails ...[]byte) {
	t.Helper()
	conn, err := net.Dial("unix", filepath.Join(s.dir, "run", "lmtp"))
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	conn.SetDeadline(time.Now().Add(talkWithin))
	c := textproto.NewConn(conn)
	expect := func(code int) {
		t.Helper()
		if _, _, err := c.ReadResponse(code); err != nil {
			t.Fatalf("LMTP: %v\n%s", err, tail(s.log("dovecot")))
		}
	}
	say := func(code int, format string, args ...any) {
		t.Helper()
		if err := c.PrintfLine(format, args...); err != nil {
			t.Fatalf("LMTP: %v", err)
		}
		expect(code)
	}
	expect(220)
	say(250, "LHLO localhost")
	for _, raw := range mails {
		say(250, "MAIL FROM:<>")
		say(250, "RCPT TO:<%s>", Address(user))
		say(354, "DATA")
		w := c.DotWriter()
		if _, err := w.Write(raw); err != nil {
			t.Fatalf("LMTP: %v", err)
		}
		if err := w.Close(); err != nil {
			t.Fatalf("LMTP: %v", err)
		}
		expect(250)
	}
	say(221, "QUIT")
}

// Append puts mails into a folder of a user by IMAP, byte for byte, with flags
// such as `\Seen` and with arrived as their INTERNALDATE.
func (s *Server) Append(t testing.TB, user, folder, flags string, arrived time.Time, mails ...[]byte) {
	t.Helper()
	c := s.signIn(t, user)
	defer c.close()
	date := arrived.Format("_2-Jan-2006 15:04:05 -0700")
	for _, raw := range mails {
		c.send(t, "APPEND %q (%s) %q {%d+}\r\n%s", folder, flags, date, len(raw), raw)
	}
	c.send(t, "LOGOUT")
}

// Mails returns what is in a folder of a user, ordered by UID, without
// changing a flag.
func (s *Server) Mails(t testing.TB, user, folder string) []Mail {
	t.Helper()
	c := s.signIn(t, user)
	defer c.close()
	c.send(t, "EXAMINE %q", folder)
	var out []Mail
	for _, line := range c.send(t, "UID FETCH 1:* (UID FLAGS BODY.PEEK[])") {
		if !strings.Contains(line.text, " FETCH (") {
			continue
		}
		m := Mail{Raw: line.literal}
		if _, after, ok := strings.Cut(line.text, "UID "); ok {
			n, _, _ := strings.Cut(after, " ")
			m.UID, _ = strconv.Atoi(strings.TrimRight(n, ")"))
		}
		if _, after, ok := strings.Cut(line.text, "FLAGS ("); ok {
			m.Flags, _, _ = strings.Cut(after, ")")
		}
		out = append(out, m)
	}
	c.send(t, "LOGOUT")
	return out
}

// Folders returns the names of a user's folders that can hold mail.
func (s *Server) Folders(t testing.TB, user string) (names []string) {
	t.Helper()
	c := s.signIn(t, user)
	defer c.close()
	for _, line := range c.send(t, `LIST "" "*"`) {
		attributes, rest, ok := strings.Cut(line.text, `) "/" `)
		attributes = strings.ToLower(attributes)
		if ok && !strings.Contains(attributes, `\noselect`) && !strings.Contains(attributes, `\nonexistent`) {
			names = append(names, strings.Trim(rest, `"`))
		}
	}
	c.send(t, "LOGOUT")
	return names
}

// Command signs a user in, selects a folder and sends one IMAP command, as a
// second client would: Command(t, "user1", "INBOX", `STORE 1 +FLAGS (\Seen)`).
func (s *Server) Command(t testing.TB, user, folder, command string) {
	t.Helper()
	c := s.signIn(t, user)
	defer c.close()
	c.send(t, "SELECT %q", folder)
	c.send(t, "%s", command)
	c.send(t, "LOGOUT")
}

// imapConn is the least IMAP client there can be. It shares no code with the
// one under test.
type imapConn struct {
	conn net.Conn
	r    *bufio.Reader
	tag  int
}

// imapLine is one response, with the literal that stood in it.
type imapLine struct {
	text    string
	literal []byte
}

func (s *Server) signIn(t testing.TB, user string) *imapConn {
	t.Helper()
	conn, err := net.Dial("tcp", s.Addr(s.IMAP))
	if err != nil {
		t.Fatal(err)
	}
	conn.SetDeadline(time.Now().Add(talkWithin))
	c := &imapConn{conn: conn, r: bufio.NewReader(conn)}
	if _, err := c.read(); err != nil {
		t.Fatal(err)
	}
	c.send(t, "LOGIN %q %q", user, Password)
	return c
}

func (c *imapConn) close() { c.conn.Close() }

// send sends a command and returns the lines that came before its OK.
func (c *imapConn) send(t testing.TB, format string, args ...any) []imapLine {
	t.Helper()
	c.tag++
	tag := fmt.Sprintf("t%d ", c.tag)
	var cmd bytes.Buffer
	fmt.Fprintf(&cmd, tag+format+"\r\n", args...)
	if _, err := c.conn.Write(cmd.Bytes()); err != nil {
		t.Fatalf("IMAP: %v", err)
	}
	var lines []imapLine
	for {
		line, err := c.read()
		if err != nil {
			t.Fatalf("IMAP: %v", err)
		}
		if answer, ok := strings.CutPrefix(line.text, tag); ok {
			if !strings.HasPrefix(answer, "OK") {
				t.Fatalf("IMAP refused %.100q: %s", cmd.String(), answer)
			}
			return lines
		}
		lines = append(lines, line)
	}
}

// read reads one response.
func (c *imapConn) read() (imapLine, error) {
	var line imapLine
	for {
		text, err := c.r.ReadString('\n')
		if err != nil {
			return line, err
		}
		text = strings.TrimRight(text, "\r\n")
		line.text += text
		open := strings.LastIndexByte(text, '{')
		if open < 0 || !strings.HasSuffix(text, "}") {
			return line, nil
		}
		n, err := strconv.Atoi(text[open+1 : len(text)-1])
		if err != nil {
			return line, nil
		}
		line.literal = make([]byte, n)
		if _, err := io.ReadFull(c.r, line.literal); err != nil {
			return line, err
		}
	}
}

// Await returns what is in a folder of a user as soon as it is n mails or
// more. It fails the test when that takes too long.
func (s *Server) Await(t testing.TB, user, folder string, n int) []Mail {
	t.Helper()
	late := clock.System.After(talkWithin)
	for {
		mails := s.Mails(t, user, folder)
		if len(mails) >= n {
			return mails
		}
		select {
		case <-clock.System.After(tryEvery):
		case <-late:
			t.Fatalf("%s of %s holds %d mails, want %d\n%s", folder, user, len(mails), n, tail(s.log("dovecot")))
		}
	}
}
