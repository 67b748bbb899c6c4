package letter

import (
	"io"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/htmlindex"
	"golang.org/x/text/encoding/ianaindex"
	"golang.org/x/text/encoding/japanese"
	"golang.org/x/text/encoding/korean"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"
)

// charsets names what the indexes of x/text lack or take for something else.
var charsets = map[string]encoding.Encoding{
	"utf-16":      unicode.UTF16(unicode.BigEndian, unicode.UseBOM),
	"utf-16be":    unicode.UTF16(unicode.BigEndian, unicode.IgnoreBOM),
	"utf-16le":    unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM),
	"cp932":       japanese.ShiftJIS,
	"ms932":       japanese.ShiftJIS,
	"windows-31j": japanese.ShiftJIS,
	"cp936":       simplifiedchinese.GB18030,
	"gb2312":      simplifiedchinese.GB18030,
	"gbk":         simplifiedchinese.GB18030,
	"hz-gb-2312":  simplifiedchinese.HZGB2312,
	"cp949":       korean.EUCKR,
	"cp437":       charmap.CodePage437,
	"cp850":       charmap.CodePage850,
	"cp852":       charmap.CodePage852,
	"cp858":       charmap.CodePage858,
	"cp866":       charmap.CodePage866,
}

// decoderOf returns what turns bytes of the named charset into UTF-8. UTF-8
// and ASCII, no name and an unknown one give the tolerant reading that keeps
// what is UTF-8 and takes other bytes for windows-1252.
func decoderOf(name string) transform.Transformer {
	name = strings.ToLower(strings.Trim(name, " \t\"'"))
	switch name {
	case "", "utf-8", "utf8", "us-ascii", "ascii", "ansi_x3.4-1968", "unknown-8bit", "x-unknown", "binary":
		return &tolerant{}
	case "utf-7", "unicode-1-1-utf-7", "x-utf-7":
		return &utf7{}
	case "iso-2022-kr":
		return transform.Chain(&iso2022kr{}, korean.EUCKR.NewDecoder())
	}
	if e, ok := charsets[name]; ok {
		return e.NewDecoder()
	}
	e, err := htmlindex.Get(name)
	if err != nil || e == encoding.Replacement {
		if e, err = ianaindex.MIME.Encoding(name); err != nil || e == nil {
			return &tolerant{}
		}
	}
	return e.NewDecoder()
}

// utf8Reader returns r turned from charset into UTF-8.
func utf8Reader(r io.Reader, charset string) io.Reader {
	return transform.NewReader(r, decoderOf(charset))
}

// toUTF8 turns b from charset into valid UTF-8. Bytes that are valid UTF-8
// stay as they are where the charset says nothing else.
func toUTF8(b []byte, charset string) string {
	if isASCII(b) && !hasShifts(charset) {
		return string(b)
	}
	out, _, err := transform.Bytes(decoderOf(charset), b)
	if err != nil {
		out, _, _ = transform.Bytes(&tolerant{}, b)
	}
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
