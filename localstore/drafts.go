package localstore

import (
	"fmt"
	"time"
)

// DraftFile is a file attached to a draft: a complete blob.
type DraftFile struct {
	Blob BlobID
	Name string
	Type string
	Size int64
}

// DraftText is a version of a draft: headers and body as the composer holds
// them, in the composer's own form.
type DraftText struct {
	Draft   DraftID
	Account AccountID
	Answers ContentID
	Message MessageID // its copy in the Drafts folder
	At      time.Time
	Text    string
	Files   []DraftFile
}

const draftColumns = `SELECT d.id, d.account_id, d.answers_id, coalesce(d.message_id, 0), coalesce(v.at, 0), coalesce(v.text, '')
	FROM drafts d LEFT JOIN draft_versions v ON v.draft_id = d.id `

var (
	insertDraft  = onMail(`INSERT INTO drafts (account_id, answers_id, made_at) VALUES (?, ?, ?)`)
	draftNewest  = onMail(draftColumns + `WHERE d.id = ? ORDER BY v.at DESC LIMIT 1`)
	draftVersion = onMail(draftColumns + `WHERE d.id = ? AND v.at = ?`)
	draftsNewest = onMail(draftColumns + `AND v.at = (SELECT max(at) FROM draft_versions WHERE draft_id = d.id)
		ORDER BY coalesce(v.at, d.made_at) DESC, d.id DESC`)
	draftTimes   = onMail(`SELECT at, length(text) FROM draft_versions WHERE draft_id = ? ORDER BY at DESC`)
	addVersion   = onMail(`INSERT INTO draft_versions (draft_id, at, text) VALUES (?, ?, ?)`)
	dropVersion  = onMail(`DELETE FROM draft_versions WHERE draft_id = ? AND at = ?`)
	filesOf      = onMail(`SELECT blob_id, name, type, size FROM draft_files WHERE draft_id = ? ORDER BY blob_id`)
	dropFiles    = onMail(`DELETE FROM draft_files WHERE draft_id = ?`)
	addFile      = onMail(`INSERT OR REPLACE INTO draft_files (draft_id, blob_id, name, type, size) VALUES (?, ?, ?, ?, ?)`)
	draftMessage = onMail(`UPDATE drafts SET message_id = ?, own = 1 WHERE id = ?`)
	dropDraft    = onMail(`DELETE FROM drafts WHERE id = ?`)
	draftShown   = onMail(`UPDATE contents SET subject = ?, sender = ?, recipients = ?, cc = ?, preview = ?, attachments = ?, size = ? WHERE id = ?`)
	draftChanged = onMail(`UPDATE messages SET indexed = 0 WHERE content_id = ?`)
)

// NewDraft makes a draft without a version.
func (tx *Tx) NewDraft(account AccountID, answers ContentID) (DraftID, error) {
	if _, err := tx.Account(account); err != nil {
		return 0, err
	}
	n, err := tx.add(insertDraft, account, answers, tx.s.clock.Now().Unix())
	tx.note(Change{Topic: TopicDrafts, Kind: Added, Account: account})
	return DraftID(n), err
}

// SaveDraft adds a version and thins the old ones: all of the last minute,
// then one a minute, ten minutes, hour, day, 50 in all, and each one before a
// big deletion. files are those of all versions from now on. shown gives the
// Drafts folder its message (a content without a body: subject, recipients,
// preview). A version is never older than the one before, whatever the clock
// says.
func (tx *Tx) SaveDraft(id DraftID, at time.Time, text string, files []DraftFile, shown NewContent) error {
	d, err := tx.Draft(id)
	if err != nil {
		return err
	}
	second := at.Unix()
	if last := unix(d.At); second <= last {
		second = last + 1
	}
	if err := tx.do(addVersion, id, second, text); err != nil {
		return err
	}
	if err := tx.thinDraft(id, second); err != nil {
		return err
	}
	if err := tx.setFiles(id, files); err != nil {
		return err
	}
	tx.note(Change{Topic: TopicDrafts, Kind: Changed, Account: d.Account, Message: d.Message})
	return tx.showDraft(d, second, shown)
}

func (tx *Tx) thinDraft(id DraftID, now int64) error {
	versions, err := collect(tx.session, draftTimes, func(r scanner) (v version, err error) {
		err = r.Scan(&v.at, &v.length)
		return v, err
	}, id)
	if err != nil {
		return err
	}
	for _, at := range thin(versions, now) {
		if err := tx.do(dropVersion, id, at); err != nil {
			return err
		}
	}
	return nil
}

func (tx *Tx) setFiles(id DraftID, files []DraftFile) error {
	if err := tx.do(dropFiles, id); err != nil {
		return err
	}
	for _, f := range files {
		if err := tx.needBlobs(NewContent{Parts: []Part{{Blob: f.Blob}}}); err != nil {
			return err
		}
		if err := tx.do(addFile, id, f.Blob, f.Name, f.Type, f.Size); err != nil {
			return err
		}
	}
	return nil
}

// showDraft gives a draft its message in the Drafts folder, or brings what the
// message shows up to date.
func (tx *Tx) showDraft(d DraftText, at int64, shown NewContent) error {
	folder, err := tx.ensureRole(d.Account, RoleDrafts)
	if err != nil {
		return err
	}
	s, ok, err := tx.subject(d.Message)
	if err != nil {
		return err
	}
	if ok && s.state == Shown {
		return tx.showVersion(d.Draft, s, folder, shown)
	}
	shown.Account, shown.Blob, shown.Body, shown.Parts = d.Account, 0, BodyNone, nil
	content, err := tx.AddContent(shown)
	if err != nil {
		return err
	}
	m, err := tx.AddMessage(NewMessage{Folder: folder, Content: content, Arrived: time.Unix(at, 0).UTC(), Flags: Draft | Seen})
	if err != nil {
		return err
	}
	return tx.do(draftMessage, m, d.Draft)
}

// showVersion brings what a draft's message shows up to date. What another
// program wrote stays as it is until it is replaced, and a whole letter keeps
// its size.
func (tx *Tx) showVersion(id DraftID, s subject, folder FolderID, shown NewContent) error {
	own, err := tx.number(draftOwn, id)
	if err != nil {
		return err
	}
	if own != 0 || !s.tracked() {
		size := shown.Size
		if s.body == BodyWhole {
			i, err := tx.Identity(s.content)
			if err != nil {
				return err
			}
			size = i.Size
		}
		err := tx.do(draftShown, shown.Subject, shown.Sender, shown.Recipients, shown.Cc, shown.Preview, shown.Attachments, size, s.content)
		if err == nil && s.body != BodyWhole {
			err = tx.do(draftChanged, s.content)
		}
		if err != nil {
			return err
		}
	}
	switch {
	case s.role != RoleTrash:
		return tx.noteShown(s.content)
	case s.tracked(): // it is being written again
		return tx.moveTracked(s, folder)
	}
	return tx.setPlace(s, folder)
}

// Draft returns the newest version of a draft.
func (v *View) Draft(id DraftID) (DraftText, error) {
	return v.oneDraft(fmt.Sprintf("There is no draft %d.", id), draftNewest, id)
}

// DraftOf returns the draft that a message of the Drafts folder shows; ok is
// false for others.
func (v *View) DraftOf(id MessageID) (draft DraftID, ok bool, err error) {
	found, err := collect(v.session, draftsOf, scanID[DraftID], id)
	if err != nil || len(found) == 0 {
		return 0, false, err
	}
	return found[0], true, nil
}

// Drafts returns the newest version of all drafts, the latest first.
func (v *View) Drafts() ([]DraftText, error) {
	all, err := collect(v.session, draftsNewest, scanDraft)
	for i := range all {
		if err == nil {
			all[i].Files, err = v.draftFiles(all[i].Draft)
		}
	}
	return all, err
}

// DraftVersions returns when the versions of a draft were saved, newest first.
func (v *View) DraftVersions(id DraftID) ([]time.Time, error) {
	return collect(v.session, draftTimes, func(r scanner) (time.Time, error) {
		var at, length int64
		err := r.Scan(&at, &length)
		return fromUnix(at), err
	}, id)
}

// DraftAt returns one version.
func (v *View) DraftAt(id DraftID, at time.Time) (DraftText, error) {
	return v.oneDraft(fmt.Sprintf("Draft %d has no such version any more.", id), draftVersion, id, at.Unix())
}

func (v *View) oneDraft(none string, q *query, args ...any) (DraftText, error) {
	found, err := collect(v.session, q, scanDraft, args...)
	if err != nil {
		return DraftText{}, err
	}
	if len(found) == 0 {
		return DraftText{}, unknown("draft", none)
	}
	d := found[0]
	d.Files, err = v.draftFiles(d.Draft)
	return d, err
}

func scanDraft(r scanner) (d DraftText, err error) {
	var at int64
	err = r.Scan(&d.Draft, &d.Account, &d.Answers, &d.Message, &at, &d.Text)
	d.At = fromUnix(at)
	return d, err
}

func (v *View) draftFiles(id DraftID) ([]DraftFile, error) {
	return collect(v.session, filesOf, func(r scanner) (f DraftFile, err error) {
		err = r.Scan(&f.Blob, &f.Name, &f.Type, &f.Size)
		return f, err
	}, id)
}

// DeleteDraft removes a draft with its versions and its message.
func (tx *Tx) DeleteDraft(id DraftID) error {
	d, err := tx.Draft(id)
	if err != nil {
		return err
	}
	if err := tx.forgetDraft(id); err != nil {
		return err
	}
	if d.Message == 0 {
		return nil
	}
	return tx.DeleteNow([]MessageID{d.Message})
}

// forgetDraft removes a draft with its versions and leaves its message.
func (tx *Tx) forgetDraft(id DraftID) error {
	tx.note(Change{Topic: TopicDrafts, Kind: Removed})
	return tx.do(dropDraft, id)
}
