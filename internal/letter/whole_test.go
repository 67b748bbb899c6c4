package letter

import (
	"errors"
	"fmt"
	"strings"
	"testing"
)

// longMails are of more text than is shown, each with what its last line says.
func longMails() map[string][]byte {
	plain := strings.Repeat("A line that must not be lost.\r\n", 100_000)
	var html strings.Builder
	for i := range maxBlocks + 5000 {
		fmt.Fprintf(&html, "<p>Paragraph %d</p>\r\n", i)
	}
	return map[string][]byte{
		"plain":      []byte("Subject: long\r\n\r\n" + plain + "The very end.\r\n"),
		"flowed":     []byte("Content-Type: text/plain; format=flowed\r\n\r\n" + plain + "The very end.\r\n"),
		"paragraphs": []byte("Content-Type: text/html\r\n\r\n" + html.String() + "<p>The very end.</p>\r\n"),
		"html":       []byte("Content-Type: text/html\r\n\r\n<p>" + plain + "</p><p>The very end.</p>\r\n"),
	}
}

func TestALetterMadeOfAnotherLosesNoText(t *testing.T) {
	for name, raw := range longMails() {
		l := Parse(raw)
		if strings.Contains(l.Text(), "The very end.") || !l.Document().Cut {
			t.Errorf("%s: what is shown is not cut, or does not say so", name)
		}
		for what, d := range map[string]*Draft{"draft": whole(t, FromLetter, l), "answer": answered(t, l, false), "forwarded": forwarded(t, l)} {
			if !strings.Contains(d.Text, "The very end.") {
				t.Errorf("%s: the %s lost its end: %d bytes", name, what, len(d.Text))
			}
		}
	}
}

func TestALetterThatIsTooLongIsRefusedAndNotCut(t *testing.T) {
	many := "Content-Type: multipart/mixed; boundary=b\r\n\r\n" + strings.Repeat("--b\r\n\r\ntext\r\n", maxParts+5) + "--b--\r\n"
	for name, raw := range map[string]string{
		"text":  "Subject: endless\r\n\r\n" + strings.Repeat("A line that must not be lost.\r\n", maxWhole/30),
		"parts": many,
	} {
		l := Parse([]byte(raw))
		var long *TooLongError
		if text, err := l.WholeText(); !errors.As(err, &long) || text != "" {
			t.Errorf("%s: %d bytes, %v", name, len(text), err)
		}
		_, edited := FromLetter(l)
		_, answered := Reply(l, true, me[0], me)
		_, forwarded := Forward(l, me[0])
		for what, err := range map[string]error{"draft": edited, "answer": answered, "forwarded": forwarded} {
			if !errors.As(err, &long) {
				t.Errorf("%s: the %s is made all the same: %v", name, what, err)
			}
		}
	}
}

func TestATextOfJustTheLimitIsNotCut(t *testing.T) {
	for length, want := range map[int]bool{maxText: false, maxText + 1: true} {
		if got := Parse([]byte("Subject: s\r\n\r\n" + strings.Repeat("x", length))).Document().Cut; got != want {
			t.Errorf("%d bytes: cut is %v", length, got)
		}
	}
}
