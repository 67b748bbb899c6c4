package letter

import (
	"bufio"
	"io"
	"strings"
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

// writeText writes a text of "\n" lines in an encoding, with CRLF.
func writeText(w *bufio.Writer, text, encoding string) error {
	switch encoding {
	case "7bit":
		w.WriteString(strings.ReplaceAll(text, "\n", "\r\n"))
	case "quoted-printable":
		for _, line := range strings.SplitAfter(text, "\n") {
			writeQP(w, strings.TrimSuffix(line, "\n"), strings.HasSuffix(line, "\n"))
		}
	default:
		return writeBase64(w, strings.NewReader(strings.ReplaceAll(text, "\n", "\r\n")))
	}
	return nil
}

// writeQP writes one line in quoted-printable: lines of at most 76, none that
// begins with "From " or is a lone dot, which servers change.
func writeQP(w *bufio.Writer, line string, ended bool) {
	const hex = "0123456789ABCDEF"
	n := 0
	for i := 0; i < len(line); i++ {
		c := line[i]
		plain := ' ' < c && c < 0x7f && c != '=' || (c == ' ' || c == '\t') && i < len(line)-1
		size := 1
		if !plain {
			size = 3
		}
		if n+size > 75 {
			w.WriteString("=\r\n")
			n = 0
		}
		if n == 0 && (c == '.' || strings.HasPrefix(line[i:], "From ")) {
			plain, size = false, 3
		}
		if plain {
			w.WriteByte(c)
		} else {
			w.Write([]byte{'=', hex[c>>4], hex[c&15]})
		}
		n += size
	}
	if ended {
		w.WriteString("\r\n")
	}
}

// writeBase64 writes r in lines of 76.
func writeBase64(w *bufio.Writer, r io.Reader) error {
	const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
	var in [57]byte
	for {
		n, err := io.ReadFull(r, in[:])
		for i := 0; i < n; i += 3 {
			var three [3]byte
			k := copy(three[:], in[i:n])
			v := uint32(three[0])<<16 | uint32(three[1])<<8 | uint32(three[2])
			four := [4]byte{alphabet[v>>18], alphabet[v>>12&63], '=', '='}
			if k > 1 {
				four[2] = alphabet[v>>6&63]
			}
			if k > 2 {
				four[3] = alphabet[v&63]
			}
			w.Write(four[:])
		}
		if n > 0 {
			w.WriteString("\r\n")
		}
		switch err {
		case nil:
		case io.EOF, io.ErrUnexpectedEOF:
			return nil
		default:
			return err
		}
	}
}
