package fakeimap

import (
	"slices"

	"paquebot.app/internal/fakeserver"
)

// announces tells whether a capability is among Options.Also.
func (x *session) announces(capability string) bool {
	return slices.Contains(x.server.options.Also, capability)
}

// xlistWords are those of XLIST that RFC 6154 calls otherwise.
var xlistWords = map[string]string{`\All`: `\AllMail`, `\Junk`: `\Spam`, `\Flagged`: `\Starred`}

// xlistLine returns the attributes and the name of a mailbox as XLIST tells
// them: the inbox has a name in the user's language, and is not opened by it.
func (x *session) xlistLine(s fakeserver.Status) (attributes []string, name string) {
	if s.Name == "INBOX" {
		return []string{`\HasNoChildren`, `\Inbox`}, quote("Posteingang")
	}
	for _, a := range s.Attributes {
		if w, other := xlistWords[a]; other {
			a = w
		}
		attributes = append(attributes, a)
	}
	return attributes, x.wireName(s.Name)
}
