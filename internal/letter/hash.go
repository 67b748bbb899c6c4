package letter

import (
	"bytes"
	"crypto/sha256"
	"strings"
)

// hashedFields are the fields of a FieldsHash, in the order they are hashed.
var hashedFields = [...]string{"message-id", "date", "from", "to", "cc", "subject", "in-reply-to"}

// fieldsHasher collects the fields of a FieldsHash. The order in which
// different fields stand in a header does not matter, since servers change it
// when they are asked for single fields; the order of equal fields does.
type fieldsHasher [len(hashedFields)][]byte

func (h *fieldsHasher) add(f field) {
	for i, name := range hashedFields {
		if name == f.name {
			h[i] = append(h[i], name...)
			h[i] = append(h[i], ':')
			h[i] = appendBlanksJoined(h[i], f.value())
			h[i] = append(h[i], '\n')
		}
	}
}

// sum returns the hash. A missing field adds nothing, an empty one its name.
func (h *fieldsHasher) sum() [32]byte {
	s := sha256.New()
	for _, b := range h {
		s.Write(b)
	}
	return [32]byte(s.Sum(nil))
}

// appendBlanksJoined appends value with every run of blanks made one space,
// because servers fold anew, and NUL as the 0x80 that IMAP servers send for it.
func appendBlanksJoined(to, value []byte) []byte {
	blank := false
	for _, c := range value {
		if c == ' ' || c == '\t' {
			blank = true
			continue
		}
		if blank {
			to = append(to, ' ')
			blank = false
		}
		to = append(to, withoutNUL(c))
	}
	return to
}

func withoutNUL(c byte) byte {
	if c == 0 {
		return 0x80
	}
	return c
}

// hashHeader is the HeaderHash of a complete header: SHA-256 over every
// unfolded line, ended by LF, without the fields that belong to a mailbox and
// not to the mail.
func hashHeader(header []byte) [32]byte {
	s := sha256.New()
	eachField(header, func(f field) {
		if mailboxLocal(f.name) {
			return
		}
		line := unfold(f.raw)
		if bytes.IndexByte(line, 0) >= 0 {
			line = bytes.ReplaceAll(line, []byte{0}, []byte{0x80})
		}
		s.Write(line)
		s.Write([]byte{'\n'})
	})
	return [32]byte(s.Sum(nil))
}

// mailboxLocal tells whether programs that keep mailboxes in files add or
// change the field.
func mailboxLocal(name string) bool {
	switch name {
	case "status", "x-status", "x-keywords", "x-uid", "x-uidl", "x-imapbase", "content-length":
		return true
	}
	return strings.HasPrefix(name, "x-mozilla-")
}
