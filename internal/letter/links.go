package letter

import (
	"net/url"
	"strings"
	"unicode/utf8"
)

// findLink finds the first link in plain text: a web address with or without
// its scheme, a mailto or a mail address. link is "" where there is none.
func findLink(s string) (start, end int, link string) {
	for i := 0; i < len(s); i++ {
		scheme := ""
		start, end = i, 0
		switch s[i] | 0x20 {
		case 'h':
			if hasPrefixFold(s[i:], "http://") || hasPrefixFold(s[i:], "https://") {
				end = i + linkLength(urlRun(s[i:]))
			}
		case 'w':
			if hasPrefixFold(s[i:], "www.") {
				scheme, end = "http://", i+linkLength(urlRun(s[i:]))
			}
		case 'm':
			if hasPrefixFold(s[i:], "mailto:") {
				end = i + linkLength(urlRun(s[i:]))
			}
		case '@' | 0x20:
			if s[i] == '@' {
				scheme = "mailto:"
				start, end = addressAround(s, i)
			}
		}
		if end <= start || start > 0 && isWordByte(s[start-1]) {
			continue
		}
		if link = SafeLink(scheme + s[start:end]); link != "" {
			return start, end, link
		}
		i = max(i, end-1) // what was looked at once is not looked at again
	}
	return 0, 0, ""
}

func hasPrefixFold(s, prefix string) bool {
	return len(s) > len(prefix) && strings.EqualFold(s[:len(prefix)], prefix)
}

func isWordByte(c byte) bool {
	return 'a' <= c|0x20 && c|0x20 <= 'z' || '0' <= c && c <= '9'
}

// urlRun returns how much of s may be a web address: up to a blank, a bracket
// or quote that never stands in one, or a character of the East Asian scripts,
// whose sentences have no blanks.
func urlRun(s string) string {
	for i, r := range s {
		if i > 2048 || r <= ' ' || strings.ContainsRune(`<>"\^{|}`+"`", r) || r >= 0x2e80 && r < 0x1f000 || isBlank(r) || isControl(r) {
			return s[:i]
		}
	}
	return s
}

// addressAround returns where the mail address round the '@' at i stands;
// end is 0 where there is none.
func addressAround(s string, i int) (start, end int) {
	start, end = i, i+1
	for start > 0 && i-start < 64 && (isWordByte(s[start-1]) || strings.IndexByte(".+-_", s[start-1]) >= 0) {
		start--
	}
	for end < len(s) && end-i < 255 && (isWordByte(s[end]) || s[end] == '.' || s[end] == '-') {
		end++
	}
	domain := strings.TrimRight(s[i+1:end], ".-")
	if start == i || strings.IndexByte(domain, '.') <= 0 {
		return 0, 0
	}
	return start, i + 1 + len(domain)
}

// linkLength leaves out the punctuation that belongs to the sentence, and a
// closing bracket without an opening one.
func linkLength(s string) int {
	for n := 0; len(s) > 0 && n < 20; n++ {
		r, size := utf8.DecodeLastRuneInString(s)
		switch r {
		case '.', ',', ';', ':', '!', '?', '\'', '*', '_', '"', '…', '。', '、', '」', '”', '’', '»':
		case ')', ']', '}', '）':
			open := map[rune]string{')': "(", ']': "[", '}': "{", '）': "（"}[r]
			if strings.Count(s, open) >= strings.Count(s, string(r)) {
				return len(s)
			}
		default:
			return len(s)
		}
		s = s[:len(s)-size]
	}
	return len(s)
}

// SafeLink returns a link if it is one that may be opened (http, https or
// mailto, with a target), else "". Blanks and control characters inside, which
// browsers skip, are taken out first.
func SafeLink(href string) string {
	href = strings.Map(func(r rune) rune {
		if r <= ' ' || isControl(r) || isDirectional(r) || isInvisible(r) || isBlank(r) && r != ' ' {
			return -1
		}
		return r
	}, href)
	if len(href) > 8<<10 {
		return ""
	}
	u, err := url.Parse(href)
	if err != nil {
		return ""
	}
	switch strings.ToLower(u.Scheme) {
	case "http", "https":
		if u.Hostname() == "" {
			return ""
		}
		return href
	case "mailto":
		if u.Opaque == "" && u.RawQuery == "" {
			return ""
		}
		return href
	}
	return ""
}

// LinkHost returns where a link leads, for the eye: the host of a web address,
// in its ASCII form if it could be taken for another, or the address of a
// mailto.
func LinkHost(link string) string {
	u, err := url.Parse(link)
	if err != nil {
		return ""
	}
	if strings.EqualFold(u.Scheme, "mailto") {
		to, _ := url.PathUnescape(u.Opaque)
		return cleanName(to)
	}
	host := u.Hostname()
	if lookAlike(host) {
		if ascii, err := asciiDomain(host); err == nil {
			return ascii
		}
	}
	return cleanName(host)
}

// Misleading tells whether a text that looks like a web address or a mail
// address names another place than link leads to.
func Misleading(text, link string) bool {
	_, _, said := findLink(strings.TrimSpace(text))
	if said == "" {
		return false
	}
	is := func(l string) string {
		h := strings.ToLower(LinkHost(l))
		return strings.TrimPrefix(h, "www.")
	}
	return is(said) != is(link)
}

// ParseMailto reads a mailto URL (RFC 6068) into a Draft. Only to, cc, bcc,
// subject, body and in-reply-to are taken: no URL attaches a file or sets
// another field. It returns false for what is no mailto URL.
func ParseMailto(link string) (*Draft, bool) {
	scheme, rest, ok := strings.Cut(link, ":")
	if !ok || !strings.EqualFold(scheme, "mailto") {
		return nil, false
	}
	rest, _, _ = strings.Cut(rest, "#")
	path, query, _ := strings.Cut(rest, "?")
	unescape := func(s string) string {
		t, err := url.PathUnescape(s) // "+" stays "+" here
		if err != nil {
			t = s
		}
		return strings.ToValidUTF8(t, "\uFFFD")
	}
	d := &Draft{To: ParseAddresses(cleanLine(unescape(path)))}
	for _, pair := range strings.Split(query, "&") {
		key, value, _ := strings.Cut(pair, "=")
		value = unescape(value)
		switch strings.ToLower(key) {
		case "to":
			d.To = append(d.To, ParseAddresses(cleanLine(value))...)
		case "cc":
			d.Cc = append(d.Cc, ParseAddresses(cleanLine(value))...)
		case "bcc":
			d.Bcc = append(d.Bcc, ParseAddresses(cleanLine(value))...)
		case "subject":
			d.Subject = cut(cleanLine(value), maxSubject)
		case "body":
			d.Text = cleanText(cut(value, maxText))
		case "in-reply-to":
			if ids := parseIDs([]byte(value)); len(ids) == 1 {
				d.InReplyTo = ids[0]
			}
		}
	}
	return d, true
}
