package vm

import (
	"strings"
	"time"
)

// Layouts that people write days and times of day in.
var (
	dayLayouts  = []string{"2006-1-2", "2.1.2006", "2 Jan 2006", "2 January 2006", "Jan 2 2006", "January 2 2006"}
	yearless    = []string{"2.1.", "2.1", "2 Jan", "2 January", "Jan 2", "January 2"}
	timeLayouts = []string{"15:04", "15.04", "15", "3pm", "3 pm", "3:04pm", "3:04 pm"}
)

// ParseWhen reads a day and a time of day as people write them: "tomorrow",
// "Friday", "24 Nov", "2026-11-24" and "8", "8:30", "2 pm". A day without a year
// is the next such day. ok is false for what cannot be read or is over.
func ParseWhen(day, hour string, now time.Time) (at time.Time, ok bool) {
	d, ok := parseDay(day, now)
	if !ok {
		return at, false
	}
	hour = strings.ToLower(strings.Join(strings.Fields(hour), " "))
	for _, layout := range timeLayouts {
		if t, err := time.Parse(layout, hour); err == nil {
			at = time.Date(d.Year(), d.Month(), d.Day(), t.Hour(), t.Minute(), 0, 0, now.Location())
			return at, at.After(now)
		}
	}
	return at, false
}

func parseDay(s string, now time.Time) (time.Time, bool) {
	s = strings.ToLower(strings.Join(strings.Fields(strings.ReplaceAll(s, ",", " ")), " "))
	switch s {
	case "today":
		return now, true
	case "tomorrow":
		return now.AddDate(0, 0, 1), true
	}
	for n := 1; n <= 7; n++ {
		d := now.AddDate(0, 0, n)
		if name := strings.ToLower(d.Weekday().String()); s == name || s == name[:3] {
			return d, true
		}
	}
	for _, layout := range dayLayouts {
		if t, err := time.Parse(layout, s); err == nil {
			return t, true
		}
	}
	for _, layout := range yearless {
		if t, err := time.Parse(layout+" 2006", s+" "+now.Format("2006")); err == nil {
			if days(t, now) > 0 {
				t = t.AddDate(1, 0, 0)
			}
			return t, true
		}
	}
	return now, false
}

// WhenFields is what the fields of a free time begin with: tomorrow morning.
func (c *Composer) WhenFields() (day, hour string) {
	return c.env.Clock.Now().In(c.env.Zone).AddDate(0, 0, 1).Format("2 January 2006"), "08:00"
}

// SendWhen sends the letter at a typed time; a sentence says why not.
func (c *Composer) SendWhen(day, hour string) (problem string) {
	at, ok := ParseWhen(day, hour, c.env.Clock.Now().In(c.env.Zone))
	switch {
	case ok:
		c.SendLater(at)
		return ""
	case at.IsZero():
		return "Please write a day, such as “24 November” or “Friday”, and a time, such as “8:30”."
	}
	return "That time is over."
}

// When says in words which time was typed; "" for none that can be.
func (c *Composer) When(day, hour string) string {
	now := c.env.Clock.Now().In(c.env.Zone)
	at, ok := ParseWhen(day, hour, now)
	if !ok {
		return ""
	}
	return "Leaves " + at.Format("Monday, 2 January 2006, 15:04")
}
