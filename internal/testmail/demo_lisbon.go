package testmail

import (
	"fmt"
	"strings"
	"time"
)

const (
	amelie = "Amélie Fournier <amelie@fournier.example>"
	tom    = "Tom Bannister <tom@bannister.example>"
	yuki   = "田中 由紀 <yuki.tanaka@minato.example>"
	carmen = "María del Carmen Ortega <carmen@ortega.example>"
	jonas  = "Jonas Lindqvist <jonas@skagen.example>"
	priya  = "Priya Raman <priya@raman.example>"
	hanna  = "Hanna Wells <hanna@codeyard.example>"
	graca  = "Graça Almeida <graca@casadorio.example>"
	layla  = "ليلى حداد <layla@haddad.example>"
	noa    = "נועה לוי <noa@levi.example>"
)

// lisbon is the journey everybody writes about.
func (d *demo) lisbon() {
	start := d.day(11)
	for start.Weekday() != time.Thursday {
		start = start.AddDate(0, 0, 1)
	}
	end := start.AddDate(0, 0, 5)
	dates := span(start, end)
	const trip = "Projects/Lisbon trip"
	day := func(n int) string { return start.AddDate(0, 0, n).Format("Mon 2") }
	subject := "Itinerary for Lisbon, " + dates

	d.add(note{key: "lis1", folder: trip, days: 41, clock: "18:20", from: amelie, to: d.me() + ", " + tom, subj: "Lisbon in spring?", flags: "a", text: `
Dear both,

the workshop people have said yes to Lisbon. They would pay the trains, not
the pastries. Shall we go two days early and look at the boats?

Amélie
`})
	d.add(note{key: "lis2", re: []string{"lis1"}, folder: trip, days: 41, clock: "19:05", from: tom, to: amelie, cc: d.me(), subj: "Re: Lisbon in spring?", text: `
> Shall we go two days early and look at the boats?

I thought you would never ask. I can leave on Wednesday night.

Tom
`})
	d.add(note{key: "lis3", re: []string{"lis1", "lis2"}, folder: "Sent", days: 40, clock: "08:12", to: amelie, cc: tom, subj: "Re: Lisbon in spring?", text: `
Yes from me as well. I have not flown for four years and do not mean to
start, so: night train to Hendaye, and a long book.

Robin
`})
	d.add(note{key: "lis4", folder: trip, days: 33, clock: "11:31", from: graca, subj: "O quarto com vista para o rio", flags: "a", text: `
Bom dia,

o quarto do segundo andar está livre de ` + dates + `. Tem varanda e vista
para o Tejo. O pequeno-almoço é às oito; quem chega tarde encontra a chave
debaixo do vaso azul.

Com os melhores cumprimentos,
Graça Almeida
Casa do Rio
`})
	d.add(note{key: "lis5", re: []string{"lis4"}, folder: "Sent", days: 33, clock: "12:02", to: graca, subj: "Re: O quarto com vista para o rio", text: `
Dear Dona Graça,

thank you, we take it, and the room next to it for Amélie if it is free.
We arrive late, so please keep the blue pot where it is.

Robin Vale
`})
	d.add(note{key: "lis6", re: []string{"lis4", "lis5"}, folder: trip, days: 32, clock: "09:44", from: graca, subj: "Re: O quarto com vista para o rio", flags: "f", text: `
Os dois quartos estão reservados. O vaso azul fica.

Graça
`, files: []file{pdf("reserva-casa-do-rio.pdf", 21000, "Casa do Rio", "Reserva 2 quartos", dates)}})
	d.add(note{key: "lis7", folder: trip, days: 19, clock: "16:50", from: "Nordbahn <fahrkarten@nordbahn.example>", subj: "Ihre Fahrkarte: Hamburg → Hendaye", text: `
Guten Tag,

vielen Dank für Ihre Buchung. Wagen 261, Platz 43 (Fenster, Liegewagen).
Bitte zeigen Sie die Fahrkarte mit einem Lichtbildausweis vor.

Wir wünschen eine ruhige Nacht.
`, files: []file{pdf("fahrkarte-261-43.pdf", 38000, "Nordbahn", "Hamburg - Hendaye", "Wagen 261 Platz 43")}})
	d.add(note{key: "lis8", folder: trip, days: 6, clock: "21:15", from: jonas, subj: "Boats on the Tejo", flags: "u", text: `
If you only see one thing: the old varinos at Moita, on Saturday morning,
when they dry the sails. The ferry to Montijo leaves you a short walk away.

Ask for Senhor Baptista. He will say he has no time. Stay anyway.

Jonas
`, files: []file{picture("varino.png", 320, 200, 3)}})
	d.add(note{key: "lis9", folder: trip, days: 4, clock: "10:08", from: tom, to: amelie, cc: d.me(), subj: "Who carries the projector", flags: "u", text: `
I do. But then somebody else carries the adaptor, because last time in
Porto we had one of each and they did not like each other.

Tom
`})
	d.add(note{key: "lis10", re: []string{"lis9"}, folder: trip, days: 4, clock: "10:30", from: amelie, to: tom, cc: d.me(), subj: "Re: Who carries the projector", flags: "u", text: `
> somebody else carries the adaptor

Me. It is already in the bag, next to the other adaptor.

Amélie
`})
	d.add(note{key: "lis11", folder: trip, days: 2, clock: "07:55", from: "Skerry Line <timetable@skerryline.example>", subj: "Cacilhas ferry: spring timetable", flags: "u", text: `
From next week the ferry to Cacilhas leaves every twenty minutes, on
Saturdays and Sundays every half hour, the first boat at 7.10.

Bicycles travel free before ten.
`, files: []file{{"timetable.csv", "text/csv", []byte("weekday,first,last,every\r\nMon-Fri,05:40,01:20,20\r\nSat-Sun,07:10,01:20,30\r\n")}}})

	plan := []string{
		day(0) + " — arrive 16.05, check-in from 15.00",
		day(1) + " — workshop, room 2.14, nine to five",
		day(2) + " — free morning, ferry to Cacilhas at 11",
	}
	text := "Hi both,\n\nI've put the final times below. The train leaves Oriente at 9.39, so we should meet on the platform by 9.20 at the latest. Tom, could you bring the printed tickets? The machines were out of order last time and the queue at the counter was long.\n\n" +
		"  • " + strings.Join(plan, "\n  • ") + "\n\nI will be on the ferry without a signal until Thursday evening, but I'll read everything you send before then and my answers will go out when we land.\n\nAmélie\n"
	var html strings.Builder
	html.WriteString("<html><body><p>Hi both,</p><p>I've put the final times below. The train leaves Oriente at <b>9.39</b>, so we should meet on the platform by 9.20 at the latest. Tom, could you bring the printed tickets? The machines were out of order last time and the queue at the counter was long.</p><ul>")
	for _, p := range plan {
		fmt.Fprintf(&html, "<li>%s</li>", p)
	}
	html.WriteString("</ul><p>I will be on the ferry without a signal until Thursday evening, but I'll read everything you send before then and my answers will go out when we land.</p><p>Amélie</p></body></html>\n")
	d.add(note{key: "lis12", days: 0, clock: "10:42", from: amelie, to: d.me() + ", " + tom, subj: subject, flags: "u", text: text, html: html.String(),
		files: []file{
			pdf("Lisbon-itinerary.pdf", 184*1024, append([]string{subject, ""}, "Train 9.39 Oriente", "Workshop room 2.14", "Ferry to Cacilhas at 11")...),
			archive("tickets.zip", 2150*1024, "robin.pdf", "tom.pdf", "amelie.pdf"),
		}})
	d.add(note{key: "lis13", folder: "Drafts", days: 0, clock: "10:55", to: amelie, cc: tom, subj: "Re: " + subject, re: []string{"lis12"}, flags: "d", text: `
9.20 on the platform, with coffee. One question about the Saturday:

`})
}
