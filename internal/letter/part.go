package letter

import (
	"io"
	"mime"
	"strings"
)

// Part is one node of a mail's MIME tree: a leaf, a multipart or an embedded
// message.
type Part struct {
	// Section is the part's number as IMAP counts (RFC 3501 §6.4.5): "1.2",
	// "1" for a mail that is no multipart. The multipart of a whole mail or of
	// an embedded message, which has no number, is "TEXT" or "2.TEXT".
	Section     string
	Parent      int    // index in Letter.Parts, -1 for the root
	Type        string // lower case, "text/plain"
	Charset     string // as named, "" when none is
	Encoding    string // Content-Transfer-Encoding, lower case; "" when missing
	Disposition string // "inline", "attachment" or ""
	Name        string // fit to be saved under, unique in the mail; "" if the part has none and is no attachment
	ContentID   string // without <>
	Flowed      bool   // format=flowed (RFC 3676)
	DelSp       bool   // delsp=yes
	Method      string // of a calendar: REQUEST, REPLY, CANCEL … (RFC 6047 §2.4); "" when none is named
	Size        int64  // of the decoded content, estimated

	// Where the part's header and body stand in the mail, in bytes. The line
	// break before a boundary belongs to the boundary. All zero in a Letter
	// that Partial made.
	HeaderStart, BodyStart, End int64

	// Absent is true in a Letter that Partial made, when the part's bytes are
	// not at hand.
	Absent bool

	boundary, boundaryTrimmed []byte
	start                     string // the root of a multipart/related
}

// Multipart tells a container of further parts.
func (p *Part) Multipart() bool { return strings.HasPrefix(p.Type, "multipart/") }

// ContentType returns the type with those parameters that are needed to read
// the part again: "text/plain; charset=utf-8; format=flowed; delsp=yes".
func (p *Part) ContentType() string {
	s := p.Type
	quoted := func(name, value string) {
		if value != "" {
			s += "; " + name + `="` + strings.Map(func(r rune) rune {
				if r < ' ' || r == '"' || r == '\\' {
					return -1
				}
				return r
			}, value) + `"`
		}
	}
	quoted("charset", p.Charset)
	if p.Flowed {
		s += "; format=flowed"
	}
	if p.DelSp {
		s += "; delsp=yes"
	}
	quoted("method", p.Method)
	return s
}

// wireType is ContentType as it may stand in a letter: of a text, with the
// parameters that are plain ASCII; "" where the type is none.
func (p *Part) wireType() string {
	params := map[string]string{}
	if strings.HasPrefix(p.Type, "text/") {
		for name, value := range map[string]string{"charset": p.Charset, "method": p.Method} {
			if value != "" && isToken(value) {
				params[name] = value
			}
		}
		if p.Flowed {
			params["format"] = "flowed"
		}
		if p.DelSp {
			params["delsp"] = "yes"
		}
	}
	return mime.FormatMediaType(p.Type, params)
}

// isToken tells whether a value needs no quotes (RFC 2045 §5.1).
func isToken(s string) bool {
	return !strings.ContainsFunc(s, func(r rune) bool { return r <= ' ' || r >= 0x7f || strings.ContainsRune(`()<>@,;:\"/[]?=`, r) })
}

// SetContentType takes Type, Charset, Flowed, DelSp and Method from a Content-Type
// value such as ContentType returns.
func (p *Part) SetContentType(value string) {
	ct := parseValue([]byte(value))
	p.setType(ct)
}

func (p *Part) setType(ct structured) {
	p.Type = ct.value
	if p.Type == "" {
		p.Type = "text/plain"
	} else if strings.IndexByte(p.Type, '/') <= 0 {
		switch p.Type { // RFC 1049 had no subtypes
		case "text":
			p.Type = "text/plain"
		default:
			p.Type = "application/octet-stream"
		}
	}
	charset := ct.param("charset")
	if i := strings.IndexAny(charset, " \t("); i > 0 {
		charset = charset[:i]
	}
	p.Charset = cut(cleanName(toUTF8([]byte(charset), "")), 60)
	p.Flowed = strings.EqualFold(ct.param("format"), "flowed")
	p.DelSp = strings.EqualFold(ct.param("delsp"), "yes")
	p.Method = ""
	if p.Type == "text/calendar" {
		p.Method = cut(cleanName(toUTF8([]byte(ct.param("method")), "")), 20)
	}
	p.start = strings.Trim(ct.param("start"), "<> ")
	if p.Multipart() {
		if b := ct.param("boundary"); b != "" && len(b) <= 1000 {
			p.boundary = []byte("--" + b)
			p.boundaryTrimmed = []byte("--" + strings.TrimRight(b, " \t"))
		}
	}
}

// partOf reads a part's header. typ is its type if it names none.
func partOf(header []byte, typ string) (p Part, subject string) {
	seen := map[string][]byte{}
	eachField(header, func(f field) {
		switch f.name {
		case "content-type", "content-transfer-encoding", "content-disposition", "content-id", "subject":
			if _, again := seen[f.name]; !again {
				seen[f.name] = f.value()
			}
		}
	})
	ct, disposition := parseValue(seen["content-type"]), parseValue(seen["content-disposition"])
	if ct.value == "" {
		ct.value = typ
	}
	p.setType(ct)
	p.Encoding = parseValue(seen["content-transfer-encoding"]).value
	p.Disposition = disposition.value
	if p.Disposition != "" && p.Disposition != "inline" {
		p.Disposition = "attachment" // RFC 2183 §2.8
	}
	if p.Name = FileName(disposition.words("filename", p.Charset)); p.Name == "" {
		p.Name = FileName(ct.words("name", p.Charset))
	}
	p.ContentID = cut(cleanName(strings.Trim(toUTF8(seen["content-id"], ""), "<> \t")), maxID)
	subject = cleanLine(decodeWords(seen["subject"], ""))
	return p, subject
}

// Decode undoes the part's Content-Transfer-Encoding. It reads what it can and
// fails only where raw fails.
func (p *Part) Decode(raw io.Reader) io.Reader { return decodeBody(raw, p.Encoding) }

// DecodeText is Decode and turns the text into UTF-8.
func (p *Part) DecodeText(raw io.Reader) io.Reader {
	return utf8Reader(p.Decode(raw), p.Charset)
}

// estimate sets Size from the length of the encoded body.
func (p *Part) estimate(encoded int64) {
	p.Size = encoded
	switch p.Encoding {
	case "base64":
		p.Size = (encoded - encoded/78*2) / 4 * 3
	case "quoted-printable":
		p.Size = encoded - encoded/78*3
	}
}
