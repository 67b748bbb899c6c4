package fakeimap

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
)

func TestArguments(t *testing.T) {
	for in, want := range map[string]string{
		`a "b \"c\" d" (e (f) ())`:                      `[a "b \"c\" d" (e (f) ())]`,
		`1:* (BODY.PEEK[HEADER.FIELDS (A B)]<0.5> UID)`: `[1:* (BODY.PEEK[HEADER.FIELDS (A B)]<0.5> UID)]`,
		`[Gmail]/All`: `[[Gmail]/All]`,
		`(a`:          "error", `a)`: "error", `"a`: "error", `{3}`: "error",
		strings.Repeat("(", 60) + strings.Repeat(")", 60): "error",
	} {
		got, err := arguments([]string{in}, nil)
		text := show(got)
		if err != nil {
			text = "error"
		}
		if text != want {
			t.Errorf("%s = %s, want %s", in, text, want)
		}
	}
	got, err := arguments([]string{"a {3}", " b"}, []string{"x\"y"})
	if err != nil || show(got) != `[a "x\"y" b]` {
		t.Errorf("literal: %s, %v", show(got), err)
	}
}

func show(values []value) string {
	var all []string
	for _, v := range values {
		switch {
		case v.isList:
			inner := show(v.list)
			all = append(all, "("+inner[1:len(inner)-1]+")")
		case v.quoted:
			all = append(all, fmt.Sprintf("%q", v.text))
		default:
			all = append(all, v.text)
		}
	}
	return "[" + strings.Join(all, " ") + "]"
}

func TestNamesTravelThereAndBack(t *testing.T) {
	for name, wire := range map[string]string{
		"INBOX": "INBOX", "R&D": "R&-D", "Entwürfe": "Entw&APw-rfe", "日本語": "&ZeVnLIqe-", "😀": "&2D3eAA-",
	} {
		if got := encodeName(name); got != wire {
			t.Errorf("%q travels as %q, want %q", name, got, wire)
		}
		if got, ok := decodeName(wire); !ok || got != name {
			t.Errorf("%q arrives as %q", wire, got)
		}
	}
	for _, bad := range []string{"&", "&AAA", "&A-", "&AA-", "&=-"} {
		if got, ok := decodeName(bad); ok {
			t.Errorf("%q arrives as %q", bad, got)
		}
	}
}

func TestPartNumbers(t *testing.T) {
	inner := "Subject: inner\r\nContent-Type: multipart/alternative; boundary=i\r\n\r\n" +
		"--i\r\n\r\nplain\r\n--i\r\nContent-Type: text/html\r\n\r\n<b>\r\n--i--\r\n"
	raw := []byte("Content-Type: multipart/mixed; boundary=\"o o\"\r\n\r\n--o o\r\n\r\nfirst\r\n" +
		"--o o\r\nContent-Type: message/rfc822\r\n\r\n" + inner + "\r\n--o o--\r\nepilogue")
	single := []byte("Subject: single\r\n\r\nbody")
	for _, c := range []struct {
		raw        []byte
		item, want string
	}{
		{raw, "BODY[1]", "first"},
		{raw, "BODY[2]", inner},
		{raw, "BODY[2.HEADER]", inner[:strings.Index(inner, "--i")]},
		{raw, "BODY[2.HEADER.FIELDS (subject)]", "Subject: inner\r\n\r\n"},
		{raw, "BODY[2.MIME]", "Content-Type: message/rfc822\r\n\r\n"},
		{raw, "BODY[2.1]", "plain"},
		{raw, "BODY[2.2]", "<b>"},
		{raw, "BODY[2.2]<1.1>", "b"},
		{raw, "BODY[3]", "NIL"}, {raw, "BODY[1.1]", "NIL"}, {raw, "BODY[1.HEADER]", "NIL"}, {raw, "BODY[0]", "NIL"},
		{single, "BODY[1]", "body"}, {single, "BODY[1.1]", "NIL"}, {single, "BODY[2]", "NIL"},
		{single, "BODY[TEXT]<2.99>", "dy"}, {single, "BODY[TEXT]<9.9>", ""},
		{single, "BODY[HEADER.FIELDS.NOT (X)]", "Subject: single\r\n\r\n"},
	} {
		s, ok := parseSection(c.item)
		if !ok {
			t.Errorf("%s is not understood", c.item)
			continue
		}
		got, ok := s.of(c.raw, parseMail(c.raw))
		if text := string(got); ok && text != c.want || !ok && c.want != "NIL" {
			t.Errorf("%s = %q, want %q", c.item, got, c.want)
		}
	}
	for _, bad := range []string{"BODY[", "BODY[X]", "BODY[MIME]", "BODY[]<0>", "BODY[]<-1.5>", "BODY[1", "BODY[HEADER.FIELDS]"} {
		if _, ok := parseSection(bad); ok {
			t.Errorf("%s is understood", bad)
		}
	}
}

func FuzzArguments(f *testing.F) {
	f.Add(`a "b" (c BODY[HEADER.FIELDS (A)]<1.2>)`)
	f.Add(`{3}`)
	f.Fuzz(func(t *testing.T, line string) {
		if values, err := arguments([]string{line}, nil); err == nil {
			for _, v := range values {
				parseSection(v.text)
				numberSet(v.text, 7)
				decodeName(v.text)
			}
		}
	})
}

func FuzzMail(f *testing.F) {
	f.Add([]byte("Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nx\r\n--b--\r\n"), "BODY[1.MIME]<0.3>")
	f.Add([]byte("A: b\n c\n\n\n"), "BODY[HEADER.FIELDS (A)]")
	f.Fuzz(func(t *testing.T, raw []byte, item string) {
		mail := parseMail(raw)
		mail.structure(true)
		envelope(mail.header)
		if !bytes.Equal(append(append([]byte(nil), mail.header...), mail.body...), raw) {
			t.Errorf("header and body are not the mail")
		}
		if s, ok := parseSection(item); ok {
			s.of(raw, mail)
		}
	})
}
