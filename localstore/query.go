package localstore

import (
	"strings"
	"time"
	"unicode"
)

// Query is a search. Make one with ParseQuery.
type Query struct {
	Words      []string // every one must occur; a trailing * is a prefix
	Phrases    []string
	From, To   []string
	Subject    []string
	Folder     string // path, role, or account name/path; "" all
	Account    AccountID
	Unread     bool
	Flagged    bool
	Held       bool // what waits in the hold
	Attachment bool
	OnlyHere   bool      // on this computer only
	Before     time.Time // arrived before
	After      time.Time // arrived then or later
	AsTyped    string
	PrefixLast bool // the last word is still being typed

	// Text returns the readable text of a message, for Phrases: the store
	// cannot read mail. It is called outside Read, for the newest candidates
	// only. Where it is nil or fails, a phrase whose words all occur counts as
	// found.
	Text func(Message) (string, error)

	last column // what was typed last: PrefixLast is about it
}

// ParseQuery understands from: to: subject: has:attachment is:unread
// is:flagged is:local is:held before: after: in:, quoted phrases and prefix*; everything else is
// searched as typed. It never fails. Dates (2024, 2024-05, 2024-05-31) are read
// in loc: before: ends where they begin, after: begins there.
func ParseQuery(typed string, loc *time.Location) Query {
	q := Query{AsTyped: typed}
	for rest := typed; ; {
		var p piece
		var ok bool
		if p, rest, ok = nextPiece(rest); !ok {
			return q
		}
		switch {
		case p.key == "from":
			q.From, q.last = append(q.From, p.value), senderColumn
		case p.key == "to":
			q.To, q.last = append(q.To, p.value), recipientsColumn
		case p.key == "subject":
			q.Subject, q.last = append(q.Subject, p.value), subjectColumn
		case p.key != "" && q.option(p, loc):
			q.last = noColumn
		case p.quoted && p.key == "":
			q.Phrases, q.last = append(q.Phrases, p.value), noColumn
		default:
			q.Words, q.last = append(q.Words, p.typed), anyColumn
		}
	}
}

// option takes what limits a search by something else than words; false means
// that it cannot be understood.
func (q *Query) option(p piece, loc *time.Location) bool {
	switch what := p.key + ":" + strings.ToLower(p.value); {
	case what == "has:attachment", what == "has:attachments":
		q.Attachment = true
	case what == "is:local":
		q.OnlyHere = true
	case what == "is:unread":
		q.Unread = true
	case what == "is:flagged":
		q.Flagged = true
	case what == "is:held":
		q.Held = true
	case p.key == "in" && p.value != "":
		q.Folder = p.value
	case p.key == "before" || p.key == "after":
		day, ok := parseDay(p.value, loc)
		if !ok {
			return false
		}
		if p.key == "before" {
			q.Before = day
		} else {
			q.After = day
		}
	default:
		return false
	}
	return true
}

// piece is one word, phrase or key:value of a query.
type piece struct {
	key    string // lower case; "" for a word or phrase
	value  string
	quoted bool
	typed  string
}

var queryKeys = map[string]bool{
	"from": true, "to": true, "subject": true, "has": true, "is": true, "before": true, "after": true, "in": true,
}

// nextPiece cuts the first piece off s. A quote that is not closed reaches to
// the end.
func nextPiece(s string) (p piece, rest string, ok bool) {
	s = strings.TrimLeftFunc(s, unicode.IsSpace)
	if s == "" {
		return p, "", false
	}
	value := s
	if key, after, found := strings.Cut(s, ":"); found && queryKeys[strings.ToLower(key)] {
		if r := strings.TrimLeftFunc(after, unicode.IsSpace); len(r) == len(after) && r != "" {
			p.key, value = strings.ToLower(key), after
		}
	}
	if value[0] == '"' {
		p.quoted = true
		p.value, rest, _ = strings.Cut(value[1:], `"`)
	} else if end := strings.IndexFunc(value, func(r rune) bool { return unicode.IsSpace(r) || r == '"' }); end < 0 {
		p.value = value
	} else {
		p.value, rest = value[:end], value[end:]
	}
	p.typed = s[:len(s)-len(rest)]
	return p, rest, true
}

func parseDay(s string, loc *time.Location) (time.Time, bool) {
	s = strings.ReplaceAll(s, "/", "-")
	for _, layout := range []string{"2006-1-2", "2006-1", "2006"} {
		if t, err := time.ParseInLocation(layout, s, loc); err == nil {
			return t, true
		}
	}
	return time.Time{}, false
}

// column is a column of the index.
type column string

const (
	anyColumn        column = ""
	subjectColumn    column = "subject"
	senderColumn     column = "sender"
	recipientsColumn column = "recipients"
	noColumn         column = "-"
)

// wanted is what a message must hold, folded.
type wanted struct {
	match   string // for the index; "" when there is nothing to look for
	exact   []exact
	phrases []string // flattened
}

// exact is a run of words that must stand in a header field in that order.
type exact struct {
	column column
	flat   string
}

// want folds a query. A word of no letter and no digit asks for nothing.
func (q *Query) want() wanted {
	var w wanted
	var match []string
	add := func(list []string, of column, phrase bool) {
		for i, typed := range list {
			open := !phrase && strings.HasSuffix(typed, "*") ||
				q.PrefixLast && i == len(list)-1 && of == q.last && !phrase
			terms := foldTerms(typed, open)
			for _, t := range terms {
				match = append(match, t.match(of))
			}
			switch {
			case len(terms) < 2:
			case phrase:
				w.phrases = append(w.phrases, flatNeedle(typed, false))
			case of != anyColumn:
				w.exact = append(w.exact, exact{of, flatNeedle(typed, open)})
			}
		}
	}
	add(q.Words, anyColumn, false)
	add(q.Phrases, anyColumn, true)
	add(q.From, senderColumn, false)
	add(q.To, recipientsColumn, false)
	add(q.Subject, subjectColumn, false)
	w.match = strings.Join(match, " AND ")
	return w
}

// match is the term in the language of FTS5
// (https://www.sqlite.org/fts5.html#full_text_query_syntax). A folded word
// holds letters and digits only, so that quotes make it safe.
func (t term) match(in column) string {
	s := `"` + t.word + `"`
	if t.prefix {
		s += " *"
	}
	if in != anyColumn {
		s = string(in) + " : " + s
	}
	return s
}
