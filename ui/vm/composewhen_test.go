package vm

import (
	"testing"
	"time"
)

func TestParseWhen(t *testing.T) {
	for _, c := range []struct{ day, hour, want string }{ // noon is on Wednesday, 25 November 2026
		{"today", "13", "2026-11-25 13:00"}, {"Tomorrow", "8:30", "2026-11-26 08:30"}, {"friday", "2 pm", "2026-11-27 14:00"},
		{"Wed", "08.15", "2026-12-02 08:15"}, {"24 Nov", "9", "2027-11-24 09:00"}, {"25 Nov", "23:59", "2026-11-25 23:59"},
		{"3.12.", "09:00", "2026-12-03 09:00"}, {"2026-12-03", "7", "2026-12-03 07:00"}, {"3 december 2026", "12pm", "2026-12-03 12:00"},
		{"Dec 3, 2026", "3:04 PM", "2026-12-03 15:04"}, {"29 Feb", "8", ""},
		{"today", "11:59", ""}, {"24 Nov 2026", "9", ""}, {"some day", "9", ""}, {"tomorrow", "", ""}, {"tomorrow", "25:00", ""}, {"", "8", ""},
	} {
		at, ok := ParseWhen(c.day, c.hour, noon)
		got := ""
		if ok {
			got = at.Format("2006-01-02 15:04")
		}
		if got != c.want {
			t.Errorf("%q %q: %q, want %q", c.day, c.hour, got, c.want)
		}
	}
}

func FuzzParseWhen(f *testing.F) {
	f.Add("24 Nov", "8:30")
	f.Fuzz(func(t *testing.T, day, hour string) {
		if at, ok := ParseWhen(day, hour, noon); ok && !at.After(noon) {
			t.Errorf("%q %q is %v", day, hour, at.Format(time.RFC3339))
		}
	})
}
