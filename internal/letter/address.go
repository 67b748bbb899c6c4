package letter

import (
	"bytes"
	"errors"
	"strings"
	"unicode"

	"golang.org/x/net/idna"
)

// Address is one mailbox of an address field.
type Address struct {
	Name string // display name, decoded; may be empty, may lie
	Addr string // user@domain as it stands in the mail, never out of an encoded word; "" when unreadable
	Raw  string // what stands there, cleaned, where no address could be read; else ""
}

// Display returns what to call the person in a list: the name, unless it
// pretends to be another address, else the address, else the raw text.
func (a Address) Display() string {
	switch {
	case a.Name != "" && !a.doubtful():
		return a.Name
	case a.Addr != "":
		return a.Shown()
	}
	return a.Raw
}

// doubtful tells an address that could not be read, or whose name is itself an
// address and not this one.
func (a Address) doubtful() bool {
	return a.Addr == "" || strings.ContainsAny(a.Name, "@＠﹫") && !strings.EqualFold(a.Name, a.Addr)
}

// Shown returns the address for the eye. A domain that could be taken for
// another one, because it mixes scripts or is written in letters that look
// like Latin ones, is shown in its ASCII form.
func (a Address) Shown() string {
	local, domain, ok := splitAddr(a.Addr)
	if !ok || isASCII([]byte(domain)) || !lookAlike(domain) {
		return a.Addr
	}
	ascii, err := asciiDomain(domain)
	if err != nil {
		return a.Addr
	}
	return local + "@" + ascii
}

// String returns the address in the form ParseAddresses reads.
func (a Address) String() string {
	switch {
	case a.Addr == "":
		return a.Raw
	case a.Name == "":
		return a.Addr
	}
	return quoteName(a.Name) + " <" + a.Addr + ">"
}

// FormatAddresses writes addresses as people write them: decoded, separated by
// commas. ParseAddresses reads it back.
func FormatAddresses(list []Address) string {
	s := make([]string, 0, len(list))
	for _, a := range list {
		s = append(s, a.String())
	}
	return strings.Join(s, ", ")
}

// ParseAddresses reads addresses as a person types them or FormatAddresses
// wrote them. Encoded words are not decoded. What is no address is an Address
// with Raw only.
func ParseAddresses(s string) []Address { return parseAddresses([]byte(s), "", false) }

// quoteName puts a display name in quotes where its characters need them.
func quoteName(name string) string {
	if !strings.ContainsAny(name, "()<>[]:;@\\,.\"") {
		return name
	}
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(name) + `"`
}

// splitAddr splits user@domain at the last '@'.
func splitAddr(addr string) (local, domain string, ok bool) {
	i := strings.LastIndexByte(addr, '@')
	if i <= 0 || i == len(addr)-1 {
		return "", "", false
	}
	return addr[:i], addr[i+1:], true
}

var errDomain = errors.New("not a domain name")

// asciiDomain returns the domain as it goes into a header or over the wire.
func asciiDomain(domain string) (string, error) {
	if strings.HasPrefix(domain, "[") && strings.HasSuffix(domain, "]") && isASCII([]byte(domain)) {
		return domain, nil
	}
	ascii, err := idna.Lookup.ToASCII(domain)
	if err != nil && isASCII([]byte(domain)) {
		ascii, err = domain, nil // an underscore and such: the server may know
	}
	if err != nil || ascii == "" || strings.ContainsAny(ascii, " \t<>,;()\"@") {
		return "", errDomain
	}
	return ascii, nil
}

// lookAlike tells domains with a label in Cyrillic, Greek, Armenian or
// Cherokee letters under a Latin top level, or with letters of Latin and
// another script in one label.
func lookAlike(domain string) bool {
	labels := strings.Split(domain, ".")
	latinTop := isASCII([]byte(labels[len(labels)-1]))
	for _, l := range labels {
		var latin, alike, other bool
		for _, r := range l {
			switch {
			case !unicode.IsLetter(r):
			case unicode.Is(unicode.Latin, r):
				latin = true
			case unicode.In(r, unicode.Cyrillic, unicode.Greek, unicode.Armenian, unicode.Cherokee):
				alike = true
			default:
				other = true
			}
		}
		if alike && (latinTop || latin) || latin && other {
			return true
		}
	}
	return false
}

// validAddr tells an addr-spec we take for one: something before and after the
// last '@', no blanks, controls or brackets.
func validAddr(b []byte) bool {
	at := bytes.LastIndexByte(b, '@')
	if at <= 0 || at == len(b)-1 || len(b) > maxID {
		return false
	}
	local, quoted := b[:at], b[0] == '"' && b[at-1] == '"' && at > 1
	for _, r := range string(b) {
		if isControl(r) || isDirectional(r) || isInvisible(r) || isBlank(r) && !(quoted && r == ' ') {
			return false
		}
	}
	if bytes.ContainsAny(b[at:], "\"(),:;<>\\") || bytes.HasPrefix(b[at:], []byte("@.")) {
		return false
	}
	return quoted || !bytes.ContainsAny(local, "\"(),:;<>[]\\@")
}
