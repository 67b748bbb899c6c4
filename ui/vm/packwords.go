package vm

import (
	"strings"

	"paquebot.app/localstore"
)

// Estimate says what the choice would do.
func (p *Pack) Estimate() (title, line string) {
	plan := p.state.plan
	switch {
	case !p.state.ready:
		return "", ""
	case plan.Messages == 0:
		return "No mail is chosen", "Choose a folder or a longer time."
	case plan.Bytes == 0:
		return count(plan.Messages, "message"), "All of them can be read here already."
	}
	line = "About " + size(plan.Bytes) + " to fetch"
	switch plan.Readable {
	case 0:
	case plan.Messages:
		line = "Their texts are here. " + line
	default:
		line = thousands(plan.Readable) + " can be read here already. " + line
	}
	return count(plan.Messages, "message"), line + ". The newest unread mail comes first."
}

// Empty tells whether there is nothing to pack.
func (p *Pack) Empty() bool { return p.state.plan.Messages == 0 }

// Progress says how far a pack under way is; done is between 0 and 1.
func (p *Pack) Progress(online bool) (done float32, title, line string) {
	var total, open int
	var spent, budget int64
	for _, one := range p.state.packs {
		total, open, spent, budget = total+one.Total, open+one.Open, spent+one.Spent, budget+one.Choice.Budget
	}
	if total > 0 {
		done = float32(total-open) / float32(total)
	}
	title = thousands(p.state.receipt.Readable) + " of " + count(p.state.receipt.Messages, "message") + " can be read offline"
	line = size(spent) + " moved"
	if budget > 0 {
		line += " of " + size(budget)
	}
	if !online {
		line = "It goes on as soon as there is a connection. " + line + " so far."
	}
	return done, title, line
}

// Receipt says what can be read offline now; whole tells that nothing is
// missing.
func (p *Pack) Receipt() (whole bool, title, line string) {
	r := p.state.receipt
	whole = len(r.Missing) == 0
	title = thousands(r.Readable) + " of " + count(r.Messages, "message") + " can be read offline"
	if whole && r.Messages > 0 {
		title = "Everything is here"
	}
	var parts []string
	if whole {
		parts = append(parts, count(r.Messages, "message"))
	}
	if r.Attachments > 0 {
		parts = append(parts, count(r.Attachments, "attachment"))
	}
	if r.AttachmentsSkipped > 0 {
		parts = append(parts, count(r.AttachmentsSkipped, "attachment")+" left on the server")
	}
	return whole, title, strings.Join(append(parts, size(r.Bytes)+" moved"), " · ")
}

// PackGap is what is missing for one reason.
type PackGap struct {
	Reason string
	Count  string
	Items  []PackGapItem // the first of them
	More   string        // how many there are besides; "" for none
}

// PackGapItem is a text or an attachment that is missing.
type PackGapItem struct {
	Message    localstore.MessageID
	Icon, Name string
	Of, Size   string // of an attachment, the mail it is in
}

// gapItems is how many items of a reason are shown.
const gapItems = 5

// Gaps are what is missing, by reason, unreadable mail first.
func (p *Pack) Gaps() (gaps []PackGap) {
	at := map[string]int{}
	number := map[string]int{}
	for _, texts := range []bool{true, false} {
		for _, m := range p.state.receipt.Missing {
			if (m.Part == "") != texts {
				continue
			}
			i, known := at[m.Reason]
			if !known {
				i = len(gaps)
				at[m.Reason] = i
				gaps = append(gaps, PackGap{Reason: m.Reason})
			}
			number[m.Reason]++
			if len(gaps[i].Items) < gapItems {
				gaps[i].Items = append(gaps[i].Items, gapItem(m))
			}
		}
	}
	for i := range gaps {
		n := number[gaps[i].Reason]
		gaps[i].Count = thousands(n)
		if more := n - len(gaps[i].Items); more > 0 {
			gaps[i].More = "and " + thousands(more) + " more"
		}
	}
	return gaps
}

func gapItem(m localstore.PackMissing) PackGapItem {
	subject := orElse(strings.TrimSpace(m.Subject), "(no subject)")
	item := PackGapItem{Message: m.ID, Icon: "mail", Name: subject, Size: size(m.Bytes)}
	if m.Part != "" {
		item.Icon, item.Name, item.Of = "clip", orElse(m.Name, "Part "+m.Part), subject
	}
	return item
}
