package richtext

import (
	"net/url"
	"strings"
)

// SafeLink returns a URL as a letter may lead to it, "" for one of a kind that
// it may not. What begins like a host gets https.
func SafeLink(s string) string {
	s = strings.Map(func(r rune) rune {
		if r < ' ' || r >= 0x7f && r < 0xa0 {
			return -1
		}
		return r
	}, strings.TrimSpace(s))
	if s == "" || len(s) > 8192 {
		return ""
	}
	if strings.HasPrefix(strings.ToLower(s), "www.") {
		s = "https://" + s
	}
	u, err := url.Parse(s)
	if err != nil {
		return ""
	}
	switch strings.ToLower(u.Scheme) {
	case "http", "https", "ftp":
		if u.Host == "" {
			return ""
		}
	case "mailto", "tel":
	default:
		return ""
	}
	return s
}
