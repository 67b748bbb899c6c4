package intake_test

import (
	"bytes"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"paquebot.app/internal/intake"
	"paquebot.app/internal/letter"
	"paquebot.app/internal/testmail"
	"paquebot.app/localstore"
)

const mail = "Received: from a by b;\r\n\tSat, 14 Mar 2026 10:00:00 +0100\r\n" +
	"Received: from c by a; Sat, 14 Mar 2026 08:59:00 +0000\r\n" +
	"From: =?utf-8?q?Ren=C3=A9?= <rene@demo.example>\r\nTo: anna@demo.example,\r\n \"B, C\" <bc@demo.example>\r\n" +
	"Cc: d@demo.example\r\nReply-To: list@demo.example\r\nMessage-ID: <1@demo.example>\r\nIn-Reply-To: <0@demo.example>\r\n" +
	"References: <r@demo.example> <0@demo.example>\r\nSubject: =?utf-8?q?Caf=C3=A9?=\r\nDate: Sat, 14 Mar 2026 09:58:00 +0100\r\n" +
	"MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=x\r\n\r\n" +
	"--x\r\nContent-Type: text/plain; charset=utf-8; format=flowed\r\n\r\nHello  you\r\nthere.\r\n" +
	"--x\r\nContent-Type: image/png\r\nContent-Disposition: attachment; filename=a.png\r\nContent-Transfer-Encoding: base64\r\n\r\nAAAA\r\n--x--\r\n"

func whole(t *testing.T, raw string) localstore.NewContent {
	t.Helper()
	c, err := intake.FromBlob(7, strings.NewReader(raw), int64(len(raw)))
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestAWholeMail(t *testing.T) {
	c := whole(t, mail)
	if c.Account != 7 || c.HeaderID != "1@demo.example" || c.Subject != "Café" || c.Sender != "René <rene@demo.example>" ||
		c.Recipients != `anna@demo.example, "B, C" <bc@demo.example>` || c.Cc != "d@demo.example" || c.ReplyTo != "list@demo.example" ||
		strings.Join(c.References, " ") != "r@demo.example 0@demo.example" || c.Preview != "Hello you there." ||
		c.Attachments != 1 || c.Body != localstore.BodyWhole || c.Size != int64(len(mail)) || c.Blob != 0 {
		t.Errorf("%+v", c)
	}
	if _, offset := c.Sent.Zone(); offset != 3600 || !c.Sent.Equal(time.Date(2026, 3, 14, 8, 58, 0, 0, time.UTC)) {
		t.Errorf("sent %v", c.Sent)
	}
	var sections []string
	for _, p := range c.Parts {
		sections = append(sections, p.Section+" "+p.Type+" "+p.Name+" "+p.Encoding)
	}
	if got := strings.Join(sections, "|"); !strings.Contains(got, `1 text/plain; charset="utf-8"; format=flowed`) || !strings.Contains(got, "2 image/png a.png base64") {
		t.Errorf("parts %s", got)
	}
}

// TestTheSameMailByEveryWay holds that a mail is recognised whoever reads it.
func TestTheSameMailByEveryWay(t *testing.T) {
	header, _, _ := strings.Cut(mail, "\r\n\r\n")
	byBlob, byHeader := whole(t, mail), intake.FromHeader(7, []byte(header+"\r\n\r\n"))
	if byBlob.HeaderHash != byHeader.HeaderHash || byBlob.FieldsHash != byHeader.FieldsHash || byHeader.HeaderHash == [32]byte{} {
		t.Error("the header alone gives other hashes")
	}
	var fields strings.Builder
	for _, name := range letter.HeaderFields { // in another order
		for _, f := range strings.Split(strings.ReplaceAll(header, "\r\n ", " "), "\r\n") {
			if strings.HasPrefix(f, name+":") {
				fields.WriteString(f + "\r\n")
			}
		}
	}
	byFields := intake.FromFields(7, []byte(fields.String()+"\r\n"))
	if byFields.FieldsHash != byBlob.FieldsHash {
		t.Error("single fields give another fields hash")
	}
	if byFields.HeaderHash != [32]byte{} {
		t.Error("single fields give a header hash")
	}
	byFields.HeaderHash = byHeader.HeaderHash
	if byFields.Subject != byHeader.Subject || byFields.Sender != byHeader.Sender || byFields.HeaderID != byHeader.HeaderID {
		t.Errorf("%+v and %+v", byFields, byHeader)
	}
}

func TestArrived(t *testing.T) {
	now := time.Date(2026, 3, 14, 12, 0, 0, 0, time.UTC)
	for header, want := range map[string]time.Time{
		mail: time.Date(2026, 3, 14, 9, 0, 0, 0, time.UTC),
		"":   now,
		"Date: Sat, 14 Mar 2020 09:58:00 +0100\r\n":                                               now,
		"Received: by a; Sat, 14 Mar 2037 09:58:00 +0100\r\n":                                     now,
		"Received: nonsense\r\nReceived: by a; Sat, 14 Mar 2020 09:00:00 +0000\r\nSubject: x\r\n": time.Date(2020, 3, 14, 9, 0, 0, 0, time.UTC),
	} {
		if got := intake.Arrived([]byte(header), now); !got.Equal(want) {
			t.Errorf("%.60q arrived %v, want %v", header, got, want)
		}
	}
}

// broken fails in the middle of a mail.
type broken struct{ err error }

func (b broken) ReadAt(p []byte, off int64) (int, error) {
	if off >= int64(len(mail)/2) {
		return 0, b.err
	}
	return copy(p[:min(len(p), len(mail)/2-int(off))], mail[off:]), b.err
}

func TestADiskThatFailsIsAnError(t *testing.T) {
	gone := errors.New("the disk is gone")
	if _, err := intake.FromBlob(7, broken{gone}, int64(len(mail))); !errors.Is(err, gone) {
		t.Errorf("%v", err)
	}
}

// TestCollectedMails holds that no mail makes intake fail, and that its header
// gives the hashes that the whole mail gives.
func TestCollectedMails(t *testing.T) {
	dir, _ := testmail.Shared(t)
	for _, sub := range []string{"messages", "crafted"} {
		files, _ := os.ReadDir(filepath.Join(dir, sub)) // none without the collection
		for _, f := range files {
			raw, err := os.ReadFile(filepath.Join(dir, sub, f.Name()))
			if err != nil {
				t.Fatal(err)
			}
			check(t, f.Name(), raw)
		}
	}
}

func check(t *testing.T, name string, raw []byte) {
	t.Helper()
	c, err := intake.FromBlob(1, bytes.NewReader(raw), int64(len(raw)))
	if err != nil && err != io.EOF {
		t.Errorf("%s: %v", name, err)
	}
	if h := intake.FromHeader(1, raw); h.HeaderHash != c.HeaderHash || h.FieldsHash != c.FieldsHash {
		t.Errorf("%s: the header alone gives other hashes", name)
	}
}

func FuzzIntake(f *testing.F) {
	f.Add([]byte(mail))
	f.Add([]byte("From \x00\r\n\n\n"))
	f.Fuzz(func(t *testing.T, raw []byte) {
		check(t, "fuzz", raw)
		now := time.Unix(1_773_000_000, 0)
		if intake.Arrived(raw, now).After(now) {
			t.Error("arrived in the future")
		}
		intake.FromFields(1, raw)
	})
}
