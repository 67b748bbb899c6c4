package letter

import (
	"encoding/base64"
	"strings"
	"unicode/utf8"
)

const (
	lineGoal  = 76  // bytes of a header line we aim for
	lineLimit = 998 // bytes of a line that RFC 5322 §2.1.1 allows
)

// foldedField returns "Name: value" folded at its blanks, with CRLF. value is
// ASCII but for the addresses that cannot be; a line break in it cannot come
// through.
func foldedField(name, value string) string {
	var b strings.Builder
	line := name + ":"
	for i, w := range strings.Split(strings.Map(blankBreaks, value), " ") {
		if len(line)+1+len(w) > lineGoal && i > 0 && w != "" && strings.Trim(line, " ") != "" {
			b.WriteString(line)
			b.WriteString("\r\n")
			line = ""
		}
		line += " " + w
	}
	b.WriteString(strings.TrimRight(line, " "))
	b.WriteString("\r\n")
	return b.String()
}

func blankBreaks(r rune) rune {
	if r < ' ' || r == 0x7f {
		return ' '
	}
	return r
}

// encodeText returns an unstructured value (a subject) or a phrase as ASCII,
// in encoded words where it has to be: also where ASCII would be read as a
// word, joined or cut, which mime.WordEncoder leaves as it is.
func encodeText(s string) string {
	s = cleanLine(s)
	plain := !strings.Contains(s, "=?") && !strings.Contains(s, "  ")
	for _, w := range strings.Fields(s) {
		plain = plain && len(w) <= lineGoal-2
	}
	if plain && isASCII([]byte(s)) {
		return s
	}
	return encodeWords(s)
}

// encodeWords writes s as encoded words (RFC 2047) of at most 75 bytes, none
// splitting a character, separated by blanks.
func encodeWords(s string) string {
	const room = 75 - len("=?utf-8?q?") - len("?=")
	inQ := 0
	for i := 0; i < len(s); i++ {
		inQ += len(qCode(s[i]))
	}
	useQ := inQ <= (len(s)+2)/3*4
	var words []string
	var chunk strings.Builder
	used := 0
	flush := func() {
		if chunk.Len() == 0 {
			return
		}
		if useQ {
			words = append(words, "=?utf-8?q?"+chunk.String()+"?=")
		} else {
			words = append(words, "=?utf-8?b?"+base64.StdEncoding.EncodeToString([]byte(chunk.String()))+"?=")
		}
		chunk.Reset()
		used = 0
	}
	for len(s) > 0 {
		_, n := utf8.DecodeRuneInString(s)
		coded := s[:n]
		if useQ {
			coded = ""
			for i := 0; i < n; i++ {
				coded += qCode(s[i])
			}
		}
		if useQ && used+len(coded) > room || !useQ && (used+n+2)/3*4 > room {
			flush()
		}
		chunk.WriteString(coded)
		used += len(coded)
		s = s[n:]
	}
	flush()
	return strings.Join(words, " ")
}

// qCode returns a byte in the Q encoding as it is safe everywhere, also in a
// phrase (RFC 2047 §5 (3)).
func qCode(c byte) string {
	switch {
	case c == ' ':
		return "_"
	case 'a' <= c && c <= 'z', 'A' <= c && c <= 'Z', '0' <= c && c <= '9', c == '!', c == '*', c == '+', c == '-', c == '/':
		return string(rune(c))
	}
	const hex = "0123456789ABCDEF"
	return "=" + string(hex[c>>4]) + string(hex[c&15])
}

// encodeAddress returns an address for a header. mail.Address of go-message and
// net/mail would quote the quotes of a local part, and leave a name in quotes
// that every reader takes for an encoded word.
func encodeAddress(a Address) (string, error) {
	addr, err := a.Wire()
	if err != nil {
		return "", err
	}
	name := cut(cleanName(a.Name), maxName)
	switch {
	case name == "":
		return addr, nil
	case encodeText(name) != name:
		return encodeWords(name) + " <" + addr + ">", nil
	}
	return quoteName(name) + " <" + addr + ">", nil
}
