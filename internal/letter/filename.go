package letter

import (
	"mime"
	"path"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

const maxFileName = 150 // bytes, below what every file system takes

// FileName makes a name a sender gave into one that can be saved: the last
// element of a path, without control, direction and invisible characters,
// not hidden, not a device of Windows, not too long, with its extension
// whole. It returns "" when nothing is left.
func FileName(name string) string {
	name = norm.NFC.String(cleanName(name))
	if i := strings.LastIndexAny(name, `/\`); i >= 0 {
		name = name[i+1:]
	}
	name = strings.Map(func(r rune) rune {
		if strings.ContainsRune(`<>:"|?*`, r) {
			return '_'
		}
		return r
	}, name)
	name = strings.TrimLeft(strings.TrimRight(name, ". "), ".- ~")
	if name == "" {
		return ""
	}
	if isDevice(name) {
		name = "_" + name
	}
	return shortened(name)
}

// shortened cuts the stem of a long name and keeps its extension.
func shortened(name string) string {
	if len(name) <= maxFileName {
		return name
	}
	ext := path.Ext(name)
	if len(ext) > 20 {
		ext = ""
	}
	return strings.TrimRight(cut(name, maxFileName-len(ext)-len("…")), " .") + "…" + ext
}

// isDevice tells names that mean a device to Windows, with any extension.
func isDevice(name string) bool {
	stem, _, _ := strings.Cut(strings.ToUpper(name), ".")
	stem = strings.TrimRight(stem, " ")
	switch stem {
	case "CON", "PRN", "AUX", "NUL", "CONIN$", "CONOUT$":
		return true
	}
	if len(stem) > 3 && (strings.HasPrefix(stem, "COM") || strings.HasPrefix(stem, "LPT")) {
		return strings.Contains("0123456789¹²³", stem[3:]) && utf8.RuneCountInString(stem) == 4
	}
	return false
}

// madeUpName names a part that has no usable name of its own.
func madeUpName(p *Part, subject string) string {
	if p.Type == "message/rfc822" {
		if n := FileName(cut(subject, 80)); n != "" {
			return n + ".eml"
		}
		return "message.eml"
	}
	kind, _, _ := strings.Cut(p.Type, "/")
	switch kind {
	case "image", "audio", "video", "message":
	case "text":
		if p.Type == "text/calendar" {
			kind = "invitation"
		}
	default:
		kind = "attachment"
	}
	return kind + extensionOf(p.Type)
}

// extensionOf returns the usual extension of a type. The system's own table is
// not asked, so that a name is the same on every machine.
func extensionOf(typ string) string {
	switch typ {
	case "text/plain", "message/delivery-status", "text/rfc822-headers":
		return ".txt"
	case "text/calendar":
		return ".ics"
	case "text/vcard", "text/x-vcard":
		return ".vcf"
	case "text/csv":
		return ".csv"
	case "text/html":
		return ".html"
	case "image/jpeg":
		return ".jpg"
	case "image/png", "image/gif", "image/webp", "application/pdf", "application/zip", "audio/ogg", "video/mp4":
		return "." + typ[strings.IndexByte(typ, '/')+1:]
	case "audio/mpeg":
		return ".mp3"
	case "application/pgp-signature":
		return ".asc"
	case "application/pkcs7-signature", "application/x-pkcs7-signature":
		return ".p7s"
	}
	return ".bin"
}

// TypeOfName guesses a media type from a file name.
func TypeOfName(name string) string {
	ext := strings.ToLower(path.Ext(name))
	for _, t := range []string{"text/plain", "text/calendar", "text/vcard", "text/csv", "text/html", "image/jpeg",
		"image/png", "image/gif", "image/webp", "application/pdf", "application/zip", "audio/mpeg", "audio/ogg", "video/mp4"} {
		if extensionOf(t) == ext || ext == ".jpeg" && t == "image/jpeg" {
			return t
		}
	}
	if ext == ".eml" {
		return "message/rfc822"
	}
	if t, _, err := mime.ParseMediaType(mime.TypeByExtension(ext)); err == nil {
		return t
	}
	return "application/octet-stream"
}
