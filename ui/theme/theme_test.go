package theme

import (
	"fmt"
	"image/color"
	"math"
	"testing"

	"fyne.io/fyne/v2"
	fynetheme "fyne.io/fyne/v2/theme"
)

func channel(v uint8) float64 {
	c := float64(v) / 255
	if c <= 0.04045 {
		return c / 12.92
	}
	return math.Pow((c+0.055)/1.055, 2.4)
}

func luminance(c color.Color) float64 {
	n := color.NRGBAModel.Convert(c).(color.NRGBA)
	return 0.2126*channel(n.R) + 0.7152*channel(n.G) + 0.0722*channel(n.B)
}

// contrast is WCAG's ratio of two opaque colours.
func contrast(a, b color.Color) float64 {
	x, y := luminance(a), luminance(b)
	if x < y {
		x, y = y, x
	}
	return (x + 0.05) / (y + 0.05)
}

func TestContrastRatioIsWCAGs(t *testing.T) {
	if r := contrast(color.Black, color.White); math.Abs(r-21) > 0.01 {
		t.Fatalf("black on white = %.2f, want 21", r)
	}
	if r := contrast(rgb(0x767676), color.White); math.Abs(r-4.54) > 0.01 {
		t.Fatalf("767676 on white = %.2f, want 4.54", r)
	}
}

func TestEveryTextAndMarkIsReadable(t *testing.T) {
	panes := []fyne.ThemeColorName{Sidebar, List, Reader, Raised, Card, Input, Selection, SelectionIdle}
	type rule struct {
		ink     fyne.ThemeColorName
		grounds []fyne.ThemeColorName
		least   float64
	}
	rules := []rule{
		{Text, append(panes, InfoGround, WarningGround, DangerGround, TextSelection), 7},
		{Muted, append(panes, InfoGround, WarningGround, DangerGround), 4.5},
		{Faint, panes, 4.5},
		{Accent, append(panes, InfoGround), 4.5},
		{OnAccent, []fyne.ThemeColorName{AccentFill, AccentHover}, 4.5},
		{Danger, []fyne.ThemeColorName{List, Reader, Raised, Sidebar, DangerGround}, 4.5},
		{Warning, []fyne.ThemeColorName{List, Reader, Sidebar, WarningGround}, 4.5},
		{Success, []fyne.ThemeColorName{List, Reader, Sidebar}, 4.5},
		{Star, []fyne.ThemeColorName{List, Sidebar}, 3},
		{Ring, []fyne.ThemeColorName{Sidebar, List, Reader, Raised, Input, Selection}, 3},
	}
	for name, p := range map[string]palette{"light": light, "dark": dark} {
		for _, r := range rules {
			for _, g := range r.grounds {
				if c := contrast(p[r.ink], p[g]); c < r.least {
					t.Errorf("%s: %s on %s is %.2f:1, want %.1f:1", name, r.ink, g, c, r.least)
				}
			}
		}
		for i, a := range avatars {
			if c := contrast(p[OnAvatar], a); c < 4.5 {
				t.Errorf("%s: avatar %d is %.2f:1", name, i, c)
			}
		}
	}
}

func TestBothAppearancesNameTheSameColours(t *testing.T) {
	for n := range light {
		if dark[n] == nil {
			t.Errorf("dark lacks %s", n)
		}
	}
	for n := range dark {
		if light[n] == nil {
			t.Errorf("light lacks %s", n)
		}
	}
	for n, own := range toolkit {
		if light[own] == nil {
			t.Errorf("%s maps to %s, which no palette has", n, own)
		}
	}
}

func TestAppearanceFollowsTheDesktopOrIsForced(t *testing.T) {
	for _, c := range []struct {
		a    Appearance
		v    fyne.ThemeVariant
		want color.Color
	}{
		{Follow, fynetheme.VariantLight, light[Text]},
		{Follow, fynetheme.VariantDark, dark[Text]},
		{Light, fynetheme.VariantDark, light[Text]},
		{Dark, fynetheme.VariantLight, dark[Text]},
	} {
		if got := New(c.a).Color(Text, c.v); got != c.want {
			t.Errorf("appearance %d, desktop %d: text is %v, want %v", c.a, c.v, got, c.want)
		}
	}
}

func TestAvatarStaysWithItsKey(t *testing.T) {
	if Avatar("Amelie@Fournier.example") != Avatar("amelie@fournier.example") {
		t.Error("an address in other case has another avatar")
	}
	seen := map[color.Color]bool{}
	for i := range 60 {
		seen[Avatar(fmt.Sprintf("%d@x", i))] = true
	}
	if len(avatars) < 10 || len(seen) != len(avatars) {
		t.Errorf("sixty keys have %d of %d colours", len(seen), len(avatars))
	}
}

func TestTheToolkitsOwnTextHasWholeSizes(t *testing.T) {
	th := New(Light)
	for _, n := range []fyne.ThemeSizeName{fynetheme.SizeNameText, fynetheme.SizeNameCaptionText, fynetheme.SizeNameHeadingText, fynetheme.SizeNameSubHeadingText} {
		if s := th.Size(n); s != float32(int(s)) {
			t.Errorf("%s is %v", n, s)
		}
	}
}
