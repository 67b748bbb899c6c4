package testmail

import (
	"fmt"
	"strings"
)

// Hostile is a mail that is wrong in one way.
type Hostile struct {
	Name string
	Raw  []byte
}

const plainHeader = "From: Ada Crane <ada@harbour.example>\r\nTo: robin@example.org\r\nSubject: %s\r\n" +
	"Date: Mon, 02 Mar 2026 10:00:00 +0000\r\nMessage-ID: <%s@crafted.example>\r\n"

// Crafted returns mails as bad as mail gets, each named after what is wrong
// with it. The same mails in the same order every time; "twice-1" and
// "twice-2" are byte for byte equal, "same-id-1" and "same-id-2" differ and
// share a Message-ID. All arrive byte-exact over POP and IMAP only if every
// program on the way is careful.
func Crafted() []Hostile {
	var out []Hostile
	add := func(name, raw string) { out = append(out, Hostile{name, []byte(raw)}) }
	mail := func(name, rest string) { add(name, fmt.Sprintf(plainHeader, name, name)+rest) }
	text := "MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n"

	mail("plain", "\r\nNothing is wrong here.\r\n")
	mail("bare-lf", "\r\none\ntwo\r\nthree\n")
	mail("bare-cr", "\r\none\rtwo\r\n\r\r\nthree\r\n")
	add("all-lf", strings.ReplaceAll(fmt.Sprintf(plainHeader, "all-lf", "all-lf")+"\r\nLF only\r\n", "\r\n", "\n"))
	mail("dots", "\r\n.\r\n..\r\n...\r\n.hidden\r\n. \r\nend.\r\n.")
	mail("dot-lf", "\r\nsmuggled\n.\nMAIL FROM:<evil@attacker.example>\n.\r\n")
	mail("nul", "X-Nul: a\x00b\r\n\r\nbefore\x00after\r\n")
	mail("no-end", "\r\nno newline at the end")
	add("header-only", "From: ada@harbour.example\r\nSubject: header only\r\n")
	add("body-only", "there is no header at all\r\nand no colon\r\n")
	add("empty", "")
	add("one-newline", "\r\n")
	add("8bit-header", "From: Andr\xe9 <andre@harbour.example>\r\nTo: robin@example.org\r\nSubject: caf\xe9 \x93x\x94\r\n"+
		"Message-ID: <8bit@crafted.example>\r\n\r\ncaf\xe9\r\n")
	add("utf8-header", "From: Zoë <zoe@harbour.example>\r\nTo: robin@example.org\r\nSubject: çà et là — 港\r\n"+
		"Message-ID: <utf8@crafted.example>\r\n\r\n港\r\n")
	mail("long-line", text+"\r\n"+strings.Repeat("word ", 40000)+"\r\n")
	add("long-header", "Subject: "+strings.Repeat("S", 100000)+"\r\nMessage-ID: <long-header@crafted.example>\r\n\r\nx\r\n")
	add("many-headers", strings.Repeat("X-Hop: one more\r\n", 5000)+fmt.Sprintf(plainHeader, "many", "many")+"\r\nx\r\n")
	add("header-junk", "\xef\xbb\xbfFrom ada Mon Mar  2 10:00:00 2026\r\n"+fmt.Sprintf(plainHeader, "junk", "junk")+
		"this line has no colon\r\nBad Name: x\r\n: no name\r\n continued\r\n\r\nx\r\n")
	add("same-id-1", fmt.Sprintf(plainHeader, "first of two", "same")+"\r\none\r\n")
	add("same-id-2", fmt.Sprintf(plainHeader, "second of two", "same")+"\r\ntwo\r\n")
	add("twice-1", fmt.Sprintf(plainHeader, "sent twice", "twice")+"\r\nthe same bytes\r\n")
	add("twice-2", fmt.Sprintf(plainHeader, "sent twice", "twice")+"\r\nthe same bytes\r\n")
	add("no-id", "From: ada@harbour.example\r\nTo: robin@example.org\r\nSubject: no Message-ID\r\n\r\nx\r\n")
	add("odd-id", "From: ada@harbour.example\r\nSubject: odd\r\nMessage-ID: <a b\"c\\>(d)@x> <second@y>\r\n"+
		"In-Reply-To: <x\r\n\t y>\r\nReferences: <ok@crafted.example> <bro ken> <\xff@x> ok2@x <ok3@x\r\n\r\nx\r\n")
	var refs strings.Builder
	for i := range 3000 {
		fmt.Fprintf(&refs, " <%d.%s@crafted.example>\r\n", i, strings.Repeat("r", 20))
	}
	mail("many-references", "References:"+refs.String()+"\r\nx\r\n")
	mail("injection", "X: y\r\nReply-To: =?utf-8?q?x=0D=0ABcc:_evil@attacker.example?= <ada@harbour.example>\r\n"+
		"Thread-Topic: =?utf-8?b?"+"eA0KQmNjOiBldmls"+"?=\r\n\r\nx\r\n")
	add("two-froms", "From: boss@bank.example\r\nFrom: evil@attacker.example\r\nSubject: two\r\nDate: 2 Mar 2026 10:00 +0000\r\n\r\nx\r\n")
	add("from-liar", "From: \"boss@bank.example\" <evil@attacker.example>\r\nSubject: liar\r\n\r\nx\r\n")
	add("odd-date", "From: ada@harbour.example\r\nSubject: odd date\r\nDate: Fri, 31 Feb 99999 25:61:61 +9999\r\n\r\nx\r\n")
	mail("broken-base64", text+"Content-Transfer-Encoding: base64\r\n\r\naGVs!!bG8\r\n=\r\n-- \r\nlist footer\r\n")
	mail("broken-qp", text+"Content-Transfer-Encoding: quoted-printable\r\n\r\n=C3=A9=ZZ=\r\n=E9 = \r\nend=")
	mail("bad-charset", "Content-Type: text/plain; charset=\"../../etc/passwd\"\r\n\r\ncaf\xe9\r\n")
	mail("utf-7", "Content-Type: text/plain; charset=utf-7\r\n\r\n+AGgAaQ- +AAA- +2D0- +-\r\n")
	mail("no-boundary", "Content-Type: multipart/mixed\r\n\r\n--x\r\n\r\ntext\r\n--x--\r\n")
	mail("never-closed", "Content-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\n\r\ntext\r\n--x\r\nContent-Type: application/pdf\r\n\r\n%PDF")
	mail("deep", "Content-Type: multipart/mixed; boundary=b\r\n\r\n"+
		strings.Repeat("--b\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n", 2000))
	mail("deep-messages", strings.Repeat("Content-Type: message/rfc822\r\n\r\n", 2000)+"Subject: inside\r\n\r\nx\r\n")
	mail("many-parts", "Content-Type: multipart/mixed; boundary=b\r\n\r\n"+strings.Repeat("--b\r\n\r\nx\r\n", 3000)+"--b--\r\n")
	for i, file := range []string{"../../../etc/cron.d/x", `C:\\boot.ini`, "report\u202efdp.exe", "CON.txt", ".bashrc", strings.Repeat("long", 200) + ".pdf", "a\tb\x00c.sh"} {
		mail(fmt.Sprintf("name-%d", i+1), "Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nsee\r\n--b\r\n"+
			"Content-Type: application/octet-stream; name=\""+file+"\"\r\nContent-Disposition: attachment; filename=\""+file+"\"\r\n\r\nx\r\n--b--\r\n")
	}
	mail("script", "Content-Type: text/html; charset=utf-8\r\n\r\n<script>alert(1)</script><img src=http://tracker.example/p.gif width=1>"+
		"<a href=\"javascript:alert(1)\">click</a><form action=http://evil.example><input name=p></form><iframe src=file:///etc/passwd></iframe>"+
		"<p style=\"background:url(http://tracker.example/b)\">text stays</p><div style=display:none>hidden</div>\r\n")
	mail("unclosed-html", "Content-Type: text/html\r\n\r\n"+strings.Repeat("<table><tr><td><b><i>", 5000)+"inside\r\n")
	mail("sql", text+"X-Q: ' OR 1=1; --\r\n\r\n\" OR NEAR( AND col: ^ * -x \"unclosed\r\n'; DROP TABLE messages; --\r\n%_\\\r\n")
	return out
}
