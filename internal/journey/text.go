package journey

import (
	"fmt"
	"strings"
	"time"

	"paquebot.app/localstore"
)

// Text is a report as a text to keep, of an account with that name, its times in
// a zone.
func Text(j localstore.Journey, account string, zone *time.Location) string {
	var b strings.Builder
	line := func(format string, args ...any) { fmt.Fprintf(&b, format+"\n", args...) }
	line("%s: offline since %s", account, when(j.Since, zone))
	line("online again %s", when(j.Online, zone))
	line("%s.", Headline(j))
	section := func(title string, n int) {
		if n > 0 {
			line("\n%s", title)
		}
	}
	section("Sent", len(j.Sent))
	for _, l := range j.Sent {
		line("  %s", subject(l))
		people(line, l)
	}
	section("Not sent", len(j.Waiting))
	for _, l := range j.Waiting {
		line("  %s (letter %d, %s)", subject(l), l.Letter, l.State)
		if why := Reason(l); why != "" {
			line("    %s", oneLine(why))
		}
		if !l.Next.IsZero() {
			line("    next try %s", when(l.Next, zone))
		}
		people(line, l)
	}
	section("Received", len(j.Received))
	for _, f := range j.Received {
		line("  %s: %d, %d of them unread", oneLine(f.Path), f.New, f.Unread)
	}
	section("Applied", len(j.Applied))
	for _, a := range j.Applied {
		line("  %s", Deeds(a))
	}
	section("To know and to decide", len(j.Conflicts))
	for _, c := range j.Conflicts {
		about := ""
		if c.Letter != 0 {
			about = fmt.Sprintf("letter %d: ", c.Letter)
		}
		line("  %s%s", about, oneLine(c.Text))
		var words []string
		for _, choice := range c.Choices {
			words = append(words, Choice(choice))
		}
		if len(words) > 0 {
			line("    %s", strings.Join(words, " · "))
		}
	}
	return b.String()
}

func subject(l localstore.JourneyLetter) string {
	if l.Subject == "" {
		return "No subject"
	}
	return oneLine(l.Subject)
}

// people writes the recipients of a letter, each with what became of it.
func people(line func(string, ...any), l localstore.JourneyLetter) {
	for _, r := range l.Recipients {
		switch id := QueueID(r); {
		case r.Sent && id != "":
			line("    %s: accepted as %s", r.Address, id)
		case r.Sent:
			line("    %s: accepted (%s)", r.Address, oneLine(r.Words()))
		case r.State == localstore.RecipientRefused:
			line("    %s: refused (%s)", r.Address, oneLine(r.Reply))
		default:
			line("    %s: waits", r.Address)
		}
	}
}

// oneLine keeps what servers and senders wrote from making lines of its own.
func oneLine(s string) string {
	return strings.Join(strings.FieldsFunc(s, func(r rune) bool { return r <= ' ' || r == 0x7f || r == 0x85 || r == 0x2028 || r == 0x2029 }), " ")
}
