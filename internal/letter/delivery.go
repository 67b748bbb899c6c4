package letter

import (
	"bytes"
	"io"
	"strings"
)

// Delivery is what a server reports of a letter that it could not deliver, or
// has (RFC 3464). Anybody can write one: it is a word, and nothing is removed or
// sent for it.
type Delivery struct {
	HeaderID   string // Message-ID of the letter it is about, without <>
	Recipients []DeliveryTo
}

// DeliveryTo is what became of the letter for one recipient.
type DeliveryTo struct {
	Address string // the one that was written to, where the report says it
	Action  string // failed, delayed, delivered, relayed, expanded; lower case
	Words   string // the last server's, or the status code
}

// Limits of a report.
const (
	mostReport     = 256 << 10 // bytes of it that are read
	mostDeliveries = 1000      // recipients of one report
)

// Delivery reads the report that a letter is; ok is false for all other letters,
// and for reports that do not say which letter they are about.
func (l *Letter) Delivery() (d Delivery, ok bool) {
	if len(l.Parts) == 0 || l.Parts[0].Type != "multipart/report" {
		return d, false
	}
	for _, i := range l.children(0) {
		p := &l.Parts[i]
		if p.Absent {
			continue
		}
		switch p.Type {
		case "message/delivery-status", "message/global-delivery-status":
			d.Recipients = append(d.Recipients, deliveries(l.head(p))...)
		case "message/rfc822", "text/rfc822-headers", "message/rfc822-headers", "message/global", "message/global-headers":
			if d.HeaderID == "" {
				h := ParseHeader(l.head(p))
				d.HeaderID = h.MessageID
			}
		}
	}
	d.Recipients = d.Recipients[:min(len(d.Recipients), mostDeliveries)]
	return d, d.HeaderID != "" && len(d.Recipients) > 0
}

// head returns the beginning of a part's content.
func (l *Letter) head(p *Part) []byte {
	b, _ := io.ReadAll(io.LimitReader(l.Open(p), mostReport))
	return b
}

// deliveries reads the groups of fields of a report: the first is about the
// letter, each other about one recipient.
func deliveries(b []byte) (all []DeliveryTo) {
	for len(b) > 0 && len(all) < mostDeliveries {
		n := headerEnd(b)
		if r, ok := deliveryTo(b[:n]); ok {
			all = append(all, r)
		}
		b = bytes.TrimLeft(b[n:], "\r\n")
	}
	return all
}

func deliveryTo(fields []byte) (r DeliveryTo, ok bool) {
	said := map[string]string{}
	eachField(fields, func(f field) {
		if _, again := said[f.name]; !again && len(f.body) < maxWords {
			said[f.name] = cut(cleanLine(decodeWords(f.value(), "")), maxID)
		}
	})
	for _, name := range [2]string{"original-recipient", "final-recipient"} {
		if a := ParseAddresses(typed(said[name])); r.Address == "" && len(a) == 1 {
			r.Address = a[0].Addr
		}
	}
	r.Action, _, _ = strings.Cut(strings.ToLower(strings.TrimSpace(said["action"])), " ")
	if r.Words = strings.Join(strings.Fields(typed(said["diagnostic-code"])), " "); r.Words == "" {
		r.Words = said["status"]
	}
	return r, r.Address != "" && r.Action != ""
}

// typed returns a value without its type: "rfc822; a@b".
func typed(s string) string {
	if _, value, ok := strings.Cut(s, ";"); ok {
		return strings.TrimSpace(value)
	}
	return s
}
