package letter

import (
	"bytes"
	"crypto/rand"
	"encoding/base32"
	"strings"
	"unicode/utf8"
)

// NewMessageID returns a Message-ID, without <>, for a letter from address: 128
// random bits and the domain of the address. It tells neither the name of this
// machine nor that of its user.
func NewMessageID(address string) string {
	var b [16]byte
	rand.Read(b[:])
	id := strings.ToLower(base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(b[:]))
	if _, domain, ok := splitAddr(address); ok {
		if domain, err := asciiDomain(domain); err == nil {
			return id + "@" + domain
		}
	}
	return id + "@mail.invalid"
}

// firstID reads a Message-ID field: what stands in the first <>, else the
// whole value. Bytes that are no text are made text the same way every time.
func firstID(value []byte) string {
	if i := bytes.IndexByte(value, '<'); i >= 0 {
		if j := bytes.IndexByte(value[i:], '>'); j > 1 {
			value = value[i+1 : i+j]
		}
	}
	if len(value) > 10*maxID {
		return ""
	}
	id := value
	if !utf8.Valid(id) {
		id = fromLatin1(id)
	}
	return strings.TrimSpace(strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f {
			return -1
		}
		return r
	}, string(id)))
}

// parseIDs reads In-Reply-To or References: the last 20 ids that are well
// formed enough to be repeated in a header of our own.
func parseIDs(value []byte) []string {
	var ids []string
	for {
		i := bytes.IndexByte(value, '<')
		if i < 0 {
			break
		}
		value = value[i+1:]
		j := bytes.IndexAny(value, "<>")
		if j < 0 {
			break
		}
		if value[j] == '<' {
			continue // "<a <b>": the first is cut short
		}
		if id := value[:j]; validID(id) {
			ids = append(ids, string(id))
			if len(ids) >= 8*maxReferences {
				ids = append(ids[:0], ids[len(ids)-maxReferences:]...)
			}
		}
		value = value[j+1:]
	}
	return lastOf(ids, maxReferences)
}

func lastOf(ids []string, n int) []string {
	if len(ids) > n {
		ids = ids[len(ids)-n:]
	}
	return ids
}

// validID tells whether an id can be written between <> in a header.
func validID[T string | []byte](id T) bool {
	if len(id) == 0 || len(id) > maxID {
		return false
	}
	for i := 0; i < len(id); i++ {
		if c := id[i]; c <= ' ' || c >= 0x7f || c == '<' || c == '>' {
			return false
		}
	}
	return true
}
