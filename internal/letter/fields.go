package letter

import "bytes"

// field is one header field as it stands in the mail. A line that is no field
// (no colon, a blank in the name) has an empty name.
type field struct {
	name string // lower case
	raw  []byte // with its folds, without the last line break
	body []byte // the part of raw after the colon
}

// value returns the field's unfolded value without the blanks around it.
func (f field) value() []byte { return bytes.Trim(unfold(f.body), " \t") }

// headerEnd returns how long the header of b is: up to and with the first
// empty line, or all of b.
func headerEnd(b []byte) int {
	for i := 0; i < len(b); {
		n := bytes.IndexByte(b[i:], '\n')
		if n < 0 {
			return len(b)
		}
		if len(bytes.TrimRight(b[i:i+n], "\r")) == 0 {
			return i + n + 1
		}
		i += n + 1
	}
	return len(b)
}

// eachField calls f for every field of a header, in order, until the first
// empty line. A line of an mbox ("From " at the very start) is left out: it
// belongs to the mailbox, not to the mail.
func eachField(b []byte, f func(field)) {
	b = bytes.TrimPrefix(b, []byte("\xef\xbb\xbf"))
	if bytes.HasPrefix(b, []byte("From ")) || bytes.HasPrefix(b, []byte(">From ")) {
		n := bytes.IndexByte(b, '\n')
		if n < 0 {
			return
		}
		b = b[n+1:]
	}
	for len(b) > 0 {
		end, next := foldedLine(b)
		raw := bytes.TrimRight(b[:end], "\r")
		if len(raw) == 0 {
			return
		}
		f(newField(raw))
		b = b[next:]
	}
}

// foldedLine returns where the line at the start of b ends, with the lines that
// continue it, and where the next one begins.
func foldedLine(b []byte) (end, next int) {
	for next < len(b) {
		n := bytes.IndexByte(b[next:], '\n')
		if n < 0 {
			break
		}
		end, next = next+n, next+n+1
		if next >= len(b) || b[next] != ' ' && b[next] != '\t' {
			return end, next
		}
	}
	return len(b), len(b)
}

func newField(raw []byte) field {
	colon := bytes.IndexByte(raw, ':')
	if colon <= 0 {
		return field{raw: raw}
	}
	name := bytes.TrimRight(raw[:colon], " \t")
	if len(name) == 0 || len(name) > 128 {
		return field{raw: raw}
	}
	var lower [128]byte
	for i, c := range name {
		if c <= ' ' || c >= 0x7f {
			return field{raw: raw}
		}
		if 'A' <= c && c <= 'Z' {
			c += 'a' - 'A'
		}
		lower[i] = c
	}
	known, ok := knownNames[string(lower[:len(name)])]
	if !ok {
		known = string(lower[:len(name)])
	}
	return field{name: known, raw: raw, body: raw[colon+1:]}
}

// knownNames saves making the names that every mail has.
var knownNames = func() map[string]string {
	m := map[string]string{}
	for _, n := range []string{"received", "return-path", "dkim-signature", "mime-version", "content-type",
		"content-transfer-encoding", "content-disposition", "content-id", "references", "list-id", "list-post",
		"list-unsubscribe", "reply-to", "sender", "bcc", "auto-submitted"} {
		m[n] = n
	}
	for _, n := range hashedFields {
		m[n] = n
	}
	return m
}()

// unfold removes the line breaks of a folded field (RFC 5322 §2.2.3). It
// returns b itself where there is none.
func unfold(b []byte) []byte {
	if bytes.IndexByte(b, '\n') < 0 {
		return b
	}
	out := make([]byte, 0, len(b))
	for i := 0; i < len(b); {
		n := bytes.IndexByte(b[i:], '\n')
		if n < 0 {
			return append(out, b[i:]...)
		}
		out = append(out, bytes.TrimRight(b[i:i+n], "\r")...)
		i += n + 1
	}
	return out
}
