package letter

import (
	"bytes"
	"strings"
	"testing"
)

// TestNamesOfFilesForOldReaders: the name stands in Content-Type, too, and both
// are read back as one; no name makes a field or a line that is too long.
func TestNamesOfFilesForOldReaders(t *testing.T) {
	for _, name := range []string{
		"a.pdf", "a b.pdf", "été à Lisbonne.pdf", `say "hi" \o.txt`, "x; name=evil.txt", "=?utf-8?q?x?=.txt", "名前.txt",
		strings.Repeat("long name ", 20) + ".txt", strings.Repeat("ü", 110) + ".txt", "semi;colon=1.txt", "tab\tname.txt",
	} {
		d := fullDraft()
		d.Attachments = []Attachment{file(name, "x")}
		var b bytes.Buffer
		if err := d.Write(&b); err != nil {
			t.Fatal(err)
		}
		raw := b.String()
		for line := range strings.Lines(raw) {
			if len(line) > 998 || !isASCII([]byte(line)) {
				t.Errorf("%q: line %.100q", name, line)
			}
		}
		want := FileName(name)
		if p := Parse(b.Bytes()).Attachments(); len(p) != 1 || p[0].Name != want {
			t.Errorf("%q read back as %+v", name, p)
		}
		old := raw[strings.LastIndex(raw, "Content-Type:"):]
		at := strings.Index(old, "Content-Disposition:")
		old = old[:at] + "Content-Disposition: attachment\r\n\r\n" + old[strings.Index(old, "\r\n\r\n")+4:]
		if p := Parse([]byte("MIME-Version: 1.0\r\n" + old)).Attachments(); len(p) != 1 || p[0].Name != want {
			t.Errorf("%q read by Content-Type as %+v\n%s", name, p, old)
		}
	}
}
