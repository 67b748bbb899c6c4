package wire

import (
	"io"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapclient"

	"paquebot.app/internal/clock"
)

// soon is short for a socket and long for a function call.
const soon = 30 * time.Millisecond

func TestSilence(t *testing.T) {
	impatient := Config{Timeouts: Timeouts{Greeting: soon, Stall: soon, Write: soon}}
	tests := []struct {
		name  string
		serve func(*scripted)
	}{
		{"before the greeting", func(s *scripted) { s.hang() }},
		{"after a command", func(s *scripted) { s.say("", greeting); s.hang() }},
		{"within a line", func(s *scripted) { s.say("", greeting); s.command(); s.say("", "* OK st"); s.hang() }},
		{"within a literal", func(s *scripted) {
			s.say("", greeting)
			s.command()
			s.say("", "* 1 FETCH (UID 1 BODY[] {90000}\r\nabc")
			s.hang()
		}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			c, w, _ := dial(t, impatient, tt.serve)
			if _, err := collect(c, imap.UIDSetNum(1), wholeBody); err == nil {
				t.Error("the command succeeded")
			}
			wantErr(t, w.Err(), ErrStalled)
		})
	}
}

// TestSilenceWithinUnaskedLine: half a response is owed its other half, even
// when nothing was asked.
func TestSilenceWithinUnaskedLine(t *testing.T) {
	c, w, _ := dial(t, Config{Timeouts: Timeouts{Stall: soon}}, func(s *scripted) {
		s.say("", greeting+"* OK st")
		s.hang()
	})
	<-c.Closed()
	wantErr(t, w.Err(), ErrStalled)
}

// TestSilenceIsNoStallWhenNothingIsOwed: IDLE, and no command at all.
func TestSilenceIsNoStallWhenNothingIsOwed(t *testing.T) {
	armed := make(chan time.Time, 100)
	near, far := loopback(t)
	w := New(watched{near, armed}, Config{})
	c := imapclient.New(w, nil)
	defer c.Close()
	s := &scripted{t: t, nc: far}
	s.say("", greeting)
	last := func(wantNone bool) {
		t.Helper()
		var at time.Time
		for {
			select {
			case at = <-armed:
				if at.IsZero() == wantNone {
					return
				}
			case <-c.Closed():
				t.Fatalf("closed; the last deadline was %v", at)
			}
		}
	}
	last(true) // after the greeting
	ready := make(chan *imapclient.IdleCommand)
	go func() {
		idle, err := c.Idle()
		if err != nil {
			t.Error(err)
		}
		ready <- idle
	}()
	tag, _ := s.command()
	last(false) // until the server is idling
	s.say(tag, "+ idling\r\n")
	last(true)
	idle := <-ready
	go idle.Close()
	s.line()
	last(false) // after DONE
	s.say(tag, "TAG OK done\r\n")
	last(true)
}

// watched tells the deadlines for reading.
type watched struct {
	net.Conn
	armed chan time.Time
}

func (w watched) SetReadDeadline(at time.Time) error {
	w.armed <- at
	return w.Conn.SetReadDeadline(at)
}

func TestExpectDelay(t *testing.T) {
	var g outgoing
	g.nextDelay = time.Minute
	g.write([]byte("T1 SEARCH ALL\r\nT2 NOOP\r\n"), nil, nil)
	if d, ok := g.owed(); !ok || d != time.Minute {
		t.Errorf("%v %v", d, ok)
	}
	g.byTag("T1")
	if d, ok := g.owed(); !ok || d != 0 {
		t.Errorf("%v %v", d, ok)
	}
	g.byTag("T2")
	g.write([]byte("T3 APPEND x {1638400}\r\n"), nil, nil)
	if d, ok := g.owed(); !ok || d != 100*time.Second {
		t.Errorf("%v %v", d, ok)
	}
}

// slow is a server that sends one byte a minute.
type slow struct {
	*tape
	clk *clock.Fake
}

func (s slow) Read(p []byte) (int, error) {
	if s.greeted {
		s.clk.Advance(50 * time.Second)
		p = p[:1]
	}
	return s.tape.Read(p)
}

func TestTooSlow(t *testing.T) {
	clk := clock.NewFake(time.Unix(0, 0))
	tp := newTape(strings.Repeat("* OK still here\r\n", 5), 0)
	close(tp.gate)
	w := New(slow{tp, clk}, Config{Clock: clk})
	c := imapclient.New(w, nil)
	<-c.Closed()
	wantErr(t, w.Err(), ErrTooSlow)
}

// TestSlowConsumer: the time we take ourselves is not the server's.
func TestSlowConsumer(t *testing.T) {
	clk := clock.NewFake(time.Unix(0, 0))
	body := strings.Repeat("x", 200_000)
	c, w, _ := dial(t, Config{Clock: clk}, answer(map[string]string{"UID FETCH": "* 1 FETCH (UID 1 BODY[] {200000}\r\n" + body + ")\r\nTAG OK done\r\n"}))
	f := c.Fetch(imap.UIDSetNum(1), wholeBody)
	for m := f.Next(); m != nil; m = f.Next() {
		for item := m.Next(); item != nil; item = m.Next() {
			if b, ok := item.(imapclient.FetchItemDataBodySection); ok {
				for {
					if _, err := io.CopyN(io.Discard, b.Literal, 1000); err != nil {
						break
					}
					clk.Advance(time.Hour)
				}
			}
		}
	}
	if err := f.Close(); err != nil {
		t.Error(err)
	}
	alive(t, c, w)
}

func TestLibraryDeadlinesAreIgnored(t *testing.T) {
	c, w, _ := dial(t, Config{}, answer(nil))
	w.SetDeadline(time.Unix(1, 0))
	w.SetReadDeadline(time.Unix(1, 0))
	w.SetWriteDeadline(time.Unix(1, 0))
	alive(t, c, w)
}

// TestBlockedWrite: a server that reads nothing stalls us too.
func TestBlockedWrite(t *testing.T) {
	near, far := net.Pipe()
	defer far.Close()
	w := New(near, Config{Timeouts: Timeouts{Write: soon, Greeting: -1}})
	if _, err := w.Write([]byte("T1 NOOP\r\n")); err == nil {
		t.Error("written")
	}
	wantErr(t, w.Err(), ErrStalled)
}
