package letter

import (
	"bytes"
	"io"
	"strings"
	"unicode/utf8"

	"github.com/emersion/go-message/charset"
	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/japanese"
	"golang.org/x/text/encoding/korean"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/transform"
)

// What go-message does not know, or knows by its letter and not as mail uses
// it: UTF-8 and ASCII that hold other bytes, Latin-1 that is windows-1252,
// GB2312 that is GB18030.
func init() {
	for e, names := range map[encoding.Encoding][]string{
		&readOnly{func() transform.Transformer { return &tolerant{} }}: {"utf-8", "utf8", "csutf8", "x-utf_8j",
			"us-ascii", "ascii", "us", "csascii", "ansi_x3.4-1968", "ansi_x3.4-1986", "iso646-us", "iso_646.irv:1991"},
		&readOnly{func() transform.Transformer { return &utf7{} }}: {"utf-7", "unicode-1-1-utf-7", "x-utf-7"},
		&readOnly{func() transform.Transformer {
			return transform.Chain(&iso2022kr{}, korean.EUCKR.NewDecoder())
		}}: {"iso-2022-kr", "csiso2022kr"},
		charmap.Windows1252:       {"iso-8859-1", "iso_8859-1", "iso_8859-1:1987", "csisolatin1", "latin1", "l1", "cp819"},
		charmap.Windows1254:       {"iso-8859-9", "iso_8859-9", "iso_8859-9:1989", "csisolatin5", "latin5", "l5"},
		simplifiedchinese.GB18030: {"gb2312", "csgb2312", "gbk", "x-gbk", "cp936", "ms936"},
		charmap.CodePage858:       {"cp858"},
		japanese.ShiftJIS:         {"cp932", "ms932"},
		korean.EUCKR:              {"cp949"},
		nil:                       {"iso-2022-cn", "iso-2022-cn-ext", "replacement"}, // would be read as a single U+FFFD
	} {
		for _, name := range names {
			charset.RegisterEncoding(name, e)
		}
	}
}

// readOnly is an encoding that only decodes.
type readOnly struct{ decoder func() transform.Transformer }

func (e *readOnly) NewDecoder() *encoding.Decoder {
	return &encoding.Decoder{Transformer: e.decoder()}
}

func (*readOnly) NewEncoder() *encoding.Encoder { return encoding.Replacement.NewEncoder() }

// utf8Reader returns r turned from the named charset into UTF-8. No name and
// an unknown one give the tolerant reading that keeps what is UTF-8 and takes
// other bytes for windows-1252.
func utf8Reader(r io.Reader, name string) io.Reader {
	decoded, err := charset.Reader(strings.Trim(name, " \t\"'"), r)
	if err != nil {
		return transform.NewReader(r, &tolerant{})
	}
	return decoded
}

// toUTF8 turns b from charset into valid UTF-8. Bytes that are valid UTF-8
// stay as they are where the charset says nothing else.
func toUTF8(b []byte, charset string) string {
	if isASCII(b) && !hasShifts(charset) || strings.EqualFold(charset, "utf-8") && utf8.Valid(b) {
		return string(b)
	}
	out, _ := io.ReadAll(utf8Reader(bytes.NewReader(b), charset))
	return strings.ToValidUTF8(string(out), "\uFFFD")
}

// rawText turns bytes that should be ASCII into UTF-8: they are that, or UTF-8,
// or in the charset the mail names elsewhere.
func rawText(b []byte, charset string) string {
	if utf8.Valid(b) {
		return string(b)
	}
	if hasShifts(charset) {
		charset = ""
	}
	return toUTF8(b, charset)
}

// hasShifts tells charsets in which ASCII bytes stand for something else.
func hasShifts(charset string) bool {
	c := strings.ToLower(charset)
	return strings.Contains(c, "utf-7") || strings.Contains(c, "2022") || strings.Contains(c, "hz-") ||
		strings.Contains(c, "16") || strings.Contains(c, "32") || strings.Contains(c, "037")
}

func isASCII(b []byte) bool {
	for _, c := range b {
		if c >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

func fromLatin1(b []byte) []byte {
	out := make([]byte, 0, 2*len(b))
	for _, c := range b {
		out = utf8.AppendRune(out, rune(c))
	}
	return out
}

// tolerant passes UTF-8 on and takes every byte that is none for windows-1252:
// mail without a charset, or with a wrong one, is one or the other.
type tolerant struct{ transform.NopResetter }

func (*tolerant) Transform(dst, src []byte, atEOF bool) (nDst, nSrc int, err error) {
	for nSrc < len(src) {
		r, size := rune(src[nSrc]), 1
		if r >= utf8.RuneSelf {
			r, size = utf8.DecodeRune(src[nSrc:])
			if r == utf8.RuneError && size == 1 {
				if !atEOF && !utf8.FullRune(src[nSrc:]) {
					return nDst, nSrc, transform.ErrShortSrc
				}
				r = charmap.Windows1252.DecodeByte(src[nSrc])
				if r == utf8.RuneError {
					r = rune(src[nSrc])
				}
			}
		}
		if nDst+utf8.RuneLen(r) > len(dst) {
			return nDst, nSrc, transform.ErrShortDst
		}
		nDst += utf8.EncodeRune(dst[nDst:], r)
		nSrc += size
	}
	return nDst, nSrc, nil
}

// iso2022kr turns ISO-2022-KR (RFC 1557) into EUC-KR: between SO and SI the
// bytes are those of EUC-KR without their high bit.
type iso2022kr struct{ shifted bool }

func (k *iso2022kr) Reset() { k.shifted = false }

func (k *iso2022kr) Transform(dst, src []byte, atEOF bool) (nDst, nSrc int, err error) {
	for nSrc < len(src) {
		c := src[nSrc]
		switch {
		case c == 0x0e:
			k.shifted = true
		case c == 0x0f:
			k.shifted = false
		case c == 0x1b: // ESC $ ) C announces the charset and says nothing
			if !atEOF && len(src)-nSrc < 4 {
				return nDst, nSrc, transform.ErrShortSrc
			}
			nSrc += min(3, len(src)-nSrc-1)
		default:
			if nDst == len(dst) {
				return nDst, nSrc, transform.ErrShortDst
			}
			if c == '\n' {
				k.shifted = false
			}
			if k.shifted && c > ' ' {
				c |= 0x80
			}
			dst[nDst] = c
			nDst++
		}
		nSrc++
	}
	return nDst, nSrc, nil
}
