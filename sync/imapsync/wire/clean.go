package wire

import (
	"strings"
	"unicode"
)

const (
	maxText = 1 << 10 // bytes of a server's words that are kept
	maxRaw  = 256     // bytes of an Event's Raw, or of a line in a trace
)

// clean makes a server's words fit to be shown as plain text: no control
// characters, no characters that turn the direction of writing, only UTF-8,
// at most max bytes.
func clean(s string, max int) string {
	s = strings.TrimSpace(s)
	if len(s) > max {
		s = s[:max]
	}
	s = strings.Map(func(r rune) rune {
		switch {
		case r >= 0x202a && r <= 0x202e, r >= 0x2066 && r <= 0x2069:
			return -1
		case unicode.IsControl(r):
			return ' '
		}
		return r
	}, strings.ToValidUTF8(s, "?"))
	return strings.TrimSpace(s)
}
