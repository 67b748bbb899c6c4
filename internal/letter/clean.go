package letter

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// cleanLine makes s fit for one line on the screen: control characters and
// line breaks become blanks, characters that turn the direction of what
// follows are left out.
func cleanLine(s string) string {
	return strings.TrimSpace(strings.Map(func(r rune) rune {
		switch {
		case r == '\t' || r == '\n' || r == '\r' || r == 0x2028 || r == 0x2029:
			return ' '
		case isControl(r) || isDirectional(r):
			return -1
		}
		return r
	}, s))
}

// cleanName is cleanLine for the names of people and files, which people
// trust: also marks and characters without width are left out, and runs of
// blanks of any kind, which push the real address out of sight, become one.
func cleanName(s string) string {
	var b strings.Builder
	blank := false
	for _, r := range cleanLine(s) {
		switch {
		case isBlank(r):
			blank = b.Len() > 0
			continue
		case isInvisible(r):
			continue
		}
		if blank {
			b.WriteByte(' ')
			blank = false
		}
		b.WriteRune(r)
	}
	return b.String()
}

// cleanText makes s fit for a page of text: line ends become "\n", other
// control characters and the overrides of direction are left out.
func cleanText(s string) string {
	if strings.IndexByte(s, '\r') >= 0 {
		s = strings.ReplaceAll(s, "\r\n", "\n")
		s = strings.ReplaceAll(s, "\r", "\n")
	}
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\n' || r == '\t':
			return r
		case r == '\f' || r == '\v' || r == 0x2028 || r == 0x2029:
			return '\n'
		case isControl(r) || 0x202a <= r && r <= 0x202e:
			return -1
		}
		return r
	}, s)
}

// isControl tells C0, DEL, C1 and the codes that are no characters.
func isControl(r rune) bool {
	return r < ' ' || 0x7f <= r && r <= 0x9f || r == 0xfeff || r&0xfffe == 0xfffe || 0xfff9 <= r && r <= 0xfffb
}

// isDirectional tells the embeddings, overrides and isolates of the
// bidirectional algorithm (UAX #9), which reach beyond their own text.
func isDirectional(r rune) bool {
	return 0x202a <= r && r <= 0x202e || 0x2066 <= r && r <= 0x206f
}

func isBlank(r rune) bool {
	if r < 0x80 {
		return r == ' ' || '\t' <= r && r <= '\r'
	}
	switch r {
	case 0x2800, 0x3164, 0x115f, 0x1160, 0xffa0, 0x180e: // Braille blank and the fillers
		return true
	}
	return unicode.IsSpace(r) || unicode.Is(unicode.Zs, r)
}

// isInvisible tells characters without width that carry nothing a name needs.
// The joiners stay: Persian and emoji need them.
func isInvisible(r rune) bool {
	switch r {
	case 0xad, 0x34f, 0x61c, 0x200b, 0x200e, 0x200f:
		return true
	}
	return 0x2060 <= r && r <= 0x2064 || 0xe0000 <= r && r <= 0xe0fff
}

// cut shortens s to at most n bytes, between two characters.
func cut[T string | []byte](s T, n int) T {
	if len(s) <= n {
		return s
	}
	for n > 0 && !utf8.RuneStart(s[n]) {
		n--
	}
	return s[:n]
}
