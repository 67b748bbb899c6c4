// Package content opens a mail of the store for reading, whether it is here
// whole, in parts or only by its header.
//
// It guarantees that what is not here reads as absent, never as empty by
// accident and never from the network, and that at most a few chunks of a
// mail are in memory at once.
package content

import (
	"context"
	"io"
	"slices"
	"strconv"
	"strings"

	"paquebot.app/internal/letter"
	"paquebot.app/localstore"
)

// Mail is an open mail: the message as lists know it, and its letter.
type Mail struct {
	localstore.Message
	Letter *letter.Letter
	Stored []localstore.Part // what the store knows of the parts

	delivered string // to whose mailbox, as the store knows

	open []io.Closer
}

// Open opens a message. The parts that are not here are Absent in the Letter.
// Close it.
func Open(ctx context.Context, store *localstore.Store, id localstore.MessageID) (*Mail, error) {
	m := new(Mail)
	err := store.Read(ctx, func(v *localstore.View) (err error) {
		if m.Message, err = v.Message(id); err != nil {
			return err
		}
		if m.delivered, err = v.DeliveredTo(m.Content); err != nil {
			return err
		}
		m.Stored, err = v.Parts(m.Content)
		return err
	})
	if err != nil {
		return nil, err
	}
	if m.Blob != 0 {
		r, err := store.OpenBlob(ctx, m.Blob)
		if err != nil {
			return nil, err
		}
		m.open = append(m.open, r)
		m.Letter = letter.Index(r, r.Size())
		return m, nil
	}
	parts, readers, err := m.partsHere(ctx, store)
	if err != nil {
		m.Close()
		return nil, err
	}
	m.Letter = letter.Partial(m.header(), parts, func(section string) io.Reader {
		if r := readers[section]; r != nil {
			return r.Reader()
		}
		return nil
	})
	return m, nil
}

// Here tells whether the bytes of a part are on this computer.
func (m *Mail) Here(p *letter.Part) bool { return m.Blob != 0 || !p.Absent }

// Readable tells whether the text of the mail is here.
func (m *Mail) Readable() bool { return m.Body != localstore.BodyNone }

// Close releases the mail.
func (m *Mail) Close() error {
	var first error
	for _, c := range m.open {
		if err := c.Close(); first == nil {
			first = err
		}
	}
	return first
}

// partsHere opens those parts that are here.
func (m *Mail) partsHere(ctx context.Context, store *localstore.Store) ([]letter.Part, map[string]*localstore.BlobReader, error) {
	slices.SortFunc(m.Stored, func(a, b localstore.Part) int { return slices.Compare(numbers(a.Section), numbers(b.Section)) })
	parts := make([]letter.Part, 0, len(m.Stored))
	readers := map[string]*localstore.BlobReader{}
	for _, s := range m.Stored {
		p := letter.Part{Section: s.Section, Parent: -1, Encoding: s.Encoding, Name: s.Name, Size: s.Size}
		p.SetContentType(s.Type)
		parts = append(parts, p)
		if s.Blob == 0 {
			continue
		}
		r, err := store.OpenBlob(ctx, s.Blob)
		if err != nil {
			return nil, nil, err
		}
		m.open = append(m.open, r)
		readers[s.Section] = r
	}
	return parts, readers, nil
}

// numbers returns a section as numbers that sort in the order of the mail,
// containers ("TEXT") before what they hold.
func numbers(section string) []int {
	words := strings.Split(section, ".")
	n := make([]int, len(words))
	for i, w := range words {
		n[i], _ = strconv.Atoi(w) // TEXT is 0
	}
	return n
}

// header writes the fields the store knows, for a mail whose header is not
// here whole.
func (m *Mail) header() []byte {
	var b strings.Builder
	field := func(name, value string) {
		if value != "" {
			b.WriteString(name + ": " + value + "\r\n")
		}
	}
	if m.HeaderID != "" {
		field("Message-ID", "<"+m.HeaderID+">")
	}
	if !m.Sent.IsZero() {
		field("Date", m.Sent.Format("Mon, 02 Jan 2006 15:04:05 -0700"))
	}
	field("From", m.Sender)
	field("To", m.Recipients)
	field("Cc", m.Cc)
	field("Reply-To", m.ReplyTo)
	field("Delivered-To", m.delivered)
	field("Subject", m.Subject)
	if len(m.References) > 0 {
		field("References", "<"+strings.Join(m.References, "> <")+">")
	}
	b.WriteString("\r\n")
	return []byte(b.String())
}
