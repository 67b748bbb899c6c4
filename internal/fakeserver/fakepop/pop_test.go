package fakepop_test

import (
	"bufio"
	"bytes"
	"crypto/tls"
	"fmt"
	"net"
	"strings"
	"testing"
	"time"

	pop3 "github.com/knadh/go-pop3"

	"paquebot.app/internal/clock"
	"paquebot.app/internal/fakeserver"
	"paquebot.app/internal/fakeserver/fakepop"
)

// letter makes a small mail.
func letter(n int) []byte {
	return []byte(fmt.Sprintf("From: a@demo.example\r\nSubject: letter %d\r\n\r\nOne.\r\n.two\r\n..three\r\n", n))
}

// world has the user anna with n letters.
func world(n int) (*fakeserver.World, *fakeserver.User) {
	w := fakeserver.NewWorld()
	u := w.AddUser("anna", "secret")
	for i := 1; i <= n; i++ {
		u.Deliver(letter(i), time.Time{})
	}
	return w, u
}

// client is a raw POP client whose every step fails the test.
type client struct {
	t  *testing.T
	nc net.Conn
	r  *bufio.Reader
}

func dial(t *testing.T, s *fakepop.Server) *client {
	t.Helper()
	nc, err := net.Dial("tcp", s.Addr())
	if err != nil {
		t.Fatal(err)
	}
	nc.SetDeadline(time.Now().Add(20 * time.Second))
	t.Cleanup(func() { nc.Close() })
	return &client{t, nc, bufio.NewReader(nc)}
}

// signedIn is dial, greeting, USER and PASS.
func signedIn(t *testing.T, s *fakepop.Server) *client {
	t.Helper()
	c := dial(t, s)
	c.expect("+OK")
	c.ask("USER anna", "+OK")
	c.ask("PASS secret", "+OK")
	return c
}

func (c *client) say(line string) { fmt.Fprintf(c.nc, "%s\r\n", line) }

func (c *client) line() string {
	line, err := c.r.ReadString('\n')
	if err != nil {
		return "<" + err.Error() + ">"
	}
	return strings.TrimSuffix(line, "\r\n")
}

func (c *client) expect(prefix string) string {
	c.t.Helper()
	got := c.line()
	if !strings.HasPrefix(got, prefix) {
		c.t.Fatalf("server said %q, want %q", got, prefix)
	}
	return got
}

func (c *client) ask(line, prefix string) string {
	c.t.Helper()
	c.say(line)
	return c.expect(prefix)
}

// list returns the lines of a multi-line answer.
func (c *client) list(line string) []string {
	c.t.Helper()
	c.ask(line, "+OK")
	var all []string
	for {
		got := c.line()
		if got == "." || strings.HasPrefix(got, "<") {
			return all
		}
		all = append(all, strings.TrimPrefix(got, "."))
	}
}

// ended demands that the server has closed the connection.
func (c *client) ended() {
	c.t.Helper()
	if got := c.line(); got != "<EOF>" {
		c.t.Fatalf("server said %q, want the end", got)
	}
}

func count(u *fakeserver.User) int { return len(u.Mailbox("INBOX").Messages()) }

func TestGoPop3FetchesAndDeletesEverything(t *testing.T) {
	w, u := world(3)
	s := fakepop.Start(t, w, fakepop.Options{})
	p, err := pop3.New(pop3.Opt{Host: s.Host(), Port: s.Port()}).NewConn()
	if err != nil {
		t.Fatal(err)
	}
	if err := p.Auth("anna", "secret"); err != nil {
		t.Fatal(err)
	}
	n, size, err := p.Stat()
	if err != nil || n != 3 || size != 3*len(letter(1)) {
		t.Fatalf("STAT = %d, %d, %v", n, size, err)
	}
	ids, err := p.Uidl(0)
	if err != nil || len(ids) != 3 || ids[1].UID != "0000000265"+"53F101" {
		t.Fatalf("UIDL = %v, %v", ids, err)
	}
	for i := 1; i <= 3; i++ {
		b, err := p.RetrRaw(i)
		if err != nil || !bytes.Equal(b.Bytes(), letter(i)) {
			t.Fatalf("RETR %d = %q, %v", i, b, err)
		}
	}
	if err := p.Dele(1, 3); err != nil {
		t.Fatal(err)
	}
	if count(u) != 3 {
		t.Error("mail was deleted before QUIT")
	}
	if err := p.Quit(); err != nil {
		t.Fatal(err)
	}
	left := u.Mailbox("INBOX").Messages()
	if len(left) != 1 || left[0].UID != 2 {
		t.Errorf("left = %v, want the second", left)
	}
	if e := s.Events(); len(e) != 0 {
		t.Errorf("events = %v", e)
	}
}

func TestDeletionsAndLockEndWithTheConnection(t *testing.T) {
	w, u := world(2)
	s := fakepop.Start(t, w, fakepop.Options{})
	c := signedIn(t, s)
	c.list("RETR 1")
	c.ask("DELE 1", "+OK")
	c.ask("DELE 1", "-ERR")
	other := dial(t, s)
	other.expect("+OK")
	other.ask("USER anna", "+OK")
	other.ask("PASS secret", "-ERR [IN-USE]")
	c.nc.Close()
	other.ask("PASS secret", "+OK 2")
	other.ask("QUIT", "+OK")
	if count(u) != 2 {
		t.Errorf("%d mails left, want 2", count(u))
	}
}

func TestTopAuthAndCapa(t *testing.T) {
	w, u := world(1)
	u.Deliver([]byte("\r\nno header"), time.Time{})
	u.Deliver([]byte("Subject: no body\n"), time.Time{})
	s := fakepop.Start(t, w, fakepop.Options{Hide: []string{"TOP", "PIPELINING"}, Expire: "7"})
	c := dial(t, s)
	c.expect("+OK")
	capa := strings.Join(c.list("CAPA"), ",")
	if capa != "USER,SASL PLAIN,UIDL,RESP-CODES,EXPIRE 7" {
		t.Errorf("CAPA = %q", capa)
	}
	c.ask("AUTH PLAIN AGFubmEAd3Jvbmc=", "-ERR [AUTH]")
	c.ask("AUTH PLAIN", "+ ")
	c.ask("AGFubmEAc2VjcmV0", "+OK")
	c.ask("TOP 1 0", "-ERR")
	c.nc.Write([]byte("NOOP\r\nNOOP\r\n"))
	c.expect("+OK")
	c.expect("+OK")
	if e := s.Events(); len(e) == 0 || e[0].Name != "PIPELINED-WITHOUT-EXTENSION" {
		t.Errorf("events = %v", e)
	}
	c.ask("QUIT", "+OK")

	open := fakepop.Start(t, w, fakepop.Options{})
	c = signedIn(t, open)
	for command, want := range map[string]string{
		"TOP 1 0": "From: a@demo.example|Subject: letter 1|",
		"TOP 1 2": "From: a@demo.example|Subject: letter 1||One.|.two",
		"TOP 1 9": "From: a@demo.example|Subject: letter 1||One.|.two|..three",
		"TOP 2 0": "",
		"TOP 2 1": "|no header",
		"TOP 3 5": "Subject: no body",
	} {
		if got := strings.Join(c.list(command), "|"); got != want {
			t.Errorf("%s = %q, want %q", command, got, want)
		}
	}
}

func TestTLS(t *testing.T) {
	w, _ := world(1)
	for _, c := range []struct {
		certificate fakeserver.Certificate
		want        string
	}{
		{fakeserver.Good, ""},
		{fakeserver.Expired, "expired"},
		{fakeserver.WrongHost, "127.0.0.1"},
		{fakeserver.SelfSigned, "unknown authority"},
	} {
		implicit := fakepop.Start(t, w, fakepop.Options{Transport: fakeserver.Transport{
			TLS: fakeserver.Implicit, Certificate: c.certificate}})
		nc, err := tls.Dial("tcp", implicit.Addr(), &tls.Config{RootCAs: fakeserver.CA()})
		check(t, err, c.want)
		if err == nil {
			p := &client{t, nc, bufio.NewReader(nc)}
			p.expect("+OK")
			p.ask("USER anna", "+OK")
			p.ask("PASS secret", "+OK")
			p.ask("QUIT", "+OK")
			nc.Close()
		}

		start := fakepop.Start(t, w, fakepop.Options{Transport: fakeserver.Transport{
			TLS: fakeserver.StartTLS, Certificate: c.certificate}})
		p := dial(t, start)
		p.expect("+OK")
		p.ask("STLS", "+OK")
		over := tls.Client(p.nc, &tls.Config{RootCAs: fakeserver.CA(), ServerName: "127.0.0.1"})
		err = over.Handshake()
		check(t, err, c.want)
		if err == nil {
			q := &client{t, over, bufio.NewReader(over)}
			q.ask("USER anna", "+OK")
			q.ask("PASS secret", "+OK")
			if strings.Contains(strings.Join(q.list("CAPA"), " "), "STLS") {
				t.Error("STLS is offered under TLS")
			}
		}
		if e := append(start.Events(), implicit.Events()...); len(e) != 0 {
			t.Errorf("events = %v", e)
		}
	}
}

func check(t *testing.T, err error, want string) {
	t.Helper()
	if (err == nil) != (want == "") || err != nil && !strings.Contains(err.Error(), want) {
		t.Errorf("handshake: %v, want %q", err, want)
	}
}

func TestPasswordInClear(t *testing.T) {
	w, _ := world(1)
	s := fakepop.Start(t, w, fakepop.Options{Transport: fakeserver.Transport{TLS: fakeserver.StartTLS}})
	if err := s.Scenario("no-starttls"); err != nil {
		t.Fatal(err)
	}
	c := signedIn(t, s)
	if strings.Contains(strings.Join(c.list("CAPA"), " "), "STLS") {
		t.Error("STLS is offered")
	}
	if e := s.Events(); len(e) != 1 || e[0].Name != "PASSWORD-IN-CLEAR" {
		t.Errorf("events = %v", e)
	}
}

func TestSins(t *testing.T) {
	w, _ := world(2)
	s := fakepop.Start(t, w, fakepop.Options{})
	c := signedIn(t, s)
	c.list("RETR 1")
	c.ask("DELE 2", "+OK")
	c.nc.Close()
	c = signedIn(t, s)
	c.ask("DELE 1", "+OK")
	var got []string
	for _, e := range s.Events() {
		got = append(got, e.Name)
	}
	if strings.Join(got, " ") != "DELE-OF-UNSEEN DELE-WITHOUT-TOP" {
		t.Errorf("events = %v", got)
	}
}

func TestSlowQuitWaitsForTheClock(t *testing.T) {
	w, u := world(1)
	hands := clock.NewFake(fakeserver.Epoch)
	w.SetClock(hands)
	s := fakepop.Start(t, w, fakepop.Options{})
	s.Scenario("quit-slow")
	c := signedIn(t, s)
	c.list("RETR 1")
	c.ask("DELE 1", "+OK")
	c.say("QUIT")
	for hands.Waiters() == 0 {
		c.nc.SetReadDeadline(time.Now().Add(5 * time.Millisecond))
		if b, err := c.r.Peek(1); err == nil {
			t.Fatalf("answered %q before its time", b)
		}
	}
	if count(u) != 0 {
		t.Error("QUIT has not deleted")
	}
	c.nc.SetReadDeadline(time.Now().Add(20 * time.Second))
	hands.Advance(90 * time.Second)
	c.expect("+OK")
}
