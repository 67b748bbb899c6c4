// Package language gives Fyne a language where the locale names none. In the
// locale C.UTF-8, that of containers, Fyne takes “C” for one and complains at
// every start, as soon as it is loaded.
//
// Only LANGUAGE is set, and only there: it chooses among translations and
// nothing else, so keyboard and character set stay as they are, and a program
// that this one starts speaks English either way.
package language

import (
	"cmp"
	"os"
	"strings"
)

// Packages are set up in the order of their import paths as soon as those that
// they import are. This one imports hardly anything, and Fyne much that sorts
// after it, so this comes first.
func init() {
	locale := cmp.Or(os.Getenv("LC_ALL"), os.Getenv("LC_MESSAGES"), os.Getenv("LANG"))
	if strings.HasPrefix(locale, "C.") && os.Getenv("LANGUAGE") == "" {
		os.Setenv("LANGUAGE", "en")
	}
}
