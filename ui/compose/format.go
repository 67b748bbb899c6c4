package compose

import (
	"fyne.io/fyne/v2"

	"paquebot.app/internal/richtext"
	"paquebot.app/ui/editor"
	"paquebot.app/ui/kit"
	"paquebot.app/ui/theme"
)

// format is the bar that styles the text.
type format struct {
	object fyne.CanvasObject
	tools  []tool
}

// tool is a button that shows whether what it does is done.
type tool struct {
	button *kit.IconButton
	on     func(editor.State) bool
}

func newFormat(p *panel) *format {
	f := &format{}
	add := func(icon, tip string, on func(editor.State) bool, act func()) fyne.CanvasObject {
		b := kit.NewIconButton(icon, tip, p.guarded("format", act))
		f.tools = append(f.tools, tool{b, on})
		return kit.Sized(32, 34, b)
	}
	edit := func(do func(*richtext.Doc)) func() {
		return func() {
			p.text.Edit(do)
			p.focus(p.text)
		}
	}
	style := func(icon, tip string, b richtext.Bits) fyne.CanvasObject {
		return add(icon, tip, func(s editor.State) bool { return s.Style.Bits&b != 0 }, edit(func(d *richtext.Doc) { d.Toggle(b) }))
	}
	kind := func(icon, tip string, k richtext.Kind) fyne.CanvasObject {
		return add(icon, tip, func(s editor.State) bool { return s.Kind == k }, edit(func(d *richtext.Doc) { d.SetKind(k) }))
	}
	f.object = kit.HStack(2,
		style("bold", "Bold (Ctrl+B)", richtext.Bold), style("italic", "Italic (Ctrl+I)", richtext.Italic), style("underline", "Underline (Ctrl+U)", richtext.Underline),
		divider(),
		kind("list", "List (Ctrl+Shift+8)", richtext.Bullet), kind("list-numbered", "Numbered list (Ctrl+Shift+7)", richtext.Number),
		add("quote", "Quote (Ctrl+Shift+9)", func(s editor.State) bool { return s.Quoted }, edit(editor.ToggleQuote)),
		divider(),
		add("link", "Link (Ctrl+K)", func(s editor.State) bool { return s.Link != "" }, p.askLink),
		add("image", "Picture in the text", func(editor.State) bool { return false }, p.choosePicture))
	return f
}

func divider() fyne.CanvasObject {
	return kit.Inset(5, 0, 5, 0, kit.Sized(1, 18, kit.NewFill(theme.Border, 0)))
}

// show shows what holds at the caret.
func (f *format) show(s editor.State) {
	for _, t := range f.tools {
		t.button.SetOn(t.on(s))
	}
}

// setDisabled makes the bar deaf while the letter leaves.
func (f *format) setDisabled(on bool) {
	for _, t := range f.tools {
		if on {
			t.button.Disable()
		} else {
			t.button.Enable()
		}
	}
}

// foot sets two bars side by side, the second at the right edge, or one above
// the other where there is no room for that.
type foot struct{ width float32 }

const footGap float32 = 4

func (f *foot) apart(o []fyne.CanvasObject) bool {
	return f.width > 0 && o[0].MinSize().Width+o[1].MinSize().Width+12 > f.width
}

// MinSize implements fyne.Layout.
func (f *foot) MinSize(o []fyne.CanvasObject) fyne.Size {
	a, b := o[0].MinSize(), o[1].MinSize()
	if f.apart(o) {
		return fyne.NewSize(min(a.Width, b.Width), a.Height+footGap+b.Height)
	}
	return fyne.NewSize(min(a.Width, b.Width), max(a.Height, b.Height))
}

// Layout implements fyne.Layout.
func (f *foot) Layout(o []fyne.CanvasObject, s fyne.Size) {
	f.width = s.Width
	a, b := o[0].MinSize(), o[1].MinSize()
	y := float32(0)
	o[0].Move(fyne.NewPos(0, 0))
	o[0].Resize(fyne.NewSize(a.Width, a.Height))
	if f.apart(o) {
		y = a.Height + footGap
	}
	w := min(b.Width, s.Width)
	o[1].Move(fyne.NewPos(s.Width-w, y))
	o[1].Resize(fyne.NewSize(w, b.Height))
}
