package imapsync

import (
	"bytes"
	"slices"
	"testing"

	"github.com/emersion/go-imap/v2"

	"paquebot.app/internal/fakeserver"
	"paquebot.app/internal/fakeserver/fakeimap"
	"paquebot.app/localstore"
)

// filingProvider is a user of a provider that files what goes out through it.
func filingProvider(t *testing.T) *harness {
	h := newHarness(t)
	h.server = fakeimap.Start(t, h.world, fakeimap.Options{Also: []string{"X-GM-EXT-1"}})
	h.account.IMAP.Port = h.server.Port()
	h.account.SMTP = localstore.Server{Host: "smtp.gmail.com", Port: 465, User: "anna"}
	h.write(func(tx *localstore.Tx) error { return tx.SetAccount(h.account) })
	h.pass()
	return h
}

// sends sends letter i, of which a copy is to be put into Sent.
func (h *harness) sends(i int) {
	h.Helper()
	c := h.content(mail(i))
	h.write(func(tx *localstore.Tx) error {
		n, err := tx.Queue(localstore.NewLetter{Account: h.account.ID, Content: c, EnvelopeFrom: "anna@example.org", Recipients: []string{"tom@bannister.example"}})
		if err != nil {
			return err
		}
		if err := tx.LetterSending(n, c); err != nil {
			return err
		}
		if err := tx.LetterDot(n, h.clock.Now(), nil); err != nil {
			return err
		}
		if err := tx.LetterSent(n, h.clock.Now(), "250 ok"); err != nil {
			return err
		}
		return tx.LetterFiled(n, true)
	})
}

// TestSentMailThatTheProviderFilesIsNotDoubled, though it does so only later.
func TestSentMailThatTheProviderFilesIsNotDoubled(t *testing.T) {
	h := filingProvider(t)
	h.sends(7)
	h.pass()
	if got := h.onServer("Sent"); len(got) != 0 {
		t.Errorf("we did not wait: %q", got)
	}
	h.user.Mailbox("Sent").Append(bytes.Clone(mail(7)), fakeserver.Epoch, `\Seen`)
	h.pass()
	h.clock.Advance(filedWithin)
	h.pass()
	if got := h.onServer("Sent"); !slices.Equal(got, []string{`letter 7 \Seen`}) {
		t.Errorf("on the server: %q", got)
	}
	if m := h.messages("Sent"); len(m) != 1 || m[0].Where != localstore.WhereBoth || len(h.pendings()) != 0 {
		t.Errorf("here: %+v, pending %+v", m, h.pendings())
	}
}

// TestSentMailThatTheProviderDoesNotFileIsFiled by us, a little later.
func TestSentMailThatTheProviderDoesNotFileIsFiled(t *testing.T) {
	h := filingProvider(t)
	h.sends(7)
	h.pass()
	p := h.pendings()
	if len(p) != 1 || p[0].Attempts != 0 || !p[0].NotBefore.After(h.clock.Now()) {
		t.Fatalf("pending %+v", p)
	}
	h.clock.Advance(filedWithin)
	h.pass()
	if got := h.onServer("Sent"); !slices.Equal(got, []string{`letter 7 \Seen`}) || len(h.pendings()) != 0 {
		t.Errorf("on the server: %q, pending %+v", got, h.pendings())
	}
}

func TestWhoFilesSentMail(t *testing.T) {
	google := imap.CapSet{"X-GM-EXT-1": {}}
	for _, c := range []struct {
		in, out string
		caps    imap.CapSet
		want    bool
	}{
		{"imap.gmail.com", "smtp.gmail.com", nil, true},
		{"imap.example.org", "smtp-relay.gmail.com", google, true},
		{"imap.gmail.com", "mail.example.org", google, false},
		{"outlook.office365.com", "smtp.office365.com", nil, true},
		{"imap.notgmail.com", "smtp.notgmail.com", nil, false},
		{"imap.fastmail.com", "smtp.fastmail.com", nil, false},
	} {
		a := localstore.Account{IMAP: localstore.Server{Host: c.in}, SMTP: localstore.Server{Host: c.out}}
		if got := filesSent(a, c.caps); got != c.want {
			t.Errorf("%s and %s: %v", c.in, c.out, got)
		}
	}
}

// TestFoldersThatShowOthersMailAreNotRead until somebody opens them.
func TestFoldersThatShowOthersMailAreNotRead(t *testing.T) {
	h := newHarness(t)
	h.user.Create("Starred", `\Flagged`)
	h.deliver("Starred", 0, 2)
	h.pass()
	if n := len(h.messages("Starred")); n != 0 {
		t.Errorf("%d messages", n)
	}
	h.write(func(tx *localstore.Tx) error { return tx.OpenFolder(h.folder("Starred")) })
	h.pass()
	if n := len(h.messages("Starred")); n != 2 {
		t.Errorf("%d messages after it was opened", n)
	}
}
