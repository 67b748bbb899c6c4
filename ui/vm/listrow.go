package vm

import (
	"strings"
	"time"

	"paquebot.app/internal/letter"
	"paquebot.app/localstore"
)

// ListRow is what a row of the list shows. Two equal rows look the same.
type ListRow struct {
	ID      localstore.MessageID
	Account localstore.AccountID
	Folder  localstore.FolderID

	Who        string // the sender; in folders of own letters the recipients
	Subject    string
	Preview    string
	Arrived    time.Time
	Avatar     string // key of a colour
	Unread     bool
	Flagged    bool
	Attachment bool
	Answered   bool
	Forwarded  bool
	OnItsWay   bool // waits for a server
	LocalOnly  bool // in an account with a server, only on this computer
	Held       bool // a server stopped listing it: kept for a time, found by search
}

// rowOf makes the row of a message. own says that its folder holds letters the
// user wrote, local that its account has no server for mail that lies here.
func rowOf(m localstore.Message, own, local bool) ListRow {
	from := first(m.Sender)
	r := ListRow{
		ID: m.ID, Account: m.Account, Folder: m.Folder,
		Who: namesIn(m.Sender), Subject: m.Subject, Preview: m.Preview, Arrived: m.Arrived,
		Avatar: strings.ToLower(from.Addr),
		Unread: m.Flags&localstore.Seen == 0, Flagged: m.Flags&localstore.Flagged != 0,
		Attachment: m.Attachments > 0, Answered: m.Flags&localstore.Answered != 0, Forwarded: m.Flags&localstore.Forwarded != 0,
		Held:      m.State == localstore.Held,
		LocalOnly: m.Where == localstore.WhereHere && !local && !m.Pending && m.State != localstore.Held,
	}
	if own {
		var to letter.Address
		if r.Who = namesIn(m.Recipients); r.Who != "" {
			to = first(m.Recipients)
		} else {
			r.Who = "No recipient yet"
		}
		r.Avatar, r.Unread = strings.ToLower(to.Addr), false
	}
	if r.Who == "" {
		r.Who = "Unknown sender"
	}
	if r.Subject == "" {
		r.Subject = "(no subject)"
	}
	return r
}

// holdsOwn tells whether a folder of that role holds letters the user wrote.
func holdsOwn(role localstore.Role) bool {
	return role == localstore.RoleSent || role == localstore.RoleDrafts || role == localstore.RoleOutbox
}

// rowsOf makes the rows of messages that may lie in several folders.
func rowsOf(v *localstore.View, messages []localstore.Message) ([]ListRow, error) {
	type nature struct{ own, local bool }
	natures := map[localstore.FolderID]nature{}
	rows := make([]ListRow, 0, len(messages))
	for _, m := range messages {
		n, known := natures[m.Folder]
		if !known {
			f, err := v.Folder(m.Folder)
			if err != nil {
				return nil, err
			}
			a, err := v.Account(m.Account)
			if err != nil {
				return nil, err
			}
			n = nature{own: holdsOwn(f.Role), local: a.Mode != localstore.IMAP || !f.Remote}
			natures[m.Folder] = n
		}
		r := rowOf(m, n.own, n.local)
		if f := natures[m.Folder]; f.own {
			_, r.OnItsWay, _ = onItsWay(v, m.ID)
		}
		rows = append(rows, r)
	}
	return rows, nil
}

// onItsWay tells whether a message is a letter that has not left yet.
func onItsWay(v *localstore.View, id localstore.MessageID) (l localstore.Letter, waits bool, err error) {
	l, ok, err := v.LetterOf(id)
	if err != nil || !ok {
		return l, false, err
	}
	return l, l.State != localstore.OutFiled && l.State != localstore.OutCancelled && l.State != localstore.OutSent, nil
}
