package letter

import (
	"bufio"
	"bytes"
	"io"
	"strings"
	"unicode/utf8"
)

// Wire returns user@domain as SMTP and a header get it: the domain in its ASCII
// form, whatever script it was typed in, so that an address in another script
// needs SMTPUTF8 (RFC 6531) only where its local part does. It fails with an
// *AddressError.
func (a Address) Wire() (string, error) {
	local, domain, ok := splitAddr(a.Addr)
	if !ok || !utf8.ValidString(a.Addr) || !validAddr([]byte(a.Addr)) {
		return "", &AddressError{a.String()}
	}
	domain, err := asciiDomain(domain)
	if err != nil {
		return "", &AddressError{a.String()}
	}
	return local + "@" + domain, nil
}

// International tells whether the header of r holds bytes beyond ASCII: an
// address that only servers with SMTPUTF8 take (RFC 6532). Its error is r's.
func International(r io.Reader) (bool, error) {
	header, _, err := readHeader(r)
	return !isASCII(header), err
}

// ASCIIHeader returns the letter r with a header of ASCII alone, as a server
// without SMTPUTF8 takes it: an address that is not ASCII stays as a name
// without an address, as RFC 6858 §2 has it, and a line that is no field goes.
// The rest is byte for byte r's.
func ASCIIHeader(r io.Reader) (io.Reader, error) {
	header, rest, err := readHeader(r)
	if err != nil || isASCII(header) {
		return io.MultiReader(bytes.NewReader(header), rest), err
	}
	var out bytes.Buffer
	eachField(header, func(f field) {
		switch {
		case isASCII(f.raw):
			out.Write(f.raw)
			out.WriteString("\r\n")
		case f.name != "":
			out.WriteString(asciiField(f))
		}
	})
	out.WriteString("\r\n")
	return io.MultiReader(&out, rest), nil
}

// asciiField writes a field in ASCII.
func asciiField(f field) string {
	name := string(bytes.TrimRight(f.raw[:bytes.IndexByte(f.raw, ':')], " \t"))
	if !addressField(f.name) {
		return foldedField(name, encodeText(decodeWords(f.value(), "")))
	}
	var coded []string
	for _, a := range parseAddresses(f.value(), "", true) {
		s, err := encodeAddress(a)
		if err != nil || !isASCII([]byte(s)) {
			s = encodeWords(cleanLine(a.String())) + ":;" // a group of nobody
		}
		coded = append(coded, s)
	}
	return foldedField(name, strings.Join(coded, ", "))
}

// addressField tells the fields that hold addresses (RFC 5322 §3.6).
func addressField(name string) bool {
	switch strings.TrimPrefix(name, "resent-") {
	case "from", "sender", "reply-to", "to", "cc", "bcc":
		return true
	}
	return false
}

// readHeader reads the header of r, up to and with its first empty line, and
// returns a reader of what follows.
func readHeader(r io.Reader) (header []byte, rest io.Reader, err error) {
	src := bufio.NewReader(r)
	for len(header) < maxHeader {
		line, err := src.ReadBytes('\n')
		header = append(header, line...)
		if err == io.EOF || err == nil && len(bytes.TrimRight(line, "\r\n")) == 0 {
			break
		}
		if err != nil {
			return header, src, err
		}
	}
	return header, src, nil
}
