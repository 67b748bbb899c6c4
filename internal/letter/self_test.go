package letter

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
)

func TestWhomALetterWasWrittenTo(t *testing.T) {
	ours := ParseAddresses("ann@example.org, Ann Shop <shop@example.org>, ann+club@example.org, ann@home.example")
	for name, c := range map[string]struct {
		header string
		want   string
	}{
		"to":                            {"To: Shop@Example.ORG", "shop@example.org"},
		"cc":                            {"To: list@lists.example\nCc: x@y.example, shop@example.org", "shop@example.org"},
		"bcc of our own":                {"Bcc: shop@example.org", "shop@example.org"},
		"to before cc":                  {"Cc: shop@example.org\nTo: ann@home.example", "ann@home.example"},
		"delivered before to":           {"Delivered-To: shop@example.org\nTo: ann@home.example", "shop@example.org"},
		"the last delivery":             {"Delivered-To: shop@example.org\nReceived: by x\nDelivered-To: ann@home.example\nTo: l@x.example", "shop@example.org"},
		"delivered to elsewhere":        {"Delivered-To: mailing list l@x.example\nX-Original-To: shop@example.org\nTo: l@x.example", "shop@example.org"},
		"the mailbox, and an alias":     {"Delivered-To: ann@example.org\nX-Original-To: ann@example.org\nTo: shop@example.org", "shop@example.org"},
		"the mailbox, and a list":       {"Delivered-To: ann@example.org\nTo: l@x.example", "ann@example.org"},
		"a tag":                         {"To: shop+spring@example.org", "shop@example.org"},
		"a tag that is ours":            {"To: ann+club@example.org", "ann+club@example.org"},
		"as it stands before tags":      {"To: ann+x@example.org, shop@example.org", "shop@example.org"},
		"from us":                       {"From: shop@example.org\nTo: ann@home.example", "shop@example.org"},
		"nobody of us":                  {"To: +x@example.org, @example.org, shop@example.org.evil.example", ""},
		"in a group":                    {"To: all: x@y.example, shop@example.org;", "shop@example.org"},
		"a name that is no address":     {"To: \"shop@example.org\" <x@y.example>", ""},
		"an address in an encoded word": {"To: =?utf-8?q?shop=40example=2Eorg?=", ""},
	} {
		h := ParseHeader(crlf(c.header + "\n\n"))
		got := ""
		if i := WrittenTo(&h, ours, ours[0]); i >= 0 {
			got = ours[i].Addr
		}
		if got != c.want {
			t.Errorf("%s: %q, want %q (%+v)", name, got, c.want, h.DeliveredTo)
		}
	}
}

func TestAThousandDeliveriesAreNotKept(t *testing.T) {
	var b strings.Builder
	for i := range 100_000 {
		fmt.Fprintf(&b, "Delivered-To: u%d@example.org\r\n", i)
	}
	h := ParseHeader([]byte(b.String() + "\r\n"))
	if len(h.DeliveredTo) != mostDelivered || h.DeliveredTo[0].Addr != "u0@example.org" {
		t.Errorf("%v", h.DeliveredTo)
	}
}

// TestAnswersLeaveOutAllOfOurs: tags, capitals and identities of other accounts.
func TestAnswersLeaveOutAllOfOurs(t *testing.T) {
	ours := ParseAddresses("ann@example.org, shop@example.org")
	l := Parse(crlf("From: bo@y.example\nTo: ANN@example.org, shop+may@example.org, cy@y.example\nCc: shop@example.org, ann+x@EXAMPLE.org, dee@y.example\nSubject: x\n\nx\n"))
	d, err := Reply(l, true, ours[1], ours)
	if err != nil || FormatAddresses(d.To) != "bo@y.example" || FormatAddresses(d.Cc) != "cy@y.example, dee@y.example" || d.From != ours[1] {
		t.Errorf("%+v, %v", d, err)
	}
	own := Parse(crlf("From: shop@example.org\nReply-To: ann@example.org\nTo: bo@y.example\nSubject: x\n\nx\n"))
	if d, err = Reply(own, false, ours[1], ours); err != nil || FormatAddresses(d.To) != "bo@y.example" {
		t.Errorf("an answer to our own letter with Reply-To goes to %v, %v", d.To, err)
	}
}

func TestSign(t *testing.T) {
	for _, c := range []struct{ text, signature, want string }{
		{"Hello", "", "Hello"},
		{"Hello", " \n\n", "Hello"},
		{"Hello\n", "Ann\nLund", "Hello\n\n-- \nAnn\nLund\n"},
		{"Hello", "-- \nAnn", "Hello\n\n-- \nAnn\n"},
		{"Hello", "--\r\nAnn  \r\n\r\n", "Hello\n\n-- \nAnn\n"},
		{"Hello\n\n> old", "Ann", "Hello\n\n> old\n\n-- \nAnn\n"},
		{"", "Ann", "\n\n-- \nAnn\n"},
		{"a", "--", "a"},
		{"a", "Ann\x00\x1b[2J\n-- \nx", "a\n\n-- \nAnn[2J\n--\nx\n"},
	} {
		got := Sign(c.text, c.signature)
		if got != c.want {
			t.Errorf("Sign(%q, %q) = %q, want %q", c.text, c.signature, got, c.want)
		}
		back, ok := Unsign(got, c.signature)
		if signed := got != c.text; ok != signed || strings.TrimRight(back, "\n") != strings.TrimRight(c.text, "\n") {
			t.Errorf("Unsign(%q, %q) = %q, %v", got, c.signature, back, ok)
		}
		if again, ok := Unsign(got+"more", c.signature); ok {
			t.Errorf("what goes on below is cut: %q", again)
		}
	}
}

// TestASignatureSurvivesTheWire: the mark keeps its blank, and no line of the
// signature flows into another.
func TestASignatureSurvivesTheWire(t *testing.T) {
	const signature = "Ann Lund\nQuay 4 \nFrom Monday to Friday\n> not a quote"
	d := fullDraft()
	d.Attachments, d.Text = nil, Sign("Hello\n\n> old", signature)
	var b bytes.Buffer
	if err := d.Write(&b); err != nil {
		t.Fatal(err)
	}
	text := whole(t, FromLetter, Parse(b.Bytes())).Text
	if body, ok := Unsign(text, signature); !ok || body != "Hello\n\n> old" {
		t.Errorf("%q of %q", body, text)
	}
}
