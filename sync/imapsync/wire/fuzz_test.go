package wire

import (
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapclient"
)

var seeds = []string{
	"T1 OK [CAPABILITY IMAP4rev1 LITERAL+] in\r\n* LIST (\\HasNoChildren) \"/\" INBOX\r\n* LIST () NIL {5}\r\n&AOk-\r\nT2 OK done\r\n",
	"* FLAGS (\\Seen $x)\r\n* 5 EXISTS\r\n* OK [PERMANENTFLAGS (\\Seen \\*)] x\r\n* OK [UIDVALIDITY 7] x\r\n* OK [HIGHESTMODSEQ 9] y\r\n* VANISHED (EARLIER) 1:3,7\r\n* 2 FETCH (UID 4 FLAGS () MODSEQ (8))\r\nT3 OK [READ-WRITE] x\r\n",
	"T3 OK x\r\n* 1 FETCH (FLAGS (\\Seen) UID 3 RFC822.SIZE 10 INTERNALDATE \"02-Mar-2026 10:00:00 +0000\" BODY[] {5}\r\nhello X-GM-LABELS (\"a\" {2}\r\nbb) ENVELOPE (\"d\" \"s\" ((NIL NIL \"a\" \"b\")) NIL NIL NIL NIL NIL NIL \"<x@y>\"))\r\nT4 OK done\r\n",
	"T3 OK x\r\n* 1 FETCH (UID 3 BODYSTRUCTURE ((\"text\" \"plain\" (\"charset\" \"utf-8\") nil NIL \"7BIT\" 5 1 NIL (\"attachment\" (\"filename\" \"a\")) NIL NIL)(\"message\" \"rfc822\" NIL NIL NIL \"7bit\" 5 (\"d\" \"s\" NIL NIL NIL NIL NIL NIL NIL NIL) (\"a\" \"b\" NIL NIL NIL \"x\" -1) 3) \"mixed\" (\"boundary\" \"x\") NIL (\"en\" \"de\") \"loc\" 3 (4 5)) BODY[] NIL)\r\nT4 OK\r\n",
	"* STATUS \"INBOX\" (MESSAGES 5 UIDNEXT 6)\r\n* SEARCH 1 2 3 (MODSEQ 5)\r\n* ESEARCH (TAG \"T5\") UID ALL 1:3 COUNT 3\r\nT5 OK x\r\n* BYE x\r\n",
	"T3 OK x\r\n* 1 FETCH (UID 9 BODY[HEADER.FIELDS (FROM \"TO\")]<0> \"abc\" BODY[1.MIME] NIL BINARY[1] ~{3}\r\nabc BINARY.SIZE[1] 3 MODSEQ (1))\r\n* ok [uidnext 5] x\r\n*  9  exists\r\n* 3 EXPUNGE\r\n+ go\r\nT9 OK\r\nT6 NO [ALREADY \"]\"] x\r\n",
	"T3 OK [COPYUID 3 1:2 5,4] x\r\n* 1 FETCH (UID 3 BODY[] {70}\r\n" + strings.Repeat("0123456789", 7) + " FLAGS (\\Seen) BODY[1] {70}\r\n" + strings.Repeat("9876543210", 7) + " UID 3)\r\nT4 OK\r\n",
	"* NAMESPACE ((\"\" \"/\")) NIL ((\"#shared/\" NIL))\r\n* ID (\"name\" NIL)\r\n* QUOTA \"\" (STORAGE 1 2)\r\n* QUOTAROOT INBOX \"\"\r\nT7 OK\r\nT8 OK\r\nT9 OK\r\n",
}

// smallLimits make limits easy to reach.
var smallLimits = Limits{Line: 4096, LongLine: 1 << 16, Inline: 64, Response: 1 << 17, Literal: 1 << 16, Answer: 1 << 17, Unasked: 1 << 16, Depth: 40, Numbers: 1 << 12}

// play runs the library over a Conn over a server that says data, whatever it
// is asked. It returns what the library got of its commands.
func play(data string, chunk int) (events []Event, got []string, lib, cause error) {
	tp := newTape(data, chunk)
	rec := &recorder{}
	w := New(tp, Config{Limits: smallLimits, Events: rec.tell})
	w.og.qresync = true
	c := imapclient.New(w, nil)
	login := c.Login("u", "p")
	list := c.List("", "*", nil)
	sel := c.Select("INBOX", nil)
	f := c.Fetch(imap.UIDSet{{Start: 1, Stop: 100}}, &imap.FetchOptions{Flags: true, BodySection: []*imap.FetchItemBodySection{{}}})
	c.WaitGreeting() // UIDSearch wants to know the capabilities
	search := c.UIDSearch(&imap.SearchCriteria{}, nil)
	status := c.Status("INBOX", &imap.StatusOptions{NumMessages: true})
	namespace, id, quota := c.Namespace(), c.ID(nil), c.GetQuotaRoot("INBOX")
	close(tp.gate)
	done := make(chan []string)
	go func() {
		var got []string
		for m := f.Next(); m != nil; m = f.Next() {
			b, err := m.Collect()
			got = append(got, note(b, err))
		}
		got = append(got, note(nil, f.Close()))
		done <- got
	}()
	names, err := list.Collect()
	got = append(got, note(names, err), note(nil, login.Wait()))
	selected, err := sel.Wait()
	got = append(got, note(selected, err))
	got = append(got, <-done...)
	found, err := search.Wait()
	found.AllUIDs()
	got = append(got, note(found, err))
	counts, err := status.Wait()
	got = append(got, note(counts, err))
	spaces, err := namespace.Wait()
	got = append(got, note(spaces, err))
	who, err := id.Wait()
	got = append(got, note(who, err))
	_, err = quota.Wait()
	got = append(got, note(nil, err))
	select {
	case <-c.Closed():
	case <-time.After(20 * time.Second):
		return nil, nil, errors.New("the library hangs"), w.Err()
	}
	cause = w.Err()
	lib = c.Close()
	return rec.all(), got, lib, cause
}

func note(v any, err error) string {
	var sb strings.Builder
	if err != nil {
		sb.WriteString("failed ")
	}
	dump(&sb, reflect.ValueOf(v))
	return sb.String()
}

// FuzzLibrarySurvives: whatever the server says, the library never dies of
// what it is given. If the connection ends, this package has a cause for it.
func FuzzLibrarySurvives(f *testing.F) {
	for _, s := range seeds {
		f.Add([]byte(s))
	}
	f.Add([]byte(strings.Join(seeds, "")))
	f.Fuzz(func(t *testing.T, data []byte) {
		survives(t, string(data))
	})
}

// TestChunksDoNotMatter: how the network cuts the stream changes nothing.
func TestChunksDoNotMatter(t *testing.T) {
	all := strings.Join(seeds, "")
	want, wantGot, _, cause := play(all, 0)
	if len(want) == 0 || len(wantGot) < 10 {
		t.Fatalf("%d events, %d results: the seeds say nothing", len(want), len(wantGot))
	}
	for _, n := range []int{1, 2, 3, 7, 63} {
		events, got, _, c := play(all, n)
		if !reflect.DeepEqual(events, want) || !reflect.DeepEqual(got, wantGot) {
			t.Errorf("in chunks of %d:\n%v\n%v\nwhole:\n%v\n%v", n, events, got, want, wantGot)
		}
		if c.Error() != cause.Error() {
			t.Errorf("in chunks of %d: %v, whole: %v", n, c, cause)
		}
	}
}

// FuzzFrame: cutting never panics, and never holds more than it may.
func FuzzFrame(f *testing.F) {
	for _, s := range seeds {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		lim := smallLimits
		fr := framer{br: newReader(data), lim: &lim, maxLiteral: func() int64 { return lim.Literal }, began: func() {}}
		for {
			r, err := fr.next()
			for err == nil && r.literal >= 0 {
				if _, err = io.CopyN(io.Discard, fr.br, r.literal); err == nil {
					_, r.literal, err = fr.rest()
				}
			}
			if err != nil {
				return
			}
			if len(r.raw) > lim.Response {
				t.Fatalf("%d bytes held", len(r.raw))
			}
		}
	})
}

// FuzzMailboxName: an accepted name is sent back exactly as it came.
func FuzzMailboxName(f *testing.F) {
	for _, s := range []string{"INBOX", "inbox", "&AOk-", "a&-b", "&", "&AAA-", "&2D3eAA-", "&AOk-&AOk-", "../x"} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		name, err := mailboxName(raw)
		if err == nil && name != "INBOX" && encodeUTF7(name) != string(raw) {
			t.Fatalf("%q is %q, which is %q", raw, name, encodeUTF7(name))
		}
	})
}

// tokens are what responses are made of, whole and broken.
var tokens = []string{
	" ", " ", "\r\n", "\r\n", "\n", "\r", "(", ")", "((", "))", "\"", "\\", "[", "]", "{", "}", "<0>", "*", "+", "~", ":", ",", "%", "\x00", "\x80", "é",
	"* ", "* 1 FETCH (", "* 2 FETCH (UID 3 ", "* 5 EXISTS\r\n", "* 1 EXPUNGE\r\n", "* OK ", "* NO ", "* BYE ", "* PREAUTH ", "* LIST ", "* STATUS ", "* SEARCH", "* ESEARCH ",
	"* FLAGS ", "* CAPABILITY ", "* ENABLED ", "* NAMESPACE ", "* ID ", "* QUOTA ", "* QUOTAROOT ", "* VANISHED ", "* THREAD ", "* SORT ", "* METADATA ", "* LSUB ", "* XFOO ",
	"T1 OK ", "T2 OK ", "T3 OK ", "T4 OK ", "T4 NO ", "T5 OK ", "T6 OK ", "T7 OK ", "T8 BAD ", "T9 OK ", "T99 OK ", "x\r\n", "+ x\r\n",
	"[CAPABILITY IMAP4rev1]", "[ALERT]", "[UIDNEXT 5]", "[uidvalidity 0]", "[PERMANENTFLAGS (\\Seen \\*)]", "[COPYUID 1 2 3]", "[APPENDUID 1 2]", "[HIGHESTMODSEQ 18446744073709551615]", "[MODIFIED 1:3]", "[CLOSED]", "[X \"]\"]",
	"UID 3 ", "UID 4 ", "UID 0 ", "FLAGS ", "(\\Seen)", "MODSEQ (5) ", "RFC822.SIZE 5 ", "RFC822.SIZE -1 ", "INTERNALDATE ", "\" 2-Mar-2026 10:00:00 +0100\"", "ENVELOPE ", "BODYSTRUCTURE ", "BODY ", "BODY[] ", "BODY[1.MIME] ", "BODY[HEADER.FIELDS (A \"B\")]<5> ", "BINARY[1] ", "X-GM-LABELS ",
	"NIL", "nil", "0", "1", "4294967295", "4294967296", "99999999999999999999", "-1", "1:3", "1:*", "5:1,7",
	"\"a\" ", "\"text\" \"plain\" ", "\"message\" \"rfc822\" ", "\"\" ", "\"a\\\"b\" ", "INBOX", "\"/\" ", "\"&AOk-\"", "&AOk-&AOk-", "(\\Noselect) ",
	"{0}\r\n", "{3}\r\nabc", "{70}\r\n" + strings.Repeat("x", 70), "{70}\r\n", "{3+}\r\nabc", "~{3}\r\nabc", "{99999999}\r\n", "(\"a\" \"b\") ", "((NIL NIL \"a\" \"b\")) ", "(\"d\" \"s\" NIL NIL NIL NIL NIL NIL NIL NIL) ",
	"(TAG \"T5\") ", "UID ALL 1:3", "MIN 1 ", "(MODSEQ 5)", "(MESSAGES 1 UIDNEXT 2)", "((\"\" \"/\")) NIL NIL", "(STORAGE 1 2)",
}

// FuzzLibrarySurvivesTokens is FuzzLibrarySurvives with responses put together
// from tokens, so that it soon gets behind the first bracket.
func FuzzLibrarySurvivesTokens(f *testing.F) {
	for i := range tokens {
		f.Add([]byte{byte(i)})
	}
	f.Add([]byte{54, 6, 27, 65, 68, 69, 70, 6, 2, 55, 61})
	f.Fuzz(func(t *testing.T, data []byte) {
		var sb strings.Builder
		for _, b := range data {
			sb.WriteString(tokens[int(b)%len(tokens)])
		}
		survives(t, sb.String())
	})
}

// TestLibrarySurvivesRandomAnswers is the same with random answers to
// everything the library asks, in an order that lets it go on.
func TestLibrarySurvivesRandomAnswers(t *testing.T) {
	for seed := range uint64(300) {
		rnd := rand.New(rand.NewPCG(seed, 1))
		var sb strings.Builder
		for tag := 1; tag <= 9; tag++ {
			for range rnd.IntN(4) {
				sb.WriteString("* ")
				for range 1 + rnd.IntN(12) {
					sb.WriteString(tokens[rnd.IntN(len(tokens))])
				}
				sb.WriteString("\r\n")
			}
			if tag == 4 {
				for range rnd.IntN(4) {
					fmt.Fprintf(&sb, "* %d FETCH (UID %d ", 1+rnd.IntN(3), 1+rnd.IntN(3))
					for range 1 + rnd.IntN(12) {
						sb.WriteString(tokens[65+rnd.IntN(len(tokens)-65)])
					}
					sb.WriteString(" BODY[] {3}\r\nabc)\r\n")
				}
			}
			fmt.Fprintf(&sb, "T%d OK done\r\n", tag)
		}
		survives(t, sb.String())
	}
}

func survives(t *testing.T, data string) {
	t.Helper()
	_, _, lib, cause := play(data, 0)
	if cause == nil || errors.Is(cause, net.ErrClosed) || lib != nil && (strings.Contains(lib.Error(), "panic") || strings.Contains(lib.Error(), "hangs")) {
		t.Fatalf("%q\nlibrary: %v; cause: %v", data, lib, cause)
	}
}
