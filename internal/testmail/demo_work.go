package testmail

import (
	"fmt"
	"time"
)

// workshop is a budget that several people improve.
func (d *demo) workshop() {
	const subject = "Draft budget for the spring workshop"
	d.add(note{key: "bud1", days: 9, clock: "14:03", from: tom, subj: subject, flags: "a", text: `
Robin,

here is a first draft. Room 2,400, trains 1,150, paper and pens 85, coffee
620. I know. But you have seen them drink it.

Tom
`, files: []file{{"budget.csv", "text/csv", []byte("item,euro\r\nroom,2400\r\ntrains,1150\r\npaper,85\r\ncoffee,620\r\n")}}})
	d.add(note{key: "bud2", re: []string{"bud1"}, folder: "Sent", days: 8, clock: "09:20", to: tom, subj: "Re: " + subject, text: `
> coffee 620

Could they bring their own cups? Then I would sign all of it.

Robin
`})
	d.add(note{key: "bud3", re: []string{"bud1", "bud2"}, days: 8, clock: "09:41", from: tom, subj: "Re: " + subject, text: `
>> coffee 620
>
> Could they bring their own cups?

They will bring their own cups and drink 620 euros' worth out of them.

Tom
`})
	d.add(note{key: "bud4", re: []string{"bud1", "bud2", "bud3"}, days: 7, clock: "17:12", from: priya, to: tom, cc: d.me(), subj: "Re: " + subject, text: `
Hello both,

the foundation pays rooms and trains in full if we send the draft before
the end of the month. They do not pay coffee. They never do.

Priya
`})
	d.add(note{key: "bud5", re: []string{"bud1", "bud2", "bud3", "bud4"}, folder: "Sent", days: 1, clock: "11:08", to: tom, cc: priya, subj: "Re: " + subject, text: `
Then let us hand it in tomorrow. Two small things: the trains are for three
people, and the pens were a gift last year, we still have a box.

Robin
`})
	d.add(note{key: "bud6", re: []string{"bud1", "bud2", "bud3", "bud4", "bud5"}, days: 1, clock: "15:26", from: tom, cc: priya, subj: "Re: " + subject, flags: "f", text: `
Thanks, that works. Two small changes to the coffee line, you will not even
notice them. New table attached.

Tom
`, files: []file{{"budget-2.csv", "text/csv", []byte("item,euro\r\nroom,2400\r\ntrains,1150\r\ncoffee,640\r\n")}}})

	mtg := d.at(0, "09:00").AddDate(0, 0, 5)
	d.add(note{key: "jp1", days: 5, clock: "02:30", from: yuki, subj: "資料のお礼", old: &languages[5], text: `
ヴェイル様

先日は資料をお送りいただき、ありがとうございました。
船の写真、皆で楽しく拝見しました。

田中
`})
	d.add(note{key: "jp2", days: 0, clock: "09:15", from: yuki, subj: "来週の会議について", text: `
ヴェイル様

お世話になっております。来週の火曜日の件ですが、開始を午前十時に変更して
いただけますでしょうか。会議室は二階の「かもめ」です。

よろしくお願いいたします。

田中由紀
港町文化センター
`, files: []file{invitation("会議", "港町文化センター かもめ", mtg, time.Hour)}})
	d.add(note{key: "jp3", folder: "Drafts", days: 0, clock: "09:40", to: yuki, re: []string{"jp2"}, subj: "Re: 来週の会議について", flags: "d", text: `
田中様

`})
}

// offline is a talk between people who are rarely online.
func (d *demo) offline() {
	const subject = "offline mode on the ferry"
	d.add(note{key: "off1", folder: "Sent", days: 16, clock: "20:44", to: jonas, cc: hanna, subj: subject, text: `
Jonas, Hanna,

the new boat has no network between Rostock and Trelleborg. I wrote six
letters on the way and all of them left in the harbour, in order, while I
was still looking for my shoes.

Robin
`})
	d.add(note{key: "off2", re: []string{"off1"}, days: 15, clock: "07:30", from: hanna, to: d.me(), cc: jonas, subj: "Re: " + subject, text: `
> all of them left in the harbour, in order

That is the nicest bug report I ever got. It is not even a bug.

Hanna
`})
	d.add(note{key: "off3", re: []string{"off1", "off2"}, folder: "Sent", days: 14, clock: "12:00", to: hanna, cc: jonas, subj: "Re: " + subject, text: `
I will write one about the shoes.

Robin
`})
	d.add(note{key: "off4", re: []string{"off1", "off2", "off3"}, days: 3, clock: "23:18", from: jonas, to: d.me(), cc: hanna, subj: "Re: Re: " + subject, flags: "u", text: `
I answered all of these between Rostock and Trelleborg, on the upper deck,
with the screen under my coat. The steward thinks I am a spy.

Has anybody tried what happens when one harbour has a network that answers
and says nothing? Ours does, every Tuesday.

Jonas
`})

	titles := []string{
		"Sort by arrival, not by what the sender claims", "Outbox keeps its order after a restart", "Search finds words in attachments",
		"Undo for archive", "Dark theme: links too bright", "Quoting an empty line adds a blank", "Hebrew subject cut in the list",
		"Release 0.3 milestones", "Folder names with a slash", "Drag a letter onto a folder", "Printing keeps the quotes grey",
		"Reply from the address it was sent to", "A draft should survive a power cut", "Attachment names from old clients",
		"Time zone of a sender in Nepal", "Count of unread after a move", "Typing in Japanese moves the caret", "Two accounts, one server",
	}
	for i, t := range titles {
		n := 58 - 2*i
		days, flags := i*3+2, ""
		if i == 7 {
			days, flags = 2, "u"
		}
		folder := ""
		if i > 11 {
			folder = "Archive"
		}
		key := fmt.Sprintf("issue%d", n)
		who := []string{"hanna", "jo-rs", "mikael", "tidewater"}[i%4]
		from := "Codeyard <notifications@codeyard.example>"
		subj := fmt.Sprintf("[mailboat] %s (#%d)", t, n)
		body := fmt.Sprintf("\n%s opened by @%s. Comments: %d. People waiting for it: %d.\n\nhttps://codeyard.example/mailboat/issues/%d\n\n-- \nYou get this because you watch mailboat.\n", map[bool]string{true: "Milestone", false: "Issue"}[i == 7], who, i%5, i%7, n)
		d.add(note{key: key, folder: folder, days: days + 1, clock: "13:21", from: from, subj: subj, flags: flags, list: "mailboat.codeyard.example", text: body})
		if i%3 == 0 {
			d.add(note{key: key + "a", re: []string{key}, folder: folder, days: days, clock: "16:02", from: from, subj: "Re: " + subj, list: "mailboat.codeyard.example",
				text: fmt.Sprintf("\n@%s wrote:\n\nI can see it here as well, with the newest version. A test for it is on\nthe branch `tide/%d`.\n\nhttps://codeyard.example/mailboat/issues/%d\n", who, n, n)})
		}
	}
}
