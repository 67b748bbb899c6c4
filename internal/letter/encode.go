package letter

import (
	"bufio"
	"encoding/base64"
	"io"
	"mime/quotedprintable"
	"strings"
)

// encodeAddresses writes the value of an address field.
func encodeAddresses(list []Address) (string, error) {
	coded := make([]string, 0, len(list))
	for _, a := range list {
		s, err := encodeAddress(a)
		if err != nil {
			return "", err
		}
		coded = append(coded, s)
	}
	return strings.Join(coded, ", "), nil
}

// writeEncoded writes content in a Content-Transfer-Encoding. What is written
// as base64 ends with a line end.
func writeEncoded(b *bufio.Writer, encoding string, content io.Reader) error {
	switch encoding {
	case "base64":
		lines := &lineBreaker{w: b}
		w := base64.NewEncoder(base64.StdEncoding, lines)
		if _, err := io.Copy(w, content); err != nil {
			return err
		}
		if err := w.Close(); err != nil {
			return err
		}
		if lines.column > 0 {
			b.WriteString("\r\n")
		}
		return nil
	case "quoted-printable":
		w := quotedprintable.NewWriter(b)
		if _, err := io.Copy(w, content); err != nil {
			return err
		}
		return w.Close()
	}
	_, err := io.Copy(b, content)
	return err
}

// lineBreaker breaks what is written into lines of 76 bytes (RFC 2045 §6.8).
type lineBreaker struct {
	w      *bufio.Writer
	column int
}

// Write implements io.Writer.
func (l *lineBreaker) Write(p []byte) (int, error) {
	written := 0
	for len(p) > 0 {
		if l.column == lineGoal {
			l.w.WriteString("\r\n")
			l.column = 0
		}
		n, err := l.w.Write(p[:min(len(p), lineGoal-l.column)])
		written, l.column, p = written+n, l.column+n, p[n:]
		if err != nil {
			return written, err
		}
	}
	return written, nil
}
