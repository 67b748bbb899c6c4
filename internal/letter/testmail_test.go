package letter_test

import (
	"bytes"
	"io"
	"runtime"
	"strings"
	"testing"
	"time"

	"paquebot.app/internal/letter"
	"paquebot.app/internal/testmail"
)

func TestHostileMail(t *testing.T) {
	for _, h := range testmail.Crafted() {
		l := everything(t, h.Name, h.Raw)
		if strings.HasPrefix(h.Name, "name-") && len(l.Attachments()) != 1 {
			t.Errorf("%s: %d attachments", h.Name, len(l.Attachments()))
		}
		// The hashes are those of the header alone, with any line ends.
		header := letter.ParseHeader(h.Raw)
		if header.HeaderHash != l.Header.HeaderHash || header.FieldsHash != l.Header.FieldsHash {
			t.Errorf("%s: the hashes depend on who reads", h.Name)
		}
		if lf := letter.ParseHeader(bytes.ReplaceAll(h.Raw, []byte("\r\n"), []byte("\n"))); lf.HeaderHash != header.HeaderHash {
			t.Errorf("%s: the HeaderHash depends on the line ends", h.Name)
		}
	}
}

func TestHostileTexts(t *testing.T) {
	want := map[string]string{
		"bare-lf": "one\ntwo\nthree", "bare-cr": "one\ntwo\n\n\nthree", "nul": "beforeafter", "no-end": "no newline at the end",
		"body-only": "there is no header at all\nand no colon", "8bit-header": "café", "utf8-header": "港",
		"broken-qp": "é=ZZé end", "bad-charset": "café", "utf-7": "hi   +", "never-closed": "text",
		"no-boundary": "--x\n\ntext\n--x--", "script": "click\n\ntext stays", "unclosed-html": "inside",
	}
	for _, h := range testmail.Crafted() {
		w, ok := want[h.Name]
		if !ok {
			continue
		}
		if got := letter.Parse(h.Raw).Text(); strings.TrimRight(got, "\n") != w {
			t.Errorf("%s: %q, want %q", h.Name, got, w)
		}
	}
}

func TestHostileHeaders(t *testing.T) {
	for _, h := range testmail.Crafted() {
		header := letter.ParseHeader(h.Raw)
		switch h.Name {
		case "two-froms", "from-liar", "no-header", "empty":
			if !header.Doubtful {
				t.Errorf("%s is not doubted", h.Name)
			}
		case "8bit-header":
			if header.Subject != "café “x”" || header.From[0].Name != "André" {
				t.Errorf("%s: %q %v", h.Name, header.Subject, header.From)
			}
		case "odd-id":
			if strings.Join(header.References, " ") != "ok@crafted.example" || header.InReplyTo != "" {
				t.Errorf("%s: %q %q", h.Name, header.References, header.InReplyTo)
			}
		case "many-references":
			if len(header.References) != 20 || !strings.HasPrefix(header.References[19], "2999.") {
				t.Errorf("%s: %q", h.Name, header.References)
			}
		case "odd-date":
			if !header.Date.IsZero() {
				t.Errorf("%s: %v", h.Name, header.Date)
			}
		}
	}
}

func TestGeneratedMail(t *testing.T) {
	o := testmail.Options{N: 200, Seed: 3, Attachments: 0.3, Threads: 0.5, Charsets: true, HTML: 0.4}
	for i, m := range testmail.Generate(o) {
		l := letter.Parse(m.Raw)
		h := &l.Header
		if h.Doubtful || len(h.To) != 1 || h.To[0].Addr != "robin@example.org" || h.Date.IsZero() || h.MessageID == "" || h.Subject == "" {
			t.Errorf("mail %d: %+v", i, h)
		}
		for _, s := range []string{h.Subject, h.From[0].Name, l.Text()} {
			if strings.Contains(s, "\uFFFD") || strings.Contains(s, "=?") {
				t.Errorf("mail %d: %.100q", i, s)
			}
		}
		if len(l.Text()) < 20 || l.Preview(40) == "" {
			t.Errorf("mail %d: text %q", i, l.Text())
		}
	}
}

func TestDemoMail(t *testing.T) {
	for _, a := range testmail.Demo(time.Date(2026, 3, 3, 11, 0, 0, 0, time.UTC)) {
		for _, m := range a.Mails {
			l := everything(t, "demo", m.Raw)
			if l.Header.Doubtful || l.Header.Subject == "" || len(l.Document().Blocks) == 0 && m.Folder != "Drafts" {
				t.Errorf("%v %q is not as it should be", l.Header.From, l.Header.Subject)
			}
			if p := l.Inline("logo"); p == nil && strings.Contains(l.HTML(), "cid:logo") {
				t.Errorf("%q has no logo", l.Header.Subject)
			}
		}
	}
}

// bigMail is a mail with one attachment of any size that is never in memory.
type bigMail struct {
	head, tail string
	line       string
	lines      int64
}

func (b *bigMail) size() int64 {
	return int64(len(b.head)) + b.lines*int64(len(b.line)) + int64(len(b.tail))
}

func (b *bigMail) ReadAt(p []byte, off int64) (n int, err error) {
	for n < len(p) && off < b.size() {
		at := off - int64(len(b.head))
		var c int
		switch {
		case at < 0:
			c = copy(p[n:], b.head[off:])
		case at < b.lines*int64(len(b.line)):
			c = copy(p[n:], b.line[at%int64(len(b.line)):])
		default:
			c = copy(p[n:], b.tail[at-b.lines*int64(len(b.line)):])
		}
		n += c
		off += int64(c)
	}
	if n < len(p) {
		return n, io.EOF
	}
	return n, nil
}

func newBigMail(megabytes int64) *bigMail {
	line := strings.Repeat("QUJD", 19) + "\r\n"
	return &bigMail{
		head: "Subject: big\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nsmall text\r\n--b\r\n" +
			"Content-Type: application/zip\r\nContent-Disposition: attachment; filename=big.zip\r\nContent-Transfer-Encoding: base64\r\n\r\n",
		line: line, lines: megabytes << 20 / int64(len(line)), tail: "--b--\r\n",
	}
}

// A mail is read through a window: what is allocated does not grow with it.
func TestBigMailIsNotHeldInMemory(t *testing.T) {
	m := newBigMail(38)
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	l := letter.Index(m, m.size())
	n, err := io.Copy(io.Discard, l.Open(l.Attachments()[0]))
	text, preview := l.Text(), l.Preview(20)
	runtime.ReadMemStats(&after)
	if err != nil || n != m.lines*57 || text != "small text" || preview != text || l.Attachments()[0].Name != "big.zip" {
		t.Errorf("read %d bytes of %d, text %q: %v", n, m.lines*57, text, err)
	}
	if got := after.TotalAlloc - before.TotalAlloc; got > 1<<20 {
		t.Errorf("reading a mail of 38 MB allocates %d bytes", got)
	}
}

func BenchmarkParseHeader(b *testing.B) {
	raw := testmail.At(testmail.Options{Seed: 1, Threads: 0.5}, 40).Raw
	header := raw[:bytes.Index(raw, []byte("\r\n\r\n"))+4]
	b.SetBytes(int64(len(header)))
	b.ReportAllocs()
	for b.Loop() {
		letter.ParseHeader(header)
	}
}

func BenchmarkIndexText(b *testing.B) {
	raw := testmail.At(testmail.Options{Seed: 1, HTML: 1}, 41).Raw
	b.SetBytes(int64(len(raw)))
	b.ReportAllocs()
	for b.Loop() {
		letter.Parse(raw).SearchText(64 << 10)
	}
}

func BenchmarkIndexBig(b *testing.B) {
	m := newBigMail(38)
	b.SetBytes(m.size())
	b.ReportAllocs()
	for b.Loop() {
		letter.Index(m, m.size())
	}
}
