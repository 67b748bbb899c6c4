package letter

import "strings"

// signatureMark is the line above a signature (RFC 3676 §4.3).
const signatureMark = "-- "

// Sign returns a text in the form of Draft.Text with a signature at its end,
// below "-- ": there every reader knows it, and folds it away or leaves it out
// of an answer. Without a signature it is the text as it is.
func Sign(text, signature string) string {
	signature = CleanSignature(signature)
	if signature == "" {
		return text
	}
	return strings.TrimRight(text, "\n") + "\n\n" + signatureMark + "\n" + signature + "\n"
}

// Unsign takes a signature off the end of a text; ok is false where the text
// does not end with just that one.
func Unsign(text, signature string) (unsigned string, ok bool) {
	signature = CleanSignature(signature)
	if signature == "" {
		return text, false
	}
	text = strings.TrimRight(text, "\n")
	unsigned, ok = strings.CutSuffix(text, "\n"+signatureMark+"\n"+signature)
	if !ok {
		unsigned, ok = strings.CutSuffix("\n"+text, "\n"+signatureMark+"\n"+signature)
	}
	if !ok {
		return text, false
	}
	return strings.TrimRight(unsigned, "\n"), true
}

// CleanSignature returns a signature as Sign puts it: without the mark that
// people write above it themselves, without empty lines around it and blanks at
// the ends of its lines, and without control characters.
func CleanSignature(signature string) string {
	lines := strings.Split(cleanText(signature), "\n")
	for i, line := range lines {
		lines[i] = strings.TrimRight(line, " \t")
	}
	signature = strings.Trim(strings.Join(lines, "\n"), "\n")
	if rest, marked := strings.CutPrefix(signature, "--\n"); marked {
		signature = strings.Trim(rest, "\n")
	}
	if signature == "--" {
		return ""
	}
	return signature
}
