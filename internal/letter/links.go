package letter

import (
	"net/url"
	"regexp"
	"strings"
	"unicode/utf8"
)

var linkPattern = regexp.MustCompile(`(?i)\bhttps?://[^\s<>"]+|\bmailto:[^\s<>"]+|\bwww\.[^\s<>"]+\.[^\s<>"]+|[\w.+-]{1,64}@[\w-]{1,63}(\.[\w-]{1,63}){1,8}`)

// findLink finds the first link in plain text; link is "" where there is none.
func findLink(s string) (start, end int, link string) {
	at := linkPattern.FindStringIndex(s)
	if at == nil {
		return 0, 0, ""
	}
	start, end = at[0], at[0]+linkLength(s[at[0]:at[1]])
	text := s[start:end]
	lower := strings.ToLower(text)
	switch {
	case strings.HasPrefix(lower, "www."):
		link = "http://" + text
	case !strings.HasPrefix(lower, "http") && !strings.HasPrefix(lower, "mailto:"):
		link = "mailto:" + text
	default:
		link = text
	}
	if link = SafeLink(link); link == "" {
		return findAfter(s, at[1])
	}
	return start, end, link
}

func findAfter(s string, from int) (start, end int, link string) {
	start, end, link = findLink(s[from:])
	return start + from, end + from, link
}

// linkLength leaves out the punctuation that belongs to the sentence, and a
// closing bracket without an opening one.
func linkLength(s string) int {
	for len(s) > 0 {
		r, n := utf8.DecodeLastRuneInString(s)
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
		s = s[:len(s)-n]
	}
	return 0
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
