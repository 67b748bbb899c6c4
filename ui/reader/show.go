package reader

import (
	"strconv"

	"fyne.io/fyne/v2"

	"paquebot.app/internal/letter"
	"paquebot.app/localstore"
	"paquebot.app/ui/kit"
	"paquebot.app/ui/theme"
	"paquebot.app/ui/vm"
)

// SetLetter shows a letter, or that none or several are chosen. other says that it
// is another letter than before: it begins at its top.
func (p *Pane) SetLetter(l *vm.Letter, state vm.ReaderState, chosen int, online, other bool) {
	was := p.letter
	p.letter, p.online = l, online
	p.enable(chosen > 0, l)
	if l == nil {
		p.showEmpty(state, chosen)
		return
	}
	p.stack.Objects = []fyne.CanvasObject{p.scroll}
	p.head.set(l, other)
	p.notices(l)
	if other || was == nil || was.Document != l.Document {
		p.text(l, was, other)
	}
	p.wait(l)
	p.fileCards(l)
	p.answers(l)
	if other {
		p.scroll.Offset = fyne.NewPos(0, 0)
	}
	p.relay()
	p.stack.Refresh()
}

// SetOnline changes what is said about the network.
func (p *Pane) SetOnline(online bool) {
	if p.online == online || p.letter == nil {
		p.online = online
		return
	}
	p.online = online
	p.wait(p.letter)
	p.fileCards(p.letter)
	p.answers(p.letter)
	p.relay()
}

func (p *Pane) enable(on bool, l *vm.Letter) {
	set := func(buttons []*kit.IconButton, on bool) {
		for _, b := range buttons {
			if on {
				b.Enable()
			} else {
				b.Disable()
			}
		}
	}
	set(p.several, on)
	set(p.single, on && l != nil)
	icon, ink := "star", theme.Muted
	if l != nil && l.Message.Flags&localstore.Flagged != 0 {
		icon, ink = "star-filled", theme.Star
	}
	p.star.SetIcon(icon, ink)
}

func (p *Pane) showEmpty(state vm.ReaderState, chosen int) {
	switch state {
	case vm.Several:
		p.empty = kit.Empty("mail", strconv.Itoa(chosen)+" messages selected", "Archive, move or delete them together.")
	default:
		p.empty = kit.Empty("mail", p.nothing[0], p.nothing[1])
	}
	p.stack.Objects = []fyne.CanvasObject{p.empty}
	p.stack.Refresh()
}

// SetNothing changes what is said while no message is chosen.
func (p *Pane) SetNothing(title, note string) {
	if p.nothing == [2]string{title, note} {
		return
	}
	if p.nothing = [2]string{title, note}; p.letter == nil && p.empty != nil {
		p.showEmpty(vm.Nothing, 0)
	}
}

// Nothing returns what is said while no message is chosen.
func (p *Pane) Nothing() string { return p.nothing[1] }

// notices are the calm lines between head and text.
func (p *Pane) notices(l *vm.Letter) {
	p.held.RemoveAll()
	if p.held.Hidden = l.Held == ""; l.Held != "" {
		p.held.Add(kit.NewBanner(kit.Info, l.Held, "Put back", func() { p.deeds.PutBack() }, nil))
	}
	p.doubt.RemoveAll()
	if p.doubt.Hidden = l.Doubt == ""; l.Doubt != "" {
		p.doubt.Add(kit.NewBanner(kit.Warn, l.Doubt, "", nil, nil))
	}
	remote := 0
	if l.Document != nil {
		remote = l.Document.Remote
	}
	p.remote.RemoveAll()
	if p.remote.Hidden = remote == 0; remote > 0 {
		words := strconv.Itoa(remote) + " pictures from the network were not loaded"
		if remote == 1 {
			words = "1 picture from the network was not loaded"
		}
		p.remote.Add(kit.HStack(8, kit.Sized(16, 18, kit.NewIcon("eye-off", 15, theme.Faint)), kit.NewShrinkText(words, kit.Small.In(theme.Faint))))
	}
}

func (p *Pane) text(l, was *vm.Letter, other bool) {
	// The same letter read again, because its flags changed, keeps its layout.
	if !other && was != nil && was.State == vm.Readable && l.State == vm.Readable && was.Message.Content == l.Message.Content && was.Message.Body == l.Message.Body && len(was.Pictures) == len(l.Pictures) {
		return
	}
	d := l.Document
	if d == nil {
		d = &letter.Document{}
	}
	p.Text.top, p.Text.bottom = -200, max(p.scroll.Size().Height, 400)
	p.Text.SetDocument(d, l.Pictures)
}

// wait says why there is no text.
func (p *Pane) wait(l *vm.Letter) {
	words := ""
	switch {
	case l.State == vm.Opening:
		words = "Opening…"
	case l.State == vm.Broken:
		words = l.Problem
	case l.State == vm.Offered && l.Problem != "":
		words = l.Problem
	case l.State == vm.Offered:
		words = "Only the header of this message is here: it is larger than what this account fetches by itself."
	case l.State == vm.Coming && l.Problem != "":
		words = l.Problem
	case l.State == vm.Coming && p.online:
		words = "Fetching…"
	case l.State == vm.Coming:
		words = "The text of this message is still on the server. It comes when there is a connection."
	case l.Document != nil && len(l.Document.Blocks) == 0:
		words = "This message has no text."
	case l.Document != nil && l.Document.Cut:
		words = "This is the beginning of a very long message. Save it to read all of it."
	}
	p.fetch.SetText(l.Fetch)
	p.offer.Hidden = l.State != vm.Offered
	p.waiting.Hidden = words == ""
	p.waiting.SetText(words)
	p.Text.Hidden = l.Document == nil || len(l.Document.Blocks) == 0
}

func (p *Pane) fileCards(l *vm.Letter) {
	p.files.RemoveAll()
	p.files.Hidden = len(l.Attachments) == 0
	if p.files.Hidden {
		return
	}
	var cards []fyne.CanvasObject
	for _, a := range l.Attachments {
		cards = append(cards, kit.NewAttachment(a.Icon, a.Name, a.Note(p.online),
			func() { p.deeds.OpenFile(a) }, func(at fyne.Position) { p.deeds.FileMenu(a, at) }))
	}
	p.files.Add(kit.Flow(12, cards...))
}

func (p *Pane) answers(l *vm.Letter) {
	unsent := l.Waiting || l.Message.Flags&localstore.Draft != 0
	p.edit.Hidden = !unsent
	p.reply.Hidden = unsent || l.State == vm.Broken
	note := ""
	if !p.online {
		note = "Sends when you are back online"
	}
	to := l.ReplyTo
	if to == "" {
		to = "the sender"
	}
	p.reply.set("Reply to "+to+"…", note)
}
