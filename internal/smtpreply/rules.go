package smtpreply

import (
	"slices"
	"strings"
)

// rule tells answers of one kind: by the last two numbers of the enhanced code,
// or by the code together with words that servers use. Words count only where
// the enhanced code does not say something else.
type rule struct {
	kind     Kind
	codes    []string // any: nil
	enhanced []string // ".1.1"
	words    []string
	always   bool // the words count whatever the enhanced code says
}

// rules are tried in order.
var rules = []rule{
	{kind: Greylisted, codes: []string{"421", "450", "451", "452", "471"}, words: []string{"greylist", "graylist", "grey-list", "gray-list", "grey list", "gray list", "postgrey"}, always: true},
	{kind: SignIn, codes: []string{"530", "534", "535", "538", "454"}, enhanced: []string{".7.8", ".7.9", ".7.11", ".7.14"}},
	{kind: MailboxFull, enhanced: []string{".2.2"}, words: []string{"quota", "mailbox full", "mailbox is full", "mailbox exceeds", "over limit", "out of storage"}},
	{kind: TooLarge, enhanced: []string{".3.4", ".2.3"}, words: []string{"too large", "too big", "message size", "size limit", "maximum size", "size exceeds"}},
	{kind: TooLarge, codes: []string{"552", "523"}},
	{kind: TooMany, enhanced: []string{".5.3", ".7.28"}, words: []string{"too many recipients", "too many messages", "too many connections", "rate limit", "sending limit", "throttl"}},
	{kind: NoSuchUser, codes: []string{"550", "551", "553", "554", "450"}, enhanced: []string{".1.1", ".1.2", ".1.3", ".1.6", ".1.10"},
		words: []string{"no such user", "user unknown", "unknown user", "unknown recipient", "no such recipient", "does not exist", "no mailbox", "recipient not found", "user not found", "invalid recipient", "no such address"}},
	{kind: NotAllowed, codes: []string{"550", "551", "553", "554", "571"}, enhanced: []string{".7.0", ".7.1", ".7.2", ".7.23", ".7.25", ".7.26", ".7.27", ".7.509"},
		words: []string{"spam", "relay", "not allowed", "not permitted", "blocked", "blacklist", "blocklist", "policy", "not owned", "denied", "virus"}},
}

func (r rule) means(a answer) bool {
	coded := slices.Contains(r.codes, a.code)
	if len(r.enhanced) == 0 && len(r.words) == 0 {
		return coded
	}
	if a.enhanced != "" && slices.Contains(r.enhanced, a.enhanced[1:]) {
		return true
	}
	said := slices.ContainsFunc(r.words, func(w string) bool { return strings.Contains(a.text, w) })
	switch {
	case r.kind == SignIn:
		return coded && (a.code != "454" || a.enhanced == "" || a.enhanced == "4.7.0")
	case r.always:
		return coded && said
	case len(r.codes) > 0 && !coded:
		return false
	}
	return said && vague(a.enhanced)
}

// vague tells an enhanced code that says no more than the code: none, x.0.0, and
// what servers put where they have nothing better.
func vague(enhanced string) bool {
	switch {
	case enhanced == "":
		return true
	}
	switch enhanced[1:] {
	case ".0.0", ".5.0", ".3.0", ".7.0", ".7.1", ".2.0", ".1.0":
		return true
	}
	return false
}
