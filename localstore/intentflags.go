package localstore

import (
	"slices"
	"strings"
)

var (
	setShownFlags = onMail(`UPDATE messages SET flags = ? WHERE id = ?`)
	keywordsOf    = onMail(`SELECT word FROM keywords WHERE message_id = ? ORDER BY word`)
	addKeyword    = onMail(`INSERT OR IGNORE INTO keywords (message_id, word) VALUES (?, ?)`)
	dropKeyword   = onMail(`DELETE FROM keywords WHERE message_id = ? AND word = ?`)
)

// marks are the flags and keywords of a message.
type marks struct {
	flags Flags
	words []string
}

// with returns the marks after set and clear; what is in both is set.
func (m marks) with(set, clear marks) marks {
	return marks{m.flags&^clear.flags | set.flags, union(without(m.words, clear.words), set.words)}
}

// from returns what has to be set and cleared to come from base to m.
func (m marks) from(base marks) (set, clear marks) {
	return marks{m.flags &^ base.flags, without(m.words, base.words)},
		marks{base.flags &^ m.flags, without(base.words, m.words)}
}

func (m marks) empty() bool { return m.flags == 0 && len(m.words) == 0 }

func without(words, gone []string) []string {
	var left []string
	for _, w := range words {
		if !slices.Contains(gone, w) {
			left = append(left, w)
		}
	}
	return left
}

func union(a, b []string) []string {
	all := slices.Concat(a, b)
	slices.Sort(all)
	return slices.Compact(all)
}

// marks returns what an intent sets and clears.
func (p Pending) marks() (set, clear marks) {
	return marks{p.Set, p.SetWords}, marks{p.Clear, p.ClearWords}
}

// SetFlags marks messages, here at once and on their server when it can be
// reached. Local-only messages get no intent. Messages that are gone or
// deleted are left out, as in all that follows here.
func (tx *Tx) SetFlags(ids []MessageID, set, clear Flags) error {
	return tx.mark(ids, marks{flags: set}, marks{flags: clear})
}

// SetKeywords adds and takes away keywords, like SetFlags. A word that IMAP
// could not carry (RFC 3501 §9, flag-keyword) is refused with cause Data.
func (tx *Tx) SetKeywords(ids []MessageID, set, clear []string) error {
	for _, w := range slices.Concat(set, clear) {
		if w == "" || len(w) > 100 || strings.ContainsFunc(w, notInAtom) {
			return refuse("keywords", "A keyword is one word of plain letters, digits and signs.")
		}
	}
	return tx.mark(ids, marks{words: set}, marks{words: clear})
}

// notInAtom tells whether r may not stand in an atom (RFC 3501 §9).
func notInAtom(r rune) bool { return r <= ' ' || r > '~' || strings.ContainsRune(`(){%*"\]`, r) }

func (tx *Tx) mark(ids []MessageID, set, clear marks) error {
	for _, id := range ids {
		s, ok, err := tx.subject(id)
		if err != nil {
			return err
		}
		if !ok || s.state == Deleted {
			continue
		}
		if err := tx.markOne(s, set, clear); err != nil {
			return err
		}
	}
	return nil
}

func (tx *Tx) markOne(s subject, set, clear marks) error {
	shown, err := tx.shownMarks(s)
	if err != nil {
		return err
	}
	after := shown.with(set, clear)
	added, gone := after.from(shown)
	if added.empty() && gone.empty() {
		return nil
	}
	if err := tx.show(s, after, added, gone); err != nil {
		return err
	}
	p, had := s.intents[PendFlags]
	if !had && !s.tellsFlags() {
		return nil
	}
	base, err := tx.baseOf(s, shown)
	if err != nil {
		return err
	}
	p.Account, p.Message, p.Kind = s.account, s.id, PendFlags
	return tx.owe(p, base, after)
}

// baseOf returns what the server has of a message that shows these marks. Of
// one that it does not have yet, it is what led to them.
func (v *View) baseOf(s subject, shown marks) (marks, error) {
	if s.at == 0 {
		return s.intents[PendFlags].base(shown), nil
	}
	at, err := v.ImapLocationsOf(s.id)
	if err != nil {
		return marks{}, err
	}
	if len(at) == 0 { // its folder is numbered anew, or it was not seen yet
		return s.intents[PendFlags].base(shown), nil
	}
	return marks{at[0].BaseFlags &^ ServerDeleted, at[0].BaseKeywords}, nil
}

// base returns what the marks were before p led to these:
// shown = (base &^ clear) | set.
func (p Pending) base(shown marks) marks {
	set, clear := p.marks()
	return shown.with(clear, set)
}

// owe makes p the intent that leads from base to shown, or none.
func (tx *Tx) owe(p Pending, base, shown marks) error {
	set, clear := shown.from(base)
	if set.empty() && clear.empty() {
		return tx.drop(p)
	}
	p.Set, p.SetWords, p.Clear, p.ClearWords = set.flags, set.words, clear.flags, clear.words
	_, err := tx.put(p)
	return err
}

// shownMarks returns the flags and keywords that a message shows.
func (v *View) shownMarks(s subject) (marks, error) {
	words, err := collect(v.session, keywordsOf, func(r scanner) (w string, err error) {
		err = r.Scan(&w)
		return w, err
	}, s.id)
	return marks{s.flags, words}, err
}

// show stores the marks that a message shows from now on.
func (tx *Tx) show(s subject, shown, added, gone marks) error {
	if shown.flags != s.flags {
		if err := tx.do(setShownFlags, shown.flags, s.id); err != nil {
			return err
		}
	}
	for _, w := range added.words {
		if err := tx.do(addKeyword, s.id, w); err != nil {
			return err
		}
	}
	for _, w := range gone.words {
		if err := tx.do(dropKeyword, s.id, w); err != nil {
			return err
		}
	}
	tx.noteSubject(s, s.folder)
	return nil
}
