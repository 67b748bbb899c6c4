package fakesmtp_test

import (
	"bufio"
	"bytes"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/emersion/go-sasl"
	smtp "github.com/emersion/go-smtp"

	"paquebot.app/internal/clock"
	"paquebot.app/internal/fakeserver"
	"paquebot.app/internal/fakeserver/fakesmtp"
)

const letter = "From: anna@demo.example\r\nSubject: dots\r\n\r\n.one\r\n..two\r\n.\r\nend\r\n"

func world() (*fakeserver.World, *fakeserver.User) {
	w := fakeserver.NewWorld()
	return w, w.AddUser("anna", "secret")
}

// signedIn returns a client of the real library after AUTH.
func signedIn(t *testing.T, s *fakesmtp.Server) *smtp.Client {
	t.Helper()
	c, err := smtp.Dial(s.Addr())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	c.CommandTimeout, c.SubmissionTimeout = 20*time.Second, 20*time.Second
	if err := c.Auth(sasl.NewPlainClient("", "anna", "secret")); err != nil {
		t.Fatal(err)
	}
	return c
}

// send sends letter and returns the code of the first refusal: 0 for none,
// -1 where the connection ended.
func send(c *smtp.Client, to ...string) int {
	return code(c.SendMail("anna@demo.example", to, strings.NewReader(letter)))
}

func code(err error) int {
	var refusal *smtp.SMTPError
	switch {
	case err == nil:
		return 0
	case errors.As(err, &refusal):
		return refusal.Code
	}
	return -1
}

func TestGoSMTPSends(t *testing.T) {
	w, u := world()
	s := fakesmtp.Start(t, w, fakesmtp.Options{Deliver: true})
	c := signedIn(t, s)
	for _, to := range [][]string{{"bo@demo.example", "anna@demo.example"}, {"bo@demo.example"}} {
		if got := send(c, to...); got != 0 {
			t.Fatalf("sending said %d", got)
		}
	}
	if err := c.Quit(); err != nil {
		t.Fatal(err)
	}
	all := s.Accepted()
	if len(all) != 2 {
		t.Fatalf("accepted %d letters", len(all))
	}
	l := all[0]
	if l.From != "anna@demo.example" || fmt.Sprint(l.To) != "[bo@demo.example anna@demo.example]" ||
		string(l.Raw) != letter || l.User != "anna" || !l.At.Equal(fakeserver.Epoch) {
		t.Errorf("accepted %+v", l)
	}
	in := u.Mailbox("INBOX").Messages()
	if len(in) != 1 || !bytes.HasSuffix(in[0].Raw, []byte("+0000\r\n"+letter)) {
		t.Errorf("delivered %v", in)
	}
	if e := s.Events(); len(e) != 0 {
		t.Errorf("events = %v", e)
	}
}

func TestRecipientsChooseTheFailure(t *testing.T) {
	for _, c := range []struct {
		to       string
		codes    []int // of sending once, and again
		accepted int   // after both
	}{
		{"bo", []int{0, 0}, 2},
		{"temp", []int{451, 451}, 0},
		{"refuse", []int{550, 550}, 0},
		{"full", []int{452, 452}, 0},
		{"greylist", []int{451, 0}, 1},
		{"too-big", []int{552, 552}, 0},
		{"refuse-data", []int{554, 554}, 0},
		{"temp-data", []int{451, 0}, 1},
		{"drop-mid-data", []int{-1, 0}, 1},
		{"drop-after-data", []int{-1, -1}, 2},
		{"twice", []int{0, 0}, 4},
	} {
		if _, ok := fakesmtp.Recipients[c.to]; !ok && c.to != "bo" {
			t.Errorf("%s is not in the list", c.to)
		}
		w, _ := world()
		s := fakesmtp.Start(t, w, fakesmtp.Options{})
		for i, want := range c.codes {
			if got := send(signedIn(t, s), c.to+"@demo.example"); got != want {
				t.Errorf("%s@, try %d: %d, want %d", c.to, i, got, want)
			}
		}
		if got := len(s.Accepted()); got != c.accepted {
			t.Errorf("%s@: %d accepted, want %d", c.to, got, c.accepted)
		}
	}
}

func TestScenariosAtOneLetter(t *testing.T) {
	for name, want := range map[string]struct {
		code     int // of a letter to two recipients
		accepted int
	}{
		"smtp-drop-after-data": {-1, 1},
		"accept-twice":         {0, 2},
		"drop-mid-data":        {-1, 0},
		"drop-after-354":       {-1, 0},
		"data-451":             {451, 0},
		"data-554":             {554, 0},
		"421-after-dot":        {421, 0},
		"greylist-451":         {451, 0},
		"rcpt-421":             {421, 0},
		"per-rcpt-550":         {550, 0},
		"per-rcpt-451":         {451, 0},
		"rcpt-452":             {452, 0},
		"all-rcpt-550":         {550, 0},
		"mail-550":             {550, 0},
		"mail-530":             {530, 0},
		"size-552":             {552, 0},
		"no-8bitmime":          {0, 1},
		"no-pipelining":        {0, 1},
		"drop-at-data":         {-1, 0},
	} {
		w, _ := world()
		s := fakesmtp.Start(t, w, fakesmtp.Options{})
		if err := s.Scenario(name); err != nil {
			t.Fatal(err)
		}
		got := send(signedIn(t, s), "bo@demo.example", "cy@demo.example")
		if got != want.code || len(s.Accepted()) != want.accepted {
			t.Errorf("%s: %d and %d accepted, want %v", name, got, len(s.Accepted()), want)
		}
		s.Scenario()
		if name == "per-rcpt-550" {
			continue // what it chose it refuses while it is played, below
		}
		if got := send(signedIn(t, s), "bo@demo.example"); got != 0 {
			t.Errorf("%s: still %d when it is over", name, got)
		}
	}
}

func TestPerRcpt550RemembersWhomItRefused(t *testing.T) {
	w, _ := world()
	s := fakesmtp.Start(t, w, fakesmtp.Options{})
	s.Scenario("per-rcpt-550")
	send(signedIn(t, s), "bo@demo.example", "cy@demo.example")
	if got := send(signedIn(t, s), "cy@demo.example"); got != 550 {
		t.Errorf("cy alone: %d, want 550", got)
	}
	if got := send(signedIn(t, s), "bo@demo.example"); got != 0 {
		t.Errorf("bo alone: %d", got)
	}
}

func TestSignInScenarios(t *testing.T) {
	for name, want := range map[string]int{"auth-535": 535, "auth-454": 454, "auth-missing": 502} {
		w, _ := world()
		s := fakesmtp.Start(t, w, fakesmtp.Options{})
		s.Scenario(name)
		c, err := smtp.Dial(s.Addr())
		if err != nil {
			t.Fatal(err)
		}
		if got := code(c.Auth(sasl.NewPlainClient("", "anna", "secret"))); got != want {
			t.Errorf("%s: %d, want %d", name, got, want)
		}
		if got := code(c.Mail("anna@demo.example", nil)); got != 530 {
			t.Errorf("%s: MAIL says %d", name, got)
		}
		c.Close()
	}
	for name, want := range map[string]string{"connect-421": "421", "connect-554": "554"} {
		w, _ := world()
		s := fakesmtp.Start(t, w, fakesmtp.Options{})
		s.Scenario(name)
		if got := dial(t, s).line(); !strings.HasPrefix(got, want) {
			t.Errorf("%s: %q", name, got)
		}
	}
}

func TestStartTLSAndLogin(t *testing.T) {
	w, _ := world()
	s := fakesmtp.Start(t, w, fakesmtp.Options{Transport: fakeserver.Transport{TLS: fakeserver.StartTLS}})
	nc, err := net.Dial("tcp", s.Addr())
	if err != nil {
		t.Fatal(err)
	}
	c, err := smtp.NewClientStartTLS(nc, &tls.Config{RootCAs: fakeserver.CA(), ServerName: "localhost"})
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Auth(sasl.NewLoginClient("anna", "secret")); err != nil {
		t.Fatal(err)
	}
	if got := send(c, "bo@demo.example"); got != 0 {
		t.Errorf("sending said %d", got)
	}
	c.Close()
	if e := s.Events(); len(e) != 0 {
		t.Errorf("events = %v", e)
	}
	s.Scenario("no-starttls")
	signedIn(t, s)
	if e := s.Events(); len(e) != 1 || e[0].Name != "PASSWORD-IN-CLEAR" {
		t.Errorf("events = %v", e)
	}
}

func TestTheAnswerWaitsForTheClock(t *testing.T) {
	w, _ := world()
	hands := clock.NewFake(fakeserver.Epoch)
	w.SetClock(hands)
	s := fakesmtp.Start(t, w, fakesmtp.Options{Open: true})
	c := dial(t, s)
	c.line()
	c.ask("EHLO me", "250-")
	for !strings.HasPrefix(c.line(), "250 ") {
	}
	c.ask("MAIL FROM:<a@demo.example>", "250")
	c.ask("RCPT TO:<slow@demo.example>", "250")
	c.ask("DATA", "354")
	c.say("Subject: x\r\n\r\ny\r\n.")
	for hands.Waiters() == 0 {
		c.nc.SetReadDeadline(time.Now().Add(5 * time.Millisecond))
		if b, err := c.r.Peek(1); err == nil {
			t.Fatalf("answered %q before its time", b)
		}
	}
	if len(s.Accepted()) != 1 {
		t.Error("not accepted")
	}
	c.nc.SetReadDeadline(time.Now().Add(20 * time.Second))
	hands.Advance(90 * time.Second)
	c.ask("NOOP", "250 2.0.0 accepted")
}

// client is a raw SMTP client.
type client struct {
	t  *testing.T
	nc net.Conn
	r  *bufio.Reader
}

func dial(t *testing.T, s *fakesmtp.Server) *client {
	t.Helper()
	nc, err := net.Dial("tcp", s.Addr())
	if err != nil {
		t.Fatal(err)
	}
	nc.SetDeadline(time.Now().Add(20 * time.Second))
	t.Cleanup(func() { nc.Close() })
	return &client{t, nc, bufio.NewReader(nc)}
}

func (c *client) say(line string) { fmt.Fprintf(c.nc, "%s\r\n", line) }

func (c *client) line() string {
	line, err := c.r.ReadString('\n')
	if err != nil {
		return "<" + err.Error() + ">"
	}
	return strings.TrimSuffix(line, "\r\n")
}

func (c *client) ask(line, prefix string) {
	c.t.Helper()
	c.say(line)
	if got := c.line(); !strings.HasPrefix(got, prefix) {
		c.t.Fatalf("%q was answered %q, want %q", line, got, prefix)
	}
}

// open is a raw client after EHLO.
func open(t *testing.T, s *fakesmtp.Server) *client {
	t.Helper()
	c := dial(t, s)
	c.line()
	c.say("EHLO me")
	for !strings.HasPrefix(c.line(), "250 ") {
	}
	return c
}

func TestSins(t *testing.T) {
	w, _ := world()
	for sin, data := range map[string]string{
		"NON-CRLF-DOT":          "Subject: x\r\n\r\na\n.\r\n",
		"BARE-NEWLINE":          "Subject: x\r\n\r\na\nb\r\n.\r\n",
		"8BIT-WITHOUT-8BITMIME": "Subject: x\r\n\r\n\xe9\r\n.\r\n",
		"LINE-TOO-LONG":         "Subject: x\r\n\r\n" + strings.Repeat("x", 999) + "\r\n.\r\n",
		"BCC-ON-THE-WIRE":       "Subject: x\r\nbcc: bo@demo.example\r\n\r\na\r\n.\r\n",
	} {
		s := fakesmtp.Start(t, w, fakesmtp.Options{Open: true})
		c := open(t, s)
		c.ask("MAIL FROM:<a@demo.example>", "250")
		c.ask("RCPT TO:<b@demo.example>", "250")
		c.ask("DATA", "354")
		c.nc.Write([]byte(data))
		if got := c.line(); !strings.HasPrefix(got, "250") {
			t.Errorf("%s: %q", sin, got)
		}
		found := false
		for _, e := range s.Events() {
			found = found || e.Name == sin
		}
		if !found {
			t.Errorf("events = %v, want %s", s.Events(), sin)
		}
	}
	s := fakesmtp.Start(t, w, fakesmtp.Options{Open: true})
	s.Scenario("no-pipelining")
	c := open(t, s)
	c.nc.Write([]byte("MAIL FROM:<a@demo.example>\r\nRCPT TO:<b@demo.example>\r\n"))
	c.line()
	c.line()
	c.ask("MAIL FROM:<a@demo.example>", "503")
	c.ask("RSET", "250")
	c.ask("MAIL FROM:<a@demo.example> SIZE=99999999999", "552")
	if e := s.Events(); len(e) != 1 || e[0].Name != "PIPELINED-WITHOUT-EXTENSION" {
		t.Errorf("events = %v", e)
	}
}

func TestEndlessAnswers(t *testing.T) {
	for name, command := range map[string]string{
		"greeting-flood": "", "ehlo-endless": "EHLO me", "line-endless": "EHLO me", "auth-334-flood": "AUTH PLAIN",
	} {
		w, _ := world()
		s := fakesmtp.Start(t, w, fakesmtp.Options{})
		s.Scenario(name)
		c := dial(t, s)
		c.say(command)
		if n, err := c.r.Discard(1 << 20); err != nil {
			t.Errorf("%s ended after %d bytes: %v", name, n, err)
		}
	}
}

func TestCapabilitiesBeforeTLSAreNotThoseAfter(t *testing.T) {
	w, _ := world()
	s := fakesmtp.Start(t, w, fakesmtp.Options{Transport: fakeserver.Transport{TLS: fakeserver.StartTLS}})
	s.Scenario("starttls-caps")
	c := open(t, s)
	c.ask("STARTTLS", "220")
	over := tls.Client(c.nc, &tls.Config{RootCAs: fakeserver.CA(), ServerName: "localhost"})
	if err := over.Handshake(); err != nil {
		t.Fatal(err)
	}
	under := &client{t, over, bufio.NewReader(over)}
	under.say("EHLO me")
	for {
		l := under.line()
		if strings.Contains(l, "PIPELINING") {
			t.Error("PIPELINING is offered under TLS")
		}
		if strings.HasPrefix(l, "250 ") {
			break
		}
	}
}

func TestAProviderMayFileSentMailItself(t *testing.T) {
	w, u := world()
	u.CreateUsual()
	s := fakesmtp.Start(t, w, fakesmtp.Options{FileSent: "Sent"})
	send(signedIn(t, s), "bo@demo.example")
	if m := u.Mailbox("Sent").Messages(); len(m) != 1 || string(m[0].Raw) != letter || !m[0].Has(`\Seen`) {
		t.Errorf("Sent = %v", m)
	}
}
