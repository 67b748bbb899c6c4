package submit

// keywords turns the keywords of an answer to EHLO into capitals as they pass:
// a server may write them in any case (RFC 5321 §2.4), and go-smtp knows them
// in capitals only. Parameters and other answers pass as they are. The zero
// value is at the start of a line.
type keywords struct {
	column int
	other  bool // the line is no 250, or its keyword is over
}

// raise goes over the next bytes of the server in place.
func (k *keywords) raise(p []byte) {
	for i, c := range p {
		switch {
		case c == '\n':
			*k = keywords{}
			continue
		case k.column < len("250"):
			k.other = k.other || c != "250"[k.column]
		case k.column > len("250") && !k.other:
			if c == ' ' || c == '=' {
				k.other = true
			} else if 'a' <= c && c <= 'z' {
				p[i] = c - 'a' + 'A'
			}
		}
		k.column++
	}
}
