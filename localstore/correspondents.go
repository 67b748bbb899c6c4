package localstore

// Correspondents is who a message was from and to, each field as
// "Name <addr>", several separated by ", ".
type Correspondents struct {
	Sender, Recipients, Cc string
	Ours                   bool // it lies in Sent: the user wrote it
}

var correspondents = onMail(`SELECT c.sender, c.recipients, c.cc, f.role = 'sent' FROM folders f
	CROSS JOIN messages m INDEXED BY messages_list ON m.folder_id = f.id AND m.state = 'shown'
	CROSS JOIN contents c ON c.id = m.content_id
	WHERE f.id = ? ORDER BY m.ord DESC LIMIT ?`)

// Correspondents returns the people of the newest messages, at most limit of
// each account's Inbox, Sent and Archive, the newest of each folder first:
// what addresses are completed from.
func (v *View) Correspondents(limit int) ([]Correspondents, error) {
	accounts, err := v.Accounts()
	if err != nil {
		return nil, err
	}
	var all []Correspondents
	for _, a := range accounts {
		folders, err := v.Folders(a.ID)
		if err != nil {
			return nil, err
		}
		for _, f := range folders {
			if f.Role != RoleSent && f.Role != RoleInbox && f.Role != RoleArchive {
				continue
			}
			found, err := collect(v.session, correspondents, func(r scanner) (c Correspondents, err error) {
				err = r.Scan(&c.Sender, &c.Recipients, &c.Cc, &c.Ours)
				return c, err
			}, f.ID, limit)
			if err != nil {
				return nil, err
			}
			all = append(all, found...)
		}
	}
	return all, nil
}
