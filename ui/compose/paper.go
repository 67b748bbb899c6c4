package compose

import (
	"context"
	"image"
	"net/url"
	"strings"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/storage"

	"paquebot.app/internal/richtext"
	"paquebot.app/ui/editor"
	"paquebot.app/ui/kit"
	"paquebot.app/ui/theme"
	"paquebot.app/ui/vm"
)

// newText makes the widget in which the letter is written.
func (p *panel) newText() *editor.Editor {
	env := p.desk.host.Env()
	e := editor.New(env.Clock)
	e.Left, e.Right, e.Widest = margin, margin, theme.ReadingWidth
	e.OnChanged = func() { p.desk.guard("text", func() { p.model.SetBody(e.Paras()) }) }
	e.OnState = func() { p.format.show(e.State()) }
	e.OnKey = p.key
	e.OnShortcut = func(s *desktop.CustomShortcut) bool {
		if s.KeyName == fyne.KeyK && s.Modifier == fyne.KeyModifierShortcutDefault {
			p.desk.guard("link", p.askLink)
			return true
		}
		return false
	}
	e.OnMenu = func(at fyne.Position) { p.desk.guard("menu", func() { p.textMenu(at) }) }
	e.OnPaste = p.pasted
	e.Later = func(after time.Duration, f func()) {
		due := env.Clock.After(after)
		env.Go("caret", func(ctx context.Context) func() {
			select {
			case <-due:
			case <-ctx.Done():
			}
			return f
		})
	}
	return e
}

// setText shows the letter's text, the caret behind the person's own words.
func (p *panel) setText() {
	body := p.model.Body()
	p.text.Set(body)
	own := len(body) - 1
	for own > 0 && body[own].Kind == richtext.Fold {
		own--
	}
	p.text.Select(richtext.At(richtext.Pos{Para: own, Off: len(body[own].Text)}))
	p.model.LoadPictures(func(id string, img image.Image) { p.desk.guard("picture", func() { p.text.SetPicture(id, img) }) })
}

// textMenu offers what is done with a selection.
func (p *panel) textMenu(at fyne.Position) {
	s := p.text.State()
	busy := p.model.Busy()
	kit.ShowMenu(p.desk.host.Window().Canvas(), []kit.MenuItem{
		{Text: "Cut", Disabled: !s.Some || busy, Action: p.guarded("cut", p.text.Cut)},
		{Text: "Copy", Disabled: !s.Some, Action: p.guarded("copy", p.text.Copy)},
		{Text: "Paste", Disabled: busy, Action: p.guarded("paste", p.text.Paste)},
		{Text: "Paste without style", Disabled: busy, Action: p.guarded("paste", p.text.PastePlain)},
		{},
		{Text: "Select all", Action: p.guarded("select all", p.text.SelectAll)},
	}, at, nil)
}

// picture puts a picture file where the caret stands.
func (p *panel) picture(path string) {
	p.model.AddPicture(path, p.insert)
}

// insert puts a picture that is stored where the caret stands.
func (p *panel) insert(m richtext.Image, img image.Image) {
	p.desk.guard("picture", func() {
		p.text.SetPicture(m.ContentID, img)
		p.text.Edit(func(d *richtext.Doc) { d.InsertImage(m) })
	})
}

// pasted takes a picture from the clipboard, and files that were copied in a
// file manager: pictures into the text, all else as attachments.
func (p *panel) pasted(text string) bool {
	if text == "" {
		p.desk.guard("paste", func() { p.model.PastePicture(p.insert) })
		return true
	}
	var paths []string
	for _, line := range strings.Fields(text) {
		u, err := url.Parse(line)
		if err != nil || u.Scheme != "file" || u.Path == "" {
			return false
		}
		paths = append(paths, storage.NewFileURI(u.Path).Path())
	}
	if len(paths) == 0 {
		return false
	}
	p.desk.guard("paste", func() { p.take(paths, true) })
	return true
}

// take takes files in: pictures into the text where they are wanted there, all
// else as attachments.
func (p *panel) take(paths []string, inText bool) {
	var files []string
	for _, path := range paths {
		if inText && vm.IsPicture(path) {
			p.picture(path)
		} else {
			files = append(files, path)
		}
	}
	if len(files) > 0 {
		p.model.Attach(files...)
	}
}

// over tells whether a place in the window lies on the text.
func (p *panel) over(at fyne.Position) bool {
	from := fyne.CurrentApp().Driver().AbsolutePositionForObject(p.text)
	size := p.text.Size()
	return at.X >= from.X && at.Y >= from.Y && at.X < from.X+size.Width && at.Y < from.Y+size.Height
}
