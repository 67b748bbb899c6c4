package testmail

import "fmt"

const (
	mum  = "Eileen Vale <eileen@vale.example>"
	ned  = "Ned Vale <ned@vale.example>"
	opal = "Opal Finch <opal@finch.example>"
)

// family is the private account: letters from home.
func (d *demo) family() {
	for i, t := range []struct{ subj, text string }{
		{"The tomatoes", "They are up. All forty of them. Your father had counted on four.\n\nWhen do you come? Bring boxes."},
		{"Your old room", "We have painted it. It is called the study now, but you can still sleep in it if you do not mind the sewing machine."},
		{"Uncle Bert's boat", "He has sold it and bought another. He says it is smaller. It is not smaller."},
		{"Rain", "Eleven days. The dog has stopped asking."},
		{"A parcel for you", "It was too big for your letter box, so it came here. It hums. I have put it in the shed."},
		{"The parcel", "It has stopped humming. We are a little sad about it."},
		{"Sunday", "Lunch at one. Ned brings the cake, so please bring a cake."},
		{"Thank you", "The book came. I read the end first, as always, and then could not stop."},
		{"Photographs", "I found the ones from the island. You are the one under the hat."},
		{"The choir", "We sing on the fourteenth. There are two altos and I am both."},
	} {
		var files []file
		if i == 8 {
			files = []file{picture("island.png", 300, 200, 61), picture("under-the-hat.png", 300, 200, 62)}
		}
		d.add(note{key: fmt.Sprintf("mum%d", i), days: 1 + i*8, clock: "19:30", from: mum, subj: t.subj, files: files, flags: map[bool]string{true: "u", false: ""}[i == 0],
			text: "\nDear Robin,\n\n" + t.text + "\n\nLove,\nMum\n"})
	}
	d.add(note{key: "ned1", days: 35, clock: "22:10", from: ned, subj: "Boiler", text: "\nIt makes the noise again. The noise like a small man with a hammer.\n\nNed\n"})
	d.add(note{key: "ned2", re: []string{"ned1"}, days: 34, clock: "08:00", from: ned, subj: "Re: Boiler", text: "\nThe plumber has been. It was a small man with a hammer, in the flat above.\n\nNed\n"})
	d.add(note{key: "ned3", days: 3, clock: "23:02", from: ned, subj: "Can I borrow the tent", flags: "u", text: "\nThe large one. And the thing that goes with it. And, if you have it, the\nother thing.\n\nNed\n"})
	d.add(note{key: "opal1", days: 19, clock: "07:45", from: opal, subj: "The allotment gate", text: "\nNew code: the year the old pear tree was planted. If you do not know it, ask\nanybody, they will tell you the whole story.\n\nOpal\n"})
	d.add(note{key: "opal2", days: 5, clock: "07:50", from: opal, subj: "Seeds", flags: "f", text: "\nI have kept you the blue beans. They are not blue. Nobody minds.\n\nOpal\n", files: []file{{"sowing.txt", "text/plain; charset=utf-8", []byte("blue beans: May, 5 cm deep\r\nparsley: whenever, it does what it likes\r\n")}}})
}

// clubs is mail to several people.
func (d *demo) clubs() {
	books := []string{"The Salt Road", "Nine Winters", "A House by the Lock", "The Cartographer's Cat", "Low Water", "Instructions for Rain", "The Green Telephone", "Half an Island"}
	for i, b := range books {
		key := fmt.Sprintf("book%d", i)
		subj := "Book club: " + b
		d.add(note{key: key, days: 6 + i*28, clock: "18:00", from: opal, to: "bookclub@finch.example", subj: subj, list: "bookclub.finch.example",
			text: fmt.Sprintf("\nNext time we talk about \"%s\". At mine, at eight. Whoever has not\nread it brings the crisps.\n\nOpal\n", b)})
		d.add(note{key: key + "a", re: []string{key}, days: 5 + i*28, clock: "09:20", from: "Sam Whitlock <sam@whitlock.example>", to: "bookclub@finch.example", subj: "Re: " + subj, list: "bookclub.finch.example",
			text: "\nI bring the crisps.\n\nSam\n"})
		if i%2 == 0 {
			d.add(note{key: key + "b", re: []string{key, key + "a"}, days: 5 + i*28, clock: "11:11", from: "Ruth Abel <ruth@abel.example>", to: "bookclub@finch.example", subj: "Re: " + subj, list: "bookclub.finch.example",
				text: "\n> I bring the crisps.\n\nThen I can say what I think of the ending.\n\nRuth\n"})
		}
	}
	for i := range 8 {
		d.add(note{key: fmt.Sprintf("choir%d", i), days: 4 + i*14, clock: "16:16", from: "Harbour Choir <choir@harbourchoir.example>", to: "singers@harbourchoir.example", subj: fmt.Sprintf("Rehearsal %d", 24-i), list: "singers.harbourchoir.example",
			text:  "\nWe begin at bar 40 and hope for the best. Tenors, please count.\n",
			files: []file{pdf(fmt.Sprintf("score-%d.pdf", 24-i), 30000, "Harbour Choir", "Sea Song")}})
	}
}

// newsletters is what a private account collects.
func (d *demo) newsletters() {
	boxes := []string{"leeks, apples, and a beetroot with a face", "the first rhubarb", "spinach, and more spinach", "potatoes with names", "strawberries, if you hurry", "courgettes; please take a second box", "plums from the old wall", "pumpkins, bring a friend"}
	for i := range 26 {
		what := boxes[i%len(boxes)]
		d.add(note{key: fmt.Sprintf("farm%d", i), days: 2 + i*7, clock: "17:00", from: "Long Acre Farm <box@longacre.example>", subj: "In your box: " + what, flags: map[bool]string{true: "u", false: ""}[i == 0],
			list: "longacre.example", text: "This week: " + what + ".\n\nhttps://longacre.example/box\n",
			html:   newsletter("Long Acre Farm", "#3c6e3c", "In your box", []string{"This week: " + what + ".", "Please put the empty box by the gate on Thursday. The hens say thank you."}, "https://longacre.example/box"),
			inline: ptr(picture("logo.png", 120, 40, 77))})
	}
	winds := []string{"West 4 bis 5, See 1 Meter, einzelne Schauer", "Südwest 6, in Böen 8, bitte festmachen", "schwachwindig, Nebelfelder bis zum Mittag", "Nordost 3, Sonne, gute Sicht bis nach Dänemark", "Nord 5, später abnehmend, kalt, aber schön"}
	for i := range 24 {
		d.add(note{key: fmt.Sprintf("see%d", i), days: 1 + i*3, clock: "05:00", from: "Seewetter Fehmarn <wetter@seewetter.example>", subj: "Seewetter für " + []string{"heute", "heute und morgen", "das Wochenende"}[i%3], list: "seewetter.example",
			text: "\nGuten Morgen,\n\n" + winds[i%len(winds)] + ".\n\nSeewetter Fehmarn\n"})
	}
	lessons := []string{"le subjonctif, sans douleur", "au marché", "écrire une lettre", "les faux amis", "raconter un voyage en mer", "le petit pain et la boulangère", "se plaindre poliment", "chanter, pourquoi pas"}
	for i, l := range lessons {
		d.add(note{key: fmt.Sprintf("cours%d", i), days: 4 + i*7, clock: "20:15", from: "Zoé Lefèvre <zoe@coursdusoir.example>", to: "eleves@coursdusoir.example", subj: fmt.Sprintf("Cours n° %d : %s", 18-i, l), list: "eleves.coursdusoir.example",
			text: "\nBonjour à toutes et à tous,\n\njeudi, nous parlerons de ceci : " + l + ". Apportez un stylo\net une histoire vraie.\n\nZoé\n", files: []file{pdf(fmt.Sprintf("cours-%d.pdf", 18-i), 14000, "Cours du soir", fmt.Sprintf("Lecon %d", 18-i))}})
	}
	stalls := []string{"Duas cadeiras, uma mesa, meia história", "Um rádio que só apanha o passado", "Azulejos azuis, onze iguais e um não", "A bicicleta do carteiro"}
	for i, s := range stalls {
		d.add(note{key: fmt.Sprintf("feira%d", i), days: 14 + i*21, clock: "09:30", from: "Feira da Ladra <novas@feira.example>", subj: s, list: "feira.example",
			text: "\n" + s + ". Sábado, das seis às cinco, faça chuva ou faça sol.\n"})
	}
	for i := range 12 {
		d.add(note{key: fmt.Sprintf("lib%d", i), days: 3 + i*16, clock: "06:15", from: "Town Library <library@town.example>", subj: "Two books are due on " + d.day(4-i*16).Format("Monday"),
			text: "\nPlease bring them back, or tell us how they end.\n\nTown Library\nhttps://library.town.example/my\n"})
	}
	for i := range 10 {
		d.add(note{key: fmt.Sprintf("bank%d", i), days: 12 + i*30, clock: "04:00", from: "Tide Bank <statements@tidebank.example>", subj: "Your statement for " + d.now.AddDate(0, -i-1, 0).Format("January"),
			text:  "\nYour statement is attached. There is nothing unusual in it.\n\nWe never ask for your password by mail.\n",
			files: []file{pdf(fmt.Sprintf("statement-%s.pdf", d.now.AddDate(0, -i-1, 0).Format("2006-01")), 12000, "Tide Bank", "Statement")}})
	}
	for i, s := range []string{"A walk with the harbour master", "New in the cabinet: forty knots", "The packet boat model is back", "Evening opening", "Children steer the museum"} {
		d.add(note{key: fmt.Sprintf("mus%d", i), days: 8 + i*31, clock: "10:00", from: "Harbour Museum <news@harbourmuseum.example>", subj: s, list: "harbourmuseum.example",
			text: s + "\n\nhttps://harbourmuseum.example/\n", html: newsletter("Harbour Museum", "#274c77", s, []string{"Saturday at three, by the old crane. No booking, sensible shoes.", "Members bring one person who did not want to come."}, "https://harbourmuseum.example/"),
			inline: ptr(picture("logo.png", 120, 40, 91))})
	}
}
