package vm

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"paquebot.app/internal/fault"
)

// opens are the extensions of files that the system's programs may be given.
// The system goes by the name, so the name decides. What can act by itself is
// not among them: programs, scripts, shortcuts, web pages, documents with
// macros.
var opens = strings.Fields(`
	pdf epub djvu ps
	png jpg jpeg gif webp bmp tif tiff heic heif avif
	txt text log md csv tsv diff patch
	odt ods odp odg ott ots rtf docx xlsx pptx pages numbers key
	ics vcf eml gpx
	mp3 m4a ogg oga opus flac wav mp4 m4v mov webm mkv ogv
	zip gz bz2 xz zst tar tgz 7z rar`)

// Opens tells whether the file may be given to the system's program for it.
// Others can be saved.
func (a Attachment) Opens() bool {
	return slices.Contains(opens, strings.ToLower(strings.TrimPrefix(filepath.Ext(a.Name), ".")))
}

// OpenWhenHere fetches an attachment that was opened and tells Came when it is
// here, once, unless another letter was chosen meanwhile.
func (r *Reader) OpenWhenHere(a Attachment) {
	if r.shown != nil {
		r.awaited[a.Section] = true
		r.Want(a.Section)
	}
}

// TempCopy writes an attachment to a folder of its own, where nobody else may
// read it, for another program to show. It cannot be written to, as what is
// written there would be lost. done is called with its path.
func (r *Reader) TempCopy(a Attachment, done func(path string, err error)) {
	if r.shown == nil {
		return
	}
	id := r.shown.Message.ID
	r.env.Go("open file", func(ctx context.Context) func() {
		dir, err := r.env.copies.place(copiesOf(r.env.Store.Dir()))
		path := ""
		if err == nil {
			path, err = r.env.save(ctx, id, a.Section, filepath.Join(dir, a.Name))
		} else {
			err = &fault.Error{Remedy: fault.User, Scope: fault.App, Cause: fault.Disk, Op: "open file",
				Text: "There is no room for a temporary copy.", Err: err}
		}
		if err == nil {
			err = os.Chmod(path, 0o400)
		}
		return func() { done(path, err) }
	})
}
