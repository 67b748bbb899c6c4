package richtext

// Bits are the styles of text that are on or off.
type Bits uint8

// The styles of text.
const (
	Bold Bits = 1 << iota
	Italic
	Underline
	Strike
	Code
)

// Style is the look of a run. Styles are equal when they compare equal.
type Style struct {
	Bits Bits
	Link string // an http, https, mailto, tel or ftp URL; "": no link
	// Image makes each rune of the run, ObjectRune, stand for a picture. An
	// Image never changes once it is in a document.
	Image *Image
}

// Image is a picture inside the text.
type Image struct {
	ContentID     string // of the part that holds it, without <> (RFC 2392)
	Alt           string // what is said of it where it is not shown
	Width, Height int    // in CSS pixels; 0: those of the picture
}

// ObjectRune stands in a text for a picture or for what is folded away.
const ObjectRune = '\ufffc'

// Run is N runes in one style.
type Run struct {
	N     int
	Style Style
}

// cutRuns returns the runs of runes a to b.
func cutRuns(rs []Run, a, b int) []Run {
	var out []Run
	i := 0
	for _, r := range rs {
		lo, hi := max(a, i), min(b, i+r.N)
		if hi > lo {
			out = append(out, Run{hi - lo, r.Style})
		}
		i += r.N
		if i >= b {
			break
		}
	}
	return out
}

// joinRuns puts runs behind each other; equal neighbours become one, but
// every picture is a run of its own.
func joinRuns(lists ...[]Run) []Run {
	var out []Run
	for _, l := range lists {
		for _, r := range l {
			if n := len(out); n > 0 && out[n-1].Style == r.Style && r.Style.Image == nil {
				out[n-1].N += r.N
			} else if r.N > 0 {
				out = append(out, r)
			}
		}
	}
	return out
}

// oneRun is n runes in a style; none for n = 0.
func oneRun(n int, s Style) []Run {
	if n == 0 {
		return nil
	}
	return []Run{{n, s}}
}
