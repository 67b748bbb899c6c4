package letter

import (
	"bytes"
	"strconv"
	"strings"
	"time"
)

// receivedDate reads the date of a Received field: what follows its last ';'.
func receivedDate(value []byte) time.Time {
	i := bytes.LastIndexByte(value, ';')
	if i < 0 {
		return time.Time{}
	}
	return parseDate(string(value[i+1:]))
}

// parseDate reads a Date as RFC 5322 §3.3 and §4.3 write it and as programs
// write it that never read them. It returns the zero time for what is no date.
// A zone that cannot be is taken as UTC, a leap second as the one before it.
func parseDate(s string) time.Time {
	if len(s) > 400 {
		s = s[:400]
	}
	s = withoutComments(s)
	if s = strings.TrimSpace(s); len(s) > 10 && s[10] == 'T' {
		if t, err := time.Parse(time.RFC3339, s); err == nil {
			return t
		}
	}
	dashes := isDayDash(s)
	words := strings.FieldsFunc(s, func(r rune) bool { return r == ' ' || r == '\t' || r == ',' || r == '-' && dashes })
	var day, month, year, clock = -1, 0, -1, -1
	var hour, minute, second, zone int
	for _, w := range words {
		switch {
		case strings.IndexByte(w, ':') > 0 && clock < 0:
			var ok bool
			if hour, minute, second, ok = parseClock(w); !ok {
				return time.Time{}
			}
			clock = 0
		case month == 0 && monthOf(w) > 0:
			month = monthOf(w)
		case isDigits(w) && day < 0 && len(w) <= 2:
			day, _ = strconv.Atoi(w)
		case isDigits(w) && year < 0 && (month > 0 || len(w) == 4) && len(w) <= 4:
			year = fullYear(w)
		case clock >= 0:
			if z, ok := parseZone(w); ok {
				zone = z
			}
		}
	}
	if day < 1 || day > 31 || month == 0 || year < 1900 || clock < 0 {
		return time.Time{}
	}
	t := time.Date(year, time.Month(month), day, hour, minute, second, 0, time.FixedZone("", zone*60))
	if t.Day() != day { // 31 February
		return time.Time{}
	}
	return t
}

// isDayDash tells "14-Mar-2026" from a zone such as -0500.
func isDayDash(s string) bool {
	i := strings.IndexByte(s, '-')
	return i > 0 && i+3 < len(s) && monthOf(s[i+1:i+4]) > 0
}

func withoutComments(s string) string {
	if strings.IndexByte(s, '(') < 0 {
		return s
	}
	var b strings.Builder
	depth := 0
	for _, r := range s {
		switch {
		case r == '(':
			depth++
		case r == ')':
			depth = max(0, depth-1)
			b.WriteByte(' ')
		case depth == 0:
			b.WriteRune(r)
		}
	}
	return b.String()
}

func isDigits(s string) bool {
	for i := 0; i < len(s); i++ {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return s != ""
}

func monthOf(w string) int {
	if len(w) < 3 {
		return 0
	}
	i := strings.Index("janfebmaraprmayjunjulaugsepoctnovdec", strings.ToLower(w[:3]))
	if i < 0 || i%3 != 0 {
		return 0
	}
	return i/3 + 1
}

// fullYear follows RFC 5322 §4.3 for years of two and three digits.
func fullYear(w string) int {
	y, _ := strconv.Atoi(w)
	switch {
	case len(w) <= 2 && y < 50:
		return 2000 + y
	case len(w) <= 3:
		return 1900 + y
	}
	return y
}

func parseClock(w string) (hour, minute, second int, ok bool) {
	p := strings.Split(w, ":")
	if len(p) < 2 || len(p) > 3 {
		return 0, 0, 0, false
	}
	var n [3]int
	for i, s := range p {
		if dot := strings.IndexByte(s, '.'); dot > 0 {
			s = s[:dot]
		}
		if !isDigits(s) || len(s) > 2 {
			return 0, 0, 0, false
		}
		n[i], _ = strconv.Atoi(s)
	}
	return n[0], n[1], min(n[2], 59), n[0] <= 23 && n[1] <= 59 && n[2] <= 60
}

// parseZone returns minutes east of UTC.
func parseZone(w string) (int, bool) {
	if len(w) == 5 && (w[0] == '+' || w[0] == '-') && isDigits(w[1:]) {
		h, _ := strconv.Atoi(w[1:3])
		m, _ := strconv.Atoi(w[3:])
		if h > 14 || m > 59 {
			return 0, true
		}
		if w[0] == '-' {
			return -(h*60 + m), true
		}
		return h*60 + m, true
	}
	switch strings.ToUpper(w) {
	case "EDT":
		return -4 * 60, true
	case "EST", "CDT":
		return -5 * 60, true
	case "CST", "MDT":
		return -6 * 60, true
	case "MST", "PDT":
		return -7 * 60, true
	case "PST":
		return -8 * 60, true
	case "UT", "UTC", "GMT", "Z":
		return 0, true
	}
	return 0, false
}
