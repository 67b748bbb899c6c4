package vm

import (
	"cmp"
	"context"
	"math"
	"slices"
	"strings"
	"time"
	"unicode"

	"paquebot.app/internal/letter"
	"paquebot.app/localstore"
)

// Completion of addresses.
const (
	peopleAPage  = 2000             // mails read at once
	peopleShown  = 10               // pages after which those found are offered
	peopleAgain  = 20 * time.Second // how soon it is looked for new mail again
	peopleKept   = 20000
	peopleOften  = 180 * 24 * time.Hour // after which a letter counts half
	peopleMany   = 20                   // recipients: those of a larger circle do not know each other
	peopleOffers = 6
)

// Suggestion is a person whom a letter may go to.
type Suggestion struct{ Name, Address string }

// correspondents are those the user wrote to and got mail from, out of every
// mail on this computer: read once, and then what is new.
type correspondents struct {
	known   []person // the likeliest first
	read    time.Time
	reading bool

	// Only the goroutine that reads touches these.
	by    map[string]*person
	after localstore.ContentID // all mail up to here is counted
}

type person struct {
	letter.Address
	begins        string  // what a search may begin with, lower case, each behind a NUL
	wrote, writes float64 // letters to them and from them, newer ones for more
}

// refresh looks for new mail off the window's goroutine, if it is time.
func (p *correspondents) refresh(env *Env) {
	now := env.Clock.Now()
	if p.reading || !p.read.IsZero() && now.Sub(p.read) < peopleAgain {
		return
	}
	p.reading = true
	env.Go("people", func(ctx context.Context) func() {
		show := func(known []person) { env.Dispatch.Do(func() { p.known = known }) }
		err := p.gather(ctx, env.Store, now, show)
		if err != nil {
			env.Failed("people", err)
		}
		return func() {
			p.reading = false
			if err == nil {
				p.read = now
			}
		}
	})
}

// gather reads the mail that came since, the newest first, and shows all
// people, the likeliest first, several times while there is much of it.
func (p *correspondents) gather(ctx context.Context, store *localstore.Store, now time.Time, show func([]person)) (err error) {
	if p.by == nil {
		p.by = map[string]*person{}
	}
	newest, before := p.after, localstore.ContentID(math.MaxInt64)
	defer func() {
		if err != nil { // what was counted would be counted again
			p.by, p.after = nil, 0
		}
	}()
	for page := 0; ; page++ {
		ours := map[string]bool{}
		var mail []localstore.Correspondents
		err = store.Read(ctx, func(v *localstore.View) error {
			accounts, err := v.Accounts()
			for _, a := range accounts {
				ours[strings.ToLower(a.Address)] = true
			}
			if err == nil {
				mail, err = v.Correspondents(p.after, before, peopleAPage)
			}
			return err
		})
		if err != nil {
			return err
		}
		for _, m := range mail {
			p.take(m, ours, now)
			newest, before = max(newest, m.Content), m.Content
		}
		if done := len(mail) < peopleAPage; done || page%peopleShown == 0 || len(p.by) > 2*peopleKept {
			if len(mail) > 0 || page > 0 {
				show(p.ranked(now))
			}
			if done {
				p.after = newest
				return nil
			}
		}
	}
}

// worth is what a letter of a time counts. Only the proportions matter, so that
// what was added up stays right as time passes.
func worth(at time.Time) float64 {
	return math.Exp2(at.Sub(time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC)).Hours() / peopleOften.Hours())
}

// take counts the people of a mail.
func (p *correspondents) take(m localstore.Correspondents, ours map[string]bool, now time.Time) {
	switch {
	case m.Date.After(now):
		m.Date = now // whoever lies about the time does not come first
	case m.Date.IsZero():
		m.Date = now.AddDate(-1, 0, 0)
	}
	w := worth(m.Date)
	from := letter.ParseAddresses(m.Sender)
	to, cc := letter.ParseAddresses(m.Recipients), letter.ParseAddresses(m.Cc)
	if m.Ours || len(from) > 0 && ours[strings.ToLower(from[0].Addr)] {
		p.count(to, func(q *person) { q.wrote += 5 * w })
		p.count(cc, func(q *person) { q.wrote += 3 * w })
		return
	}
	p.count(from, func(q *person) { q.writes += w })
	if len(to)+len(cc) <= peopleMany {
		p.count(append(to, cc...), func(q *person) { q.writes += w / 8 })
	}
}

func (p *correspondents) count(list []letter.Address, f func(*person)) {
	for _, a := range list {
		if a.Addr == "" || isMachine(a.Addr) {
			continue
		}
		key := strings.ToLower(a.Addr)
		q := p.by[key]
		if q == nil {
			q = &person{Address: letter.Address{Addr: a.Addr}}
			p.by[key] = q
		}
		if name := a.Display(); q.Name == "" && name != a.Addr {
			q.Name, q.begins = name, ""
		}
		f(q)
	}
}

// ranked returns the people, the likeliest first, and forgets those beyond
// peopleKept. Whom the user writes to counts more than who writes, however
// often.
func (p *correspondents) ranked(now time.Time) []person {
	one := worth(now)
	score := func(q *person) float64 { return q.wrote + min(q.writes, q.wrote+one/2) }
	all := make([]*person, 0, len(p.by))
	for _, q := range p.by {
		all = append(all, q)
	}
	slices.SortFunc(all, func(a, b *person) int {
		return cmp.Or(cmp.Compare(score(b), score(a)), strings.Compare(a.Addr, b.Addr))
	})
	if len(all) > peopleKept {
		for _, q := range all[peopleKept:] {
			delete(p.by, strings.ToLower(q.Addr))
		}
		all = all[:peopleKept]
	}
	known := make([]person, len(all))
	for i, q := range all {
		if q.begins == "" {
			q.begins = beginsOf(q.Address)
		}
		known[i] = *q
	}
	return known
}

// isMachine tells an address that nobody reads.
func isMachine(address string) bool {
	local, _, _ := strings.Cut(strings.ToLower(address), "@")
	local = strings.NewReplacer("-", "", "_", "", ".", "").Replace(local)
	return strings.HasPrefix(local, "noreply") || strings.HasPrefix(local, "donotreply") || local == "mailerdaemon"
}

// beginsOf returns what typing a person's name or address may begin with.
func beginsOf(a letter.Address) string {
	notWord := func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.IsMark(r) }
	name, addr := strings.ToLower(a.Name), strings.ToLower(a.Addr)
	words := append(strings.FieldsFunc(name, notWord), name, addr)
	_, domain, _ := strings.Cut(addr, "@")
	words = append(words, append(strings.FieldsFunc(addr, notWord), domain)...)
	return "\x00" + strings.Join(words, "\x00")
}

// Suggest returns people whose name or address begins with what is being
// typed last in a field of addresses.
func (d *Desk) Suggest(typed string) []Suggestion {
	head, last := lastAddress(typed)
	last = strings.ToLower(strings.TrimLeft(strings.TrimSpace(last), `"`))
	if last == "" {
		return nil
	}
	there := map[string]bool{}
	for _, a := range letter.ParseAddresses(head) {
		there[strings.ToLower(a.Addr)] = true
	}
	var found []Suggestion
	begin := "\x00" + last
	for i := range d.people.known {
		if p := &d.people.known[i]; strings.Contains(p.begins, begin) && !there[strings.ToLower(p.Addr)] {
			if found = append(found, Suggestion{p.Name, p.Addr}); len(found) == peopleOffers {
				break
			}
		}
	}
	if len(found) == 1 && strings.EqualFold(found[0].Address, last) {
		return nil
	}
	return found
}

// lastAddress parts a list of addresses before the one that is being typed.
func lastAddress(typed string) (head, last string) {
	quoted, at := false, 0
	for i, r := range typed {
		switch {
		case r == '"':
			quoted = !quoted
		case (r == ',' || r == ';') && !quoted:
			at = i + 1
		}
	}
	return typed[:at], typed[at:]
}
