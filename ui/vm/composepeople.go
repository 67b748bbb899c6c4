package vm

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"
	"unicode"

	"paquebot.app/internal/letter"
	"paquebot.app/localstore"
)

// Completion of addresses: from how much mail, how often read again, how many
// are offered.
const (
	peopleFrom    = 1500 // messages of a folder
	peopleAgain   = 2 * time.Minute
	peopleOffered = 6
)

// Suggestion is a person whom a letter may go to.
type Suggestion struct{ Name, Address string }

// correspondents are those the user wrote to and got mail from.
type correspondents struct {
	known   []person // the likeliest first
	read    time.Time
	reading bool
}

type person struct {
	letter.Address
	words  []string // that a search may begin with, lower case
	weight int
}

// refresh reads the people again off the window's goroutine, if it is time.
func (p *correspondents) refresh(env *Env) {
	now := env.Clock.Now()
	if p.reading || !p.read.IsZero() && now.Sub(p.read) < peopleAgain {
		return
	}
	p.reading = true
	env.Go("people", func(ctx context.Context) func() {
		var mail []localstore.Correspondents
		err := env.Store.Read(ctx, func(v *localstore.View) (err error) {
			mail, err = v.Correspondents(peopleFrom)
			return err
		})
		if err != nil {
			env.Failed("people", err)
		}
		known := gather(mail)
		return func() {
			p.reading = false
			if err == nil {
				p.known, p.read = known, now
			}
		}
	})
}

// gather weighs people: whom the user wrote to counts more than who wrote.
func gather(mail []localstore.Correspondents) []person {
	by := map[string]*person{}
	add := func(field string, weight int) {
		for _, a := range letter.ParseAddresses(field) {
			if a.Addr == "" || isMachine(a.Addr) {
				continue
			}
			key := strings.ToLower(a.Addr)
			p := by[key]
			if p == nil {
				p = &person{Address: letter.Address{Addr: a.Addr}}
				by[key] = p
			}
			if name := a.Display(); p.Name == "" && name != a.Addr {
				p.Name = name
			}
			p.weight += weight
		}
	}
	for _, m := range mail {
		if m.Ours {
			add(m.Recipients, 5)
			add(m.Cc, 3)
		} else {
			add(m.Sender, 1)
		}
	}
	all := make([]person, 0, len(by))
	for _, p := range by {
		p.words = wordsOf(p.Address)
		all = append(all, *p)
	}
	slices.SortFunc(all, func(a, b person) int {
		return cmp.Or(cmp.Compare(b.weight, a.weight), strings.Compare(a.Addr, b.Addr))
	})
	return all
}

// isMachine tells an address that nobody reads.
func isMachine(address string) bool {
	local, _, _ := strings.Cut(strings.ToLower(address), "@")
	local = strings.NewReplacer("-", "", "_", "", ".", "").Replace(local)
	return strings.HasPrefix(local, "noreply") || strings.HasPrefix(local, "donotreply") || local == "mailerdaemon"
}

// wordsOf returns what typing a person's name or address may begin with.
func wordsOf(a letter.Address) []string {
	notWord := func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.IsMark(r) }
	name, addr := strings.ToLower(a.Name), strings.ToLower(a.Addr)
	words := append(strings.FieldsFunc(name, notWord), name, addr)
	_, domain, _ := strings.Cut(addr, "@")
	return append(words, append(strings.FieldsFunc(addr, notWord), domain)...)
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
	for _, p := range d.people.known {
		if !there[strings.ToLower(p.Addr)] && slices.ContainsFunc(p.words, func(w string) bool { return strings.HasPrefix(w, last) }) {
			if found = append(found, Suggestion{p.Name, p.Addr}); len(found) == peopleOffered {
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
