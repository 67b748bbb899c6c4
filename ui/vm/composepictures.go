package vm

import (
	"bytes"
	"context"
	"image"
	"io"
	"slices"
	"time"

	"paquebot.app/internal/desk"
	"paquebot.app/internal/letter"
	"paquebot.app/internal/outgoing"
	"paquebot.app/internal/richtext"
	"paquebot.app/localstore"
)

// pictureInText is how wide a picture is shown in a letter at most, in CSS
// pixels, unless it is made wider.
const pictureInText = 640

// IsPicture tells whether a file can stand in the text of a letter, by its
// name.
func IsPicture(path string) bool {
	return slices.Contains([]string{"image/png", "image/jpeg", "image/gif", "image/webp"}, letter.TypeOfName(path))
}

// AddPicture copies a picture into the store and hands it to show, on the
// window's goroutine, to be put into the text. What is none is attached.
func (c *Composer) AddPicture(path string, show func(richtext.Image, image.Image)) {
	c.addPicture(show, func(ctx context.Context) (localstore.DraftFile, error) { return attach(ctx, c.env.Store, path) })
}

// PastePicture is AddPicture for the picture in the clipboard, if there is one.
func (c *Composer) PastePicture(show func(richtext.Image, image.Image)) {
	c.addPicture(show, func(ctx context.Context) (f localstore.DraftFile, err error) {
		ctx, cancel := context.WithCancel(ctx)
		defer cancel()
		go func() { // whoever owns the clipboard may never answer
			select {
			case <-c.env.Clock.After(clipboardAnswers):
				cancel()
			case <-ctx.Done():
			}
		}()
		if png := desk.ClipboardPicture(ctx); png != nil {
			f, err = outgoing.Attach(ctx, c.env.Store, "picture.png", "image/png", bytes.NewReader(png))
		}
		return f, err
	})
}

// clipboardAnswers is how long a picture may take to come from the clipboard.
const clipboardAnswers = 5 * time.Second

// addPicture puts what read stores into the text; nothing where that is
// nothing.
func (c *Composer) addPicture(show func(richtext.Image, image.Image), read func(ctx context.Context) (localstore.DraftFile, error)) {
	if c.closed || c.busy {
		return
	}
	from := ""
	if at := c.sender(); at >= 0 {
		from = c.senders.all[at].Address
	}
	c.env.Go("picture", func(ctx context.Context) func() {
		f, err := read(ctx)
		switch {
		case err != nil:
			return func() { c.note = Sentence(err); c.Changed() }
		case f.Blob == 0:
			return nil
		}
		img, size := storedPicture(ctx, c.env.Store, f)
		if img == nil {
			return func() { c.attached(c.expect(f), f, nil) }
		}
		p := outgoing.Picture{ContentID: letter.NewMessageID(from), Blob: f.Blob, Name: f.Name, Type: f.Type, Size: f.Size}
		m := richtext.Image{ContentID: p.ContentID, Alt: f.Name, Width: size.X, Height: size.Y}
		if m.Width > pictureInText {
			m.Width, m.Height = pictureInText, max(1, m.Height*pictureInText/m.Width)
		}
		return func() {
			if c.closed || c.busy {
				return
			}
			c.w.Pictures = append(c.w.Pictures, p)
			show(m, img)
			c.touch()
			c.Save()
			c.Changed()
		}
	})
}

// expect makes room for a file among the attachments.
func (c *Composer) expect(f localstore.DraftFile) *composeFile {
	file := &composeFile{file: localstore.DraftFile{Name: f.Name}}
	c.files = append(c.files, file)
	return file
}

// LoadPictures hands the pictures of the text to show, each on the window's
// goroutine, as they are read. Damaged ones are left out.
func (c *Composer) LoadPictures(show func(contentID string, img image.Image)) {
	for _, p := range c.w.Pictures {
		c.env.Go("picture", func(ctx context.Context) func() {
			img, _ := storedPicture(ctx, c.env.Store, localstore.DraftFile{Blob: p.Blob, Size: p.Size})
			if img == nil {
				return nil
			}
			return func() { show(p.ContentID, img) }
		})
	}
}

// storedPicture decodes a stored picture as the window shows it, and says how
// large it is; nil for what is none or too large.
func storedPicture(ctx context.Context, store *localstore.Store, f localstore.DraftFile) (image.Image, image.Point) {
	if f.Size > mostPicture {
		return nil, image.Point{}
	}
	r, err := store.OpenBlob(ctx, f.Blob)
	if err != nil {
		return nil, image.Point{}
	}
	defer r.Close()
	open := func() io.Reader { return io.LimitReader(r.Reader(), mostPicture) }
	config, _, err := image.DecodeConfig(open())
	if err != nil || config.Width <= 0 || config.Height <= 0 || config.Width > mostPixels/config.Height {
		return nil, image.Point{}
	}
	return decode(open()), image.Pt(config.Width, config.Height)
}
