// Package journey puts the report of a time without a network into words: for
// the window, for the command line, and as a text to keep.
//
// It guarantees that nothing of a report is left out of its text: whoever reads
// it knows of every letter and of every choice that is open.
package journey

import (
	"cmp"
	"fmt"
	"strings"
	"time"

	"paquebot.app/internal/smtpreply"
	"paquebot.app/localstore"
)

// Headline is a report in one line: "Sent 5 of 6, received 42, applied 31, 1 to
// decide".
func Headline(j localstore.Journey) string {
	var parts []string
	switch waiting := StillWaiting(j); {
	case waiting > 0:
		parts = append(parts, fmt.Sprintf("sent %d of %d", len(j.Sent), len(j.Sent)+waiting))
	case len(j.Sent) > 0:
		parts = append(parts, fmt.Sprintf("sent %d", len(j.Sent)))
	}
	if n := Received(j); n > 0 {
		parts = append(parts, fmt.Sprintf("received %d", n))
	}
	if n := Applied(j); n > 0 {
		parts = append(parts, fmt.Sprintf("applied %d", n))
	}
	if n := ToDecide(j); n > 0 {
		parts = append(parts, fmt.Sprintf("%d to decide", n))
	}
	if len(parts) == 0 {
		return "Nothing happened"
	}
	line := strings.Join(parts, ", ")
	return strings.ToUpper(line[:1]) + line[1:]
}

// StillWaiting counts the letters that nobody has yet.
func StillWaiting(j localstore.Journey) (n int) {
	for _, l := range j.Waiting {
		if !hasSome(l) {
			n++
		}
	}
	return n
}

func hasSome(l localstore.JourneyLetter) bool {
	for _, r := range l.Recipients {
		if r.Sent {
			return true
		}
	}
	return false
}

// Received counts the messages that came.
func Received(j localstore.Journey) (n int) {
	for _, f := range j.Received {
		n += f.New
	}
	return n
}

// Applied counts what was done offline and is confirmed.
func Applied(j localstore.Journey) (n int) {
	for _, a := range j.Applied {
		n += a.Count
	}
	return n
}

// ToDecide counts the conflicts that leave a choice.
func ToDecide(j localstore.Journey) (n int) {
	for _, c := range j.Conflicts {
		if len(c.Choices) > 0 {
			n++
		}
	}
	return n
}

// QueueIDs returns by what the servers know a letter, each once: from their
// answers to it.
func QueueIDs(l localstore.JourneyLetter) []string {
	ids := []string{}
	seen := map[string]bool{}
	for _, r := range l.Recipients {
		if id := QueueID(r); id != "" && !seen[id] {
			seen[id] = true
			ids = append(ids, id)
		}
	}
	return ids
}

// QueueID returns by what the server knows the letter to a recipient; "" where
// it does not have it, or did not say.
func QueueID(r localstore.Recipient) string {
	if !r.Sent {
		return ""
	}
	return smtpreply.QueueID(r.Words())
}

var kinds = map[localstore.PendingKind][2]string{
	localstore.PendFlags:        {"change of marks", "changes of marks"},
	localstore.PendMove:         {"move", "moves"},
	localstore.PendCopy:         {"copy", "copies"},
	localstore.PendDelete:       {"deletion", "deletions"},
	localstore.PendAppend:       {"message put on the server", "messages put on the server"},
	localstore.PendFolderCreate: {"folder made", "folders made"},
	localstore.PendFolderRename: {"folder renamed", "folders renamed"},
	localstore.PendFolderDelete: {"folder deleted", "folders deleted"},
}

// Deeds says how many intents of a kind: "3 moves".
func Deeds(a localstore.JourneyApplied) string {
	words, ok := kinds[a.Kind]
	if !ok {
		words = [2]string{string(a.Kind), string(a.Kind)}
	}
	if a.Count == 1 {
		return "1 " + words[0]
	}
	return fmt.Sprintf("%d %s", a.Count, words[1])
}

var choices = map[string]string{
	localstore.ChoiceSend: "Send it", localstore.ChoiceSent: "It went out", localstore.ChoiceEdit: "Edit", localstore.ChoiceCancel: "Take it back",
	localstore.ChoiceRelease: "This profile goes on here", localstore.ChoiceKeep: "Keep here", localstore.ChoicePutBack: "Put back on the server",
	localstore.ChoiceRemove: "Remove",
}

// Choice is a choice in words for people.
func Choice(c string) string { return cmp.Or(choices[c], c) }

// Reason says in words why a letter waits.
func Reason(l localstore.JourneyLetter) string {
	kind := smtpreply.Of(l.Reason).Sentence()
	switch {
	case kind != "" && !strings.HasPrefix(l.Reason, "The letter has "):
		return kind + " The server said: " + l.Reason
	case l.Reason != "":
		return l.Reason
	case l.State == localstore.OutQueued && l.Next.IsZero():
		return "It waits for a connection."
	}
	return ""
}

// when writes a time as people do, in a zone.
func when(t time.Time, zone *time.Location) string {
	return t.In(zone).Format("Mon, 2 January 2006 at 15:04")
}
