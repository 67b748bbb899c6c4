// Package intake turns raw mail into the rows of the store: what POP, IMAP,
// the outbox and the indexer know of a mail, they know through here.
//
// It guarantees that the same bytes give the same row, whoever read them, so
// that a mail is recognised again over another protocol; and that no bytes
// make it fail or panic: a mail that is malformed gives a row with what can be
// read of it.
//
// All functions are safe for concurrent use.
package intake

import (
	"io"
	"time"

	"paquebot.app/internal/letter"
	"paquebot.app/localstore"
)

// FromFields returns the row of a mail of which a server gave single header
// fields, those of letter.HeaderFields (BODY.PEEK[HEADER.FIELDS …]). Its
// HeaderHash is zero, since the complete header was not seen; Size is the
// caller's to set.
func FromFields(account localstore.AccountID, fields []byte) localstore.NewContent {
	h := letter.ParseHeader(fields)
	c := fromHeader(account, &h)
	c.HeaderHash = [32]byte{}
	return c
}

// FromHeader returns the row of a mail of which the complete header was seen
// (POP's TOP n 0, BODY.PEEK[HEADER]). Bytes after the header are not looked at.
// Size is the caller's to set.
func FromHeader(account localstore.AccountID, header []byte) localstore.NewContent {
	h := letter.ParseHeader(header)
	return fromHeader(account, &h)
}

// FromBlob returns the row of a mail that is here whole: hashes, header
// fields, parts, number of attachments and the first words of its text. Blob
// is the caller's to set, once it is complete. The error is r's: what a mail
// holds never makes it fail.
func FromBlob(account localstore.AccountID, r io.ReaderAt, size int64) (localstore.NewContent, error) {
	l := letter.Index(r, size)
	if l.ReadError != nil {
		return localstore.NewContent{}, l.ReadError
	}
	c := fromHeader(account, &l.Header)
	c.Body, c.Size = localstore.BodyWhole, size
	c.Parts, c.Attachments, c.Preview = Parts(l), len(l.Attachments()), l.Preview(PreviewLength)
	return c, nil
}

// Arrived returns when a mail arrived, by the topmost Received of its header
// that parses, and never later than now (RFC 5321 §4.4). Without one it is now.
func Arrived(header []byte, now time.Time) time.Time {
	h := letter.ParseHeader(header)
	return arrived(&h, now)
}

// Delivered is FromHeader and Arrived in one reading.
func Delivered(account localstore.AccountID, header []byte, now time.Time) (localstore.NewContent, time.Time) {
	h := letter.ParseHeader(header)
	return fromHeader(account, &h), arrived(&h, now)
}

func arrived(h *letter.Header, now time.Time) time.Time {
	if h.Received.IsZero() || h.Received.After(now) {
		return now
	}
	return h.Received
}

// Parts returns the parts of a mail as the store keeps them. Type carries the
// parameters without which the part cannot be read again (charset, format).
func Parts(l *letter.Letter) []localstore.Part {
	parts := make([]localstore.Part, 0, len(l.Parts))
	for i := range l.Parts {
		p := &l.Parts[i]
		parts = append(parts, localstore.Part{
			Section: p.Section, Type: p.ContentType(), Name: p.Name, Encoding: p.Encoding, Size: p.Size,
		})
	}
	return parts
}

func fromHeader(account localstore.AccountID, h *letter.Header) localstore.NewContent {
	return localstore.NewContent{
		Account:     account,
		HeaderID:    h.MessageID,
		FieldsHash:  h.FieldsHash,
		HeaderHash:  h.HeaderHash,
		Sent:        h.Date,
		Subject:     h.Subject,
		Sender:      letter.FormatAddresses(h.From),
		Recipients:  letter.FormatAddresses(h.To),
		Cc:          letter.FormatAddresses(h.Cc),
		ReplyTo:     letter.FormatAddresses(h.ReplyTo),
		DeliveredTo: letter.FormatAddresses(h.DeliveredTo),
		References:  h.Refs(),
	}
}

// PreviewLength is how many characters of a mail a list may show.
const PreviewLength = 200
