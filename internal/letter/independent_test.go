package letter_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode"

	"paquebot.app/internal/letter"
	"paquebot.app/internal/realserver"
	"paquebot.app/internal/testmail"
)

// reader reads letters with Python's email package and prints what they say,
// one line of JSON each.
const reader = `
import sys, os, json, hashlib, threading
from email import policy
from email.parser import BytesParser

def unflow(text):
    out, current, depth = [], None, 0
    for line in text.replace('\r\n', '\n').split('\n'):
        d = len(line) - len(line.lstrip('>'))
        l = line[d:]
        if l.startswith(' '): l = l[1:]
        if current is not None and (d != depth or l == '-- '):
            out.append((depth, current)); current = None
        current, depth = (current or '') + l, d
        if not l.endswith(' ') or l == '-- ':
            out.append((depth, current)); current = None
    if current is not None: out.append((depth, current))
    return '\n'.join('>' * d + l for d, l in out)

def digest(part):
    if part.is_multipart(): return '' # a message, which is not encoded
    return hashlib.sha256(part.get_payload(decode=True)).hexdigest()

def own(m): # the parts of the letter, not those of letters inside it
    yield m
    if m.is_multipart() and m.get_content_maintype() != 'message':
        for p in m.iter_parts(): yield from own(p)

def read():
    for name in sorted(os.listdir(sys.argv[1])):
        with open(os.path.join(sys.argv[1], name), 'rb') as f:
            m = BytesParser(policy=policy.default).parse(f)
        plain, html = m.get_body(('plain',)), m.get_body(('html',))
        inline = [[p['Content-ID'].strip(), digest(p)] for p in own(m) if p['Content-ID']]
        files = [[p.get_filename(), digest(p)] for p in m.iter_attachments()] if m.get_content_type() == 'multipart/mixed' else []
        print(json.dumps({'name': name, 'subject': m['subject'], 'text': unflow(plain.get_content()),
            'html': html.get_content() if html else '', 'inline': inline, 'files': files,
            'defects': [p.get_content_type() + ' ' + type(d).__name__ for p in own(m) for d in p.defects]}))
    done.append(True)

done = []

sys.setrecursionlimit(100000) # mails within mails within mails
threading.stack_size(512 << 20)
t = threading.Thread(target=read)
t.start()
t.join()
sys.exit(0 if done else 1)
`

// said is what the reader prints of a letter.
type said struct {
	Name, Subject, Text, HTML string
	Inline, Files             [][2]string
	Defects                   []string
}

// TestAnotherParserReadsTheSame: answers to mail of all kinds, and letters that
// pass it on, say to an independent parser what they say to us: text, HTML,
// names and contents.
func TestAnotherParserReadsTheSame(t *testing.T) {
	dir := t.TempDir()
	want := map[string]*letter.Draft{}
	n := 0
	add := func(d *letter.Draft) {
		n++
		name := fmt.Sprintf("%05d", n)
		d.From, d.To, d.Cc, d.Bcc, d.ReplyTo = me, []letter.Address{{Name: "Ana Lima", Addr: "ana@example.org"}}, nil, nil, nil
		var b bytes.Buffer
		if err := d.Write(&b); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, name), b.Bytes(), 0o600); err != nil {
			t.Fatal(err)
		}
		want[name] = d
	}
	originals(t, func(raw []byte) {
		l := letter.Parse(raw)
		if d, err := letter.Reply(l, true, me, []letter.Address{me}); err == nil {
			add(d)
		}
		if d, err := letter.Forward(l, me); err == nil {
			d.HTML = "<div>" + strings.Repeat("Grüße, 田中. ", 100) + "<img src=\"cid:boat@example.org\"></div>"
			d.Inline = []letter.Inline{{ContentID: "boat@example.org", Attachment: letter.Attachment{Name: "bôat.png", Open: func() (io.ReadCloser, error) {
				return io.NopCloser(bytes.NewReader(raw)), nil
			}}}}
			add(d)
		}
	})
	lines := bytes.Split(bytes.TrimSpace(realserver.Python(t, reader, dir)), []byte("\n"))
	if len(lines) != len(want) {
		t.Fatalf("%d letters were read, %d written", len(lines), len(want))
	}
	for _, line := range lines {
		var got said
		if err := json.Unmarshal(line, &got); err != nil {
			t.Fatal(err)
		}
		d := want[got.Name]
		if len(got.Defects) > 0 {
			t.Errorf("%s: defects %q", d.Subject, got.Defects)
		}
		if words(got.Subject) != words(d.Subject) {
			t.Errorf("subject %q, read as %q", d.Subject, got.Subject)
		}
		if a, b := words(got.Text), words(d.Text); a != b {
			at := 0
			for at < min(len(a), len(b)) && a[at] == b[at] {
				at++
			}
			t.Errorf("%q: text %.80q, read as %.80q", d.Subject, b[max(0, at-20):], a[max(0, at-20):])
		}
		if d.HTML != "" && !strings.Contains(got.HTML, d.HTML) || d.HTML == "" && got.HTML != "" {
			t.Errorf("%q: HTML read as %.200q", d.Subject, got.HTML)
		}
		if len(d.Inline) != len(got.Inline) || len(d.Inline) == 1 && (got.Inline[0][0] != "<boat@example.org>" || got.Inline[0][1] != sum(t, d.Inline[0].Attachment)) {
			t.Errorf("%q: pictures %q", d.Subject, got.Inline)
		}
		if len(got.Files) != len(d.Attachments) {
			t.Errorf("%q: %d attachments, read as %q", d.Subject, len(d.Attachments), got.Files)
			continue
		}
		for i, a := range d.Attachments {
			if f := got.Files[i]; f[0] != letter.FileName(a.Name) || f[1] != "" && f[1] != sum(t, a) {
				t.Errorf("%q: attachment %q read as %q", d.Subject, a.Name, f)
			}
		}
	}
	t.Logf("%d letters", len(want))
}

var me = letter.Address{Name: "Mara Lind", Addr: "mara@example.net"}

// originals hands f the crafted mails and those of other projects.
func originals(t *testing.T, f func(raw []byte)) {
	for _, h := range testmail.Crafted() {
		f(h.Raw)
	}
	dir, ok := testmail.Shared(t)
	if !ok {
		return
	}
	err := filepath.WalkDir(dir, func(path string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() || !(strings.Contains(path, "/messages/") || strings.Contains(path, "/crafted/")) {
			return err
		}
		raw, err := os.ReadFile(path)
		if err == nil && len(raw) < 1<<20 {
			f(raw)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// words is a text without its blanks, quote marks at the starts of lines, and
// what is no character: those are written as the wire wants them.
func words(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) || r == '>' || !unicode.IsPrint(r) {
			return -1
		}
		return r
	}, s)
}

func sum(t *testing.T, a letter.Attachment) string {
	r, err := a.Open()
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	h := sha256.New()
	if _, err := io.Copy(h, r); err != nil {
		t.Fatal(err)
	}
	return hex.EncodeToString(h.Sum(nil))
}
