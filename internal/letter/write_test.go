package letter

import (
	"bytes"
	"errors"
	"io"
	"runtime"
	"strings"
	"testing"
	"testing/iotest"
	"time"
)

func file(name, content string) Attachment {
	return Attachment{Name: name, Size: int64(len(content)), Open: func() (io.ReadCloser, error) {
		return io.NopCloser(strings.NewReader(content)), nil
	}}
}

func written(t *testing.T, d *Draft) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := d.Write(&b); err != nil {
		t.Fatal(err)
	}
	checkWire(t, b.Bytes())
	return b.Bytes()
}

// checkWire holds what every letter of ours must: 7-bit, CRLF only, no long line.
func checkWire(t *testing.T, raw []byte) {
	t.Helper()
	for i, c := range raw {
		if c >= 0x80 || c == 0 || c == '\n' && (i == 0 || raw[i-1] != '\r') || c == '\r' && (i+1 == len(raw) || raw[i+1] != '\n') {
			t.Fatalf("byte %#x at %d of %q", c, i, raw[max(0, i-40):min(len(raw), i+20)])
		}
	}
	for _, line := range bytes.Split(raw, []byte("\r\n")) {
		if len(line) > lineLimit {
			t.Errorf("a line of %d bytes: %.60q…", len(line), line)
		}
	}
	if !bytes.HasSuffix(raw, []byte("\r\n")) {
		t.Error("no line end at the end")
	}
}

func fieldNames(raw []byte) string {
	var names []string
	eachField(raw, func(f field) { names = append(names, f.name) })
	return strings.Join(names, " ")
}

const ourFields = "date from reply-to to cc bcc subject message-id in-reply-to references mime-version content-type content-transfer-encoding"

func fullDraft() *Draft {
	return &Draft{
		From:      Address{Name: "Amélie Fournier", Addr: "amelie@fournier.example"},
		To:        []Address{{Name: "Bannister, Tom", Addr: "tom@example.net"}, {Name: "田中", Addr: "yuki@example.jp"}},
		Cc:        []Address{{Addr: "jo@müller.example"}},
		Bcc:       []Address{{Addr: "secret@example.org"}, {Addr: "TOM@example.net"}},
		ReplyTo:   []Address{{Addr: "amelie@fournier.example"}},
		Subject:   "Itinerary for Lisbon, 14–19 March: trains, ferries, and a long subject that has to be folded",
		Date:      time.Date(2026, 3, 14, 10, 42, 0, 0, time.FixedZone("", 3600)),
		MessageID: "id@fournier.example", InReplyTo: "p@x", References: []string{"bad id", "o@x", "p@x"},
		Text: "Hi both,\n\nThe train leaves Oriente at 9.39, so we should meet on the platform by 9.20 at the latest, as we said.\n  indented\nFrom here on\n> quoted\n>> deeper\n-- \nAmélie",
	}
}

func TestWriteAndReadBack(t *testing.T) {
	d := fullDraft()
	raw := written(t, d)
	if got := fieldNames(raw); got != ourFields {
		t.Errorf("fields %s", got)
	}
	h := ParseHeader(raw)
	if h.Subject != d.Subject || h.From[0] != d.From || h.To[0] != d.To[0] || h.To[1] != d.To[1] ||
		h.Cc[0].Addr != "jo@xn--mller-kva.example" || h.MessageID != d.MessageID || h.InReplyTo != "p@x" ||
		strings.Join(h.References, " ") != "o@x p@x" || !h.Date.Equal(d.Date) || h.Zone != 60 || len(h.Bcc) != 2 {
		t.Errorf("read back as %+v", h)
	}
	to, err := d.Recipients()
	if err != nil || strings.Join(to, " ") != "tom@example.net yuki@example.jp jo@xn--mller-kva.example secret@example.org" {
		t.Errorf("recipients %v %v", to, err)
	}
	if again := written(t, d); !bytes.Equal(raw, again) {
		t.Error("the same draft gave other bytes")
	}
}

func TestNoValueAddsAField(t *testing.T) {
	evil := "x\r\nBcc: evil@attacker.example\r\n\r\nbody\x00\n.\r\n"
	d := &Draft{
		From: Address{Name: evil, Addr: "a@b.example"}, To: []Address{{Name: evil, Addr: "c@d.example"}},
		Subject: evil, Date: time.Unix(0, 0).UTC(), MessageID: evil, InReplyTo: evil, References: []string{evil, "ok@x>\r\nX: y"},
		Attachments: []Attachment{{Name: evil, Type: evil, Open: file("", evil).Open}},
	}
	raw := written(t, d)
	if got := fieldNames(raw); got != "date from to subject mime-version content-type" {
		t.Errorf("fields %s", got)
	}
	l := Parse(raw)
	if len(l.Parts) != 3 || len(l.Header.Bcc) != 0 {
		t.Errorf("%d parts, Bcc %v", len(l.Parts), l.Header.Bcc)
	}
	for _, bad := range []string{"a@b.example\r\nBcc: e@x", "a b@c.example", "<a@b.example>", "a@", "@b", "nobody", "\xe9@b.example", "é @b.example", "a@b.example,c@d.example"} {
		d := &Draft{From: Address{Addr: "a@b.example"}, To: []Address{{Addr: bad}}}
		var ae *AddressError
		if err := d.Write(io.Discard); !errors.As(err, &ae) || d.Check() == nil {
			t.Errorf("%q was written: %v", bad, err)
		}
	}
}

func TestTextsSurviveTheWire(t *testing.T) {
	long := strings.Repeat("word ", 300) + "end"
	for name, text := range map[string]string{
		"empty":        "",
		"plain":        "Hello\n\nBye",
		"long":         long,
		"no blanks":    strings.Repeat("x", 5000),
		"Japanese":     strings.Repeat("来週の火曜日の件です。", 100) + "\n短い",
		"French":       strings.Repeat("Voilà l’été à la mer. ", 40) + "fin",
		"quotes":       "> " + long + "\n>> " + long + "\nmine",
		"looks quoted": "a\n>b\n> c\n From\nFrom x\n.\n..\n",
		"signature":    "text\n-- \nAmélie\n+351",
		"dash words":   strings.Repeat("-- ", 60) + "end",
		"tabs":         "a\tb\n\tc",
		"high control": "a\u0085b\x01c",
	} {
		raw := written(t, &Draft{From: Address{Addr: "a@b.example"}, Text: text})
		got := whole(t, FromLetter, Parse(raw)).Text
		want := strings.TrimRight(strings.NewReplacer("\n>b", "\n> b", "\u0085", "", "\x01", "").Replace(text), "\n")
		if got != want {
			t.Errorf("%s: %.200q, want %.200q", name, got, want)
		}
	}
}

func TestAttachmentsSurviveTheWire(t *testing.T) {
	inner := written(t, &Draft{From: Address{Addr: "a@b.example"}, Subject: "inner", Text: "inside"})
	d := fullDraft()
	contents := map[string]string{
		"étude (1).pdf": "%PDF-1.4 \x00\xff", "empty.bin": "", "notes.txt": "a\nb\r\nc", "letter.eml": string(inner),
		"bad.eml": "Subject: é\n\nbare\n", strings.Repeat("long name ", 20) + ".zip": strings.Repeat("PK", 50000),
	}
	for name, c := range contents {
		d.Attachments = append(d.Attachments, file(name, c))
	}
	l := Parse(written(t, d))
	got := l.Attachments()
	if len(got) != len(d.Attachments) {
		t.Fatalf("%d attachments", len(got))
	}
	for i, p := range got {
		want := d.Attachments[i]
		b, _ := io.ReadAll(l.Open(p))
		if p.Name != FileName(want.Name) || string(b) != contents[want.Name] {
			t.Errorf("%q (%d bytes) came back as %q (%d bytes)", want.Name, want.Size, p.Name, len(b))
		}
	}
	if p := l.Part("5"); p == nil {
		t.Error("no fifth part")
	}
}

// A letter made of the same text goes whole as an attachment: its boundary is
// not ours.
func TestALetterInsideItsLike(t *testing.T) {
	d := &Draft{From: Address{Addr: "a@b.example"}, Text: "the same", Attachments: []Attachment{file("a.txt", "inside")}}
	inner := string(written(t, d))
	d.Attachments = []Attachment{file("letter.eml", inner)}
	raw := written(t, d)
	l := Parse(raw)
	if n := bytes.Count(raw, l.Parts[0].boundary); n != 3 || len(l.Attachments()) != 1 {
		t.Fatalf("%d boundaries, %d attachments", n, len(l.Attachments()))
	}
	if b, _ := io.ReadAll(l.Open(l.Attachments()[0])); string(b) != inner {
		t.Errorf("came back as %q", b)
	}
}

// A message may not be encoded, whatever it tells of.
func TestWhatTellsOfDeliveryIsNotEncoded(t *testing.T) {
	report := file("report", "Final-Recipient: rfc822; ana@example.org\r\nAction: failed\r\n")
	bare := file("bare", "Final-Recipient: rfc822; ana@example.org\nAction: failed\n")
	report.Type, bare.Type = "message/delivery-status", "message/delivery-status"
	raw := written(t, &Draft{From: Address{Addr: "a@b.example"}, Text: "See", Attachments: []Attachment{report, bare}})
	l := Parse(raw)
	if len(l.Parts) != 4 || l.Parts[2].Type != "message/delivery-status" || l.Parts[2].Encoding != "7bit" || l.Parts[3].Type != "application/octet-stream" {
		t.Errorf("%s", raw)
	}
}

func TestHeaderIsFoldedRoundALongWord(t *testing.T) {
	d := fullDraft()
	d.References = []string{"1@x", "2@x", strings.Repeat("long", 30) + "@x"}
	for i := range 17 {
		d.References = append(d.References, strings.Repeat("short", 4)+string(rune('a'+i))+"@x")
	}
	raw := written(t, d)
	if got := ParseHeader(raw).References; strings.Join(got, " ") != strings.Join(d.References, " ") {
		t.Errorf("references %q", got)
	}
	for _, line := range strings.Split(string(raw[:headerEnd(raw)]), "\r\n") {
		if len(line) > 78 && strings.Count(line, "@") > 1 {
			t.Errorf("not folded: %s", line)
		}
	}
}

type zeros struct{}

func (zeros) Read(p []byte) (int, error) { clear(p); return len(p), nil }

func TestBigAttachmentIsNotHeldInMemory(t *testing.T) {
	const size = 32 << 20
	d := fullDraft()
	d.Attachments = []Attachment{{Name: "big.zip", Open: func() (io.ReadCloser, error) {
		return io.NopCloser(io.LimitReader(zeros{}, size)), nil
	}}}
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	err := d.Write(io.Discard)
	runtime.ReadMemStats(&after)
	if got := after.TotalAlloc - before.TotalAlloc; err != nil || got > size/2 {
		t.Errorf("writing 32 MB allocates %d bytes: %v", got, err)
	}
}

func TestWriteTellsWhatAnAttachmentFailedWith(t *testing.T) {
	d := fullDraft()
	d.Attachments = []Attachment{{Name: "x", Open: func() (io.ReadCloser, error) { return nil, errDisk }}}
	if err := d.Write(io.Discard); !errors.Is(err, errDisk) {
		t.Errorf("err = %v", err)
	}
}

func TestStripBcc(t *testing.T) {
	for in, want := range map[string]string{
		"To: a\r\nBcc: b,\r\n c\r\nSubject: x\r\n\r\nBcc: stays\r\n": "To: a\r\nSubject: x\r\n\r\nBcc: stays\r\n",
		"bcc : b\nTo: a\n\nx":   "To: a\n\nx",
		"BCC: only":             "",
		"To: a\r\nX-Bcc: b\r\n": "To: a\r\nX-Bcc: b\r\n",
		"\r\nBcc: b":            "\r\nBcc: b",
		"Bcc: " + strings.Repeat("b,", 9000) + "\r\n x\r\n\r\n\x00\r\xff": "\r\n\x00\r\xff",
		"X: " + strings.Repeat("b,", 9000) + "Bcc: x\r\n":                 "X: " + strings.Repeat("b,", 9000) + "Bcc: x\r\n",
		"": "",
	} {
		got, err := io.ReadAll(StripBcc(iotest.OneByteReader(strings.NewReader(in))))
		if err != nil || string(got) != want {
			t.Errorf("%.60q gave %.60q %v", in, got, err)
		}
	}
	raw := written(t, fullDraft())
	wire, _ := io.ReadAll(StripBcc(bytes.NewReader(raw)))
	if bytes.Contains(wire, []byte("secret")) || fieldNames(wire) != strings.Replace(ourFields, " bcc", "", 1) {
		t.Errorf("on the wire: %s", fieldNames(wire))
	}
}

func FuzzWrite(f *testing.F) {
	f.Add("Amélie", "a@b.example", "Subject", "text\n> quote", "name.pdf", "image/png", "content")
	f.Add("\r\n", "\"x y\"@b.example", "=?utf-8?q?x?=", "From \n-- \n", "..", "message/rfc822", "a: b\r\n\r\nc\r\n")
	f.Fuzz(func(t *testing.T, name, addr, subject, text, fname, typ, content string) {
		d := &Draft{From: Address{Addr: "a@b.example"}, To: []Address{{Name: name, Addr: addr}}, Subject: subject, Text: text}
		want := "from to subject mime-version content-type content-transfer-encoding"
		if fname != "" {
			d.Attachments = []Attachment{{Name: fname, Type: typ, Open: file("", content).Open}}
			want = "from to subject mime-version content-type"
		}
		var b bytes.Buffer
		if err := d.Write(&b); err != nil {
			return
		}
		checkWire(t, b.Bytes())
		if got := fieldNames(b.Bytes()); got != want {
			t.Errorf("fields %s", got)
		}
		h := ParseHeader(b.Bytes())
		if len(h.To) != 1 || h.To[0].Addr == "" || h.Subject != cut(cleanLine(strings.ToValidUTF8(subject, "\uFFFD")), maxSubject) && subject == cleanLine(subject) {
			t.Errorf("read back as %+v %q", h.To, h.Subject)
		}
	})
}
