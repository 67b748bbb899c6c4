package letter

import (
	"encoding/base64"
	"strings"
	"testing"
)

// pictures returns what the pictures of a document hold.
func (d *Document) pictures() (all []string) {
	for i := range d.Blocks {
		for _, r := range d.Blocks[i].Runs {
			if r.Image {
				all = append(all, r.Data)
			}
		}
	}
	return all
}

func TestPicturesInTheHTMLItself(t *testing.T) {
	for url, want := range map[string]string{
		"data:image/png;base64,AAEC":                "\x00\x01\x02",
		"DATA:image/PNG;base64,AA%45C":              "\x00\x01\x02",
		"data:image/jpeg;name=a.jpg;base64,AA\n EC": "\x00\x01\x02",
		"data:image/gif,GIF89a%01":                  "GIF89a\x01",
		"data:image/webp;base64,AAEC==":             "\x00\x01\x02",
		"data:image/svg+xml;base64,AAEC":            "",
		"data:text/html,<b>":                        "",
		"data:;base64,AAEC":                         "",
		"data:image/png;base64,A A!":                "",
		"data:image/png":                            "",
		"data:image/png;base64,":                    "",
	} {
		d := HTMLDocument(`<p>Look</p><img alt="a picture" src="` + url + `">`)
		got := d.pictures()
		if len(got) != 1 || got[0] != want || d.Remote != 0 {
			t.Errorf("%q: %q, %d remote", url, got, d.Remote)
		}
	}
	if got := HTMLDocument(`<img width=1 src="data:image/png;base64,AAEC">`).pictures(); len(got) != 0 {
		t.Errorf("a dot is shown: %q", got)
	}
}

// TestPicturesAreBounded holds that a letter's pictures have 8 MiB together,
// and that those do not count as text.
func TestPicturesAreBounded(t *testing.T) {
	three := `<img alt=x src="data:image/png;base64,` + base64.StdEncoding.EncodeToString(make([]byte, 3<<20)) + `">`
	raw := "Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: text/html\r\n\r\n" + three + "<p>one</p>" +
		"\r\n--b\r\nContent-Type: text/html\r\n\r\n" + three + three + "<p>two</p>\r\n--b--\r\n"
	d := Parse([]byte(raw)).Document()
	kept, names := 0, map[string]bool{}
	for i := range d.Blocks {
		for _, r := range d.Blocks[i].Runs {
			if r.Data != "" {
				kept++
				names[r.ContentID] = true
			}
		}
	}
	if text := d.String(); kept != 2 || len(names) != 2 || d.Cut || !strings.Contains(text, "one") || !strings.Contains(text, "two") {
		t.Errorf("%d pictures by %d names, cut is %v, text %q", kept, len(names), d.Cut, text)
	}
	long := Parse([]byte("Content-Type: text/html\r\n\r\n<p>" + strings.Repeat("word ", maxText/4))).Document()
	if n := len(long.String()); !long.Cut || n > maxText+maxText/100 || n < maxText/2 {
		t.Errorf("%d bytes of text, cut is %v", n, long.Cut)
	}
}
