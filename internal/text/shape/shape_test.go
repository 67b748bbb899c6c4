package shape

import (
	"strings"
	"testing"

	"github.com/go-text/typesetting/language"

	"paquebot.app/internal/text/font"
)

func embedded() *Shaper { return New(font.New(false, "")) }

func word(s *Shaper, text string, rtl bool) *Word {
	t := []rune(text)
	return s.Word(t, 0, len(t), font.Style{}, rtl)
}

func TestAdvancesAreThoseOfTheFont(t *testing.T) {
	s := embedded()
	w := word(s, "AVen", false)
	sum := float32(0)
	for _, a := range w.Advance {
		sum += a
	}
	if sum != w.Width || len(w.Pieces) != 1 || len(w.Pieces[0].Glyphs) != 4 {
		t.Fatalf("%+v", w)
	}
	apart := float32(0)
	for _, r := range "AVen" {
		apart += word(s, string(r), false).Width
	}
	if w.Width >= apart {
		t.Errorf("no kerning: %g together, %g apart", w.Width, apart)
	}
	if w.Width < 2000 || w.Width > 2700 {
		t.Errorf("four letters are %g wide at 1000 px", w.Width)
	}
}

func TestAWordIsShapedOnce(t *testing.T) {
	s := embedded()
	text := []rune("one two one two")
	for range 10 {
		for i := 0; i < len(text); i += 4 {
			s.Word(text, i, i+3, font.Style{}, false)
		}
	}
	if s.shaped != 2 {
		t.Errorf("%d words shaped, want 2", s.shaped)
	}
	a := s.Word(text, 0, 3, font.Style{Weight: font.Bold}, false)
	if a == s.Word(text, 0, 3, font.Style{}, false) {
		t.Error("bold is regular")
	}
	for i := range 3 * generation {
		word(s, string(rune('a'+i%26))+string(rune('a'+i/26%26))+string(rune('a'+i/676)), false)
	}
	if n := len(s.young) + len(s.old); n > 2*generation {
		t.Errorf("%d words kept", n)
	}
}

func TestBracketsAreMirrored(t *testing.T) {
	s := embedded()
	open, shut := word(s, "(", false), word(s, ")", false)
	if got := word(s, "(", true); got.Pieces[0].Glyphs[0].ID != shut.Pieces[0].Glyphs[0].ID || got.Pieces[0].Glyphs[0].ID == open.Pieces[0].Glyphs[0].ID {
		t.Error("( is not drawn as ) from right to left (L4)")
	}
}

func TestFromRightToLeftGlyphsStandAsTheyAreSeen(t *testing.T) {
	w := word(embedded(), "אבג", true)
	g := w.Pieces[0].Glyphs
	if g[0].Rune != 2 || g[2].Rune != 0 {
		t.Errorf("glyphs of runes %d, %d, %d", g[0].Rune, g[1].Rune, g[2].Rune)
	}
}

func TestContextCountsWhereLettersJoin(t *testing.T) {
	s := embedded()
	text := []rune("بب b")
	if s.Word(text, 0, 1, font.Style{}, true) == s.Word(text[:1], 0, 1, font.Style{}, true) {
		t.Error("a letter that joins the next one is the letter alone")
	}
	if s.Word(text, 3, 4, font.Style{}, false) != s.Word([]rune("b"), 0, 1, font.Style{}, false) {
		t.Error("a Latin letter depends on its neighbours")
	}
}

func TestCaretsStandInsideLigatures(t *testing.T) {
	w := &Word{Advance: []float32{900, 0, 0}, Whole: []bool{true, false, false}}
	w.share([]rune("ffi"))
	if w.Advance[0] != 300 || w.Advance[1] != 300 || w.Advance[2] != 300 {
		t.Errorf("%v", w.Advance)
	}
	w = &Word{Advance: []float32{900, 0, 0}, Whole: []bool{true, false, false}}
	w.share([]rune("e\u0301\u0302"))
	if w.Advance[0] != 900 || w.Advance[1] != 0 {
		t.Errorf("a mark got room of its own: %v", w.Advance)
	}
}

func TestEmojiAreWhatUTS51Says(t *testing.T) {
	for g, want := range map[string]bool{"😀": true, "❤️": true, "❤": false, "❤︎": false, "👨‍👩‍👧": true, "👍🏽": true, "🇫🇷": true,
		"1️⃣": true, "1": false, "©": false, "©️": true, "⌚": true, "⌚︎": false, "✅": true, "→": false, "a": false, "漢": false} {
		if got := emoji([]rune(g)); got != want {
			t.Errorf("%q is emoji: %v, want %v", g, got, want)
		}
	}
}

// With an emoji face, sequences go to it in one piece.
func TestEmojiAreNotTornApart(t *testing.T) {
	book := font.New(true, t.TempDir())
	s := New(book)
	for _, text := range []string{"👨‍👩‍👧", "❤️", "👍🏽", "🇫🇷", "1️⃣", "a👨‍👩‍👧b"} {
		core := []rune(strings.Trim(text, "ab"))
		from := len([]rune(text)) - len([]rune(strings.TrimLeft(text, "ab")))
		ok := book.Emoji() == nil || !book.Emoji().Has(core[0])
		for _, p := range word(s, text, false).Pieces {
			ok = ok || p.Face == book.Emoji() && p.From == from && p.To == from+len(core)
		}
		if !ok {
			t.Errorf("%q is no piece of its own in the emoji face", text)
		}
	}
}

func TestScriptsAreKeptApart(t *testing.T) {
	s := embedded()
	items := s.items([]rune("abcдеж1"), 0, 7, font.Style{})
	if len(items) != 2 || items[0].script != language.Latin || items[1].script != language.Cyrillic || items[1].to != 7 {
		t.Errorf("%+v", items)
	}
	if items := s.items([]rune("(א)"), 0, 3, font.Style{}); len(items) != 1 || items[0].script != language.Hebrew {
		t.Errorf("%+v", items)
	}
}

func FuzzWord(f *testing.F) {
	f.Add("a\u0301👍🏽\u200dאב\x00")
	s := embedded()
	f.Fuzz(func(t *testing.T, text string) {
		rs := []rune(text)
		rs = rs[:min(len(rs), MaxWord)]
		w := s.Word(rs, 0, len(rs), font.Style{}, len(rs)%2 == 1)
		at := 0
		for _, p := range w.Pieces {
			if p.From != at || p.To <= p.From {
				t.Fatalf("pieces do not follow each other")
			}
			at = p.To
		}
		if at != len(rs) {
			t.Fatalf("pieces end at %d of %d", at, len(rs))
		}
	})
}
