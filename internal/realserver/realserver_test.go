package realserver

import (
	"bytes"
	"crypto/tls"
	"encoding/base64"
	"fmt"
	"net"
	"net/textproto"
	"runtime"
	"strings"
	"testing"
	"time"

	"paquebot.app/internal/clock"
)

var letter = []byte("From: Jonas <jonas@" + Domain + ">\r\nTo: user1@" + Domain + "\r\nSubject: Land ahoy\r\n\r\nWe dock at nine.\r\n.\r\n..and leave at ten.\r\n")

// talk is a conversation in lines with a server.
type talk struct {
	*textproto.Conn
	raw net.Conn
	t   *testing.T
}

func dial(t *testing.T, addr string, config *tls.Config) *talk {
	t.Helper()
	var c net.Conn
	var err error
	if config != nil {
		c, err = tls.Dial("tcp", addr, config)
	} else {
		c, err = net.Dial("tcp", addr)
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	c.SetDeadline(time.Now().Add(talkWithin))
	return &talk{textproto.NewConn(c), c, t}
}

// upgrade goes on inside TLS.
func (k *talk) upgrade(config *tls.Config) *talk {
	k.t.Helper()
	c := tls.Client(k.raw, config)
	if err := c.Handshake(); err != nil {
		k.t.Fatal(err)
	}
	return &talk{textproto.NewConn(c), c, k.t}
}

// want reads a line that begins with prefix.
func (k *talk) want(prefix string) string {
	k.t.Helper()
	line, err := k.ReadLine()
	if err != nil {
		k.t.Fatal(err)
	}
	if !strings.HasPrefix(line, prefix) {
		k.t.Fatalf("the server said %q, want %q", line, prefix)
	}
	return line
}

// say sends a line and reads one that begins with prefix.
func (k *talk) say(line, prefix string) string {
	k.t.Helper()
	if err := k.PrintfLine("%s", line); err != nil {
		k.t.Fatal(err)
	}
	return k.want(prefix)
}

// smtp sends a line and reads a whole answer.
func (k *talk) smtp(code int, line string) string {
	k.t.Helper()
	if line != "" {
		if err := k.PrintfLine("%s", line); err != nil {
			k.t.Fatal(err)
		}
	}
	_, said, err := k.ReadResponse(code)
	if err != nil {
		k.t.Fatalf("%s: %v", line, err)
	}
	return said
}

func TestDovecotHandsOutWhatWasDelivered(t *testing.T) {
	s := Dovecot(t, Options{Users: 2})
	s.Append(t, "user1", "INBOX", `\Seen`, clock.System.Now(), letter, letter)
	s.Deliver(t, "user2", letter)

	t.Run("IMAP", func(t *testing.T) {
		mails := s.Mails(t, "user1", "INBOX")
		if len(mails) != 2 || mails[0].UID != 1 || !strings.Contains(mails[1].Flags, `\Seen`) || !bytes.Equal(mails[1].Raw, letter) {
			t.Fatalf("the folder holds %+v", mails)
		}
		s.Command(t, "user1", "INBOX", `STORE 2 +FLAGS.SILENT (\Flagged)`)
		if mails = s.Mails(t, "user1", "INBOX"); !strings.Contains(mails[1].Flags, `\Flagged`) {
			t.Errorf("flags are %q after a second client's STORE", mails[1].Flags)
		}
	})
	t.Run("IMAPS", func(t *testing.T) {
		dial(t, s.Addr(s.IMAPS), s.TLS()).want("* OK")
	})
	t.Run("STARTTLS", func(t *testing.T) {
		k := dial(t, s.Addr(s.IMAP), nil)
		k.want("* OK")
		k.say("a STARTTLS", "a OK")
		k = k.upgrade(s.TLS())
		k.say(fmt.Sprintf("b LOGIN user1 %q", Password), "b OK")
	})
	t.Run("POP3S", func(t *testing.T) {
		k := dial(t, s.Addr(s.POP3S), s.TLS())
		k.want("+OK")
		k.say("USER user2", "+OK")
		k.say("PASS "+Password, "+OK")
		k.say("STAT", "+OK 1 ")
		k.say("RETR 1", "+OK")
		got, err := k.ReadDotBytes()
		if err != nil {
			t.Fatal(err)
		}
		// ReadDotBytes writes lines with LF.
		if want := bytes.ReplaceAll(letter, []byte("\r\n"), []byte("\n")); !bytes.HasSuffix(got, want) {
			t.Errorf("POP handed out %q, want an end of %q", got, want)
		}
	})
	t.Run("STLS", func(t *testing.T) {
		k := dial(t, s.Addr(s.POP3), nil)
		k.want("+OK")
		k.say("STLS", "+OK")
		k = k.upgrade(s.TLS())
		k.say("USER user2", "+OK")
		k.say("PASS wrong", "-ERR")
	})
	t.Run("an unknown authority is not trusted", func(t *testing.T) {
		if _, err := tls.Dial("tcp", s.Addr(s.IMAPS), &tls.Config{ServerName: "localhost"}); err == nil {
			t.Error("the system's authorities vouch for a private server")
		}
	})
}

func TestDovecotRestartsWithItsMail(t *testing.T) {
	s := Dovecot(t, Options{Mdbox: true})
	s.Append(t, "user1", "Archive", "", clock.System.Now(), letter)
	s.Stop(t)
	if c, err := net.Dial("tcp", s.Addr(s.IMAP)); err == nil {
		c.Close()
		t.Error("it still answers after Stop")
	}
	s.Start(t)
	if got := s.Mails(t, "user1", "Archive"); len(got) != 1 || !bytes.Equal(got[0].Raw, letter) {
		t.Errorf("after a restart the folder holds %d mails", len(got))
	}
}

func TestDovecotPlaysAPoorServer(t *testing.T) {
	s := Dovecot(t, Options{IMAPCapability: "IMAP4rev1 LITERAL+", RefusePlain: true})
	k := dial(t, s.Addr(s.IMAP), nil)
	k.want("* OK")
	k.say(fmt.Sprintf("a LOGIN user1 %q", Password), "* BAD")
	k.want("a NO")

	k = dial(t, s.Addr(s.IMAPS), s.TLS())
	k.want("* OK")
	k.say(fmt.Sprintf("a LOGIN user1 %q", Password), "a OK")
	if got := k.say("b CAPABILITY", "* CAPABILITY"); strings.Contains(got, "IDLE") || strings.Contains(got, "MOVE") {
		t.Errorf("it announces %s", got)
	}
}

// submit signs in to a submission server over STARTTLS.
func submit(t *testing.T, s *Server, p *Submission) *talk {
	t.Helper()
	k := dial(t, p.Addr(p.Port), nil)
	k.smtp(220, "")
	if plain := k.smtp(250, "EHLO localhost"); strings.Contains(plain, "AUTH") {
		t.Errorf("sign-in is offered without TLS: %q", plain)
	}
	k.smtp(220, "STARTTLS")
	k = k.upgrade(s.TLS())
	if safe := k.smtp(250, "EHLO localhost"); !strings.Contains(safe, "AUTH PLAIN LOGIN") || !strings.Contains(safe, "PIPELINING") {
		t.Errorf("after TLS it offers %q", safe)
	}
	k.smtp(235, "AUTH PLAIN "+base64.StdEncoding.EncodeToString([]byte("\x00user1\x00"+Password)))
	return k
}

func TestPostfixDeliversToDovecot(t *testing.T) {
	s := Dovecot(t, Options{Users: 2})
	p := Postfix(t, s)
	k := submit(t, s, p)
	k.smtp(250, "MAIL FROM:<"+Address("user1")+">")
	k.smtp(250, "RCPT TO:<"+Address("user2")+">")
	k.smtp(250, "RCPT TO:<friend@far.example>")
	k.smtp(550, "RCPT TO:<"+Ghost+">")
	k.smtp(451, "RCPT TO:<"+TryLater+">")
	k.smtp(354, "DATA")
	k.smtp(250, "Subject: over the counter\r\n\r\nbody\r\n.")
	k.smtp(250, "MAIL FROM:<"+DenyData+">")
	k.smtp(250, "RCPT TO:<"+Address("user2")+">")
	k.smtp(354, "DATA")
	k.smtp(554, "Subject: refused\r\n\r\nbody\r\n.")
	k.smtp(250, "RSET")
	k.smtp(552, fmt.Sprintf("MAIL FROM:<%s> SIZE=%d", Address("user1"), MaxLetter+1))
	k.smtp(221, "QUIT")

	for _, user := range []string{"user2", Outside} {
		mails := s.Await(t, user, "INBOX", 1)
		if len(mails) != 1 || !bytes.Contains(mails[0].Raw, []byte("Subject: over the counter\r\n")) {
			t.Errorf("%s has %d mails: %+v", user, len(mails), mails)
		}
	}

	k = dial(t, p.Addr(p.TLSPort), s.TLS())
	k.smtp(220, "")
	k.smtp(250, "EHLO localhost")
	k.smtp(535, "AUTH PLAIN "+base64.StdEncoding.EncodeToString([]byte("\x00user1\x00wrong")))
}

func TestDisplayShowsAWindow(t *testing.T) {
	display := Display(t, 640, 480)
	out, err := Xdotool(t, t.Context(), display, "getdisplaygeometry")
	if err != nil || out != "640 480" {
		t.Errorf("the display says %q, %v", out, err)
	}
}

// stub is a test that notes how it was ended, and ends.
type stub struct {
	testing.TB
	skipped, failed string
}

func (s *stub) Helper()                   {}
func (s *stub) Skipf(f string, a ...any)  { s.skipped = fmt.Sprintf(f, a...); runtime.Goexit() }
func (s *stub) Fatalf(f string, a ...any) { s.failed = fmt.Sprintf(f, a...); runtime.Goexit() }

// lookForNothing asks for a program that does not exist.
func lookForNothing() *stub {
	s := &stub{}
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		program(s, "real Lighthouse", "no-such-program", "lighthouse")
		s.failed = "the test went on"
	}()
	<-ended
	return s
}

func TestAMissingProgramIsNamedAndInCIAFailure(t *testing.T) {
	t.Setenv("CI", "")
	t.Setenv("PAQUEBOT_CI", "")
	s := lookForNothing()
	if !strings.Contains(s.skipped, `"real Lighthouse"`) || !strings.Contains(s.skipped, "apt install lighthouse") || s.failed != "" {
		t.Errorf("on a desktop: skipped %q, failed %q", s.skipped, s.failed)
	}
	for _, v := range []string{"CI=true", "PAQUEBOT_CI=1"} {
		name, value, _ := strings.Cut(v, "=")
		t.Run(v, func(t *testing.T) {
			t.Setenv(name, value)
			s := lookForNothing()
			if s.skipped != "" || !strings.Contains(s.failed, "real Lighthouse") {
				t.Errorf("skipped %q, failed %q", s.skipped, s.failed)
			}
		})
	}
}
