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
	Quote      string               `json:"quote,omitempty"`     // goes out below them: what is answered or passed on
	Signature  string               `json:"signature,omitempty"` // goes out below all that, under "-- "
	InReplyTo  string               `json:"in_reply_to,omitempty"`
	References []string             `json:"references,omitempty"`

	Answers localstore.ContentID   `json:"-"` // 0: nothing; the draft's row keeps it
	Files   []localstore.DraftFile `json:"-"` // complete blobs; the draft's rows keep them
	// Continues is the draft of another program that this one goes on with, until
	// it is saved; 0: none.
	Continues localstore.MessageID `json:"-"`
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
	for _, f := range w.Files {
		d.Attachments = append(d.Attachments, letter.Attachment{Name: f.Name, Type: f.Type, Size: f.Size, Open: func() (io.ReadCloser, error) {
			r, err := store.OpenBlob(ctx, f.Blob)
			if err != nil {
				return nil, err
			}
			return blobContent{r.Reader(), r}, nil
		}})
	}
	return d, nil
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
func FromDraft(d *letter.Draft) Writing {
	w := Writing{
		To: letter.FormatAddresses(d.To), Cc: letter.FormatAddresses(d.Cc), Bcc: letter.FormatAddresses(d.Bcc),
		Subject: d.Subject, InReplyTo: d.InReplyTo, References: d.References,
	}
	w.Text, w.Quote = splitQuote(d.Text)
	return w
}

// forwardMark is how letter.Forward begins what it passes on.
const forwardMark = "---------- Forwarded message ----------"

// splitQuote parts a text into a person's own words and what stands quoted
// below them: a forwarded message, or the quotes at the end with the line that
// names their author. Joined by Body they are the same text again.
func splitQuote(text string) (own, quote string) {
	lines := strings.Split(strings.TrimRight(text, "\n"), "\n")
	at := len(lines)
	for i, line := range lines {
		if line == forwardMark && (i == 0 || lines[i-1] == "") {
			at = i
			break
		}
	}
	if at == len(lines) {
		at = quotesAtEnd(lines)
	}
	own = strings.TrimRight(strings.Join(lines[:at], "\n"), "\n")
	return own, strings.Join(lines[at:], "\n")
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
