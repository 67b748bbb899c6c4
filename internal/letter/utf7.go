package letter

import (
	"unicode/utf16"
	"unicode/utf8"

	"golang.org/x/text/transform"
)

// utf7 decodes UTF-7 (RFC 2152). What is malformed gives U+FFFD or is left
// out; bytes above 0x7f are taken for Latin-1.
type utf7 struct {
	inside bool   // after a '+'
	fresh  bool   // nothing has followed the '+' yet
	bits   uint32 // of the base64 text, not yet used
	n      uint   // how many
	high   rune   // first half of a surrogate pair
}

func (u *utf7) Reset() { *u = utf7{} }

func (u *utf7) Transform(dst, src []byte, atEOF bool) (nDst, nSrc int, err error) {
	for ; nSrc < len(src); nSrc++ {
		if len(dst)-nDst < 2*utf8.UTFMax {
			return nDst, nSrc, transform.ErrShortDst
		}
		c := src[nSrc]
		if !u.inside {
			if c == '+' {
				*u = utf7{inside: true, fresh: true}
				continue
			}
			nDst += utf8.EncodeRune(dst[nDst:], rune(c))
			continue
		}
		if v := base64Value[c]; v < 64 {
			u.fresh = false
			u.bits, u.n = u.bits<<6|uint32(v), u.n+6
			if u.n >= 16 {
				u.n -= 16
				nDst += u.unit(dst[nDst:], rune(u.bits>>u.n&0xffff))
			}
			continue
		}
		fresh := u.fresh
		*u = utf7{}
		switch {
		case c == '-' && fresh:
			nDst += utf8.EncodeRune(dst[nDst:], '+')
		case c == '-':
		default:
			nDst += utf8.EncodeRune(dst[nDst:], rune(c))
		}
	}
	return nDst, nSrc, nil
}

// unit takes one UTF-16 unit and returns how many bytes it wrote.
func (u *utf7) unit(dst []byte, r rune) int {
	if u.high != 0 {
		high := u.high
		u.high = 0
		if pair := utf16.DecodeRune(high, r); pair != utf8.RuneError {
			return utf8.EncodeRune(dst, pair)
		}
		n := utf8.EncodeRune(dst, utf8.RuneError)
		return n + u.unit(dst[n:], r)
	}
	if 0xd800 <= r && r < 0xdc00 {
		u.high = r
		return 0
	}
	return utf8.EncodeRune(dst, r) // a lone second half gives U+FFFD
}
