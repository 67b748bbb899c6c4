package localstore

import (
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"
)

func TestFoldText(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"", ""},
		{"Hello, HELLO world", "hello world"},
		{"Zürich Ångström Noël naïve", "zurich angstrom noel naive"},
		{"Zu\u0308rich", "zurich"},
		{"Straße Smørrebrød Łódź Þór", "strasse smorrebrod lodz thor"},
		{"ΣΊΣΥΦΟΣ Σίσυφος", "σισυφοσ"},
		{"Ёлка Ελλάδα", "елка ελλαδα"},
		{"ＦＵＬＬ ﬁne", "full fine"},
		{"東京都", "東京 京都 都"},
		{"日本", "日本 本"},
		{"木", "木"},
		{"abc東京def", "abc 東京 京 def"},
		{"東京。大阪", "東京 京 大阪 阪"},
		{"ｶﾞ", "ガ"},
		{"안녕하세요", "안녕 녕하 하세 세요 요"},
		{"ไทย", "ไท ทย ย"},
		{"john.smith@example.org", "john smith example org"},
		{"a\x00b", "a b"},
		{"caf\xe9 bar", "caf bar"},
		{"don't stop-gap", "don t stop gap"},
		{strings.Repeat("x", 100), strings.Repeat("x", 40)},
		{"هَمْزَة", "همزة"},
	} {
		if got := strings.TrimSuffix(foldText(c.text, map[string]struct{}{}), " "); got != c.want {
			t.Errorf("foldText(%q) = %q, want %q", c.text, got, c.want)
		}
	}
}

func TestFoldTerms(t *testing.T) {
	for _, c := range []struct {
		text   string
		typing bool
		want   []term
	}{
		{"Zürich", false, []term{{"zurich", false}}},
		{"Zür", true, []term{{"zur", true}}},
		{"two words", true, []term{{"two", false}, {"words", true}}},
		{"東京", false, []term{{"東京", false}}},
		{"東", false, []term{{"東", true}}},
		{"東京都 x", false, []term{{"東京", false}, {"京都", false}, {"x", false}}},
		{"*^\"", true, nil},
	} {
		got := foldTerms(c.text, c.typing)
		if len(got) != len(c.want) {
			t.Errorf("foldTerms(%q) = %v, want %v", c.text, got, c.want)
			continue
		}
		for i := range got {
			if got[i] != c.want[i] {
				t.Errorf("foldTerms(%q) = %v, want %v", c.text, got, c.want)
			}
		}
	}
}

// matches is what the index does with terms, in the plainest way.
func matches(column string, terms []term) bool {
	words := strings.Fields(column)
	for _, want := range terms {
		found := false
		for _, w := range words {
			if w == want.word || want.prefix && strings.HasPrefix(w, want.word) {
				found = true
				break
			}
		}
		if !found {
			return false
		}
	}
	return true
}

// Whatever stands in a text between two characters that are no letters is
// found by typing it, and by typing its beginning.
func TestFoldFindsWhatIsThere(t *testing.T) {
	letters := rapid.StringOfN(rapid.RuneFrom([]rune("abcXYZ019éÅßøŁ東京都カガ안녕ไทยяЁΣς")), 1, 12, -1)
	rapid.Check(t, func(t *rapid.T) {
		words := rapid.SliceOfN(letters, 1, 8).Draw(t, "words")
		column := foldText(strings.Join(words, ", "), map[string]struct{}{})
		i := rapid.IntRange(0, len(words)-1).Draw(t, "which")
		if !matches(column, foldTerms(words[i], false)) {
			t.Fatalf("%q not found in %q", words[i], column)
		}
		runes := []rune(words[i])
		typed := string(runes[:rapid.IntRange(1, len(runes)).Draw(t, "typed")])
		if !matches(column, foldTerms(typed, true)) {
			t.Fatalf("the beginning %q of %q not found in %q", typed, words[i], column)
		}
	})
}

func FuzzFold(f *testing.F) {
	for _, s := range []string{"", "Zürich", "東京都x", "\xff\x00a", "ﷺ", "e\u0301\u0301\u0301"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		column := foldText(text, map[string]struct{}{})
		if !utf8.ValidString(column) || strings.ContainsRune(column, 0) {
			t.Fatalf("%q folds to %q", text, column)
		}
		for _, w := range strings.Fields(column) {
			if len(w) > maxWord {
				t.Fatalf("word of %d bytes", len(w))
			}
		}
		if again := foldText(column, map[string]struct{}{}); !strings.ContainsFunc(column, inRun) && again != column {
			t.Fatalf("folding twice: %q, then %q", column, again)
		}
		if !matches(column, foldTerms(text, false)) {
			t.Fatalf("%q does not find itself in %q", text, column)
		}
	})
}
