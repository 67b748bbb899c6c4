package letter

import (
	"io"
	"strings"
	"testing"
)

func TestAddressesOnTheWire(t *testing.T) {
	for typed, want := range map[string]string{
		"bo@example.org":       "bo@example.org",
		"bo@bücher.example":    "bo@xn--bcher-kva.example",
		"bo@例え.example":        "bo@xn--r8jz45g.example",
		"jörg@bücher.example":  "jörg@xn--bcher-kva.example",
		"用户@example.org":       "用户@example.org",
		"j\xf6rg@example.org":  "",
		"jörg\n@example.org":   "",
		"jörg\u200b@x.example": "",
	} {
		if got, err := (Address{Addr: typed}).Wire(); got != want || (err == nil) != (want != "") {
			t.Errorf("%q: %q, %v; want %q", typed, got, err, want)
		}
	}
}

func TestInternationalHeader(t *testing.T) {
	d := &Draft{
		From: Address{Name: "Anna", Addr: "anna@bücher.example"}, Subject: "Grüße", Text: "Grüße",
		To: []Address{{Name: "Jörg Ö", Addr: "jörg@example.org"}, {Name: "Bo", Addr: "bo@example.org"}}, Bcc: []Address{{Addr: "用户@example.org"}},
	}
	raw := wide(t, d)
	if h := ParseHeader([]byte(raw)); FormatAddresses(h.To) != "Jörg Ö <jörg@example.org>, Bo <bo@example.org>" || h.From[0].Addr != "anna@xn--bcher-kva.example" {
		t.Errorf("To %v, From %v", h.To, h.From)
	}
	if yes, err := International(strings.NewReader(raw)); !yes || err != nil {
		t.Errorf("international: %v, %v", yes, err)
	}
	r, err := ASCIIHeader(StripBcc(strings.NewReader(raw)))
	if err != nil {
		t.Fatal(err)
	}
	b, err := io.ReadAll(r)
	if err != nil || !isASCII(b) {
		t.Fatalf("%q, %v", b, err)
	}
	const to = "To: =?utf-8?b?SsO2cmcgw5YgPGrDtnJnQGV4YW1wbGUub3JnPg==?=:;, Bo\r\n <bo@example.org>\r\n"
	if ascii := string(b); !strings.Contains(ascii, to) || strings.Contains(ascii, "Bcc") || strings.Count(ascii, "From: ") != 1 ||
		ascii[strings.Index(ascii, "\r\n\r\n"):] != raw[strings.Index(raw, "\r\n\r\n"):] {
		t.Errorf("%s", ascii)
	}
	if h := ParseHeader(b); len(h.To) != 1 || h.To[0].Addr != "bo@example.org" {
		t.Errorf("To %v", h.To)
	}
	d.To, d.Bcc = d.To[1:], nil
	raw = wide(t, d)
	if yes, _ := International(strings.NewReader(raw)); yes {
		t.Errorf("a domain alone needs SMTPUTF8:\n%s", raw)
	}
}

// wide writes a letter that may need SMTPUTF8.
func wide(t *testing.T, d *Draft) string {
	t.Helper()
	var b strings.Builder
	if err := d.Write(&b); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func FuzzASCIIHeader(f *testing.F) {
	for _, s := range []string{"", "To: jörg@example.org\r\n\r\ntext", "Subject: \xff\n jörg\nTo: \"ö\" <a@b>, :;\n", "\xff", "ö: x\r\n\r\n", "From x\nTo: ö\n\n\xff"} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		r, err := ASCIIHeader(strings.NewReader(string(raw)))
		if err != nil {
			t.Fatal(err)
		}
		out, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		if head := out[:headerEnd(out)]; !isASCII(head) {
			t.Errorf("%q gave %q", raw, head)
		}
	})
}
