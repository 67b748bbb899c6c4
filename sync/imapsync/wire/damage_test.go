package wire

import (
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/emersion/go-imap/v2"
)

// everything asks for all the items that parsers die of.
var everything = &imap.FetchOptions{
	UID: true, Flags: true, InternalDate: true, RFC822Size: true, Envelope: true,
	BodyStructure: &imap.FetchItemBodyStructure{Extended: true},
}

// TestDamagedFetch: each damaged answer leaves the connection alive, the other
// message there, and what is usable of this one.
func TestDamagedFetch(t *testing.T) {
	tests := []struct {
		name  string
		items string // of message 1, UID 1
		there bool   // message 1 arrives
		item  string // what is told to be damaged; empty: nothing
	}{
		{"good", `UID 1 FLAGS (\Seen) RFC822.SIZE 5`, true, ""},
		{"envelope of garbage", `UID 1 RFC822.SIZE 5 ENVELOPE (1 (2) garbage`, false, ""},
		{"envelope too short", `UID 1 RFC822.SIZE 5 ENVELOPE ("date")`, true, "ENVELOPE"},
		{"envelope NIL", `UID 1 RFC822.SIZE 5 ENVELOPE NIL`, true, "ENVELOPE"},
		{"envelope without its end", `UID 1 ENVELOPE ("d" "s" NIL NIL)`, true, ""},
		{"address of three fields", `UID 1 ENVELOPE ("d" "s" ((NIL "a" "b")) NIL NIL NIL NIL NIL NIL NIL)`, true, ""},
		{"flag with a quote", `UID 1 FLAGS (\Seen "quoted" a%b) RFC822.SIZE 5`, true, "FLAGS"},
		{"flag as literal", "UID 1 FLAGS ({5}\r\nhello \\Seen) RFC822.SIZE 5", true, ""},
		{"flags as atom", `UID 1 FLAGS \Seen RFC822.SIZE 5`, true, "FLAGS"},
		{"flags without space", `UID 1 FLAGS(\Seen)RFC822.SIZE 5`, true, ""},
		{"UID zero", `UID 0 RFC822.SIZE 5`, false, ""},
		{"UID negative", `UID -1 RFC822.SIZE 5`, false, ""},
		{"UID too big", `UID 4294967296 RFC822.SIZE 5`, false, ""},
		{"two UIDs", `UID 1 UID 2 RFC822.SIZE 5`, false, ""},
		{"size negative", `UID 1 RFC822.SIZE -1`, true, "RFC822.SIZE"},
		{"size too big", `UID 1 RFC822.SIZE 99999999999999999999`, true, "RFC822.SIZE"},
		{"date NIL", `UID 1 RFC822.SIZE 5 INTERNALDATE NIL`, true, "INTERNALDATE"},
		{"date nonsense", `UID 1 RFC822.SIZE 5 INTERNALDATE "yesterday"`, true, "INTERNALDATE"},
		{"mod-sequence of 2^64", `UID 1 RFC822.SIZE 5 MODSEQ (18446744073709551616)`, true, "MODSEQ"},
		{"lower case", `uid 1 flags (\seen) rfc822.size 5 internaldate " 2-Mar-2026 10:00:00 +0000"`, true, ""},
		{"unknown items", `UID 1 X-GM-MSGID 12 RFC822.SIZE 5 X-GM-LABELS ("\\Inbox" x) EMAILID (M1) PREVIEW NIL`, true, ""},
		{"NIL in lower case", `UID 1 ENVELOPE (nil nil nil nil nil nil nil nil nil nil)`, true, ""},
		{"too deep", `UID 1 BODYSTRUCTURE ` + strings.Repeat("(", 500) + strings.Repeat(")", 500), false, ""},
		{"structure: type NIL", `UID 1 BODYSTRUCTURE (NIL NIL NIL NIL NIL NIL 5)`, true, ""},
		{"structure: size NIL", `UID 1 BODYSTRUCTURE ("text" "plain" NIL NIL NIL "7bit" NIL NIL)`, true, ""},
		{"structure: size -1", `UID 1 BODYSTRUCTURE ("a" "b" NIL NIL NIL "7bit" -1)`, true, ""},
		{"structure: size over 32 bits", `UID 1 BODYSTRUCTURE ("a" "b" NIL NIL NIL "7bit" 9999999999)`, true, ""},
		{"structure: parameter NIL", `UID 1 BODYSTRUCTURE ("a" "b" ("name" NIL NIL "x" "" "y" "odd") NIL NIL "7bit" 1)`, true, ""},
		{"structure: message without envelope", `UID 1 BODYSTRUCTURE ("message" "rfc822" NIL NIL NIL "7bit" 5 NIL)`, true, ""},
		{"structure: disposition a string", `UID 1 BODYSTRUCTURE ("a" "b" NIL NIL NIL "7bit" 1 NIL "attachment" NIL NIL)`, true, ""},
		{"structure: multipart of nothing", `UID 1 BODYSTRUCTURE ("mixed")`, true, "BODYSTRUCTURE"},
		{"structure: quotes in a string", `UID 1 BODYSTRUCTURE ("a" "b" ("name" "x "y" z") NIL NIL "7bit" 1)`, true, ""},
		{"structure: unclosed quote", `UID 1 RFC822.SIZE 5 BODYSTRUCTURE ("a" "b`, false, ""},
		{"section NIL", `UID 1 RFC822.SIZE 5 BODY[TEXT] NIL`, true, ""},
		{"section as a number", `UID 1 RFC822.SIZE 5 BODY[TEXT] 5`, true, "BODY[TEXT]"},
		{"section unknown", `UID 1 RFC822.SIZE 5 BODY[FOO] "x"`, true, ""},
		{"no items", ``, false, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			c, w, rec := dial(t, Config{}, answer(map[string]string{
				"UID FETCH": "* 1 FETCH (" + tt.items + ")\r\n* 2 FETCH (UID 2 RFC822.SIZE 7)\r\nTAG OK done\r\n",
			}))
			ms, err := collect(c, imap.UIDSetNum(1, 2), everything)
			if err != nil {
				t.Fatalf("%v (cause: %v)", err, w.Err())
			}
			want := 1
			if tt.there {
				want = 2
			}
			if len(ms) != want || ms[len(ms)-1].UID != 2 || ms[len(ms)-1].RFC822Size != 7 {
				t.Errorf("%d messages, want %d", len(ms), want)
			}
			damaged := only[Damaged](rec.all())
			if tt.item != "" && (len(damaged) != 1 || damaged[0].Item != tt.item || damaged[0].UID != 1) {
				t.Errorf("%+v, want damaged %s", damaged, tt.item)
			}
			if tt.there && tt.item == "" && len(damaged) != 0 {
				t.Errorf("%+v", damaged)
			}
			alive(t, c, w)
		})
	}
}

// TestStructureRepaired looks at what is made of the structures that servers
// are known to send.
func TestStructureRepaired(t *testing.T) {
	tests := []struct{ in, want string }{
		{`(NIL NIL NIL NIL NIL NIL NIL)`, `("application" "octet-stream" NIL NIL NIL NIL 0)`},
		{`("text" "plain" ("charset" "x") nil NIL "7BIT" 5)`, `("text" "plain" ("charset" "x") NIL NIL "7BIT" 5 0)`},
		{`("text" "plain" NIL NIL NIL "7bit" 5 1 NIL "inline")`, `("text" "plain" NIL NIL NIL "7bit" 5 1 NIL ("inline" NIL))`},
		{`("message" "rfc822" NIL NIL NIL "7bit" 5)`, `("message" "rfc822" NIL NIL NIL "7bit" 5)`},
		{`(("a" "b" NIL NIL NIL NIL 1)("c" "d" NIL NIL NIL NIL 2) "mixed" ("boundary" "x") NIL "en")`,
			`(("a" "b" NIL NIL NIL NIL 1)("c" "d" NIL NIL NIL NIL 2) "mixed" ("boundary" "x") NIL "en")`},
		{`(("a" "b" NIL NIL NIL NIL 1))`, `(("a" "b" NIL NIL NIL NIL 1) "mixed")`},
	}
	for _, tt := range tests {
		v, err := newParser([]byte(tt.in), 10).value()
		if err != nil {
			t.Fatal(err)
		}
		if got, ok := appendStructure(nil, v); !ok || string(got) != tt.want {
			t.Errorf("%s\n got %s\nwant %s", tt.in, got, tt.want)
		}
	}
}

// TestUnknownUntagged: whatever the library does not know is told, not passed.
func TestUnknownUntagged(t *testing.T) {
	tests := []struct{ line, name string }{
		{"* LSUB () \"/\" x\r\n", "LSUB"},
		{"* XFOO {3}\r\nabc bar\r\n", "XFOO"},
		{"* 5 XBAR\r\n", "XBAR"},
		{"* THREAD (1)(2)\r\n", "THREAD"},
		{"* LIST () \"/\" unasked\r\n", "LIST"},
		{"* SEARCH 1 2\r\n", "SEARCH"},
		{"* ENABLED X\r\n", "ENABLED"},
		{"* ID NIL\r\n", "ID"},
		{"+ nobody waits\r\n", "+"},
	}
	for _, tt := range tests {
		c, w, rec := dial(t, Config{}, answer(map[string]string{"CHECK": "", "SUBSCRIBE": tt.line + "TAG OK done\r\n"}))
		if err := c.Subscribe("x").Wait(); err != nil {
			t.Errorf("%s: %v", tt.name, err)
		}
		u := only[Untagged](rec.all())
		if len(u) != 1 || u[0].Name != tt.name {
			t.Errorf("%s: %+v", tt.name, u)
		}
		alive(t, c, w)
	}
}

func TestBadMailboxNamesHideOnlyThemselves(t *testing.T) {
	bad := []string{
		`* LIST`, `* LIST ()`, `* LIST () "/"`, `* LIST () "/" ""`, `* LIST () "/" "&"`, `* LIST () "/" "a&AAA`, `* LIST () "/" "é"`,
		`* LIST () "/" "&AOk-&AOk-"`, `* LIST () "/" "&AAo-"`, "* LIST () \"/\" {3}\r\na\nb", `* LIST () "/" ` + strings.Repeat("x", 5000), `* LIST () "/" (a)`,
		`* LIST NIL`, "* LIST () \"/\" \"a\x00b\"",
	}
	good := []string{`* LIST () "/" INBOX`, `* LIST (\Sent "x") "/" a]b`, `* LIST () "//" ../x`, `* list (\noselect) nil "&AOk-"`, `* LIST () "\\" c ("CHILDINFO" ("SUBSCRIBED"))`}
	c, w, rec := dial(t, Config{}, answer(map[string]string{"LIST": strings.Join(append(bad, good...), "\r\n") + "\r\nTAG OK done\r\n"}))
	names, err := c.List("", "*", nil).Collect()
	if err != nil || len(names) != len(good) {
		t.Fatalf("%d names, want %d; %v; %v", len(names), len(good), err, w.Err())
	}
	if names[1].Mailbox != "a]b" || len(names[1].Attrs) != 2 || names[2].Delim != 0 || names[3].Mailbox != "é" || names[4].Delim != '\\' {
		t.Errorf("%+v", names)
	}
	whole := 0
	for _, d := range only[Damaged](rec.all()) {
		if d.Item == "" {
			whole++
		}
	}
	if whole != len(bad) {
		t.Errorf("%d names told as damaged, want %d", whole, len(bad))
	}
	alive(t, c, w)
}

func TestSelectInAnyCase(t *testing.T) {
	c, w, rec := dial(t, Config{}, answer(map[string]string{
		"SELECT": "* flags (\\seen \"n o\")\r\n* 3 exists\r\n*  0  recent\r\n* ok [uidvalidity 5] x\r\n* Ok [UidNext 0] x\r\n* OK [HIGHESTMODSEQ 18446744073709551616] x\r\n" +
			"* OK [UNSEEN \"]\"] x\r\n* OK [PERMANENTFLAGS (\\Seen \\*)]\r\n* OK [unclosed\r\n* OK [UIDNOTSTICKY] x\r\n* OK\r\nTAG ok [read-only]done\r\n",
	}))
	sel, err := c.Select("INBOX", nil).Wait()
	if err != nil || sel.NumMessages != 3 || sel.UIDValidity != 5 || sel.UIDNext != 0 || sel.HighestModSeq != 0 || len(sel.Flags) != 1 || len(sel.PermanentFlags) != 2 {
		t.Errorf("%+v %v (%v)", sel, err, w.Err())
	}
	ev := rec.all()
	if a := only[Access](ev); len(a) != 1 || !a[0].ReadOnly {
		t.Errorf("%+v", a)
	}
	if len(only[UIDNotSticky](ev)) != 1 || len(only[Damaged](ev)) != 4 {
		t.Errorf("%+v", ev)
	}
	alive(t, c, w)
}

// TestDamagedSearchIsNoEmptySearch: an answer that lost messages must not look
// like one that found none.
func TestDamagedSearchIsNoEmptySearch(t *testing.T) {
	for _, bad := range []string{"* SEARCH 1 x 3\r\n", "* SEARCH 0\r\n", "* SEARCH 1 4294967295\r\n", "* SEARCH 1,2\r\n", "* ESEARCH (TAG \"TAG\") UID ALL 1:4294967295\r\n", "* ESEARCH (TAG \"TAG\") ALL 1:3\r\n", "* ESEARCH (TAG \"TAG\") UID ALL *\r\n"} {
		c, w, _ := dial(t, Config{}, answer(map[string]string{"UID SEARCH": bad + "TAG OK done\r\n"}))
		_, err := c.UIDSearch(&imap.SearchCriteria{}, nil).Wait()
		var no *imap.Error
		if !errors.As(err, &no) || no.Code != CodeDamaged {
			t.Errorf("%q: %v", bad, err)
		}
		alive(t, c, w)
	}
}

func TestSearch(t *testing.T) {
	for _, good := range []string{"* SEARCH 9 3 5 3 4 (MODSEQ 7)\r\n", "* SEARCH 9 3\r\n* SEARCH 4 5\r\n", "* search  3 4  5 9 \r\n", "* ESEARCH (TAG \"TAG\") UID ALL 9,3:5\r\n", "* ESEARCH UID COUNT 4 ALL 9,3:5\r\n"} {
		c, _, _ := dial(t, Config{}, answer(map[string]string{"UID SEARCH": good + "TAG OK done\r\n"}))
		got, err := c.UIDSearch(&imap.SearchCriteria{}, nil).Wait()
		if err != nil || got.All.String() != "3:5,9" {
			t.Errorf("%q: %+v %v", good, got, err)
		}
	}
}

func TestVanishedNeedsQResync(t *testing.T) {
	c, w, rec := dial(t, Config{}, answer(map[string]string{"NOOP": "* VANISHED 1:4294967294\r\nTAG OK done\r\n"}))
	alive(t, c, w)
	if ev := rec.all(); len(only[Vanished](ev)) != 0 || len(only[Damaged](ev)) != 1 {
		t.Errorf("%+v", ev)
	}
}

// TestLimits: what never ends is ended.
func TestLimits(t *testing.T) {
	tests := []struct {
		name, what string
		say        func(io.Writer) error // repeated until the client closes
		first      string
	}{
		{"line without end", "line", func(w io.Writer) error { _, err := io.WriteString(w, strings.Repeat("x", 1000)); return err }, "* OK "},
		{"list without end", "line", func(w io.Writer) error { _, err := io.WriteString(w, strings.Repeat("1 ", 1000)); return err }, "* SEARCH "},
		{"responses without end", "unasked", func(w io.Writer) error { _, err := io.WriteString(w, "* OK still here\r\n* 5 EXISTS\r\n"); return err }, ""},
		{"flag changes without end", "unasked", func(w io.Writer) error { _, err := io.WriteString(w, "* 1 FETCH (FLAGS ())\r\n"); return err }, ""},
		{"huge literal", "literal", nil, "* 1 FETCH (UID 1 BODY[] {9999999999}\r\n"},
		{"literal beyond all numbers", "literal", nil, "* 1 FETCH (UID 1 BODY[] {99999999999999999999}\r\n"},
		{"large literal outside FETCH", "literal", nil, "* LIST () \"/\" {100000}\r\n"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			c, w, _ := dial(t, Config{}, func(s *scripted) {
				s.say("", greeting)
				s.command()
				s.say("", tt.first)
				for tt.say != nil && tt.say(s.nc) == nil {
				}
				s.hang()
			})
			if err := c.Noop().Wait(); err == nil {
				t.Error("the command succeeded")
			}
			var limit *LimitError
			if !errors.As(w.Err(), &limit) || limit.What != tt.what {
				t.Errorf("%v, want %s", w.Err(), tt.what)
			}
		})
	}
}

func TestAnswersHaveLimits(t *testing.T) {
	flood := func(line string) func(s *scripted) {
		return func(s *scripted) {
			s.say("", greeting)
			s.command()
			for {
				if _, err := io.WriteString(s.nc, line); err != nil {
					return
				}
			}
		}
	}
	c, w, _ := dial(t, Config{Limits: Limits{Answer: 1 << 16}}, flood("* LIST () \"/\" x\r\n"))
	if _, err := c.List("", "*", nil).Collect(); err == nil {
		t.Error("the list ended")
	}
	var limit *LimitError
	if !errors.As(w.Err(), &limit) || limit.What != "answer" {
		t.Errorf("%v", w.Err())
	}
}

func TestExpectLiteral(t *testing.T) {
	for _, tt := range []struct {
		max  int64
		fail bool
	}{{20_000, false}, {19_999, true}, {0, false}} {
		c, w, _ := dial(t, Config{}, answer(map[string]string{"UID FETCH": "* 1 FETCH (UID 1 BODY[] {20000}\r\n" + strings.Repeat("x", 20_000) + ")\r\nTAG OK done\r\n"}))
		if err := c.WaitGreeting(); err != nil {
			t.Fatal(err)
		}
		w.ExpectLiteral(tt.max)
		_, err := collect(c, imap.UIDSetNum(1), &imap.FetchOptions{BodySection: []*imap.FetchItemBodySection{{}}})
		if (err != nil) != tt.fail {
			t.Errorf("max %d: %v (%v)", tt.max, err, w.Err())
		}
	}
}

// TestManyUnaskedFlagChanges: another client may mark a whole mailbox as read.
func TestManyUnaskedFlagChanges(t *testing.T) {
	n := 20_000
	c, w, rec := dial(t, Config{}, answer(map[string]string{
		"SELECT": "* 20000 EXISTS\r\nTAG OK done\r\n",
		"NOOP":   strings.Repeat("* 1 FETCH (UID 1234567 FLAGS (\\Seen $Forwarded NonJunk) MODSEQ (123456789))\r\n", n) + "TAG OK done\r\n",
	}))
	if _, err := c.Select("INBOX", nil).Wait(); err != nil {
		t.Fatal(err)
	}
	alive(t, c, w)
	if got := len(only[Changed](rec.all())); got != n {
		t.Errorf("%d changes told, want %d", got, n)
	}
}
