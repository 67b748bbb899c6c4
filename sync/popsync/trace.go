package popsync

import "bytes"

// trace returns the Received fields of a header (RFC 5321 §4.4), without blanks:
// they tell one delivery of a mail from another. It is empty where there are
// none.
func trace(header []byte) string {
	var t []byte
	in := false
	for line := range bytes.Lines(header) {
		switch {
		case len(bytes.TrimRight(line, "\r\n")) == 0:
			return string(t)
		case line[0] != ' ' && line[0] != '\t':
			const name = "received:"
			in = len(line) > len(name) && bytes.EqualFold(line[:len(name)], []byte(name))
		}
		if in {
			t = append(t, bytes.Join(bytes.Fields(line), nil)...)
		}
	}
	return string(t)
}
