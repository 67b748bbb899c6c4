package netconn

import (
	"fmt"
	"strings"
	"sync"
	"sync/atomic"

	"paquebot.app/internal/fault"
	"paquebot.app/localstore"
)

// greetingLimit is how much of a greeting is kept to tell what answers.
const greetingLimit = 64

// Another returns a fault with cause Settings where the greeting that was read
// is not one of the protocol that the connection was dialled for but of another
// one that Paquebot speaks: the port is wrong. Else it is nil. Whoever cannot
// make sense of a greeting asks it before he blames the server.
func (c *Conn) Another() error {
	greeting := c.first.text()
	spoken := speaks(greeting)
	if spoken == "" || spoken == c.protocol {
		return nil
	}
	return wrongPort(c.protocol, spoken, c.server, strings.TrimSpace(greeting))
}

func wrongPort(want, spoken Protocol, s localstore.Server, words string) error {
	return settings(fmt.Sprintf("%s does not speak %s on port %d, it answers as %s server: is this the right port?",
		s.Host, names[want], s.Port, articles[spoken]), fmt.Errorf("%q", words))
}

var (
	names    = map[Protocol]string{IMAP: "IMAP", POP: "POP", SMTP: "SMTP"}
	articles = map[Protocol]string{IMAP: "an IMAP", POP: "a POP", SMTP: "an SMTP"}
)

// speaks tells a protocol by the beginning of a greeting (RFC 9051 §7.1, RFC
// 1939 §4, RFC 5321 §4.2); "" where it is none of the three.
func speaks(greeting string) Protocol {
	digits := len(greeting) > 3 && strings.Trim(greeting[:3], "0123456789") == ""
	switch {
	case strings.HasPrefix(greeting, "* "):
		return IMAP
	case strings.HasPrefix(greeting, "+OK"), strings.HasPrefix(greeting, "-ERR"):
		return POP
	case digits && strings.ContainsRune(" -", rune(greeting[3])):
		return SMTP
	}
	return ""
}

// firstLine keeps the beginning of what a server says first.
type firstLine struct {
	over atomic.Bool
	mu   sync.Mutex
	line []byte
}

// hear takes the next bytes of the server.
func (f *firstLine) hear(p []byte) {
	if f.over.Load() {
		return
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, b := range p {
		if b == '\n' || len(f.line) == greetingLimit {
			f.over.Store(true)
			return
		}
		f.line = append(f.line, b)
	}
}

func (f *firstLine) text() string {
	f.mu.Lock()
	defer f.mu.Unlock()
	return string(f.line)
}

// WantsTLS returns a fault with cause SignIn where words, with which a server
// refused a sign-in, demand a protected connection and this one has none. Else
// it is nil.
func (c *Conn) WantsTLS(words string) error {
	if c.server.Security != localstore.Plain {
		return nil
	}
	low := strings.ToLower(words)
	for _, w := range []string{"plaintext", "plain text", "cleartext", "tls", "ssl", "stls", "encrypt", "privacyrequired", "logindisabled"} {
		if strings.Contains(low, w) {
			return &fault.Error{Remedy: fault.User, Scope: fault.Account, Cause: fault.SignIn, Op: "sign in", Err: fmt.Errorf("%q", words),
				Text: c.server.Host + " takes no password over a connection that is not protected: set it to starttls or tls."}
		}
	}
	return nil
}
