package netconn_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"paquebot.app/internal/fakeserver"
	"paquebot.app/internal/fakeserver/fakepop"
	"paquebot.app/internal/fakeserver/fakesmtp"
	"paquebot.app/internal/fault"
	"paquebot.app/localstore"
	"paquebot.app/sync/netconn"
)

// fake is what the three fake servers have in common.
type fake interface {
	Host() string
	Port() int
	Scenario(names ...string) error
	Events() []fakeserver.Event
}

var protocols = map[netconn.Protocol]func(t *testing.T, tr fakeserver.Transport) fake{
	netconn.POP: func(t *testing.T, tr fakeserver.Transport) fake {
		return fakepop.Start(t, fakeserver.NewWorld(), fakepop.Options{Transport: tr})
	},
	netconn.SMTP: func(t *testing.T, tr fakeserver.Transport) fake {
		return fakesmtp.Start(t, fakeserver.NewWorld(), fakesmtp.Options{Transport: tr})
	},
}

// caFile returns the path of a file with the fake servers' authority.
func caFile(t *testing.T) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "ca.pem")
	if err := os.WriteFile(path, fakeserver.CAPEM(), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func server(f fake, security localstore.Security, ca string) localstore.Server {
	return localstore.Server{Host: f.Host(), Port: f.Port(), Security: security, CAFile: ca}
}

// greeting dials and reads the first line.
func greeting(t *testing.T, p netconn.Protocol, s localstore.Server) (string, error) {
	t.Helper()
	c, err := netconn.Dial(t.Context(), p, s)
	if err != nil {
		return "", err
	}
	defer c.Close()
	return bufio.NewReader(c).ReadString('\n')
}

func TestOnlyTheGoodCertificateConnects(t *testing.T) {
	ca := caFile(t)
	kinds := map[fakeserver.Certificate]string{
		fakeserver.Good: "", fakeserver.Expired: "expired", fakeserver.WrongHost: "another name",
		fakeserver.SelfSigned: "Nobody whom this computer trusts",
	}
	for protocol, start := range protocols {
		for mode, security := range map[fakeserver.TLSMode]localstore.Security{
			fakeserver.Implicit: localstore.TLS, fakeserver.StartTLS: localstore.STARTTLS,
		} {
			for kind, want := range kinds {
				f := start(t, fakeserver.Transport{TLS: mode, Certificate: kind})
				line, err := greeting(t, protocol, server(f, security, ca))
				name := fmt.Sprintf("%s over %s with certificate %d", protocol, security, kind)
				if want == "" {
					if err != nil || line == "" {
						t.Errorf("%s: %q, %v", name, line, err)
					}
					continue
				}
				e := fault.Of(err)
				if e == nil || e.Cause != fault.Certificate || e.Remedy != fault.User || !strings.Contains(e.Text, want) {
					t.Errorf("%s: %v", name, err)
				}
			}
		}
	}
}

func TestTheSystemDoesNotTrustTheFakeAuthority(t *testing.T) {
	f := protocols[netconn.POP](t, fakeserver.Transport{TLS: fakeserver.Implicit})
	_, err := greeting(t, netconn.POP, server(f, localstore.TLS, ""))
	if e := fault.Of(err); e == nil || e.Cause != fault.Certificate {
		t.Errorf("%v", err)
	}
}

func TestProtectionNeverFallsBack(t *testing.T) {
	ca := caFile(t)
	for protocol, scenarios := range map[netconn.Protocol][]string{
		netconn.POP:  {"no-starttls", "starttls-err", "starttls-inject", "greeting-err"},
		netconn.SMTP: {"no-starttls", "starttls-454", "starttls-inject", "connect-554", "drop-at-starttls"},
	} {
		for _, name := range scenarios {
			f := protocols[protocol](t, fakeserver.Transport{TLS: fakeserver.StartTLS})
			if err := f.Scenario(name); err != nil {
				t.Fatal(err)
			}
			line, err := greeting(t, protocol, server(f, localstore.STARTTLS, ca))
			if err == nil {
				t.Errorf("%s %s: connected, %q", protocol, name, line)
				continue
			}
			if e := fault.Of(err); e.Remedy == fault.Bug {
				t.Errorf("%s %s: untranslated %v", protocol, name, err)
			}
			for _, e := range f.Events() {
				t.Errorf("%s %s: %v", protocol, name, e)
			}
		}
	}
}

func TestTLSToAServerThatHasNone(t *testing.T) {
	f := protocols[netconn.POP](t, fakeserver.Transport{})
	_, err := greeting(t, netconn.POP, server(f, localstore.TLS, ""))
	if e := fault.Of(err); e == nil || e.Cause != fault.Settings {
		t.Errorf("%v", err)
	}
}

func TestSettingsThatCannotBe(t *testing.T) {
	unreadable, empty := filepath.Join(t.TempDir(), "none.pem"), filepath.Join(t.TempDir(), "empty.pem")
	if err := os.WriteFile(empty, []byte("no certificate"), 0o600); err != nil {
		t.Fatal(err)
	}
	for name, s := range map[string]localstore.Server{
		"no host":           {Port: 1, Security: localstore.TLS},
		"port 0":            {Host: "localhost", Security: localstore.TLS},
		"port 70000":        {Host: "localhost", Port: 70000, Security: localstore.TLS},
		"plain to far away": {Host: "mail.example.org", Port: 110, Security: localstore.Plain},
		"no protection":     {Host: "localhost", Port: 1},
		"CA file missing":   {Host: "localhost", Port: 1, Security: localstore.TLS, CAFile: unreadable},
		"CA file empty":     {Host: "localhost", Port: 1, Security: localstore.TLS, CAFile: empty},
	} {
		_, err := netconn.Dial(t.Context(), netconn.POP, s)
		if e := fault.Of(err); e == nil || e.Cause != fault.Settings || e.Remedy != fault.User || e.Text == "" {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestLoopback(t *testing.T) {
	for host, want := range map[string]bool{
		"localhost": true, "127.0.0.1": true, "127.1.2.3": true, "::1": true,
		"example.org": false, "localhost.example.org": false, "10.0.0.1": false, "": false,
	} {
		if netconn.Loopback(host) != want {
			t.Errorf("Loopback(%q) is not %v", host, want)
		}
	}
}

func TestNobodyListens(t *testing.T) {
	f := fakepop.Start(t, fakeserver.NewWorld(), fakepop.Options{})
	f.Offline()
	_, err := netconn.Dial(t.Context(), netconn.POP, server(f, localstore.Plain, ""))
	if e := fault.Of(err); e == nil || e.Remedy != fault.Online || e.Cause != fault.Network {
		t.Errorf("%v", err)
	}
}

// silent listens and never says a word; its connections are kept open.
func silent(t *testing.T) localstore.Server {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			t.Cleanup(func() { c.Close() })
		}
	}()
	return localstore.Server{Host: "127.0.0.1", Port: l.Addr().(*net.TCPAddr).Port, Security: localstore.Plain}
}

func TestASilentServerIsNotWaitedForForEver(t *testing.T) {
	c, err := netconn.Dial(t.Context(), netconn.POP, silent(t))
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	c.SetStall(20 * time.Millisecond)
	c.SetReadDeadline(time.Time{}) // a library that knows no limit
	_, err = c.Read(make([]byte, 1))
	var timeout net.Error
	if !errors.As(err, &timeout) || !timeout.Timeout() {
		t.Errorf("%v", err)
	}
}

func TestEndingTheContextEndsEverything(t *testing.T) {
	for _, security := range []localstore.Security{localstore.Plain, localstore.TLS, localstore.STARTTLS} {
		ctx, cancel := context.WithCancel(t.Context())
		s := silent(t)
		s.Security = security
		ended := make(chan error)
		go func() {
			c, err := netconn.Dial(ctx, netconn.POP, s)
			if err == nil {
				_, err = c.Read(make([]byte, 1))
				c.Close()
			}
			ended <- err
		}()
		cancel()
		if err := <-ended; err == nil {
			t.Errorf("%s: no error", security)
		}
	}
}

func TestBytesAndTurnsAreCounted(t *testing.T) {
	ca := caFile(t)
	f := protocols[netconn.POP](t, fakeserver.Transport{TLS: fakeserver.Implicit})
	c, err := netconn.Dial(t.Context(), netconn.POP, server(f, localstore.TLS, ca))
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	r := bufio.NewReader(c)
	heard, _ := r.ReadString('\n')
	for range 3 {
		io.WriteString(c, "NO")
		io.WriteString(c, "OP\r\n")
		line, err := r.ReadString('\n')
		if err != nil {
			t.Fatal(err)
		}
		heard += line
	}
	if got, want := c.Stats(), (netconn.Stats{BytesIn: int64(len(heard)), BytesOut: 18, RoundTrips: 3}); got != want {
		t.Errorf("%+v, want %+v", got, want)
	}
}

func TestTheFirstBytesAreAGreetingAlsoAfterSTARTTLS(t *testing.T) {
	ca := caFile(t)
	for protocol, want := range map[netconn.Protocol]string{netconn.POP: "+OK", netconn.SMTP: "220 "} {
		for mode, security := range map[fakeserver.TLSMode]localstore.Security{
			fakeserver.Plain: localstore.Plain, fakeserver.Implicit: localstore.TLS, fakeserver.StartTLS: localstore.STARTTLS,
		} {
			f := protocols[protocol](t, fakeserver.Transport{TLS: mode})
			line, err := greeting(t, protocol, server(f, security, ca))
			if err != nil || !strings.HasPrefix(line, want) {
				t.Errorf("%s over %s: %q, %v", protocol, security, line, err)
			}
		}
	}
}
