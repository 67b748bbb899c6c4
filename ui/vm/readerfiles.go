package vm

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"paquebot.app/internal/content"
	"paquebot.app/internal/fault"
	"paquebot.app/localstore"
)

// Attachment is a file that came with a letter.
type Attachment struct {
	Section string
	Name    string // safe to save under
	Type    string
	Size    int64
	Here    bool // on this computer
	Wanted  bool // asked for
	Icon    string
	Kind    string // "PDF", "Archive"
}

// Note says in a line what an attachment is and where: "PDF · 184 KB · on
// server".
func (a Attachment) Note(online bool) string {
	where := "on server"
	switch {
	case a.Here:
		where = "saved offline"
	case a.Wanted && online:
		where = "fetching…"
	case a.Wanted:
		where = "comes when online"
	}
	return a.Kind + " · " + size(a.Size) + " · " + where
}

func attachmentsOf(m *content.Mail, wishes []localstore.Wish) []Attachment {
	var all []Attachment
	for _, p := range m.Letter.Attachments() {
		a := Attachment{Section: p.Section, Name: p.Name, Type: p.Type, Size: p.Size, Here: m.Here(p)}
		a.Icon, a.Kind = kindOf(p.Type, p.Name)
		for _, w := range wishes {
			if w.Content == m.Content && (w.Section == p.Section || w.Section == localstore.WishWhole) {
				a.Wanted = true
			}
		}
		all = append(all, a)
	}
	return all
}

// kinds are what people call types of files, by the beginning of the type.
var kinds = []struct{ prefix, icon, name string }{
	{"application/pdf", "pdf", "PDF"},
	{"application/zip", "archive-file", "Archive"}, {"application/x-zip", "archive-file", "Archive"},
	{"application/gzip", "archive-file", "Archive"}, {"application/x-tar", "archive-file", "Archive"},
	{"application/x-7z", "archive-file", "Archive"}, {"application/vnd.rar", "archive-file", "Archive"},
	{"image/", "image", "Picture"}, {"audio/", "play", "Sound"}, {"video/", "play", "Film"},
	{"text/calendar", "calendar", "Invitation"}, {"text/vcard", "people", "Contact"}, {"text/x-vcard", "people", "Contact"},
	{"message/", "mail", "Message"}, {"text/html", "globe", "Web page"}, {"text/csv", "file", "Table"}, {"text/", "file", "Text"},
	{"application/msword", "file", "Document"}, {"application/vnd.openxmlformats-officedocument.wordprocessingml", "file", "Document"},
	{"application/vnd.oasis.opendocument.text", "file", "Document"},
	{"application/vnd.ms-excel", "file", "Spreadsheet"}, {"application/vnd.openxmlformats-officedocument.spreadsheetml", "file", "Spreadsheet"},
	{"application/vnd.oasis.opendocument.spreadsheet", "file", "Spreadsheet"},
	{"application/vnd.ms-powerpoint", "file", "Slides"}, {"application/vnd.openxmlformats-officedocument.presentationml", "file", "Slides"},
}

func kindOf(mediaType, name string) (icon, kind string) {
	for _, k := range kinds {
		if strings.HasPrefix(mediaType, k.prefix) {
			return k.icon, k.name
		}
	}
	if ext := strings.TrimPrefix(filepath.Ext(name), "."); ext != "" && len(ext) < 6 {
		return "file", strings.ToUpper(ext)
	}
	return "file", "File"
}

// Save writes an attachment, or with section "" the whole letter, to a file. A
// file that is there already is never overwritten: the name gets a number. done
// is called with the path written.
func (r *Reader) Save(section, path string, done func(path string, err error)) {
	if r.shown == nil {
		return
	}
	id := r.shown.Message.ID
	r.env.Go("save", func(ctx context.Context) func() {
		written, err := r.env.save(ctx, id, section, path)
		return func() { done(written, err) }
	})
}

func (e *Env) save(ctx context.Context, id localstore.MessageID, section, path string) (string, error) {
	mail, err := content.Open(ctx, e.Store, id)
	if err != nil {
		return "", err
	}
	defer mail.Close()
	var from io.Reader
	if section == "" {
		if mail.Blob == 0 {
			return "", notHere("message")
		}
		blob, err := e.Store.OpenBlob(ctx, mail.Blob)
		if err != nil {
			return "", err
		}
		defer blob.Close()
		from = blob.Reader()
	} else {
		p := mail.Letter.Part(section)
		if p == nil || !mail.Here(p) {
			return "", notHere("attachment")
		}
		from = mail.Letter.Open(p)
	}
	return saveFile(ctx, path, from)
}

func saveFile(ctx context.Context, path string, from io.Reader) (string, error) {
	written, err := writeFile(ctx, path, from)
	if err != nil {
		return "", &fault.Error{Remedy: fault.User, Scope: fault.Message, Cause: fault.Disk, Op: "save",
			Text: "“" + filepath.Base(path) + "” could not be saved.", Err: err}
	}
	return written, nil
}

// SaveText saves a text under a name that is free, and tells the name it got.
func (e *Env) SaveText(path, text string, done func(path string, err error)) {
	e.Go("save", func(ctx context.Context) func() {
		written, err := saveFile(ctx, path, strings.NewReader(text))
		return func() { done(written, err) }
	})
}

func notHere(what string) error {
	return &fault.Error{Remedy: fault.Online, Scope: fault.Message, Cause: fault.Missing, Op: "save",
		Text: "This " + what + " is not on this computer yet. It comes when there is a connection."}
}

// writeFile writes beside the target, makes it durable and gives it its name.
func writeFile(ctx context.Context, path string, from io.Reader) (string, error) {
	folder := filepath.Dir(path)
	tmp, err := os.CreateTemp(folder, ".paquebot-*.part") // O_EXCL, 0600
	if err != nil {
		return "", err
	}
	defer os.Remove(tmp.Name()) // fails once it has its name
	_, err = io.Copy(tmp, &stoppable{ctx, from})
	if err == nil {
		err = tmp.Sync()
	}
	if e := tmp.Close(); err == nil {
		err = e
	}
	if err != nil {
		return "", err
	}
	target, err := reserve(path)
	if err != nil {
		return "", err
	}
	if err := os.Rename(tmp.Name(), target); err != nil {
		os.Remove(target)
		return "", err
	}
	if d, err := os.Open(folder); err == nil {
		_ = d.Sync() // not every file system can
		d.Close()
	}
	return target, nil
}

// reserve makes an empty file under the first name that is free.
func reserve(path string) (string, error) {
	ext := filepath.Ext(path)
	for n := 1; ; n++ {
		name := path
		if n > 1 {
			name = strings.TrimSuffix(path, ext) + " (" + strconv.Itoa(n) + ")" + ext
		}
		f, err := os.OpenFile(name, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
		if err == nil {
			return name, f.Close()
		}
		if !errors.Is(err, fs.ErrExist) || n == 1000 {
			return "", err
		}
	}
}

// stoppable ends a copy when the window closes.
type stoppable struct {
	ctx context.Context
	io.Reader
}

func (s *stoppable) Read(p []byte) (int, error) {
	if err := s.ctx.Err(); err != nil {
		return 0, err
	}
	return s.Reader.Read(p)
}

// Source reads the letter as it came, at most limit bytes of it; cut says that
// there is more.
func (r *Reader) Source(limit int, done func(text string, cut bool, err error)) {
	if r.shown == nil {
		return
	}
	m := r.shown.Message
	r.env.Go("source", func(ctx context.Context) func() {
		if m.Blob == 0 {
			return func() { done("", false, notHere("message")) }
		}
		blob, err := r.env.Store.OpenBlob(ctx, m.Blob)
		if err != nil {
			return func() { done("", false, err) }
		}
		defer blob.Close()
		raw, err := io.ReadAll(io.LimitReader(blob.Reader(), int64(limit)))
		cut := blob.Size() > int64(limit)
		return func() { done(strings.ToValidUTF8(string(raw), "\uFFFD"), cut, err) }
	})
}
