package letter

import (
	"bytes"
	"errors"
	"io"
	"strings"
	"testing"
)

// sentAs writes a letter that was given and fails unless it can go out.
func sentAs(t *testing.T, g *Given) string {
	t.Helper()
	var b bytes.Buffer
	if err := g.Write(&b); err != nil {
		t.Fatal(err)
	}
	if err := fitToGoOut(b.Bytes()); err != nil {
		t.Fatalf("%v\n%q", err, b.Bytes())
	}
	return b.String()
}

// fitToGoOut tells why a letter cannot go over any wire.
func fitToGoOut(raw []byte) error {
	header := headerEnd(raw)
	if !sevenBits(raw[header:]) {
		return errors.New("the body is not of seven bits")
	}
	for line := range bytes.SplitSeq(raw[:header], []byte("\r\n")) {
		if len(line) > lineLimit || bytes.ContainsAny(line, "\r\n\x00") {
			return errors.New("the header has a line that cannot go out")
		}
	}
	if bytes.Count(raw, []byte("\n")) != bytes.Count(raw, []byte("\r\n")) {
		return errors.New("a line does not end by CRLF")
	}
	return nil
}

func TestWhatWasGivenStays(t *testing.T) {
	const given = "Return-Path: <x@y.example>\nFrom: \"Cron, the\" <cron@example.org> (daemon)\nTo: Friends: bo@example.org,\n\tcy@example.org;\n" +
		"Message-ID: <given@example.org>\nDate: Sat, 14 Mar 2026 10:42:00 +0100\nIn-Reply-To: <a@b>\nReferences: <r@b> <a@b>\nX-Job:  nightly \nList-Id: <l.example.org>\n" +
		"Subject: done\nMIME-Version: 1.0\nContent-Type: multipart/alternative; boundary=\"b\"\nBcc: hidden@example.org\n\n" +
		"--b\nContent-Type: text/plain\n\nfixed   columns\n 1   2\n--b\nContent-Type: text/html\n\n<b>fixed</b>\n--b--\n"
	g := ReadGiven([]byte(given))
	if r, err := g.Recipients(); err != nil || strings.Join(r, " ") != "bo@example.org cy@example.org hidden@example.org" || g.MessageID != "given@example.org" {
		t.Errorf("to %v, %v; id %q", r, err, g.MessageID)
	}
	want := strings.Replace(given, "Return-Path: <x@y.example>\n", "", 1)
	want = strings.Replace(want, "MIME-Version: 1.0\nContent-Type: multipart/alternative; boundary=\"b\"\nBcc: hidden@example.org\n",
		"Bcc: hidden@example.org\nMIME-Version: 1.0\nContent-Type: multipart/alternative; boundary=\"b\"\n", 1)
	if got := sentAs(t, g); got != strings.ReplaceAll(want, "\n", "\r\n") {
		t.Errorf("%s", got)
	}
}

func TestGivenAddressesOfAllFields(t *testing.T) {
	g := ReadGiven([]byte("To: a@example.org\nTo: b@example.org\nCc: c@example.org\nBCC: d@example.org\nbcc: e@example.org\nSubject: x\n\ntext\n"))
	if r, err := g.Recipients(); err != nil || strings.Join(r, " ") != "a@example.org b@example.org c@example.org d@example.org e@example.org" {
		t.Errorf("%v, %v", r, err)
	}
	got := sentAs(t, g)
	for _, field := range []string{"To: a@example.org, b@example.org\r\n", "Cc: c@example.org\r\n", "Bcc: d@example.org, e@example.org\r\n"} {
		if strings.Count(got, field) != 1 {
			t.Errorf("no %q in\n%s", field, got)
		}
	}
	if to := ParseHeader([]byte(got)).To; len(to) != 2 {
		t.Errorf("To %v", to)
	}
}

func TestFieldsThatStandTwiceGoOutOnce(t *testing.T) {
	got := sentAs(t, ReadGiven([]byte("Subject: first\nSubject: second\nMessage-ID: broken id\nMessage-ID: <ok@example.org>\nDate: no date\nDate: Sat, 14 Mar 2026 10:42:00 +0100\nContent-Type: text/html\nContent-Type: multipart/mixed; boundary=b\nReceived: a\nReceived: b\n\n<p>\n")))
	if names := fieldNames([]byte(got)); names != "subject message-id date received received mime-version content-type" ||
		!strings.Contains(got, "Subject: first\r\n") || !strings.Contains(got, "Message-ID: <ok@example.org>\r\n") || !strings.Contains(got, "text/html") {
		t.Errorf("%s: %s", names, got)
	}
}

func TestGivenHeaderInjection(t *testing.T) {
	for name, given := range map[string]string{
		"bare CR": "To: bo@example.org\nSubject: a\rBcc: evil@example.org\n\ntext\n",
		"NUL":     "To: bo@example.org\nSubject: a\x00\n\ntext\n",
		"blank":   "To: bo@example.org\nSubject: a\n \nBcc: evil@example.org\n\ntext\n",
	} {
		g := ReadGiven([]byte(given))
		got := sentAs(t, g)
		recipients, _ := g.Recipients()
		if name != "blank" && (len(ParseHeader([]byte(got)).Bcc) > 0 || len(recipients) != 1) || strings.Count(got, "Subject") != 1 {
			t.Errorf("%s: to %v\n%q", name, recipients, got)
		}
	}
}

func TestGivenWithoutAHeader(t *testing.T) {
	for given, body := range map[string]string{
		"just words\nand more\n":            "just words\r\nand more\r\n",
		"Subject: x\nno field here\nmore\n": "no field here\r\nmore\r\n",
		"\nDear: all\n":                     "Dear: all\r\n",
		"":                                  "",
		"Grüße: an alle\n":                  "R3LDvMOfZTogYW4gYWxsZQ0K\r\n",
	} {
		if _, got, _ := strings.Cut(sentAs(t, ReadGiven([]byte(given))), "\r\n\r\n"); got != body {
			t.Errorf("%q became %q", given, got)
		}
	}
}

func TestWhatCannotGoOutIsEncoded(t *testing.T) {
	long := strings.Repeat("x", 3000)
	for name, c := range map[string]struct{ given, section, want, field string }{
		"UTF-8":        {"Subject: Grüße\n\nGrüße\n", "1", "Grüße\n", "Content-Type: text/plain; charset=utf-8"},
		"Latin-1":      {"Content-Type: text/plain; charset=iso-8859-1\nContent-Transfer-Encoding: 8bit\n\nGr\xfc\xdfe\n", "1", "Grüße\n", "charset=iso-8859-1"},
		"long line":    {"Subject: x\n\n" + long + "\n", "1", long + "\n", ""},
		"long base64":  {"Content-Type: text/plain\nContent-Transfer-Encoding: base64\n\n" + strings.Repeat("YWJj", 500) + "\n", "1", strings.Repeat("abc", 500), ""},
		"attachment":   {"Content-Type: multipart/mixed; boundary=b\nContent-Transfer-Encoding: 8bit\n\nprämble\n--b\n\nHello\n--b\nContent-Type: application/x; name=\"ü.bin\"\nContent-Disposition: attachment; filename=\"ü.bin\"\n\n\x00\xff\r\x01\n--b--\nend\n", "2", "\x00\xff\r\x01", "filename*=utf-8''%C3%BC.bin"},
		"in a message": {"Content-Type: message/rfc822\nContent-Transfer-Encoding: 8bit\n\nSubject: Grüße\nFrom: Jörg <j@example.org>\n\nGrüße\n", "1.1", "Grüße\n", "Subject: =?utf-8?"},
		"HTML":         {"Content-Type: text/html; charset=\"UTF-8\"\n\n<p>Grüße</p>\n", "1", "<p>Grüße</p>\n", "charset=\"UTF-8\""},
		"NUL":          {"Subject: x\n\na\x00b\n", "1", "a\x00b\n", ""},
	} {
		got := sentAs(t, ReadGiven([]byte(c.given)))
		if !strings.Contains(got, c.field) {
			t.Errorf("%s: no %q in\n%s", name, c.field, got)
		}
		l := Parse([]byte(got))
		p := l.Part(c.section)
		if p == nil {
			t.Errorf("%s: no part %s in\n%s", name, c.section, got)
			continue
		}
		var b []byte
		if strings.HasPrefix(p.Type, "text/") {
			b, _ = io.ReadAll(p.DecodeText(l.Raw(p)))
		} else {
			b, _ = io.ReadAll(l.Open(p))
		}
		if s := strings.ReplaceAll(string(b), "\r\n", "\n"); s != c.want {
			t.Errorf("%s: %.100q, want %.100q\n%s", name, s, c.want, got)
		}
		if again := sentAs(t, ReadGiven([]byte(got))); again != got {
			t.Errorf("%s: given once more it becomes\n%s", name, again)
		}
	}
}

func TestGivenThatCannotBeEncodedIsRefused(t *testing.T) {
	for _, given := range []string{
		"Content-Type: multipart/mixed; boundary=b\n\nno boundary, but ü\n",
		"Content-Type: multipart/mixed; boundary=\"ü\"\n\n--ü\n\ntext\n--ü--\n",
		"Content-Type: multipart/mixed; boundary=b\n\n" + strings.Repeat("--b\n\nü\n", maxParts+5) + "--b--\n",
	} {
		if err := ReadGiven([]byte(given)).Write(io.Discard); err == nil {
			t.Errorf("%.60q was written", given)
		}
	}
	var bad *AddressError
	if err := ReadGiven([]byte("To: nobody\n\ntext\n")).Write(io.Discard); !errors.As(err, &bad) {
		t.Errorf("an address that is none: %v", err)
	}
}

func TestFilesGoAlongWithWhatWasGiven(t *testing.T) {
	g := ReadGiven([]byte("To: bo@example.org\nContent-Type: text/html; charset=utf-8\n\n<p>Grüße</p>\n"))
	g.Attachments = []Attachment{file("a.bin", "\x00\x01")}
	l := Parse([]byte(sentAs(t, g)))
	if len(l.Parts) != 3 || l.Parts[0].Type != "multipart/mixed" || l.Parts[1].Type != "text/html" || l.HTML() != "<p>Grüße</p>\n" || len(l.Attachments()) != 1 || l.Attachments()[0].Name != "a.bin" {
		t.Errorf("%+v", l.Parts)
	}
}

func FuzzGiven(f *testing.F) {
	for _, s := range []string{"", "To: a@b.example\n\nx", "\xff", "A: \xff\n \xff\nTo: ö@b.example\n\n\xff\r\x00", "Content-Type: multipart/mixed; boundary=b\n\n--b\n\n\xff\n--b--\n\xff", "Content-Type: message/rfc822\n\nA: ü\n\nü"} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		g := ReadGiven(raw)
		var b bytes.Buffer
		if g.Write(&b) != nil {
			return
		}
		if err := fitToGoOut(b.Bytes()); err != nil {
			t.Fatalf("%v: %q gave %q", err, raw, b.Bytes())
		}
		for _, f := range []struct{ want, got []Address }{{g.To, ParseHeader(b.Bytes()).To}, {g.Bcc, ParseHeader(b.Bytes()).Bcc}} {
			if len(f.got) > len(f.want) {
				t.Errorf("%q gave %q: somebody was added", raw, b.Bytes())
			}
		}
	})
}
