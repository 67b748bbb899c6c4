package kit_test

import (
	"slices"
	"testing"

	"fyne.io/fyne/v2"

	"paquebot.app/ui/kit"
	"paquebot.app/ui/kit/kittest"
	"paquebot.app/ui/theme"
)

func TestPanesCollapseWithTheWindow(t *testing.T) {
	kittest.App(t, theme.Light)
	side, list, reader := kit.NewFill(theme.Sidebar, 0), kit.NewFill(theme.List, 0), kit.NewFill(theme.Reader, 0)
	p := kit.NewPanes(side, list, reader)
	var modes []kit.SidebarMode
	var single []bool
	p.OnMode = func(m kit.SidebarMode) { modes = append(modes, m) }
	p.OnSingle = func(s bool) { single = append(single, s) }
	w := kittest.Window(t, theme.List, 1300, 600, p)
	widths := func() [3]float32 {
		var out [3]float32
		for i, o := range []fyne.CanvasObject{side, list, reader} {
			if o.Visible() {
				out[i] = o.Size().Width
			}
		}
		return out
	}
	if got := widths(); got != [3]float32{236, 390, 672} {
		t.Errorf("at 1300: %v", got)
	}
	w.Resize(fyne.NewSize(1000, 600))
	if got := widths(); got != [3]float32{56, 390, 552} {
		t.Errorf("at 1000: %v", got)
	}
	w.Resize(fyne.NewSize(780, 600))
	if got := widths(); got[0] != 0 || got[1]+1+got[2] != 780 {
		t.Errorf("at 780: %v", got)
	}
	w.Resize(fyne.NewSize(500, 600))
	if got := widths(); got != [3]float32{0, 500, 0} {
		t.Errorf("at 500: %v", got)
	}
	p.SetReading(true)
	if got := widths(); got != [3]float32{0, 0, 500} {
		t.Errorf("reading at 500: %v", got)
	}
	if len(modes) == 0 || modes[len(modes)-1] != kit.SidebarHidden || !slices.Contains(modes, kit.SidebarFull) || !slices.Contains(modes, kit.SidebarIcons) {
		t.Errorf("told of %v", modes)
	}
	if len(single) == 0 || !single[len(single)-1] {
		t.Errorf("told of sharing %v", single)
	}
}

func TestPaneWidthsKeepTheirBounds(t *testing.T) {
	kittest.App(t, theme.Light)
	side, list := kit.NewFill(theme.Sidebar, 0), kit.NewFill(theme.List, 0)
	p := kit.NewPanes(side, list, kit.NewFill(theme.Reader, 0))
	kittest.Window(t, theme.List, 1400, 600, p)
	p.SetWidths(10, 9000)
	if side.Size().Width != 220 || list.Size().Width != 440 {
		t.Errorf("%v and %v", side.Size().Width, list.Size().Width)
	}
	p.SetWidths(9000, 10)
	if side.Size().Width != 260 || list.Size().Width != 340 {
		t.Errorf("%v and %v", side.Size().Width, list.Size().Width)
	}
}

func TestStacksShareTheRoom(t *testing.T) {
	kittest.App(t, theme.Light)
	short := kit.NewShrinkText("Amélie Fournier", kit.Body)
	long := kit.NewShrinkText("a-very-long-address-indeed@departement.universite.example", kit.Body)
	end := kit.NewText("10:42", kit.Caption)
	row := kit.HStack(8, short, long, kit.Spring(), end)
	kittest.Window(t, theme.List, 300, 30, row)
	if got, want := short.Size().Width, kit.Body.Width("Amélie Fournier"); got < want {
		t.Errorf("the first text has %v of %v", got, want)
	}
	if long.Size().Width <= 20 || long.Position().X+long.Size().Width > end.Position().X {
		t.Errorf("the second text: %v at %v, the end at %v", long.Size(), long.Position(), end.Position())
	}
	if end.Position().X+end.Size().Width != 300 {
		t.Errorf("the end stands at %v", end.Position())
	}
}

func TestFlowGoesOnBelow(t *testing.T) {
	kittest.App(t, theme.Light)
	a, b, c := kit.NewChip("One of some", nil), kit.NewChip("Two of some", nil), kit.NewChip("Three", nil)
	kittest.Window(t, theme.List, 210, 100, kit.Flow(10, a, b, c))
	if a.Position().Y != 0 || b.Position().Y != 0 || c.Position().Y != 36 || c.Position().X != 0 {
		t.Errorf("%v %v %v", a.Position(), b.Position(), c.Position())
	}
}

func TestParagraphHeightFollowsItsWidth(t *testing.T) {
	kittest.App(t, theme.Light)
	p := kit.NewParagraph("The train leaves Oriente at 9.39, so we should meet on the platform by 9.20 at the latest.", kit.Reading)
	wide, narrow := p.HeightFor(2000), p.HeightFor(200)
	if wide != 23 || narrow < 4*wide || narrow != p.MinSize().Height {
		t.Errorf("wide %v, narrow %v, asks for %v", wide, narrow, p.MinSize().Height)
	}
}

func TestInitial(t *testing.T) {
	for name, want := range map[string]string{"amélie": "A", "«Åsa»": "Å", "": "?", "  (…)": "?", "4 friends": "4", "来週": "来"} {
		if got := kit.Initial(name); got != want {
			t.Errorf("%q: %q, want %q", name, got, want)
		}
	}
}
