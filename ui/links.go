package ui

import (
	"net/url"

	"fyne.io/fyne/v2"

	"paquebot.app/internal/letter"
	"paquebot.app/ui/kit"
)

// link asks before a link is followed, and shows where it really leads.
func (w *Window) link(link string, at fyne.Position) {
	link = letter.SafeLink(link)
	if link == "" {
		return
	}
	if d, ok := letter.ParseMailto(link); ok {
		kit.ShowMenu(w.window.Canvas(), []kit.MenuItem{
			{Icon: "draft", Text: "Write to " + letter.LinkHost(link), Action: w.guarded("compose", func() { w.Compose(d) })},
			{Text: "Copy address", Action: func() { w.cfg.App.Clipboard().SetContent(letter.LinkHost(link)) }},
		}, at, nil)
		return
	}
	kit.ShowMenu(w.window.Canvas(), []kit.MenuItem{
		{Icon: "globe", Text: "Open " + letter.LinkHost(link), Action: w.guarded("open link", func() {
			u, err := url.Parse(link)
			if err == nil {
				err = w.cfg.App.OpenURL(u)
			}
			if err != nil {
				w.layer.Toast("The link could not be opened.", "", nil)
			}
		})},
		{Icon: "link", Text: "Copy link", Action: func() { w.cfg.App.Clipboard().SetContent(link) }},
	}, at, nil)
}
