package font

import "strings"

// Family is a list of family names, the most wanted first.
type Family uint16

// Families that every Book knows.
const (
	Text    Family = iota // the embedded typeface
	Display               // the same, cut for sizes of 20 and more
	Mono
	Serif
)

// known are the names of those.
var known = [...][]string{
	Text:    {"inter"},
	Display: {"inter display"},
	Mono:    {"noto sans mono", "dejavu sans mono", "liberation mono", "menlo", "consolas", "monospace"},
	Serif:   {"noto serif", "liberation serif", "times new roman", "serif"},
}

// maxFamilies bounds what letters can make a Book keep.
const maxFamilies = 4096

// Family returns the family of a list of names as CSS has them
// (CSS Fonts 4 §2.1).
func (b *Book) Family(names ...string) Family {
	list := make([]string, 0, len(names))
	for _, n := range names {
		n = strings.ToLower(strings.Join(strings.Fields(strings.Trim(strings.TrimSpace(n), `"'`)), " "))
		switch n {
		case "":
			continue
		case "system-ui", "ui-sans-serif", "-apple-system", "blinkmacsystemfont", "segoe ui":
			n = "inter"
		case "ui-monospace":
			n = "monospace"
		case "ui-serif":
			n = "serif"
		}
		list = append(list, n)
	}
	if len(list) == 0 {
		return Text
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.family(list)
}

func (b *Book) family(list []string) Family {
	key := strings.Join(list, ",")
	if f, ok := b.byName[key]; ok {
		return f
	}
	if len(b.families) >= maxFamilies {
		return Text
	}
	f := Family(len(b.families))
	b.families = append(b.families, list)
	b.byName[key] = f
	return f
}

// own returns the carried face nearest to a style in the family of a name, nil
// where none is of that name.
func (b *Book) own(name string, s Style) *Face {
	var best *source
	for _, x := range b.sources {
		if x.Emoji || !strings.EqualFold(x.Family, name) || x.parse() == nil {
			continue
		}
		if best == nil || distance(x, s) < distance(best, s) {
			best = x
		}
	}
	if best == nil {
		return nil
	}
	return b.face(best.font, s.Italic && !best.Italic)
}

// distance is how far a source is from a style: a wrong weight shows more than
// a slant that stands for an italic.
func distance(x *source, s Style) int {
	d := 4 * (int(x.Weight) - int(weight(s)))
	if d < 0 {
		d = 1 - d // of two as near, the heavier
	}
	if x.Italic != s.Italic {
		d += 300
		if x.Italic {
			d += 5000 // upright text is never set in italics
		}
	}
	return d
}

func weight(s Style) uint16 {
	if s.Weight == 0 {
		return Regular
	}
	return s.Weight
}
