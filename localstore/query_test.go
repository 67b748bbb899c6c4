package localstore

import (
	"reflect"
	"strings"
	"testing"
	"time"
)

func TestParseQuery(t *testing.T) {
	loc := time.FixedZone("", 2*60*60)
	day := func(y, m, d int) time.Time { return time.Date(y, time.Month(m), d, 0, 0, 0, 0, loc) }
	for _, c := range []struct {
		typed string
		want  Query
	}{
		{"", Query{}},
		{"two words", Query{Words: []string{"two", "words"}}},
		{`"a phrase" word`, Query{Phrases: []string{"a phrase"}, Words: []string{"word"}}},
		{`word"a phrase"`, Query{Phrases: []string{"a phrase"}, Words: []string{"word"}, last: noColumn}},
		{`"not closed`, Query{Phrases: []string{"not closed"}, last: noColumn}},
		{`from:ann TO:bob subject:"the plan" pre*`, Query{From: []string{"ann"}, To: []string{"bob"}, Subject: []string{"the plan"}, Words: []string{"pre*"}}},
		{"is:unread is:FLAGGED has:attachment", Query{Unread: true, Flagged: true, Attachment: true, last: noColumn}},
		{`in:"Old mail" x`, Query{Folder: "Old mail", Words: []string{"x"}}},
		{"before:2024-03-01 x", Query{Before: day(2024, 3, 1), Words: []string{"x"}}},
		{"after:2024 x", Query{After: day(2024, 1, 1), Words: []string{"x"}}},
		{"after:2024/5 x", Query{After: day(2024, 5, 1), Words: []string{"x"}}},
		{"before:soon", Query{Words: []string{"before:soon"}}},
		{"is:nice has: http://x.org", Query{Words: []string{"is:nice", "has:", "http://x.org"}}},
		{"from: ann", Query{Words: []string{"from:", "ann"}}},
		{`in:""`, Query{Words: []string{`in:""`}}},
	} {
		c.want.AsTyped = c.typed
		if got := ParseQuery(c.typed, loc); !reflect.DeepEqual(got, c.want) {
			t.Errorf("ParseQuery(%q) = %+v, want %+v", c.typed, got, c.want)
		}
	}
}

func TestWant(t *testing.T) {
	for _, c := range []struct {
		typed  string
		prefix bool
		match  string
	}{
		{"Zürich", false, `"zurich"`},
		{"Zürich mee", true, `"zurich" AND "mee" *`},
		{"mee*", false, `"mee" *`},
		{"from:ann x", true, `"x" * AND sender : "ann"`},
		{"x from:an", true, `"x" AND sender : "an" *`},
		{"x is:unread", true, `"x"`},
		{`AND OR NOT NEAR(a b)`, false, `"and" AND "or" AND "not" AND "near" AND "a" AND "b"`},
		{`"`, true, ""},
		{`*^():-+{}`, false, ""},
		{"a\x00b", false, `"a" AND "b"`},
		{"東京都", false, `"東京" AND "京都"`},
	} {
		q := ParseQuery(c.typed, time.UTC)
		q.PrefixLast = c.prefix
		if got := q.want().match; got != c.match {
			t.Errorf("%q asks for %s, want %s", c.typed, got, c.match)
		}
	}
}

func TestPhraseStandsInText(t *testing.T) {
	for _, c := range []struct {
		text, phrase string
		open, want   bool
	}{
		{"The quick brown fox", "quick brown", false, true},
		{"The quick brown fox", "QUICK, brown!", false, true},
		{"The quick brown fox", "brown quick", false, false},
		{"The quick brown fox", "uick brown", false, false},
		{"The quick brown fox", "quick bro", false, false},
		{"The quick brown fox", "quick bro", true, true},
		{"私は東京都に住む", "東京都", false, true},
		{"私は東京都に住む", "都に", false, true},
		{"私は東京都に住む", "京東", false, false},
		{"in 東京 today", "京 today", false, true},
		{"John Smith <john.smith@example.org>", "john.smith@example", false, true},
		{"", "x y", false, false},
	} {
		if got := strings.Contains(flat(c.text), flatNeedle(c.phrase, c.open)); got != c.want {
			t.Errorf("%q in %q: %v, want %v", c.phrase, c.text, got, c.want)
		}
	}
}
