package wire

import (
	"errors"
	"io"
	"net"
	"reflect"
	"strings"
	"testing"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-sasl"
)

var wholeBody = &imap.FetchOptions{BodySection: []*imap.FetchItemBodySection{{Peek: true}}}

// TestUIDBehindLiteral: the library matches a message only by a UID that comes
// before its literals.
func TestUIDBehindLiteral(t *testing.T) {
	for _, size := range []int{5, 100_000} {
		body := strings.Repeat("x", size)
		c, w, _ := dial(t, Config{}, answer(map[string]string{
			"UID FETCH": "* 1 FETCH (BODY[] {" + string(appendUint(nil, uint64(size))) + "}\r\n" + body + " FLAGS (\\Seen) UID 3)\r\nTAG OK done\r\n",
		}))
		ms, err := collect(c, imap.UIDSetNum(3), wholeBody)
		if err != nil || len(ms) != 1 || ms[0].UID != 3 || string(ms[0].BodySection[0].Bytes) != body || len(ms[0].Flags) != 1 {
			t.Errorf("size %d: %d messages, %v", size, len(ms), err)
		}
		alive(t, c, w)
	}
}

// TestUIDBehindLargeLiteralIsChecked: a body that is taken for the only one
// asked for must say so in the end.
func TestUIDBehindLargeLiteralIsChecked(t *testing.T) {
	for _, end := range []string{" UID 4)", ")", " FLAGS (", " UID 0)", " UID 3 UID 4)"} {
		c, w, _ := dial(t, Config{}, answer(map[string]string{
			"UID FETCH": "* 1 FETCH (BODY[] {100000}\r\n" + strings.Repeat("x", 100_000) + end + "\r\nTAG OK done\r\n",
		}))
		_, err := collect(c, imap.UIDSetNum(3), wholeBody)
		var no *imap.Error
		if !errors.As(err, &no) || no.Code != CodeDamaged {
			t.Errorf("%q: %v", end, err)
		}
		alive(t, c, w)
	}
}

// TestFlagChangeBeforeTheAnswer: the library would take the flags of another
// client's change for the whole answer, and drop the body that follows.
func TestFlagChangeBeforeTheAnswer(t *testing.T) {
	c, w, rec := dial(t, Config{}, answer(map[string]string{
		"UID FETCH": "* 1 FETCH (UID 3 FLAGS (\\Seen) MODSEQ (9))\r\n* 1 FETCH (UID 3 BODY[] {2}\r\nhi)\r\n* 1 FETCH (UID 3 FLAGS ())\r\n* 2 FETCH (FLAGS (x))\r\nTAG OK done\r\n",
	}))
	ms, err := collect(c, imap.UIDSetNum(3), wholeBody)
	if err != nil || len(ms) != 1 || len(ms[0].BodySection) != 1 {
		t.Fatalf("%+v %v", ms, err)
	}
	want := []Changed{
		{SeqNum: 1, UID: 3, HasFlags: true, Flags: []imap.Flag{imap.FlagSeen}, ModSeq: 9},
		{SeqNum: 1, UID: 3, HasFlags: true},
		{SeqNum: 2, HasFlags: true, Flags: []imap.Flag{"x"}},
	}
	if got := only[Changed](rec.all()); !reflect.DeepEqual(got, want) {
		t.Errorf("%+v", got)
	}
	alive(t, c, w)
}

// TestLastMessageUnasked: "uidnext:*" with nothing new is answered with the
// last message (RFC 3501 §6.4.8), which was not asked for.
func TestLastMessageUnasked(t *testing.T) {
	c, _, rec := dial(t, Config{}, answer(map[string]string{"UID FETCH": "* 9 FETCH (UID 90 FLAGS ())\r\nTAG OK done\r\n"}))
	ms, err := collect(c, imap.UIDSet{{Start: 91, Stop: 0}}, &imap.FetchOptions{Flags: true})
	if err != nil || len(ms) != 0 || len(only[Changed](rec.all())) != 1 {
		t.Errorf("%d messages, %v, %+v", len(ms), err, rec.all())
	}
}

// TestFetchInSelect: what QRESYNC reports while a mailbox is opened must not
// be matched to a FETCH that waits behind the SELECT.
func TestFetchInSelect(t *testing.T) {
	c, w, rec := dial(t, Config{}, func(s *scripted) {
		s.say("", greeting)
		tag, _ := s.command()
		next, _ := s.command()
		s.say(tag, "* 1 EXISTS\r\n* 1 FETCH (UID 3 FLAGS (old))\r\nTAG OK done\r\n")
		s.say(next, "* 1 FETCH (UID 3 FLAGS (new))\r\nTAG OK done\r\n")
		tag, _ = s.command()
		s.say(tag, "TAG OK done\r\n")
		s.hang()
	})
	sel := c.Select("INBOX", nil)
	f := c.Fetch(allUIDs, &imap.FetchOptions{Flags: true})
	if _, err := sel.Wait(); err != nil {
		t.Fatal(err)
	}
	ms, err := f.Collect()
	if err != nil || len(ms) != 1 || ms[0].Flags[0] != "new" {
		t.Errorf("%+v %v", ms, err)
	}
	if ch := only[Changed](rec.all()); len(ch) != 1 || ch[0].Flags[0] != "old" {
		t.Errorf("%+v", ch)
	}
	alive(t, c, w)
}

// TestTextMayEndLikeALiteral: free text knows no literals.
func TestTextMayEndLikeALiteral(t *testing.T) {
	for _, text := range []string{"* OK see {5}\r\nTAG OK done {5}\r\n", "* NO {99999999999}\r\nTAG OK\r\n", "* BAD [X] {5}\r\nTAG OK [Y] {5}\r\n"} {
		c, w, _ := dial(t, Config{}, answer(map[string]string{"SUBSCRIBE": text}))
		if err := c.Subscribe("x").Wait(); err != nil {
			t.Errorf("%q: %v", text, err)
		}
		alive(t, c, w)
	}
}

func TestStrangeEndsOfCommands(t *testing.T) {
	tests := []struct {
		reply string
		code  imap.ResponseCode // of the NO
	}{
		{"TAG NO [nonexistent] x\r\n", "NONEXISTENT"},
		{"TAG NO [ALREADYEXISTS \"]\"] x\r\n", "ALREADYEXISTS"},
		{"TAG NO [REFERRAL imap://a;b@c/d] x\r\n", "REFERRAL"},
		{"TAG NO\r\n", ""},
		{"TAG no [unclosed\r\n", ""},
		{"TAG NO [] x\r\n", ""},
		{"T99 OK not yours\r\n* OK x\r\nTAG NO [INUSE]x\n", "INUSE"},
		{"\r\nTAG NO (text) [x]\r\n", ""},
	}
	for _, tt := range tests {
		c, w, _ := dial(t, Config{}, answer(map[string]string{"SUBSCRIBE": tt.reply}))
		var no *imap.Error
		if err := c.Subscribe("x").Wait(); !errors.As(err, &no) || no.Code != tt.code {
			t.Errorf("%q: %v", tt.reply, err)
		}
		alive(t, c, w)
	}
}

func TestGarbageEndsTheConnection(t *testing.T) {
	c, w, _ := dial(t, Config{}, answer(map[string]string{"NOOP": "Subject: T1 lost its place in the stream\r\nTAG OK done\r\n"}))
	var broken *ProtocolError
	if err := c.Noop().Wait(); err == nil || !errors.As(w.Err(), &broken) {
		t.Errorf("%v, %v", err, w.Err())
	}
}

func TestServersWordsAreCleaned(t *testing.T) {
	c, _, rec := dial(t, Config{}, answer(map[string]string{"SUBSCRIBE": "* OK [ALERT] Call \x1b[31m\u202e555\x00 now\xff\r\n* OK [ALERT]\r\nTAG NO [ALERT] \tx\x07\r\n"}))
	err := c.Subscribe("x").Wait()
	if err == nil || strings.Contains(err.Error(), "\x07") {
		t.Error(err)
	}
	got := only[Alert](rec.all())
	want := []Alert{{"Call  [31m555  now?"}, {""}, {"x"}}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("%q", got)
	}
}

// TestNoPermanentFlags: an empty list is not the same as none.
func TestNoPermanentFlags(t *testing.T) {
	for said, want := range map[string]int{`[PERMANENTFLAGS ()]`: 1, `[PERMANENTFLAGS ( )]`: 1, `[PERMANENTFLAGS (\Seen)]`: 0, `[UIDNEXT 4]`: 0} {
		c, _, rec := dial(t, Config{}, answer(map[string]string{"SELECT": "* 0 EXISTS\r\n* OK " + said + " said\r\nTAG OK done\r\n"}))
		if _, err := c.Select("INBOX", nil).Wait(); err != nil {
			t.Fatal(err)
		}
		if got := len(only[NoPermanentFlags](rec.all())); got != want {
			t.Errorf("%s: told %d times, want %d", said, got, want)
		}
	}
}

// TestExpunge: one beyond EXISTS makes the library count below nothing.
func TestExpunge(t *testing.T) {
	c, w, rec := dial(t, Config{}, answer(map[string]string{
		"SELECT":  "* 2 EXISTS\r\nTAG OK done\r\n",
		"EXPUNGE": "* 3 EXPUNGE\r\n* 0 EXPUNGE\r\n* 2 EXPUNGE\r\n* 2 EXPUNGE\r\n* 1 EXPUNGE\r\n* 1 EXPUNGE\r\n* 99999999999 EXISTS\r\nTAG OK done\r\n",
	}))
	if _, err := c.Select("INBOX", nil).Wait(); err != nil {
		t.Fatal(err)
	}
	nums, err := c.Expunge().Collect()
	if err != nil || !reflect.DeepEqual(nums, []uint32{2, 1}) {
		t.Errorf("%v %v", nums, err)
	}
	if e := only[Expunged](rec.all()); !reflect.DeepEqual(e, []Expunged{{2}, {1}}) {
		t.Errorf("%v", e)
	}
	alive(t, c, w)
}

// TestExpungeAfterFailedSelect: the count belongs to the mailbox that is open.
func TestExpungeAfterFailedSelect(t *testing.T) {
	c, w, rec := dial(t, Config{}, answer(map[string]string{
		"SELECT INBOX": "* 2 EXISTS\r\nTAG OK done\r\n",
		"SELECT \"no":  "TAG NO [NONEXISTENT] none\r\n",
		"NOOP":         "* 1 EXPUNGE\r\nTAG OK done\r\n",
	}))
	c.Select("INBOX", nil).Wait()
	if _, err := c.Select("nowhere", nil).Wait(); err == nil {
		t.Error("selected")
	}
	alive(t, c, w)
	if e := only[Expunged](rec.all()); len(e) != 0 {
		t.Errorf("%v", e)
	}
}

// TestUnaskedStatus: NOTIFY (RFC 5465) reports other mailboxes by STATUS.
func TestUnaskedStatus(t *testing.T) {
	c, w, rec := dial(t, Config{}, answer(map[string]string{"NOOP": "* STATUS \"&AOk-\" (MESSAGES 3 UIDNEXT 0)\r\nTAG OK done\r\n"}))
	alive(t, c, w)
	got := only[MailboxStatus](rec.all())
	if len(got) != 1 || got[0].Mailbox != "é" || *got[0].Data.NumMessages != 3 {
		t.Errorf("%+v", got)
	}
}

func TestModifiedOfConditionalStore(t *testing.T) {
	c, _, rec := dial(t, Config{}, answer(map[string]string{"UID STORE": "TAG OK [MODIFIED 7,9] not all\r\n"}))
	err := c.Store(imap.UIDSetNum(7, 8, 9), &imap.StoreFlags{Op: imap.StoreFlagsAdd, Silent: true, Flags: []imap.Flag{imap.FlagSeen}}, &imap.StoreOptions{UnchangedSince: 5}).Close()
	got := only[Modified](rec.all())
	if err != nil || len(got) != 1 || got[0].Numbers.String() != "7,9" || got[0].Tag != "T1" {
		t.Errorf("%+v %v", got, err)
	}
}

// TestCopyUIDKeepsOrder: the library sorts both sets, and then 5 would seem to
// have become 20.
func TestCopyUIDKeepsOrder(t *testing.T) {
	c, _, rec := dial(t, Config{}, answer(map[string]string{"UID COPY": "TAG OK [COPYUID 3 9,5 20:21] done\r\n"}))
	if _, err := c.Copy(imap.UIDSetNum(5, 9), "x").Wait(); err != nil {
		t.Fatal(err)
	}
	want := []CopyUID{{UIDValidity: 3, Source: []imap.UID{9, 5}, Dest: []imap.UID{20, 21}}}
	if got := only[CopyUID](rec.all()); !reflect.DeepEqual(got, want) {
		t.Errorf("%+v", got)
	}
}

func TestExtraItemsAreTold(t *testing.T) {
	c, _, rec := dial(t, Config{}, answer(map[string]string{"UID FETCH": "* 1 FETCH (X-GM-LABELS (\"\\\\Inbox\" {1}\r\nx) UID 3 FLAGS ())\r\nTAG OK done\r\n"}))
	ms, err := collect(c, imap.UIDSetNum(3), &imap.FetchOptions{Flags: true})
	got := only[Extra](rec.all())
	if err != nil || len(ms) != 1 || len(got) != 1 || got[0].Name != "X-GM-LABELS" || got[0].UID != 3 {
		t.Errorf("%d messages, %v, %+v", len(ms), err, got)
	}
}

// TestIMAP4rev2IsHidden: the library would spell names in UTF-8 although
// IMAP4rev2 is only offered, not enabled.
func TestIMAP4rev2IsHidden(t *testing.T) {
	names := make(chan string, 1)
	c, _, _ := dial(t, Config{}, func(s *scripted) {
		s.say("", "* OK [CAPABILITY IMAP4rev1 IMAP4rev2 LITERAL-] hello\r\n")
		tag, rest := s.command()
		names <- rest
		s.say(tag, "TAG OK done\r\n")
		s.hang()
	})
	if err := c.WaitGreeting(); err != nil {
		t.Fatal(err)
	}
	if _, err := c.Select("é", nil).Wait(); err != nil {
		t.Fatal(err)
	}
	if got := <-names; got != `SELECT "&AOk-"` {
		t.Error(got)
	}
}

func TestIdle(t *testing.T) {
	c, w, rec := dial(t, Config{}, func(s *scripted) {
		s.say("", greeting)
		tag, _ := s.command()
		s.say(tag, "+ idling\r\n+ again\r\n* 4 EXISTS\r\n* 4 FETCH (FLAGS (\\Recent))\r\n")
		if s.line() == "DONE" {
			s.say(tag, "TAG OK done\r\n")
		}
		tag, _ = s.command()
		s.say(tag, "TAG OK done\r\n")
		s.hang()
	})
	idle, err := c.Idle()
	if err != nil {
		t.Fatal(err)
	}
	if err := idle.Close(); err != nil {
		t.Error(err)
	}
	if err := idle.Wait(); err != nil {
		t.Error(err)
	}
	alive(t, c, w)
	want := []Event{Untagged{Name: "+", Raw: "+ again"}, Exists{4}, Changed{SeqNum: 4, HasFlags: true, Flags: []imap.Flag{`\Recent`}}}
	if got := rec.all(); !reflect.DeepEqual(got, want) {
		t.Errorf("%+v", got)
	}
}

// TestIdleRefused: a "+" that comes after the NO is nobody's.
func TestIdleRefused(t *testing.T) {
	c, w, _ := dial(t, Config{}, answer(map[string]string{"IDLE": "TAG NO not now\r\n+ sorry\r\n"}))
	if _, err := c.Idle(); err == nil {
		t.Error("idling")
	}
	alive(t, c, w)
}

func TestAuthenticateTakesOnlyItsOwnContinuations(t *testing.T) {
	c, w, _ := dial(t, Config{}, func(s *scripted) {
		s.say("", "* OK [CAPABILITY IMAP4rev1] hello\r\n")
		tag, _ := s.command()
		s.say(tag, "+ \r\n+ \r\n+ eA==\r\n")
		s.line()
		s.say(tag, "TAG OK [CAPABILITY IMAP4rev1] done\r\n")
		tag, _ = s.command()
		s.say(tag, "TAG OK done\r\n")
		s.hang()
	})
	if err := c.Authenticate(sasl.NewPlainClient("", "alice", "secret")); err != nil {
		t.Fatalf("%v (%v)", err, w.Err())
	}
	alive(t, c, w)
}

func TestAppendLargeLiteral(t *testing.T) {
	body := strings.Repeat("T9 LOGOUT\r\n{5}\r\n", 5000)
	got := make(chan string, 1)
	c, w, _ := dial(t, Config{}, func(s *scripted) {
		s.say("", "* OK [CAPABILITY IMAP4rev1] hello\r\n")
		tag, _ := s.command()
		s.say(tag, "+ go\r\n")
		for len(s.in) < len(body)+2 {
			b := make([]byte, 4096)
			n, err := s.nc.Read(b)
			if err != nil {
				break
			}
			s.in = append(s.in, b[:n]...)
		}
		got <- string(s.in[:len(body)])
		s.in = s.in[len(body)+2:]
		s.say(tag, "TAG OK [APPENDUID 5 9] done\r\n")
		tag, _ = s.command()
		s.say(tag, "TAG OK done\r\n")
		s.hang()
	})
	a := c.Append("INBOX", int64(len(body)), nil)
	io.WriteString(a, body)
	if err := a.Close(); err != nil {
		t.Fatal(err)
	}
	data, err := a.Wait()
	if err != nil || data.UID != 9 || <-got != body {
		t.Errorf("%+v %v", data, err)
	}
	alive(t, c, w)
}

// TestRefusedLiteral holds what the package's doc says of the library: it
// closes the connection after it has reported the refusal.
func TestRefusedLiteral(t *testing.T) {
	c, w, _ := dial(t, Config{}, answer(map[string]string{"APPEND": "TAG NO [TRYCREATE] no such mailbox\r\n"}))
	if err := c.WaitGreeting(); err != nil {
		t.Fatal(err)
	}
	a := c.Append("nowhere", 10_000, nil)
	io.WriteString(a, strings.Repeat("x", 10_000))
	a.Close()
	var no *imap.Error
	if _, err := a.Wait(); !errors.As(err, &no) || no.Code != imap.ResponseCodeTryCreate {
		t.Errorf("%v", err)
	}
	<-c.Closed()
	wantErr(t, w.Err(), net.ErrClosed)
}
