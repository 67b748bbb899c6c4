package localstore

import "time"

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

// NewDraft makes a draft without a version.
func (tx *Tx) NewDraft(account AccountID, answers ContentID) (DraftID, error) { panic("not built") }

// SaveDraft adds a version and thins the old ones: all of the last minute,
// then one a minute, ten minutes, hour, day, 50 in all, and each one before a
// big deletion. shown gives the Drafts folder its message (a content without a
// body: subject, recipients, preview).
func (tx *Tx) SaveDraft(id DraftID, at time.Time, text string, files []DraftFile, shown NewContent) error {
	panic("not built")
}

// Draft returns the newest version of a draft.
func (v *View) Draft(id DraftID) (DraftText, error) { panic("not built") }

// DraftOf returns the draft that a message of the Drafts folder shows; ok is
// false for others.
func (v *View) DraftOf(id MessageID) (draft DraftID, ok bool, err error) { panic("not built") }

// Drafts returns the newest version of all drafts, the latest first.
func (v *View) Drafts() ([]DraftText, error) { panic("not built") }

// DraftVersions returns when the versions of a draft were saved, newest first.
func (v *View) DraftVersions(id DraftID) ([]time.Time, error) { panic("not built") }

// DraftAt returns one version.
func (v *View) DraftAt(id DraftID, at time.Time) (DraftText, error) { panic("not built") }

// DeleteDraft removes a draft with its versions and its message.
func (tx *Tx) DeleteDraft(id DraftID) error { panic("not built") }
