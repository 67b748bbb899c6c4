package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"mime"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"paquebot.app/internal/content"
	"paquebot.app/internal/fault"
	"paquebot.app/internal/letter"
	"paquebot.app/localstore"
)

// view says what show prints of a message.
type view struct {
	raw, text, html, headers bool
	part, to                 string
}

func (a *app) showCmd() *cobra.Command {
	var s view
	cmd := &cobra.Command{
		Use:   "show ID",
		Short: "Show a message; what is not here is fetched, or noted as wanted when offline",
		Args:  exactly(1, "show needs one ID"),
		RunE: func(c *cobra.Command, args []string) error {
			chosen := 0
			for _, name := range []string{"raw", "text", "html", "headers", "part"} {
				if c.Flags().Changed(name) {
					chosen++
				}
			}
			if chosen > 1 {
				return usage("show prints one thing: --raw, --text, --html, --headers or --part")
			}
			ids, err := messageIDs(args)
			if err != nil {
				return err
			}
			return a.show(c.Context(), ids[0], s)
		},
	}
	flags := cmd.Flags()
	flags.BoolVar(&s.raw, "raw", false, "every byte, as it arrived")
	flags.BoolVar(&s.text, "text", false, "its text (the default)")
	flags.BoolVar(&s.html, "html", false, "its text as safe HTML")
	flags.BoolVar(&s.headers, "headers", false, "its header")
	flags.StringVar(&s.part, "part", "", "the attachment or part of this `section`")
	flags.StringVarP(&s.to, "output", "o", "", "write to `FILE`, which must not exist")
	return cmd
}

func (a *app) show(ctx context.Context, id localstore.MessageID, s view) error {
	section := localstore.WishText
	switch {
	case s.raw || s.headers:
		section = localstore.WishWhole
	case s.part != "":
		section = s.part
	}
	if err := a.bring(ctx, id, section); err != nil {
		return err
	}
	m, err := content.Open(ctx, a.profile.Store, id)
	if err != nil {
		return err
	}
	defer m.Close()
	if a.json {
		return a.showJSON(ctx, m)
	}
	out, finish, err := a.output(s.to)
	if err != nil {
		return err
	}
	return finish(a.showTo(ctx, out, m, s))
}

// showTo writes what was asked for of an open mail.
func (a *app) showTo(ctx context.Context, w io.Writer, m *content.Mail, s view) error {
	switch {
	case s.raw || s.headers:
		r, err := a.profile.Store.OpenBlob(ctx, m.Blob)
		if err != nil {
			return err
		}
		defer r.Close()
		var from io.Reader = r.Reader()
		if s.headers {
			header, err := headerOf(r)
			if err != nil {
				return err
			}
			from = strings.NewReader(harmless(header))
		}
		_, err = io.Copy(w, from)
		return err
	case m.Letter.ReadError != nil:
		return m.Letter.ReadError
	case s.part != "":
		p := m.Letter.Part(s.part)
		if p == nil {
			return missing("The message has no part %s.", s.part)
		}
		_, err := io.Copy(w, m.Letter.Open(p))
		return err
	}
	text, err := a.textOf(m.Letter)
	if err != nil {
		return err
	}
	if s.html {
		_, err := io.WriteString(w, m.Letter.Document().HTML())
		return err
	}
	fmt.Fprintf(w, "From:    %s\nTo:      %s\n", m.Sender, m.Recipients)
	if m.Cc != "" {
		fmt.Fprintf(w, "Cc:      %s\n", m.Cc)
	}
	if !m.Sent.IsZero() {
		fmt.Fprintf(w, "Date:    %s\n", m.Sent.Format(time.RFC1123Z))
	}
	fmt.Fprintf(w, "Subject: %s\n\n%s\n", m.Subject, strings.TrimRight(text, "\n"))
	for _, p := range m.Letter.Attachments() {
		where := "on the server"
		if m.Here(p) {
			where = "here"
		}
		fmt.Fprintf(w, "\n[%s]  %s  %s  %s  %s", p.Section, p.Name, p.Type, size(p.Size), where)
	}
	if len(m.Letter.Attachments()) > 0 {
		fmt.Fprintln(w)
	}
	return nil
}

// textOf returns the text of a letter, and says so where it is not all of it.
// It fails where what is stored of it cannot be read.
func (a *app) textOf(l *letter.Letter) (string, error) {
	text, err := l.WholeText()
	if damaged := new(fault.Error); errors.As(err, &damaged) {
		return "", err
	}
	if err != nil {
		a.say("not all of the text is shown; --raw prints every byte")
		text = l.Text()
	}
	return text, nil
}

// shownJSON is a message with what reading it gives.
type shownJSON struct {
	messageJSON
	Headers []fieldJSON `json:"headers"`
	Text    string      `json:"text"`
	HTML    string      `json:"html"`
}

type fieldJSON struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

func (a *app) showJSON(ctx context.Context, m *content.Mail) error {
	var rows []messageJSON
	err := a.profile.Store.Read(ctx, func(v *localstore.View) (err error) {
		rows, err = messageRows(v, []localstore.Message{m.Message})
		return err
	})
	if err != nil {
		return err
	}
	text, err := a.textOf(m.Letter)
	if err != nil {
		return err
	}
	shown := shownJSON{messageJSON: rows[0], Headers: []fieldJSON{}, Text: text, HTML: m.Letter.Document().HTML()}
	if m.Blob != 0 {
		r, err := a.profile.Store.OpenBlob(ctx, m.Blob)
		if err != nil {
			return err
		}
		defer r.Close()
		header, err := headerOf(r)
		if err != nil {
			return err
		}
		shown.Headers = fields(header)
	}
	return a.print(shown, nil)
}

// headerLimit bounds how much of a mail is looked through for its header.
const headerLimit = 1 << 20

// headerOf returns the header block of a stored mail, as it arrived.
func headerOf(r *localstore.BlobReader) (string, error) {
	b := make([]byte, min(r.Size(), headerLimit))
	if _, err := r.ReadAt(b, 0); err != nil {
		return "", err
	}
	s := string(b)
	for _, end := range []string{"\r\n\r\n", "\n\n"} {
		if i := strings.Index(s, end); i >= 0 {
			return s[:i] + end[:len(end)/2], nil
		}
	}
	return s, nil
}

// harmless takes the characters out of a header by which a sender would command
// the terminal it is shown on. --raw leaves them.
func harmless(header string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' && r != '\t' && r != '\r' && r != '\n' || r == 0x7f || r >= 0x80 && r < 0xa0 {
			return '\uFFFD'
		}
		return r
	}, header)
}

// fields splits a header block into unfolded fields.
func fields(block string) []fieldJSON {
	out := []fieldJSON{}
	for _, line := range strings.Split(strings.ReplaceAll(block, "\r\n", "\n"), "\n") {
		if len(out) > 0 && line != "" && (line[0] == ' ' || line[0] == '\t') {
			out[len(out)-1].Value += " " + strings.TrimSpace(line)
			continue
		}
		if name, value, ok := strings.Cut(line, ":"); ok {
			out = append(out, fieldJSON{strings.ToValidUTF8(strings.TrimSpace(name), "�"), strings.ToValidUTF8(strings.TrimSpace(value), "�")})
		}
	}
	return out
}

// output opens what is written to; finish closes it and keeps the first error.
// A file is never overwritten.
func (a *app) output(path string) (io.Writer, func(error) error, error) {
	if path == "" || path == "-" {
		return a.out, a.wrote, nil
	}
	f, err := os.OpenFile(filepath.Clean(path), os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return nil, nil, &fault.Error{Remedy: fault.User, Scope: fault.Message, Cause: fault.Disk, Op: "save", Text: path + " cannot be written; a file that exists is never overwritten.", Err: err}
	}
	return f, func(err error) error {
		if synced := f.Sync(); err == nil {
			err = synced
		}
		if closed := f.Close(); err == nil {
			err = closed
		}
		if err != nil {
			os.Remove(path)
		}
		return a.wrote(err)
	}, nil
}

// mediaType strips the parameters of a part's type.
func mediaType(t string) string {
	if bare, _, err := mime.ParseMediaType(t); err == nil {
		return bare
	}
	bare, _, _ := strings.Cut(t, ";")
	return strings.TrimSpace(bare)
}

// attachmentFile returns a letter's attachment that reads a file.
func attachmentFile(path string) (letter.Attachment, error) {
	info, err := os.Stat(path)
	if err != nil || !info.Mode().IsRegular() {
		return letter.Attachment{}, badData(path+" cannot be attached.", err)
	}
	return letter.Attachment{Name: filepath.Base(path), Size: info.Size(), Open: func() (io.ReadCloser, error) { return os.Open(path) }}, nil
}
