package letter_test

import (
	"bytes"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"paquebot.app/internal/letter"
	"paquebot.app/internal/testmail"
)

// watchdog is far above what reading any mail takes, also with the race
// detector on a busy machine, and far below what a quadratic reader takes.
const watchdog = 60 * time.Second

// everything reads all of a mail in every way the program does.
func everything(t *testing.T, name string, raw []byte) *letter.Letter {
	t.Helper()
	done := make(chan *letter.Letter, 1)
	go func() {
		l := letter.Index(bytes.NewReader(raw), int64(len(raw)))
		text := func(s string) {
			if !utf8.ValidString(s) || strings.IndexByte(s, 0) >= 0 {
				t.Errorf("%s: not text: %.80q", name, s)
			}
		}
		text(l.Text())
		text(l.HTML())
		text(l.SearchText(64 << 10))
		text(l.Preview(200))
		text(l.Document().String())
		for _, p := range l.Attachments() {
			if p.Name == "" || p.Name != letter.FileName(p.Name) {
				t.Errorf("%s: attachment name %q", name, p.Name)
			}
			io.Copy(io.Discard, l.Open(p))
		}
		self := []letter.Address{{Addr: "me@example.net"}}
		for _, d := range []*letter.Draft{made(letter.Reply(l, true, self[0], self)), made(letter.Forward(l, self[0])), made(letter.FromLetter(l))} {
			checkWritten(t, name, d)
		}
		done <- l
	}()
	select {
	case l := <-done:
		return l
	case <-time.After(watchdog):
		t.Fatalf("%s is not read within %v", name, watchdog)
		return nil
	}
}

// checkWritten writes a draft without the recipients a hostile mail may have
// made unwritable, and reads the header back.
func checkWritten(t *testing.T, name string, d *letter.Draft) {
	t.Helper()
	if d.Check() != nil {
		d.From, d.To, d.Cc, d.Bcc, d.ReplyTo = letter.Address{}, nil, nil, nil, nil
	}
	var b bytes.Buffer
	if err := d.Write(&b); err != nil {
		t.Errorf("%s: %v", name, err)
		return
	}
	allowed := " Date From Reply-To To Cc Bcc Subject Message-ID In-Reply-To References MIME-Version Content-Type Content-Transfer-Encoding "
	header, _, _ := strings.Cut(b.String(), "\r\n\r\n")
	seen := map[string]bool{}
	for _, line := range strings.Split(header, "\r\n") {
		if line[0] == ' ' || line[0] == '\t' {
			continue
		}
		field, _, ok := strings.Cut(line, ":")
		if !ok || seen[field] || !strings.Contains(allowed, " "+field+" ") {
			t.Errorf("%s: the header has the line %q", name, line)
		}
		seen[field] = true
	}
	if !utf8.ValidString(header) {
		t.Errorf("%s: the header is %q", name, header)
	}
	for i, c := range b.Bytes() {
		if c >= 0x80 && i > len(header) || c == '\n' && b.Bytes()[i-1] != '\r' {
			t.Errorf("%s: byte %#x in what was written", name, c)
			return
		}
	}
}

func TestCollectedMail(t *testing.T) {
	dir, ok := testmail.Shared(t)
	if !ok {
		return
	}
	n := 0
	filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		raw, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		everything(t, filepath.Base(path), raw)
		n++
		return nil
	})
	if n < 100 {
		t.Errorf("only %d mails were found", n)
	}
}

// read returns one of the crafted mails, nil where the collection is not there.
func read(t *testing.T, name string) *letter.Letter {
	t.Helper()
	dir, ok := testmail.Shared(t)
	if !ok {
		return nil
	}
	raw, err := os.ReadFile(filepath.Join(dir, "crafted", name+".eml"))
	if err != nil {
		t.Fatal(err)
	}
	return letter.Parse(raw)
}

func TestSendersThatPretend(t *testing.T) { // obligation D1
	for name, want := range map[string]string{
		"from-encoded-nul":     "evil@attacker.example",
		"from-encoded-newline": "evil@attacker.example",
		"from-blank-pad":       "evil@attacker.example",
		"from-comment":         "evil@attacker.example",
		"from-group":           "evil@attacker.example",
		"from-name-is-address": "evil@attacker.example",
		"from-long-name":       "evil@attacker.example",
		"from-bidi":            "evil@attacker.example",
		"from-malformed":       "<boss@bank.example> <evil@attacker.example>",
		"from-two-headers":     "boss@bank.example",
		"from-multi":           "boss@bank.example",
		"from-homograph":       "Apple",
	} {
		l := read(t, name)
		if l == nil {
			return
		}
		h := &l.Header
		if len(h.From) == 0 || h.From[0].Display() != want {
			t.Errorf("%s: shown as %q, want %q", name, letter.FormatAddresses(h.From), want)
			continue
		}
		if name != "from-group" && name != "from-homograph" && !h.Doubtful {
			t.Errorf("%s is not doubted", name)
		}
		if h.From[0].Addr != "" {
			if to := made(letter.Reply(l, false, letter.Address{}, nil)).To; len(to) == 0 || to[0].Addr != h.From[0].Addr {
				t.Errorf("%s: the reply goes to %v", name, to)
			}
		}
	}
	if l := read(t, "from-homograph"); l != nil && !strings.Contains(l.Header.From[0].Shown(), "@xn--") {
		t.Errorf("a look-alike domain is shown as %s", l.Header.From[0].Shown())
	}
}

func TestCraftedTexts(t *testing.T) {
	for name, want := range map[string]string{
		"boundary-odd":    "--\n\nA",
		"boundary-long":   "A",
		"charset-utf7":    "Hi Mom ☺-日本語! ",
		"charset-utf16":   "x",
		"charset-bad":     "café",
		"cte-broken":      "hello",
		"raw-nul":         "",
		"html-hidden":     "Pay invoice to IBAN 1",
		"cte-unknown":     "--x",
		"preview-poison":  "real",
		"raw-8bit-header": "",
		"raw-newlines":    "bare\nlf\nbare\ncr",
	} {
		l := read(t, name)
		if l == nil {
			return
		}
		if got := l.Text(); !strings.HasPrefix(got, want) || got == "" {
			t.Errorf("%s: text %.100q, want %q", name, got, want)
		}
		if strings.Contains(l.Header.Subject, "\uFFFD") {
			t.Errorf("%s: subject %q", name, l.Header.Subject)
		}
	}
}

func TestCraftedIDs(t *testing.T) { // obligation M2
	for _, name := range []string{"msgid-weird", "references-huge", "thread-cycle"} {
		l := read(t, name)
		if l == nil {
			return
		}
		if len(l.Header.References) > 20 {
			t.Errorf("%s: %d references", name, len(l.Header.References))
		}
		for _, id := range made(letter.Reply(l, true, letter.Address{}, nil)).References {
			if strings.ContainsAny(id, " <>\"\r\n") && strings.ContainsAny(id, " <>\r\n") {
				t.Errorf("%s: repeats %q", name, id)
			}
		}
	}
}

// made passes a draft on; one that could not be made is empty.
func made(d *letter.Draft, err error) *letter.Draft {
	if err != nil {
		return &letter.Draft{}
	}
	return d
}
