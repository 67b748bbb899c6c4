package letter

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"slices"
	"strings"
)

// Given is a letter that a program hands in whole, as for "sendmail -t": it
// goes out as it was given, with its Message-ID, its Date, its other fields and
// its parts. Only what cannot go out is written anew: line ends, bytes beyond
// ASCII, lines that are too long.
//
// The exported fields are read from it and may be changed before Write.
type Given struct {
	From        Address      // of the first From; zero: it names none
	To, Cc, Bcc []Address    // of all fields of that name
	MessageID   string       // "": it has none that can be kept
	Resent      bool         // it says to whom it is redirected (RFC 5322 §3.6.6)
	Attachments []Attachment // to go along

	fields  []field // in order, without those above and those of the content
	content []field // what describes the content
	body    []byte
}

var errStructure = errors.New("the parts of the letter cannot be told apart")

// ReadGiven reads a letter from raw, which must not be changed as long as it is
// used. Lines may end as they do anywhere. A line that is no field ends the
// header: what begins without one is all text.
func ReadGiven(raw []byte) *Given {
	g := new(Given)
	raw = bytes.TrimPrefix(raw, []byte("\xef\xbb\xbf"))
	if bytes.HasPrefix(raw, []byte("From ")) { // of a mailbox file
		_, raw, _ = bytes.Cut(raw, []byte("\n"))
	}
	for len(raw) > 0 {
		end, next := foldedLine(raw)
		line := bytes.TrimRight(raw[:end], "\r")
		if len(line) == 0 {
			raw = raw[next:]
			break
		}
		f := newField(line)
		if f.name == "" {
			break
		}
		g.take(f)
		raw = raw[next:]
	}
	g.body = raw
	return g
}

// take sorts a field in.
func (g *Given) take(f field) {
	addresses := func() []Address { return parseAddresses(f.value(), "", true) }
	switch f.name {
	case "to":
		g.To = append(g.To, addresses()...)
	case "cc":
		g.Cc = append(g.Cc, addresses()...)
	case "bcc":
		g.Bcc = append(g.Bcc, addresses()...)
	case "from":
		if list := addresses(); g.From == (Address{}) && len(list) > 0 {
			g.From = list[0]
		}
	case "message-id":
		if id := firstID(f.value()); g.MessageID == "" && validID(id) {
			g.MessageID = id
		}
	case "mime-version", "return-path", "resent-bcc", "content-length", "status", "x-status", "x-uid", "x-uidl":
		return // ours to write, or not a letter's: the fields of mailbox files
	}
	g.Resent = g.Resent || strings.HasPrefix(f.name, "resent-")
	same := func(o field) bool { return o.name == f.name }
	switch {
	case strings.HasPrefix(f.name, "content-"):
		if !slices.ContainsFunc(g.content, same) {
			g.content = append(g.content, f)
		}
	case f.name == "date" && parseDate(string(f.value())).IsZero():
	case f.name != "bcc" && !(onlyOnce(f.name) && slices.ContainsFunc(g.fields, same)):
		g.fields = append(g.fields, f)
	}
}

// onlyOnce tells the fields of which a letter has one (RFC 5322 §3.6).
func onlyOnce(name string) bool {
	switch name {
	case "date", "from", "sender", "reply-to", "to", "cc", "message-id", "in-reply-to", "references", "subject":
		return true
	}
	return false
}

// Recipients returns the addresses of To, Cc and Bcc as SMTP gets them, each
// once, in order. It fails with an *AddressError.
func (g *Given) Recipients() ([]string, error) { return wireAll(g.To, g.Cc, g.Bcc) }

// Write writes the letter as Draft.Write does: From, Message-ID and Bcc as the
// fields of g say, the Date only if one was given. It fails with an
// *AddressError, where a letter that has to be encoded has too many parts or
// none that can be told apart, and with what opening an attachment or w fails
// with.
func (g *Given) Write(w io.Writer) error {
	b := bufio.NewWriterSize(w, 32<<10)
	if err := g.writeFields(b); err != nil {
		return err
	}
	if len(g.Attachments) > 0 {
		if err := writeMixed(b, g.writeContent, g.Attachments); err != nil {
			return err
		}
	} else if err := g.writeContent(b); err != nil {
		return err
	}
	return b.Flush()
}

// writeFields writes the header but for what describes the content.
func (g *Given) writeFields(b *bufio.Writer) error {
	ours := map[string]bool{}
	for _, f := range g.fields {
		text, err := g.fieldText(f)
		if err != nil {
			return err
		}
		ours[f.name] = true
		b.WriteString(text)
	}
	for _, f := range []struct {
		name string
		list []Address
	}{{"From", []Address{g.From}}, {"To", g.To}, {"Cc", g.Cc}, {"Bcc", g.Bcc}} {
		if ours[strings.ToLower(f.name)] || len(f.list) == 0 || f.list[0] == (Address{}) {
			continue
		}
		coded, err := encodeAddresses(f.list)
		if err != nil {
			return err
		}
		b.WriteString(foldedField(f.name, coded))
	}
	if !ours["message-id"] && validID(g.MessageID) {
		b.WriteString(foldedField("Message-ID", "<"+g.MessageID+">"))
	}
	b.WriteString("MIME-Version: 1.0\r\n")
	return nil
}

// fieldText returns a field as it goes out.
func (g *Given) fieldText(f field) (string, error) {
	name := fieldName(f)
	var list []Address
	switch f.name {
	case "from":
		list = []Address{g.From}
	case "to":
		list = g.To
	case "cc":
		list = g.Cc
	case "message-id":
		if !validID(g.MessageID) {
			return "", nil
		}
		return foldedField(name, "<"+g.MessageID+">"), nil
	default:
		return cleanField(f), nil
	}
	own := parseAddresses(f.value(), "", true)
	coded, err := encodeAddresses(list)
	switch {
	case err != nil:
		return "", err
	case fit(f.raw) && slices.Equal(own, list) && isASCII(f.raw):
		return canonicalField(f.raw), nil // comments, groups and all
	}
	return foldedField(name, coded), nil
}

// cleanField returns a field as it was given where it can go out so, else
// written anew.
func cleanField(f field) string {
	switch {
	case fit(f.raw) && isASCII(f.raw):
		return canonicalField(f.raw)
	case addressField(f.name):
		if coded, err := encodeAddresses(parseAddresses(f.value(), "", true)); err == nil {
			return foldedField(fieldName(f), coded)
		}
	case f.name == "references" || f.name == "in-reply-to":
		ids := parseIDs(f.value())
		for i, id := range ids {
			ids[i] = "<" + id + ">"
		}
		return foldedField(fieldName(f), strings.Join(ids, " "))
	case f.name == "content-type" || f.name == "content-disposition":
		return rewrittenValue(f, "", "")
	}
	return foldedField(fieldName(f), encodeText(decodeWords(f.value(), "")))
}

func fieldName(f field) string {
	return string(bytes.TrimRight(f.raw[:len(f.raw)-len(f.body)-1], " \t"))
}

// fit tells whether a field has no line that is too long and no control
// character.
func fit(raw []byte) bool {
	for line := range bytes.SplitSeq(raw, []byte("\n")) {
		line = bytes.TrimSuffix(line, []byte("\r"))
		if len(line) > lineLimit || len(bytes.TrimSpace(line)) == 0 ||
			bytes.ContainsFunc(line, func(r rune) bool { return r < ' ' && r != '\t' || r == 0x7f }) {
			return false
		}
	}
	return true
}

// canonicalField ends every line of a field by CRLF.
func canonicalField(raw []byte) string {
	return strings.ReplaceAll(strings.ReplaceAll(string(raw), "\r\n", "\n"), "\n", "\r\n") + "\r\n"
}
