package font

import (
	"testing"

	"paquebot.app/assets"
)

func TestTheNearestEmbeddedFaceIsTaken(t *testing.T) {
	b := New(false, "")
	regular, italic, bold := b.Face(Style{}), b.Face(Style{Italic: true}), b.Face(Style{Weight: Bold})
	if regular == italic || regular == bold || italic.Slanted || bold.Slanted {
		t.Fatal("regular, italic and bold are not three faces")
	}
	for _, x := range []struct {
		s    Style
		want *Face
	}{
		{Style{Weight: 400}, regular}, {Style{Weight: 300}, regular}, {Style{Weight: 900}, bold},
		{Style{Family: Mono}, regular}, {Style{Family: Serif, Weight: 700}, bold}, {Style{Family: 9999}, regular},
		{Style{Family: b.Family("No Such Family", "'Inter'")}, regular},
	} {
		if got := b.Face(x.s); got != x.want {
			t.Errorf("%+v: another face", x.s)
		}
	}
	if f := b.Face(Style{Weight: Bold, Italic: true}); !f.Slanted || f.Font != bold.Font {
		t.Error("bold italic is not the slanted bold")
	}
	if b.Face(Style{Family: Display, Weight: SemiBold}) == b.Face(Style{Weight: SemiBold}) {
		t.Error("the display cut is the text cut")
	}
}

func TestMetricsAreThoseOfTheFile(t *testing.T) {
	m := New(false, "").Face(Style{}).Metrics
	if m.Ascent < 0.96 || m.Ascent > 0.975 || m.Descent < 0.235 || m.Descent > 0.245 {
		t.Errorf("ascent %g, descent %g", m.Ascent, m.Descent)
	}
	if m.XHeight < 0.5 || m.XHeight > 0.6 || m.Stroke <= 0 || m.Underline <= 0 || m.Strike <= 0 {
		t.Errorf("%+v", m)
	}
}

func TestARuneThatNoFaceHasStaysWithTheStyle(t *testing.T) {
	b := New(false, "")
	if got := b.Resolve(Style{}, 'ก'); got != b.Face(Style{}) {
		t.Error("a rune without a face left its style")
	}
	if b.Emoji() != nil {
		t.Error("an emoji face from nowhere")
	}
}

func TestMoreSourcesAreAsked(t *testing.T) {
	b := New(false, "", Source{Family: "Extra", Weight: 400, Data: assets.Font(assets.FontItalic)},
		Source{Family: "Broken", Data: []byte("no font")})
	extra := b.Face(Style{Family: b.Family("Extra")})
	if extra == b.Face(Style{}) {
		t.Error("a family the program carries was not found")
	}
	if got := b.Face(Style{Family: b.Family("Broken", "Extra")}); got != extra {
		t.Error("a broken file did not give way to the next family")
	}
}

// Whatever fonts this computer has: no rune gets a face that lacks it while
// another has it. Without its script a rune of Thai got one without Thai.
func TestTheSystemIsAskedByScript(t *testing.T) {
	b := New(true, t.TempDir())
	var with []*Face
	signs := []rune("กकאا漢あ한αяა")
	for _, r := range signs {
		if f := b.Resolve(Style{}, r); f.Has(r) {
			with = append(with, f)
		}
	}
	for _, r := range signs {
		got := b.Resolve(Style{}, r)
		for _, f := range with {
			if f.Has(r) && !got.Has(r) {
				t.Errorf("%q got a face that lacks it while another has it", r)
			}
		}
		if got != b.Resolve(Style{}, r) {
			t.Errorf("%q got two faces", r)
		}
	}
	if e := b.Emoji(); e != nil && !e.Has(0x1F600) {
		t.Error("the emoji face has no emoji")
	}
}

func TestFamiliesAreBounded(t *testing.T) {
	b := New(false, "")
	for i := range 3 * maxFamilies {
		b.Family(string(rune('a'+i%26)), string(rune(0x4e00+i)))
	}
	if len(b.families) > maxFamilies {
		t.Errorf("%d families kept", len(b.families))
	}
}
