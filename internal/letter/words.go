package letter

import (
	"bytes"
	"encoding/base64"
	"strings"
)

// decodeWords decodes the encoded words of RFC 2047 in a header value and
// turns what stands between them into UTF-8; charset is what 8-bit bytes are
// in that are no UTF-8. Neighbouring words in one charset are joined before
// they are decoded, since some programs split characters between words. What
// is no proper word stays as it is. No more than maxWords bytes are read.
//
// mime.WordDecoder would decode each word alone, refuse base64 without padding
// and take UTF-8 and Latin-1 by their letter; go-message uses no other.
func decodeWords(value []byte, charset string) string {
	value = cut(value, maxWords)
	if !bytes.Contains(value, []byte("=?")) {
		return rawText(value, charset)
	}
	var out strings.Builder
	var pending []byte // decoded bytes of neighbouring words
	var pendingCharset string
	flush := func() {
		if pending != nil {
			out.WriteString(toUTF8(pending, pendingCharset))
			pending = nil
		}
	}
	for len(value) > 0 {
		i := bytes.Index(value, []byte("=?"))
		if i < 0 {
			break
		}
		between := value[:i]
		w, n := cutWord(value[i:])
		if w.text == nil {
			flush()
			out.WriteString(rawText(value[:i+n], charset))
			value = value[i+n:]
			continue
		}
		if pending == nil || len(bytes.Trim(between, " \t")) > 0 || w.charset != pendingCharset {
			dropBetween := pending != nil && len(bytes.Trim(between, " \t")) == 0
			flush()
			if !dropBetween {
				out.WriteString(rawText(between, charset))
			}
			pending, pendingCharset = []byte{}, w.charset
		}
		pending = append(pending, w.text...)
		value = value[i+n:]
	}
	flush()
	out.WriteString(rawText(value, charset))
	return out.String()
}

type word struct {
	charset string
	text    []byte // decoded, still in charset; nil: not a word
}

// cutWord reads the encoded word at the start of b, which begins with "=?". It
// returns how many bytes it took, at least 2, also where there is no word.
func cutWord(b []byte) (word, int) {
	rest := b[2:]
	q := bytes.IndexByte(rest[:min(len(rest), 80)], '?')
	if q <= 0 || q+3 > len(rest) || rest[q+2] != '?' {
		return word{}, 2
	}
	charset, kind, text := string(rest[:q]), rest[q+1]|0x20, rest[q+3:]
	if i := strings.IndexByte(charset, '*'); i >= 0 { // language, RFC 2231 §5
		charset = charset[:i]
	}
	end := -1
	for i := 0; i+1 < len(text); i++ {
		if text[i] == '?' && text[i+1] == '=' {
			end = i
			break
		}
		if text[i] == '=' && text[i+1] == '?' && i > 0 && text[i-1] == ' ' {
			return word{}, q + 5 + i // the next word begins before this one ended
		}
	}
	if end < 0 {
		return word{}, len(b)
	}
	n := q + 5 + end + 2
	switch kind {
	case 'b':
		return word{charset, decodeBase64(text[:end])}, n
	case 'q':
		return word{charset, decodeQ(text[:end])}, n
	}
	return word{}, n
}

// decodeBase64 decodes what can be: other characters are skipped and padding
// is not needed.
func decodeBase64(s []byte) []byte {
	clean := make([]byte, 0, len(s))
	for _, c := range s {
		if base64Value[c] < 64 {
			clean = append(clean, c)
		}
	}
	if len(clean)%4 == 1 {
		clean = clean[:len(clean)-1]
	}
	out := make([]byte, base64.RawStdEncoding.DecodedLen(len(clean)))
	n, _ := base64.RawStdEncoding.Decode(out, clean)
	return out[:n]
}

// decodeQ decodes the Q encoding (RFC 2047 §4.2).
func decodeQ(s []byte) []byte {
	out := make([]byte, 0, len(s))
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c == '_':
			out = append(out, ' ')
		case c == '=' && i+2 < len(s) && hexValue(s[i+1]) < 16 && hexValue(s[i+2]) < 16:
			out = append(out, hexValue(s[i+1])<<4|hexValue(s[i+2]))
			i += 2
		default:
			out = append(out, c)
		}
	}
	return out
}

// hexValue returns the value of a hexadecimal digit, 255 for anything else.
func hexValue(c byte) byte {
	switch {
	case '0' <= c && c <= '9':
		return c - '0'
	case 'a' <= c && c <= 'f':
		return c - 'a' + 10
	case 'A' <= c && c <= 'F':
		return c - 'A' + 10
	}
	return 255
}
