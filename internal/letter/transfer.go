package letter

import (
	"bufio"
	"io"
)

// textEncoding chooses how a text of "\n" lines goes over the wire.
func textEncoding(text string) string {
	longest, line, high := 0, 0, 0
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case c == '\n':
			longest, line = max(longest, line), 0
			continue
		case c >= 0x80 || c < ' ' && c != '\t' || c == 0x7f:
			high++
		}
		line++
	}
	switch {
	case high == 0 && max(longest, line) <= lineLimit-20:
		return "7bit"
	case high*6 < len(text):
		return "quoted-printable"
	}
	return "base64"
}

// sevenBit reads the attachment once and tells whether it can go unencoded:
// ASCII without NUL, CRLF line ends only, no line too long.
func (a Attachment) sevenBit() (bool, error) {
	r, err := a.Open()
	if err != nil {
		return false, err
	}
	defer r.Close()
	src := bufio.NewReader(r)
	for n, last := 0, byte(0); ; {
		c, err := src.ReadByte()
		if err == io.EOF {
			return last != '\r', nil
		}
		if err != nil {
			return false, err
		}
		n++
		if c == 0 || c >= 0x80 || (c == '\n') != (last == '\r') || n > lineLimit {
			return false, nil
		}
		if c == '\n' {
			n = 0
		}
		last = c
	}
}
