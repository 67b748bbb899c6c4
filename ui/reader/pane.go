package reader

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"paquebot.app/internal/letter"
	"paquebot.app/ui/kit"
	"paquebot.app/ui/theme"
	"paquebot.app/ui/vm"
)

// Deeds are what the pane can be asked for; the window does them.
type Deeds struct {
	Reply, ReplyAll, Forward func()
	Archive, Delete, Junk    func()
	Star                     func()
	Back                     func()                                  // to the list, in a narrow window
	More                     func(at fyne.Position)                  // the menu of the letter
	TextMenu                 func(at fyne.Position)                  // the menu of the text
	Link                     func(link string, at fyne.Position)     // a link was tapped
	OpenFile                 func(a vm.Attachment)                   // an attachment was tapped
	FileMenu                 func(a vm.Attachment, at fyne.Position) // the menu of an attachment
	Fetch                    func()                                  // a letter of which only the header is here
	EditDraft                func()
	PutBack                  func() // a held letter, on its server
}

// Pane is the reading pane.
type Pane struct {
	widget.BaseWidget
	deeds Deeds

	// Text is the letter's text.
	Text *TextView

	bar      *fyne.Container
	several  []*kit.IconButton // what can be done to several letters
	single   []*kit.IconButton // what needs one
	star     *kit.IconButton
	back     *kit.IconButton
	head     *head
	held     *fyne.Container
	doubt    *fyne.Container
	remote   *fyne.Container
	waiting  *kit.Paragraph
	files    *fyne.Container
	reply    *replyBar
	edit     *kit.Button
	fetch    *kit.Button
	offer    *fyne.Container // of fetch
	content  *fyne.Container
	layout   *column
	scroll   *container.Scroll
	stack    *fyne.Container
	empty    fyne.CanvasObject
	host     *fyne.Container
	hostText *kit.Text

	letter  *vm.Letter
	online  bool
	nothing [2]string // what is said while no message is chosen
}

// NewPane gives a pane that shows nothing.
func NewPane(d Deeds, b Background) *Pane {
	p := &Pane{deeds: d, Text: NewTextView(b), nothing: [2]string{"No message selected", "Choose one on the left to read it here."}}
	p.toolbar()
	p.head = newHead(p.relay)
	p.held, p.doubt, p.remote, p.files = container.NewStack(), container.NewStack(), container.NewStack(), container.NewStack()
	p.waiting = kit.NewParagraph("", kit.Reading.In(theme.Muted))
	p.reply = newReplyBar(func() { p.deeds.Reply() })
	p.edit = kit.NewButton(kit.Primary, "draft", "Go on writing", func() { p.deeds.EditDraft() })
	p.fetch = kit.NewButton(kit.Primary, "download", "", func() { p.deeds.Fetch() })
	p.offer = kit.HStack(0, p.fetch, kit.Spring())
	p.layout = &column{gap: p.gap, grew: func() {}}
	p.content = container.New(p.layout, p.head.box, p.held, p.doubt, p.remote, p.Text, p.waiting, p.offer, p.files, p.reply, kit.HStack(0, p.edit, kit.Spring()))
	p.scroll = container.NewVScroll(p.content)
	p.layout.grew = func() { p.scroll.Refresh() }
	p.scroll.OnScrolled = func(fyne.Position) { p.sight() }
	p.Text.OnHeight = p.relay
	p.Text.OnLink = func(link string, at fyne.Position) { p.deeds.Link(link, at) }
	p.Text.OnMenu = func(at fyne.Position) { p.deeds.TextMenu(at) }
	p.Text.OnHover = p.showHost
	p.hostText = kit.NewShrinkText("", kit.Caption.In(theme.Text))
	p.host = kit.On(theme.SelectionIdle, theme.RadiusSmall, kit.Inset(10, 4, 10, 4, p.hostText))
	p.host.Hide()
	p.stack = container.NewStack(p.scroll)
	p.ExtendBaseWidget(p)
	p.SetLetter(nil, vm.Nothing, 0, false, true)
	return p
}

func (p *Pane) toolbar() {
	d := &p.deeds
	one := func(icon, tip string, f *func()) *kit.IconButton {
		b := kit.NewIconButton(icon, tip, func() { (*f)() })
		p.single = append(p.single, b)
		return b
	}
	many := func(icon, tip string, f *func()) *kit.IconButton {
		b := kit.NewIconButton(icon, tip, func() { (*f)() })
		p.several = append(p.several, b)
		return b
	}
	p.back = kit.NewIconButton("chevron-left", "Back to the list (Esc)", func() { d.Back() })
	p.back.Hide()
	p.star = many("star", "Flag (s)", &d.Star)
	var more *kit.IconButton
	openMenu := func() {
		at := fyne.CurrentApp().Driver().AbsolutePositionForObject(more)
		d.More(at.AddXY(0, more.Size().Height+2))
	}
	more = many("more", "More", &openMenu)
	row := kit.HStack(4, p.back,
		one("reply", "Reply (r)", &d.Reply), one("reply-all", "Reply to all (a)", &d.ReplyAll), one("forward", "Forward (f)", &d.Forward),
		kit.Gap(8, 1), many("archive", "Archive (e)", &d.Archive), many("trash", "Delete (#)", &d.Delete), many("junk", "Junk", &d.Junk),
		kit.Gap(8, 1), p.star, kit.Spring(), more)
	p.bar = kit.Inset(14, 8, 14, 8, row)
}

// CreateRenderer implements fyne.Widget.
func (p *Pane) CreateRenderer() fyne.WidgetRenderer {
	top := container.NewBorder(nil, kit.Hairline(), nil, nil, kit.Sized(0, theme.ToolHeight, p.bar))
	hostRow := container.NewBorder(nil, kit.Inset(8, 0, 8, 8, kit.HStack(0, p.host, kit.Spring())), nil, nil)
	return widget.NewSimpleRenderer(container.NewBorder(top, nil, nil, nil, container.NewStack(p.stack, hostRow)))
}

// SetBack shows the way back to the list, for a narrow window.
func (p *Pane) SetBack(on bool) {
	p.back.Hidden = !on
	p.bar.Refresh()
}

func (p *Pane) gap(o fyne.CanvasObject) float32 {
	switch o {
	case p.head.box:
		return 0
	case p.held, p.doubt, p.remote, p.offer:
		return 16
	case p.files:
		return 26
	case p.reply:
		return 26
	}
	return 24
}

// relay lays the letter out again.
func (p *Pane) relay() {
	p.layout.Layout(p.content.Objects, p.content.Size())
	p.scroll.Refresh()
	p.sight()
}

// sight tells the text what of it can be seen.
func (p *Pane) sight() {
	top := p.scroll.Offset.Y - p.Text.Position().Y
	p.Text.SetSight(top, top+max(p.scroll.Size().Height, 400))
}

// ScrollBy moves the letter up by so many logical pixels; it tells whether
// there was anything to move.
func (p *Pane) ScrollBy(px float32) bool {
	was := p.scroll.Offset.Y
	most := max(0, p.content.Size().Height-p.scroll.Size().Height)
	p.scroll.ScrollToOffset(fyne.NewPos(0, min(max(was+px, 0), most)))
	p.sight()
	return p.scroll.Offset.Y != was
}

// Page is how far a page is.
func (p *Pane) Page() float32 { return max(80, p.scroll.Size().Height-60) }

func (p *Pane) showHost(link string) {
	if p.host.Hidden = link == ""; link != "" {
		p.hostText.SetText(letter.LinkHost(link) + "  —  " + shorten(link))
	}
	p.host.Refresh()
	p.Refresh()
}

func shorten(link string) string {
	if rs := []rune(link); len(rs) > 70 {
		return string(rs[:70]) + "…"
	}
	return link
}
