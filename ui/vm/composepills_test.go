package vm

import (
	"testing"

	"paquebot.app/internal/letter"
)

func TestPartAddresses(t *testing.T) {
	for _, c := range []struct {
		typed       string
		settled     bool
		whole, rest string
	}{
		{"", true, "", ""},
		{"ana@b.example", false, "", "ana@b.example"},
		{"ana@b.example", true, "ana@b.example", ""},
		{"Ana Lima <ana@b.example>, to", false, "Ana Lima <ana@b.example>", "to"},
		{"ana@b.example;tom@b.example ", true, "ana@b.example, tom@b.example", ""},
		{`"Lima, Ana" <ana@b.example>, `, false, `"Lima, Ana" <ana@b.example>`, ""},
		{"nobody, ana@b.example, ", false, "ana@b.example", "nobody, "},
		{"ana@b.example\ntom@b.example\n", true, "ana@b.example, tom@b.example", ""},
		{" , ; ", true, "", ""},
	} {
		whole, rest := PartAddresses(c.typed, c.settled)
		if got := letter.FormatAddresses(whole); got != c.whole || rest != c.rest {
			t.Errorf("%q: %q and %q, want %q and %q", c.typed, got, rest, c.whole, c.rest)
		}
	}
}

func FuzzPartAddresses(f *testing.F) {
	f.Add(`"Lima, Ana" <ana@b.example>, nobody; tom@b.example`)
	f.Fuzz(func(t *testing.T, typed string) {
		whole, rest := PartAddresses(typed, true)
		for _, a := range whole {
			if addressProblem(a.String()) != "" {
				t.Errorf("%q cannot be sent to", a)
			}
		}
		again, left := PartAddresses(JoinAddresses(whole, rest), true)
		if letter.FormatAddresses(again) != letter.FormatAddresses(whole) || left != rest {
			t.Errorf("%q, %q read again are %q, %q", whole, rest, again, left)
		}
	})
}
