package outgoing

import (
	"regexp"
	"strings"
	"time"

	"paquebot.app/internal/letter"
	"paquebot.app/internal/richtext"
	"paquebot.app/localstore"
)

// Paras returns what a composer shows: own words, and below them what is
// quoted, folded.
func (w Writing) Paras() []*richtext.Para {
	paras := w.own()
	if w.Quote == "" {
		return paras
	}
	hidden := append([]*richtext.Para{{}}, richtext.FromText(w.Quote)...) // opened, it stands apart
	return append(paras, richtext.NewFold(hidden, About(w.Quote)))
}

// own returns the person's own words.
func (w Writing) own() []*richtext.Para {
	if w.HTML != "" {
		if paras := richtext.FromHTML(w.HTML); len(paras) > 0 {
			return paras
		}
	}
	return richtext.FromText(w.Text)
}

// SetParas takes what a composer shows. A Fold at its end is the quote; where it
// is kept, the one that Paras returned, Quote stays as it is.
func (w *Writing) SetParas(paras []*richtext.Para, kept *richtext.Para) {
	own, last := paras, len(paras)-1
	for last >= 0 && len(paras[last].Text) == 0 {
		last--
	}
	if last < 0 || paras[last].Kind != richtext.Fold {
		w.Quote = ""
	} else {
		if paras[last] != kept {
			w.Quote = strings.Trim(richtext.Text(paras[last].Hidden), "\n")
		}
		own = paras[:last]
	}
	w.Text, w.HTML = richtext.Text(own), ""
	if rich(own) {
		w.HTML = richtext.HTML(own)
	}
}

// rich tells whether paragraphs would come back otherwise from plain text.
func rich(paras []*richtext.Para) bool {
	for _, p := range paras {
		if p.Kind != richtext.Body && p.Kind != richtext.Fold {
			return true
		}
	}
	return richtext.Styled(paras)
}

// html puts the HTML into a letter from an identity, where plain text would not
// say all.
func (w Writing) html(d *letter.Draft, from localstore.Sender, picture func(Picture) letter.Attachment) {
	own := w.own()
	if w.HTML == "" || !richtext.Styled(own) {
		return
	}
	if w.Quote != "" {
		own = append(append(own, &richtext.Para{}), richtext.FromText(w.Quote)...)
	}
	if sign := letter.CleanSignature(w.Signature); sign != "" {
		signature := richtext.FromText(sign)
		if from.SignatureHTML != "" && from.Signature == w.Signature {
			signature = richtext.FromHTML(from.SignatureHTML)
		}
		own = append(append(own, richtext.FromText("\n"+signatureMark)...), signature...)
	}
	d.HTML = richtext.HTML(own)
	for _, id := range richtext.Images(own) {
		for _, p := range w.Pictures {
			if p.ContentID == id {
				d.Inline = append(d.Inline, letter.Inline{ContentID: id, Attachment: picture(p)})
			}
		}
	}
}

// Bounds of HTML that a composer goes on with; of longer ones it takes the
// text, which is never cut.
const (
	mostHTML  = 2 << 20
	mostParas = 40000
)

// signatureMark is the line above a signature (RFC 3676 §4.3).
const signatureMark = "-- "

// fromHTML takes the body of a letter that has HTML, where its own words would
// lose something as plain text. The signature of a signed one is left out.
func (w *Writing) fromHTML(source string, signed bool) {
	if source == "" || len(source) > mostHTML {
		return
	}
	paras := richtext.FromHTML(source)
	if len(paras) > mostParas {
		return
	}
	for n := len(paras) - 1; signed && n >= 0; n-- {
		if string(paras[n].Text) == signatureMark {
			paras, signed = paras[:n], false
		}
	}
	for n := len(paras); n > 0 && len(paras[n-1].Text) == 0; n-- {
		paras = paras[:n-1]
	}
	lines := make([]string, len(paras))
	for i := range paras {
		lines[i] = richtext.Text(paras[i : i+1])
	}
	at := quoteStart(lines)
	own, quote := paras[:at], paras[at:]
	for n := len(own); n > 0 && len(own[n-1].Text) == 0; n-- {
		own = own[:n-1]
	}
	if rich(own) {
		w.Text, w.HTML, w.Quote = richtext.Text(own), richtext.HTML(own), richtext.Text(quote)
	}
}

var attribution = regexp.MustCompile(`^On (.+), (.+) wrote:$`)

// About says in a few words whose the words of a quote are: "Ana Lima, 17 Nov".
// It reads the line that letter.Reply and letter.Forward put before them; "" where
// there is none.
func About(quote string) string {
	first, rest, _ := strings.Cut(quote, "\n")
	if first == forwardMark {
		if from, _, _ := strings.Cut(rest, "\n"); strings.HasPrefix(from, "From: ") {
			if a := letter.ParseAddresses(from[len("From: "):]); len(a) > 0 {
				return "Forwarded: " + a[0].Display()
			}
		}
		return "Forwarded message"
	}
	if m := attribution.FindStringSubmatch(first); m != nil {
		// The name may hold a comma; the date has one, behind the day of the week.
		when, who := m[1], m[2]
		for {
			if t, err := time.Parse("Mon, 2 January 2006 at 15:04", when); err == nil {
				return who + ", " + t.Format("2 Jan")
			}
			cut := strings.LastIndex(when, ", ")
			if cut < 0 {
				return who
			}
			when, who = when[:cut], when[cut+2:]+", "+who
		}
	}
	if who, ok := strings.CutSuffix(first, " wrote:"); ok {
		return who
	}
	return ""
}
