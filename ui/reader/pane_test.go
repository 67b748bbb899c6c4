package reader

import (
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/test"

	"paquebot.app/localstore"
	"paquebot.app/ui/kit/kittest"
	"paquebot.app/ui/theme"
	"paquebot.app/ui/vm"
)

// pane gives a pane in a window.
func pane(t *testing.T, a theme.Appearance, d Deeds) (*Pane, fyne.Window) {
	t.Helper()
	kittest.App(t, a)
	p := NewPane(d, func(f func() func()) { f()() })
	return p, kittest.Window(t, theme.Reader, 700, 460, container.NewStack(p))
}

// TestALargeMailIsOffered shows a mail of which only the header is here.
func TestALargeMailIsOffered(t *testing.T) {
	for name, a := range map[string]theme.Appearance{"light": theme.Light, "dark": theme.Dark} {
		asked := 0
		p, w := pane(t, a, Deeds{Fetch: func() { asked++ }})
		l := &vm.Letter{State: vm.Offered, Fetch: "Fetch it (38 MB)", Subject: "The photographs from the boat", Name: "Eileen Vale",
			Address: "eileen@vale.example", To: "to me", Date: "Today, 10:42", ReplyTo: "Eileen", Message: localstore.Message{ID: 1}}
		p.SetLetter(l, l.State, 1, true, true)
		kittest.Golden(t, "offered-"+name, w.Canvas().Capture())
		test.Tap(p.fetch)
		if asked != 1 {
			t.Errorf("asked %d times", asked)
		}
		coming := *l
		coming.State, coming.Fetch = vm.Coming, ""
		p.SetLetter(&coming, coming.State, 1, true, false)
		if p.offer.Visible() {
			t.Error("it is offered still")
		}
	}
}
