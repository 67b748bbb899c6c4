package compose

import (
	"fyne.io/fyne/v2"

	"paquebot.app/internal/richtext"
	"paquebot.app/ui/kit"
	"paquebot.app/ui/theme"
)

// askLink asks, at the foot of the letter, where the selected words lead.
func (p *panel) askLink() {
	if p.model.Busy() {
		return
	}
	old := p.text.State().Link
	address := kit.NewEntry("https://example.org")
	said := kit.NewNote("", kit.Caption.In(theme.Danger))
	wrong := kit.Inset(0, 6, 0, 0, said)
	wrong.Hide()
	end := func() {
		p.ask.RemoveAll()
		p.object.Refresh()
		p.focus(p.text)
	}
	set := p.guarded("link", func() {
		url := richtext.SafeLink(address.Text)
		if url == "" {
			url = richtext.SafeLink("www." + address.Text)
			if !looksLikeHost(address.Text) || url == "" {
				said.SetText("A link begins with https:// or mailto:.")
				wrong.Show()
				p.object.Refresh()
				return
			}
			url = richtext.SafeLink("https://" + address.Text)
		}
		p.text.Edit(func(d *richtext.Doc) { link(d, url) })
		end()
	})
	remove := p.guarded("link", func() {
		p.text.Edit(func(d *richtext.Doc) { link(d, "") })
		end()
	})
	address.OnSubmitted = func(string) { set() }
	address.OnKey = func(k *fyne.KeyEvent) bool {
		if k.Name == fyne.KeyEscape {
			p.desk.guard("link", end)
			return true
		}
		return false
	}
	address.SetText(old)
	buttons := []fyne.CanvasObject{kit.NewText("Link to", kit.Body), kit.Grow(address)}
	if old != "" {
		buttons = append(buttons, kit.NewButton(kit.Plain, "", "No link", remove))
	}
	buttons = append(buttons, kit.NewButton(kit.Plain, "", "Not now", p.guarded("link", end)), kit.NewButton(kit.Quiet, "link", "Link", set))
	box := kit.On(theme.Card, theme.RadiusCard, kit.Inset(14, 10, 10, 10, kit.VStack(0, kit.HStack(8, buttons...), wrong)))
	p.ask.Objects = []fyne.CanvasObject{kit.Inset(margin-8, 0, margin-8, 10, box)}
	p.object.Refresh()
	p.focus(address)
	address.TypedShortcut(&fyne.ShortcutSelectAll{})
}

// looksLikeHost tells "example.org/x" from a word.
func looksLikeHost(s string) bool {
	for i := 1; i+1 < len(s); i++ {
		switch s[i] {
		case '.':
			return true
		case ' ', '/':
			return false
		}
	}
	return false
}

// link makes the selection a link, or the whole link that the caret stands in;
// where there is neither, the address is written down.
func link(d *richtext.Doc, url string) {
	s := d.Sel()
	if s.Empty() {
		at, old := d.LinkAt(s.Caret)
		if old == "" {
			t := []rune(url)
			d.Insert([]*richtext.Para{{Text: t, Runs: []richtext.Run{{N: len(t), Style: richtext.Style{Link: url}}}}})
			return
		}
		d.Select(at)
	}
	d.SetLink(url)
	d.Select(richtext.At(d.Sel().Caret))
}
