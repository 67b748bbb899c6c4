package letter

import (
	"bufio"
	"bytes"
	"io"
	"mime"
	"strings"
)

// writeContent writes the fields that describe the content, an empty line and
// the body: as they were given where they can go out so, else every part that
// cannot in an encoding in which it can.
func (g *Given) writeContent(b *bufio.Writer) error {
	var entity bytes.Buffer
	for _, f := range g.content {
		entity.Write(f.raw)
		entity.WriteByte('\n')
	}
	described := entity.Len() > 0
	entity.WriteByte('\n')
	entity.Write(g.body)
	raw := entity.Bytes()
	if sevenBits(raw) {
		writeLines(b, raw)
		return nil
	}
	if !described { // else the text might be read as its own header
		raw = append([]byte("Content-Type: text/plain\n"), raw...)
	}
	l := Parse(raw)
	if l.Truncated {
		return &TooLongError{}
	}
	at := int64(0)
	for i := range l.Parts {
		p := &l.Parts[i]
		writeLines(b, harmlessLines(raw[at:p.HeaderStart]))
		header, body := raw[p.HeaderStart:p.BodyStart], raw[p.BodyStart:p.End]
		at = p.End
		var err error
		switch container := i+1 < len(l.Parts) && l.Parts[i+1].Parent == i; {
		case container:
			at = p.BodyStart
			err = writeContainer(b, p, header)
		case sevenBits(body):
			writePartHeader(b, header, nil)
			b.WriteString("\r\n")
			writeLines(b, body)
		default:
			err = recode(b, p, header, body)
		}
		if err != nil {
			return err
		}
	}
	writeLines(b, harmlessLines(raw[at:]))
	return nil
}

// writeContainer writes the header of a multipart or an embedded message, whose
// parts are of seven bits from now on.
func writeContainer(b *bufio.Writer, p *Part, header []byte) error {
	if !isASCII(p.boundary) {
		return errStructure
	}
	writePartHeader(b, header, func(f field) bool { return f.name != "content-transfer-encoding" })
	b.WriteString("\r\n")
	return nil
}

// recode writes a leaf in an encoding of seven bits. A text of no declared
// charset becomes UTF-8; everything else keeps its bytes, but for the line ends
// of a text.
func recode(b *bufio.Writer, p *Part, header, body []byte) error {
	content, err := io.ReadAll(p.Decode(bytes.NewReader(body)))
	if err != nil {
		return err
	}
	encoding, charset := "base64", ""
	if strings.HasPrefix(p.Type, "text/") && !hasShifts(p.Charset) {
		text := string(content)
		if p.Charset == "" || strings.EqualFold(p.Charset, "us-ascii") {
			if text = toUTF8(content, ""); !isASCII(content) {
				charset = "utf-8"
			}
		}
		text = strings.ReplaceAll(strings.ReplaceAll(text, "\r\n", "\n"), "\r", "\n")
		encoding, content = textEncoding(text), []byte(strings.ReplaceAll(text, "\n", "\r\n"))
	}
	typed, composite := false, false
	writePartHeader(b, header, func(f field) bool {
		switch f.name {
		case "content-transfer-encoding":
			return false
		case "content-type":
			typed = true
			value := parseValue(f.value()).value
			composite = strings.HasPrefix(value, "multipart/") || value == "message/rfc822" && p.Encoding != "base64" && p.Encoding != "quoted-printable"
			if charset != "" {
				b.WriteString(rewrittenValue(f, "charset", charset))
				return false
			}
		}
		return true
	})
	if composite {
		return errStructure // its parts were not found, and it may not be encoded itself (RFC 2045 §6.4)
	}
	if !typed && charset != "" {
		b.WriteString("Content-Type: " + p.Type + "; charset=" + charset + "\r\n")
	}
	b.WriteString("Content-Transfer-Encoding: " + encoding + "\r\n\r\n")
	return writeEncoded(b, encoding, bytes.NewReader(content))
}

// writePartHeader writes the fields of a part that keep says are kept.
func writePartHeader(b *bufio.Writer, header []byte, keep func(field) bool) {
	eachField(header, func(f field) {
		switch {
		case f.name == "" && !(isASCII(f.raw) && fit(f.raw)):
		case f.name == "":
			b.WriteString(canonicalField(f.raw))
		case keep == nil || keep(f):
			b.WriteString(cleanField(f))
		}
	})
}

// rewrittenValue writes a value with parameters anew, in ASCII (RFC 2231); one
// parameter may be set, "" sets none.
func rewrittenValue(f field, name, value string) string {
	v := parseValue(f.value())
	params := map[string]string{}
	for _, p := range v.params {
		if _, again := params[p.name]; !again && p.name != "" {
			params[p.name] = cut(cleanLine(v.words(p.name, "")), 255)
		}
	}
	if name != "" {
		params[name] = value
	}
	s := mime.FormatMediaType(v.value, params)
	if s == "" {
		s = encodeText(decodeWords(f.value(), ""))
	}
	return foldedField(fieldName(f), s)
}

// sevenBits tells bytes that can go out as they are but for their line ends:
// ASCII without NUL and without a bare CR, no line too long.
func sevenBits(b []byte) bool {
	for line := range bytes.SplitSeq(b, []byte("\n")) {
		line = bytes.TrimSuffix(line, []byte("\r"))
		if len(line) > lineLimit || !isASCII(line) || bytes.IndexByte(line, 0) >= 0 || bytes.IndexByte(line, '\r') >= 0 {
			return false
		}
	}
	return true
}

// harmlessLines makes what stands between the parts, which nobody reads, fit
// to go out.
func harmlessLines(b []byte) []byte {
	if sevenBits(b) {
		return b
	}
	var out []byte
	for line := range bytes.Lines(b) {
		if !sevenBits(line) {
			line = []byte("\n")
		}
		out = append(out, line...)
	}
	return out
}

// writeLines writes lines with CRLF at their ends.
func writeLines(b *bufio.Writer, text []byte) {
	for line := range bytes.Lines(text) {
		if bare, ended := bytes.CutSuffix(line, []byte("\n")); ended {
			b.Write(bytes.TrimSuffix(bare, []byte("\r")))
			b.WriteString("\r\n")
		} else {
			b.Write(line)
		}
	}
}
