package netconn

import (
	"testing"

	"paquebot.app/localstore"
)

// FuzzGreeting: whatever comes first, in whatever pieces, is kept in bounds and
// taken for one protocol or none.
func FuzzGreeting(f *testing.F) {
	for _, s := range []string{"* OK ready\r\n", "+OK\r\n", "-ERR no\n", "220-mail\r\n220 x\r\n", "554 no", "220", "", "\n", "12é4"} {
		f.Add([]byte(s), 3)
	}
	f.Fuzz(func(t *testing.T, said []byte, cut int) {
		c := &Conn{protocol: POP, server: localstore.Server{Host: "pop.example", Port: 110}}
		cut = min(max(cut, 0), len(said))
		c.first.hear(said[:cut])
		c.first.hear(said[cut:])
		if n := len(c.first.text()); n > greetingLimit {
			t.Errorf("%d bytes are kept", n)
		}
		if spoken := speaks(c.first.text()); (c.Another() != nil) != (spoken == IMAP || spoken == SMTP) {
			t.Errorf("%q: %q, %v", said, spoken, c.Another())
		}
	})
}
