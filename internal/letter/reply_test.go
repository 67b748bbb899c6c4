package letter

import (
	"bytes"
	"io"
	"strings"
	"testing"
)

var me = []Address{{Name: "Me", Addr: "me@example.org"}, {Addr: "me@home.example"}}

const talk = `
Date: Sat, 14 Mar 2026 10:42:00 +0100
From: Amélie <amelie@fournier.example>
To: ME@example.org, Tom <tom@example.net>
Cc: me@home.example, Jo <jo@example.net>, tom@example.net
Subject: AW: Re: Lisbon
Message-ID: <3@x>
References: <1@x> <2@x>
In-Reply-To: <2@x>

Hi both,
> old
`

func TestReply(t *testing.T) {
	d := answered(t, Parse(crlf(talk)), false)
	if FormatAddresses(d.To) != "Amélie <amelie@fournier.example>" || len(d.Cc) != 0 || d.From != me[0] || d.Subject != "Re: Lisbon" ||
		d.InReplyTo != "3@x" || strings.Join(d.References, " ") != "1@x 2@x 3@x" || d.MessageID != "" {
		t.Errorf("%+v", d)
	}
	if want := "\n\nOn Sat, 14 March 2026 at 10:42, Amélie wrote:\n> Hi both,\n>> old\n"; d.Text != want {
		t.Errorf("text %q, want %q", d.Text, want)
	}
	all := answered(t, Parse(crlf(talk)), true)
	if FormatAddresses(all.To) != "Amélie <amelie@fournier.example>" || FormatAddresses(all.Cc) != "Tom <tom@example.net>, Jo <jo@example.net>" {
		t.Errorf("to all: %v %v", all.To, all.Cc)
	}
}

func TestReplyGoesWhereItShould(t *testing.T) {
	for name, c := range map[string]struct{ change, to, cc string }{
		"reply-to":  {"Reply-To: desk@x.example\n", "desk@x.example", "Tom <tom@example.net>, Jo <jo@example.net>"},
		"a list":    {"Reply-To: list@x.example\nList-Post: <mailto:list@x.example>\n", "list@x.example", "Tom <tom@example.net>, Jo <jo@example.net>"},
		"broken":    {"Message-ID: <a b\n\tc>\n", "Amélie <amelie@fournier.example>", "Tom <tom@example.net>, Jo <jo@example.net>"},
		"our own":   {"From: Me <me@example.org>\n", "Tom <tom@example.net>", "Jo <jo@example.net>"},
		"to myself": {"From: me@example.org\nTo: me@example.org\nCc: me@home.example\n", "me@example.org", ""},
	} {
		d := answered(t, Parse(append(crlf(c.change), crlf(talk)...)), true)
		if FormatAddresses(d.To) != c.to || FormatAddresses(d.Cc) != c.cc {
			t.Errorf("%s: to %q cc %q", name, FormatAddresses(d.To), FormatAddresses(d.Cc))
		}
		if name == "broken" && d.InReplyTo+strings.Join(d.References, "") != "" {
			t.Errorf("a malformed parent is repeated: %q %q", d.InReplyTo, d.References)
		}
	}
}

func TestReplyAddsNoField(t *testing.T) {
	raw := crlf(`
From: =?utf-8?b?YQ0KQmNjOiBldmlsQGF0dGFja2VyLmV4YW1wbGU=?= <a@b.example>
Subject: =?utf-8?q?x=0D=0ABcc:_evil@attacker.example?=
Message-ID: <a"b\>c>
References: <ok@x> <=?utf-8?q?x=0D=0AX:_y?=>

text`)
	for _, d := range []*Draft{answered(t, Parse(raw), true), forwarded(t, Parse(raw))} {
		var b bytes.Buffer
		if err := d.Write(&b); err != nil {
			t.Fatal(err)
		}
		for _, name := range strings.Fields(fieldNames(b.Bytes())) {
			if !strings.Contains(ourFields, name) || name == "bcc" {
				t.Errorf("the field %s was added", name)
			}
		}
	}
}

func TestForward(t *testing.T) {
	l := Parse(crlf(treeMail))
	d := forwarded(t, l)
	if d.Subject != "Fwd: tree" || len(d.To) != 0 || len(d.Attachments) != 3 || d.InReplyTo != "" {
		t.Errorf("%+v", d)
	}
	if !strings.Contains(d.Text, "From: a@b.example\nSubject: tree\n\ncafé") {
		t.Errorf("text %q", d.Text)
	}
	r, err := d.Attachments[1].Open()
	if err != nil {
		t.Fatal(err)
	}
	if b, _ := io.ReadAll(r); string(b) != "Subject: inner two\r\n\r\ntext of two" {
		t.Errorf("attachment %q", b)
	}
}

func TestSubjects(t *testing.T) {
	for in, want := range map[string]string{
		"x": "Re: x", "Re: x": "Re: x", "RE: AW: Re[2]: x": "Re: x", "回复：x": "Re: x", "Rest: x": "Re: Rest: x", "": "Re:", "Fwd: Re: x": "Re: x",
	} {
		if got := ReplySubject(in); got != want {
			t.Errorf("ReplySubject(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestDraftSurvivesBeingStored(t *testing.T) {
	d := fullDraft()
	d.Attachments = []Attachment{file("a.pdf", "%PDF"), file("été.txt", "text")}
	for range 3 {
		again := whole(t, FromLetter, Parse(written(t, d)))
		if again.Text != d.Text || again.Subject != d.Subject || FormatAddresses(again.Bcc) != FormatAddresses(d.Bcc) || len(again.Attachments) != 2 || again.Attachments[1].Name != "été.txt" {
			t.Fatalf("%+v", again)
		}
		d = again
	}
}

// whole makes a draft of a letter that is not too long for it.
func whole(t *testing.T, make func(*Letter) (*Draft, error), l *Letter) *Draft {
	t.Helper()
	d, err := make(l)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func answered(t *testing.T, l *Letter, all bool) *Draft {
	t.Helper()
	return whole(t, func(l *Letter) (*Draft, error) {
		return Reply(l, all, me[max(WrittenTo(&l.Header, me, Address{}), 0)], me)
	}, l)
}

func forwarded(t *testing.T, l *Letter) *Draft {
	t.Helper()
	return whole(t, func(l *Letter) (*Draft, error) { return Forward(l, me[0]) }, l)
}
