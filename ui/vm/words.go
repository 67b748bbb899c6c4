package vm

import (
	"strconv"
	"strings"
	"time"

	"paquebot.app/internal/fault"
	"paquebot.app/internal/letter"
	"paquebot.app/localstore"
)

// Sentence says an error to a person.
func Sentence(err error) string {
	f := fault.Of(err)
	switch {
	case f == nil:
		return ""
	case f.Text != "":
		return f.Text
	}
	return f.Error()
}

// thousands writes a number with commas: "1,204".
func thousands(n int) string {
	s := strconv.Itoa(n)
	for i := len(s) - 3; i > 0 && s[i-1] != '-'; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

// count writes a number with its noun: "1 message", "1,204 messages".
func count(n int, noun string) string {
	if n != 1 {
		noun += "s"
	}
	return thousands(n) + " " + noun
}

// size writes a number of bytes: "184 KB", "2.1 MB".
func size(n int64) string {
	switch {
	case n < 1000:
		return count(int(n), "byte")
	case n < 999_500:
		return strconv.FormatInt((n+500)/1000, 10) + " KB"
	case n < 9_950_000:
		return strconv.FormatFloat(float64(n)/1e6, 'f', 1, 64) + " MB"
	case n < 999_500_000:
		return strconv.FormatInt((n+500_000)/1_000_000, 10) + " MB"
	}
	return strconv.FormatFloat(float64(n)/1e9, 'f', 1, 64) + " GB"
}

// days is how many midnights lie between t and now.
func days(t, now time.Time) int {
	day := func(t time.Time) int64 {
		y, m, d := t.Date()
		return time.Date(y, m, d, 0, 0, 0, 0, time.UTC).Unix() / 86400
	}
	return int(day(now) - day(t))
}

// shortDate is a date in a list: 10:42, Yesterday, Fri, 12 Nov, 12 Nov 2024.
func shortDate(t, now time.Time) string {
	switch d := days(t, now); {
	case t.IsZero():
		return ""
	case d == 0:
		return t.Format("15:04")
	case d == 1:
		return "Yesterday"
	case d > 1 && d < 7:
		return t.Format("Mon")
	case t.Year() == now.Year():
		return t.Format("2 Jan")
	}
	return t.Format("2 Jan 2006")
}

// longDate is the date above a letter: "Today, 10:42".
func longDate(t, now time.Time) string {
	switch d := days(t, now); {
	case t.IsZero():
		return "No date"
	case d == 0:
		return t.Format("Today, 15:04")
	case d == 1:
		return t.Format("Yesterday, 15:04")
	case d > 1 && d < 7:
		return t.Format("Monday, 15:04")
	case t.Year() == now.Year():
		return t.Format("2 January, 15:04")
	}
	return t.Format("2 January 2006, 15:04")
}

// namesIn names several addresses for a line: "Amélie Fournier, Tom Bannister".
func namesIn(addresses string) string {
	var names []string
	for _, a := range letter.ParseAddresses(addresses) {
		if n := a.Display(); n != "" {
			names = append(names, n)
		}
	}
	return strings.Join(names, ", ")
}

// first returns the first of the addresses of a field.
func first(addresses string) letter.Address {
	if all := letter.ParseAddresses(addresses); len(all) > 0 {
		return all[0]
	}
	return letter.Address{}
}

// FolderTitle is what to call a folder: its role's usual name, else its own.
func FolderTitle(f localstore.Folder) string {
	if t, ok := roleTitles[f.Role]; ok {
		return t
	}
	return f.Path[strings.LastIndexByte(f.Path, '/')+1:]
}

// PathTitle is a folder's path for people: where it lies too.
func PathTitle(path string) string {
	if path == localstore.Inbox {
		return roleTitles[localstore.RoleInbox]
	}
	return path
}

var roleTitles = map[localstore.Role]string{
	localstore.RoleInbox: "Inbox", localstore.RoleDrafts: "Drafts", localstore.RoleSent: "Sent",
	localstore.RoleOutbox: "Outbox", localstore.RoleArchive: "Archive", localstore.RoleJunk: "Junk",
	localstore.RoleTrash: "Trash", localstore.RoleAll: "All mail", localstore.RoleTemplates: "Templates",
}
