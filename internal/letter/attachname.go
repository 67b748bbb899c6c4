package letter

import "strings"

// nameParameter returns the name of a file as a parameter of Content-Type, for
// readers that look for it there and know no RFC 2231: a quoted string, with
// encoded words in it where the name is not ASCII. No standard has those in a
// parameter (RFC 2047 §5), and they are what such readers know.
func nameParameter(name string) string {
	if !isASCII([]byte(name)) {
		return `; name="` + encodeText(name) + `"`
	}
	return `; name="` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(name) + `"`
}
