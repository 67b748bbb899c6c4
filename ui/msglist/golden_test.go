package msglist

import (
	"testing"

	"paquebot.app/ui/kit/kittest"
	"paquebot.app/ui/theme"
)

// letters are rows in every state, in scripts the embedded typeface has.
type letters struct{ rows []Row }

func (l letters) Len() int { return len(l.rows) + 1 }

func (l letters) Row(i int) (Row, bool) {
	if i == len(l.rows) {
		return Row{}, false
	}
	return l.rows[i], true
}

var states = letters{[]Row{
	{ID: 1, Sender: "Amélie Fournier", Subject: "Itinerary for Lisbon, 14–19 March", Preview: "Hi both, I've put the final times below. The train leaves Oriente at 9.39", Date: "10:42", Avatar: "amelie@fournier.example", Unread: true, Attachment: true, Count: 3},
	{ID: 2, Sender: "Yuki Tanaka", Subject: "Re: Draft budget for the spring workshop", Preview: "Thanks, that works.", Date: "Yesterday", Avatar: "yuki@example.org", Flagged: true, Answered: true},
	{ID: 3, Sender: "Jonas Lindqvist", Subject: "Offline mode on the ferry", Preview: "I answered all of these between Rostock and Trelleborg", Date: "Fri", Avatar: "jonas@example.org", OnItsWay: true, Forwarded: true},
	{ID: 4, Sender: "Acme Payroll", Subject: "Payslip", Preview: "Attached.", Date: "11 Nov", Avatar: "acme@example.org", LocalOnly: true, Unread: true},
}}

func TestGoldenRows(t *testing.T) {
	for name, a := range map[string]theme.Appearance{"light": theme.Light, "dark": theme.Dark} {
		for density, height := range map[Density]float32{Comfortable: 424, Cozy: 314, Compact: 184} {
			kittest.App(t, a)
			l := New(states)
			l.SetDensity(density)
			l.SetGroups([]Group{{0, "Today"}})
			w := kittest.Window(t, theme.List, 390, height, l)
			w.Canvas().Focus(l)
			l.selection.Select(0)
			l.selection.Toggle(2)
			l.byKeys = false
			l.hover = 3
			l.Refresh()
			kittest.Golden(t, name+"-"+[...]string{"comfortable", "cozy", "compact"}[density], w.Canvas().Capture())
		}
	}
}
