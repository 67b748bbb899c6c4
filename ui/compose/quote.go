package compose

import (
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"paquebot.app/ui/kit"
	"paquebot.app/ui/theme"
	"paquebot.app/ui/vm"
)

// mostQuoted is how many lines of a quote are shown when it is unfolded; all
// of it goes out.
const mostQuoted = 300

// quote is what stands quoted below a letter, folded until it is asked for.
type quote struct {
	object *fyne.Container
	pill   *kit.Button
	remove *kit.Button
	open   bool
	shown  string // the text that body was made for
	body   *fyne.Container
	model  *vm.Composer
	grown  func() // the room it takes changed
}

func newQuote(c *vm.Composer, guard func(string, func()), grown func()) *quote {
	q := &quote{model: c, grown: grown, body: container.NewStack()}
	q.pill = kit.NewButton(kit.Quiet, "quote", "", func() { guard("quote", q.toggle) })
	q.remove = kit.NewButton(kit.Plain, "", "Leave out", func() { guard("quote", c.RemoveQuote) })
	q.remove.SetTip("The letter goes out without the quoted text")
	q.object = kit.VStack(8, kit.HStack(6, q.pill, q.remove, kit.Spring()), q.body)
	q.update()
	return q
}

func (q *quote) toggle() {
	q.open = !q.open
	q.update()
	q.grown()
}

func (q *quote) update() {
	text, line := q.model.Quote()
	q.object.Hidden = text == ""
	if text == "" {
		return
	}
	words := "Show quoted text"
	if q.open {
		words = "Hide quoted text"
	}
	q.pill.SetText(words)
	q.pill.SetTip(line)
	q.body.Hidden = !q.open
	if q.open && q.shown != text {
		q.shown = text
		lines := strings.SplitAfterN(text, "\n", mostQuoted+1)
		if len(lines) > mostQuoted {
			lines[mostQuoted] = "…"
		}
		for i, line := range lines { // the bar beside it says that it is quoted
			if rest, ok := strings.CutPrefix(line, ">"); ok {
				lines[i] = strings.TrimPrefix(rest, " ")
			}
		}
		p := kit.NewParagraph(strings.Join(lines, ""), kit.Small)
		q.body.Objects = []fyne.CanvasObject{container.NewBorder(nil, nil, kit.Sized(2, 0, kit.NewFill(theme.Border, 1)), nil,
			container.NewVScroll(kit.Inset(12, 0, 12, 0, p)))}
	}
	q.object.Refresh()
}
