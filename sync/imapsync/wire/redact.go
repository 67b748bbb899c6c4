package wire

import (
	"bytes"
	"encoding/base64"
	"strings"
)

const (
	hidden       = "<hidden>"
	shortSecret  = 4       // a secret shorter than this is not looked for in the server's words
	maxSecretLen = 8 << 10 // bytes of a literal or line that are looked at
)

// redactor keeps secrets out of traces, errors and events. It learns them from
// what goes out: LOGIN's arguments and every SASL answer.
type redactor struct {
	secrets []string
	taken   []byte // LOGIN's arguments so far, literals in place
}

// line returns an outgoing line of c as it may be shown.
func (d *redactor) line(c *command, line string) string {
	switch c.name {
	case "LOGIN":
		d.take([]byte(line))
		d.take([]byte("\r\n"))
		if strings.HasPrefix(line, c.tag+" ") {
			return c.tag + " LOGIN " + hidden
		}
		return hidden
	case "AUTHENTICATE":
		f := strings.Fields(line)
		if len(f) >= 3 && f[0] == c.tag {
			if len(f) > 3 {
				d.sasl(f[3])
				return strings.Join(f[:3], " ") + " " + hidden
			}
			return strings.Join(f, " ")
		}
		d.sasl(line)
		return hidden
	}
	return clean(d.hide(line[:min(len(line), 8*maxRaw)]), maxRaw)
}

// literal takes bytes of an outgoing literal; they are never shown.
func (d *redactor) literal(b []byte) {
	if len(d.taken) > 0 {
		d.take(b)
	}
}

func (d *redactor) take(b []byte) {
	d.taken = append(d.taken, b[:min(len(b), maxSecretLen)]...)
}

// end learns LOGIN's password when the command is out as a whole.
func (d *redactor) end(c *command) {
	if c.name == "LOGIN" && len(d.taken) > 0 {
		if vs, err := newParser(d.taken, 1).loginValues(); err == nil && len(vs) > 3 {
			d.learn(vs[3].b)
		}
		d.taken = nil
	}
}

// loginValues reads a command, in which an end of line is no end.
func (p *parser) loginValues() ([]value, error) {
	p.b = bytes.TrimRight(p.b, "\r\n")
	return p.values()
}

// sasl learns what is in an answer: PLAIN's password, XOAUTH2's and
// OAUTHBEARER's token, or all of it.
func (d *redactor) sasl(answer string) {
	raw, err := base64.StdEncoding.DecodeString(answer)
	if err != nil {
		return
	}
	if len(answer) >= shortSecret {
		d.secrets = append(d.secrets, answer)
	}
	if _, token, ok := bytes.Cut(raw, []byte("Bearer ")); ok {
		token, _, _ = bytes.Cut(token, []byte{1})
		d.learn(token)
		return
	}
	d.learn(raw[bytes.LastIndexByte(raw, 0)+1:])
}

func (d *redactor) learn(secret []byte) {
	if len(secret) < shortSecret {
		return
	}
	d.secrets = append(d.secrets, string(secret), base64.StdEncoding.EncodeToString(secret))
}

// hide takes every secret out of s, in whatever case it comes.
func (d *redactor) hide(s string) string {
	for _, secret := range d.secrets {
		for from := 0; ; {
			i := indexFold(s[from:], secret)
			if i < 0 {
				break
			}
			s = s[:from+i] + hidden + s[from+i+len(secret):]
			from += i + len(hidden)
		}
	}
	return s
}

// indexFold is strings.Index regardless of the case of ASCII letters.
func indexFold(s, sub string) int {
	for i := 0; i+len(sub) <= len(s); i++ {
		if foldByte(s[i]) == foldByte(sub[0]) && strings.EqualFold(s[i:i+len(sub)], sub) {
			return i
		}
	}
	return -1
}

func foldByte(ch byte) byte {
	if ch >= 'A' && ch <= 'Z' {
		return ch + 'a' - 'A'
	}
	return ch
}
