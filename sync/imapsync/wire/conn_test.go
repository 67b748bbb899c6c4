package wire

import (
	"context"
	"errors"
	"io"
	"testing"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapclient"
)

func TestCancelClosesAtOnce(t *testing.T) {
	asked := make(chan struct{})
	c, w, _ := dial(t, Config{}, func(s *scripted) {
		s.say("", greeting)
		s.command()
		close(asked)
		s.hang()
	})
	why := errors.New("the window closed")
	ctx, cancel := context.WithCancelCause(context.Background())
	w.Bind(ctx)
	noop := c.Noop()
	<-asked
	cancel(why)
	if err := noop.Wait(); err == nil {
		t.Error("the command succeeded")
	}
	wantErr(t, w.Err(), ErrCancelled)
	wantErr(t, w.Err(), why)
}

func TestBindCanBeUndone(t *testing.T) {
	c, w, _ := dial(t, Config{}, answer(nil))
	ctx, cancel := context.WithCancel(context.Background())
	if stop := w.Bind(ctx); !stop() {
		t.Error("not undone")
	}
	cancel()
	alive(t, c, w)
}

func TestStatsCountTurns(t *testing.T) {
	c, w, _ := dial(t, Config{}, answer(nil))
	if err := c.WaitGreeting(); err != nil {
		t.Fatal(err)
	}
	for range 3 {
		alive(t, c, w)
	}
	s := w.Stats()
	if s.Turns != 3 || s.Up != int64(len("T1 NOOP\r\n"))*3 || s.Down != int64(len(greeting)+3*len("T1 OK done\r\n")) || s.Forwarded != 4 {
		t.Errorf("%+v", s)
	}
}

func TestFetchPassesThrough(t *testing.T) {
	body := string(make([]byte, 100_000))
	c, w, rec := dial(t, Config{}, answer(map[string]string{
		"SELECT":    "* FLAGS (\\Seen)\r\n* 2 EXISTS\r\n* OK [UIDVALIDITY 7] ok\r\n* OK [UIDNEXT 9] ok\r\nTAG OK [READ-WRITE] done\r\n",
		"LIST":      "* LIST (\\HasNoChildren \\Sent) \".\" \"&AOk-t&AOk-\"\r\n* LIST () \"/\" {3}\r\na\"b\r\nTAG OK done\r\n",
		"STATUS":    "* STATUS INBOX (MESSAGES 2 UIDNEXT 9 HIGHESTMODSEQ 12 RECENT 1)\r\nTAG OK done\r\n",
		"UID FETCH": "* 1 FETCH (UID 3 FLAGS (\\Seen $Forwarded) RFC822.SIZE 100000 INTERNALDATE \" 2-Mar-2026 10:00:00 +0100\" BODY[HEADER.FIELDS (FROM)] {4}\r\na: b BODY[] {100000}\r\n" + body + ")\r\n* 2 FETCH (UID 5 BODY[] \"x\")\r\nTAG OK done\r\n",
	}))
	sel, err := c.Select("INBOX", nil).Wait()
	if err != nil || sel.NumMessages != 2 || sel.UIDValidity != 7 || sel.UIDNext != 9 {
		t.Errorf("%+v %v", sel, err)
	}
	names, err := c.List("", "*", nil).Collect()
	if err != nil || len(names) != 2 || names[0].Mailbox != "été" || names[1].Mailbox != `a"b` || names[0].Delim != '.' || len(names[0].Attrs) != 2 {
		t.Errorf("%+v %v", names, err)
	}
	st, err := c.Status("INBOX", &imap.StatusOptions{NumMessages: true}).Wait()
	if err != nil || *st.NumMessages != 2 || st.HighestModSeq != 12 {
		t.Errorf("%+v %v", st, err)
	}
	ms, err := collect(c, allUIDs, &imap.FetchOptions{Flags: true, BodySection: []*imap.FetchItemBodySection{{Peek: true}}})
	if err != nil || len(ms) != 2 {
		t.Fatalf("%d messages, %v", len(ms), err)
	}
	m := ms[0]
	if m.UID != 3 || len(m.Flags) != 2 || m.RFC822Size != 100_000 || len(m.BodySection) != 2 || string(m.BodySection[0].Bytes) != "a: b" || string(m.BodySection[1].Bytes) != body || m.InternalDate.Hour() != 10 {
		t.Errorf("%+v", m)
	}
	if ms[1].UID != 5 || string(ms[1].BodySection[0].Bytes) != "x" {
		t.Errorf("%+v", ms[1])
	}
	alive(t, c, w)
	if d := only[Damaged](rec.all()); len(d) != 0 {
		t.Errorf("%+v", d)
	}
}

func TestCauses(t *testing.T) {
	tests := []struct {
		name string
		say  string
		want error
	}{
		{"closed between responses", "* OK still here\r\n", io.EOF},
		{"closed within a line", "* OK still", io.ErrUnexpectedEOF},
		{"closed within a literal", "* 1 FETCH (UID 1 BODY[] {9}\r\nabc", io.ErrUnexpectedEOF},
		{"closed within a large literal", "* 1 FETCH (UID 1 BODY[] {90000}\r\nabc", io.ErrUnexpectedEOF},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			c, w, _ := dial(t, Config{}, func(s *scripted) {
				s.say("", greeting)
				s.command()
				s.say("", tt.say)
			})
			if _, err := collect(c, allUIDs, &imap.FetchOptions{BodySection: []*imap.FetchItemBodySection{{}}}); err == nil {
				t.Error("the command succeeded")
			}
			<-c.Closed()
			wantErr(t, w.Err(), tt.want)
		})
	}
}

func TestByeIsTheCause(t *testing.T) {
	c, w, rec := dial(t, Config{}, func(s *scripted) {
		s.say("", greeting)
		s.command()
		s.say("", "* BYE [UNAVAILABLE] back\x07 soon\r\n")
	})
	c.Noop().Wait()
	<-c.Closed()
	var bye *ByeError
	if !errors.As(w.Err(), &bye) || bye.Code != "UNAVAILABLE" || bye.Text != "back  soon" {
		t.Errorf("%v", w.Err())
	}
	if b := only[Bye](rec.all()); len(b) != 1 {
		t.Errorf("%+v", b)
	}
}

func TestByeAfterLogoutIsNoError(t *testing.T) {
	c, w, _ := dial(t, Config{}, func(s *scripted) {
		s.say("", greeting)
		tag, _ := s.command()
		s.say(tag, "* BYE see you\r\nTAG OK done\r\n")
	})
	if err := c.Logout().Wait(); err != nil {
		t.Error(err)
	}
	<-c.Closed()
	wantErr(t, w.Err(), io.EOF)
}

// TestLibraryErrorsHideTheCause is why Err exists.
func TestLibraryErrorsHideTheCause(t *testing.T) {
	near, far := loopback(t)
	defer far.Close()
	w := New(near, Config{})
	c := imapclient.New(w, nil)
	ctx, cancel := context.WithCancel(context.Background())
	w.Bind(ctx)
	cancel()
	err := c.WaitGreeting()
	<-c.Closed()
	if err == nil || errors.Is(err, ErrCancelled) {
		t.Errorf("the library says %v: is Err still needed?", err)
	}
	wantErr(t, w.Err(), ErrCancelled)
	if n, err := w.Read(make([]byte, 1)); n != 0 || !errors.Is(err, ErrCancelled) {
		t.Errorf("read again: %d, %v", n, err)
	}
}

// TestErrorStays: the library asks once more after an error, and must not get
// what came behind it, above all no OK.
func TestErrorStays(t *testing.T) {
	c, w, _ := dial(t, Config{}, answer(map[string]string{
		"UID FETCH": "* 1 FETCH (UID 1 BODY[] {9999999999}\r\n* 2 FETCH (UID 2)\r\nTAG OK done\r\n",
	}))
	ms, err := collect(c, allUIDs, &imap.FetchOptions{BodySection: []*imap.FetchItemBodySection{{}}})
	if err == nil || len(ms) != 0 {
		t.Errorf("%d messages, %v", len(ms), err)
	}
	var limit *LimitError
	for range 2 {
		if _, err := w.Read(make([]byte, 1)); !errors.As(err, &limit) {
			t.Errorf("%v", err)
		}
	}
}
