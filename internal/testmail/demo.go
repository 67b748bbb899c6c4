package testmail

import (
	"fmt"
	"sort"
	"strings"
	"time"
)

// Account is one account of the demo.
type Account struct {
	Name, Address string // of its owner
	Folders       []Folder
	Mails         []Mail // by folder as listed, oldest first
}

// Folder is a folder of an account and what it is for.
type Folder struct {
	Name string // "/" between levels
	Role string // "" or an attribute of RFC 6154 such as `\Sent`
}

// Demo returns the two accounts of the demo, as a person's mail of the last
// year would be at now: the first for an IMAP server with folders, the second
// for a POP server, all of it in INBOX. Together they have about 300 mails.
func Demo(now time.Time) []Account {
	work := &demo{now: now, account: Account{
		Name: "Robin Vale", Address: "work@example.org",
		Folders: []Folder{{"INBOX", ""}, {"Drafts", `\Drafts`}, {"Sent", `\Sent`}, {"Archive", `\Archive`},
			{"Projects", ""}, {"Projects/Lisbon trip", ""}, {"Junk", `\Junk`}, {"Trash", `\Trash`}},
	}}
	home := &demo{now: now, account: Account{
		Name: "Robin Vale", Address: "home@example.net", Folders: []Folder{{"INBOX", ""}},
	}}
	work.lisbon()
	work.workshop()
	work.offline()
	work.letters()
	work.orders()
	work.regular()
	work.unsorted()
	home.family()
	home.clubs()
	home.newsletters()
	return []Account{work.finish(), home.finish()}
}

// note is a mail of the demo as it is written down here.
type note struct {
	key    string   // makes its Message-ID
	re     []string // keys of what it answers, oldest first
	folder string   // "" for INBOX
	days   int      // ago
	clock  string   // "10:42"
	from   string   // "" for the owner
	to     string   // "" for the owner
	cc     string
	subj   string
	text   string
	html   string
	files  []file
	inline *file
	list   string // List-Id and List-Unsubscribe
	flags  string // letters of: u unread, f flagged, a answered, d draft
	old    *language
}

type demo struct {
	now     time.Time
	account Account
}

func (d *demo) me() string { return d.account.Name + " <" + d.account.Address + ">" }

// at returns the time of day, days ago. What would be later than now is moved
// into the part of today that has passed.
func (d *demo) at(days int, clock string) time.Time {
	t, err := time.Parse("15:04", clock)
	if err != nil {
		panic("testmail: " + clock) // in a text of ours, held by the tests
	}
	y, m, day := d.now.Date()
	midnight := time.Date(y, m, day-days, 0, 0, 0, 0, d.now.Location())
	since := time.Duration(t.Hour())*time.Hour + time.Duration(t.Minute())*time.Minute
	if days == 0 && midnight.Add(since).After(d.now) {
		since = time.Duration(float64(d.now.Sub(midnight)) * (since.Hours() / 24))
	}
	return midnight.Add(since).Truncate(time.Second)
}

// add adds a mail.
func (d *demo) add(n note) {
	domain := d.account.Address[strings.IndexByte(d.account.Address, '@')+1:]
	id := func(key string) string { return "demo." + key + "@" + domain }
	m := draft{
		from: n.from, to: n.to, cc: n.cc, subject: n.subj, id: id(n.key), date: d.at(n.days, n.clock),
		text: strings.TrimLeft(n.text, "\n"), html: n.html, files: n.files, inline: n.inline,
	}
	if m.from == "" {
		m.from = d.me()
	} else if n.folder != "Sent" && n.folder != "Drafts" {
		m.received = "mail." + addrOf(n.from)[strings.IndexByte(addrOf(n.from), '@')+1:]
	}
	if m.to == "" && n.folder != "Drafts" {
		m.to = d.me()
	}
	for _, r := range n.re {
		m.refs = append(m.refs, id(r))
	}
	if n.list != "" {
		m.extra = fmt.Sprintf("List-Id: <%s>\r\nList-Unsubscribe: <https://%s/unsubscribe?u=demo>\r\n", n.list, n.list)
	}
	if n.old != nil {
		m.charset, m.encode = n.old.charset, n.old.encode
	}
	mail := Mail{Folder: n.folder, Arrived: m.date.Add(5 * time.Second), Raw: m.bytes()}
	if mail.Arrived.After(d.now) {
		mail.Arrived = d.now
	}
	if mail.Folder == "" {
		mail.Folder = "INBOX"
	}
	if !strings.Contains(n.flags, "u") {
		mail.Flags = append(mail.Flags, `\Seen`)
	}
	for letter, flag := range map[string]string{"f": `\Flagged`, "a": `\Answered`, "d": `\Draft`} {
		if strings.Contains(n.flags, letter) {
			mail.Flags = append(mail.Flags, flag)
		}
	}
	sort.Strings(mail.Flags)
	d.account.Mails = append(d.account.Mails, mail)
}

// finish puts the mails in order.
func (d *demo) finish() Account {
	place := map[string]int{}
	for i, f := range d.account.Folders {
		place[f.Name] = i
	}
	m := d.account.Mails
	sort.SliceStable(m, func(i, j int) bool {
		if m[i].Folder != m[j].Folder {
			return place[m[i].Folder] < place[m[j].Folder]
		}
		return m[i].Arrived.Before(m[j].Arrived)
	})
	return d.account
}

// day returns a date some days from now, to be named in a text.
func (d *demo) day(in int) time.Time { return d.now.AddDate(0, 0, in) }

// span writes "14–19 March".
func span(from, to time.Time) string {
	if from.Month() == to.Month() {
		return from.Format("2") + "–" + to.Format("2 January")
	}
	return from.Format("2 January") + " – " + to.Format("2 January")
}
