package netconn_test

import (
	"bufio"
	"net"
	"strings"
	"testing"

	"paquebot.app/internal/fakeserver"
	"paquebot.app/internal/fakeserver/fakeimap"
	"paquebot.app/internal/fakeserver/fakepop"
	"paquebot.app/internal/fakeserver/fakesmtp"
	"paquebot.app/internal/fault"
	"paquebot.app/localstore"
	"paquebot.app/sync/netconn"
)

// TestAnotherProtocolIsNamed: each protocol at each server, as it is and where
// TLS is asked for first.
func TestAnotherProtocolIsNamed(t *testing.T) {
	answers := map[netconn.Protocol]string{netconn.IMAP: "an IMAP", netconn.POP: "a POP", netconn.SMTP: "an SMTP"}
	servers := map[netconn.Protocol]func(fakeserver.Transport) fake{
		netconn.IMAP: func(tr fakeserver.Transport) fake {
			return fakeimap.Start(t, fakeserver.NewWorld(), fakeimap.Options{Transport: tr})
		},
		netconn.POP: func(tr fakeserver.Transport) fake {
			return fakepop.Start(t, fakeserver.NewWorld(), fakepop.Options{Transport: tr})
		},
		netconn.SMTP: func(tr fakeserver.Transport) fake {
			return fakesmtp.Start(t, fakeserver.NewWorld(), fakesmtp.Options{Transport: tr})
		},
	}
	ca := caFile(t)
	for there, start := range servers {
		plain, upgraded := start(fakeserver.Transport{}), start(fakeserver.Transport{TLS: fakeserver.StartTLS})
		for asked := range servers {
			c, err := netconn.Dial(t.Context(), asked, server(plain, localstore.Plain, ""))
			if err != nil {
				t.Fatal(err)
			}
			if _, err := bufio.NewReader(c).ReadString('\n'); err != nil {
				t.Fatal(err)
			}
			judge(t, asked, there, answers[there], c.Another())
			c.Close()
			_, err = greeting(t, asked, server(upgraded, localstore.STARTTLS, ca))
			judge(t, asked, there, answers[there], err)
			for _, e := range upgraded.Events() {
				t.Errorf("%s at %s: %v", asked, there, e)
			}
		}
	}
}

func judge(t *testing.T, asked, there netconn.Protocol, name string, err error) {
	t.Helper()
	f := fault.Of(err)
	switch {
	case asked == there && err != nil:
		t.Errorf("%s at its own server: %v", asked, err)
	case asked != there && (f == nil || f.Cause != fault.Settings || f.Remedy != fault.User || !strings.Contains(f.Text, "answers as "+name+" server: is this the right port?")):
		t.Errorf("%s at %s: %v", asked, there, err)
	}
}

func TestGreetingsThatAreNobodys(t *testing.T) {
	for _, said := range []string{"SSH-2.0-OpenSSH_9.2\r\n", "HTTP/1.1 400 Bad Request\r\n", "\r\n", "12", "2200 x\r\n", strings.Repeat("*", 5000) + "\n"} {
		c := dialScript(t, said)
		_, _ = bufio.NewReader(c).ReadString('\n') // as far as it goes
		if err := c.Another(); err != nil {
			t.Errorf("%.20q: %v", said, err)
		}
	}
}

func TestRefusalsThatDemandTLS(t *testing.T) {
	for words, want := range map[string]bool{
		"[AUTH] Plaintext authentication disallowed on non-secure (SSL/TLS) connections.": true,
		"530 5.7.0 Must issue a STARTTLS command first":                                   true,
		"538 5.7.11 Encryption required for requested authentication mechanism":           true,
		"[PRIVACYREQUIRED] no":                                 true,
		"535 5.7.8 wrong name or password":                     false,
		"[AUTHENTICATIONFAILED] Invalid credentials (Failure)": false,
	} {
		c := dialScript(t, "+OK\r\n")
		f := fault.Of(c.WantsTLS(words))
		if got := f != nil; got != want {
			t.Errorf("%q: %v", words, f)
		}
		if f != nil && (f.Cause != fault.SignIn || !strings.Contains(f.Text, "not protected")) {
			t.Errorf("%q: %v", words, f)
		}
	}
	tls := fakepop.Start(t, fakeserver.NewWorld(), fakepop.Options{Transport: fakeserver.Transport{TLS: fakeserver.Implicit}})
	c, err := netconn.Dial(t.Context(), netconn.POP, server(tls, localstore.TLS, caFile(t)))
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	if err := c.WantsTLS("TLS required"); err != nil {
		t.Errorf("over TLS: %v", err)
	}
}

// dialScript dials a server that says one thing and hangs up.
func dialScript(t *testing.T, said string) *netconn.Conn {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	go func() {
		if c, err := l.Accept(); err == nil {
			_, _ = c.Write([]byte(said)) // the client may be gone
			c.Close()
		}
	}()
	c, err := netconn.Dial(t.Context(), netconn.POP, localstore.Server{Host: "127.0.0.1", Port: l.Addr().(*net.TCPAddr).Port, Security: localstore.Plain})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	return c
}
