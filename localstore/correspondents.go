package localstore

import "time"

// Correspondents is who a mail was from and to, each field as "Name <addr>",
// several separated by ", ".
type Correspondents struct {
	Content                ContentID
	Sender, Recipients, Cc string
	Date                   time.Time // as its writer says; zero: it says none
	Ours                   bool      // it lies in Sent or in the outbox: the user wrote it
}

var correspondents = onMail(`SELECT c.id, c.sender, c.recipients, c.cc, c.sent_at, max(f.role IN ('sent', 'outbox'))
	FROM contents c JOIN messages m ON m.content_id = c.id AND m.state = 'shown' JOIN folders f ON f.id = m.folder_id
	WHERE c.id > ? AND c.id < ? AND f.role NOT IN ('junk', 'trash', 'drafts')
	GROUP BY c.id ORDER BY c.id DESC LIMIT ?`)

// Correspondents returns the people of at most limit mails between two contents,
// those first that came to this computer last: what addresses are completed
// from. What is junk, thrown away or not yet sent is left out.
func (v *View) Correspondents(after, before ContentID, limit int) ([]Correspondents, error) {
	return collect(v.session, correspondents, func(r scanner) (c Correspondents, err error) {
		var date int64
		err = r.Scan(&c.Content, &c.Sender, &c.Recipients, &c.Cc, &date, &c.Ours)
		c.Date = fromUnix(date)
		return c, err
	}, after, before, limit)
}
