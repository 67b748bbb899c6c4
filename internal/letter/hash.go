package letter

import (
	"crypto/sha256"
	"hash"
	"slices"
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
			value := f.value()
			h[i] = append(slices.Grow(h[i], len(name)+len(value)+2), name...)
			h[i] = append(h[i], ':')
			h[i] = appendBlanksJoined(h[i], value)
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

// headerHasher makes the HeaderHash of a complete header: SHA-256 over every
// unfolded line, ended by LF, without the fields that belong to a mailbox and
// not to the mail.
type headerHasher struct {
	sum  hash.Hash
	line []byte
}

func (h *headerHasher) add(f field) {
	if mailboxLocal(f.name) {
		return
	}
	h.line = append(h.line[:0], unfold(f.raw)...)
	for i, c := range h.line {
		h.line[i] = withoutNUL(c)
	}
	h.line = append(h.line, '\n')
	h.sum.Write(h.line)
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
