package submit

import (
	"context"
	"io"
	"net"
	"strings"
	"testing"
	"time"

	"paquebot.app/localstore"
)

// FuzzAnswers hands the client whatever a server may say, from its greeting to
// the middle of a letter: it ends, and never takes what is no agreement for one.
func FuzzAnswers(f *testing.F) {
	for _, s := range []string{
		"220 x\r\n250-x\r\n250-PIPELINING\r\n250 SIZE 10\r\n250 ok\r\n250 ok\r\n354 go\r\n250 ok\r\n",
		"220 x\r\n250-x\r\n250 AUTH PLAIN\r\n235 ok\r\n250 ok\r\n550 5.1.1 no\r\n354 go\r\n",
		"220 x\r\n250 x\r\n250 ok\r\n452 4.5.3 many\r\n421 bye\r\n", "220-\r\n", "250 x\r\n", "220 x\r\n250-\x00\r\n250 SIZE 99999999999999999999\r\n",
		"220 x\r\n250-x\r\n250-size -1\r\n250 auth\r\n334 !\r\n334 !\r\n", "\r\n\r\n\r\n", "* OK IMAP\r\n", "220 x\n250 x\n250 x\n250 x\n354\n",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, answers string) {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		defer l.Close()
		go func() {
			c, err := l.Accept()
			if err != nil {
				return
			}
			defer c.Close()
			io.WriteString(c, answers)
			c.(*net.TCPConn).CloseWrite()
			io.Copy(io.Discard, c)
		}()
		account := localstore.Account{Address: "anna@demo.example", SMTP: localstore.Server{Host: "127.0.0.1", Port: l.Addr().(*net.TCPAddr).Port, Security: localstore.Plain, User: "anna"}}
		o := Options{}.filled()
		o.stall, o.dot = 10*time.Second, 10*time.Second
		s, err := open(context.Background(), account, "secret", o)
		if err != nil {
			return
		}
		defer s.close()
		letter := localstore.Letter{EnvelopeFrom: "anna@demo.example", Recipients: []localstore.Recipient{
			{Address: "bo@demo.example", State: localstore.RecipientQueued}, {Address: "cy@demo.example", State: localstore.RecipientQueued}}}
		recipients, err := s.transaction(letter, 10, false, false)
		accepted, _ := standing(letter.Recipients, recipients)
		if err != nil && accepted > 0 {
			t.Errorf("%d recipients accepted with %v", accepted, err)
		}
		if agreed := strings.Count(answers, "25"); accepted > agreed {
			t.Errorf("%d recipients accepted by %q", accepted, answers)
		}
		if s.limit() < 0 {
			t.Errorf("a limit of %d", s.limit())
		}
	})
}
