package wire

import (
	"encoding/base64"
	"errors"
	"strings"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"
)

const maxMailboxName = 1000 // bytes

var (
	errNameLength  = errors.New("mailbox name too long")
	errNameControl = errors.New("mailbox name with control characters")
	errNameForm    = errors.New("mailbox name not in modified UTF-7")
)

var utf7Base64 = base64.NewEncoding("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+,").WithPadding(base64.NoPadding)

// mailboxName returns the name that a server means by raw in modified UTF-7
// (RFC 3501 §5.1.3). It refuses a name that the library would spell otherwise
// when it sends it back: it would open another mailbox, or none.
func mailboxName(raw []byte) (string, error) {
	if len(raw) > maxMailboxName {
		return "", errNameLength
	}
	name, ok := decodeUTF7(string(raw))
	if !ok || encodeUTF7(name) != string(raw) {
		return "", errNameForm
	}
	if strings.ContainsFunc(name, unicode.IsControl) {
		return "", errNameControl
	}
	if strings.EqualFold(name, "INBOX") {
		return "INBOX", nil
	}
	return name, nil
}

func decodeUTF7(s string) (string, bool) {
	var sb strings.Builder
	for i := 0; i < len(s); i++ {
		switch ch := s[i]; {
		case ch < 0x20 || ch > 0x7e:
			return "", false
		case ch != '&':
			sb.WriteByte(ch)
		default:
			n := strings.IndexByte(s[i:], '-')
			if n < 0 {
				return "", false
			}
			if n == 1 {
				sb.WriteByte('&')
			} else {
				b, err := utf7Base64.DecodeString(s[i+1 : i+n])
				if err != nil || len(b)%2 != 0 {
					return "", false
				}
				u := make([]uint16, len(b)/2)
				for k := range u {
					u[k] = uint16(b[2*k])<<8 | uint16(b[2*k+1])
				}
				for _, r := range utf16.Decode(u) {
					if r == utf8.RuneError {
						return "", false
					}
					sb.WriteRune(r)
				}
			}
			i += n
		}
	}
	return sb.String(), true
}

func encodeUTF7(s string) string {
	var sb strings.Builder
	var run []rune
	flush := func() {
		if len(run) == 0 {
			return
		}
		u := utf16.Encode(run)
		b := make([]byte, 0, 2*len(u))
		for _, w := range u {
			b = append(b, byte(w>>8), byte(w))
		}
		sb.WriteString("&" + utf7Base64.EncodeToString(b) + "-")
		run = run[:0]
	}
	for _, r := range s {
		if r < 0x20 || r > 0x7e {
			run = append(run, r)
			continue
		}
		flush()
		sb.WriteRune(r)
		if r == '&' {
			sb.WriteByte('-')
		}
	}
	flush()
	return sb.String()
}

// DecodeName returns a name, or the beginning of one, that came in modified
// UTF-7 outside the answers in which the library decodes names itself; ok is
// false where it is none.
func DecodeName(raw string) (name string, ok bool) {
	name, ok = decodeUTF7(raw)
	return name, ok && len(raw) <= maxMailboxName && !strings.ContainsFunc(name, unicode.IsControl)
}
