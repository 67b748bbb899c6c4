package imapsync

import (
	"slices"
	"strings"

	"github.com/emersion/go-imap/v2"

	"paquebot.app/localstore"
)

// flagWords pairs our flags with the server's words for them; of several the
// first is the one we send.
var flagWords = []struct {
	flag localstore.Flags
	word imap.Flag
}{
	{localstore.Seen, imap.FlagSeen},
	{localstore.Answered, imap.FlagAnswered},
	{localstore.Flagged, imap.FlagFlagged},
	{localstore.Draft, imap.FlagDraft},
	{localstore.Forwarded, imap.FlagForwarded},
	{localstore.Junk, imap.FlagJunk},
	{localstore.Junk, "Junk"},
	{localstore.ServerDeleted, imap.FlagDeleted},
}

// marks are a message's flags as a server said them.
type marks struct {
	flags    localstore.Flags
	keywords []string
	known    bool // the server said them; false where only the UID was asked for
}

// fromServer sorts a FLAGS list into ours. System flags that mean nothing to
// us (\Recent, \*) are left out.
func fromServer(words []imap.Flag) marks {
	var m marks
next:
	for _, w := range words {
		for _, f := range flagWords {
			if strings.EqualFold(string(f.word), string(w)) {
				m.flags |= f.flag
				continue next
			}
		}
		if w != "" && !strings.HasPrefix(string(w), `\`) {
			m.keywords = append(m.keywords, string(w))
		}
	}
	slices.Sort(m.keywords)
	m.keywords = slices.Compact(m.keywords)
	return m
}

// toServer returns the words for flags and keywords.
func toServer(flags localstore.Flags, keywords []string) []imap.Flag {
	var words []imap.Flag
	for _, f := range flagWords {
		if flags&f.flag != 0 {
			words = append(words, f.word)
			flags &^= f.flag
		}
	}
	for _, k := range keywords {
		words = append(words, imap.Flag(k))
	}
	return words
}
