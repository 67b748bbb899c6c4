package popsync

import "fmt"

const (
	// slack is how many bytes, beside one for each line, the size of LIST may
	// honestly exceed what RETR brings: servers count line ends and fields of
	// their own in several ways.
	slack = 64
	// liar is how many short mails in one session show that a server's sizes
	// mean nothing.
	liar = 3
)

// short tells whether a mail ends, in good order, long before its announced
// length, and is to be fetched once more: a server or a filter on the way may
// have cut it. When the second answer is as short, it is kept as it came, and
// never removed from the server by itself.
func (p *pass) short(j *job) bool {
	if j.size < 0 || p.shorts >= liar || j.in.size+j.in.lines+slack >= j.size {
		return false
	}
	if j.short == j.in.size {
		p.shorts++
		j.doubt = p.shorts < liar
		return false
	}
	j.short = j.in.size
	p.jobs = append([]*job{j}, p.jobs...)
	return true
}

// doubtful says why a mail stays on the server.
func doubtful(j *job) string {
	return fmt.Sprintf("The server announced %d bytes and sent %d, twice: it stays there.", j.size, j.in.size)
}
