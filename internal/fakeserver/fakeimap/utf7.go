package fakeimap

import (
	"encoding/base64"
	"strings"
	"unicode/utf16"
)

// mailbox names travel in modified UTF-7 (RFC 3501 §5.1.3).
var utf7Base64 = base64.NewEncoding("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+,").
	WithPadding(base64.NoPadding)

// encodeName returns a mailbox name as it travels.
func encodeName(name string) string {
	var b strings.Builder
	var wide []rune
	flush := func() {
		if len(wide) == 0 {
			return
		}
		var raw []byte
		for _, unit := range utf16.Encode(wide) {
			raw = append(raw, byte(unit>>8), byte(unit))
		}
		b.WriteString("&" + utf7Base64.EncodeToString(raw) + "-")
		wide = nil
	}
	for _, r := range name {
		switch {
		case r < 0x20 || r > 0x7e:
			wide = append(wide, r)
			continue
		case r == '&':
			flush()
			b.WriteString("&-")
			continue
		}
		flush()
		b.WriteRune(r)
	}
	flush()
	return b.String()
}

// decodeName is the opposite of encodeName; it is false for what no client
// may send.
func decodeName(wire string) (string, bool) {
	var b strings.Builder
	for wire != "" {
		before, after, shifted := strings.Cut(wire, "&")
		b.WriteString(before)
		if !shifted {
			break
		}
		code, rest, closed := strings.Cut(after, "-")
		if !closed {
			return "", false
		}
		wire = rest
		if code == "" {
			b.WriteByte('&')
			continue
		}
		raw, err := utf7Base64.DecodeString(code)
		if err != nil || len(raw)%2 != 0 {
			return "", false
		}
		units := make([]uint16, len(raw)/2)
		for i := range units {
			units[i] = uint16(raw[2*i])<<8 | uint16(raw[2*i+1])
		}
		b.WriteString(string(utf16.Decode(units)))
	}
	return b.String(), true
}

// quote returns text as a quoted string, or as a literal where it holds what
// no quoted string may.
func quote(text string) string {
	for i := 0; i < len(text); i++ {
		if c := text[i]; c == '\r' || c == '\n' || c == 0 || c >= 0x80 {
			return literal([]byte(text))
		}
	}
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(text) + `"`
}
