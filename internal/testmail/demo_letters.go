package testmail

import "fmt"

// letters are single letters and short talks in many languages.
func (d *demo) letters() {
	d.add(note{key: "cena1", days: 1, clock: "13:40", from: carmen, subj: "Invitación: cena el viernes", text: `
Hola, Robin:

¿vienes el viernes? Estamos preparando arroz con cosas, como siempre: nadie
sabe todavía con qué cosas. A las nueve, y trae a quien quieras.

Un abrazo,
Carmen
`})
	d.add(note{key: "cena2", re: []string{"cena1"}, folder: "Sent", days: 1, clock: "14:10", to: carmen, subj: "Re: Invitación: cena el viernes", text: `
¡Claro que sí! I bring the wine and somebody who can name the things.

Robin
`})
	d.add(note{key: "cena3", re: []string{"cena1", "cena2"}, days: 0, clock: "07:12", from: carmen, subj: "Re: Invitación: cena el viernes", flags: "u", text: `
Perfecto. Ya somos once. Trae también una silla.

Carmen
`})
	d.add(note{key: "ar1", days: 6, clock: "11:05", from: layla, subj: "صور من الميناء", text: `
مرحبا روبن،

أرسل لك صورة من الميناء القديم كما وعدتك. الطقس جميل هذا الأسبوع والسفن
كثيرة. متى تأتي لزيارتنا؟

مع التحية،
ليلى
`, files: []file{picture("الميناء.png", 240, 160, 11)}})
	d.add(note{key: "ar2", re: []string{"ar1"}, days: 2, clock: "18:45", from: layla, subj: "Re: صور من الميناء", flags: "u", text: `
نسيت أن أكتب: العبّارة إلى الجزيرة تغادر كل يوم سبت في الساعة 9:30.

ليلى
`})
	d.add(note{key: "he1", days: 12, clock: "08:50", from: noa, subj: "הרשימה לסדנה", text: `
שלום רובין,

מצורפת הרשימה המעודכנת: 14 משתתפים, שניים צמחונים ואחד שלא שותה קפה.
נתראה בליסבון!

נועה
`, files: []file{{"participants.csv", "text/csv", []byte("name,coffee\r\nNoa,yes\r\nRobin,yes\r\nTom,yes yes\r\n")}}})
	d.add(note{key: "fr1", days: 10, clock: "17:33", from: "Étienne Marchand <etienne@marchand.example>", subj: "Le vieux moteur, encore", old: &languages[1], text: `
Bonjour Robin,

le moteur est réparé, ou presque : il démarre, il tourne, et puis il
réfléchit. J'ai changé le filtre et la courroie. Venez l'écouter samedi, à
marée haute.

À bientôt,
Étienne
`})
	d.add(note{key: "fr2", folder: "Sent", re: []string{"fr1"}, days: 10, clock: "19:00", to: "Étienne Marchand <etienne@marchand.example>", subj: "Re: Le vieux moteur, encore", text: `
Cher Étienne,

je viens samedi, avec des oreilles et une bougie neuve.

Robin
`})
	d.add(note{key: "de1", days: 13, clock: "10:10", from: "Käthe Brückner <kaethe@brueckner.example>", subj: "Schlüssel für das Bootshaus", old: &languages[2], text: `
Lieber Robin,

der Schlüssel hängt jetzt nicht mehr am Haken, weil der Haken nicht mehr
hängt. Er liegt bei mir in der Küche, in der Dose mit den Möwen drauf.

Viele Grüße
Käthe
`})
	d.add(note{key: "it1", days: 22, clock: "12:48", from: "Paolo Ferri <paolo@ferri.example>", subj: "La mappa del porto", text: `
Ciao Robin,

ho trovato la mappa del 1911. È grande come il tavolo, quindi l'ho
fotografata in quattro pezzi. I pezzi non combaciano: credo sia colpa del
tavolo.

Paolo
`, files: []file{picture("mappa-1.png", 200, 140, 21), picture("mappa-2.png", 200, 140, 22), picture("mappa-3.png", 200, 140, 23), picture("mappa-4.png", 200, 140, 24)}})
	d.add(note{key: "ru1", days: 27, clock: "09:02", from: "Ольга Воронова <olga@voronova.example>", subj: "Перевод статьи", old: &languages[4], text: `
Здравствуйте, Робин!

Перевод готов. Слово "paquebot" я оставила как есть: у нас нет второго
такого слова, и первое тоже красивое.

С уважением,
Ольга Воронова
`})
	d.add(note{key: "ph1", days: 20, clock: "20:20", from: priya, subj: "Photos from the weekend", flags: "f", text: `
Here they are. In the second one you can see the heron, if you believe me
that it is a heron.

Priya
`, files: []file{picture("lake.png", 360, 240, 31), picture("heron-perhaps.png", 360, 240, 32)}})
	d.add(note{key: "ph2", re: []string{"ph1"}, folder: "Sent", days: 20, clock: "21:00", to: priya, subj: "Re: Photos from the weekend", text: `
It is a heron. It may also be a post. Thank you for both.

Robin
`})
	d.add(note{key: "aud1", days: 18, clock: "08:30", from: "Nora Quinn <nora@harbourmuseum.example>", subj: "Your talk on ship mail", flags: "a", text: `
Dear Robin,

we would love to have your talk on letters posted at sea in our autumn
programme: forty minutes, a good lamp, and a model of a packet boat that
you may touch.

Nora Quinn
Harbour Museum
`})
	d.add(note{key: "aud2", re: []string{"aud1"}, folder: "Sent", days: 17, clock: "09:00", to: "Nora Quinn <nora@harbourmuseum.example>", subj: "Re: Your talk on ship mail", text: `
Dear Nora,

with pleasure, and I will try not to touch the model more than twice.

A short text for the programme: "A letter posted on board travelled with
the ship and was handed in at the next port, stamped paquebot. Nobody knew
when that would be. It arrived all the same."

Robin
`})
	d.add(note{key: "aud3", re: []string{"aud1", "aud2"}, days: 16, clock: "10:30", from: "Nora Quinn <nora@harbourmuseum.example>", subj: "Re: Your talk on ship mail", text: `
That goes on the poster as it stands.

Nora
`, files: []file{pdf("programme-autumn.pdf", 52000, "Harbour Museum", "Letters posted at sea")}})

	for i, t := range []struct{ subj, text string }{
		{"Room 2.14 is yours", "The room is booked from nine to five. The window opens, the blind does not."},
		{"Projector: where is it?", "If you have the projector, please say so. If you do not have it, please say who has."},
		{"Kitchen rota", "This week it is Tom. Last week it was also Tom. We are looking into it."},
		{"New key cards on Monday", "The old ones stop working at noon. Bring yours, we need the little hooks."},
		{"Fire drill on Wednesday", "At eleven. Please be surprised."},
		{"Bicycle cellar", "Three bicycles without an owner will be given to the school on Friday."},
		{"Plants", "Whoever waters the fern: so does everybody else."},
		{"The lift is back", "It stops at every floor again, also when nobody asks it to."},
		{"Printer on the second floor", "It prints on both sides now. It cannot be talked out of it."},
		{"Summer closing", "The house is closed for two weeks in August. Post is kept in the red box."},
	} {
		folder, flags := "Archive", ""
		if i < 3 {
			folder = ""
		}
		if i == 0 {
			flags = "u"
		}
		d.add(note{key: fmt.Sprintf("house%d", i), folder: folder, days: 7 + 9*i, clock: "09:05", from: "House Office <office@example.org>",
			to: "everybody@example.org", subj: t.subj, flags: flags, list: "everybody.example.org", text: "\n" + t.text + "\n\nRuth Abel\nHouse Office\n"})
	}
	d.add(note{key: "proj1", folder: "Projects", days: 30, clock: "15:00", from: hanna, subj: "Notes from the planning day", text: `
Three things we agreed on:

  1. A letter that was written is never lost.
  2. A letter that was sent is sent once.
  3. Lunch is at half past twelve.

The third is the only one nobody argued about.

Hanna
`})
	d.add(note{key: "proj2", folder: "Projects", days: 24, clock: "11:11", from: tom, subj: "Words for the first page", text: `
"Mail that works where you are." Too long? Too short? I have nine others,
all worse.

Tom
`})
	d.add(note{key: "proj3", re: []string{"proj2"}, folder: "Projects", days: 24, clock: "13:30", from: amelie, to: tom, cc: d.me(), subj: "Re: Words for the first page", text: `
Keep it. The other nine can have a page of their own.

Amélie
`})
}
