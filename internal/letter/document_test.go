package letter

import (
	"fmt"
	"strings"
	"testing"
	"unicode/utf8"
)

// sketch writes a document so that a test can read it.
func sketch(d *Document) string {
	var s strings.Builder
	for i := range d.Blocks {
		b := &d.Blocks[i]
		s.WriteString(strings.Repeat(">", b.Quote))
		switch b.Kind {
		case Heading:
			fmt.Fprintf(&s, "h%d ", b.Level)
		case Item:
			fmt.Fprintf(&s, "%s%d. ", strings.Repeat("-", b.Level), b.Number)
		case Preformatted:
			s.WriteString("pre ")
		case Rule:
			s.WriteString("rule")
		case Signature:
			s.WriteString("sig ")
		}
		for _, r := range b.Runs {
			mark := ""
			for _, m := range []struct {
				on   bool
				mark string
			}{{r.Bold, "*"}, {r.Italic, "/"}, {r.Strike, "~"}, {r.Code, "`"}} {
				if m.on {
					mark += m.mark
				}
			}
			text := strings.ReplaceAll(r.Text, "\n", "⏎")
			if r.Image {
				text = "[" + text + "|" + r.ContentID + "]"
			}
			s.WriteString(mark + text + mark)
			if r.Link != "" {
				s.WriteString("(" + r.Link + ")")
			}
		}
		s.WriteString("\n")
	}
	return strings.TrimSuffix(s.String(), "\n")
}

func TestHTMLDocument(t *testing.T) {
	for in, want := range map[string]string{
		"<p>Hi <b>both</b>,<p>the <i>train</i>":                               "Hi *both*,\nthe /train/",
		"  a \n b<br>c<br><br>d<br>":                                          "a b⏎c⏎⏎d",
		"<h2>Title</h2>text":                                                  "h2 *Title*\ntext",
		"<ul><li>one<li><p>two</p><ul><li>deep</ul></ul>":                     "-0. one\n-0. two\n--0. deep",
		"<ol start=3><li>a</li><li>b</li></ol>":                               "-3. a\n-4. b",
		"a<blockquote>b<blockquote>c</blockquote></blockquote>d":              "a\n>b\n>>c\nd",
		"<pre>a\n  b\n</pre>c":                                                "pre a⏎  b\nc",
		"<a href='https://x.example/y'>link</a> end":                          "link(https://x.example/y) end",
		"<a href=' java\tscript:alert(1)'>no</a>":                             "no",
		"<a href='data:text/html,x'>no</a><a href='file:///etc/passwd'>n</a>": "non",
		"<a href='HTTP://x'>a</a><a href='mailto:a@b.c'>b</a>":                "a(HTTP://x)b(mailto:a@b.c)",
		"<script>alert('<p>x')</script><style>p{}</style>text":                "text",
		"<svg><text>no</text></svg>yes<iframe srcdoc='<p>no'>no</iframe>":     "yes",
		"<head><title>no</title></head><body>yes":                             "yes",
		"<form action=x>label <input value=no><textarea>no</textarea></form>": "label",
		"<div style='display:none'>no<p>no</p></div>yes":                      "yes",
		"<span style='font-size:0px'>no</span>yes<p hidden>no</p>":            "yes",
		"<td style='font-size:0'>no<p style='font-size:14px'>yes</p>no":       "yes",
		"<o:p style='display:none'>no</o:p>yes<x-y>too</x-y>":                 "yestoo",
		"<div style='max-height:0;overflow:hidden'>no</div>yes":               "yes",
		"<img src=cid:logo@x alt=Logo> <img src=http://t/p.gif width=1>x":     "[Logo|logo@x] x",
		"<img src=http://t/p.gif alt='A ship'>":                               "[A ship|]",
		"<table><tr><td>Fare<td>12 €<tr><td>Seat<td>4</table>after":           "Fare\u200312 €\nSeat\u20034\nafter",
		"<b>bold <p>still</p></b> not":                                        "*bold*\n*still*\nnot",
		"<span style='font-weight:700'>b<span style='font-weight:400'>n":      "*b*n",
		"a&nbsp;&nbsp;b &amp; c &#0; &#x202e;d":                               "a\u00a0\u00a0b & c \uFFFD d",
		"<p>&nbsp;</p><div></div>x<hr>y":                                      "x\nrule\ny",
		"x</p>y</b></nothing>z<":                                              "x\nyz<",
		"<!-- no --><![CDATA[no]]>x":                                          "x",
		"<td><a href=http://a.b>in</td></a>out":                               "in(http://a.b)out",
	} {
		if got := sketch(HTMLDocument(in)); got != want {
			t.Errorf("%s\n got %s\nwant %s", in, got, want)
		}
	}
	if d := HTMLDocument("<img src=http://a/b><img src=//c/d alt=x><img src=cid:e>"); d.Remote != 2 {
		t.Errorf("%d remote pictures", d.Remote)
	}
}

func TestHTMLStaysBounded(t *testing.T) {
	for name, html := range map[string]string{
		"unclosed": strings.Repeat("<b><i><font>", 100000),
		"deep":     strings.Repeat("<table><tr><td>x", 30000),
		"ends":     strings.Repeat("<div>", 300) + strings.Repeat("</b>", 300000),
		"blocks":   strings.Repeat("<p>x", 200000),
		"quotes":   strings.Repeat("<blockquote>x", 1000),
		"attrs":    "<p " + strings.Repeat("a=b ", 200000) + ">x",
		"cut tag":  "<p title=\"" + strings.Repeat("x", 3<<20),
		"lists":    strings.Repeat("<ul><li>x", 10000),
	} {
		if d := HTMLDocument(html); len(d.Blocks) > maxBlocks {
			t.Errorf("%s: %d blocks", name, len(d.Blocks))
		}
	}
}

func TestPlainDocument(t *testing.T) {
	for in, want := range map[string]string{
		"a\nb\n\nc":                       "a⏎b\nc",
		"> q1\n> > q2\n>> q3\nmine":       ">q1\n>>q2⏎q3\nmine",
		"text\n-- \nAmélie\n+351":         "text\nsig Amélie⏎+351",
		"see https://x.example/a(b), ok":  "see https://x.example/a(b)(https://x.example/a(b)), ok",
		"(www.x.example/p.)":              "(www.x.example/p(http://www.x.example/p).)",
		"write to jo@x.example.":          "write to jo@x.example(mailto:jo@x.example).",
		"javascript:alert(1) file:///etc": "javascript:alert(1) file:///etc",
		"http:// and https://":            "http:// and https://",
	} {
		if got := sketch(plainDocument(in, false, false)); got != want {
			t.Errorf("%q\n got %s\nwant %s", in, got, want)
		}
	}
}

func TestFlowed(t *testing.T) { // RFC 3676 §4
	for _, c := range []struct {
		in    string
		delSp bool
		want  string
	}{
		{"one \ntwo\nthree", false, "one two|three"},
		{"Donau \ndampf \nschiff", true, "Donaudampfschiff"},
		{" stuffed\n From\n >x", false, "stuffed|From|>x"},
		{"> a \n> b\n>> c \n> d \nmine", false, "> a b|>> c |> d |mine"},
		{"text \n-- \nname", false, "text |-- |name"},
		{"end ", false, "end "},
		{"", false, ""},
	} {
		var got []string
		for _, p := range unflow(c.in, c.delSp) {
			if p.depth > 0 {
				got = append(got, strings.Repeat(">", p.depth)+" "+p.text)
			} else {
				got = append(got, p.text)
			}
		}
		if s := strings.Join(got, "|"); s != c.want {
			t.Errorf("%q = %q, want %q", c.in, s, c.want)
		}
	}
}

func TestTextAndPreview(t *testing.T) {
	l := Parse(crlf(`
Subject: x
Content-Type: multipart/alternative; boundary=b

--b
Content-Type: text/plain

> old words

new words
--b
Content-Type: text/html

<style>p{color:red}</style><h1>Big</h1><ul><li>new<li>words</ul><blockquote>old</blockquote>
--b--
`))
	if got := l.Text(); got != "> old words\n\nnew words" {
		t.Errorf("Text = %q", got)
	}
	if got := sketch(l.Document()); got != "h1 *Big*\n-0. new\n-0. words\n>old" {
		t.Errorf("Document = %q", got)
	}
	if got := l.Document().String(); got != "Big\n\n• new\n• words\n\n> old" {
		t.Errorf("Document as text = %q", got)
	}
	if got := l.Preview(100); got != "new words" {
		t.Errorf("Preview = %q", got)
	}
	if got := l.Preview(5); got != "new w" {
		t.Errorf("Preview(5) = %q", got)
	}
	if got := l.HTML(); !strings.HasPrefix(got, "<style>") {
		t.Errorf("HTML = %q", got)
	}
	empty := Parse(crlf(`
Content-Type: multipart/alternative; boundary=b

--b
Content-Type: text/plain

--b
Content-Type: text/html; charset=iso-8859-1

<p>caf` + "\xe9" + `
--b--
`))
	if got := empty.Text(); got != "café" {
		t.Errorf("with an empty plain text, Text = %q", got)
	}
}

func TestSearchTextReadsAttachedTexts(t *testing.T) {
	l := Parse(crlf(treeMail))
	got := l.SearchText(10000)
	for _, want := range []string{"café", "first", "text of two"} {
		if strings.Count(got, want) != 1 {
			t.Errorf("%q is not once in %q", want, got)
		}
	}
	if got := l.SearchText(7); len(got) > 7 || !utf8.ValidString(got) {
		t.Errorf("SearchText(7) = %q", got)
	}
}

func TestMisleading(t *testing.T) {
	for _, c := range []struct {
		text, link string
		want       bool
	}{
		{"https://bank.example/login", "https://bank.example.evil.example/", true},
		{"www.bank.example", "https://bank.example/x", false},
		{"Click here", "https://evil.example", false},
		{"bank.example@safe", "https://x", false},
		{"https://bank.example", "https://bank.example@evil.example/", true},
		{"boss@bank.example", "mailto:evil@x.example", true},
	} {
		if got := Misleading(c.text, c.link); got != c.want {
			t.Errorf("Misleading(%q, %q) = %v", c.text, c.link, got)
		}
	}
	if got := LinkHost("https://user@аррӏе.com/x"); got != "xn--80ak6aa92e.com" {
		t.Errorf("host %q", got)
	}
}

func TestMailto(t *testing.T) {
	d, ok := ParseMailto("MAILTO:a@b.example,c@d.example?subject=Hi%0d%0aBcc:x@y.example&body=one%0D%0Atwo+three&attach=/etc/passwd&bcc=e@f.example&from=z@z.example&In-Reply-To=%3Cq@x%3E")
	if !ok || FormatAddresses(d.To) != "a@b.example, c@d.example" || d.Subject != "Hi Bcc:x@y.example" && d.Subject != "Hi  Bcc:x@y.example" ||
		d.Text != "one\ntwo+three" || len(d.Attachments) != 0 || FormatAddresses(d.Bcc) != "e@f.example" || d.From != (Address{}) || d.InReplyTo != "q@x" {
		t.Errorf("%+v", d)
	}
	if _, ok := ParseMailto("http://x"); ok {
		t.Error("http is a mailto")
	}
}

func checkDocument(t *testing.T, d *Document) {
	t.Helper()
	if len(d.Blocks) > maxBlocks {
		t.Errorf("%d blocks", len(d.Blocks))
	}
	data := 0
	for i := range d.Blocks {
		b := &d.Blocks[i]
		for _, r := range b.Runs {
			if data += len(r.Data); r.Data != "" && (!r.Image || r.ContentID == "") {
				t.Errorf("picture %+v", r)
			}
		}
		if b.Quote > maxQuote || b.Kind != Rule && len(b.Runs) == 0 {
			t.Errorf("block %+v", b)
		}
		for _, r := range b.Runs {
			if !utf8.ValidString(r.Text) || strings.ContainsAny(r.Text, "\x00\r") {
				t.Errorf("text %q", r.Text)
			}
			if r.Link != "" && SafeLink(r.Link) != r.Link {
				t.Errorf("link %q", r.Link)
			}
		}
	}
	if data > maxData {
		t.Errorf("%d bytes of pictures", data)
	}
	if s := d.String(); !utf8.ValidString(s) {
		t.Errorf("text %q", s)
	}
}

func FuzzDocument(f *testing.F) {
	f.Add("<p>Hi <b>both</b>,<ul><li><a href=http://x>y</a><table><td>1<th>2</table><pre>\n</pre><img alt=x src=cid:y>")
	f.Add("<blockquote></p></div><hr hidden><svg></svg></a><a><a><ol start=99999999999>")
	f.Add("<img alt=x src='data:image/png;base64,iVBORw0KGgo='><img src=data:image/gif,GIF89a%01%00><img src=\"data:image/svg+xml,<svg/onload=x>\">")
	f.Add("<img src='DATA: image/PNG ;charset=x; base64 , iVBO\nRw0K====%3D'><img src='data:,'><img src='data:image/png'><img src='data:image/webp;base64,!!!!'>")
	f.Fuzz(func(t *testing.T, s string) { checkDocument(t, HTMLDocument(s)) })
}

func FuzzFlowed(f *testing.F) {
	f.Add("a \n> b \n>> c\n-- \n x\n", true)
	f.Fuzz(func(t *testing.T, s string, delSp bool) {
		d := plainDocument(cleanText(s), true, delSp)
		checkDocument(t, d)
		checkDocument(t, plainDocument(cleanText(s), false, false))
		// What we write flowed comes back as it was.
		var once []string
		for _, p := range unflow(flow(cleanText(s)), false) {
			once = append(once, p.String())
		}
		var twice []string
		for _, p := range unflow(flow(strings.Join(once, "\n")), false) {
			twice = append(twice, p.String())
		}
		if a, b := strings.TrimRight(strings.Join(once, "\n"), "\n"), strings.TrimRight(strings.Join(twice, "\n"), "\n"); a != b {
			t.Errorf("%q became %q", a, b)
		}
	})
}
