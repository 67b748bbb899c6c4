package testmail

import (
	"fmt"
	"strings"
	"time"
)

// orders are tickets and receipts.
func (d *demo) orders() {
	legs := []string{"Hamburg → København", "Rostock → Trelleborg", "Lübeck → Hamburg", "Hamburg → Paris Est", "Kiel → Göteborg", "Bremen → Emden", "Hamburg → Husum", "Stralsund → Berlin"}
	for i, leg := range legs {
		flags, days := "", 5+i*23
		if i == 0 {
			flags, days = "u", 0
		}
		folder := ""
		if i > 2 {
			folder = "Archive"
		}
		d.add(note{key: fmt.Sprintf("db%d", i), folder: folder, days: days, clock: "08:03", from: "Nordbahn <fahrkarten@nordbahn.example>", subj: "Your ticket: " + leg, flags: flags,
			text:  "\nBitte zeigen Sie das Ticket mit einem Lichtbildausweis vor.\nPlease show this ticket together with a photo ID.\n\n" + leg + ", second class, one adult.\nSeat reservation: coach 7, seat " + fmt.Sprint(21+i*4) + ".\n\nGute Reise!\n",
			files: []file{pdf(fmt.Sprintf("ticket-%05d.pdf", 40213+i*377), 24000+i*900, "Nordbahn", leg, "1 adult, 2nd class")}})
	}
	for i := range 12 {
		month := d.now.AddDate(0, -i-1, 0)
		flags, folder := "", "Archive"
		if i == 0 {
			flags, folder = "u", ""
		}
		d.add(note{key: fmt.Sprintf("pay%d", i), folder: folder, days: 9 + i*30, clock: "06:00", from: "Acme Payroll <no-reply@payroll.example>", flags: flags,
			subj:  "Payslip for " + month.Format("January"),
			text:  "\nYour payslip is attached as a password-protected document. The password is\nthe one you chose in the portal.\n\nPlease do not answer this letter, nobody reads it. We are sorry about that.\n",
			files: []file{pdf("payslip-"+month.Format("2006-01")+".pdf", 16000, "Acme Payroll", month.Format("January 2006"))}})
	}
}

// regular is what comes every week.
func (d *demo) regular() {
	reads := []string{
		"The ship that vanished twice", "A map of all the benches", "Why lighthouses blink", "The last telegram", "How to fold a sail", "Letters nobody sent",
		"The clock in the tide", "Bread at four in the morning", "An island with two names", "The man who counted waves", "Notes on fog", "The library under the bridge",
		"Two rivers, one word", "What the pilots know", "The colour of harbours", "A short history of knots",
	}
	openings := []string{
		"In 1872 a crew of ten left New York. What the second ship found was breakfast, still warm.",
		"Somebody sat on every bench of a town of nine thousand and wrote down the view.",
		"Each light has a rhythm of its own, and sailors once learned them like songs.",
		"It was four words long, and it had been paid for by the word.",
	}
	for i, t := range reads {
		flags, folder := "", ""
		if i == 1 {
			flags = "u"
		}
		if i > 3 {
			folder = "Archive"
		}
		d.add(note{key: fmt.Sprintf("read%d", i), folder: folder, days: 3 + i*7, clock: "08:00", from: "The Sunday Long Read <hello@longread.example>", subj: t, flags: flags,
			list: "longread.example", text: t + "\n\n" + openings[i%4] + "\n\nRead on: https://longread.example/" + fmt.Sprint(240-i) + "\n",
			html:   newsletter("The Sunday Long Read", "#7a4b2a", t, []string{openings[i%4], openings[(i+1)%4] + " That is another story, and we tell it next week."}, "https://longread.example/"+fmt.Sprint(240-i)),
			inline: ptr(picture("logo.png", 120, 40, uint64(50+i%3)))})
	}
	boats := []string{"a fresh wind from the west, all boats as planned", "fog in the morning, the first boat leaves when it can be seen", "the 14.20 is replaced by the old Seagull, without café", "high water, please use the upper gangway", "all boats as planned"}
	for i := range 20 {
		flags, folder := "", ""
		if i < 2 {
			flags = "u"
		}
		if i > 4 {
			folder = "Archive"
			if i%3 == 0 {
				folder = "Trash"
			}
		}
		d.add(note{key: fmt.Sprintf("ferry%d", i), folder: folder, days: 1 + i*4, clock: "05:30", from: "Skerry Line <timetable@skerryline.example>", flags: flags,
			subj: "Boats on " + d.day(-1-i*4).Format("Monday"), list: "skerryline.example",
			text: "\nToday: " + boats[i%len(boats)] + ".\n\nSkerry Line, pier 3\n"})
	}
	for i := range 6 {
		d.add(note{key: fmt.Sprintf("cal%d", i), folder: map[bool]string{true: "", false: "Archive"}[i < 1], days: 4 + i*14, clock: "09:00", from: hanna, subj: "Planning, every second week", flags: map[bool]string{true: "u", false: ""}[i == 0],
			text:  "\nSame place, same time, other biscuits.\n\nHanna\n",
			files: []file{invitation("Planning", "Room 2.14", d.at(0, "10:00").AddDate(0, 0, 3-i*14), time.Hour)}})
	}
}

// unsorted is what ends in Junk and Trash.
func (d *demo) unsorted() {
	for i, s := range []string{"You have won a lighthouse", "Re: your parcel of sand", "Last chance to own the moon", "Dear friend in shipping", "Cheap anchors, no questions"} {
		d.add(note{key: fmt.Sprintf("junk%d", i), folder: "Junk", days: 2 + i*5, clock: "03:33", from: fmt.Sprintf("Prize Office <win%d@prizes.example>", i), subj: s, flags: "u",
			text: "\nOpen at once.\n", html: "<p><b>" + s + "!</b></p><p><a href=\"http://prizes.example/claim?id=7\">https://bank.example/claim</a></p><img src=\"http://prizes.example/pixel.gif\" width=1 height=1>\n"})
	}
	for i, s := range []string{"Parking space 14", "Lost: one glove, left", "Found: one glove, right", "Old version of the minutes", "Test, please ignore", "Test 2, please ignore as well"} {
		d.add(note{key: fmt.Sprintf("bin%d", i), folder: "Trash", days: 11 + i*6, clock: "12:12", from: tom, subj: s, text: "\n" + s + ".\n\nTom\n"})
	}
}

// newsletter returns HTML as newsletters write it: tables in tables, a
// preheader nobody sees, a logo inside the mail and a counter outside it.
func newsletter(name, colour, title string, paragraphs []string, link string) string {
	var b strings.Builder
	fmt.Fprintf(&b, `<html><head><meta charset="utf-8"><title>%s</title><style>a{color:%s} @media(max-width:600px){.c{width:100%%}}</style></head>
<body style="margin:0;background:#f2f2f2"><div style="display:none;max-height:0;overflow:hidden">%s</div>
<table role="presentation" width="100%%"><tr><td align="center"><table class="c" width="600" style="background:#fff">
<tr><td style="padding:24px;background:%s;color:#fff"><img src="cid:logo" alt="" width="120" height="40"><br><b>%s</b></td></tr>
<tr><td style="padding:24px;font-family:Georgia,serif"><h1>%s</h1>
`, name, colour, title, colour, name, title)
	for _, p := range paragraphs {
		b.WriteString("<p>" + p + "</p>\n")
	}
	fmt.Fprintf(&b, `<p><a href="%s" style="background:%s;color:#fff;padding:10px 18px">Read on</a></p></td></tr>
<tr><td style="padding:16px;font-size:12px;color:#888">You get this because you asked for it. <a href="%s/leave">Leave</a>
<img src="https://news.example/open.gif?u=1" width="1" height="1"></td></tr></table></td></tr></table></body></html>
`, link, colour, link)
	return b.String()
}

func ptr[T any](v T) *T { return &v }
