package outgoing

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"time"

	"paquebot.app/internal/content"
	"paquebot.app/internal/fault"
	"paquebot.app/internal/letter"
	"paquebot.app/localstore"
)

// SaveDraft adds a version to a draft and returns its id. It makes the draft
// when id is 0 or is gone, as when its account was removed with its mail: then
// on this computer.
func SaveDraft(ctx context.Context, store *localstore.Store, id localstore.DraftID, w Writing, at time.Time) (localstore.DraftID, error) {
	err := store.Write(ctx, "save draft", func(tx *localstore.Tx) (err error) {
		id, err = saveDraft(tx, id, w, at)
		return err
	})
	return id, err
}

func saveDraft(tx *localstore.Tx, id localstore.DraftID, w Writing, at time.Time) (localstore.DraftID, error) {
	if id != 0 {
		if _, err := tx.Draft(id); missing(err) {
			id = 0
		} else if err != nil {
			return 0, err
		}
	}
	account, err := tx.Account(w.Account)
	if missing(err) {
		var local localstore.AccountID
		if local, err = tx.LocalAccount(); err == nil {
			account, err = tx.Account(local)
		}
	}
	if err != nil {
		return 0, err
	}
	if id == 0 {
		if id, err = tx.NewDraft(account.ID, w.Answers); err != nil {
			return 0, err
		}
		if w.Continues != 0 {
			if err := tx.ContinueDraft(id, w.Continues); err != nil {
				return 0, err
			}
		}
	}
	text, err := json.Marshal(w)
	if err != nil {
		return 0, err
	}
	from, err := senderOf(tx.View, account.ID, w.Sender)
	if err != nil && !missing(err) {
		return 0, err
	}
	files := slices.Clone(w.Files)
	for _, p := range w.Pictures {
		files = append(files, p.file())
	}
	return id, tx.SaveDraft(id, at, string(text), files, shown(from, w))
}

// shown is what the Drafts folder shows of a draft that is from somebody; on
// this computer that is nobody.
func shown(from localstore.Sender, w Writing) localstore.NewContent {
	c := localstore.NewContent{
		Subject: oneLine(w.Subject), Recipients: oneLine(w.To), Cc: oneLine(w.Cc),
		Preview: preview(w.Text), Attachments: len(w.Files), Size: int64(len(w.Text) + len(w.Quote)),
		Sender: Address(from).String(),
	}
	for _, f := range w.Files {
		c.Size += f.Size
	}
	return c
}

// previewLength is how many bytes of a draft its row in the list may show.
const previewLength = 200

func preview(text string) string {
	if len(text) > 4*previewLength {
		text = text[:4*previewLength]
	}
	words := strings.Join(strings.Fields(strings.ToValidUTF8(text, "")), " ")
	if r := []rune(words); len(r) > previewLength {
		words = string(r[:previewLength])
	}
	return words
}

func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }

// OpenDraft returns the newest version of a draft.
func OpenDraft(ctx context.Context, store *localstore.Store, id localstore.DraftID) (Writing, error) {
	var w Writing
	err := store.Read(ctx, func(v *localstore.View) error {
		d, err := v.Draft(id)
		if err != nil {
			return err
		}
		w, err = readDraft(d)
		return err
	})
	return w, err
}

func readDraft(d localstore.DraftText) (Writing, error) {
	w := Writing{Account: d.Account}
	if d.Text != "" {
		if err := json.Unmarshal([]byte(d.Text), &w); err != nil {
			return w, &fault.Error{Remedy: fault.Never, Scope: fault.Message, Cause: fault.Data, Op: "open draft", Text: "This draft cannot be read. Its text is in the profile as it was saved.", Err: err}
		}
	}
	w.Answers, w.Files = d.Answers, slices.DeleteFunc(d.Files, func(f localstore.DraftFile) bool {
		return slices.ContainsFunc(w.Pictures, func(p Picture) bool { return p.Blob == f.Blob })
	})
	return w, nil
}

// FromMessage begins a letter with what stands in a message: a draft that
// another program wrote, which it goes on with, or a letter to be sent once more. Nothing of it is left
// out: a message that is not here whole is refused with cause Missing, one that
// is too long with cause Data.
func FromMessage(ctx context.Context, store *localstore.Store, id localstore.MessageID) (Writing, error) {
	m, err := content.Open(ctx, store, id)
	if err != nil {
		return Writing{}, err
	}
	defer m.Close()
	if !m.Readable() || slices.ContainsFunc(m.Letter.Attachments(), func(p *letter.Part) bool { return !m.Here(p) }) {
		return Writing{}, &fault.Error{Remedy: fault.Online, Scope: fault.Message, Cause: fault.Missing, Op: "open draft",
			Text: "Some of this letter is still on the server. Open it while online, then go on writing."}
	}
	d, err := letter.FromLetter(m.Letter)
	if err != nil {
		return Writing{}, unwritable(err)
	}
	var w Writing
	err = store.Read(ctx, func(v *localstore.View) error {
		if w, err = fromWritten(v, d, m.Account); err != nil {
			return err
		}
		f, err := v.Folder(m.Folder)
		if f.Role == localstore.RoleDrafts {
			w.Continues = id
		}
		return err
	})
	if err != nil {
		return w, err
	}
	return w, w.carry(ctx, store, d)
}

// fromWritten returns what a composer holds of a letter that was written in an
// account, as the identity that it is from.
func fromWritten(v *localstore.View, d *letter.Draft, account localstore.AccountID) (Writing, error) {
	s, signed, err := written(v, d, account)
	w := fromDraft(d, signed)
	switch {
	case s.ID == 0:
		w.Account = account
	case signed:
		w.SendFrom(s)
	default:
		w.SendFrom(s)
		w.Signature = "" // what stands below its text was written by hand, or nothing is
	}
	return w, err
}

// Reopen takes a letter that has not left back into a draft with the same
// words, in one commit. Whoever has the letter already is left out of the
// draft's recipients and returned in has. It is refused with cause Data from
// 'sending' on, and where its text is too long to be edited.
func Reopen(ctx context.Context, store *localstore.Store, n localstore.OutboxID, at time.Time) (id localstore.DraftID, w Writing, has []string, err error) {
	var l localstore.Letter
	var blob localstore.BlobID
	err = store.Read(ctx, func(v *localstore.View) (err error) {
		if l, err = v.Letter(n); err != nil {
			return err
		}
		identity, err := v.Identity(l.Content)
		blob = identity.Blob
		return err
	})
	if err != nil {
		return 0, w, nil, err
	}
	r, err := store.OpenBlob(ctx, blob)
	if err != nil {
		return 0, w, nil, err
	}
	defer r.Close()
	d, err := letter.FromLetter(letter.Index(r, r.Size()))
	if err != nil {
		return 0, w, nil, unwritable(err)
	}
	for _, p := range l.Recipients {
		if p.Sent {
			has = append(has, p.Address)
		}
	}
	for _, list := range []*[]letter.Address{&d.To, &d.Cc, &d.Bcc} {
		*list = without(*list, has)
	}
	err = store.Read(ctx, func(v *localstore.View) (err error) {
		w, err = fromWritten(v, d, l.Account)
		return err
	})
	if err != nil {
		return 0, w, nil, err
	}
	w.Answers = l.Answers
	if err = w.carry(ctx, store, d); err != nil {
		return 0, w, nil, err
	}
	err = store.Write(ctx, "reopen letter", func(tx *localstore.Tx) (err error) {
		// Another attempt may have begun meanwhile: who has it is asked again.
		now, err := tx.Letter(n)
		if err != nil {
			return err
		}
		if err := tx.CancelLetter(n); err != nil {
			return err
		}
		if now.Attempts != l.Attempts {
			return &fault.Error{Remedy: fault.Later, Scope: fault.Message, Cause: fault.Data, Op: "reopen letter", Text: "This letter was just being sent. Try again."}
		}
		id, err = saveDraft(tx, 0, w, at)
		return err
	})
	return id, w, has, err
}

// without returns the addresses that are not among those.
func without(list []letter.Address, those []string) []letter.Address {
	var out []letter.Address
	for _, a := range list {
		wire, err := a.Wire()
		if err != nil || !slices.ContainsFunc(those, func(s string) bool { return strings.EqualFold(s, wire) }) {
			out = append(out, a)
		}
	}
	return out
}

func missing(err error) bool {
	var f *fault.Error
	return errors.As(err, &f) && f.Cause == fault.Missing
}
