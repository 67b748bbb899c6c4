package tree

import (
	"net/url"
	"strings"
	"unicode"

	"golang.org/x/net/idna"
	"golang.org/x/net/publicsuffix"
)

// linkOf returns the link of an address, nil for one that is not opened. Only
// http, https, mailto, tel and ftp are.
func linkOf(address string) *Link {
	address = strings.Map(func(r rune) rune {
		if r < 0x20 || r == 0x7f {
			return -1
		}
		return r
	}, strings.TrimSpace(address))
	if strings.HasPrefix(address, "//") {
		address = "https:" + address
	}
	scheme, rest, ok := strings.Cut(address, ":")
	if !ok || len(address) > 8192 {
		return nil
	}
	scheme = strings.ToLower(scheme)
	switch scheme {
	case "mailto", "tel":
		return &Link{Href: scheme + ":" + rest}
	case "http", "https", "ftp":
	default:
		return nil
	}
	rest = strings.ReplaceAll(rest, "\\", "/") // as browsers read it
	u, err := url.Parse(scheme + "://" + strings.TrimLeft(rest, "/"))
	if err != nil || u.Hostname() == "" {
		return nil
	}
	host := ascii(u.Hostname())
	if host == "" {
		return nil
	}
	if p := u.Port(); p != "" {
		u.Host = host + ":" + p
	} else if strings.Contains(host, ":") {
		u.Host = "[" + host + "]"
	} else {
		u.Host = host
	}
	return &Link{Href: u.String(), Host: host}
}

// ascii is a host as it is looked up.
func ascii(host string) string {
	host = strings.TrimSuffix(strings.ToLower(host), ".")
	if a, err := idna.Lookup.ToASCII(host); err == nil {
		return a
	}
	for _, r := range host { // names with _ and the like, which exist
		if r >= 0x80 {
			return ""
		}
	}
	return host
}

// Shown is the host as it is shown to a person: in its own letters where they
// are of one script, else as it is looked up, for letters of two scripts can
// look alike.
func (l *Link) Shown() string {
	if !strings.Contains(l.Host, "xn--") {
		return l.Host
	}
	u, err := idna.Display.ToUnicode(l.Host)
	if err != nil || !oneScript(u) {
		return l.Host
	}
	return u
}

// oneScript tells a name all of whose letters are of one script other than
// those that are mistaken for Latin.
func oneScript(host string) bool {
	for _, label := range strings.Split(host, ".") {
		latin, other := false, false
		for _, r := range label {
			switch {
			case unicode.Is(unicode.Latin, r):
				latin = true
			case unicode.Is(unicode.Cyrillic, r), unicode.Is(unicode.Greek, r), unicode.Is(unicode.Armenian, r), unicode.Is(unicode.Cherokee, r):
				return false
			case unicode.IsLetter(r):
				other = true
			}
		}
		if latin && other {
			return false
		}
	}
	return true
}

// Misleads tells a link whose text names an address with another host than
// the one it leads to; named is that host.
func (l *Link) Misleads(text string) (named string, yes bool) {
	if l.Host == "" {
		return "", false
	}
	for _, word := range strings.Fields(text) {
		host := hostIn(word)
		if host == "" || host == l.Host {
			continue
		}
		if registered(host) != registered(l.Host) {
			return host, true
		}
	}
	return "", false
}

// hostIn is the host that a word names, "" where it names none.
func hostIn(word string) string {
	word = strings.Trim(word, "<>()[]{}\"'“”‘’«»,;:!?…*")
	rest := word
	lower := strings.ToLower(rest)
	named := false
	for _, scheme := range []string{"http://", "https://", "ftp://"} {
		if strings.HasPrefix(lower, scheme) {
			rest, named = rest[len(scheme):], true
		}
	}
	if i := strings.IndexAny(rest, "/?#"); i >= 0 {
		rest = rest[:i]
	}
	if i := strings.LastIndexByte(rest, '@'); i >= 0 {
		if !named {
			return "" // an address of mail
		}
		rest = rest[i+1:]
	}
	if i := strings.LastIndexByte(rest, ':'); i >= 0 {
		rest = rest[:i]
	}
	host := ascii(strings.TrimSuffix(rest, "."))
	if host == "" || !strings.Contains(host, ".") || strings.ContainsAny(host, " %_,") {
		return ""
	}
	if named || strings.HasPrefix(host, "www.") {
		return host
	}
	if suffix, icann := publicsuffix.PublicSuffix(host); !icann || suffix == host || !commonEnd(suffix) {
		return ""
	}
	return host
}

// commonEnd tells ends of names that are not those of files as well.
func commonEnd(suffix string) bool {
	switch suffix {
	case "zip", "mov", "md", "py", "rs", "sh", "pl", "ps", "so", "cc", "app", "java":
		return false
	}
	return true
}

// registered is the part of a host that its owner registered.
func registered(host string) string {
	r, err := publicsuffix.EffectiveTLDPlusOne(host)
	if err != nil {
		return host
	}
	return r
}
