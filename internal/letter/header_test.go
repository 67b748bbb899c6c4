package letter

import (
	"bytes"
	"fmt"
	"runtime"
	"strings"
	"testing"
	"time"
	"unicode/utf8"
)

func crlf(s string) []byte {
	return []byte(strings.ReplaceAll(strings.TrimPrefix(s, "\n"), "\n", "\r\n"))
}

func TestHeaderIsDecoded(t *testing.T) {
	h := ParseHeader(crlf(`
Received: from a by b; nonsense
Received: from a by b;
	Sat, 14 Mar 2026 10:42:07 +0100 (CET)
Received: from c by a; Fri, 13 Mar 2026 10:00:00 +0000
Message-ID: <Abc.1@example.org>
Date: Sat, 14 Mar 2026 10:42 +0100
From: =?utf-8?q?Am=C3=A9lie?= Fournier <amelie@fournier.example>
To: me@example.org, "Bannister, Tom" <tom@example.net>
Cc: Crew: =?iso-2022-jp?b?GyRCRURDZhsoQg==?= <yuki@example.jp>, bob@example.org;
Reply-To: list@example.org
Subject: =?utf-8?b?SXRpbmVyYXJ5IGZvciA=?= =?utf-8?b?TGlzYm9u4oCU?=
 14 March
In-Reply-To: <p1@x>
References: <p0@x> <bad id@x> <p1@x>
List-Id: The crew <crew.example.org>
List-Post: <mailto:crew@example.org>
Auto-Submitted: auto-replied (vacation)
Content-Type: Multipart/Mixed; boundary=x

Subject: not this one
`))
	eq := func(what string, got, want any) {
		t.Helper()
		if fmt.Sprint(got) != fmt.Sprint(want) {
			t.Errorf("%s = %v, want %v", what, got, want)
		}
	}
	eq("MessageID", h.MessageID, "Abc.1@example.org")
	eq("Date", h.Date.UTC(), time.Date(2026, 3, 14, 9, 42, 0, 0, time.UTC))
	eq("Zone", h.Zone, 60)
	eq("From", h.From, []Address{{Name: "Amélie Fournier", Addr: "amelie@fournier.example"}})
	eq("To", h.To, []Address{{Addr: "me@example.org"}, {Name: "Bannister, Tom", Addr: "tom@example.net"}})
	eq("Cc", h.Cc, []Address{{Name: "田中", Addr: "yuki@example.jp"}, {Addr: "bob@example.org"}})
	eq("ReplyTo", h.ReplyTo, []Address{{Addr: "list@example.org"}})
	eq("Subject", h.Subject, "Itinerary for Lisbon— 14 March")
	eq("Refs", h.Refs(), []string{"p0@x", "p1@x"})
	eq("Received", h.Received.UTC(), time.Date(2026, 3, 14, 9, 42, 7, 0, time.UTC))
	eq("ListID", h.ListID, "crew.example.org")
	eq("ListPost", h.ListPost, "crew@example.org")
	eq("AutoSubmitted", h.AutoSubmitted, "auto-replied")
	eq("ContentType", h.ContentType, "multipart/mixed")
	eq("Doubtful", h.Doubtful, false)
}

const wholeHeader = `
Return-Path: <a@b.example>
Received: from x
 by y; Sat, 14 Mar 2026 10:42:07 +0100
From: A <a@b.example>
To: c@d.example,
 e@f.example
Subject: a long subject
	folded
Date: Sat, 14 Mar 2026 10:42:07 +0100
Message-ID: <1@b.example>
X-Other: y
Status: RO

body
`

func TestFieldsHashIsTheSameFromTheFieldsAlone(t *testing.T) {
	whole := ParseHeader(crlf(wholeHeader))
	reduced := ParseHeader(crlf(`
Message-ID: <1@b.example>
Subject: a long subject folded
date:  Sat, 14 Mar 2026 10:42:07 +0100
To: c@d.example, e@f.example
From: A <a@b.example>

`))
	if whole.FieldsHash != reduced.FieldsHash {
		t.Error("the reduced header has another FieldsHash")
	}
	if whole.HeaderHash == reduced.HeaderHash {
		t.Error("the reduced header has the same HeaderHash")
	}
	for _, change := range [][2]string{
		{"Subject: a", "Subject: b"}, {"<1@b", "<2@b"}, {"+0100\nMess", "+0200\nMess"}, {"X-Other: y", "Cc:"},
		{"X-Other: y", "In-Reply-To: <0@b>"}, {"From: A", "From: B"}, {"Subject: a long subject\n\tfolded\n", ""},
	} {
		other := ParseHeader(crlf(strings.Replace(wholeHeader, change[0], change[1], 1)))
		if other.FieldsHash == whole.FieldsHash {
			t.Errorf("%q → %q left the FieldsHash as it was", change[0], change[1])
		}
	}
}

func TestHeaderHashKnowsTheMailNotTheMailbox(t *testing.T) {
	want := ParseHeader(crlf(wholeHeader)).HeaderHash
	for what, raw := range map[string][]byte{
		"LF line ends":      []byte(wholeHeader[1:]),
		"other mailbox":     crlf(strings.Replace(wholeHeader, "Status: RO", "Status: O\nX-UID: 77\nX-Mozilla-Status: 0001\nX-Keywords:\n a", 1)),
		"an mbox line":      append([]byte("From a@b Sat Mar 14 10:42:07 2026\r\n"), crlf(wholeHeader)...),
		"without the body":  bytes.TrimSuffix(crlf(wholeHeader), []byte("body\r\n")),
		"folded elsewhere?": crlf(strings.Replace(wholeHeader, "from x\n by y", "from x by\n y", 1)),
	} {
		if got := ParseHeader(raw).HeaderHash; got != want {
			t.Errorf("%s: another HeaderHash", what)
		}
	}
	other := crlf(strings.Replace(wholeHeader, "by y", "by z", 1))
	if ParseHeader(other).HeaderHash == want {
		t.Error("another Received has the same HeaderHash: a list copy would be taken for the direct one")
	}
}

func TestHashesStay(t *testing.T) {
	// These values are in databases: a change of the rule needs a migration.
	h := ParseHeader(crlf(wholeHeader))
	if got := fmt.Sprintf("%x %x", h.FieldsHash[:6], h.HeaderHash[:6]); got != "cb5d88ba3981 6481867c36c8" {
		t.Errorf("hashes are %s", got)
	}
}

func TestDates(t *testing.T) {
	for in, want := range map[string]string{
		"Sat, 14 Mar 2026 10:42:07 +0100":       "2026-03-14T10:42:07+01:00",
		"14 Mar 26 10:42 EST":                   "2026-03-14T10:42:00-05:00",
		"Sat Mar 14 10:42:07 2026":              "2026-03-14T10:42:07Z",
		"Saturday, 14-Mar-99 10:42:07 GMT":      "1999-03-14T10:42:07Z",
		"Sat, 14 Mar 2026 10:42:60 +0000 (UTC)": "2026-03-14T10:42:59Z",
		"Sat, 14 Mar 2026 10:42:07 +9999":       "2026-03-14T10:42:07Z",
		"2026-03-14T10:42:07+01:00":             "2026-03-14T10:42:07+01:00",
		"14 March 2026 10:42:07":                "2026-03-14T10:42:07Z",
		"Fri, 31 Feb 2026 10:42:07 +0000":       "",
		"yesterday":                             "",
		"":                                      "",
		"Sat, 14 Mar 2026 25:42:07 +0000":       "",
	} {
		got := ""
		if d := parseDate(in); !d.IsZero() {
			got = d.Format(time.RFC3339)
		}
		if got != want {
			t.Errorf("parseDate(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestWords(t *testing.T) {
	for in, want := range map[string]string{
		"plain":                                "plain",
		"=?utf-8?q?caf=C3=A9?=":                "café",
		"=?UTF-8?B?Y2Fmw6k?= x":                "café x", // unpadded
		"=?utf-8?b?w?= =?utf-8?b?6Q==?=":       "é",      // nothing, then a byte of windows-1252
		"=?utf-8?q?=C3?= =?utf-8?q?=A9?=":      "é",      // a character in two words
		"a =?utf-8?q?b?= c":                    "a b c",
		"=?x-unknown?q?=E9?=":                  "é",
		"=?gb2312?b?xOO6ww==?=":                "你好",
		"=?cp932?b?k/qWew==?=":                 "日本",
		"=?utf-8?q?broken =?utf-8?q?good?=":    "=?utf-8?q?broken good",
		"=?utf-8?x?what?=":                     "=?utf-8?x?what?=",
		"=?utf-8?q?never ends":                 "=?utf-8?q?never ends",
		"=?":                                   "=?",
		"caf\xe9":                              "café",
		"=?utf-7?q?+AGE-b?=":                   "ab",
		"=?iso-8859-1*fr?q?caf=E9?=":           "café",
		"=?us-ascii?Q?one?==?us-ascii?Q?two?=": "onetwo",
	} {
		if got := decodeWords([]byte(in), ""); got != want {
			t.Errorf("decodeWords(%q) = %q, want %q", in, got, want)
		}
	}
	if got := decodeWords([]byte("\xc4\xe3\xba\xc3"), "gbk"); got != "你好" {
		t.Errorf("raw bytes with a hint = %q", got)
	}
}

func TestCharsets(t *testing.T) {
	for _, c := range []struct{ name, in, want string }{
		{"", "caf\xe9 \xc3\xa9", "café é"},
		{"utf-8", "caf\xe9 \xc3\xa9", "café é"},
		{" \"US-ASCII\"", "caf\xe9 \x93", "café “"},
		{"nobody-knows", "caf\xe9", "café"},
		{"iso-8859-1", "\x93caf\xe9\x94 \x80", "“café” €"},
		{"Latin1", "\x80", "€"},
		{"iso-8859-9", "\xfd\x80", "ı€"},
		{"iso-8859-15", "\xa4", "€"},
		{"windows-1251", "\xcf\xf0\xe8", "При"},
		{"koi8-r", "\xf0\xd2\xc9", "При"},
		{"cp858", "\xd5", "€"},
		{"cp932", "\x87\x40\x93\xfa", "①日"},
		{"windows-31j", "\x93\xfa", "日"},
		{"cp949", "\xb0\xa1", "가"},
		{"iso-2022-kr", "\x1b$)C\x0e\x30\x21\x0f a", "가 a"},
		{"iso-2022-jp", "\x1b$BF|\x1b(B a", "日 a"},
		{"iso-2022-cn", "plain \xe9", "plain é"}, // not a single U+FFFD
		{"gb2312", "\xc4\xe3\x81\x30\x84\x36", "你\u00a5"},
		{"hz-gb-2312", "~{Dc~} a", "你 a"},
		{"big5", "\xa7\x41", "你"},
		{"utf-7", "a+AOk-", "aé"},
		{"unicode-1-1-utf-7", "a+AOk-", "aé"},
		{"utf-16", "\xff\xfea\x00", "a"},
		{"utf-16be", "\x00a", "a"},
	} {
		if got := toUTF8([]byte(c.in), c.name); got != c.want {
			t.Errorf("%q in %q = %q, want %q", c.in, c.name, got, c.want)
		}
	}
}

func TestAHostileSubjectIsCheap(t *testing.T) {
	raw := []byte("Subject: " + strings.Repeat("=?big5?q?=A7A?= =?gbk?q?=C4=E3?= ", 64<<10) + "\r\n\r\n")
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	h := ParseHeader(raw)
	runtime.ReadMemStats(&after)
	if got := after.TotalAlloc - before.TotalAlloc; got > 100<<20 || len(h.Subject) < maxSubject-3 || !strings.HasPrefix(h.Subject, "你你") {
		t.Errorf("a subject of 2 MB allocates %d bytes and gives %.20q", got, h.Subject)
	}
}

func TestAddresses(t *testing.T) {
	for in, want := range map[string]string{
		`a@b.example`:                       `a@b.example`,
		`A B <a@b.example>`:                 `A B <a@b.example>`,
		`"B, A" <a@b.example>`:              `"B, A" <a@b.example>`,
		`a@b.example (A B)`:                 `A B <a@b.example>`,
		`A <a@b.example>, , b@c.example;`:   `A <a@b.example>, b@c.example`,
		`undisclosed-recipients:;`:          ``,
		`Crew: a@b.example, c@d.example;`:   `a@b.example, c@d.example`,
		`"x y"@b.example`:                   `"x y"@b.example`,
		`<@r.example:a@b.example>`:          `a@b.example`,
		`Mailer Daemon`:                     `Mailer Daemon`,
		`<>`:                                `<>`,
		`A <a@b.example`:                    `A <a@b.example>`,
		`<a@b.example> <c@d.example>`:       `<a@b.example> <c@d.example>`,
		"A\tB\x00 <a@b.example>":            `A B <a@b.example>`,
		`=?utf-8?q?a=40b?= <c@d.example>`:   `"a@b" <c@d.example>`,
		`=?utf-8?q?a=40b.example?=`:         `a@b.example`, // shown, but see below
		`a@b@c.example`:                     `a@b@c.example`,
		"\u202eA\u200b B <a@b.example>":     `A B <a@b.example>`,
		"A\u3000\u2800\u00a0B <a@b.c>":      `A B <a@b.c>`,
		`Tom (the "captain") <t@b.example>`: `Tom <t@b.example>`,
	} {
		list := parseAddresses([]byte(in), "", true)
		if got := FormatAddresses(list); got != want {
			t.Errorf("%q = %q, want %q", in, got, want)
		}
	}
	if a := parseAddresses([]byte(`=?utf-8?q?a=40b.example?=`), "", true); a[0].Addr != "" || a[0].Raw == "" {
		t.Errorf("an address was made of an encoded word: %+v", a)
	}
	for in, want := range map[string]string{
		"Apple <service@аррӏе.example>": "service@xn--80ak6aa92e.example",
		"Jo <jo@müller.example>":        "jo@müller.example",
	} {
		if got := ParseAddresses(in)[0].Shown(); got != want {
			t.Errorf("%s is shown as %q, want %q", in, got, want)
		}
	}
}

func TestMessageIDs(t *testing.T) {
	seen := map[string]bool{}
	for range 10000 {
		id := NewMessageID("jo@Example.org")
		if !strings.HasSuffix(id, "@example.org") || !validID(id) || seen[id] {
			t.Fatalf("Message-ID %q", id)
		}
		seen[id] = true
	}
	if id := NewMessageID("nobody"); !strings.HasSuffix(id, "@mail.invalid") {
		t.Errorf("Message-ID %q without a domain", id)
	}
	var many strings.Builder
	for i := range 100 {
		fmt.Fprintf(&many, "<%d@x> ", i)
	}
	if ids := parseIDs([]byte(many.String())); len(ids) != 20 || ids[19] != "99@x" {
		t.Errorf("the last 20 of 100 are %v", ids)
	}
}

// checkHeader holds what every header must: text fit for a screen and a database.
func checkHeader(t *testing.T, h *Header) {
	t.Helper()
	line := func(what, s string) {
		if !utf8.ValidString(s) || strings.ContainsAny(s, "\x00\r\n") || strings.ContainsFunc(s, isControl) {
			t.Errorf("%s is not clean: %q", what, s)
		}
	}
	line("MessageID", h.MessageID)
	line("Subject", h.Subject)
	line("ListID", h.ListID)
	line("InReplyTo", h.InReplyTo)
	for _, r := range h.References {
		line("References", r)
	}
	for _, list := range [][]Address{h.From, h.Sender, h.ReplyTo, h.To, h.Cc, h.Bcc} {
		for _, a := range list {
			line("Name", a.Name)
			line("Addr", a.Addr)
			line("Raw", a.Raw)
			if a.Display() == "" {
				t.Errorf("an address shows nothing: %+v", a)
			}
		}
	}
	if len(h.References) > maxReferences {
		t.Errorf("%d references", len(h.References))
	}
	if !h.Date.IsZero() && (h.Date.Year() < 1899 || h.Date.Year() > 10000) {
		t.Errorf("date %v", h.Date)
	}
}

func FuzzHeader(f *testing.F) {
	f.Add(crlf(wholeHeader))
	f.Add([]byte("From: =?utf-8?b?/v7+?= <a@b>\nTo: x:;,\"(\\\n\tb\n"))
	f.Add([]byte("Date: 1 Jan 1 1:1 +9\nSubject: =?utf-7?b?+2AA-?=\r\r\n\r\n"))
	f.Fuzz(func(t *testing.T, raw []byte) {
		h := ParseHeader(raw)
		checkHeader(t, &h)
		for _, list := range [][]Address{h.From, h.To} {
			again := ParseAddresses(FormatAddresses(list))
			for i, a := range list {
				if len(list) == len(again) && a.Addr != "" && again[i].Addr != a.Addr {
					t.Errorf("%+v is stored as %+v", a, again[i])
				}
			}
		}
	})
}

func FuzzWords(f *testing.F) {
	f.Add([]byte("=?utf-8?q?a=C3?= =?utf-8?q?=A9?= =?iso-2022-jp?b?GyRCRURDZhsoQg==?="), "gbk")
	f.Add([]byte("=?utf-7?q?+2D0-+AGE?= \xff =?utf-16?b?/v8?="), "iso-2022-kr")
	f.Add([]byte("=?hz-gb-2312?q?~{;;?="), "utf-16")
	f.Fuzz(func(t *testing.T, value []byte, charset string) {
		for _, s := range []string{decodeWords(value, charset), toUTF8(value, charset)} {
			if !utf8.ValidString(s) {
				t.Errorf("not UTF-8: %q", s)
			}
			for _, clean := range []string{cleanLine(s), cleanName(s)} {
				if strings.ContainsFunc(clean, isControl) || strings.ContainsFunc(clean, isDirectional) {
					t.Errorf("not clean: %q", clean)
				}
			}
			if name := FileName(s); name != FileName(name) || strings.ContainsAny(name, "/\\:\x00") || len(name) > maxFileName {
				t.Errorf("file name %q", name)
			}
			if clean := cleanName(s); encodeText(clean) != "" && decodeWords([]byte(encodeText(clean)), "") != clean {
				t.Errorf("%q was read back as %q", clean, decodeWords([]byte(encodeText(clean)), ""))
			}
		}
	})
}
