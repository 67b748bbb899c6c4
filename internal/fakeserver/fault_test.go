package fakeserver_test

import (
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"strings"
	"syscall"
	"testing"
	"time"

	"paquebot.app/internal/fakeserver"
)

// echo serves lines back, after the greeting "hello".
func echo(t *testing.T) (*fakeserver.Server, *fakeserver.World) {
	t.Helper()
	w := fakeserver.NewWorld()
	s := fakeserver.New(w, fakeserver.Transport{})
	err := s.Serve(func(c *fakeserver.Conn) {
		c.Line("hello")
		for {
			line, err := c.ReadLine()
			if err != nil {
				return
			}
			c.Line("%s", line)
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	return s, w
}

// talk says text and returns all that came, and how it ended.
func talk(t *testing.T, s *fakeserver.Server, text string, want int) (string, error) {
	t.Helper()
	nc, err := net.Dial("tcp", s.Addr())
	if err != nil {
		return "", err // a reset before the first byte may come as early as this
	}
	defer nc.Close()
	nc.SetDeadline(time.Now().Add(20 * time.Second))
	_, wrote := io.WriteString(nc, text)
	got := make([]byte, want)
	n, err := io.ReadFull(nc, got)
	if err != nil && wrote != nil {
		err = wrote // the system tells a reset once, to whom it meets first
	}
	return string(got[:n]), err
}

const whole = "hello\r\na\r\nb\r\n"

func TestCutToClientLetsExactlySoMuchPass(t *testing.T) {
	for after := range len(whole) + 1 {
		for _, how := range []fakeserver.Failure{fakeserver.FIN, fakeserver.RST} {
			s, _ := echo(t)
			s.Fail(fakeserver.Fault{Direction: fakeserver.ToClient, After: int64(after), Failure: how})
			got, err := talk(t, s, "a\r\nb\r\n", len(whole)+1)
			exact := got == whole[:after]
			if how == fakeserver.RST { // it may overtake what passed
				exact = strings.HasPrefix(whole[:after], got)
			}
			if !exact {
				t.Errorf("cut after %d: %q passed", after, got)
			}
			if reset := errors.Is(err, syscall.ECONNRESET); reset != (how == fakeserver.RST) {
				t.Errorf("cut after %d with %v: %v", after, how, err)
			}
			if s.Heal() {
				t.Errorf("the cut after %d never struck", after)
			}
			if got, _ := talk(t, s, "a\r\nb\r\n", len(whole)); got != whole {
				t.Errorf("the network was not well again: %q", got)
			}
		}
	}
}

func TestCutFromClientLeavesTheServerWithWhatArrived(t *testing.T) {
	s, _ := echo(t)
	s.Fail(fakeserver.Fault{Direction: fakeserver.FromClient, After: 4, Failure: fakeserver.FIN})
	if got, err := talk(t, s, "a\r\nb\r\n", len(whole)); strings.Contains(got, "b") || err == nil {
		t.Errorf("client heard %q, %v", got, err)
	}
	s.Close()
	var said []string
	for _, l := range s.Transcript() {
		if l.Client {
			said = append(said, l.Text)
		}
	}
	if fmt.Sprint(said) != "[a]" {
		t.Errorf("server heard %q, want a", said)
	}
}

func TestEachConnectionIsCut(t *testing.T) {
	s, _ := echo(t)
	s.Fail(fakeserver.Fault{Direction: fakeserver.ToClient, After: 9, Each: true})
	for range 3 {
		if got, _ := talk(t, s, "a\r\nb\r\n", len(whole)); got != whole[:9] {
			t.Errorf("%q passed", got)
		}
	}
	if n := s.Stats().Connections; n != 3 {
		t.Errorf("%d connections", n)
	}
}

func TestStallAndDrip(t *testing.T) {
	s, _ := echo(t)
	s.Fail(fakeserver.Fault{Direction: fakeserver.ToClient, After: 3, Failure: fakeserver.Stall})
	nc, err := net.Dial("tcp", s.Addr())
	if err != nil {
		t.Fatal(err)
	}
	nc.SetReadDeadline(time.Now().Add(30 * time.Millisecond))
	if got, err := io.ReadAll(nc); string(got) != "hel" || !errors.Is(err, os.ErrDeadlineExceeded) {
		t.Errorf("stalled: %q, %v", got, err)
	}
	nc.Close()
	s.Fail(fakeserver.Fault{Direction: fakeserver.ToClient, After: 3, Failure: fakeserver.Drip})
	if got, err := talk(t, s, "a\r\nb\r\n", len(whole)); got != whole || err != nil {
		t.Errorf("dripped: %q, %v", got, err)
	}
}

func TestOfflineRefusesAndResets(t *testing.T) {
	s, _ := echo(t)
	nc, err := net.Dial("tcp", s.Addr())
	if err != nil {
		t.Fatal(err)
	}
	defer nc.Close()
	if _, err := io.ReadFull(nc, make([]byte, 7)); err != nil {
		t.Fatal(err)
	}
	s.Offline()
	if _, err := nc.Read(make([]byte, 1)); err == nil {
		t.Error("the open connection still stands")
	}
	if _, err := net.Dial("tcp", s.Addr()); !errors.Is(err, syscall.ECONNREFUSED) {
		t.Errorf("dial: %v, want refused", err)
	}
	if err := s.Online(); err != nil {
		t.Fatal(err)
	}
	if got, err := talk(t, s, "a\r\nb\r\n", len(whole)); got != whole {
		t.Errorf("online again: %q, %v", got, err)
	}
}

func TestStatsCountBytesAndTurns(t *testing.T) {
	s, _ := echo(t)
	nc, err := net.Dial("tcp", s.Addr())
	if err != nil {
		t.Fatal(err)
	}
	buf := make([]byte, 100)
	for _, line := range []string{"hello\r\n", "a\r\n", "b\r\n"} {
		if _, err := io.ReadFull(nc, buf[:len(line)]); err != nil || string(buf[:len(line)]) != line {
			t.Fatalf("%q, %v", buf, err)
		}
		switch line[0] {
		case 'h':
			io.WriteString(nc, "a\r\n")
		case 'a':
			io.WriteString(nc, "b\r\n")
		}
	}
	nc.Close()
	s.Close()
	if got, want := s.Stats(), (fakeserver.Stats{Connections: 1, In: 6, Out: 13, Turns: 2}); got != want {
		t.Errorf("stats = %+v, want %+v", got, want)
	}
}

func TestLineWithoutCRLFIsASin(t *testing.T) {
	s, _ := echo(t)
	talk(t, s, "a\nb\r\n", len(whole))
	if e := s.Events(); len(e) != 1 || e[0].String() != `1 NON-CRLF-LINE "a"` {
		t.Errorf("events = %v", e)
	}
}
