package outgoing

import (
	"context"
	"errors"
	"io"
	"slices"

	"paquebot.app/internal/fault"
	"paquebot.app/internal/letter"
	"paquebot.app/internal/richtext"
	"paquebot.app/localstore"
)

// Attach copies a file into the store, so that the letter can go out though
// the file is gone by then. A draft has to be saved with it within a day. What
// cannot be read gives an error with cause Data.
func Attach(ctx context.Context, store *localstore.Store, name, mediaType string, r io.Reader) (localstore.DraftFile, error) {
	f := localstore.DraftFile{Name: letter.FileName(name), Type: mediaType}
	if f.Name == "" {
		f.Name = "attachment"
	}
	if f.Type == "" {
		f.Type = letter.TypeOfName(f.Name)
	}
	w := store.NewBlob(ctx)
	if _, err := io.Copy(w, r); err != nil {
		var known *fault.Error
		if errors.As(err, &known) || ctx.Err() != nil {
			return f, err
		}
		return f, &fault.Error{Remedy: fault.User, Scope: fault.Message, Cause: fault.Data, Op: "attach", Text: "“" + f.Name + "” cannot be read.", Err: err}
	}
	blobs, err := store.CompleteBlobs(ctx, w)
	if err != nil {
		return f, err
	}
	f.Blob, f.Size = blobs[0].ID, blobs[0].Size
	return f, nil
}

// carry copies the attachments of a letter, and the pictures of its HTML, for
// this one.
func (w *Writing) carry(ctx context.Context, store *localstore.Store, d *letter.Draft) (err error) {
	if w.Files, err = carry(ctx, store, d.Attachments); err != nil || w.HTML == "" {
		return err
	}
	shown := richtext.Images(w.own())
	for _, p := range d.Inline {
		if !slices.Contains(shown, p.ContentID) {
			continue
		}
		files, err := carry(ctx, store, []letter.Attachment{p.Attachment})
		if err != nil {
			return err
		}
		f := files[0]
		w.Pictures = append(w.Pictures, Picture{p.ContentID, f.Blob, f.Name, f.Type, f.Size})
	}
	return nil
}

// carry copies the attachments of one letter for another.
func carry(ctx context.Context, store *localstore.Store, attachments []letter.Attachment) ([]localstore.DraftFile, error) {
	var files []localstore.DraftFile
	for _, a := range attachments {
		r, err := a.Open()
		if err != nil {
			return nil, err
		}
		f, err := Attach(ctx, store, a.Name, a.Type, r)
		r.Close()
		if err != nil {
			return nil, err
		}
		files = append(files, f)
	}
	return files, nil
}
