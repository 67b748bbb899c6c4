package letter

import (
	"bytes"
	"io"
	"strings"
	"testing"
)

// TestWhatIsCarriedKeepsWhatItTakesToReadIt: a calendar asks for what it asked
// for, and a text is in the charset that it was in.
func TestWhatIsCarriedKeepsWhatItTakesToReadIt(t *testing.T) {
	const mail = "From: a@example.org\r\nTo: b@example.org\r\nSubject: s\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=x\r\n\r\n" +
		"--x\r\nContent-Type: text/plain\r\n\r\nHello\r\n" +
		"--x\r\nContent-Type: text/calendar; charset=utf-8; method=REQUEST; name=\"a\\\"b\"\r\nContent-Disposition: attachment; filename=invite.ics\r\n\r\nBEGIN:VCALENDAR\r\n" +
		"--x\r\nContent-Type: text/plain; charset=iso-8859-1\r\nContent-Transfer-Encoding: 8bit\r\nContent-Disposition: attachment; filename=caf\xe9.txt\r\n\r\ncaf\xe9\r\n" +
		"--x\r\nContent-Type: text/plain; charset=\"evil\r\n X-Header: 1\"; format=flowed\r\nContent-Disposition: attachment; filename=c.txt\r\n\r\nthree\r\n--x--\r\n"
	d, err := FromLetter(Parse([]byte(mail)))
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	if err := d.Write(&out); err != nil {
		t.Fatal(err)
	}
	var got []string
	again := Parse(out.Bytes())
	for _, p := range again.Attachments() {
		data, err := io.ReadAll(again.Open(p))
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, p.ContentType()+" "+strings.TrimSpace(string(data)))
	}
	want := []string{
		`text/calendar; charset="utf-8"; method="REQUEST" BEGIN:VCALENDAR`, `text/plain; charset="iso-8859-1" caf` + "\xe9",
		`text/plain; charset="evil"; format=flowed three`,
	}
	if strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	if strings.Contains(out.String(), "\nX-Header") {
		t.Error("a charset adds a header field")
	}
}
