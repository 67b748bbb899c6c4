package letter

import (
	"encoding/base64"
	"slices"
	"strconv"
	"strings"
)

// maxData bounds the pictures of a letter that stand in its HTML, in bytes of
// all of them together.
const maxData = 8 << 20

// dataTypes are the pictures that may stand in HTML. Drawings (SVG) are not
// among them: they can hold links and scripts.
var dataTypes = []string{"image/png", "image/jpeg", "image/jpg", "image/gif", "image/webp"}

// dataPicture returns the bytes of a picture in a data URL (RFC 2397), at most
// room of them; "" for anything else.
func dataPicture(url string, room int) string {
	kind, _, ok := strings.Cut(cut(url, 200), ",")
	if !ok || len(kind) < 5 || !strings.EqualFold(kind[:5], "data:") {
		return ""
	}
	data := url[len(kind)+1:]
	words := strings.Split(strings.ToLower(kind[5:]), ";")
	for i := range words {
		words[i] = strings.TrimSpace(words[i])
	}
	if !slices.Contains(dataTypes, words[0]) || len(data)/4*3 > 3*room+3 { // each byte as %xx at most
		return ""
	}
	raw := percentDecode([]byte(data))
	if words[len(words)-1] == "base64" {
		raw = unbase64(raw)
	}
	if len(raw) > room {
		return ""
	}
	return string(raw)
}

// unbase64 decodes base64 with or without blanks and padding; nil where it is
// none.
func unbase64(b []byte) []byte {
	b = slices.DeleteFunc(b, func(c byte) bool { return c == ' ' || c == '\t' || c == '\r' || c == '\n' || c == '=' })
	n, err := base64.RawStdEncoding.Decode(b, b)
	if err != nil {
		return nil
	}
	return b[:n]
}

// keep names a picture that stands in the HTML and counts it; it is left out
// where there are too many bytes of them.
func (d *Document) keep(data string) (name, kept string) {
	if data == "" || d.data+len(data) > maxData {
		return "", ""
	}
	d.data += len(data)
	d.datas++
	return "data:" + strconv.Itoa(d.datas), data
}
