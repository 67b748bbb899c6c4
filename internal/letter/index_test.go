package letter

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"unicode/utf8"
)

const treeMail = `
From: a@b.example
Subject: tree
Content-Type: multipart/mixed; boundary=A

preamble
--A
Content-Type: multipart/alternative; boundary="B b"

--B b
Content-Type: text/plain; charset=iso-8859-1; format=flowed; delsp=yes
Content-Transfer-Encoding: quoted-printable

caf=E9
--B b
Content-Type: text/html; charset=utf-8

<p>café</p>
--B b--
--A
Content-Type: message/rfc822

Subject: inner one
Content-Type: multipart/mixed; boundary=C

--C

first
--C
Content-Type: application/pdf; name="=?utf-8?q?=C3=A9tude.pdf?="
Content-Transfer-Encoding: base64

JVBERi0xLjQ=
--C--
--A
Content-Type: message/rfc822

Subject: inner two

text of two
--A
Content-Type: image/png
Content-Disposition: attachment; filename*=utf-8''photo%20%F0%9F%9A%A2.png

x
--A--
epilogue
`

func TestIndexNumbersPartsAsIMAPDoes(t *testing.T) {
	raw := crlf(treeMail)
	l := Parse(raw)
	var got []string
	for i := range l.Parts {
		p := &l.Parts[i]
		got = append(got, fmt.Sprintf("%s %s %q", p.Section, p.Type, p.Name))
		if body := raw[p.BodyStart:p.End]; p.HeaderStart > p.BodyStart || bytes.HasSuffix(body, []byte("\r\n--A")) {
			t.Errorf("%s ends wrong", p.Section)
		}
	}
	want := []string{
		`TEXT multipart/mixed ""`,
		`1 multipart/alternative ""`,
		`1.1 text/plain ""`,
		`1.2 text/html ""`,
		`2 message/rfc822 "inner one.eml"`,
		`2.TEXT multipart/mixed ""`,
		`2.1 text/plain ""`,
		`2.2 application/pdf "étude.pdf"`,
		`3 message/rfc822 "inner two.eml"`,
		`3.1 text/plain ""`,
		`4 image/png "photo 🚢.png"`,
	}
	if strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("parts:\n%s\nwant:\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	read := func(section string) string {
		b, err := io.ReadAll(l.Open(l.Part(section)))
		if err != nil {
			t.Fatal(err)
		}
		return string(b)
	}
	for section, want := range map[string]string{
		"1.1": "caf\xe9", "1.2": "<p>café</p>", "2.1": "first", "2.2": "%PDF-1.4", "3.1": "text of two", "4": "x",
	} {
		if got := read(section); got != want {
			t.Errorf("%s = %q, want %q", section, got, want)
		}
	}
	if p := l.Part("1.1"); p.ContentType() != `text/plain; charset="iso-8859-1"; format=flowed; delsp=yes` {
		t.Errorf("ContentType = %s", p.ContentType())
	}
	names := ""
	for _, p := range l.Attachments() {
		names += p.Section + " "
	}
	if names != "2 3 4 " {
		t.Errorf("attachments %s", names)
	}
}

func TestIndexOfOneTextIsSectionOne(t *testing.T) {
	l := Parse([]byte("Subject: x\n\nhello"))
	if len(l.Parts) != 1 || l.Parts[0].Section != "1" || l.Parts[0].Type != "text/plain" || l.Header.Subject != "x" {
		t.Fatalf("%+v", l.Parts)
	}
}

func TestIndexTakesMailAsItComes(t *testing.T) {
	for name, c := range map[string]struct{ raw, want string }{
		"empty":                   {"", ""},
		"no header":               {"just a line\nand more", "just a line\nand more"},
		"header only":             {"Subject: x", ""},
		"no closing boundary":     {"Content-Type: multipart/mixed; boundary=x\n\n--x\n\nhello\n", "hello\n"},
		"no boundary":             {"Content-Type: multipart/mixed\n\nhello", "hello"},
		"part without header":     {"Content-Type: multipart/mixed; boundary=x\n\n--x\nhello\n--x--", "hello"},
		"blank at boundary's end": {"Content-Type: multipart/mixed; boundary=\" a \"\n\n-- a \n\nhello\n-- a --\n", "hello"},
		"boundary lookalike":      {"Content-Type: multipart/mixed; boundary=x\n\n--x\n\nhello\n--xy\n--x--", "hello\n--xy"},
		"inner not closed":        {"Content-Type: multipart/mixed; boundary=x\n\n--x\nContent-Type: multipart/mixed; boundary=y\n\n--y\n\nhello\n--x--", "hello"},
		"unknown encoding":        {"Content-Transfer-Encoding: x-strange\n\nhello", "hello"},
		"unpadded base64, no end": {"Content-Transfer-Encoding: base64\n\naGVsbG8", "hello"},
		"footer after base64":     {"Content-Transfer-Encoding: base64\n\naGVsbG8=\n-- \nlist footer", "hello"},
		"base64 in two blocks":    {"Content-Transfer-Encoding: base64\n\naGVs\nbG8=\naGVsbG8=\n", "hellohello"},
		"broken quoted-printable": {"Content-Transfer-Encoding: quoted-printable\n\nh=65llo= \n=XY = ", "hello=XY ="},
		"CR CR LF":                {"Subject: x\r\r\n\r\r\nhello", "hello"},
	} {
		l := Parse([]byte(c.raw))
		got := ""
		for i := range l.Parts {
			if p := &l.Parts[i]; !p.Multipart() {
				b, _ := io.ReadAll(l.Open(p))
				got += string(b)
			}
		}
		if got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}

func TestIndexStaysBounded(t *testing.T) {
	deep := strings.Repeat("Content-Type: multipart/mixed; boundary=b\n\n--b\n", 20000)
	embedded := strings.Repeat("Content-Type: message/rfc822\n\n", 40000)
	many := "Content-Type: multipart/mixed; boundary=b\n\n" + strings.Repeat("--b\n\nx\n", 100000)
	for name, raw := range map[string]string{"deep": deep, "embedded": embedded, "many": many} {
		l := Parse([]byte(raw))
		if len(l.Parts) > maxParts {
			t.Errorf("%s: %d parts", name, len(l.Parts))
		}
		if l.Truncated == (name == "embedded") {
			t.Errorf("%s: Truncated = %v", name, l.Truncated)
		}
	}
}

type brokenDisk struct{ io.ReaderAt }

var errDisk = errors.New("disk")

func (b brokenDisk) ReadAt(p []byte, off int64) (int, error) {
	if off > 0 {
		return 0, errDisk
	}
	n, _ := b.ReaderAt.ReadAt(p[:100], off)
	return n, errDisk
}

func TestIndexKeepsAReadError(t *testing.T) {
	raw := crlf(treeMail)
	l := Index(brokenDisk{bytes.NewReader(raw)}, int64(len(raw)))
	if !errors.Is(l.ReadError, errDisk) || l.Header.Subject != "tree" {
		t.Errorf("ReadError = %v, subject %q", l.ReadError, l.Header.Subject)
	}
}

func TestPartialLetter(t *testing.T) {
	raw := crlf(treeMail)
	whole := Parse(raw)
	var parts []Part
	for _, p := range whole.Parts { // as a database gives them back
		q := Part{Section: p.Section, Name: p.Name, Encoding: p.Encoding, Disposition: p.Disposition, Size: p.Size}
		q.SetContentType(p.ContentType())
		parts = append(parts, q)
	}
	l := Partial(raw[:headerEnd(raw)], parts, func(section string) io.Reader {
		if section != "1.1" {
			return nil
		}
		return whole.Raw(whole.Part(section))
	})
	for i := range l.Parts {
		if l.Parts[i].Parent != whole.Parts[i].Parent {
			t.Errorf("%s: parent %d, want %d", l.Parts[i].Section, l.Parts[i].Parent, whole.Parts[i].Parent)
		}
	}
	if l.Part("1.1").Absent || !l.Part("1.2").Absent {
		t.Error("Absent is wrong")
	}
	if b := l.Body(); len(b) != 1 || b[0].Section != "1.1" {
		t.Errorf("the body is not the part at hand: %v", b)
	}
	if got := len(l.Attachments()); got != 3 {
		t.Errorf("%d attachments", got)
	}
}

func TestFileNames(t *testing.T) {
	for in, want := range map[string]string{
		"report.pdf":                   "report.pdf",
		"../../etc/passwd":             "passwd",
		`C:\Windows\system32\evil.dll`: "evil.dll",
		"/absolute/x.txt":              "x.txt",
		"photo\u202egnp.exe":           "photognp.exe",
		"a\x00b\r\nc.txt":              "ab c.txt",
		"..":                           "",
		"...":                          "",
		".bashrc":                      "bashrc",
		"-rf.txt":                      "rf.txt",
		"CON":                          "_CON",
		"com1.txt":                     "_com1.txt",
		"nul .tar.gz":                  "_nul .tar.gz",
		"comedy.txt":                   "comedy.txt",
		"a<b>:c|d?.txt":                "a_b__c_d_.txt",
		"invoice.pdf           .exe":   "invoice.pdf .exe",
		"trailing. . .":                "trailing",
		"日本語.pdf":                      "日本語.pdf",
	} {
		if got := FileName(in); got != want {
			t.Errorf("FileName(%q) = %q, want %q", in, got, want)
		}
	}
	long := FileName(strings.Repeat("é", 400) + ".docx")
	if len(long) > maxFileName || !strings.HasSuffix(long, "….docx") {
		t.Errorf("a long name is %d bytes: %s", len(long), long)
	}
}

func checkLetter(t *testing.T, raw []byte, l *Letter) {
	t.Helper()
	checkHeader(t, &l.Header)
	if len(l.Parts) == 0 || len(l.Parts) > maxParts {
		t.Fatalf("%d parts", len(l.Parts))
	}
	names := map[string]bool{}
	for i := range l.Parts {
		p := &l.Parts[i]
		if p.HeaderStart < 0 || p.HeaderStart > p.BodyStart && p.BodyStart != 0 || p.BodyStart > p.End || p.End > int64(len(raw)) {
			t.Errorf("%s: offsets %d %d %d of %d", p.Section, p.HeaderStart, p.BodyStart, p.End, len(raw))
		}
		if p.Parent >= i {
			t.Errorf("%s: parent %d of %d", p.Section, p.Parent, i)
		}
		if p.Name != "" && (FileName(p.Name) != p.Name || names[strings.ToLower(p.Name)]) {
			t.Errorf("name %q can not be saved or stands there twice", p.Name)
		}
		names[strings.ToLower(p.Name)] = true
	}
	for _, p := range l.Attachments() {
		if p.Name == "" {
			t.Errorf("attachment %s has no name", p.Section)
		}
		if _, err := io.Copy(io.Discard, l.Open(p)); err != nil {
			t.Errorf("%s: %v", p.Section, err)
		}
	}
}

func FuzzIndex(f *testing.F) {
	f.Add(crlf(treeMail))
	f.Add([]byte("Content-Type: multipart/mixed; boundary=\"\r\n\r\n--\r\n--\r\n"))
	f.Add([]byte("Content-Type: multipart/digest; boundary=x\n\n--x\n\n\n--x\nContent-Type: multipart/mixed; boundary=x\n\n--x--\n--x--"))
	f.Fuzz(func(t *testing.T, raw []byte) {
		l := Parse(raw)
		checkLetter(t, raw, l)
		checkDocument(t, l.Document())
		for _, s := range []string{l.Text(), l.SearchText(1000), l.Preview(50), l.HTML()} {
			if !utf8.ValidString(s) || strings.IndexByte(s, 0) >= 0 {
				t.Errorf("not text: %q", s)
			}
		}
		d := whole(t, FromLetter, l)
		d.From, d.To, d.Cc, d.Bcc, d.ReplyTo = Address{}, nil, nil, nil, nil
		written(t, d)
	})
}
