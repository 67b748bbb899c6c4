// Package smtpreply says what the answer of an SMTP server means to the person
// whose letter it is about.
//
// It guarantees that any words give a Kind, that what is for a time is told from
// what is for good by the code alone (RFC 5321 §4.2.1), and that the server's
// own words are never changed: what is said here stands beside them.
package smtpreply

import (
	"fmt"
	"slices"
	"strings"
)

// Kind is what an answer means.
type Kind string

// The kinds. None is of words that are no server's answer.
const (
	None        Kind = ""
	Greylisted  Kind = "greylisted"   // strangers are put off at first; the next try passes
	MailboxFull Kind = "mailbox-full" // the recipient's
	TooLarge    Kind = "too-large"
	SignIn      Kind = "sign-in"      // user, password or a protected connection is demanded
	NoSuchUser  Kind = "no-such-user" // the address is wrong
	NotAllowed  Kind = "not-allowed"  // a rule of the server: about the sender, or what the letter says
	TooMany     Kind = "too-many"     // letters or recipients at once
	Busy        Kind = "busy"         // for a time, for a reason of its own
	Refused     Kind = "refused"      // for good, for a reason of its own
)

// Of returns what a server's answer means: "550 5.1.1 no such user". The
// enhanced code (RFC 3463) may be missing.
func Of(words string) Kind {
	if strings.HasPrefix(words, tooLarge) {
		return TooLarge
	}
	r, ok := parse(words)
	if !ok {
		return None
	}
	for _, rule := range rules {
		if rule.means(r) {
			return rule.kind
		}
	}
	if r.code[0] == '4' {
		return Busy
	}
	return Refused
}

// Sentence says a kind in words for people; "" for None.
func (k Kind) Sentence() string { return sentences[k] }

var sentences = map[Kind]string{
	Greylisted:  "The server puts off letters from senders it does not know yet. The next try passes.",
	MailboxFull: "The recipient's mailbox is full.",
	TooLarge:    "The letter is larger than the server takes.",
	SignIn:      "The server for sending wants another sign-in.",
	NoSuchUser:  "There is no such address.",
	NotAllowed:  "A rule of the server forbids this letter.",
	TooMany:     "The server takes no more at once.",
	Busy:        "The server cannot take it at the moment.",
	Refused:     "The server refused it.",
}

const tooLarge = "The letter has "

// Exceeds says that a letter has more bytes than a server takes, as known
// before it is sent: no server's words, of kind TooLarge.
func Exceeds(size, limit int64, host string) string {
	return fmt.Sprintf(tooLarge+"%d bytes; %s takes %d at most.", size, host, limit)
}

// answer is a server's answer in its pieces.
type answer struct {
	code     string // three digits
	enhanced string // "5.1.1"; "" without
	text     string // in small letters
}

func parse(words string) (a answer, ok bool) {
	if len(words) < 3 || words[0] != '4' && words[0] != '5' || !digits(words[:3]) {
		return a, false
	}
	a.code = words[:3]
	rest := words[3:]
	if rest != "" && rest[0] != ' ' && rest[0] != '-' {
		return a, false
	}
	rest = strings.TrimLeft(rest, " -")
	if first, after, _ := strings.Cut(rest, " "); isEnhanced(first) && first[0] == a.code[0] {
		a.enhanced, rest = first, after
	}
	a.text = strings.ToLower(rest[:min(len(rest), 1000)])
	return a, true
}

func isEnhanced(s string) bool {
	parts := strings.Split(s, ".")
	return len(parts) == 3 && len(parts[0]) == 1 && !slices.ContainsFunc(parts, func(p string) bool { return len(p) > 3 || !digits(p) })
}

func digits(s string) bool {
	return s != "" && strings.Trim(s, "0123456789") == ""
}
