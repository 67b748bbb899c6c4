package letter

import (
	"bytes"
	"io"
	"strings"
	"testing"
)

// pictured is a letter with everything that its body can have.
func pictured() *Draft {
	d := fullDraft()
	d.HTML = "<div>Hi <b>both</b>,</div>\n<div><img src=\"cid:boat@fournier.example\" alt=\"boat\"></div>\n<div>" + strings.Repeat("Voilà l’été. ", 200) + "</div>"
	d.Inline = []Inline{{"boat@fournier.example", file("boat.png", "\x89PNG\r\n\x1a\n\x00")}, {"bad id\r\nBcc: x@y", file("evil.png", "x")}}
	d.Attachments = []Attachment{file("a.txt", "one")}
	return d
}

func TestHTMLAndPicturesSurviveTheWire(t *testing.T) {
	d := pictured()
	l := Parse(written(t, d))
	var types []string
	for i := range l.Parts {
		types = append(types, l.Parts[i].Type)
	}
	if got := strings.Join(types, " "); got != "multipart/mixed multipart/alternative text/plain multipart/related text/html image/png text/plain" {
		t.Fatalf("parts %s", got)
	}
	got := whole(t, FromLetter, l)
	if !strings.Contains(got.HTML, d.HTML) {
		t.Errorf("HTML %.300q", got.HTML)
	}
	if got.Text != strings.TrimRight(d.Text, "\n") {
		t.Errorf("text %q", got.Text)
	}
	if len(got.Attachments) != 1 || got.Attachments[0].Name != "a.txt" {
		t.Errorf("attachments %+v", got.Attachments)
	}
	if len(got.Inline) != 1 || got.Inline[0].ContentID != "boat@fournier.example" || got.Inline[0].Name != "boat.png" {
		t.Fatalf("pictures %+v", got.Inline)
	}
	r, err := got.Inline[0].Open()
	if err != nil {
		t.Fatal(err)
	}
	if b, err := io.ReadAll(r); err != nil || string(b) != "\x89PNG\r\n\x1a\n\x00" {
		t.Errorf("picture %q, %v", b, err)
	}
	if p := l.Inline("boat@fournier.example"); p == nil || p.Disposition != "inline" {
		t.Errorf("the picture is %+v", p)
	}
}

func TestHTMLWithoutPicturesIsTheSecondForm(t *testing.T) {
	d := &Draft{From: Address{Addr: "a@b.example"}, Text: "Hello", HTML: "<div>Hello</div>\r\n\x00<p>.</p>"}
	raw := written(t, d)
	l := Parse(raw)
	if len(l.Parts) != 3 || l.Parts[0].Type != "multipart/alternative" || l.Parts[2].Type != "text/html" {
		t.Fatalf("%+v", l.Parts)
	}
	if bytes.Contains(raw, []byte{0}) {
		t.Error("a NUL goes out")
	}
	d.HTML = ""
	if l := Parse(written(t, d)); len(l.Parts) != 1 {
		t.Error("plain text is no longer one part")
	}
}

// A picture that cannot be read makes no letter.
func TestWriteTellsWhatAPictureFailedWith(t *testing.T) {
	d := pictured()
	d.Inline[0].Open = func() (io.ReadCloser, error) { return nil, io.ErrUnexpectedEOF }
	if err := d.Write(io.Discard); err != io.ErrUnexpectedEOF {
		t.Errorf("%v", err)
	}
}
