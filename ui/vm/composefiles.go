package vm

import (
	"context"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"paquebot.app/internal/fault"
	"paquebot.app/internal/outgoing"
	"paquebot.app/localstore"
)

// composeFile is a file that goes with a letter, or is being read for it.
type composeFile struct {
	file localstore.DraftFile // Blob 0: being read
}

// ComposeFile is an attachment as the composer shows it.
type ComposeFile struct {
	Icon, Name, Note string // "PDF · 184 KB"
}

// Files returns the attachments.
func (c *Composer) Files() []ComposeFile {
	var all []ComposeFile
	for _, f := range c.files {
		icon, kind := kindOf(f.file.Type, f.file.Name)
		shown := ComposeFile{Icon: icon, Name: f.file.Name, Note: kind + " · " + size(f.file.Size)}
		if f.file.Blob == 0 {
			shown.Note = "Being read…"
		}
		all = append(all, shown)
	}
	return all
}

// Attach copies files into the store, so that they may vanish from the disk.
func (c *Composer) Attach(paths ...string) {
	if c.closed || c.busy {
		return
	}
	for _, path := range paths {
		f := &composeFile{file: localstore.DraftFile{Name: filepath.Base(path)}}
		c.files = append(c.files, f)
		c.env.Go("attach", func(ctx context.Context) func() {
			file, err := attach(ctx, c.env.Store, path)
			return func() { c.attached(f, file, err) }
		})
	}
	c.asking = false
	c.Changed()
}

func attach(ctx context.Context, store *localstore.Store, path string) (localstore.DraftFile, error) {
	unreadable := func(text string, err error) error {
		return &fault.Error{Remedy: fault.User, Scope: fault.Message, Cause: fault.Data, Op: "attach", Text: "“" + filepath.Base(path) + "” " + text, Err: err}
	}
	info, err := os.Stat(path)
	switch {
	case err != nil:
		return localstore.DraftFile{}, unreadable("cannot be read.", err)
	case info.IsDir():
		return localstore.DraftFile{}, unreadable("is a folder. Attach the files in it, or an archive of it.", nil)
	case info.Mode()&fs.ModeType != 0:
		return localstore.DraftFile{}, unreadable("is no file that can be attached.", nil)
	}
	r, err := os.Open(path)
	if err != nil {
		return localstore.DraftFile{}, unreadable("cannot be read.", err)
	}
	defer r.Close()
	return outgoing.Attach(ctx, store, filepath.Base(path), "", r)
}

func (c *Composer) attached(f *composeFile, file localstore.DraftFile, err error) {
	at := slices.Index(c.files, f)
	if at < 0 || c.closed { // taken away meanwhile
		return
	}
	if err != nil {
		c.files = slices.Delete(c.files, at, at+1)
		c.note = Sentence(err)
		c.Changed()
		return
	}
	f.file = file
	c.touch()
	c.Save()
	c.Changed()
}

// RemoveFile takes an attachment away; the undo brings it back.
func (c *Composer) RemoveFile(at int) {
	if at < 0 || at >= len(c.files) || c.busy {
		return
	}
	f := c.files[at]
	c.files = slices.Delete(c.files, at, at+1)
	c.touch()
	c.Changed()
	if f.file.Blob == 0 {
		return
	}
	c.desk.Said("“"+f.file.Name+"” removed", "Undo", func() {
		if c.closed || c.busy {
			return
		}
		c.files = slices.Insert(c.files, min(at, len(c.files)), f)
		c.touch()
		c.Changed()
	})
}

// Copying names a file that is still being read; "" for none.
func (c *Composer) Copying() string {
	for _, f := range c.files {
		if f.file.Blob == 0 {
			return f.file.Name
		}
	}
	return ""
}
