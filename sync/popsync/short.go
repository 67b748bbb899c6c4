package popsync

import (
	"paquebot.app/localstore"
)

const (
	// slack is how many bytes, beside one for each line, the size of LIST may
	// honestly exceed what RETR brings: servers count line ends and fields of
	// their own in several ways.
	slack = 64
	// liar is how many short mails in one session show that the server's sizes
	// may mean nothing, and that a second answer will be no longer.
	liar = 3
)

// shortWhy stands in the row of a mail that came short. It is here as it came,
// is fetched again in the next session, and stays on the server until then.
const shortWhy = "It came shorter than the server announced: it stays there and is fetched again."

// short tells whether a mail ends, in good order, long before its announced
// length, and is to be fetched once more at once: a server or a filter on the
// way may have cut it. When the second answer is as short, it is stored in
// doubt. Only a second session that brings just as many bytes shows that the
// announced size is wrong.
func (p *pass) short(j *job) (again bool, err error) {
	if j.size < 0 || j.in.size+j.in.lines+slack >= j.size {
		return false, nil
	}
	if j.entry != nil && j.entry.Why == shortWhy {
		var m localstore.Message
		err := p.link.store.Read(p.ctx, func(v *localstore.View) (err error) {
			m, err = v.Message(j.entry.Message)
			return err
		})
		if err != nil || m.Size == j.in.size {
			return false, err
		}
	}
	if j.short == j.in.size || p.shorts >= liar {
		p.shorts++
		j.doubt = true
		return false, nil
	}
	j.short = j.in.size
	p.jobs = append([]*job{j}, p.jobs...)
	return true, nil
}
