package localstore

import (
	"math"
	"strings"
	"time"
)

// maxOrd is above every Ord.
const maxOrd Ord = math.MaxInt64

var (
	fieldsIn = onMail(`SELECT c.id, c.subject, c.sender, c.recipients, c.cc, c.preview
		FROM json_each(?) j CROSS JOIN contents c ON c.id = j.value`)
	foldersAndAccounts = onMail(`SELECT f.id, f.account_id, f.path, f.role, a.name FROM folders f JOIN accounts a ON a.id = f.account_id AND` + notRemoving)
	indexedCounts      = onMail(`SELECT (SELECT coalesce(sum(total), 0) FROM folders)
		+ (SELECT count(*) FROM messages WHERE state = 'held'),
		(SELECT count(*) FROM messages WHERE indexed = 0) + (SELECT count(*) FROM messages WHERE indexed = 1)`)
)

// candidates returns the next messages of which all is true but, perhaps, the
// order of words, newest first.
func (in *searching) candidates(v *View, size int) ([]candidate, error) {
	var without, with Flags
	if in.q.Unread {
		without = Seen
	}
	if in.q.Flagged {
		with = Flagged
	}
	return collect(v.session, in.query, func(r scanner) (c candidate, err error) {
		err = r.Scan(&c.ord, &c.message, &c.folder, &c.content)
		return c, err
	}, in.want.match, in.below, in.from, size, in.folders, without, with, oneIf(in.q.Attachment), oneIf(in.q.Held), oneIf(in.q.OnlyHere))
}

// fields are the header fields in which phrases are looked for.
type fields struct {
	subject, sender, recipients, cc, preview string
}

func (f fields) column(c column) string {
	switch c {
	case subjectColumn:
		return f.subject
	case senderColumn:
		return f.sender
	}
	return f.recipients + "\n" + f.cc
}

func (f fields) contain(phrase string) bool {
	for _, text := range []string{f.subject, f.sender, f.recipients, f.cc, f.preview} {
		if strings.Contains(flat(text), phrase) {
			return true
		}
	}
	return false
}

func (v *View) fieldsOf(batch []candidate) (map[ContentID]fields, error) {
	var ids []ContentID
	for _, c := range batch {
		ids = append(ids, c.content)
	}
	all := make(map[ContentID]fields, len(ids))
	_, err := collect(v.session, fieldsIn, func(r scanner) (id ContentID, err error) {
		var f fields
		err = r.Scan(&id, &f.subject, &f.sender, &f.recipients, &f.cc, &f.preview)
		all[id] = f
		return id, err
	}, jsonList(ids))
	return all, err
}

// searchedFolders returns the folders that q is limited to, as a JSON list; ""
// for all, as long as no account is being removed. A folder is named by its path, its role, or account name/path; the
// case does not matter.
func (v *View) searchedFolders(q Query) (string, error) {
	hidden, err := v.number(anyRemoving)
	if err != nil || q.Folder == "" && q.Account == 0 && hidden == 0 {
		return "", err
	}
	ids, err := collect(v.session, foldersAndAccounts, func(r scanner) (id FolderID, err error) {
		var account AccountID
		var path, role, name string
		err = r.Scan(&id, &account, &path, &role, &name)
		in := q.Folder == "" || strings.EqualFold(q.Folder, path) || strings.EqualFold(q.Folder, role) ||
			strings.EqualFold(q.Folder, name+"/"+path)
		if !in || q.Account != 0 && q.Account != account {
			id = 0
		}
		return id, err
	})
	return jsonList(ids), err
}

// searchable returns of how many messages the index holds the text, and of how
// many it does not.
func (v *View) searchable() (text, not int, err error) {
	var all int
	_, err = v.one(indexedCounts, []any{&all, &not})
	return max(all-not, 0), not, err
}

// firstOrd returns the lowest place of what arrived at t or later.
func firstOrd(t time.Time) Ord { return Ord(t.Unix()) * ordTies }
