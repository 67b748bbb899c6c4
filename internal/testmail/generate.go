package testmail

import (
	"fmt"
	"iter"
	"strings"
	"time"
)

// Options says what a generated mailbox is like.
type Options struct {
	N           int
	Seed        uint64
	MeanSize    int       // of a mail without attachments in bytes; 0: 4096
	Attachments float64   // share of mails with a file
	Threads     float64   // share of mails that answer one of the 50 before them
	Charsets    bool      // some mails in the charsets of the time before UTF-8
	HTML        float64   // share of mails with an HTML alternative
	Start       time.Time // when the first mail arrived; zero: 2 January 2024
}

// Generate returns the mails of a mailbox, oldest first, all in the folder
// INBOX. Every mail is made when it is asked for: any N costs the memory of one.
func Generate(o Options) iter.Seq2[int, Mail] {
	return func(yield func(int, Mail) bool) {
		for i := range o.N {
			if !yield(i, At(o, i)) {
				return
			}
		}
	}
}

// At returns mail i of the mailbox that Generate makes; N does not matter.
func At(o Options, i int) Mail {
	if o.MeanSize == 0 {
		o.MeanSize = 4096
	}
	if o.Start.IsZero() {
		o.Start = time.Date(2024, 1, 2, 8, 0, 0, 0, time.UTC)
	}
	t := o.topic(i)
	s := newSource(o.Seed+1, uint64(i))
	l := &languages[t.language]
	sender := pick(s, l.people)
	d := draft{
		from:    person(sender, s.below(1000)),
		to:      "Robin Vale <robin@example.org>",
		subject: t.subject,
		id:      o.id(i),
		refs:    t.refs,
		date:    o.arrived(i).In(time.FixedZone("", (s.below(25)-12)*3600)),
	}
	d.received = "mail." + strings.TrimPrefix(addrOf(d.from)[strings.IndexByte(addrOf(d.from), '@'):], "@")
	if s.chance(0.2) {
		d.cc = person(pick(s, l.people), s.below(1000)) + ", " + person(pick(s, languages[0].people), s.below(1000))
	}
	if o.Charsets && l.encoding != nil && s.chance(0.5) {
		d.charset, d.encode = l.charset, l.encode
	}
	// Sizes as they are in mailboxes: most small, a few large.
	size := o.MeanSize / 4
	switch n := s.below(100); {
	case n < 8:
		size = o.MeanSize * 4
	case n < 40:
		size = o.MeanSize
	}
	d.text = l.greeting + ",\n\n" + l.paragraphs(s, max(40, size/2)) + l.bye + "\n" + strings.ReplaceAll(sender, "_", " ") + "\n"
	if s.chance(o.HTML) {
		d.html = asHTML(d.text)
	}
	if s.chance(o.Attachments) {
		d.files = append(d.files, attachment(s, o.MeanSize))
	}
	m := Mail{Folder: "INBOX", Arrived: o.arrived(i), Raw: d.bytes()}
	for _, f := range []struct {
		flag  string
		share float64
	}{{`\Seen`, 0.8}, {`\Answered`, 0.15}, {`\Flagged`, 0.05}, {"$Forwarded", 0.03}} {
		if s.chance(f.share) {
			m.Flags = append(m.Flags, f.flag)
		}
	}
	return m
}

// topic is what a mail inherits from the one it answers.
type topic struct {
	language int
	subject  string
	refs     []string
}

func (o *Options) topic(i int) topic {
	s := newSource(o.Seed, uint64(i))
	answers := i > 0 && s.chance(o.Threads)
	if answers {
		parent := max(0, i-1-s.below(50))
		t := o.topic(parent)
		t.refs = append(t.refs, o.id(parent))
		if len(t.refs) > 12 {
			t.refs = t.refs[len(t.refs)-12:]
		}
		if !strings.HasPrefix(t.subject, "Re: ") {
			t.subject = "Re: " + t.subject
		}
		return t
	}
	t := topic{}
	if s.chance(0.5) {
		t.language = s.below(len(languages))
	}
	l := &languages[t.language]
	t.subject = strings.TrimSuffix(l.sentence(s, 2+s.below(5)), l.stop)
	return t
}

func (o *Options) id(i int) string {
	return fmt.Sprintf("%016x.%d@mail.example", newSource(o.Seed+2, uint64(i)).next(), i)
}

// arrived rises with i, some minutes at a time.
func (o *Options) arrived(i int) time.Time {
	return o.Start.Add(time.Duration(i)*7*time.Minute + time.Duration(newSource(o.Seed+3, uint64(i)).below(400))*time.Second)
}

// person makes an address of "First_Last"; n tells namesakes apart.
func person(name string, n int) string {
	local := strings.ToLower(strings.Map(func(r rune) rune {
		if r < 0x80 && r != '_' {
			return r
		}
		return -1
	}, name))
	return fmt.Sprintf("%s <%s%d@%s.example>", strings.ReplaceAll(name, "_", " "), local, n, [...]string{"fournier", "harbour", "north", "post", "tide"}[n%5])
}

func asHTML(text string) string {
	var b strings.Builder
	b.WriteString("<html><head><style>p { font-family: sans-serif }</style></head><body>\n")
	for _, p := range strings.Split(strings.TrimSpace(text), "\n\n") {
		b.WriteString("<p>" + strings.ReplaceAll(p, "\n", "<br>\n") + "</p>\n")
	}
	b.WriteString("</body></html>\n")
	return b.String()
}

func attachment(s *source, mean int) file {
	n := 500 + s.below(mean*16)
	switch s.below(4) {
	case 0:
		return pdf(fmt.Sprintf("report-%d.pdf", s.below(1000)), n, "Report")
	case 1:
		return archive(fmt.Sprintf("files-%d.zip", s.below(1000)), n, "a.bin", "b.bin")
	case 2:
		return picture(fmt.Sprintf("photo-%d.png", s.below(1000)), 80, 60, s.next())
	}
	return file{"Größe – 見積.bin", "application/octet-stream", s.bytes(n)}
}
