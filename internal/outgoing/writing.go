package outgoing

import (
	"context"
	"io"
	"strings"

	"paquebot.app/internal/letter"
	"paquebot.app/localstore"
)

// Writing is a letter as a composer holds it: what was typed, as it was typed.
// Its JSON is the form in which versions of a draft are kept.
type Writing struct {
	Account    localstore.AccountID `json:"account"`          // it goes from
	Sender     localstore.SenderID  `json:"sender,omitempty"` // the identity of that account; 0: the default one
	To         string               `json:"to,omitempty"`
	Cc         string               `json:"cc,omitempty"`
	Bcc        string               `json:"bcc,omitempty"`
	Subject    string               `json:"subject,omitempty"`
	Text       string               `json:"text,omitempty"`      // own words, in the form of letter.Draft.Text
	HTML       string               `json:"html,omitempty"`      // the same as HTML, where they have more than text can say
	Quote      string               `json:"quote,omitempty"`     // goes out below them: what is answered or passed on
	Signature  string               `json:"signature,omitempty"` // goes out below all that, under "-- "
	InReplyTo  string               `json:"in_reply_to,omitempty"`
	References []string             `json:"references,omitempty"`
	// Pictures are those that HTML may show, complete blobs. One that it shows no
	// more stays with the draft, for an undo, and does not go out.
	Pictures []Picture `json:"pictures,omitempty"`

	Answers localstore.ContentID   `json:"-"` // 0: nothing; the draft's row keeps it
	Files   []localstore.DraftFile `json:"-"` // complete blobs; the draft's rows keep them
	// Continues is the draft of another program that this one goes on with, until
	// it is saved; 0: none.
	Continues localstore.MessageID `json:"-"`
}

// Picture is a picture within the words of a letter.
type Picture struct {
	ContentID string            `json:"content_id"` // without <>
	Blob      localstore.BlobID `json:"blob"`
	Name      string            `json:"name"`
	Type      string            `json:"type"`
	Size      int64             `json:"size"`
}

// Empty tells whether a person would miss nothing of it: a signature is no letter.
func (w Writing) Empty() bool {
	return len(w.Files) == 0 && strings.TrimSpace(w.To+w.Cc+w.Bcc+w.Subject+w.Text+w.Quote) == ""
}

// SendFrom makes it a letter of an identity, with its signature.
func (w *Writing) SendFrom(s localstore.Sender) {
	w.Account, w.Sender, w.Signature = s.Account, s.ID, s.Signature
}

// Body is the text that goes out: own words, an empty line, what is quoted, and
// the signature at the end.
func (w Writing) Body() string { return letter.Sign(w.unsigned(), w.Signature) }

func (w Writing) unsigned() string {
	own := strings.TrimRight(w.Text, "\n")
	switch {
	case w.Quote == "":
		return own + "\n"
	case own == "":
		return "\n\n" + w.Quote + "\n"
	}
	return own + "\n\n" + w.Quote + "\n"
}

// Draft returns the letter it will be. Its attachments are read from the store
// when it is written. An account that is gone has cause Missing; instead of an
// identity that is gone the account's default one is taken.
func (w Writing) Draft(ctx context.Context, store *localstore.Store) (*letter.Draft, error) {
	var from localstore.Sender
	err := store.Read(ctx, func(v *localstore.View) (err error) {
		from, err = senderOf(v, w.Account, w.Sender)
		return err
	})
	if err != nil {
		return nil, err
	}
	d := &letter.Draft{
		From: Address(from), ReplyTo: letter.ParseAddresses(from.ReplyTo), To: letter.ParseAddresses(w.To), Cc: letter.ParseAddresses(w.Cc), Bcc: letter.ParseAddresses(w.Bcc),
		Subject: w.Subject, InReplyTo: w.InReplyTo, References: w.References, Text: w.Body(),
	}
	stored := func(f localstore.DraftFile) letter.Attachment {
		return letter.Attachment{Name: f.Name, Type: f.Type, Size: f.Size, Open: func() (io.ReadCloser, error) {
			r, err := store.OpenBlob(ctx, f.Blob)
			if err != nil {
				return nil, err
			}
			return blobContent{r.Reader(), r}, nil
		}}
	}
	for _, f := range w.Files {
		d.Attachments = append(d.Attachments, stored(f))
	}
	w.html(d, from, func(p Picture) letter.Attachment { return stored(p.file()) })
	return d, nil
}

func (p Picture) file() localstore.DraftFile {
	return localstore.DraftFile{Blob: p.Blob, Name: p.Name, Type: p.Type, Size: p.Size}
}

// blobContent is a stored file, read from its start.
type blobContent struct {
	io.Reader
	io.Closer
}

// Writing returns a beginning for the composer. The files it carries on are
// copied into blobs of their own.
func (b Beginning) Writing(ctx context.Context, store *localstore.Store) (Writing, error) {
	w := FromDraft(b.Draft)
	w.SendFrom(b.Sender)
	w.Answers = b.Answers
	w.Text, w.Quote = "", strings.Trim(b.Draft.Text, "\n")
	if !b.mail.Readable() {
		w.Quote = ""
	}
	files, err := carry(ctx, store, b.Draft.Attachments)
	w.Files = files
	return w, err
}

// Quoted tells whether the text of the message is here, so that it is quoted.
func (b Beginning) Quoted() bool { return b.mail.Readable() }

// Behind names the attachments that a forwarded message should carry on and
// that are not on this computer.
func (b Beginning) Behind() []string {
	var names []string
	for _, p := range b.mail.Letter.Attachments() {
		if !b.mail.Here(p) {
			names = append(names, p.Name)
		}
	}
	return names
}

// FromDraft returns what a composer holds of a letter, without its files.
func FromDraft(d *letter.Draft) Writing { return fromDraft(d, false) }

// fromDraft is FromDraft; signed says that the signature was taken off its text,
// but not off its HTML.
func fromDraft(d *letter.Draft, signed bool) Writing {
	w := Writing{
		To: letter.FormatAddresses(d.To), Cc: letter.FormatAddresses(d.Cc), Bcc: letter.FormatAddresses(d.Bcc),
		Subject: d.Subject, InReplyTo: d.InReplyTo, References: d.References,
	}
	w.Text, w.Quote = splitQuote(d.Text)
	w.fromHTML(d.HTML, signed)
	return w
}

// forwardMark is how letter.Forward begins what it passes on.
const forwardMark = "---------- Forwarded message ----------"

// splitQuote parts a text into a person's own words and what stands quoted
// below them: a forwarded message, or the quotes at the end with the line that
// names their author. Joined by Body they are the same text again.
func splitQuote(text string) (own, quote string) {
	lines := strings.Split(strings.TrimRight(text, "\n"), "\n")
	at := quoteStart(lines)
	own = strings.TrimRight(strings.Join(lines[:at], "\n"), "\n")
	return own, strings.Join(lines[at:], "\n")
}

// quoteStart returns where what is quoted below a text begins.
func quoteStart(lines []string) int {
	for i, line := range lines {
		if line == forwardMark && (i == 0 || lines[i-1] == "") {
			return i
		}
	}
	return quotesAtEnd(lines)
}

// quotesAtEnd returns where the quotes that end a text begin.
func quotesAtEnd(lines []string) int {
	at := len(lines)
	for at > 0 && strings.HasPrefix(lines[at-1], ">") {
		at--
	}
	if at == len(lines) || at == 0 {
		return at
	}
	// The line that names the author goes with its quotes.
	if strings.HasSuffix(lines[at-1], ":") && (at == 1 || lines[at-2] == "") {
		return at - 1
	}
	if lines[at-1] == "" {
		return at
	}
	return len(lines) // an answer between quotes stays as it was written
}
